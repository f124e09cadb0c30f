//! `ascad/compare/1`, for programs. Fields are added, never changed.

use serde::Serialize;

use crate::compare::{Kind, Outlier};
use crate::settings::Path;

use super::compared::Compared;
use super::json::{
    Canonical, FailureLine, Skipped, canonical, failures, line, not_comparable, rounded, skipped,
};

#[derive(Serialize)]
struct Report<'a> {
    schema: &'static str,
    state: &'static str,
    exit: u8,
    cluster: Option<&'a str>,
    sources: Vec<Source<'a>>,
    compared: usize,
    differences: Vec<Difference<'a>>,
    skipped: Vec<Skipped<'a>>,
    not_comparable: Vec<Skipped<'a>>,
    unknown: Vec<&'a str>,
    failures: Vec<FailureLine<'a>>,
    notes: &'a [String],
    seconds: f64,
}

#[derive(Serialize)]
struct Source<'a> {
    name: &'a str,
    node: Option<&'a str>,
    build: Option<&'a str>,
    reachable: bool,
}

#[derive(Serialize)]
struct Difference<'a> {
    path: &'a str,
    kind: &'static str,
    state: &'static str,
    dynamic: bool,
    values: Vec<ValueLine<'a>>,
    outliers: Vec<&'a str>,
}

#[derive(Serialize)]
struct ValueLine<'a> {
    value: Option<&'a str>,
    canonical: Option<Canonical<'a>>,
    explicit: bool,
    sources: Vec<&'a str>,
}

/// The whole report, with a newline at its end.
pub fn write(compared: &Compared) -> String {
    let comparison = &compared.comparison;
    line(&Report {
        schema: "ascad/compare/1",
        state: compared.state.name(),
        exit: compared.state.exit_code(),
        cluster: Some(compared.cluster.as_str()).filter(|name| !name.is_empty()),
        sources: compared
            .peers
            .iter()
            .map(|peer| Source {
                name: &peer.name,
                node: peer.node.as_deref(),
                build: peer.build.as_deref(),
                reachable: peer.is_seen,
            })
            .collect(),
        compared: comparison.compared,
        differences: comparison
            .differences
            .iter()
            .map(|outlier| difference(compared, outlier))
            .collect(),
        skipped: skipped(&comparison.skipped),
        not_comparable: not_comparable(&comparison.open),
        unknown: comparison.unknown.iter().map(Path::as_str).collect(),
        failures: failures(&compared.failures, &compared.undelivered),
        notes: &compared.notes,
        seconds: rounded(compared.seconds),
    })
}

fn difference<'a>(compared: &'a Compared, outlier: &'a Outlier) -> Difference<'a> {
    let named = |places: &[usize]| -> Vec<&'a str> {
        let names = places.iter().map(|place| &compared.peers[*place].name);
        names.map(String::as_str).collect()
    };
    let values = outlier.groups.iter().map(|group| ValueLine {
        value: group.written.as_deref(),
        canonical: group.value.as_ref().and_then(canonical),
        explicit: group.explicit,
        sources: named(&group.sources),
    });
    Difference {
        path: outlier.path.as_str(),
        kind: Kind::Outlier.name(),
        state: compared.severity.name(),
        dynamic: outlier.dynamic,
        values: values.collect(),
        outliers: named(&outlier.outliers()),
    }
}
