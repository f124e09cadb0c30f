//! JUnit: a suite for each file, a case for each problem. A fatal problem is a failure, a warning is output of a case
//! that passed; a file without problems is one case that passed.

use std::collections::BTreeMap;
use std::io::{self, Write};

use super::linted::{Lines, Linted, Unread, plain_path, printable};
use crate::lint::Severity;

/// Writes the report file by file.
#[derive(Default)]
pub struct JUnit(());

impl JUnit {
    /// Begins the document.
    pub fn start(out: &mut dyn Write) -> io::Result<JUnit> {
        out.write_all(
            b"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"ascad lint\">\n",
        )?;
        Ok(JUnit::default())
    }

    /// Adds a file.
    pub fn add(&mut self, linted: Linted<'_>, out: &mut dyn Write) -> io::Result<()> {
        let path = escape(plain_path(linted.file));
        let problems = &linted.report.problems;
        let fatal = problems
            .iter()
            .filter(|problem| problem.severity == Severity::Fatal)
            .count();
        let tests = problems.len().max(1);
        writeln!(
            out,
            "  <testsuite name=\"{path}\" tests=\"{tests}\" failures=\"{fatal}\" errors=\"0\" skipped=\"0\">"
        )?;
        if problems.is_empty() {
            writeln!(
                out,
                "    <testcase classname=\"{path}\" name=\"starts\" file=\"{path}\"/>"
            )?;
        } else {
            let lines = Lines::new(linted.source);
            let mut alike: BTreeMap<(&str, u32), usize> = BTreeMap::new();
            for problem in problems {
                let line = problem.place().map_or(1, |line| lines.physical(line));
                let message = escape(&problem.message);
                let code = problem.code;
                // Of cases with the same name GitLab shows the first only.
                let number = alike.entry((code, line)).or_default();
                *number += 1;
                let number = match number {
                    1 => String::new(),
                    number => format!(", {number}"),
                };
                writeln!(
                    out,
                    "    <testcase classname=\"{path}\" name=\"{code} (line {line}{number})\" file=\"{path}\" line=\"{line}\">"
                )?;
                match problem.severity {
                    Severity::Fatal => writeln!(
                        out,
                        "      <failure type=\"{code}\" message=\"{message}\">{path}:{line}: {message}</failure>"
                    )?,
                    Severity::Warning => {
                        writeln!(
                            out,
                            "      <system-out>{path}:{line}: {message}</system-out>"
                        )?;
                    }
                }
                writeln!(out, "    </testcase>")?;
            }
        }
        writeln!(out, "  </testsuite>")
    }

    /// Ends the document; a file that could not be read is an error.
    pub fn finish(self, unread: &[Unread], out: &mut dyn Write) -> io::Result<()> {
        for failure in unread {
            let path = escape(plain_path(&failure.file));
            let message = escape(&failure.message);
            writeln!(
                out,
                "  <testsuite name=\"{path}\" tests=\"1\" failures=\"0\" errors=\"1\" skipped=\"0\">\n    \
                 <testcase classname=\"{path}\" name=\"readable\" file=\"{path}\">\n      \
                 <error type=\"unreadable\" message=\"{message}\">{message}</error>\n    </testcase>\n  </testsuite>"
            )?;
        }
        out.write_all(b"</testsuites>\n")
    }
}

/// Text for XML 1.0, which has no control characters at all.
fn escape(text: &str) -> String {
    printable(text)
        .replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}
