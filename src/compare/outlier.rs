//! What comes of comparing many sources: each path with its groups of sources, the larger camp first.

use std::collections::BTreeMap;

use crate::catalogue::{Context, Row};
use crate::settings::{Path, Value, Why};

use super::Skip;

/// What came of comparing many sources.
#[derive(Clone, Debug, Default)]
pub struct Outliers {
    /// Settings that two sources or more had a value for.
    pub compared: usize,
    /// Sorted by path.
    pub differences: Vec<Outlier>,
    /// Left out on purpose.
    pub skipped: Vec<(Path, Skip)>,
    /// Said by one source, while the silence of the others says nothing.
    pub open: Vec<(Path, Why)>,
    /// Unknown to the catalogue, compared as text.
    pub unknown: Vec<Path>,
    /// How often each ignore pattern matched.
    pub ignored: BTreeMap<String, usize>,
}

/// One path on which sources do not agree.
#[derive(Clone, Debug)]
pub struct Outlier {
    /// Where.
    pub path: Path,
    /// Whether a running server takes a new value.
    pub dynamic: bool,
    /// What is known of the parameter; `None` for sections, log levels and unknown names.
    pub row: Option<&'static Row>,
    /// Where the parameter stands; `None` for a section.
    pub context: Option<Context>,
    /// The larger camp first, and within it the larger group.
    pub groups: Vec<Group>,
}

/// Groups that mean the same have one camp; the largest is 0.
pub type Camp = usize;

/// Sources with one value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    /// As the first of them writes it; the default where they are silent; `None` where nothing is set or the section
    /// is missing.
    pub written: Option<String>,
    /// In canonical form.
    pub value: Option<Value>,
    /// Whether they say it.
    pub explicit: bool,
    /// Their places among the sources, in order.
    pub sources: Vec<usize>,
    /// Whom they agree with.
    pub camp: Camp,
}

impl Outlier {
    /// The camp of most: the one that is larger than every other; `None` where there is no such.
    pub fn majority(&self) -> Option<Camp> {
        let mut sizes: Vec<usize> = Vec::new();
        for group in &self.groups {
            sizes.resize(sizes.len().max(group.camp + 1), 0);
            sizes[group.camp] += group.sources.len();
        }
        match sizes.as_slice() {
            [largest, second, ..] if largest == second => None,
            _ => Some(0),
        }
    }

    /// The sources that are not with the majority, by their place; all of them where there is none.
    pub fn outliers(&self) -> Vec<usize> {
        let majority = self.majority();
        let odd = self
            .groups
            .iter()
            .filter(|group| Some(group.camp) != majority);
        let mut places: Vec<usize> = odd
            .flat_map(|group| group.sources.iter().copied())
            .collect();
        places.sort_unstable();
        places
    }
}
