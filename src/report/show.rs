//! Any source in canonical form: `ascad/show/1`, or a path and its value a line.

use std::borrow::Cow;
use std::fmt::Write;

use serde::Serialize;

use crate::catalogue::{HIDDEN, is_secret};
use crate::compare::Role;
use crate::settings::{Setting, Settings, Value};

use super::NodeLine;
use super::json::{self, Node, SideLines, line, side_line};

#[derive(Serialize)]
struct Shown<'a> {
    schema: &'static str,
    source: &'a str,
    role: &'static str,
    node: Option<Node<'a>>,
    settings: SideLines<'a>,
}

/// `ascad/show/1`.
pub fn json(source: &str, role: Role, node: Option<&NodeLine>, settings: &Settings) -> String {
    let node = node.map(json::node);
    let mut lines = SideLines::new();
    for (path, setting) in said(settings) {
        let (written, value) = shown(&path, setting);
        let line = side_line(Some(written), value, setting.line, setting.explicit);
        lines.insert(path, line);
    }
    line(&Shown {
        schema: "ascad/show/1",
        source,
        role: role.word(),
        node,
        settings: lines,
    })
}

/// What a source says, then what a template says in sections whose names it fills in.
fn said(settings: &Settings) -> impl Iterator<Item = (Cow<'_, str>, &Setting)> {
    let fixed = settings
        .iter()
        .map(|(path, setting)| (Cow::Borrowed(path.as_str()), setting));
    let of_any = settings
        .said_of_any()
        .map(|(path, setting)| (Cow::Owned(path), setting));
    fixed.chain(of_any).filter(|(_, setting)| setting.explicit)
}

/// What is shown of a setting, as written and in canonical form.
fn shown<'s>(path: &str, setting: &'s Setting) -> (&'s str, Option<&'s Value>) {
    match is_secret(path) {
        true => (HIDDEN, None),
        false => (&setting.written, Some(&setting.value)),
    }
}

/// Path and value, one a line.
pub fn text(settings: &Settings) -> String {
    let mut text = String::new();
    for (path, setting) in said(settings) {
        let value = super::escape::clean(shown(&path, setting).0);
        let _ = writeln!(text, "{path} = {value}");
    }
    text
}
