//! The writing room: findings → text. Nothing is judged and nothing is printed here, and every format that machines
//! read has its own frozen structs.
//!
//! A check is written in one go; a lint report file by file, so that its memory does not grow with their number:
//!
//! ```text
//! start ── add(file) ── add(file) ── … ── finish(state)
//! ```

pub mod codequality;
pub mod conf;
pub mod escape;
pub mod json;
pub mod junit;
pub mod lint_json;
pub mod lint_text;
pub mod linted;
pub mod sarif;
pub mod show;
pub mod status;
pub mod text;

use crate::compare::{Comparison, Kind, Role};
use crate::lint::Problem;
use crate::remedy::Fix;
use crate::verdict::State;

/// All that a check found out.
#[derive(Clone, Debug)]
pub struct Check {
    /// The worst of everything.
    pub state: State,
    /// The node; `None` where no runtime was asked.
    pub node: Option<NodeLine>,
    /// The sources in the order of the comparison's sides, the file first.
    pub sources: Vec<Source>,
    /// What differs.
    pub comparison: Comparison,
    /// What mends each difference, in the order of the differences.
    pub fixes: Vec<Vec<Fix>>,
    /// How bad each difference is, in the order of the differences.
    pub states: Vec<State>,
    /// The files' own problems, each with the name of its file.
    pub problems: Vec<(String, Problem)>,
    /// Sources that could not be seen, or not wholly.
    pub failures: Vec<Failure>,
    /// What is worth a word and no more.
    pub notes: Vec<String>,
    /// How long it took.
    pub seconds: f64,
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

/// A source that could not be seen.
#[derive(Clone, Debug)]
pub struct Failure {
    /// As the user calls it.
    pub source: String,
    /// Why, on one line.
    pub message: String,
}

impl Check {
    /// How many differences there are of a kind.
    pub fn count(&self, kind: Kind) -> usize {
        self.comparison
            .differences
            .iter()
            .filter(|difference| difference.kind == kind)
            .count()
    }
}
