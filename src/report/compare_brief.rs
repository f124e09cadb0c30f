//! Many sources in a few lines, for the formats that are short: a [`Brief`], one [`Outcome`], gauges.

use std::collections::BTreeMap;

use crate::compare::Kind;

use super::brief::{Brief, Measure};
use super::compare_text::{folded, names_of, status, value_of};
use super::compared::{Compared, Noun};
use super::escape::clean;
use super::outcome::Outcome;
use super::prometheus::{gauge, run};
use super::unseen;

/// Many sources in a few lines.
pub fn brief(compared: &Compared) -> Brief {
    let comparison = &compared.comparison;
    Brief {
        state: compared.state,
        status: status(compared),
        measures: vec![
            Measure::count(Kind::Outlier.name(), comparison.differences.len()),
            Measure::count("compared", comparison.compared),
            Measure::count("skipped", comparison.skipped.len()),
            Measure::count(word(compared), compared.peers.len()),
            Measure::count("unseen", unseen(&compared.failures)),
            Measure::seconds("seconds", compared.seconds),
        ],
        lines: lines(compared),
    }
}

/// All of it is one comparison: `cluster` or `compare`.
pub fn outcome(compared: &Compared) -> Outcome {
    let comparison = &compared.comparison;
    let count = comparison.differences.len();
    let names: Vec<&str> = compared
        .peers
        .iter()
        .map(|peer| peer.name.as_str())
        .collect();
    Outcome {
        name: command(compared).to_owned(),
        source: folded(names.into_iter()),
        commit: None,
        state: compared.state,
        counts: (comparison.compared > 0).then(|| BTreeMap::from([(Kind::Outlier, count)])),
        status: status(compared),
        lines: lines(compared),
    }
}

/// A textfile; `time` is that of the run, in seconds since 1970.
pub fn prometheus(compared: &Compared, time: u64) -> String {
    let mut text = String::new();
    let comparison = &compared.comparison;
    let command = format!("ascad_{}", command(compared));
    run(&mut text, &command, compared.state, compared.seconds, time);
    let labels = [
        ("cluster", compared.cluster.as_str()),
        ("kind", Kind::Outlier.name()),
    ];
    let differing = comparison.differences.len();
    if comparison.compared > 0 {
        let help = "Settings on which sources do not agree.";
        gauge(
            &mut text,
            &format!("{command}_differences"),
            help,
            &[(&labels, &differing)],
        );
    }
    let counts = [
        (
            "compared_settings",
            "Settings that were compared.",
            comparison.compared,
        ),
        (
            "skipped_settings",
            "Settings that were left out on purpose.",
            comparison.skipped.len(),
        ),
        (
            "sources",
            "Sources that were to be compared.",
            compared.peers.len(),
        ),
        (
            "unseen_sources",
            "Sources that could not be seen, or not wholly.",
            unseen(&compared.failures),
        ),
    ];
    for (name, help, count) in counts {
        let name = format!("{command}_{name}");
        gauge(&mut text, &name, help, &[(&[], &count)]);
    }
    text
}

fn command(compared: &Compared) -> &'static str {
    match compared.noun {
        Noun::Node => "cluster",
        Noun::Source => "compare",
    }
}

fn word(compared: &Compared) -> &'static str {
    match compared.noun {
        Noun::Node => "nodes",
        Noun::Source => "sources",
    }
}

/// `namespace.test.default-ttl outlier: 2592000 on 298, 1728000 on 10.0.0.7:3000, 10.0.0.9:3000`.
fn lines(compared: &Compared) -> Vec<String> {
    let mut lines: Vec<String> = compared
        .failures
        .iter()
        .map(|failure| format!("not seen: {}", failure.line()))
        .collect();
    let undelivered = compared.undelivered.iter();
    lines.extend(undelivered.map(|failure| format!("not delivered: {}", failure.line())));
    let names = names_of(compared);
    for outlier in &compared.comparison.differences {
        let majority = outlier.majority();
        let groups: Vec<String> = outlier
            .groups
            .iter()
            .map(|group| {
                let who = match Some(group.camp) == majority {
                    true => group.sources.len().to_string(),
                    false => folded(group.sources.iter().map(|at| names[*at])),
                };
                format!("{} on {who}", value_of(outlier, group))
            })
            .collect();
        let kind = Kind::Outlier.name();
        lines.push(format!("{} {kind}: {}", outlier.path, groups.join(", ")));
    }
    lines.extend(compared.notes.iter().map(|note| format!("note: {note}")));
    lines.iter().map(|line| clean(line).into_owned()).collect()
}
