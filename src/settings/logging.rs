//! Log sinks: the file gives a base level and exceptions, the server every context with its level.
//!
//! `logging.SINK.any` holds the base, `logging.SINK.CONTEXT` an exception. A sink without any line logs what is
//! critical and no more; a later `context any` forgets the exceptions before it.

use std::collections::BTreeMap;

use crate::catalogue::Context;
use crate::conf::Item;

use super::{Path, Setting, Settings, Value};

/// The sinks of a file while it is read.
#[derive(Default)]
pub(super) struct Sinks {
    sinks: Vec<Sink>,
    /// The one that is read.
    open: usize,
    /// Those that a template has under a condition, by their names.
    sometimes: BTreeMap<String, usize>,
}

struct Sink {
    path: Path,
    base: Level,
    exceptions: BTreeMap<String, Level>,
    /// Whether several branches of a template say what it logs: none of them forgets what another says.
    is_shared: bool,
}

/// Whether a sink is in every file that a template makes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Comes {
    Always,
    /// Between `if` or `else` and its end.
    Sometimes,
}

struct Level {
    written: String,
    /// `None` while the file has not said it.
    line: Option<u32>,
}

impl Sinks {
    /// A sink begins: `console`, `syslog` or the path of a file. Every sink line is a new sink, even for a path
    /// that has one. Only branches of a template give the same sink in turn.
    pub(super) fn open(
        &mut self,
        settings: &mut Settings,
        sink: &str,
        line: u32,
        comes: Comes,
    ) -> Path {
        if comes == Comes::Sometimes
            && let Some(&at) = self.sometimes.get(sink)
        {
            self.open = at;
            self.sinks[at].is_shared = true;
            return self.sinks[at].path.clone();
        }
        let path = path_of(settings, sink);
        settings.add_section(path.clone(), Some(line));
        let base = Level {
            written: "critical".to_owned(),
            line: None,
        };
        self.sinks.push(Sink {
            path: path.clone(),
            base,
            exceptions: BTreeMap::new(),
            is_shared: false,
        });
        self.open = self.sinks.len() - 1;
        if comes == Comes::Sometimes {
            self.sometimes.insert(sink.to_owned(), self.open);
        }
        path
    }

    /// A `context NAME LEVEL` line of the sink that was opened last.
    pub(super) fn context(&mut self, item: &Item<'_>) {
        let Some(sink) = self.sinks.get_mut(self.open) else {
            return;
        };
        let word = |at: usize| {
            item.values()
                .get(at)
                .map(|word| String::from_utf8_lossy(word).into_owned())
        };
        let (Some(context), level) = (word(0), word(1).unwrap_or_default()) else {
            return;
        };
        // Servers read contexts in any case and report them in lower case.
        let context = context.to_ascii_lowercase();
        let level = Level {
            written: level,
            line: Some(item.line),
        };
        if context == "any" {
            sink.base = level;
            if !sink.is_shared {
                sink.exceptions.clear();
            }
        } else {
            sink.exceptions.insert(context, level);
        }
    }

    /// Says of every sink what the file means by it.
    pub(super) fn settle(self, settings: &mut Settings) {
        for sink in self.sinks {
            settings.insert(sink.path.join("any"), sink.base.setting());
            for (context, level) in sink.exceptions {
                settings.insert(sink.path.join(&context), level.setting());
            }
        }
    }
}

impl Level {
    fn setting(self) -> Setting {
        Setting {
            value: Value::One(self.written.to_ascii_lowercase()),
            explicit: self.line.is_some(),
            written: self.written,
            line: self.line,
            context: Context::LogSink,
            row: None,
        }
    }
}

/// The path of a new sink; a second sink of the same name is told apart by its number.
pub(super) fn path_of(settings: &mut Settings, sink: &str) -> Path {
    let logging = Path::of("logging");
    let mut path = logging.join(sink);
    if !settings.has_section(&path) {
        return path;
    }
    let mut number = settings.sink_numbers.get(&path).copied().unwrap_or(1);
    let first = path.clone();
    while settings.has_section(&path) {
        number += 1;
        path = logging.join(&format!("{sink} ({number})"));
    }
    settings.sink_numbers.insert(first, number);
    path
}

/// What a sink is set to in one context.
pub(super) fn reported(level: &str) -> Setting {
    Setting {
        value: Value::One(level.to_ascii_lowercase()),
        written: level.to_owned(),
        line: None,
        explicit: true,
        context: Context::LogSink,
        row: None,
    }
}
