//! SARIF 2.1.0: one run, a rule for each code, a result for each problem. Columns count characters.

use std::io::{self, Write};

use serde::Serialize;

use super::linted::{Fingerprints, Lines, Linted, Unread, plain_path};
use crate::lint::{Code, Problem, Severity};

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Rule {
    id: &'static str,
    short_description: Text<'static>,
    full_description: Text<'static>,
    help: Text<'static>,
    default_configuration: Configuration,
}

#[derive(Serialize)]
struct Configuration {
    level: &'static str,
}

#[derive(Serialize)]
struct Text<'a> {
    text: &'a str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Outcome<'a> {
    rule_id: &'a str,
    rule_index: usize,
    level: &'static str,
    message: Text<'a>,
    locations: [Location<'a>; 1],
    partial_fingerprints: Fingerprint,
}

#[derive(Serialize)]
struct Fingerprint {
    #[serde(rename = "ascad/1")]
    first: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Location<'a> {
    physical_location: Physical<'a>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Physical<'a> {
    artifact_location: Artifact<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    region: Option<Region>,
}

#[derive(Serialize)]
struct Artifact<'a> {
    uri: &'a str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Region {
    start_line: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    start_column: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    end_column: Option<u32>,
}

#[derive(Serialize)]
struct Notification<'a> {
    level: &'static str,
    message: Text<'a>,
}

/// Writes the report file by file.
#[derive(Default)]
pub struct Sarif {
    has_results: bool,
    fingerprints: Fingerprints,
}

impl Sarif {
    /// Begins the run with its rules.
    pub fn start(out: &mut dyn Write) -> io::Result<Sarif> {
        let rules: Vec<Rule> = Code::ALL.iter().map(|code| rule(*code)).collect();
        out.write_all(
            b"{\"$schema\":\"https://json.schemastore.org/sarif-2.1.0.json\",\"version\":\"2.1.0\",\"runs\":[{\"tool\":{\"driver\":{\"name\":\"ascad\",\"version\":\"",
        )?;
        out.write_all(env!("CARGO_PKG_VERSION").as_bytes())?;
        out.write_all(b"\",\"informationUri\":\"")?;
        out.write_all(env!("CARGO_PKG_REPOSITORY").as_bytes())?;
        out.write_all(b"\",\"rules\":")?;
        serde_json::to_writer(&mut *out, &rules)?;
        out.write_all(b"}},\"columnKind\":\"unicodeCodePoints\",\"results\":[")?;
        Ok(Sarif::default())
    }

    /// Adds the problems of a file.
    pub fn add(&mut self, linted: Linted<'_>, out: &mut dyn Write) -> io::Result<()> {
        if linted.report.problems.is_empty() {
            return Ok(());
        }
        let lines = Lines::new(linted.source);
        let path = plain_path(linted.file);
        let uri = encode(path);
        for problem in &linted.report.problems {
            let outcome = Outcome {
                rule_id: problem.code,
                rule_index: Code::ALL
                    .iter()
                    .position(|code| code.name() == problem.code)
                    .unwrap_or_default(),
                level: level(problem.severity),
                message: Text {
                    text: &problem.message,
                },
                locations: [Location {
                    physical_location: Physical {
                        artifact_location: Artifact { uri: &uri },
                        region: region(problem, &lines),
                    },
                }],
                partial_fingerprints: Fingerprint {
                    first: self.fingerprints.take(path, problem, &lines),
                },
            };
            out.write_all(if self.has_results { b",\n" } else { b"\n" })?;
            self.has_results = true;
            serde_json::to_writer(&mut *out, &outcome)?;
        }
        Ok(())
    }

    /// Ends the run; what could not be read is said in its invocation.
    pub fn finish(self, unread: &[Unread], out: &mut dyn Write) -> io::Result<()> {
        let words: Vec<String> = unread
            .iter()
            .map(|unread| format!("{}: {}", unread.file, unread.message))
            .collect();
        let notifications: Vec<Notification<'_>> = words
            .iter()
            .map(|text| Notification {
                level: "error",
                message: Text { text },
            })
            .collect();
        let successful = unread.is_empty();
        write!(
            out,
            "],\n\"invocations\":[{{\"executionSuccessful\":{successful},\"toolExecutionNotifications\":"
        )?;
        serde_json::to_writer(&mut *out, &notifications)?;
        out.write_all(b"}]}]}\n")
    }
}

fn rule(code: Code) -> Rule {
    let explanation = code.explain();
    Rule {
        id: code.name(),
        short_description: Text {
            text: explanation.what,
        },
        full_description: Text {
            text: explanation.why,
        },
        help: Text {
            text: explanation.mend,
        },
        default_configuration: Configuration {
            level: level(code.severity()),
        },
    }
}

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Fatal => "error",
        Severity::Warning => "warning",
    }
}

fn region(problem: &Problem, lines: &Lines<'_>) -> Option<Region> {
    let line = problem.place()?;
    let start_line = lines.physical(line);
    // The tail of a cut line starts somewhere within the editor's line; its columns would lead astray.
    let cut = line > 1 && lines.physical(line - 1) == start_line;
    let columns = (problem.column > 0 && problem.length > 0 && !cut).then(|| {
        let text = lines.text(line);
        let start = usize::try_from(problem.column - 1).unwrap_or(usize::MAX);
        let end = start.saturating_add(usize::try_from(problem.length).unwrap_or(usize::MAX));
        (characters(text, start) + 1, characters(text, end) + 1)
    });
    Some(Region {
        start_line,
        start_column: columns.map(|(start, _)| start),
        end_column: columns.map(|(_, end)| end),
    })
}

/// How many characters stand before a byte.
fn characters(text: &[u8], bytes: usize) -> u32 {
    let before = String::from_utf8_lossy(&text[..bytes.min(text.len())]);
    u32::try_from(before.chars().count()).unwrap_or(u32::MAX)
}

/// A path as a URI reference.
fn encode(path: &str) -> String {
    let mut uri = String::with_capacity(path.len());
    for byte in path.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte) {
            uri.push(char::from(byte));
        } else {
            uri.push_str(&format!("%{byte:02X}"));
        }
    }
    uri
}
