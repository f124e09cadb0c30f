//! 312 odd files on six releases, judged as the community servers judged them (`fixtures/grammar.jsonl`).
#![allow(clippy::print_stdout)] // The table is for whoever runs the test.

use std::collections::BTreeMap;

use ascad::catalogue::{Edition, Release};
use ascad::lint::{self, Severity};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;

/// Cases that another machine would have decided otherwise, with what decided them.
const MACHINE: &[(&str, &str)] = &[
    (
        "logging file in a missing directory",
        "the directory exists or not",
    ),
    (
        "proto-fd-max above the limit of open files",
        "the limit of open files",
    ),
    ("config file is a directory", "there is no file to judge"),
    ("config file does not exist", "there is no file to judge"),
    ("x: user that does not exist", "the users of the machine"),
    (
        "x: pidfile in a missing directory",
        "the directory exists or not",
    ),
    (
        "x: work-directory that does not exist",
        "the directory exists or not",
    ),
    (
        "x: port already in use (fabric port = service port)",
        "the ports in use",
    ),
    (
        "x: enforce-best-practices true",
        "the settings of the kernel",
    ),
    (
        "without logging section (where do messages go?)",
        "the machine has no interface 10.99.99.99",
    ),
];

/// Cases whose names differ only by case or a last `;` were recorded with one file, that of the last; what was judged
/// is the word in the name.
const SHARED_FILE: &[(&str, &str)] = &[
    ("bool enable-health-check ", "enable-health-check true;"),
    ("enum heartbeat mode ", "mode MESH"),
];

#[test]
fn every_odd_file_is_judged_as_the_servers_judge_it() {
    let text = std::fs::read_to_string("fixtures/grammar.jsonl").unwrap();
    let mut table: BTreeMap<String, (usize, usize, usize)> = BTreeMap::new();
    let mut wrong = Vec::new();
    for line in text.lines() {
        let case: Value = serde_json::from_str(line).unwrap();
        let name = case["case"].as_str().unwrap();
        if MACHINE.iter().any(|(machine, _)| *machine == name) {
            continue;
        }
        for (version, server) in case["server"].as_object().unwrap() {
            let conf = conf_of(server).or_else(|| conf_of(&case)).unwrap();
            let conf = restore(name, conf);
            let release = Release::parse(version).unwrap();
            let report = lint::lint(&conf, release, Edition::Community);
            let row = table.entry(version.clone()).or_default();
            row.0 += 1;
            let first = report
                .problems
                .iter()
                .find(|problem| problem.severity == Severity::Fatal);
            let line = server["line"].as_u64().map(|line| line as u32);
            if report.starts != server["starts"].as_bool().unwrap() {
                wrong.push(format!(
                    "{version} {name}: starts, {first:?}, {}",
                    server["log"]
                ));
                continue;
            }
            row.1 += 1;
            if !report.starts && first.and_then(|problem| problem.line) != line {
                wrong.push(format!(
                    "{version} {name}: line, {first:?}, {}",
                    server["log"]
                ));
                continue;
            }
            row.2 += 1;
        }
    }
    println!("release      files  verdict  line");
    for (version, (files, verdict, line)) in &table {
        println!("{version:<12} {files:>5} {verdict:>8} {line:>5}");
    }
    assert!(
        wrong.is_empty(),
        "{} disagreements:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}

fn restore(name: &str, conf: Vec<u8>) -> Vec<u8> {
    for (prefix, recorded) in SHARED_FILE {
        let (Some(word), Ok(text)) = (name.strip_prefix(prefix), std::str::from_utf8(&conf)) else {
            continue;
        };
        let parameter = recorded.split(' ').next().unwrap();
        return text
            .replace(recorded, &format!("{parameter} {word}"))
            .into_bytes();
    }
    conf
}

fn conf_of(of: &Value) -> Option<Vec<u8>> {
    if let Some(text) = of["conf"].as_str() {
        return Some(text.as_bytes().to_vec());
    }
    STANDARD.decode(of["conf_base64"].as_str()?).ok()
}
