//! `ascad/check/1`, for programs. Fields are added, never changed.

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde::Serialize;

use crate::catalogue::Edition;
use crate::compare::{Difference, Role, Side, Skip};
use crate::settings::{Path, Value, Why};

use super::{Check, Failure, FileProblem, NodeLine};

#[derive(Serialize)]
struct Report<'a> {
    schema: &'static str,
    state: &'static str,
    exit: u8,
    node: Option<Node<'a>>,
    sources: Vec<Source<'a>>,
    compared: usize,
    skipped: Vec<Skipped<'a>>,
    not_comparable: Vec<Skipped<'a>>,
    unknown: Vec<&'a str>,
    differences: Vec<DifferenceLine<'a>>,
    problems: Vec<ProblemLine<'a>>,
    failures: Vec<FailureLine<'a>>,
    notes: &'a [String],
    seconds: f64,
}

/// A node, as `check` and `show` print it.
#[derive(Serialize)]
pub(super) struct Node<'a> {
    id: &'a str,
    build: &'a str,
    edition: &'a str,
    cluster: &'a str,
    host: &'a str,
    uptime: Option<u64>,
}

#[derive(Serialize)]
struct Source<'a> {
    role: &'static str,
    name: &'a str,
    settings: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    commit: Option<&'a str>,
}

/// A path that was not compared, as `check` and `compare` print it.
#[derive(Serialize)]
pub(super) struct Skipped<'a> {
    path: &'a str,
    why: &'static str,
}

#[derive(Serialize)]
struct DifferenceLine<'a> {
    path: &'a str,
    kind: &'static str,
    state: &'static str,
    dynamic: bool,
    default: Option<&'static str>,
    file: SideLine<'a>,
    runtime: Option<SideLine<'a>>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    runtimes: SideLines<'a>,
    references: SideLines<'a>,
    fix: Vec<FixLine<'a>>,
}

/// Sides by the names of their sources, or settings by their paths.
pub(super) type SideLines<'a> = BTreeMap<Cow<'a, str>, SideLine<'a>>;

/// One side, as `check` and `show` print it.
#[derive(Serialize)]
pub(super) struct SideLine<'a> {
    value: Option<&'a str>,
    canonical: Option<Canonical<'a>>,
    line: Option<u32>,
    explicit: bool,
}

/// A list is an array.
#[derive(Serialize)]
#[serde(untagged)]
pub(super) enum Canonical<'a> {
    One(&'a str),
    Many(&'a [String]),
}

#[derive(Serialize)]
struct FixLine<'a> {
    on: &'static str,
    command: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    note: &'static str,
}

#[derive(Serialize)]
struct ProblemLine<'a> {
    code: &'static str,
    severity: &'static str,
    message: &'a str,
    source: &'a str,
    line: Option<u32>,
    column: Option<u32>,
}

/// What could not be seen, sent or written, as `check` and `compare` print it.
#[derive(Serialize)]
pub(super) struct FailureLine<'a> {
    source: &'a str,
    message: &'a str,
}

/// The whole report, with a newline at its end.
pub fn write(check: &Check, edition: Edition) -> String {
    let comparison = &check.comparison;
    let report = Report {
        schema: "ascad/check/1",
        state: check.state.name(),
        exit: check.state.exit_code(),
        node: check.node.as_ref().map(node),
        sources: check.sources.iter().map(source).collect(),
        compared: comparison.compared,
        skipped: skipped(&comparison.skipped),
        not_comparable: not_comparable(&comparison.open),
        unknown: comparison.unknown.iter().map(Path::as_str).collect(),
        differences: (0..comparison.differences.len())
            .map(|at| difference(check, at, edition))
            .collect(),
        problems: check
            .problems
            .iter()
            .map(|FileProblem { file, problem, .. }| ProblemLine {
                code: problem.code,
                severity: problem.severity.word(),
                message: &problem.message,
                source: file,
                line: problem.line,
                column: problem.line.map(|_| problem.column),
            })
            .collect(),
        failures: failures(&check.failures, &check.undelivered),
        notes: &check.notes,
        seconds: rounded(check.seconds),
    };
    line(&report)
}

/// One JSON document with a newline at its end.
pub(super) fn line(report: &impl Serialize) -> String {
    let mut text = serde_json::to_string(report).unwrap_or_default();
    text.push('\n');
    text
}

fn source(source: &super::Source) -> Source<'_> {
    Source {
        role: source.role.word(),
        name: &source.name,
        settings: source.settings,
        commit: source.commit.as_deref(),
    }
}

fn difference(check: &Check, at: usize, edition: Edition) -> DifferenceLine<'_> {
    let difference: &Difference = &check.comparison.differences[at];
    let of = |role: Role| -> Vec<(&str, &Side)> {
        let sides = check.sources.iter().zip(&difference.sides);
        sides
            .filter(|(source, _)| source.role == role)
            .map(|(source, side)| (source.name.as_str(), side))
            .collect()
    };
    let runtimes = of(Role::Runtime);
    let odd = difference
        .disagreeing
        .iter()
        .find(|at| check.sources[**at].role == Role::Runtime);
    let runtime = odd
        .map(|at| &difference.sides[*at])
        .or(runtimes.first().map(|(_, side)| *side));
    DifferenceLine {
        path: difference.path.as_str(),
        kind: difference.kind.name(),
        state: check.states[at].name(),
        dynamic: difference.dynamic,
        default: difference.row.and_then(|row| row.default_for(edition)),
        file: side(&difference.sides[0]),
        runtime: runtime.map(side),
        runtimes: if runtimes.len() < 2 {
            BTreeMap::new()
        } else {
            sides(&runtimes)
        },
        references: sides(&of(Role::Reference)),
        fix: check.fixes[at]
            .iter()
            .map(|fix| FixLine {
                on: fix.on.word(),
                command: &fix.command,
                note: fix.note,
            })
            .collect(),
    }
}

fn sides<'a>(named: &[(&'a str, &'a Side)]) -> SideLines<'a> {
    let mut lines = SideLines::new();
    for (name, value) in named {
        lines.insert((*name).into(), side(value));
    }
    lines
}

fn side(side: &Side) -> SideLine<'_> {
    side_line(
        side.written.as_deref(),
        side.value.as_ref(),
        side.line,
        side.explicit,
    )
}

/// One side from its parts: as written, and in canonical form.
pub(super) fn side_line<'a>(
    written: Option<&'a str>,
    value: Option<&'a Value>,
    line: Option<u32>,
    explicit: bool,
) -> SideLine<'a> {
    SideLine {
        value: written,
        canonical: value.and_then(canonical),
        line,
        explicit,
    }
}

/// A value in canonical form; `None` where anything will do.
pub(super) fn canonical(value: &Value) -> Option<Canonical<'_>> {
    match value {
        Value::One(one) => Some(Canonical::One(one)),
        Value::Many(many) => Some(Canonical::Many(many)),
        Value::Anything => None,
    }
}

/// What could not be seen first, then what could not be sent or written.
pub(super) fn failures<'a>(
    unseen: &'a [Failure],
    undelivered: &'a [Failure],
) -> Vec<FailureLine<'a>> {
    let all = unseen.iter().chain(undelivered);
    all.map(|failure| FailureLine {
        source: &failure.source,
        message: &failure.message,
    })
    .collect()
}

/// Seconds to a millionth.
pub(super) fn rounded(seconds: f64) -> f64 {
    (seconds * 1e6).round() / 1e6
}

/// What a node says of itself.
pub(super) fn node(node: &NodeLine) -> Node<'_> {
    Node {
        id: &node.id,
        build: &node.build,
        edition: &node.edition,
        cluster: &node.cluster,
        host: &node.host,
        uptime: node.uptime,
    }
}

/// What was left out on purpose.
pub(super) fn skipped(paths: &[(Path, Skip)]) -> Vec<Skipped<'_>> {
    let lines = paths.iter();
    lines
        .map(|(path, why)| Skipped {
            path: path.as_str(),
            why: why.word(),
        })
        .collect()
}

/// What nothing can be concluded about.
pub(super) fn not_comparable(paths: &[(Path, Why)]) -> Vec<Skipped<'_>> {
    let lines = paths.iter();
    lines
        .map(|(path, reason)| Skipped {
            path: path.as_str(),
            why: why(*reason),
        })
        .collect()
}

/// Why a path could not be compared, in a few words.
pub(super) fn why(why: Why) -> &'static str {
    match why {
        Why::MachineDecides => "worked out from the machine",
        Why::NotReported => "never reported by the server",
        Why::UnknownDefault => "its default is not known",
        Why::NoSuchParameter => "this release has no such parameter",
        Why::Unseen => "could not be seen",
        Why::Templated => "filled in by a template",
    }
}
