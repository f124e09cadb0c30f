//! Files that people keep in public: every one is read, printed and read back to the same. They lie beside the
//! repository and are never copied into it; without them there is nothing to do.
#![allow(clippy::print_stdout)] // What was left out is for whoever runs the test.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use ascad::catalogue::{Edition, Release};
use ascad::conf;
use ascad::settings::answers::{self, Hints, Seen};
use ascad::settings::{Settings, Value, tree};
use ascad::wire::Answers;

const RELEASES: [Release; 4] = [
    Release::new(4, 9, 0),
    Release::new(5, 7, 0),
    Release::new(6, 4, 0),
    Release::NEWEST_KNOWN,
];

/// The folder beside this repository, or beside the one that this is a work tree of.
fn corpus() -> Option<PathBuf> {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let beside = here.join("../shared/corpus");
    let found = beside.is_dir().then_some(beside);
    if found.is_none() {
        println!("skipped: there is no ../shared/corpus");
    }
    found
}

fn files(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let mut files: Vec<_> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| {
            path.extension()
                .is_some_and(|extension| extension == "conf")
        })
        .map(|path| (path.display().to_string(), std::fs::read(&path).unwrap()))
        .collect();
    files.sort();
    files
}

#[test]
fn every_file_is_read_printed_and_read_back_to_the_same() {
    let Some(folder) = corpus() else { return };
    let files = files(&folder);
    let mut settings = 0;
    for (name, bytes) in &files {
        for release in RELEASES {
            let (tree, _) = conf::parse(bytes, release);
            let printed = conf::print(&tree);
            let (again, _) = conf::parse(&printed, release);
            assert!(tree == again, "{name} as {release}");
            assert_eq!(conf::print(&again), printed, "{name} as {release}");
            for edition in [Edition::Community, Edition::Enterprise] {
                let [one, two] =
                    [&tree, &again].map(|tree| values(&tree::settle(tree, release, edition)));
                assert_eq!(one, two, "{name} as {release}");
                settings += one.len();
            }
        }
    }
    println!("{} files, {settings} settings", files.len());
    assert_eq!(files.len(), 128);
}

fn values(settings: &Settings) -> BTreeMap<String, Value> {
    settings
        .iter()
        .map(|(path, setting)| (path.to_string(), setting.value.clone()))
        .collect()
}

/// Takes the answers out of what a tool for the enterprise edition keeps for its tests.
fn recording(folder: &Path, name: &str, release: &str) -> Answers {
    let text = std::fs::read_to_string(folder.join(name)).unwrap();
    let mut answers = Answers::default();
    answers.insert("edition", "Aerospike Enterprise Edition");
    answers.insert("build", release);
    for line in text
        .lines()
        .map(str::trim)
        .filter(|line| !line.starts_with('#'))
    {
        let found = |prefix: &str| line.strip_prefix(prefix);
        if let Some(names) = found("namespaces:") {
            answers.insert("namespaces", names);
        } else if let Some((name, pairs)) =
            found("namespace-stats:").and_then(|rest| rest.split_once(':'))
        {
            // Statistics come first, then the configuration.
            answers.insert(format!("get-config:context=namespace;id={name}"), pairs);
        } else if let Some(pairs) = found("node-configs:") {
            answers.insert("get-config:context=service", pairs);
        } else if let Some(logs) = found("logs:") {
            answers.insert("logs", logs);
        } else if let Some((_, log)) =
            found("logs-stats-passtwo:").and_then(|log| log.split_once(':'))
        {
            answers.insert("log/0", log);
        } else if let Some(pairs) = found("get-config:context=xdr:") {
            answers.insert("get-config:context=xdr", pairs);
        } else if let Some(start) = line.find("get-config:context=xdr:dcs=") {
            let pairs = &line[start + "get-config:context=xdr:".len()..];
            let pairs = pairs.split(' ').next().unwrap();
            answers.insert("get-config:context=xdr", pairs);
            if let Some((_, names)) = line.split_once("namespaces:") {
                answers.insert("namespaces", names.split(' ').next().unwrap());
            }
        } else if let Some(rest) = found("xdr-get-config:context=xdr;") {
            // The name of a data centre may hold a `:`; no parameter does before its `=`.
            let first = ["auth-mode=", "enabled="]
                .iter()
                .find_map(|name| rest.find(&format!(":{name}")));
            let Some(at) = first else { continue };
            let command = format!("get-config:context=xdr;{}", &rest[..at]);
            answers.insert(command, rest[at + 1..].trim());
        }
    }
    answers
}

fn settled(folder: &Path, name: &str, release: &str) -> Seen {
    answers::settle(&recording(folder, name, release), &Hints::default())
}

fn says(settings: &Settings, path: &str) -> Option<Value> {
    let found = settings.iter().find(|(at, _)| at.as_str() == path);
    found.map(|(_, setting)| setting.value.clone())
}

fn one(text: &str) -> Option<Value> {
    Some(Value::One(text.to_owned()))
}

fn many(words: &[&str]) -> Option<Value> {
    Some(Value::Many(
        words.iter().map(|word| (*word).to_owned()).collect(),
    ))
}

#[test]
fn the_answers_of_an_enterprise_server_are_settled_in_the_spellings_of_a_file() {
    let Some(folder) = corpus() else { return };
    let seen = settled(&folder, "enterprise-6.4.txt", "6.4.0.0-rc4");
    let settings = &seen.settings;
    let dc = "xdr.dc.backup_dc_asdev20";
    assert_eq!(
        says(settings, &format!("{dc}.node-address-port")),
        many(&["asdev20:3000"])
    );
    assert_eq!(says(settings, &format!("{dc}.period-ms")), one("100"));
    assert_eq!(says(settings, "xdr.src-id"), one("0"));
    let flash = "namespace.ns_test_on_flash.index-type";
    assert_eq!(says(settings, flash), one("flash"));
    assert_eq!(
        says(settings, &format!("{flash}.mount")),
        many(&[
            "/root/data/flash_disk_mount",
            "/root/data/flash_mount_drive_2"
        ])
    );
    assert_eq!(
        says(settings, &format!("{flash}.mounts-high-water-pct")),
        one("20")
    );
    let pmem = "namespace.pmkohl_on_device";
    assert_eq!(
        says(settings, &format!("{pmem}.storage-engine")),
        one("pmem")
    );
    assert_eq!(
        says(settings, &format!("{pmem}.storage-engine.file")),
        many(&["/root/data/pmkohl.dat"])
    );
    assert_eq!(says(settings, &format!("{pmem}.sindex-type")), one("pmem"));
    assert_eq!(says(settings, &format!("{pmem}.rack-id")), one("0"));
    assert_eq!(
        says(settings, "service.feature-key-file"),
        many(&["/etc/aerospike/features.conf"])
    );
    let names: Vec<String> = settings
        .sections()
        .map(|(path, _)| path.to_string())
        .collect();
    assert!(names.contains(&dc.to_owned()), "{names:?}");
    // None of its namespaces is enabled.
    assert!(
        !names
            .iter()
            .any(|name| name.contains("dc.backup_dc_asdev20.namespace")),
        "{names:?}"
    );

    let seen = settled(&folder, "enterprise-8.1.2.2.txt", "8.1.2.2");
    let settings = &seen.settings;
    let dc = "xdr.dc.64_asia_sng_dr_1";
    assert_eq!(
        says(settings, &format!("{dc}.node-address-port")),
        many(&["172.17.0.7:3000"])
    );
    assert_eq!(says(settings, &format!("{dc}.recovery-threads")), one("1"));
    assert_eq!(
        says(
            settings,
            &format!("{dc}.namespace.test.ship-versions-policy")
        ),
        one("latest")
    );
    assert_eq!(
        says(settings, &format!("{dc}.namespace.test.ship-set")),
        many(&[])
    );
    assert_eq!(
        says(settings, "logging.\"/var/log/aerospike.log\".xdr"),
        one("info")
    );
    let names: Vec<String> = settings
        .sections()
        .map(|(path, _)| path.to_string())
        .collect();
    assert!(names.contains(&format!("{dc}.namespace.test")), "{names:?}");
    assert!(
        names.contains(&"xdr.dc.\"172.17.0.8:8901\"".to_owned()),
        "{names:?}"
    );
    assert!(!names.contains(&format!("{dc}.namespace.bar")), "{names:?}");
}
