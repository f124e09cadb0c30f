//! Line one: for whoever is woken at night.

use crate::compare::{Difference, Kind, Role};
use crate::lint::Severity;
use crate::verdict;

use super::brief::has_many_nodes;
use super::escape::{clean, shortened};
use super::{Check, NodeLine};

/// Longer names are cut in the status line.
pub(super) const LONGEST_NAME: usize = 60;

/// State, number, node, the worst thing; one line without its end.
pub fn line(check: &Check) -> String {
    let (differing, compared) = (
        check.comparison.differences.len(),
        check.comparison.compared,
    );
    let summary = summary(differing, compared);
    let mut line = format!("ASCAD {} - {summary}", check.state.name());
    if let Some(node) = &check.node {
        line.push_str(&format!(" on {}", name_of(node)));
    }
    if let Some(worst) = worst(check) {
        line.push_str(": ");
        line.push_str(&worst);
    }
    line
}

/// How many settings differ of how many.
pub(super) fn summary(differing: usize, compared: usize) -> String {
    let settings = plural(compared, "setting");
    match (differing, compared) {
        (0, 0) => "nothing could be compared".to_owned(),
        (0, 1) => "1 setting agrees".to_owned(),
        (0, _) => format!("{compared} {settings} agree"),
        (1, _) => format!("1 of {compared} {settings} differs"),
        (_, _) => format!("{differing} of {compared} {settings} differ"),
    }
}

pub(super) fn name_of(node: &NodeLine) -> String {
    let id = if node.id.is_empty() {
        &node.host
    } else {
        &node.id
    };
    match node.build.as_str() {
        "" => clean(id).into_owned(),
        build => format!("{} ({})", clean(id), clean(build)),
    }
}

/// A problem of the file first unless a difference is worse, then the worst difference, then what could not be seen.
fn worst(check: &Check) -> Option<String> {
    let of_file = check.state_of_file();
    let of_differences = verdict::worst(check.states.iter().copied());
    let mut problems = check.problems.iter().filter(|found| found.is_grave());
    if let Some(found) = problems.find(|found| found.state == of_file)
        && of_file >= of_differences
    {
        let line = found.line();
        return Some(match found.problem.severity {
            Severity::Fatal => format!(
                "this file would not start on {}: {}",
                check.release,
                clean(&line)
            ),
            Severity::Warning => clean(&line).into_owned(),
        });
    }
    let worst = check
        .comparison
        .differences
        .iter()
        .zip(&check.states)
        .max_by_key(|(difference, state)| (**state, urgency(difference)));
    if let Some((difference, _)) = worst {
        let path = shortened(difference.path.as_str(), LONGEST_NAME).into_owned();
        let (path, kind) = (clean(&path), difference.kind.name());
        return Some(format!("{path} {kind}{}", odd_nodes(check, difference)));
    }
    let failure = check.failures.first().or(check.undelivered.first())?;
    Some(clean(&failure.line()).into_owned())
}

/// The node that does not agree with the file, or how many, where there are several.
fn odd_nodes(check: &Check, difference: &Difference) -> String {
    let is_node = |at: &&usize| check.sources[**at].role == Role::Runtime;
    let odd: Vec<usize> = difference
        .disagreeing
        .iter()
        .filter(is_node)
        .copied()
        .collect();
    match odd.as_slice() {
        _ if !has_many_nodes(check) => String::new(),
        // With another reference, who agrees with the file may be as wrong.
        _ if !matches!(difference.kind, Kind::Drifted | Kind::PendingRestart) => String::new(),
        [] => String::new(),
        [only] => {
            let name = shortened(&check.sources[*only].name, LONGEST_NAME).into_owned();
            format!(" on {}", clean(&name))
        }
        many => format!(" on {} nodes", many.len()),
    }
}

/// Of several differences of one state the one that does the most harm comes first, log levels last; then the first
/// by path.
fn urgency(difference: &Difference) -> (bool, u8, std::cmp::Reverse<&crate::settings::Path>) {
    let kind = match difference.kind {
        Kind::Diverged => 5,
        Kind::Latent => 4,
        Kind::Drifted => 3,
        Kind::Undeployed => 2,
        Kind::PendingRestart => 1,
        Kind::Outlier => 0,
    };
    let is_log_level = difference.path.as_str().starts_with("logging.");
    (!is_log_level, kind, std::cmp::Reverse(&difference.path))
}

/// `setting` or `settings`.
pub fn plural(count: usize, noun: &str) -> String {
    if count == 1 {
        noun.to_owned()
    } else {
        format!("{noun}s")
    }
}
