//! Any source in canonical form: `ascad/show/1`, or a path and its value a line.

use std::collections::BTreeMap;
use std::fmt::Write;

use serde::Serialize;

use crate::catalogue::{HIDDEN, is_secret};
use crate::compare::Role;
use crate::settings::{Path, Setting, Settings, Value};

use super::NodeLine;
use super::json::{self, Node, SideLine, line, side_line};

#[derive(Serialize)]
struct Shown<'a> {
    schema: &'static str,
    source: &'a str,
    role: &'static str,
    node: Option<Node<'a>>,
    settings: BTreeMap<&'a str, SideLine<'a>>,
}

/// `ascad/show/1`.
pub fn json(source: &str, role: Role, node: Option<&NodeLine>, settings: &Settings) -> String {
    let node = node.map(json::node);
    let said = settings.iter().filter(|(_, setting)| setting.explicit);
    let settings = said.map(|(path, setting)| {
        let (written, value) = shown(path, setting);
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
fn shown<'s>(path: &Path, setting: &'s Setting) -> (&'s str, Option<&'s Value>) {
    match is_secret(path.as_str()) {
        true => (HIDDEN, None),
        false => (&setting.written, Some(&setting.value)),
    }
}

/// Path and value, one a line.
pub fn text(settings: &Settings) -> String {
    let mut text = String::new();
    for (path, setting) in settings.iter().filter(|(_, setting)| setting.explicit) {
        let value = super::escape::clean(shown(path, setting).0);
        let _ = writeln!(text, "{} = {value}", path.as_str());
    }
    text
}
