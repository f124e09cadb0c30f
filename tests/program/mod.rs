//! Runs the built program as a user would, with nothing of the machine's around it.
#![allow(dead_code, unreachable_pub)] // Each test program uses its own part.

use std::process::Command;

use serde_json::Value as Json;

/// What the program printed and left with.
#[derive(Debug, PartialEq)]
pub struct Outcome {
    pub out: String,
    pub err: String,
    pub code: Option<i32>,
}

/// Runs `ascad` with these arguments in the folder of the recordings.
pub fn ascad(arguments: &[&str]) -> Outcome {
    let output = Command::new(env!("CARGO_BIN_EXE_ascad"))
        .args(arguments)
        .env_clear()
        .current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/captures"))
        .output()
        .unwrap();
    Outcome {
        out: String::from_utf8(output.stdout).unwrap(),
        err: String::from_utf8(output.stderr).unwrap(),
        code: output.status.code(),
    }
}

/// Its JSON report without the time that it took, and the exit code.
pub fn json(arguments: &[&str]) -> (Json, Option<i32>) {
    let outcome = ascad(&[arguments, &["--format", "json"]].concat());
    let mut report: Json = serde_json::from_str(&outcome.out)
        .unwrap_or_else(|error| panic!("{error}: {}{}", outcome.out, outcome.err));
    assert_eq!(report["exit"].as_i64(), outcome.code.map(i64::from));
    report.as_object_mut().unwrap().remove("seconds");
    (report, outcome.code)
}

/// `PATH: VALUE on NAMES | VALUE on NAMES …` for every difference but log levels, which are counted by sink, values
/// and names at the end.
pub fn differences(report: &Json) -> Vec<String> {
    let mut lines = Vec::new();
    let mut levels: Vec<(String, usize)> = Vec::new();
    for difference in report["differences"].as_array().unwrap() {
        let path = difference["path"].as_str().unwrap();
        let value = |value: &Json| {
            let said = value["canonical"].as_str().unwrap_or("–");
            let names = value["sources"].as_array().unwrap().iter();
            let names: Vec<&str> = names.map(|name| name.as_str().unwrap()).collect();
            format!("{said} on {}", names.join(" "))
        };
        let values: Vec<String> = difference["values"]
            .as_array()
            .unwrap()
            .iter()
            .map(value)
            .collect();
        let values = values.join(" | ");
        let sink = path
            .strip_prefix("logging.")
            .and_then(|rest| rest.rsplit_once('.'));
        let Some((sink, _)) = sink else {
            lines.push(format!("{path}: {values}"));
            continue;
        };
        let line = format!("{sink}: {values}");
        match levels.iter_mut().find(|(known, _)| *known == line) {
            Some((_, count)) => *count += 1,
            None => levels.push((line, 1)),
        }
    }
    lines.extend(
        levels
            .iter()
            .map(|(line, count)| format!("{count} levels of {line}")),
    );
    lines
}
