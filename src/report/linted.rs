//! One linted file, and the lines that its problems are about.

use std::collections::HashMap;

use ring::digest::{Context, SHA256, digest};

use super::escape::clean;
use crate::conf;
use crate::lint::{Problem, Report, Severity};
use crate::verdict::{Severities, State, worst};

/// A file with what was found in it.
#[derive(Clone, Copy, Debug)]
pub struct Linted<'a> {
    /// Its path as it was given.
    pub file: &'a str,
    /// Its bytes.
    pub source: &'a [u8],
    /// What was found.
    pub report: &'a Report,
}

/// A file that could not be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unread {
    /// Its path as it was given.
    pub file: String,
    /// Why.
    pub message: String,
}

impl Linted<'_> {
    /// Critical with a fatal problem and warning with others, unless something else was said of their codes.
    pub fn state(&self, severities: &Severities) -> State {
        let usual = |problem: &Problem| match problem.severity {
            Severity::Fatal => State::Critical,
            Severity::Warning => State::Warning,
        };
        let problems = self.report.problems.iter();
        worst(problems.map(|problem| {
            severities
                .of_problem(problem)
                .unwrap_or_else(|| usual(problem))
        }))
    }
}

/// The lines of a file as the server counts them, and as everybody else does.
pub(super) struct Lines<'a> {
    lines: Vec<(&'a [u8], u32)>,
}

impl<'a> Lines<'a> {
    pub(super) fn new(source: &'a [u8]) -> Lines<'a> {
        let mut physical = 1;
        let lines = conf::lines(source)
            .map(|line| {
                let at = physical;
                physical += u32::from(line.ends_with(b"\n"));
                (line, at)
            })
            .collect();
        Lines { lines }
    }

    /// The bytes of the server's line, without its end.
    pub(super) fn text(&self, line: u32) -> &'a [u8] {
        let at = usize::try_from(line).unwrap_or(usize::MAX).wrapping_sub(1);
        self.lines
            .get(at)
            .map_or(&[], |(text, _)| text.trim_ascii_end())
    }

    /// The number that an editor gives to the server's line: long lines are not cut there.
    pub(super) fn physical(&self, line: u32) -> u32 {
        let at = usize::try_from(line).unwrap_or(usize::MAX).wrapping_sub(1);
        self.lines.get(at).map_or(1, |(_, physical)| *physical)
    }
}

/// Fingerprints that survive moved lines: of the file, the code, the text of the line, and how many like it came before.
#[derive(Default)]
pub(super) struct Fingerprints {
    seen: HashMap<Vec<u8>, u32>,
}

impl Fingerprints {
    pub(super) fn take(&mut self, file: &str, problem: &Problem, lines: &Lines<'_>) -> String {
        let mut hash = Context::new(&SHA256);
        for part in [file.as_bytes(), problem.code.as_bytes()] {
            hash.update(part);
            hash.update(&[0]);
        }
        match problem.place() {
            Some(line) => hash.update(lines.text(line).trim_ascii()),
            None => hash.update(problem.message.as_bytes()),
        }
        let like = hash.finish().as_ref().to_vec();
        let mut hash = Context::new(&SHA256);
        hash.update(&like);
        let count = self.seen.entry(like).or_default();
        *count += 1;
        hash.update(&count.to_be_bytes());
        hex(hash.finish().as_ref())
    }

    /// The fingerprint of a file that could not be read.
    pub(super) fn of_file(file: &str) -> String {
        hex(digest(&SHA256, file.as_bytes()).as_ref())
    }
}

fn hex(digest: &[u8]) -> String {
    let digits = b"0123456789abcdef";
    digest[..16]
        .iter()
        .flat_map(|byte| [byte >> 4, byte & 15])
        .map(|digit| char::from(digits[usize::from(digit)]))
        .collect()
}

/// A path as reports want it: relative ones without a leading `./`.
pub(super) fn plain_path(file: &str) -> &str {
    let mut path = file;
    while let Some(rest) = path.strip_prefix("./") {
        path = rest.trim_start_matches('/');
    }
    path
}

/// Foreign text made harmless for terminals and for XML, which has no place for two more characters.
pub(super) fn printable(text: &str) -> String {
    clean(text).replace(['\u{fffe}', '\u{ffff}'], "\u{fffd}")
}
