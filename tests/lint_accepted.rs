//! Every recorded configuration is accepted for its own release, and the log contexts are those that servers list.

mod checked;
mod recorded;

use std::collections::BTreeSet;

use ascad::catalogue::{self, Edition, Release};
use ascad::lint;

/// The release of a recording: its answer, else the name of a folder above it.
fn release_of(folder: &std::path::Path) -> Release {
    let answered = ["info.json", "boot.json"].iter().find_map(|name| {
        let path = folder.join(name);
        path.exists()
            .then(|| recorded::json(&path)["build"].clone())
    });
    let named = folder
        .iter()
        .filter_map(|part| part.to_str())
        .find_map(Release::parse);
    answered
        .as_deref()
        .and_then(Release::parse)
        .or(named)
        .unwrap()
}

#[track_caller]
fn accepted(root: &str, name: &str) -> usize {
    let folders = recorded::folders(root, name);
    for folder in &folders {
        let path = folder.join(name);
        let source = std::fs::read(&path).unwrap();
        for edition in [Edition::Community, Edition::Enterprise] {
            let report = lint::lint(&source, release_of(folder), edition);
            assert!(
                report.starts,
                "{}: {:?}",
                path.display(),
                report.problems.first()
            );
        }
    }
    folders.len()
}

#[test]
fn recorded_servers_would_start_with_their_own_files() {
    assert!(accepted("fixtures/captures", "aerospike.conf") > 20);
    assert!(accepted("fixtures/scenes", "aerospike.conf") > 20);
    assert!(accepted("fixtures/scenes", "edited.conf") > 10);
}

#[test]
fn log_contexts_are_those_that_servers_list() {
    let mut seen = 0;
    for (root, name) in [
        ("fixtures/captures", "info.json"),
        ("fixtures/scenes", "boot.json"),
    ] {
        for folder in recorded::folders(root, name) {
            let answers = recorded::json(&folder.join(name));
            let Some(listed) = answers
                .get("log/0")
                .filter(|answer| answer.starts_with("misc:"))
            else {
                continue;
            };
            let listed: BTreeSet<&str> = listed
                .split(';')
                .filter_map(|pair| pair.split(':').next())
                .filter(|name| !name.is_empty())
                .collect();
            let known: BTreeSet<&str> = catalogue::log_contexts(release_of(&folder)).collect();
            assert_eq!(listed, known, "{}", folder.display());
            seen += 1;
        }
    }
    assert!(seen > 10);
}
