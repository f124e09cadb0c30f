//! 2,750 files with one mutation each on seven releases, judged as the community servers judged them
//! (`fixtures/verdicts/`).
#![allow(clippy::print_stdout)] // The table is for whoever runs the test.

use ascad::catalogue::{Edition, Release};
use ascad::lint::{self, Severity};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;

const VERSIONS: &[&str] = &[
    "5.7.0.31", "6.4.0.34", "7.0.0.26", "7.1.0.23", "7.2.0.17", "8.0.0.15", "8.1.2.0",
];

/// Files on which we are known to disagree, each with its reason.
const EXPLAINED: &[(&str, &str)] = &[];

#[test]
fn files_with_one_mutation_are_judged_as_the_servers_judge_them() {
    let mut wrong = Vec::new();
    let mut kinds = Vec::new();
    let (mut all, mut agreed) = (0, 0);
    println!("release      files  verdict  line");
    for version in VERSIONS {
        let release = Release::parse(version).unwrap();
        let text = std::fs::read_to_string(format!("fixtures/verdicts/{version}.jsonl")).unwrap();
        let (mut files, mut verdicts, mut lines) = (0, 0, 0);
        for line in text.lines() {
            let case: Value = serde_json::from_str(line).unwrap();
            if case["environment"].as_bool().unwrap() {
                continue;
            }
            files += 1;
            let conf = case["conf"].as_str().unwrap();
            let conf = match case["encoding"].as_str().unwrap() {
                "base64" => STANDARD.decode(conf).unwrap(),
                _ => conf.as_bytes().to_vec(),
            };
            let report = lint::lint(&conf, release, Edition::Community);
            let first = report
                .problems
                .iter()
                .find(|problem| problem.severity == Severity::Fatal);
            let starts = case["verdict"] == "accept";
            let line = case["line"].as_u64().map(|line| line as u32);
            let verdict_agrees = report.starts == starts;
            let line_agrees = starts || first.and_then(|problem| problem.line) == line;
            let agrees = verdict_agrees && line_agrees;
            let named = named_by_the_server(&case["log"]);
            let code = first.map_or("", |problem| problem.code);
            if !starts && !named.is_empty() && !named.contains(&code) {
                kinds.push(format!(
                    "{} {code}: {:?} {}",
                    case["id"], first, case["log"]
                ));
            }
            verdicts += usize::from(verdict_agrees);
            lines += usize::from(agrees);
            let id = case["id"].as_str().unwrap();
            let explained = EXPLAINED.iter().any(|(explained, _)| *explained == id);
            if !explained && !agrees {
                wrong.push(format!(
                    "{id} {} {}: {line:?} {first:?} {}",
                    case["mutation"], case["detail"], case["log"]
                ));
            }
        }
        println!("{version:<12} {files:>5} {verdicts:>8} {lines:>5}");
        all += files;
        agreed += lines;
    }
    println!("{agreed} of {all}");
    assert!(
        kinds.is_empty(),
        "{} other faults than the servers':\n{}",
        kinds.len(),
        kinds.join("\n")
    );
    assert!(
        wrong.is_empty(),
        "{} unexplained disagreements:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
    assert!(
        agreed * 1000 >= all * 995,
        "{agreed} of {all} is below 99.5 %"
    );
}

/// What the servers say, and the codes that we have for it.
const SAID: &[(&str, &[&str])] = &[
    (
        "unknown config parameter name",
        &[
            "unknown-parameter",
            "unknown-section",
            "brace-on-own-line",
            "brace-glued",
            "extra-brace",
            "glued-brace",
            "missing-brace",
            "template",
        ],
    ),
    ("enterprise-only", &["enterprise-only"]),
    ("final context missing", &["missing-brace"]),
    ("is obsolete", &["obsolete-parameter"]),
    (
        "has unknown value",
        &["bad-word", "missing-value", "template"],
    ),
    ("must specify", &["missing-value"]),
    ("must have a value", &["missing-value"]),
    ("must be an unsigned number", &["bad-number", "template"]),
    ("must be a number", &["bad-number", "template"]),
    (
        "true or false",
        &["bad-boolean", "missing-value", "template"],
    ),
    ("small enough unsigned", &["bad-seconds", "template"]),
    ("hex number", &["bad-hex", "template"]),
    (
        "overflows unsigned short",
        &["number-overflow", "out-of-bounds"],
    ),
    ("overflows", &["number-overflow"]),
    ("exact power of 2", &["not-a-power-of-2"]),
    ("can't add logging context", &["bad-log-context"]),
    ("characters long", &["name-too-long"]),
    ("duplicate namespace", &["duplicate-namespace"]),
    ("too many namespaces", &["too-many"]),
    ("namespace name too long", &["name-too-long"]),
    ("bad cluster name", &["bad-cluster-name", "name-too-long"]),
    ("can only configure one", &["duplicate-storage-engine"]),
    ("must configure non-zero 'nsup-period'", &["conflict"]),
    ("must configure", &["missing-part"]),
    ("has no devices or files", &["missing-part"]),
    ("ports configured", &["missing-part"]),
    ("no multicast groups", &["missing-part"]),
    ("Invalid", &["bad-address", "template"]),
    ("duplicate storage", &["duplicate-storage"]),
    ("no shadow", &["mixed-storage"]),
    ("can't configure", &["conflict"]),
    ("can't be bigger", &["conflict"]),
    ("may not configure both", &["conflict"]),
    ("multiple of", &["conflict"]),
    ("multicast-group not supported", &["conflict"]),
    ("'connect-timeout-ms' must be", &["conflict"]),
    ("must be", &["out-of-bounds"]),
];

fn named_by_the_server(log: &Value) -> &'static [&'static str] {
    let lines = log.as_array().into_iter().flatten();
    let said = lines
        .filter_map(Value::as_str)
        .rfind(|line| line.starts_with("CRITICAL"));
    let Some(last) = said else {
        return &[];
    };
    SAID.iter()
        .find(|(said, _)| last.contains(said))
        .map_or(&[], |(_, codes)| codes)
}
