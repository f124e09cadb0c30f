//! Any source in canonical form: `ascad/show/1`, or a file of configuration.

use std::collections::BTreeMap;
use std::fmt::Write;

use serde::Serialize;

use crate::catalogue::{HIDDEN, Row};
use crate::compare::Role;
use crate::settings::{Path, Setting, Settings, Value, value};

use super::NodeLine;
use super::json::{SideLine, line, side_line};

#[derive(Serialize)]
struct Shown<'a> {
    schema: &'static str,
    source: &'a str,
    role: &'static str,
    node: Option<Node<'a>>,
    settings: BTreeMap<&'a str, SideLine<'a>>,
}

#[derive(Serialize)]
struct Node<'a> {
    id: &'a str,
    build: &'a str,
    edition: &'a str,
    cluster: &'a str,
    host: &'a str,
}

/// `ascad/show/1`.
pub fn json(source: &str, role: Role, node: Option<&NodeLine>, settings: &Settings) -> String {
    let node = node.map(|node| Node {
        id: &node.id,
        build: &node.build,
        edition: &node.edition,
        cluster: &node.cluster,
        host: &node.host,
    });
    let said = settings.iter().filter(|(_, setting)| setting.explicit);
    let settings = said.map(|(path, setting)| {
        let (written, value) = shown(setting);
        let line = side_line(Some(written), value, setting.line, setting.explicit);
        (path.as_str(), line)
    });
    line(&Shown {
        schema: "ascad/show/1",
        source,
        role: role.word(),
        node,
        settings: settings.collect(),
    })
}

/// What is shown of a setting, as written and in canonical form.
fn shown(setting: &Setting) -> (&str, Option<&Value>) {
    match setting.row.is_some_and(Row::is_secret) {
        true => (HIDDEN, None),
        false => (&setting.written, Some(&setting.value)),
    }
}

/// Path and value, one a line.
pub fn text(settings: &Settings) -> String {
    let mut text = String::new();
    for (path, setting) in settings.iter().filter(|(_, setting)| setting.explicit) {
        let value = super::escape::clean(shown(setting).0);
        let _ = writeln!(text, "{} = {value}", path.as_str());
    }
    text
}

/// A running server's settings as a file of configuration: what is not set is left out.
pub fn conf(settings: &Settings) -> String {
    let mut text = String::new();
    let mut open: Vec<String> = Vec::new();
    let mut paths: Vec<(Vec<String>, &Setting)> = settings
        .iter()
        .filter(|(path, setting)| is_written(settings, path, setting))
        .map(|(path, setting)| (place_of(path, settings), setting))
        .collect();
    // Parameters come before the sections beside them, so that no section is opened twice.
    paths.sort_by(|(one, _), (other, _)| {
        (sections(one), one.len()).cmp(&(sections(other), other.len()))
    });
    for (place, setting) in paths {
        let Some((name, sections)) = place.split_last() else {
            continue;
        };
        let common = open
            .iter()
            .zip(sections)
            .take_while(|(one, other)| one == other)
            .count();
        while open.len() > common {
            open.pop();
            let _ = writeln!(text, "{}}}", "\t".repeat(open.len()));
        }
        for section in &sections[common..] {
            let _ = writeln!(text, "{}{section} {{", "\t".repeat(open.len()));
            open.push(section.clone());
        }
        for value in values_of(setting) {
            let _ = writeln!(text, "{}{name} {value}", "\t".repeat(open.len()));
        }
    }
    while open.pop().is_some() {
        let _ = writeln!(text, "{}}}", "\t".repeat(open.len()));
    }
    text
}

fn sections(place: &[String]) -> &[String] {
    place.split_last().map_or(&[], |(_, sections)| sections)
}

fn is_written(settings: &Settings, path: &Path, setting: &Setting) -> bool {
    let is_set = match &setting.value {
        Value::One(one) => !one.is_empty(),
        Value::Many(many) => !many.is_empty(),
        Value::Anything => false,
    };
    // Opened by its section's head, or by the section itself.
    let is_head = matches!(path.last().as_str(), "storage-engine" | "enable-security");
    let is_known = setting.row.is_some() || path.as_str().starts_with("logging.");
    let is_header = is_head && settings.says_below(path);
    setting.explicit && is_set && is_known && !is_header
}

/// The heads of the sections that a path stands in, then the parameter's name.
fn place_of(path: &Path, settings: &Settings) -> Vec<String> {
    let steps: Vec<String> = path
        .steps()
        .into_iter()
        .map(std::borrow::Cow::into_owned)
        .collect();
    let mut place = Vec::new();
    let mut at = 0;
    let mut here: Option<Path> = None;
    while at < steps.len() {
        let step = &steps[at];
        here = Some(here.map_or_else(|| Path::of(step), |path| path.join(step)));
        let is_last = at + 1 == steps.len();
        let titled = matches!(
            (place.first().map(String::as_str), step.as_str()),
            (None, "namespace") | (Some(_), "set" | "tls" | "dc") | (Some("xdr"), "namespace")
        );
        let head = match (step.as_str(), steps.get(at + 1)) {
            _ if is_last => step.clone(),
            (_, Some(title)) if titled => {
                at += 1;
                here = here.map(|path| path.join(title));
                format!("{step} {title}")
            }
            ("storage-engine" | "index-type" | "sindex-type", _) => {
                let kind = here
                    .as_ref()
                    .and_then(|path| settings.at(path))
                    .map(|setting| setting.written.clone());
                format!("{step} {}", kind.unwrap_or_default())
            }
            (sink, _)
                if at == 1 && steps[0] == "logging" && !matches!(sink, "console" | "syslog") =>
            {
                format!("file {sink}")
            }
            _ => step.clone(),
        };
        place.push(head);
        at += 1;
    }
    if steps[0] == "logging"
        && let Some(name) = place.last_mut()
    {
        *name = format!("context {name}");
    }
    place
}

fn values_of(setting: &Setting) -> Vec<String> {
    if setting.row.is_some_and(Row::is_secret) {
        return vec![HIDDEN.to_owned()];
    }
    let spelt = |value: &String| match setting.row {
        Some(row) => value::words(row, value),
        None => value.clone(),
    };
    match &setting.value {
        Value::One(value) => vec![spelt(value)],
        Value::Many(values) => values.iter().map(spelt).collect(),
        Value::Anything => Vec::new(),
    }
}
