//! A running server's settings as a file of configuration, with which a server like it would start.
//!
//! ```text
//! settings ── those that a file may hold ──> lines, each with the heads of its sections ── sorted ──> text
//! ```
//! Left out is what is not set, what servers report but refuse in a file, and what they worked out from nothing that
//! a file could say. The levels of a log sink are folded: the commonest is `any`, the others are exceptions.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt::Write;

use crate::catalogue::{Availability, Context, Edition, HIDDEN, Kind, Row, is_secret};
use crate::lint::value as judge;
use crate::order;
use crate::settings::{Path, Setting, Settings, Value, value};

/// One line of the file.
struct Line {
    /// The heads of the sections that it stands in, outermost first.
    sections: Vec<String>,
    /// Nothing where only the sections are wanted.
    text: String,
}

/// A running server's settings as a file of configuration.
pub fn conf(settings: &Settings) -> String {
    let mut lines: Vec<Line> = settings
        .iter()
        .filter(|(path, setting)| is_written(settings, path, setting))
        .flat_map(|(path, setting)| lines_of(settings, path, setting))
        .collect();
    lines.extend(log_levels(settings));
    // A section is there even where nothing is said in it.
    lines.extend(settings.sections().map(|(path, _)| Line {
        sections: place_of(settings, path),
        text: String::new(),
    }));
    // Parameters come before the sections beside them, so that no section is opened twice; the sort keeps the order
    // of the lines of one section.
    order::sort_by(&mut lines, |one, other| one.sections.cmp(&other.sections));
    let mut text = String::new();
    let mut open: Vec<String> = Vec::new();
    for line in lines {
        let common = open
            .iter()
            .zip(&line.sections)
            .take_while(|(one, other)| one == other)
            .count();
        close(&mut text, &mut open, common);
        for section in &line.sections[common..] {
            let _ = writeln!(text, "{}{}", indent(open.len()), opening(section));
            open.push(section.clone());
        }
        if !line.text.is_empty() {
            let _ = writeln!(text, "{}{}", indent(open.len()), line.text);
        }
    }
    close(&mut text, &mut open, 0);
    text
}

fn close(text: &mut String, open: &mut Vec<String>, depth: usize) {
    while open.len() > depth {
        open.pop();
        let _ = writeln!(text, "{}}}", indent(open.len()));
    }
}

fn indent(depth: usize) -> String {
    "\t".repeat(depth)
}

/// The line that opens a section. The brace is never looked at, and one behind an empty name would be taken for it.
fn opening(section: &str) -> String {
    match section.strip_suffix(' ') {
        Some(nameless) => nameless.to_owned(),
        None => format!("{} {{", without_number(section)),
    }
}

/// Sinks of one name are told apart by a number, which no word of a file can hold: it stands behind a space.
fn without_number(section: &str) -> &str {
    let numbered = section
        .strip_suffix(')')
        .and_then(|text| text.rsplit_once(" ("));
    match numbered {
        Some((sink, number)) if number.bytes().all(|byte| byte.is_ascii_digit()) => sink,
        _ => section,
    }
}

fn lines_of(settings: &Settings, path: &Path, setting: &Setting) -> Vec<Line> {
    let mut sections = place_of(settings, path);
    let name = sections.pop().unwrap_or_default();
    let values = match &setting.value {
        Value::One(value) => std::slice::from_ref(value),
        Value::Many(values) => values.as_slice(),
        Value::Anything => &[],
    };
    let line = |value: &String| {
        let value = match setting.row {
            Some(row) => value::words(row, value),
            None => value.clone(),
        };
        Line {
            sections: sections.clone(),
            text: match name.as_str() {
                // The section itself turns security on.
                "enable-security" => String::new(),
                name if is_secret(name) => format!("# {name} {HIDDEN}"),
                name => format!("{name} {value}"),
            },
        }
    };
    values.iter().map(line).collect()
}

fn is_written(settings: &Settings, path: &Path, setting: &Setting) -> bool {
    if !setting.explicit || is_log_level(setting) {
        return false;
    }
    if setting.context == Context::Security && path.last() == "enable-security" {
        return setting.value == Value::One("true".to_owned());
    }
    if path.as_str().starts_with("security.") && !is_secured(settings) {
        return false;
    }
    let Some(row) = setting.row else { return false };
    let is_head = matches!(row.name(), "storage-engine" | "index-type" | "sindex-type");
    let is_opened_below = is_head && settings.says_below(path);
    !is_opened_below && may_stand_in_a_file(settings, path, setting, row)
}

fn is_secured(settings: &Settings) -> bool {
    let enabled = settings.at(&Path::of("security").join("enable-security"));
    enabled.is_some_and(|enabled| enabled.value == Value::One("true".to_owned()))
}

/// Whether a server that reports this takes it from a file, too.
fn may_stand_in_a_file(settings: &Settings, path: &Path, setting: &Setting, row: &Row) -> bool {
    let (release, edition) = (settings.release, settings.edition);
    if row.edition == Availability::EnterpriseOnly && edition == Edition::Community {
        return false;
    }
    let is_override = matches!(
        row.name(),
        "read-consistency-level-override" | "write-commit-level-override"
    );
    if is_override
        && path
            .parent()
            .is_some_and(|namespace| is_strong(settings, &namespace))
    {
        return false;
    }
    if row.name() == "node-id" && is_set(settings, &path_beside(path, "node-id-interface")) {
        return false;
    }
    match (&setting.value, row.kind) {
        (_, Kind::Section | Kind::Obsolete) | (Value::Anything, _) => false,
        (Value::Many(_), _) => true,
        (Value::One(value), _) if value.is_empty() => false,
        // A flag is on whatever follows it.
        (Value::One(value), Kind::Flag) => value == "true",
        (Value::One(value), _) => {
            let word = value::words(row, value);
            judge::read(row, word.as_bytes(), release, edition).is_ok()
        }
    }
}

fn path_beside(path: &Path, name: &str) -> Path {
    path.parent()
        .map_or_else(|| Path::of(name), |section| section.join(name))
}

fn is_set(settings: &Settings, path: &Path) -> bool {
    let value = settings.at(path).map(|setting| &setting.value);
    value.is_some_and(|value| *value != Value::unset())
}

fn is_strong(settings: &Settings, namespace: &Path) -> bool {
    let strong = settings.at(&namespace.join("strong-consistency"));
    strong.is_some_and(|strong| strong.value == Value::One("true".to_owned()))
}

fn is_log_level(setting: &Setting) -> bool {
    setting.row.is_none() && matches!(setting.context, Context::LogSink | Context::LogSyslog)
}

/// The levels of every sink, the commonest as `any`.
fn log_levels(settings: &Settings) -> Vec<Line> {
    let mut sinks = BTreeMap::<Path, Vec<(String, String)>>::new();
    for (path, setting) in settings.iter().filter(|(_, setting)| is_log_level(setting)) {
        let (Some(sink), Value::One(level)) = (path.parent(), &setting.value) else {
            continue;
        };
        let levels = sinks.entry(sink).or_default();
        levels.push((path.last(), level.clone()));
    }
    let mut lines = Vec::new();
    for (sink, levels) in sinks {
        let base = base(&levels);
        let sections = place_of(settings, &sink);
        let mut add = |context: &str, level: &str| {
            lines.push(Line {
                sections: sections.clone(),
                text: format!("context {context} {level}"),
            });
        };
        add("any", base);
        let exceptions = levels.iter().filter(|(_, level)| level != base);
        exceptions.for_each(|(context, level)| add(context, level));
    }
    lines
}

/// What a file says of any context; the commonest level of a server, which knows of no such thing.
fn base(levels: &[(String, String)]) -> &str {
    let said = levels.iter().find(|(context, _)| context == "any");
    let mut counts = BTreeMap::<&str, usize>::new();
    for (_, level) in levels {
        *counts.entry(level).or_default() += 1;
    }
    let commonest = || counts.into_iter().max_by_key(|(_, count)| *count);
    said.map(|(_, level)| level.as_str())
        .or_else(|| commonest().map(|(level, _)| level))
        .unwrap_or_default()
}

/// The heads of the sections that a path stands in, then the parameter's name.
fn place_of(settings: &Settings, path: &Path) -> Vec<String> {
    let steps: Vec<String> = path.steps().into_iter().map(Cow::into_owned).collect();
    let mut place = Vec::new();
    let mut here: Option<Path> = None;
    let mut at = 0;
    while let Some(step) = steps.get(at) {
        here = Some(here.map_or_else(|| Path::of(step), |path| path.join(step)));
        let root = place.first().map(String::as_str);
        let titled = match (root, step.as_str()) {
            (None, "namespace") | (Some("xdr"), "namespace" | "dc") | (Some("network"), "tls") => {
                true
            }
            (Some(root), "set") => root.starts_with("namespace "),
            _ => false,
        };
        let head = match (step.as_str(), steps.get(at + 1)) {
            (_, Some(title)) if titled => {
                at += 1;
                here = here.map(|path| path.join(title));
                format!("{step} {title}")
            }
            ("storage-engine" | "index-type" | "sindex-type", Some(_)) => {
                let kind = here.as_ref().and_then(|path| settings.at(path));
                format!("{step} {}", kind.map_or("", |kind| kind.written.as_str()))
            }
            (sink, _) if at == 1 && root == Some("logging") => match without_number(sink) {
                "console" | "syslog" => sink.to_owned(),
                _ => format!("file {sink}"),
            },
            _ => step.clone(),
        };
        place.push(head);
        at += 1;
    }
    place
}
