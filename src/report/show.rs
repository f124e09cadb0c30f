//! Any source in canonical form: `ascad/show/1`, or a path and its value a line.

use std::collections::BTreeMap;
use std::fmt::Write;

use serde::Serialize;

use crate::compare::Role;
use crate::settings::{Setting, Settings};

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
    let shown = |setting: &'_ Setting| setting.explicit;
    let settings = settings
        .iter()
        .filter(|(_, setting)| shown(setting))
        .map(|(path, setting)| {
            let line = side_line(
                Some(&setting.written),
                Some(&setting.value),
                setting.line,
                setting.explicit,
            );
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

/// Path and value, one a line.
pub fn text(settings: &Settings) -> String {
    let mut text = String::new();
    for (path, setting) in settings.iter().filter(|(_, setting)| setting.explicit) {
        let value = super::escape::clean(&setting.written);
        let _ = writeln!(text, "{} = {value}", path.as_str());
    }
    text
}
