//! 312 odd files on six releases, judged as the community servers judged them (`fixtures/grammar.jsonl`).
#![allow(clippy::print_stdout)] // The table is for whoever runs the test.

mod grammar;

use std::collections::BTreeMap;

use ascad::catalogue::{Edition, Release};
use ascad::lint::{self, Severity};

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

#[test]
fn every_odd_file_is_judged_as_the_servers_judge_it() {
    let mut table: BTreeMap<String, (usize, usize, usize)> = BTreeMap::new();
    let mut wrong = Vec::new();
    grammar::for_each_server(|name, version, conf, server| {
        if MACHINE.iter().any(|(machine, _)| *machine == name) {
            return;
        }
        let release = Release::parse(version).unwrap();
        let report = lint::lint(conf, release, Edition::Community);
        let row = table.entry(version.to_owned()).or_default();
        row.0 += 1;
        let first = report
            .problems
            .iter()
            .find(|problem| problem.severity == Severity::Fatal);
        let log = &server["log"];
        if report.starts != server["starts"].as_bool().unwrap() {
            wrong.push(format!("{version} {name}: starts, {first:?}, {log}"));
            return;
        }
        row.1 += 1;
        let line = server["line"].as_u64().map(|line| line as u32);
        if !report.starts && first.and_then(|problem| problem.line) != line {
            wrong.push(format!("{version} {name}: line, {first:?}, {log}"));
            return;
        }
        row.2 += 1;
    });
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
