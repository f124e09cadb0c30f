//! What a file leaves open: what a template fills in, and what its marks allow.
//!
//! ```text
//! {{ name }}, ${NAME}          a value that varies: it agrees with everything
//! {% if %} …                   a part that may be missing elsewhere
//! {% for %} … , {% else %}     a part of which neither number nor values are known
//! namespace {{ name }} { … }   any namespace may stand there
//! __CLUSTER__                  any lines may stand there
//! # ascad: ignore | per-node | one-of A|B      on its line, or on the line or section below
//! ```

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::conf::mark::{self, Demand};
use crate::conf::template::Template;
use crate::conf::{Item, Tree};

use super::{Path, Settings, Value};

/// What a file leaves open.
#[derive(Clone, Debug, Default)]
pub struct Freedom {
    /// Settings and sections that may be missing elsewhere.
    optional: BTreeSet<Path>,
    /// Sections into which any lines may come.
    open: BTreeSet<String>,
    /// Any lines may come at the top.
    is_open_at_top: bool,
    /// Paths below which sections of any name may stand: `namespace`.
    varying: BTreeSet<Path>,
    /// Marked paths, as they are printed, with what their marks ask for.
    demands: BTreeMap<String, Demand>,
    /// Values that vary.
    values: usize,
    /// Marks that are none or belong to nothing, on one line each.
    faults: Vec<String>,
}

impl Freedom {
    /// What the marks ask for at a path; the innermost counts.
    pub fn demand(&self, path: &Path) -> Option<&Demand> {
        if self.demands.is_empty() {
            return None;
        }
        let from_outside = path.above().chain([path.as_str()]);
        from_outside
            .filter_map(|marked| self.demands.get(marked))
            .last()
    }

    /// Whether what stands here may be missing elsewhere.
    pub fn is_optional(&self, path: &Path) -> bool {
        self.optional.contains(path)
    }

    /// The sections above a path that may be missing elsewhere.
    pub fn optional_above(&self, path: &Path) -> impl Iterator<Item = Path> {
        let has_any = !self.optional.is_empty();
        let above = std::iter::successors(path.parent().filter(|_| has_any), Path::parent);
        above.filter(|section| self.is_optional(section))
    }

    /// How many values vary and how many settings and sections are optional; nothing for a plain file.
    pub fn counts(&self) -> Option<(usize, usize)> {
        let open = self.open.len() + self.varying.len() + usize::from(self.is_open_at_top);
        (self.values + self.optional.len() + open > 0).then_some((self.values, self.optional.len()))
    }

    /// Marks that are none, or that belong to nothing.
    pub fn faults(&self) -> &[String] {
        &self.faults
    }
}

impl Settings {
    /// Whether a path that this file is silent about may be anything all the same.
    pub(super) fn leaves_open(&self, path: &Path) -> bool {
        let freedom = &self.freedom;
        let is_open = |section: &str| freedom.open.contains(section);
        if freedom.is_open_at_top || is_open(path.as_str()) || path.above().any(is_open) {
            return true;
        }
        freedom.varying.iter().any(|root| {
            let child = path
                .steps()
                .get(root.steps().len())
                .map(|step| root.join(step));
            path.is_within(root) && child.is_some_and(|child| !self.has_section(&child))
        })
    }

    /// Whether a section that this file lacks may be there all the same.
    pub fn may_have_section(&self, path: &Path) -> bool {
        self.leaves_open(path)
    }

    /// Learns what the file leaves open. `places` has the path of every item of the tree.
    pub(super) fn learn_freedom(
        &mut self,
        tree: &Tree<'_>,
        template: &Template<'_>,
        places: &[Path],
    ) {
        let mut said = BTreeSet::new();
        for (item, place) in tree.items.iter().zip(places) {
            self.learn_from_template(tree, template, item, place);
            // A conditional line below an unconditional one: either is right.
            if !said.insert(place) && self.freedom.is_optional(place) && item.opens.is_none() {
                self.fill_in(place);
            }
        }
        for section in template.open_sections(tree) {
            match section {
                Some(id) => {
                    let section = places[id.index()].as_str().to_owned();
                    self.freedom.open.insert(section);
                }
                None => self.freedom.is_open_at_top = true,
            }
        }
        for mark in &tree.marks {
            let line = mark.line;
            match (mark::parse(mark.text), mark.item) {
                (Ok(demand), Some(item)) => {
                    let marked = places[item.index()].as_str().to_owned();
                    self.freedom.demands.insert(marked, demand);
                }
                (Ok(_), None) => self
                    .freedom
                    .faults
                    .push(format!("line {line}: a mark that belongs to nothing")),
                (Err(wrong), _) => self.freedom.faults.push(format!("line {line}: {wrong}")),
            }
        }
    }

    fn learn_from_template(
        &mut self,
        tree: &Tree<'_>,
        template: &Template<'_>,
        item: &Item<'_>,
        place: &Path,
    ) {
        if !template.is_template() {
            return;
        }
        let offset = tree.offset(item.name);
        if template.varies(item.name) {
            self.forget(place);
            return;
        }
        if item.opens.is_some() && template.varies(item.title()) {
            self.forget(place);
            if self.is_titled(place) {
                self.freedom.varying.extend(place.parent());
            }
            return;
        }
        let is_free = template.is_alternative(offset) || template.is_repeated(offset);
        if is_free || item.values().iter().any(|value| template.varies(value)) {
            self.fill_in(place);
        }
        if is_free || template.is_optional(offset) {
            self.freedom.optional.insert(place.clone());
        }
    }

    /// Whoever renders the template decides about the value.
    fn fill_in(&mut self, place: &Path) {
        if let Some(setting) = self.entries.get_mut(place).map(Arc::make_mut) {
            setting.value = Value::Anything;
            setting.written = "(template)".to_owned();
            self.freedom.values += 1;
        }
    }

    /// Whether the last step is a name that the file gives, and not a word of the language.
    fn is_titled(&self, place: &Path) -> bool {
        place.parent().is_some_and(|parent| {
            matches!(
                parent.last().as_str(),
                "namespace" | "set" | "tls" | "dc" | "logging"
            )
        })
    }

    /// A place whose very name varies says nothing that could be compared.
    fn forget(&mut self, place: &Path) {
        self.entries.retain(|path, _| !path.is_within(place));
        self.sections.retain(|path, _| !path.is_within(place));
    }
}
