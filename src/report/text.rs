//! For people: the status line, then the differences by section, each with its sides and what mends it.
//!
//! ```text
//! namespace test
//!   default-ttl                      drifted: changed at run time, lost at the next restart
//!     reference  gitlab              30d        line 41
//!     file       aerospike.conf      30d        line 44
//!     runtime    127.0.0.1:3000      0
//!     fix        asinfo -v "set-config:context=namespace;id=test;default-ttl=2592000"
//! ```
//! The text carries its colours as escape sequences; whoever writes it takes them off where nobody wants them.

use std::collections::BTreeMap;
use std::fmt::Write;

use anstyle::{AnsiColor, Style};

use crate::catalogue::Context;
use crate::compare::{Difference, Kind, Role, Side};
use crate::lint::Severity;
use crate::remedy::{Fix, Place};
use crate::settings::{Path, Value};
use crate::verdict::State;

use super::escape::{clean, shortened};
use super::status::{self, plural};
use super::{Check, Failure, Source};

/// How much is said.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Detail {
    /// What matters.
    Normal,
    /// What was left out and why, too.
    Verbose,
}

pub(super) const NAME_WIDTH: usize = 32;
const SOURCE_WIDTH: usize = 20;
const VALUE_WIDTH: usize = 10;
/// Longer values are cut here; `json` has them whole.
const LONGEST_VALUE: usize = 160;
/// Contexts of a log sink that are named before the rest is counted.
const NAMED_CONTEXTS: usize = 4;

pub(super) const BOLD: Style = Style::new().bold();
pub(super) const DIM: Style = Style::new().dimmed();
const PROBLEM: Style = AnsiColor::Red.on_default();
pub(super) const WANTED: Style = AnsiColor::Green.on_default();
const CAUTION: Style = AnsiColor::Yellow.on_default();

/// The whole report.
pub fn write(check: &Check, detail: Detail) -> String {
    let mut text = String::new();
    let style = style_of(check.state).bold();
    let _ = writeln!(text, "{style}{}{style:#}", status::line(check));
    failures(&mut text, "not seen", &check.failures);
    failures(&mut text, "not delivered", &check.undelivered);
    problems(&mut text, check, detail);
    differences(&mut text, check);
    if !check.notes.is_empty() {
        text.push('\n');
    }
    for note in &check.notes {
        let _ = writeln!(text, "{DIM}note: {}{DIM:#}", clean(note));
    }
    left_out(&mut text, check, detail);
    text
}

pub(super) fn style_of(state: State) -> Style {
    match state {
        State::Ok => WANTED,
        State::Warning => CAUTION,
        State::Unknown => AnsiColor::Magenta.on_default(),
        State::Critical => PROBLEM,
    }
}

pub(super) fn failures(text: &mut String, heading: &str, failures: &[Failure]) {
    if failures.is_empty() {
        return;
    }
    let _ = writeln!(text, "\n{BOLD}{heading}{BOLD:#}");
    for failure in failures {
        let _ = writeln!(text, "  {}", clean(&failure.line()));
    }
}

fn problems(text: &mut String, check: &Check, detail: Detail) {
    let shown = |severity: Severity| severity == Severity::Fatal || detail == Detail::Verbose;
    let mut heading = true;
    for (source, problem) in check
        .problems
        .iter()
        .filter(|(_, problem)| shown(problem.severity))
    {
        if std::mem::take(&mut heading) {
            let _ = writeln!(text, "\n{BOLD}problems{BOLD:#}");
        }
        let place = match problem.line {
            Some(line) => format!("{source}:{line}:{}", problem.column),
            None => source.clone(),
        };
        let (style, word) = match problem.severity {
            Severity::Fatal => (PROBLEM, "fatal"),
            Severity::Warning => (CAUTION, "warning"),
        };
        let _ = writeln!(
            text,
            "  {}: {style}{word}{style:#}: {}",
            clean(&place),
            clean(&problem.message)
        );
    }
    let hidden = check
        .problems
        .iter()
        .filter(|(_, problem)| !shown(problem.severity))
        .count();
    if hidden > 0 {
        let _ = writeln!(
            text,
            "\n{DIM}{hidden} {} about the files, shown with -v{DIM:#}",
            plural(hidden, "warning")
        );
    }
}

fn differences(text: &mut String, check: &Check) {
    let mut section = None;
    for group in groups(check) {
        let (first, _) = group[0];
        let path = &check.comparison.differences[first].path;
        let heading = heading_of(path);
        if section.as_ref() != Some(&heading) {
            let _ = writeln!(text, "\n{BOLD}{}{BOLD:#}", clean(&heading));
            section = Some(heading);
        }
        difference(text, check, &group);
    }
}

/// Differences with their names: contexts of a sink that changed alike are one.
fn groups(check: &Check) -> Vec<Vec<(usize, String)>> {
    let mut groups: Vec<Vec<(usize, String)>> = Vec::new();
    let mut alike = BTreeMap::new();
    for (at, difference) in check.comparison.differences.iter().enumerate() {
        let named = (at, name_of(&difference.path));
        let group = match likeness(difference) {
            Some(likeness) => *alike.entry(likeness).or_insert(groups.len()),
            None => groups.len(),
        };
        match groups.get_mut(group) {
            Some(group) => group.push(named),
            None => groups.push(vec![named]),
        }
    }
    groups
}

/// What log contexts of a sink that changed alike have in common.
fn likeness(difference: &Difference) -> Option<(Path, Kind, Vec<Option<&str>>)> {
    let is_log = difference.row.is_none() && difference.context == Some(Context::LogSink);
    let sink = difference.path.parent().filter(|_| is_log)?;
    let levels = difference.sides.iter().map(|side| match &side.value {
        Some(Value::One(level)) => Some(level.as_str()),
        Some(Value::Many(_) | Value::Anything) | None => None,
    });
    Some((sink, difference.kind, levels.collect()))
}

/// `namespace test` of `namespace.test.storage-engine.data-size`.
pub(super) fn heading_of(path: &Path) -> String {
    let steps = path.steps();
    let depth = match steps.first().map(AsRef::as_ref) {
        Some("namespace" | "logging") => 2,
        _ => 1,
    };
    steps[..depth.min(steps.len())].join(" ")
}

/// `storage-engine.data-size` of `namespace.test.storage-engine.data-size`.
pub(super) fn name_of(path: &Path) -> String {
    let steps = path.steps();
    let depth = match steps.first().map(AsRef::as_ref) {
        Some("namespace" | "logging") => 2,
        _ => 1,
    };
    match steps.get(depth..) {
        Some([]) | None => "the section itself".to_owned(),
        Some(rest) => rest.join("."),
    }
}

fn difference(text: &mut String, check: &Check, group: &[(usize, String)]) {
    let (first, _) = group[0];
    let difference = &check.comparison.differences[first];
    let mut names: Vec<&str> = group
        .iter()
        .map(|(_, name)| name.as_str())
        .take(NAMED_CONTEXTS)
        .collect();
    let more = group.len() - names.len();
    let rest = format!("and {more} more {}", plural(more, "context"));
    if group.len() > names.len() {
        names.push(&rest);
    }
    let style = style_of(check.states[first]);
    let names = names.join(", ");
    let _ = writeln!(
        text,
        "  {:NAME_WIDTH$} {style}{}{style:#}: {}",
        clean(&names),
        difference.kind.name(),
        difference.kind.meaning()
    );
    for role in [Role::Reference, Role::File, Role::Runtime] {
        for places in alike_sides(check, difference, role) {
            let is_odd = places[0] == 0 || difference.disagreeing.contains(&places[0]);
            let style = if is_odd { style_of_role(role) } else { DIM };
            side(text, check, &places, &difference.sides[places[0]], style);
        }
    }
    lists(text, check, difference);
    if group.len() == 1 {
        fixes(text, &check.fixes[first]);
    } else {
        let commands = group.iter().flat_map(|(at, _)| &check.fixes[*at]).count();
        let _ = writeln!(
            text,
            "    {DIM}fix        {commands} commands, listed in json{DIM:#}"
        );
    }
}

/// The sources of a role that are on one side, by their place: nodes of a cluster that say the same share a line.
fn alike_sides(check: &Check, difference: &Difference, role: Role) -> Vec<Vec<usize>> {
    let mut groups: Vec<Vec<usize>> = Vec::new();
    for (at, source) in check.sources.iter().enumerate() {
        if source.role != role {
            continue;
        }
        let is_odd = |at: usize| difference.disagreeing.contains(&at);
        let is_alike = |group: &Vec<usize>| {
            difference.sides[group[0]] == difference.sides[at] && is_odd(group[0]) == is_odd(at)
        };
        match groups.iter_mut().find(|group| is_alike(group)) {
            Some(group) if role == Role::Runtime => group.push(at),
            Some(_) | None => groups.push(vec![at]),
        }
    }
    groups
}

fn style_of_role(role: Role) -> Style {
    match role {
        Role::Reference => WANTED,
        Role::File => Style::new(),
        Role::Runtime => PROBLEM,
    }
}

fn side(text: &mut String, check: &Check, places: &[usize], side: &Side, style: Style) {
    let source: &Source = &check.sources[places[0]];
    let value = match &side.written {
        Some(written) => shortened(written, LONGEST_VALUE).into_owned(),
        None if side.value.is_none() => "–".to_owned(),
        None => "(not set)".to_owned(),
    };
    let mut said = format!("{:VALUE_WIDTH$}", clean(&value));
    if let Some(Value::One(canonical)) = &side.value
        && side.explicit
        && *canonical != value
        && !canonical.is_empty()
    {
        said.push_str(&format!(" = {}", clean(canonical)));
    }
    match (side.line, side.explicit) {
        (Some(line), _) => said.push_str(&format!(" line {line}")),
        (None, false) if side.value.is_some() => said.push_str(" default"),
        (None, _) => {}
    }
    let role = source.role.word();
    let mut name = shortened(label(check, source), SOURCE_WIDTH).into_owned();
    if let more @ 1.. = places.len() - 1 {
        name.push_str(&format!(" and {more} {}", plural(more, "other")));
    }
    let _ = writeln!(
        text,
        "    {role:10} {:SOURCE_WIDTH$} {style}{}{style:#}",
        clean(&name),
        said.trim_end()
    );
}

/// The end of a path, as long as it takes to tell the source from all others.
fn label<'a>(check: &'a Check, source: &'a Source) -> &'a str {
    if source.name.contains("://") {
        return &source.name;
    }
    let ends = source
        .name
        .rmatch_indices('/')
        .map(|(at, _)| &source.name[at + 1..]);
    let is_like =
        |other: &Source, end: &str| other.name == end || other.name.ends_with(&format!("/{end}"));
    let alike = |end: &&str| {
        check
            .sources
            .iter()
            .filter(|other| is_like(other, end))
            .count()
            == 1
    };
    ends.filter(|end| !end.is_empty())
        .find(alike)
        .unwrap_or(&source.name)
}

/// Shorter lists are plain without it; longer ones nobody reads, and they would cost a square.
const LISTS_WORTH_A_DIFF: std::ops::RangeInclusive<usize> = 3..=1000;

/// What two long lists have and have not in common.
fn lists(text: &mut String, check: &Check, difference: &Difference) {
    let Some(other) = difference.disagreeing.last() else {
        return;
    };
    let (Some(Value::Many(file)), Some(Value::Many(theirs))) =
        (&difference.sides[0].value, &difference.sides[*other].value)
    else {
        return;
    };
    if !LISTS_WORTH_A_DIFF.contains(&(file.len() + theirs.len())) {
        return;
    }
    let words = (
        check.sources[0].role.word(),
        check.sources[*other].role.word(),
    );
    for change in similar::capture_diff_slices(similar::Algorithm::Myers, file, theirs) {
        let (tag, ours, others) = change.as_tag_tuple();
        if tag == similar::DiffTag::Equal {
            continue;
        }
        for gone in &file[ours] {
            let _ = writeln!(
                text,
                "      {WANTED}- {:40} {} only{WANTED:#}",
                clean(gone),
                words.0
            );
        }
        for come in &theirs[others] {
            let _ = writeln!(
                text,
                "      {PROBLEM}+ {:40} {} only{PROBLEM:#}",
                clean(come),
                words.1
            );
        }
    }
}

fn fixes(text: &mut String, fixes: &[Fix]) {
    for fix in fixes {
        let command = clean(&fix.command);
        let command = match fix.on {
            Place::Runtime | Place::Cluster => {
                format!("asinfo -v \"{}\"", command.replace(['"', '`', '$'], "?"))
            }
            Place::File | Place::Server => command.into_owned(),
        };
        let note = if fix.note.is_empty() {
            String::new()
        } else {
            format!("  ({})", fix.note)
        };
        let _ = writeln!(
            text,
            "    fix        {}{DIM}{note}{DIM:#}",
            shortened(&command, LONGEST_VALUE + 80)
        );
    }
}

fn left_out(text: &mut String, check: &Check, detail: Detail) {
    let comparison = &check.comparison;
    let per_node = comparison.skipped.len();
    let open = comparison.open.len();
    if detail == Detail::Normal {
        if per_node + comparison.unknown.len() > 0 && check.state != State::Ok {
            let _ = writeln!(
                text,
                "\n{DIM}{per_node} skipped, {} unknown to the catalogue, {open} not comparable; -v lists them{DIM:#}",
                comparison.unknown.len()
            );
        }
        return;
    }
    list(
        text,
        "skipped",
        comparison
            .skipped
            .iter()
            .map(|(path, why)| format!("{path}  {}", why.word())),
    );
    list(
        text,
        "unknown to the catalogue, compared as text",
        comparison.unknown.iter().map(Path::to_string),
    );
    list(
        text,
        "not comparable",
        comparison
            .open
            .iter()
            .map(|(path, why)| format!("{path}  {}", super::json::why(*why))),
    );
    let unused = comparison.ignored.iter().filter(|(_, times)| **times == 0);
    list(
        text,
        "ignore patterns that matched nothing",
        unused.map(|(pattern, _)| pattern.clone()),
    );
}

pub(super) fn list(text: &mut String, heading: &str, lines: impl Iterator<Item = String>) {
    let mut heading = Some(heading);
    for line in lines {
        if let Some(heading) = heading.take() {
            let _ = writeln!(text, "\n{BOLD}{heading}{BOLD:#}");
        }
        let _ = writeln!(text, "  {}", clean(&line));
    }
}
