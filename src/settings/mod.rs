//! What a source says, in one form for all: canonical path → value.
//!
//! ```text
//! (tree, release, edition) ──tree::settle────> Settings ──┐
//! answers of a node ─────────answers::settle─> Settings ──┴─> compare
//! ```
//! A path that a source leaves out has a [`Stand`], too: its default, whatever the machine decides, or nothing that
//! could be compared. All that is known of silence stands in `silence`.
//!
//! Not here: fetching, and which differences matter.

pub mod answers;
mod change;
mod conditions;
mod derived;
mod freedom;
mod logging;
mod node;
mod pairs;
mod path;
mod prototype;
mod racks;
mod seeds;
mod silence;
pub mod tree;
pub mod value;
mod whole;

use std::collections::BTreeMap;
use std::sync::Arc;

pub use derived::{Interface, Machine, Whereabouts, follows_cpus, is_threads_of_cpus};
pub use freedom::Freedom;
pub use path::{Path, Pattern};
pub use seeds::{completed as completed_seeds, is_own_seed, is_seeds};
pub use silence::{Stand, Why, is_runtime_only, own_default};
pub use value::Value;

use crate::catalogue::{Context, Edition, Release, Row, Times};

/// Where settings come from; silence means something else in a file and at run time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Origin {
    /// A file of configuration.
    File,
    /// A running server, or the recording of one.
    Runtime,
}

/// One setting with its origin.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Setting {
    /// In canonical form.
    pub value: Value,
    /// As the source writes it.
    pub written: String,
    /// The line of the file; `None` at run time and for what the file only implies.
    pub line: Option<u32>,
    /// False for what the source implies without saying it.
    pub explicit: bool,
    /// Where it stands.
    pub context: Context,
    /// What is known of it; `None` where the catalogue has no row.
    pub row: Option<&'static Row>,
}

/// All settings of one source.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Where they come from.
    pub origin: Origin,
    /// The server that they are for.
    pub release: Release,
    /// Its edition.
    pub edition: Edition,
    /// Shared where many nodes say the same; see [`Settings::share`].
    entries: BTreeMap<Path, Arc<Setting>>,
    /// Namespaces, tls sections, data centres and log sinks, with their lines.
    sections: BTreeMap<Path, Option<u32>>,
    /// What a silent file is known to mean on this very node; see `derived`.
    implied: BTreeMap<Path, Value>,
    /// What a silent file is known to mean on this very node, where the file has several; see `derived`.
    expected: BTreeMap<Path, Value>,
    /// What could not be seen.
    unseen: Vec<Path>,
    /// The addresses at which a node says that it is reached.
    own_addresses: Vec<String>,
    /// The ids by which a node knows its log sinks.
    sink_ids: BTreeMap<Path, String>,
    /// What the file leaves open.
    pub freedom: Freedom,
    /// How many sinks of one name there are, where there are several.
    sink_numbers: BTreeMap<Path, u32>,
}

impl Settings {
    /// No settings yet.
    pub fn new(origin: Origin, release: Release, edition: Edition) -> Settings {
        Settings {
            origin,
            release,
            edition,
            entries: BTreeMap::new(),
            sections: BTreeMap::new(),
            implied: BTreeMap::new(),
            expected: BTreeMap::new(),
            unseen: Vec::new(),
            own_addresses: Vec::new(),
            sink_ids: BTreeMap::new(),
            freedom: Freedom::default(),
            sink_numbers: BTreeMap::new(),
        }
    }

    /// The setting at a path, if the source says or implies one.
    pub fn at(&self, path: &Path) -> Option<&Setting> {
        self.entries.get(path).map(Arc::as_ref)
    }

    /// All settings, sorted by path.
    pub fn iter(&self) -> impl Iterator<Item = (&Path, &Setting)> {
        self.entries
            .iter()
            .map(|(path, setting)| (path, &**setting))
    }

    /// How many settings the source says.
    pub fn count(&self) -> usize {
        self.entries
            .values()
            .filter(|setting| setting.explicit)
            .count()
    }

    /// Namespaces, tls sections, data centres and log sinks, sorted by path, with their lines.
    pub fn sections(&self) -> impl Iterator<Item = (&Path, Option<u32>)> {
        self.sections.iter().map(|(path, line)| (path, *line))
    }

    /// Whether the source has this section.
    pub fn has_section(&self, path: &Path) -> bool {
        self.sections.contains_key(path)
    }

    /// The line of this section, if the source has it and has lines.
    pub fn section_line(&self, path: &Path) -> Option<u32> {
        self.sections.get(path).copied().flatten()
    }

    /// Whether the source says anything below this path.
    pub fn says_below(&self, path: &Path) -> bool {
        self.entries
            .range(path.first_below()..)
            .next()
            .is_some_and(|(next, _)| next.is_within(path))
    }

    /// Whether there is a section here, or anything in it.
    pub fn has_any_of(&self, path: &Path) -> bool {
        let mut below = self.sections.range(path.first_below()..);
        self.has_section(path)
            || self.says_below(path)
            || below.next().is_some_and(|(next, _)| next.is_within(path))
    }

    /// Whether something at or above the path could not be seen.
    pub fn is_unseen(&self, path: &Path) -> bool {
        self.unseen.iter().any(|unseen| path.is_within(unseen))
    }

    /// Holds in common with `other` what both say, so that a thousand nodes of one configuration need little more
    /// memory than one.
    pub fn share(&mut self, other: &Settings) {
        let mut theirs = other.entries.iter().peekable();
        let mine = std::mem::take(&mut self.entries);
        let shared = mine.into_iter().map(|(path, setting)| {
            while theirs.next_if(|(their, _)| **their < path).is_some() {}
            match theirs.next_if(|(their, _)| **their == path) {
                Some((their, said)) if *said == setting => (their.clone(), Arc::clone(said)),
                Some((their, _)) => (their.clone(), setting),
                None => (path, setting),
            }
        });
        self.entries = shared.collect();
    }

    /// Sets a path; a later setting replaces an earlier one.
    pub fn insert(&mut self, path: Path, setting: Setting) {
        self.entries.insert(path, Arc::new(setting));
    }

    /// Adds one value to a list, or starts it; [`Settings::order_lists`] puts it into canonical form.
    fn append(&mut self, path: Path, setting: Setting) {
        let Some(present) = self.entries.get_mut(&path).map(Arc::make_mut) else {
            let value = Value::Many(setting.value.into_list());
            self.insert(path, Setting { value, ..setting });
            return;
        };
        present.written.push_str(", ");
        present.written.push_str(&setting.written);
        if present.value != Value::Anything {
            let mut values = std::mem::replace(&mut present.value, Value::Anything).into_list();
            values.extend(setting.value.into_list());
            present.value = Value::Many(values);
        }
    }

    /// A value of this row as a list or a word, for a source that gives lists by repeating a key.
    fn add_reported(
        &mut self,
        path: Path,
        context: Context,
        row: Option<&'static Row>,
        reported: &str,
    ) {
        let canonical = row.map_or_else(
            || reported.to_owned(),
            |row| value::from_server(row, reported),
        );
        let is_empty = canonical.is_empty();
        let setting = Setting {
            value: Value::One(canonical),
            written: reported.to_owned(),
            line: None,
            explicit: true,
            context,
            row,
        };
        match row {
            Some(row) if row.times == Times::Many && is_empty => {
                self.insert(
                    path,
                    Setting {
                        value: Value::Many(Vec::new()),
                        ..setting
                    },
                );
            }
            Some(row) if row.times == Times::Many => self.append(path, setting),
            _ if self.at(&path).is_some() => self.append(path, setting),
            _ => self.insert(path, setting),
        }
    }

    /// Lists were added to as they came; sorting them once at the end keeps the time linear.
    fn order_lists(&mut self) {
        for setting in self.entries.values_mut().map(Arc::make_mut) {
            let order = setting.row.map_or(value::Order::Free, value::order_of);
            if let Value::Many(values) = &mut setting.value {
                setting.value = Value::list(std::mem::take(values), order);
            }
        }
    }

    /// The id by which the node knows a log sink.
    pub fn sink_id(&self, sink: &Path) -> Option<&str> {
        self.sink_ids.get(sink).map(String::as_str)
    }

    /// Where the syslog sink of this file writes to.
    pub fn syslog_path(&self) -> Option<String> {
        let syslog = Path::of("logging").join("syslog");
        self.has_section(&syslog).then(|| {
            self.one(&syslog.join("path"))
                .unwrap_or("/dev/log")
                .to_owned()
        })
    }

    fn own_addresses(&self) -> &[String] {
        &self.own_addresses
    }

    fn add_section(&mut self, path: Path, line: Option<u32>) {
        self.sections.entry(path).or_insert(line);
    }

    fn one(&self, path: &Path) -> Option<&str> {
        match &self.at(path)?.value {
            Value::One(value) => Some(value),
            Value::Many(_) | Value::Anything => None,
        }
    }

    fn many(&self, path: &Path) -> &[String] {
        match self.at(path).map(|setting| &setting.value) {
            Some(Value::Many(values)) => values,
            Some(Value::One(_) | Value::Anything) | None => &[],
        }
    }
}
