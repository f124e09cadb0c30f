//! The writing room: findings → text. Nothing is judged and nothing is printed here, and every format that machines
//! read has its own frozen structs.
//!
//! A check is written in one go; a lint report file by file, so that its memory does not grow with their number:
//!
//! ```text
//! start ── add(file) ── add(file) ── … ── finish(state)
//! ```

pub mod brief;
pub mod checkmk;
pub mod codequality;
pub mod compare_brief;
pub mod compare_json;
pub mod compare_text;
pub mod compared;
pub mod conf;
pub mod escape;
pub mod json;
pub mod junit;
pub mod lint_json;
pub mod lint_text;
pub mod linted;
pub mod nagios;
pub mod outcome;
pub mod prometheus;
pub mod riemann;
pub mod sarif;
pub mod show;
pub mod status;
pub mod text;
pub mod undone;

use crate::catalogue::Release;
use crate::compare::{Comparison, Kind, Role};
use crate::lint::Problem;
use crate::order;
use crate::remedy::Fix;
use crate::verdict::{State, worst};

/// All that a check found out.
#[derive(Clone, Debug)]
pub struct Check {
    /// The worst of everything.
    pub state: State,
    /// The node; `None` where no runtime was asked.
    pub node: Option<NodeLine>,
    /// What the file was to be compared with, seen or not, in the order in which it was asked for.
    pub wanted: Vec<Wanted>,
    /// The sources in the order of the comparison's sides, the file first.
    pub sources: Vec<Source>,
    /// What differs.
    pub comparison: Comparison,
    /// What mends each difference, in the order of the differences.
    pub fixes: Vec<Vec<Fix>>,
    /// How bad each difference is, in the order of the differences.
    pub states: Vec<State>,
    /// The release that the file is read as.
    pub release: Release,
    /// The file's own problems.
    pub problems: Vec<FileProblem>,
    /// Sources that could not be seen, or not wholly.
    pub failures: Vec<Failure>,
    /// Alerts and files that could not be sent or written.
    pub undelivered: Vec<Failure>,
    /// What is worth a word and no more.
    pub notes: Vec<String>,
    /// How long it took.
    pub seconds: f64,
}

/// A problem of the file that is compared.
#[derive(Clone, Debug)]
pub struct FileProblem {
    /// The name of the file.
    pub file: String,
    /// What is wrong with it.
    pub problem: Problem,
    /// What follows for the state of the check.
    pub state: State,
}

impl FileProblem {
    /// Whether it counts, and is said whether details are wanted or not.
    pub fn is_grave(&self) -> bool {
        self.state > State::Ok
    }

    /// `aerospike.conf:17: unknown parameter …`.
    pub fn line(&self) -> String {
        let line = self.problem.line.map(|line| format!(":{line}"));
        let line = line.unwrap_or_default();
        format!("{}{line}: {}", self.file, self.problem.message)
    }
}

/// What the node says of itself.
#[derive(Clone, Debug, Default)]
pub struct NodeLine {
    /// The node id.
    pub id: String,
    /// Its build.
    pub build: String,
    /// Its edition.
    pub edition: String,
    /// The cluster's name.
    pub cluster: String,
    /// Where it was asked.
    pub host: String,
    /// Seconds since it started; `None` where it does not say.
    pub uptime: Option<u64>,
}

/// What the file was to be compared with.
#[derive(Clone, Debug)]
pub struct Wanted {
    /// What it stands for.
    pub role: Role,
    /// As the user calls it; the address of a cluster's node.
    pub name: String,
    /// Where it is a node: whether the file is that node's.
    pub is_own: bool,
}

/// A source of a check.
#[derive(Clone, Debug)]
pub struct Source {
    /// What it stands for.
    pub role: Role,
    /// As the user calls it.
    pub name: String,
    /// How many settings it says.
    pub settings: usize,
    /// The commit that GitLab served, if it said so.
    pub commit: Option<String>,
}

/// A source that could not be seen, or a report that could not be delivered.
#[derive(Clone, Debug)]
pub struct Failure {
    /// As the user calls it.
    pub source: String,
    /// Why, on one line.
    pub message: String,
}

impl Failure {
    /// Source and reason on one line; the source only once.
    pub fn line(&self) -> String {
        let message = self.message.strip_prefix('`').unwrap_or(&self.message);
        if message.starts_with(&self.source) {
            return self.message.clone();
        }
        format!("{}: {}", self.source, self.message)
    }
}

/// How many sources these are about: one that was seen in part may fail more than once.
pub(crate) fn unseen(failures: &[Failure]) -> usize {
    order::set(failures.iter().map(|one| one.source.as_str())).len()
}

impl Check {
    /// What follows from the file's own problems.
    pub fn state_of_file(&self) -> State {
        worst(self.problems.iter().map(|found| found.state))
    }

    /// How many differences there are of a kind.
    pub fn count(&self, kind: Kind) -> usize {
        self.comparison
            .differences
            .iter()
            .filter(|difference| difference.kind == kind)
            .count()
    }

    /// A node's address; the end of a path, as long as it takes to tell the source from all others; any other name.
    pub(crate) fn label<'a>(&'a self, source: &'a Source) -> &'a str {
        if let (Role::Runtime, "runtime", Some(node)) = (source.role, &*source.name, &self.node) {
            return &node.host;
        }
        if let (Role::Runtime, Some(address)) = (source.role, source.name.strip_prefix("runtime:"))
        {
            return address;
        }
        if source.name.contains("://") {
            return &source.name;
        }
        let ends = source
            .name
            .rmatch_indices('/')
            .map(|(at, _)| &source.name[at + 1..]);
        let is_like = |other: &Source, end: &str| {
            other.name == end || other.name.ends_with(&format!("/{end}"))
        };
        let alike = |end: &&str| {
            self.sources
                .iter()
                .filter(|other| is_like(other, end))
                .count()
                == 1
        };
        ends.filter(|end| !end.is_empty())
            .find(alike)
            .unwrap_or(&source.name)
    }
}
