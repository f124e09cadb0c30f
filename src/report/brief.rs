//! A report in a few lines: what short formats (`nagios`, `checkmk`) say of any command's report.

use std::cmp::Reverse;

use crate::compare::{Kind, Role, Side};
use crate::order;
use crate::verdict::State;

use super::compare_text::folded;
use super::escape::{clean, shortened};
use super::text::alike_sides;
use super::{Check, Source, status};

/// Longer values are cut here; `json` has them whole.
const LONGEST_VALUE: usize = 40;

/// State, status line, numbers, and one line for everything that is wrong.
#[derive(Clone, Debug)]
pub struct Brief {
    /// The worst of everything.
    pub state: State,
    /// The status line.
    pub status: String,
    /// What can be drawn as a curve; the same labels in every run.
    pub measures: Vec<Measure>,
    /// The worst first.
    pub lines: Vec<String>,
}

/// A number with its name.
#[derive(Clone, Debug)]
pub struct Measure {
    /// Letters and `-`.
    pub label: &'static str,
    /// The number.
    pub value: f64,
    /// `s` for seconds; empty for what is counted.
    pub unit: &'static str,
}

/// The kinds of difference that a check finds; the others are between several nodes.
pub const KINDS: [Kind; 5] = [
    Kind::Drifted,
    Kind::PendingRestart,
    Kind::Undeployed,
    Kind::Latent,
    Kind::Diverged,
];

impl Brief {
    /// A check in a few lines.
    pub fn of_check(check: &Check) -> Brief {
        Brief {
            state: check.state,
            status: status::line(check),
            measures: measures(check),
            lines: lines(check),
        }
    }

    /// Where there is nothing but the reason why nothing is known.
    pub fn unknown(reason: &str) -> Brief {
        Brief {
            state: State::Unknown,
            status: format!("ASCAD UNKNOWN - {}", clean(reason)),
            measures: Vec::new(),
            lines: Vec::new(),
        }
    }
}

impl Measure {
    /// So many.
    pub fn count(label: &'static str, count: usize) -> Measure {
        #[allow(clippy::cast_precision_loss)] // Nobody counts that far.
        let value = count as f64;
        let unit = "";
        Measure { label, value, unit }
    }

    /// So long.
    pub fn seconds(label: &'static str, seconds: f64) -> Measure {
        let value = super::json::rounded(seconds);
        let unit = "s";
        Measure { label, value, unit }
    }
}

fn measures(check: &Check) -> Vec<Measure> {
    let mut measures: Vec<Measure> = KINDS
        .into_iter()
        .map(|kind| Measure::count(kind.name(), check.count(kind)))
        .collect();
    measures.extend([
        Measure::count("compared", check.comparison.compared),
        Measure::count("skipped", check.comparison.skipped.len()),
        Measure::seconds("seconds", check.seconds),
    ]);
    measures
}

fn lines(check: &Check) -> Vec<String> {
    let mut lines = grave_problems(check);
    lines.extend(
        check
            .failures
            .iter()
            .map(|failure| format!("not seen: {}", failure.line())),
    );
    let undelivered = check.undelivered.iter();
    lines.extend(
        undelivered
            .map(|failure| format!("not delivered: {}: {}", failure.source, failure.message)),
    );
    let mut differences: Vec<usize> = (0..check.comparison.differences.len()).collect();
    order::sort_by_key(&mut differences, |at| Reverse(check.states[*at]));
    lines.extend(differences.into_iter().map(|at| difference(check, at)));
    lines.extend(check.notes.iter().map(|note| format!("note: {note}")));
    lines.iter().map(|line| clean(line).into_owned()).collect()
}

/// What keeps a server from starting with the file, and whatever else was said to count.
pub(super) fn grave_problems(check: &Check) -> Vec<String> {
    let grave = check.problems.iter().filter(|found| found.is_grave());
    grave
        .map(|found| format!("{}: {}", found.problem.severity.word(), found.line()))
        .collect()
}

/// `namespace.test.default-ttl drifted: file 30d, runtime 0, gitlab 30d`; of a cluster's nodes the odd ones are named:
/// `file 30d, runtime 30d on 4, runtime 0 on 10.0.0.9:3000`.
pub(super) fn difference(check: &Check, at: usize) -> String {
    let difference = &check.comparison.differences[at];
    let runtimes = alike_sides(check, difference, Role::Runtime);
    let are_many = has_many_nodes(check);
    let mut sides = Vec::new();
    for (place, source) in check.sources.iter().enumerate() {
        let alike = runtimes.iter().find(|places| places.contains(&place));
        let places = match alike {
            Some(places) if are_many && places[0] != place => continue,
            Some(places) if are_many => places.as_slice(),
            Some(_) | None => &[],
        };
        let Some(side) = difference.sides.get(place) else {
            continue;
        };
        let value = match (value_of(side), difference.context) {
            (Some(value), _) => value,
            // A section has no value; this side lacks it.
            (None, None) => "–".to_owned(),
            (None, Some(_)) => continue,
        };
        let who = match places {
            [] => String::new(),
            _ if difference.disagreeing.contains(&place) => {
                let names = places.iter().map(|at| check.sources[*at].name.as_str());
                format!(" on {}", folded(names))
            }
            _ => format!(" on {}", places.len()),
        };
        sides.push(format!("{} {value}{who}", name_of(source)));
    }
    format!(
        "{} {}: {}",
        difference.path,
        difference.kind.name(),
        sides.join(", ")
    )
}

/// Whether the file is held against several nodes.
pub(super) fn has_many_nodes(check: &Check) -> bool {
    let is_node = |source: &&Source| source.role == Role::Runtime;
    check.sources.iter().filter(is_node).nth(1).is_some()
}

fn name_of(source: &Source) -> &str {
    match source.role {
        Role::File | Role::Runtime => source.role.word(),
        Role::Reference => base_name(&source.name),
    }
}

fn base_name(name: &str) -> &str {
    match name.rsplit_once('/') {
        Some((before, base)) if !base.is_empty() && !before.contains("://") => base,
        _ => name,
    }
}

fn value_of(side: &Side) -> Option<String> {
    match (&side.written, &side.value) {
        (Some(written), _) => Some(shortened(written, LONGEST_VALUE).into_owned()),
        (None, Some(_)) => Some("(not set)".to_owned()),
        (None, None) => None,
    }
}
