//! `ascad/lint/1`.

use std::io::{self, Write};

use serde::Serialize;

use super::linted::{Linted, Unread};
use crate::verdict::State;

#[derive(Serialize)]
struct File<'a> {
    file: &'a str,
    server_version: String,
    edition: String,
    starts: bool,
    problems: Vec<Problem<'a>>,
}

#[derive(Serialize)]
struct Problem<'a> {
    code: &'a str,
    severity: &'static str,
    message: &'a str,
    line: Option<u32>,
    column: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    about: Option<u32>,
}

#[derive(Serialize)]
struct Failure<'a> {
    source: &'a str,
    message: &'a str,
}

/// Writes the report file by file; `state` and `exit` come last, when they are known.
#[derive(Default)]
pub struct LintJson {
    has_files: bool,
}

impl LintJson {
    /// Begins the object.
    pub fn start(out: &mut dyn Write) -> io::Result<LintJson> {
        out.write_all(b"{\"schema\":\"ascad/lint/1\",\"files\":[")?;
        Ok(LintJson::default())
    }

    /// Adds a file.
    pub fn add(&mut self, linted: Linted<'_>, out: &mut dyn Write) -> io::Result<()> {
        let report = linted.report;
        let problems = report.problems.iter().map(|problem| Problem {
            code: problem.code,
            severity: problem.severity.word(),
            message: &problem.message,
            line: problem.line,
            column: problem.line.map(|_| problem.column),
            about: problem.about,
        });
        let file = File {
            file: linted.file,
            server_version: report.release.to_string(),
            edition: report.edition.to_string(),
            starts: report.starts,
            problems: problems.collect(),
        };
        out.write_all(if self.has_files { b",\n" } else { b"\n" })?;
        self.has_files = true;
        serde_json::to_writer(&mut *out, &file)?;
        Ok(())
    }

    /// Ends the object.
    pub fn finish(self, state: State, unread: &[Unread], out: &mut dyn Write) -> io::Result<()> {
        let failures: Vec<Failure<'_>> = unread
            .iter()
            .map(|unread| Failure {
                source: &unread.file,
                message: &unread.message,
            })
            .collect();
        out.write_all(b"],\n\"failures\":")?;
        serde_json::to_writer(&mut *out, &failures)?;
        let (name, exit) = (state.name(), state.exit_code());
        writeln!(out, ",\"state\":\"{name}\",\"exit\":{exit}}}")
    }
}
