//! What `show --format conf` makes of a running server: a file with which such a server would start, and from which
//! it would not differ.

mod checked;
mod recorded;

use std::collections::BTreeMap;

use ascad::catalogue::{Edition, Release};
use ascad::compare::{self, Party, Role, Scope};
use ascad::conf::parse;
use ascad::lint;
use ascad::report::conf;
use ascad::settings::answers::{self, Hints};
use ascad::settings::tree;
use ascad::wire::Answers;

/// A recording, its server's settings as a file, and whether the server would start with it.
#[track_caller]
fn case(name: &str, recording: &BTreeMap<String, String>) {
    let mut recorded = Answers::default();
    for (command, answer) in recording {
        recorded.insert(command, answer);
    }
    let hints = Hints {
        syslog_path: Some("/dev/log".to_owned()),
        ..Hints::default()
    };
    let file = conf::conf(&answers::settle(&recorded, &hints).settings);
    let compared = recorded::compare(file.as_bytes(), recording);
    // A secret is not shown, and so not read back.
    let paths = compared
        .paths()
        .into_iter()
        .filter(|path| !path.ends_with("-password"));
    assert_eq!(
        paths.collect::<Vec<_>>(),
        Vec::<String>::new(),
        "{name}\n{file}"
    );
    let release = Release::parse(&recording["build"]).unwrap();
    let edition = Edition::parse(&recording["edition"]).unwrap();
    let report = lint::lint(file.as_bytes(), release, edition);
    assert!(report.starts, "{name}: {:?}\n{file}", report.problems);
}

#[test]
fn a_server_shown_as_a_file_is_the_same_server() {
    let mut count = 0;
    for root in [
        "fixtures/captures",
        "fixtures/scenes",
        "fixtures/enterprise",
    ] {
        for name in ["info.json", "boot.json", "after.json"] {
            for folder in recorded::folders(root, name) {
                case(
                    &folder.display().to_string(),
                    &recorded::json(&folder.join(name)),
                );
                count += 1;
            }
        }
    }
    assert!(count >= 36 + 2 * 28, "{count}");
}

/// A file of a server that starts, its settings as a file, read again.
#[track_caller]
fn reads_back(build: &str, edition: Edition, file: &str) {
    let release = Release::parse(build).unwrap();
    let settled = |source: &str| {
        let (parsed, _) = parse(source.as_bytes(), release);
        tree::settle(&parsed, release, edition)
    };
    let first = settled(file);
    let shown = conf::conf(&first);
    let again = settled(&shown);
    let parties = [(Role::File, &first), (Role::Reference, &again)]
        .map(|(role, settings)| Party { role, settings });
    let scope = Scope {
        strict: true,
        ..Scope::default()
    };
    let found = compare::compare(&parties, &scope).differences;
    assert!(found.is_empty(), "{:?}\n{shown}", found[0]);
}

/// What fuzzing found.
#[test]
fn what_a_sink_says_of_any_context_reads_back() {
    let sink = |lines: &str| format!("logging {{\nconsole {{\n{lines}\n}}\n}}\n");
    let case = |lines: &str| reads_back("8.0.0", Edition::Community, &sink(lines));
    case("context any info\ncontext hb warning");
    case("context hb warning\ncontext any info\ncontext as detail\ncontext os detail");
    case("context hb warning");
}

/// What fuzzing found.
#[test]
fn a_section_without_a_name_or_without_a_line_reads_back() {
    reads_back(
        "6.4.0",
        Edition::Community,
        "namespace\nmemory-size 1G\n}\n",
    );
    reads_back("8.0.0", Edition::Community, "namespace\ndefault-ttl 5\n}\n");
    reads_back("8.0.0", Edition::Enterprise, "network {\ntls x {\n}\n}\n");
    reads_back(
        "8.0.0",
        Edition::Enterprise,
        "xdr {\ndc a {\nnamespace b {\n}\n}\n}\n",
    );
    reads_back("8.0.0", Edition::Community, "logging {\nfile /a {\n}\n}\n");
}
