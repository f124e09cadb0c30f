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

use std::borrow::Cow;
use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::fmt::Write;

use anstyle::{AnsiColor, Style};

use crate::catalogue::{Context, Row};
use crate::compare::{Difference, Kind, Role, Side, Skip};
use crate::lint::Severity;
use crate::remedy::{Fix, Place};
use crate::settings::{Path, Value, Why};
use crate::verdict::State;

use super::escape::{clean, shortened};
use super::status::{self, plural};
use super::{Check, Failure, FileProblem};

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
/// URLs may differ in their ends only.
const LONGEST_SOURCE: usize = 120;
const VALUE_WIDTH: usize = 10;
/// Longer values are cut here; `json` has them whole.
pub(super) const LONGEST_VALUE: usize = 160;
/// Values of nodes that are shown before the rest is counted, those of the most nodes first.
const SHOWN_NODES: usize = 6;
/// Contexts of a log sink that are named before the rest is counted.
const NAMED_CONTEXTS: usize = 4;

pub(super) const BOLD: Style = Style::new().bold();
pub(super) const DIM: Style = Style::new().dimmed();
pub(super) const PROBLEM: Style = AnsiColor::Red.on_default();
pub(super) const WANTED: Style = AnsiColor::Green.on_default();
pub(super) const CAUTION: Style = AnsiColor::Yellow.on_default();

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
    let shown = |found: &FileProblem| found.is_grave() || detail == Detail::Verbose;
    let mut heading = true;
    for found in check.problems.iter().filter(|found| shown(found)) {
        let FileProblem { file, problem, .. } = found;
        if std::mem::take(&mut heading) {
            let _ = writeln!(text, "\n{BOLD}problems{BOLD:#}");
        }
        let place = match problem.line {
            Some(line) => format!("{file}:{line}:{}", problem.column),
            None => file.clone(),
        };
        let style = match problem.severity {
            Severity::Fatal => PROBLEM,
            Severity::Warning => CAUTION,
        };
        let word = problem.severity.word();
        let _ = writeln!(
            text,
            "  {}: {style}{word}{style:#}: {}",
            clean(&place),
            clean(&problem.message)
        );
    }
    let hidden = check.problems.iter().filter(|found| !shown(found)).count();
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
    let is_level = is_log_level(difference.row, difference.context);
    let sink = difference.path.parent().filter(|_| is_level)?;
    let levels = difference.sides.iter().map(|side| match &side.value {
        Some(Value::One(level)) => Some(level.as_str()),
        Some(Value::Many(_) | Value::Anything) | None => None,
    });
    Some((sink, difference.kind, levels.collect()))
}

/// Whether what differs is the level of a context of a log sink.
pub(super) fn is_log_level(row: Option<&Row>, context: Option<Context>) -> bool {
    row.is_none() && matches!(context, Some(Context::LogSink | Context::LogSyslog))
}

/// How many steps of a path name the section under which it is shown.
fn depth_of_heading(steps: &[Cow<'_, str>]) -> usize {
    match steps.first().map(AsRef::as_ref) {
        Some("namespace" | "logging") => 2,
        _ => 1,
    }
}

/// `namespace test` of `namespace.test.storage-engine.data-size`.
pub(super) fn heading_of(path: &Path) -> String {
    let steps = path.steps();
    steps[..depth_of_heading(&steps).min(steps.len())].join(" ")
}

/// `storage-engine.data-size` of `namespace.test.storage-engine.data-size`.
pub(super) fn name_of(path: &Path) -> String {
    let steps = path.steps();
    match steps.get(depth_of_heading(&steps)..) {
        Some([]) | None => "the section itself".to_owned(),
        Some(rest) => rest.join("."),
    }
}

/// The names of contexts that are alike, the first of many; of a single difference its own.
pub(super) fn contexts(names: impl ExactSizeIterator<Item = String>) -> String {
    let rest = names.len().saturating_sub(NAMED_CONTEXTS);
    let mut shown: Vec<String> = names.take(NAMED_CONTEXTS).collect();
    if rest > 0 {
        shown.push(format!("and {rest} more {}", plural(rest, "context")));
    }
    shown.join(", ")
}

fn difference(text: &mut String, check: &Check, group: &[(usize, String)]) {
    let (first, _) = group[0];
    let difference = &check.comparison.differences[first];
    let names = contexts(group.iter().map(|(_, name)| name.clone()));
    let style = style_of(check.states[first]);
    let _ = writeln!(
        text,
        "  {:NAME_WIDTH$} {style}{}{style:#}: {}",
        clean(&names),
        difference.kind.name(),
        difference.kind.meaning()
    );
    sides(text, check, difference);
    lists(text, check, difference);
    if group.len() == 1 {
        fixes(text, &check.fixes[first]);
    } else {
        let commands = group.iter().flat_map(|(at, _)| &check.fixes[*at]).count();
        let _ = writeln!(
            text,
            "    {DIM}fix        {commands} {}, listed in json{DIM:#}",
            plural(commands, "command")
        );
    }
}

/// What each source says, the values below one another.
fn sides(text: &mut String, check: &Check, difference: &Difference) {
    let mut rows: Vec<(Role, Vec<usize>)> = Vec::new();
    let mut rest: Vec<Vec<usize>> = Vec::new();
    for role in [Role::Reference, Role::File, Role::Runtime] {
        let mut alike = alike_sides(check, difference, role);
        if role == Role::Runtime && alike.len() > SHOWN_NODES {
            alike.sort_by_key(|places| Reverse(places.len()));
            rest = alike.split_off(SHOWN_NODES);
        }
        rows.extend(alike.into_iter().map(|places| (role, places)));
    }
    let rows = rows
        .into_iter()
        .map(|(role, places)| (places[0], role, names(check, &places)));
    let rows: Vec<(usize, Role, String)> = rows.collect();
    let lengths = rows.iter().map(|(_, _, name)| name.chars().count());
    let width = lengths.max().unwrap_or(0).max(SOURCE_WIDTH);
    for (at, role, name) in rows {
        let is_odd = at == 0 || difference.disagreeing.contains(&at);
        let style = if is_odd { style_of_role(role) } else { DIM };
        let said = said(&difference.sides[at]);
        let role = role.word();
        let _ = writeln!(text, "    {role:10} {name:width$} {style}{said}{style:#}");
    }
    if !rest.is_empty() {
        let nodes = rest.iter().map(Vec::len).sum();
        let (count, values) = (rest.len(), plural(rest.len(), "value"));
        let (role, node) = (Role::Runtime.word(), plural(nodes, "node"));
        let _ = writeln!(
            text,
            "    {role:10} {DIM}… and {count} more {values} on {nodes} {node}{DIM:#}"
        );
    }
}

/// The first source of a side, and how many say the same.
fn names(check: &Check, places: &[usize]) -> String {
    let name = shortened(check.label(&check.sources[places[0]]), LONGEST_SOURCE);
    let name = clean(&name);
    match places.len() - 1 {
        0 => name.into_owned(),
        more => format!("{name} and {more} {}", plural(more, "other")),
    }
}

/// The sources of a role that are on one side, by their place: nodes of a cluster that say the same share a line.
pub(super) fn alike_sides(check: &Check, difference: &Difference, role: Role) -> Vec<Vec<usize>> {
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

/// The value as it is written, what it means, and where it stands.
fn said(side: &Side) -> String {
    let value = match &side.written {
        Some(written) => shortened(written, LONGEST_VALUE).into_owned(),
        None if side.value.is_none() => "–".to_owned(),
        None => "(not set)".to_owned(),
    };
    let mut said = format!("{:VALUE_WIDTH$}", clean(&value));
    if let (Some(written), Some(Value::One(canonical))) = (&side.written, &side.value)
        && side.explicit
        && explains(canonical, written)
    {
        let canonical = clean(canonical);
        said.push_str(&format!(" = {}", shortened(&canonical, LONGEST_VALUE)));
    }
    match (side.line, side.explicit) {
        (Some(line), _) => said.push_str(&format!(" line {line}")),
        (None, false) if side.value.is_some() => said.push_str(" default"),
        (None, _) => {}
    }
    said.truncate(said.trim_end().len());
    said
}

/// Whether the canonical form says more than what is written.
pub(super) fn explains(canonical: &str, written: &str) -> bool {
    !canonical.is_empty() && !canonical.eq_ignore_ascii_case(written)
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
        let sides = [
            ('-', WANTED, &file[ours], words.0),
            ('+', PROBLEM, &theirs[others], words.1),
        ];
        for (sign, style, values, role) in sides {
            for value in values {
                let value = clean(value);
                let _ = writeln!(text, "      {style}{sign} {value:40} {role} only{style:#}");
            }
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
    let left_out = LeftOut {
        skipped: &comparison.skipped,
        unknown: &comparison.unknown,
        open: &comparison.open,
        ignored: &comparison.ignored,
    };
    match detail {
        Detail::Normal => left_out.count(text, check.state),
        Detail::Verbose => {
            left_out.list(text);
            let served = check.sources.iter().filter_map(|source| {
                let commit = source.commit.as_ref()?;
                Some(format!("{}  {commit}", source.name))
            });
            list(text, "commits", served);
        }
    }
}

/// What a comparison of whatever kind left out, or did not know.
pub(super) struct LeftOut<'a> {
    pub(super) skipped: &'a [(Path, Skip)],
    pub(super) unknown: &'a [Path],
    pub(super) open: &'a [(Path, Why)],
    /// How often each ignore pattern matched.
    pub(super) ignored: &'a BTreeMap<String, usize>,
}

impl LeftOut<'_> {
    /// One line, where something is wrong and something was left out.
    pub(super) fn count(&self, text: &mut String, state: State) {
        let [skipped, unknown, open] = [self.skipped.len(), self.unknown.len(), self.open.len()];
        if skipped + unknown > 0 && state != State::Ok {
            let _ = writeln!(
                text,
                "\n{DIM}{skipped} skipped, {unknown} unknown to the catalogue, {open} not comparable; -v lists them{DIM:#}"
            );
        }
    }

    /// All of it.
    pub(super) fn list(&self, text: &mut String) {
        let skipped = self.skipped.iter();
        list(
            text,
            "skipped",
            skipped.map(|(path, why)| format!("{path}  {}", why.word())),
        );
        list(
            text,
            "unknown to the catalogue, compared as text",
            self.unknown.iter().map(Path::to_string),
        );
        let open = self.open.iter();
        list(
            text,
            "not comparable",
            open.map(|(path, why)| format!("{path}  {}", super::json::why(*why))),
        );
        let unused = self.ignored.iter().filter(|(_, times)| **times == 0);
        list(
            text,
            "ignore patterns that match nothing",
            unused.map(|(pattern, _)| pattern.clone()),
        );
    }
}

/// Lines under a heading; nothing where there are none.
pub(super) fn list(text: &mut String, heading: &str, lines: impl Iterator<Item = String>) {
    let mut heading = Some(heading);
    for line in lines {
        if let Some(heading) = heading.take() {
            let _ = writeln!(text, "\n{BOLD}{heading}{BOLD:#}");
        }
        let _ = writeln!(text, "  {}", clean(&line));
    }
}
