//! A tree → settings.

use crate::catalogue::{self, Context, Edition, Release, Row, Times};
use crate::conf::template::{SUBSTITUTE, Template};
use crate::conf::{Item, Tree};

use super::logging::{Comes, Sinks};
use super::value::{self, Value, text};
use super::{Origin, Path, Setting, Settings};

/// What a file says, read for a server of this release and edition.
pub fn settle(tree: &Tree<'_>, release: Release, edition: Edition) -> Settings {
    settle_items(tree, None, release, edition).0
}

/// What a file says and what it leaves open. `tree` was parsed from the template's text.
pub fn settle_template(
    tree: &Tree<'_>,
    template: &Template<'_>,
    release: Release,
    edition: Edition,
) -> Settings {
    let (mut settings, places) = settle_items(tree, Some(template), release, edition);
    settings.learn_freedom(tree, template, &places);
    settings
}

/// The settings, and the path of every item.
fn settle_items(
    tree: &Tree<'_>,
    template: Option<&Template<'_>>,
    release: Release,
    edition: Edition,
) -> (Settings, Vec<Path>) {
    let comes = |item: &Item<'_>| {
        let parts =
            |template: &Template<'_>| template.parts_at(tree.offset(item.name()), None).next();
        match template.and_then(parts) {
            Some(_) => Comes::Sometimes,
            None => Comes::Always,
        }
    };
    let mut settling = Settling {
        settings: Settings::new(Origin::File, release, edition),
        sinks: Sinks::default(),
        sections: Vec::new(),
        any_engine: false,
    };
    let places = tree
        .items
        .iter()
        .enumerate()
        .map(|(index, item)| settling.take(index, item, comes))
        .collect();
    let Settling {
        mut settings,
        sinks,
        ..
    } = settling;
    sinks.settle(&mut settings);
    settings.order_lists();
    (settings, places)
}

/// Unknown sections deeper than this have the path of the last one that is told apart.
const DEEPEST: usize = 16;

struct Settling {
    settings: Settings,
    sinks: Sinks,
    /// The open sections with the index of their head, outermost first.
    sections: Vec<(usize, Path)>,
    /// Whether a template fills in the kind of the storage engine that was opened last.
    any_engine: bool,
}

impl Settling {
    fn take<'a>(
        &mut self,
        index: usize,
        item: &Item<'a>,
        comes: impl Fn(&Item<'a>) -> Comes,
    ) -> Path {
        let parent = item.parent().map(crate::conf::ItemId::index);
        while self.sections.last().map(|(head, _)| *head) != parent && self.sections.pop().is_some()
        {
        }
        match item.opens {
            Some(opened) => {
                let path = self.open(item, opened, comes);
                self.sections.push((index, path.clone()));
                path
            }
            None if matches!(item.context, Context::LogSink | Context::LogSyslog)
                && item.name() == b"context" =>
            {
                self.sinks.context(item);
                self.below(
                    &item
                        .values()
                        .first()
                        .map(|context| text(context).to_ascii_lowercase())
                        .unwrap_or_default(),
                )
            }
            None => self.parameter(item),
        }
    }

    /// Where a section stands; what its head says is settled.
    fn open<'a>(
        &mut self,
        item: &Item<'a>,
        opened: Context,
        comes: impl Fn(&Item<'a>) -> Comes,
    ) -> Path {
        let name = text(item.name());
        let title = text(item.title());
        match opened {
            Context::Namespace | Context::NetworkTls | Context::XdrDc | Context::XdrNamespace => {
                let path = self.below(name.trim_end_matches('{')).join(&title);
                self.settings.add_section(path.clone(), Some(item.line));
                path
            }
            Context::Set => self.below("set").join(&title),
            Context::LogSink | Context::LogSyslog => {
                let sink = if item.name() == b"file" { title } else { name };
                self.sinks
                    .open(&mut self.settings, &sink, item.line, comes(item))
            }
            Context::StorageMemory
            | Context::StoragePmem
            | Context::StorageDevice
            | Context::IndexPmem
            | Context::IndexFlash
            | Context::SindexPmem
            | Context::SindexFlash => {
                self.any_engine = item.title().contains(&SUBSTITUTE);
                self.parameter(item);
                self.below(&name)
            }
            Context::Security => {
                let path = self.below("security");
                // From 5.7 the section itself turns security on.
                if self.settings.release.is_from(5, 7) {
                    let setting = Setting {
                        value: Value::One("true".to_owned()),
                        written: "true".to_owned(),
                        line: Some(item.line),
                        explicit: true,
                        context: Context::Security,
                        row: None,
                    };
                    self.settings.insert(path.join("enable-security"), setting);
                }
                path
            }
            // Nobody nests that deep; paths that grow with every level would cost a square.
            Context::Unknown if self.sections.len() >= DEEPEST => match self.sections.last() {
                Some((_, path)) => path.clone(),
                None => Path::of(&name),
            },
            Context::Unknown if !title.is_empty() => self.below(&name).join(&title),
            Context::Unknown
            | Context::Top
            | Context::Service
            | Context::Logging
            | Context::Network
            | Context::NetworkService
            | Context::Heartbeat
            | Context::Fabric
            | Context::NetworkInfo
            | Context::NetworkAdmin
            | Context::Sindex
            | Context::Geo2dsphere
            | Context::ModLua
            | Context::Ldap
            | Context::SecurityLog
            | Context::SecuritySyslog
            | Context::Xdr => self.below(name.trim_end_matches('{')),
        }
    }

    fn parameter(&mut self, item: &Item<'_>) -> Path {
        let find = |context| catalogue::find(context, item.name(), self.settings.release);
        let found = find(item.context).or_else(|| match item.context {
            Context::StorageDevice if self.any_engine => {
                find(Context::StorageMemory).or_else(|| find(Context::StoragePmem))
            }
            _ => None,
        });
        let path = match found {
            Some(found) => self.below_by_name(found.row.name()),
            None => self.below(&text(item.name())),
        };
        let values = item.values();
        let values = match item.opens {
            Some(_) => values.get(..1).unwrap_or_default(),
            None => &values,
        };
        let row = found.map(|found| found.row);
        let written = written(values);
        let canonical = row.map_or_else(
            || written.clone(),
            |row| value::from_file(row, values, self.settings.release),
        );
        let setting = Setting {
            value: Value::One(canonical),
            written,
            line: Some(item.line),
            explicit: true,
            context: item.context,
            row,
        };
        match row {
            Some(row) if row.times == Times::Many && item.opens.is_none() => {
                if keeps_the_last(row) {
                    self.settings.entries.remove(&path);
                }
                self.settings.append(path.clone(), setting);
            }
            _ => self.settings.insert(path.clone(), setting),
        }
        path
    }

    fn below(&self, step: &str) -> Path {
        match self.sections.last() {
            Some((_, path)) => path.join(step),
            None => Path::of(step),
        }
    }

    /// The same for a name of the catalogue, which needs no quotes.
    fn below_by_name(&self, name: &'static str) -> Path {
        match self.sections.last() {
            Some((_, path)) => path.join_name(name),
            None => Path::of(name),
        }
    }
}

/// There is one agent of secrets, whatever the grammar allows: the server's cfg.c stores line over line.
pub(super) fn keeps_the_last(row: &Row) -> bool {
    row.name() == "secrets-address-port"
}

/// Words as they are written.
pub(super) fn written(values: &[&[u8]]) -> String {
    match values {
        [only] => text(only).into_owned(),
        several => several
            .iter()
            .map(|value| text(value))
            .collect::<Vec<_>>()
            .join(" "),
    }
}
