//! A check, comparison by comparison: the file with the runtime, and the file with each reference. This is what
//! alerts are sent about.
//!
//! ```text
//! frc      file and runtime
//! ghc      the file of GitLab and the file
//! msc      the reference called `master` and the file
//! NAME     any other reference, or another node of the cluster, and the file
//! ```

use std::collections::BTreeMap;

use crate::compare::{Kind, Role};
use crate::verdict::{State, worst};

use super::brief::{difference, grave_problems};
use super::escape::{clean, shortened};
use super::status::{name_of, plural};
use super::{Check, Wanted};

/// Longer names are cut.
const LONGEST_NAME: usize = 60;

/// What came of one comparison.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// `frc`, `ghc`, `msc`, or what the user calls it; no other outcome has the same.
    pub name: String,
    /// What the file was compared with, as the user calls it.
    pub source: String,
    /// The commit that GitLab served, if it said so.
    pub commit: Option<String>,
    /// How bad it is.
    pub state: State,
    /// Differences by kind; `None` where the comparison could not be made.
    pub counts: Option<BTreeMap<Kind, usize>>,
    /// Line one.
    pub status: String,
    /// What is wrong, one line each.
    pub lines: Vec<String>,
}

impl Outcome {
    /// How many differences there are.
    pub fn differences(&self) -> Option<usize> {
        let counts = self.counts.as_ref()?;
        Some(counts.values().sum())
    }
}

/// One outcome for everything that the file was to be compared with.
pub fn outcomes(check: &Check) -> Vec<Outcome> {
    let has_file = check
        .sources
        .first()
        .is_some_and(|source| source.role == Role::File);
    // The sources that were seen stand in the same order as those that were wanted.
    let mut next = usize::from(has_file);
    let mut outcomes: Vec<Outcome> = Vec::new();
    for wanted in &check.wanted {
        let seen = check
            .sources
            .get(next)
            .is_some_and(|source| source.name == wanted.name);
        let at = seen.then_some(next);
        next += usize::from(seen);
        let mut outcome = match at {
            Some(at) if has_file && check.comparison.compared > 0 => made(check, wanted, at),
            Some(_) | None => not_made(check, wanted),
        };
        outcome.name = unique(short_name(wanted, outcome.commit.as_deref()), &outcomes);
        outcomes.push(outcome);
    }
    outcomes
}

fn made(check: &Check, wanted: &Wanted, at: usize) -> Outcome {
    let mut counts = BTreeMap::new();
    let mut states = Vec::new();
    let mut lines = grave_problems(check);
    states.push(check.state_of_file());
    let failures = failures_of(check, &wanted.name);
    if !failures.is_empty() {
        states.push(State::Unknown);
    }
    lines.extend(failures);
    for (place, found) in check.comparison.differences.iter().enumerate() {
        if found.disagreeing.contains(&at) {
            *counts.entry(found.kind).or_default() += 1;
            states.push(check.states[place]);
            lines.push(difference(check, place));
        }
    }
    let state = worst(states);
    let count: usize = counts.values().sum();
    let number = match count {
        0 => "no".to_owned(),
        _ => count.to_string(),
    };
    let words = format!(
        "{number} {} between {}",
        plural(count, "difference"),
        sides(wanted)
    );
    Outcome {
        name: String::new(),
        source: wanted.name.clone(),
        commit: check.sources[at].commit.clone(),
        state,
        counts: Some(counts),
        status: status(check, state, &words),
        lines,
    }
}

fn not_made(check: &Check, wanted: &Wanted) -> Outcome {
    let mut lines = grave_problems(check);
    let state = check.state_of_file().max(State::Unknown);
    let failures = failures_of(check, &wanted.name);
    // Where this source was seen, it is the file that was not.
    lines.extend(match failures.is_empty() {
        false => failures,
        true => check.failures.iter().map(failure_line).collect(),
    });
    let words = format!("no comparison of {}", sides(wanted));
    Outcome {
        name: String::new(),
        source: wanted.name.clone(),
        commit: None,
        state,
        counts: None,
        status: status(check, state, &words),
        lines,
    }
}

fn status(check: &Check, state: State, words: &str) -> String {
    let place = match &check.node {
        Some(node) => format!(" on {}", name_of(node)),
        None => String::new(),
    };
    format!("ASCAD {} - {words}{place}", state.name())
}

fn sides(wanted: &Wanted) -> String {
    match wanted.role {
        Role::Runtime if wanted.is_own => "file and runtime".to_owned(),
        Role::File | Role::Reference | Role::Runtime => {
            let name = shortened(&wanted.name, LONGEST_NAME).into_owned();
            format!("{} and file", clean(&name))
        }
    }
}

fn failures_of(check: &Check, name: &str) -> Vec<String> {
    let of_it = check
        .failures
        .iter()
        .filter(|failure| failure.source == name);
    of_it.map(failure_line).collect()
}

fn failure_line(failure: &super::Failure) -> String {
    format!("not seen: {}", failure.line())
}

/// GitLab is known by how it is spelt, by its pages' addresses and by the commit that it says.
fn short_name(wanted: &Wanted, commit: Option<&str>) -> String {
    let name = wanted.name.as_str();
    let is_page = ["/-/raw/", "/-/blob/", "/api/v4/projects/"]
        .iter()
        .any(|part| name.contains(part));
    match wanted.role {
        Role::Runtime if wanted.is_own => "frc".to_owned(),
        Role::Runtime => plain(name),
        Role::File | Role::Reference => match name {
            "master" => "msc".to_owned(),
            "gitlab" => "ghc".to_owned(),
            _ if name.starts_with("gitlab:") || is_page || commit.is_some() => "ghc".to_owned(),
            _ => plain(name),
        },
    }
}

/// Of a URL its host, of a path its last step: a service's name stands in rules and dashboards.
fn plain(name: &str) -> String {
    let short = match name.split_once("://") {
        Some((_, rest)) => rest.split(['/', '?']).next().unwrap_or(rest),
        None => name.rsplit('/').next().unwrap_or(name),
    };
    let letter = |c: char| match c {
        c if c.is_alphanumeric() || matches!(c, '.' | '_' | '-') => c,
        _ => '-',
    };
    short.chars().take(LONGEST_NAME).map(letter).collect()
}

/// A second event of the same name would take the place of the first.
fn unique(name: String, others: &[Outcome]) -> String {
    let is_taken = |name: &str| others.iter().any(|other| other.name == name);
    if !is_taken(&name) {
        return name;
    }
    let mut numbered = (2..).map(|number| format!("{name}-{number}"));
    numbered.find(|name| !is_taken(name)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_comparison_is_called_as_the_users_rules_know_it() {
        let case = |role: Role, name: &str, expected: &str| {
            let wanted = Wanted {
                role,
                name: name.to_owned(),
                is_own: true,
            };
            assert_eq!(short_name(&wanted, None), expected);
        };
        case(Role::Runtime, "runtime:db7:3000", "frc");
        case(Role::Runtime, "node.json", "frc");
        case(Role::Reference, "gitlab", "ghc");
        case(Role::Reference, "gitlab:infra/aero@main:a.conf", "ghc");
        case(
            Role::Reference,
            "https://git.example/a/b/-/raw/main/a.conf",
            "ghc",
        );
        case(Role::Reference, "master", "msc");
        case(Role::Reference, "golden", "golden");
        case(Role::Reference, "/srv/refs/a b.conf", "a-b.conf");
        case(
            Role::Reference,
            "https://aero1:8443/aerospike.conf?x=1",
            "aero1-8443",
        );
    }
}
