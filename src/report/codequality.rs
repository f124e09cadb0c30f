//! GitLab's Code Quality report: one array of issues, which the merge request shows.

use std::io::{self, Write};

use serde::Serialize;

use super::linted::{Fingerprints, Lines, Linted, Unread, plain_path};
use crate::lint::Severity;

#[derive(Serialize)]
struct Issue<'a> {
    description: &'a str,
    check_name: &'a str,
    fingerprint: String,
    severity: &'static str,
    location: Location<'a>,
}

#[derive(Serialize)]
struct Location<'a> {
    path: &'a str,
    lines: Begin,
}

#[derive(Serialize)]
struct Begin {
    begin: u32,
}

/// Writes the report file by file.
#[derive(Default)]
pub struct CodeQuality {
    has_issues: bool,
    fingerprints: Fingerprints,
}

impl CodeQuality {
    /// Begins the array.
    pub fn start(out: &mut dyn Write) -> io::Result<CodeQuality> {
        out.write_all(b"[")?;
        Ok(CodeQuality::default())
    }

    /// Adds the problems of a file.
    pub fn add(&mut self, linted: Linted<'_>, out: &mut dyn Write) -> io::Result<()> {
        if linted.report.problems.is_empty() {
            return Ok(());
        }
        let lines = Lines::new(linted.source);
        let path = plain_path(linted.file);
        for problem in &linted.report.problems {
            let issue = Issue {
                description: &problem.message,
                check_name: problem.code,
                fingerprint: self.fingerprints.take(path, problem, &lines),
                severity: match problem.severity {
                    Severity::Fatal => "blocker",
                    Severity::Warning => "minor",
                },
                location: Location {
                    path,
                    lines: Begin {
                        begin: problem.place().map_or(1, |line| lines.physical(line)),
                    },
                },
            };
            self.write(&issue, out)?;
        }
        Ok(())
    }

    /// Ends the array; a file that could not be read is an issue of its own.
    pub fn finish(mut self, unread: &[Unread], out: &mut dyn Write) -> io::Result<()> {
        for failure in unread {
            let path = plain_path(&failure.file);
            let issue = Issue {
                description: &failure.message,
                check_name: "unreadable",
                fingerprint: Fingerprints::of_file(path),
                severity: "critical",
                location: Location {
                    path,
                    lines: Begin { begin: 1 },
                },
            };
            self.write(&issue, out)?;
        }
        out.write_all(if self.has_issues { b"\n]\n" } else { b"]\n" })
    }

    fn write(&mut self, issue: &Issue<'_>, out: &mut dyn Write) -> io::Result<()> {
        out.write_all(if self.has_issues { b",\n" } else { b"\n" })?;
        self.has_issues = true;
        serde_json::to_writer(&mut *out, issue)?;
        Ok(())
    }
}
