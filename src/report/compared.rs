//! What came of comparing many sources with each other, before it is written.

use crate::compare::Outliers;
use crate::verdict::State;

use super::Failure;

/// All that comparing many sources found out.
#[derive(Clone, Debug)]
pub struct Compared {
    /// The worst of everything.
    pub state: State,
    /// What the sources are called together.
    pub noun: Noun,
    /// The name of the cluster whose nodes they are; empty where there is none.
    pub cluster: String,
    /// The sources; the differences name them by their place here.
    pub peers: Vec<Peer>,
    /// What differs.
    pub comparison: Outliers,
    /// How bad a difference is.
    pub severity: State,
    /// Sources that could not be seen, or not wholly.
    pub failures: Vec<Failure>,
    /// Alerts and files that could not be sent or written.
    pub undelivered: Vec<Failure>,
    /// What is worth a word and no more.
    pub notes: Vec<String>,
    /// How long it took.
    pub seconds: f64,
}

/// What sources are called together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Noun {
    /// Files, pages, nodes.
    Source,
    /// The nodes of a cluster.
    Node,
}

impl Noun {
    /// The word for one.
    pub fn word(self) -> &'static str {
        match self {
            Noun::Source => "source",
            Noun::Node => "node",
        }
    }
}

/// One of many sources.
#[derive(Clone, Debug, Default)]
pub struct Peer {
    /// As the user calls it; the address of a cluster's node.
    pub name: String,
    /// Its node id, where it is a node and somebody knows.
    pub node: Option<String>,
    /// Its build, where it is a node and could be seen.
    pub build: Option<String>,
    /// Whether it could be seen.
    pub is_seen: bool,
}
