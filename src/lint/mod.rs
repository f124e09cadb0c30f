//! Would the server start with this file? Problems in the server's order, each with a code that stays.
//!
//! ```text
//! (tree, oddities) + catalogue + release + edition ──> problems
//!
//! walk ── judge ── add, value, names, quirks   line by line, as the server reads
//!   └──── state ─ namespace                    what is remembered, and what a section's `}` checks
//! finish ── address, tls                       what is checked after the last line
//! ```
//!
//! The server stops at its first fault; all are named here, the first one where the server would name it. What only
//! the machine can tell is not judged: files, devices, interfaces, host names, ports in use, users, descriptors.

mod add;
mod address;
mod codes;
mod explain;
mod finish;
mod judge;
mod message;
mod names;
mod namespace;
mod quirks;
mod state;
mod tls;
pub mod value;
mod walk;
mod warn;

pub use codes::{Code, Explanation};
pub use value::{Fault, Value, read, read_bool, read_hex, read_integer, read_seconds, read_signed};

use crate::catalogue::{Edition, Release};
use crate::conf::{self, Oddity, Tree};
use crate::order;

/// How bad a problem is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// The server starts, but something is not as it seems.
    Warning,
    /// The server would not start.
    Fatal,
}

impl Severity {
    /// The word for it in every output of ours.
    pub fn word(self) -> &'static str {
        match self {
            Severity::Warning => "warning",
            Severity::Fatal => "fatal",
        }
    }
}

/// One problem of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// Stable, in kebab case.
    pub code: &'static str,
    /// How bad it is.
    pub severity: Severity,
    /// In house style: what was expected, what was found.
    pub message: String,
    /// The line as the server counts, from 1; `None` where the server names none.
    pub line: Option<u32>,
    /// The column in bytes from 1; 0 where there is no line.
    pub column: u32,
    /// How many bytes to underline.
    pub length: u32,
    /// Where the server names no line: the line to look at, if there is one.
    pub about: Option<u32>,
}

impl Problem {
    /// The line to show: the one that the server names, else the one to look at.
    pub fn place(&self) -> Option<u32> {
        self.line.or(self.about)
    }
}

/// What was found in one file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    /// The release that the file was judged for.
    pub release: Release,
    /// The edition that it was judged for.
    pub edition: Edition,
    /// Whether the server would start, as far as the file is concerned.
    pub starts: bool,
    /// The fatal ones in the order in which the server would meet them, then the warnings by line and column.
    pub problems: Vec<Problem>,
}

/// Judges a file as a server of this release and edition would.
pub fn problems(
    tree: &Tree<'_>,
    oddities: &[Oddity<'_>],
    release: Release,
    edition: Edition,
) -> Report {
    let found = walk::walk(tree, oddities, release, edition);
    let starts = found.fatal.is_empty();
    let mut problems = found.fatal;
    let mut warnings = found.warnings;
    order::sort_by_key(&mut warnings, |problem| {
        (problem.place().unwrap_or(u32::MAX), problem.column)
    });
    problems.append(&mut warnings);
    Report {
        release,
        edition,
        starts,
        problems,
    }
}

/// Reads and judges a file.
pub fn lint(source: &[u8], release: Release, edition: Edition) -> Report {
    let (tree, oddities) = conf::parse(source, release);
    problems(&tree, &oddities, release, edition)
}

/// What a file needs changed before an upgrade: whatever keeps `to` from starting, be it that `from` would not start
/// either, and the warnings that are new.
pub fn upgrade(source: &[u8], from: Release, to: Release, edition: Edition) -> Report {
    let before = lint(source, from, edition);
    let mut after = lint(source, to, edition);
    let known: std::collections::HashSet<_> = before.problems.iter().map(identity).collect();
    after.problems.retain(|problem| {
        problem.severity == Severity::Fatal || !known.contains(&identity(problem))
    });
    after
}

fn identity(problem: &Problem) -> (&'static str, Option<u32>, u32, Option<u32>) {
    (problem.code, problem.line, problem.column, problem.about)
}

/// What the rules write into.
#[derive(Default)]
struct Found {
    fatal: Vec<Problem>,
    warnings: Vec<Problem>,
}

/// Where a problem is.
#[derive(Clone, Copy)]
enum Place {
    /// A word: line, column, length.
    Word(u32, u32, u32),
    /// The server names no line; this one is worth a look.
    About(u32),
    /// Nowhere in the file.
    File,
}

impl Found {
    /// Whether there are more problems than anybody reads.
    fn is_crowded(&self) -> bool {
        self.fatal.len() + self.warnings.len() > names::MOST_ADVICE
    }

    fn add(&mut self, code: Code, place: Place, message: String) {
        let (line, column, length, about) = match place {
            Place::Word(line, column, length) => (Some(line), column, length, None),
            Place::About(line) => (None, 0, 0, Some(line)),
            Place::File => (None, 0, 0, None),
        };
        let severity = code.severity();
        let list = match severity {
            Severity::Fatal => &mut self.fatal,
            Severity::Warning => &mut self.warnings,
        };
        list.push(Problem {
            code: code.name(),
            severity,
            message,
            line,
            column,
            length,
            about,
        });
    }
}
