//! Sections of a template whose name varies: what is fixed in them holds for every section that has such a name.
//!
//! ```text
//! namespace {{ name }} { replication-factor 2 }     beside a file with `namespace users`: as if it said that of `users`
//! ```
//! Where a name could belong to two of them, or where any lines may come, nothing is concluded.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::conf::template::SUBSTITUTE;
use crate::order;

use super::path::is_like;
use super::{Path, Setting, Settings};

/// A section whose name varies.
#[derive(Clone, Debug)]
pub(super) struct Prototype {
    /// With substitutes for what varies in its name.
    pub(super) place: Path,
    /// Whether it may come any number of times.
    pub(super) is_repeated: bool,
    /// What is said in it; in the outermost only.
    pub(super) entries: BTreeMap<Path, Arc<Setting>>,
    /// The sections in it with their lines, itself among them; in the outermost only.
    pub(super) sections: BTreeMap<Path, Option<u32>>,
}

impl Prototype {
    /// Nothing is said in it yet.
    pub(super) fn new(place: Path, is_repeated: bool) -> Prototype {
        Prototype {
            place,
            is_repeated,
            entries: BTreeMap::new(),
            sections: BTreeMap::new(),
        }
    }

    fn root(&self) -> Option<Path> {
        self.place.parent()
    }

    /// Whether a section of this name could be made of it.
    pub(super) fn fits(&self, name: &str) -> bool {
        if self
            .root()
            .is_some_and(|root| is_sink_of_its_own(&root, name))
        {
            return false;
        }
        let varying = char::from(SUBSTITUTE);
        let title = self.place.last();
        let mut fixed: Vec<String> = title.split(varying).map(str::to_owned).collect();
        // A run of substitutes is one text that varies.
        let last = fixed.len() - 1;
        let mut at = 0;
        fixed.retain(|part| {
            at += 1;
            at == 1 || at == last + 1 || !part.is_empty()
        });
        is_like(name, &fixed)
    }
}

/// A path with `*` for every run of substitutes, which quotes show as `\x1a`; a step that is nothing else needs none.
fn starred(path: &str) -> String {
    let substitute = format!("\\x{SUBSTITUTE:02x}");
    let mut starred = path.replace(&substitute, "*");
    while starred.contains("**") {
        starred = starred.replace("**", "*");
    }
    starred.replace("\"*\"", "*")
}

/// The sinks that are no files have no name that could vary.
pub(super) fn is_sink_of_its_own(root: &Path, name: &str) -> bool {
    root.as_str() == "logging" && matches!(name, "console" | "syslog")
}

impl Settings {
    /// What is fixed in sections whose names vary, with `*` for what varies in a name, as patterns of paths have it.
    pub fn said_of_any(&self) -> impl Iterator<Item = (String, &Setting)> {
        let prototypes = self.freedom.prototypes.iter();
        let said = prototypes.flat_map(|prototype| &prototype.entries);
        said.map(|(path, setting)| (starred(path.as_str()), &**setting))
    }

    /// Whether a path belongs to a section that a template makes where the very keyword varies: `{{ kind }} { … }`.
    /// What the template has under its own name it does not make a second time.
    pub(super) fn is_let_in_as_a_section(&self, path: &Path) -> bool {
        let roots = &self.freedom.open_to_sections;
        let steps = || path.steps().into_iter();
        roots.iter().any(|root| {
            let mut below = steps().skip(root.steps().len());
            let Some(keyword) = below.next().filter(|_| path.is_within(root)) else {
                return false;
            };
            let section = root.join(&keyword);
            let is_titled = matches!(&*keyword, "namespace" | "set" | "tls" | "dc");
            let section = match below.next() {
                Some(title) if is_titled => section.join(&title),
                _ => section,
            };
            let has_a_kind = matches!(&*keyword, "storage-engine" | "index-type" | "sindex-type");
            let is_itself_a_section = is_titled || has_a_kind || root.as_str() == "logging";
            (*path != section || is_itself_a_section)
                && !self.has_section(&section)
                && self.at(&section).is_none()
                && !self.says_below(&section)
        })
    }

    /// Puts what is said in sections without a name of their own aside, so that nobody takes it for something said.
    pub(super) fn put_prototypes_aside(&mut self) {
        let mut prototypes = std::mem::take(&mut self.freedom.prototypes);
        for prototype in &mut prototypes {
            self.put_aside(prototype);
        }
        self.freedom.prototypes = prototypes;
    }

    /// Takes what is said in a section whose name varies out of the settings and into its prototype.
    fn put_aside(&mut self, prototype: &mut Prototype) {
        let within = |path: &Path| path.is_within(&prototype.place);
        let (entries, rest) = split(std::mem::take(&mut self.entries), within);
        self.entries = rest;
        let (sections, rest) = split(std::mem::take(&mut self.sections), within);
        self.sections = rest;
        (prototype.entries, prototype.sections) = (entries, sections);
    }

    /// Gives the sections of a template whose names vary the names that `other` has.
    pub fn take_names_of(&mut self, other: &Settings) {
        if self.freedom.prototypes.is_empty() {
            return;
        }
        let mut waiting = self.freedom.prototypes.clone();
        while let Some(root) = waiting.first().and_then(Prototype::root) {
            let (here, rest): (Vec<_>, Vec<_>) = waiting
                .into_iter()
                .partition(|prototype| prototype.root().as_ref() == Some(&root));
            waiting = rest;
            if self.has_insertion_at(&root) {
                continue;
            }
            let mut named: Vec<Vec<Path>> = vec![Vec::new(); here.len()];
            for section in children(other, &root) {
                let name = section.last();
                let mut fitting = (0..here.len()).filter(|at| here[*at].fits(&name));
                let is_said = self.has_section(&section) || self.says_below(&section);
                if let (Some(only), None, false) = (fitting.next(), fitting.next(), is_said) {
                    named[only].push(section);
                }
            }
            for (prototype, names) in here.iter().zip(named) {
                if names.len() > 1 && !prototype.is_repeated {
                    continue;
                }
                for name in names {
                    let nested = waiting.clone();
                    waiting.extend(self.name(prototype, &name, &nested));
                }
            }
        }
    }

    /// Says of `name` what the prototype says; comes back with what of `nested` stands in it.
    fn name(&mut self, prototype: &Prototype, name: &Path, nested: &[Prototype]) -> Vec<Prototype> {
        let moved = |path: &Path| path.moved(&prototype.place, name);
        for (path, setting) in &prototype.entries {
            let place = moved(path).map(|path| (path, Arc::clone(setting)));
            self.entries.extend(place);
        }
        for (path, line) in &prototype.sections {
            self.sections.extend(moved(path).map(|path| (path, *line)));
        }
        self.freedom.hold_for(&prototype.place, name);
        let inside: Vec<Prototype> = nested
            .iter()
            .filter_map(|inner| {
                let place = moved(&inner.place)?;
                Some(Prototype {
                    place,
                    ..inner.clone()
                })
            })
            .collect();
        let named: Vec<Prototype> = inside
            .into_iter()
            .map(|mut inner| {
                self.put_aside(&mut inner);
                inner
            })
            .collect();
        // What none of them says is asked of all that stand at a place.
        let known = &mut self.freedom.prototypes;
        let places: Vec<Path> = known.iter().map(|one| one.place.clone()).collect();
        let new = named.iter().filter(|one| !places.contains(&one.place));
        known.extend(new.cloned());
        named
    }
}

/// The sections that a source has right below a path.
fn children(source: &Settings, root: &Path) -> BTreeSet<Path> {
    let depth = root.steps().len();
    let below = source
        .entries
        .range(root.first_below()..)
        .map(|(path, _)| path)
        .take_while(|path| path.is_within(root));
    let sections = source.sections.keys().filter(|path| path.is_within(root));
    let children = below
        .filter(|path| path.steps().len() > depth + 1)
        .chain(sections)
        .filter_map(|path| Some(root.join(path.steps().get(depth)?)));
    order::set(children)
}

type Split<V> = (BTreeMap<Path, V>, BTreeMap<Path, V>);

fn split<V>(all: BTreeMap<Path, V>, within: impl Fn(&Path) -> bool) -> Split<V> {
    all.into_iter().partition(|(path, _)| within(path))
}
