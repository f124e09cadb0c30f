//! For Prometheus: a textfile of the node exporter. No time stamps, which it refuses; the time of the run is a gauge.

use std::fmt::{Display, Write};

use crate::lint::Severity;
use crate::verdict::State;

use super::brief::KINDS;
use super::json::rounded;
use super::outcome::outcomes;
use super::{Check, unseen};

/// The whole textfile; `time` is that of the run, in seconds since 1970.
pub fn write(check: &Check, time: u64) -> String {
    let mut text = String::new();
    run(&mut text, "ascad", check.state, check.seconds, time);
    comparisons(&mut text, check);
    let fatal = check
        .problems
        .iter()
        .filter(|found| found.problem.severity == Severity::Fatal)
        .count();
    gauge(
        &mut text,
        "ascad_compared_settings",
        "Settings that were compared.",
        &[(&[], &check.comparison.compared)],
    );
    gauge(
        &mut text,
        "ascad_skipped_settings",
        "Settings that were left out on purpose.",
        &[(&[], &check.comparison.skipped.len())],
    );
    gauge(
        &mut text,
        "ascad_unseen_sources",
        "Sources that could not be seen, or not wholly.",
        &[(&[], &unseen(&check.failures))],
    );
    gauge(
        &mut text,
        "ascad_file_problems",
        "Problems of the file by severity; fatal ones keep a server from starting.",
        &[
            (&[("severity", "fatal")], &fatal),
            (&[("severity", "warning")], &(check.problems.len() - fatal)),
        ],
    );
    if let Some(node) = &check.node {
        let labels = [
            ("node", node.id.as_str()),
            ("build", node.build.as_str()),
            ("edition", node.edition.as_str()),
            ("cluster", node.cluster.as_str()),
            ("address", node.host.as_str()),
        ];
        gauge(
            &mut text,
            "ascad_node_info",
            "The node, always 1.",
            &[(&labels, &1)],
        );
    }
    text
}

/// What every command says of its run. `command` is what its metrics begin with: two textfiles of one machine may
/// not have a metric in common.
pub fn run(text: &mut String, command: &str, state: State, seconds: f64, time: u64) {
    let name = |metric: &str| format!("{command}_{metric}");
    gauge(
        text,
        &name("state"),
        "State of the run: 0 OK, 1 WARNING, 2 CRITICAL, 3 UNKNOWN.",
        &[(&[], &state.exit_code())],
    );
    gauge(
        text,
        &name("run_timestamp_seconds"),
        "When the run ended, in seconds since 1970.",
        &[(&[], &time)],
    );
    gauge(
        text,
        &name("run_duration_seconds"),
        "How long the run took.",
        &[(&[], &rounded(seconds))],
    );
    gauge(
        text,
        &name("build_info"),
        "The version of ascad, always 1.",
        &[(&[("version", env!("CARGO_PKG_VERSION"))], &1)],
    );
}

/// States first, then differences: the lines of one metric stand together.
fn comparisons(text: &mut String, check: &Check) {
    let outcomes = outcomes(check);
    let labels: Vec<[(&str, &str); 2]> = outcomes
        .iter()
        .map(|outcome| {
            [
                ("comparison", outcome.name.as_str()),
                ("source", outcome.source.as_str()),
            ]
        })
        .collect();
    let states: Vec<u8> = outcomes
        .iter()
        .map(|outcome| outcome.state.exit_code())
        .collect();
    let rows: Vec<Row<'_>> = labels
        .iter()
        .zip(&states)
        .map(|(labels, state)| (labels.as_slice(), state as &dyn Display))
        .collect();
    gauge(
        text,
        "ascad_comparison_state",
        "State of the file's comparison with a source: 0 OK, 1 WARNING, 2 CRITICAL, 3 UNKNOWN.",
        &rows,
    );
    let mut counted = Vec::new();
    for (outcome, labels) in outcomes.iter().zip(&labels) {
        // What could not be compared has no number of differences, which is not the same as none.
        let Some(counts) = &outcome.counts else {
            continue;
        };
        for kind in KINDS {
            let labels = [labels[0], labels[1], ("kind", kind.name())];
            counted.push((labels, counts.get(&kind).copied().unwrap_or_default()));
        }
    }
    let rows: Vec<Row<'_>> = counted
        .iter()
        .map(|(labels, count)| (labels.as_slice(), count as &dyn Display))
        .collect();
    gauge(
        text,
        "ascad_differences",
        "Differences between the file and a source by kind.",
        &rows,
    );
}

/// Labels and a value.
type Row<'a> = (&'a [(&'a str, &'a str)], &'a dyn Display);

/// One metric with its lines; without lines there is no metric.
pub fn gauge(text: &mut String, name: &str, help: &str, rows: &[Row<'_>]) {
    if rows.is_empty() {
        return;
    }
    let _ = writeln!(text, "# HELP {name} {help}\n# TYPE {name} gauge");
    for (labels, value) in rows {
        let labels: Vec<String> = labels
            .iter()
            .map(|(key, value)| format!("{key}=\"{}\"", escaped(value)))
            .collect();
        let labels = match labels.as_slice() {
            [] => String::new(),
            some => format!("{{{}}}", some.join(",")),
        };
        let _ = writeln!(text, "{name}{labels} {value}");
    }
}

/// A label's value: backslash, quote and line feed are the three that the format knows to escape.
fn escaped(value: &str) -> String {
    value
        .replace('\\', "\\\\")
        .replace('"', "\\\"")
        .replace('\n', "\\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_are_escaped_as_the_format_wants_it() {
        let mut text = String::new();
        gauge(
            &mut text,
            "a_state",
            "Help.",
            &[(&[("name", "a\"b\\c\nd")], &2)],
        );
        assert_eq!(
            text,
            "# HELP a_state Help.\n# TYPE a_state gauge\na_state{name=\"a\\\"b\\\\c\\nd\"} 2\n"
        );
    }

    #[test]
    fn a_metric_without_lines_is_not_named() {
        let mut text = String::new();
        gauge(&mut text, "a_state", "Help.", &[]);
        assert_eq!(text, "");
    }
}
