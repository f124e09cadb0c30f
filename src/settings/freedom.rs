//! What a file leaves open: what a template fills in, and what its marks allow.
//!
//! ```text
//! {{ name }}, ${NAME}          a value that varies: it agrees with everything
//! {% if %} …                   a part that may be missing elsewhere
//! {% for %} …                  a part that comes any number of times, with the same lines each time
//! {% else %}                   a part that another may stand for
//! namespace {{ name }} { … }   any namespace may stand there; see `prototype`
//! # mesh-seed-placeholder      any seeds may stand there
//! __CLUSTER__                  any lines may stand there
//! {{ name }} {{ value }}       any parameter may stand there
//! {{ name }} { … }             any section may stand there
//! # ascad: ignore | per-node | one-of A|B      on its line, or on the line or section below
//! ```

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::catalogue::{Context, Kind, Row, Times};
use crate::conf::mark::{self, Demand};
use crate::conf::template::{Inserted, Part, Template, signs};
use crate::conf::{Item, Tree};

use super::conditions;
use super::prototype::{Prototype, is_sink_of_its_own};
use super::tree::written;
use super::{Path, Setting, Settings, Value, value};

/// What a file leaves open.
#[derive(Clone, Debug, Default)]
pub struct Freedom {
    /// Settings and sections that may be missing elsewhere.
    optional: BTreeSet<Path>,
    /// Sections into which any lines may come.
    open: BTreeSet<Path>,
    /// Sections into which any parameters may come.
    open_to_parameters: BTreeSet<Path>,
    /// Sections into which sections of any kind may come.
    pub(super) open_to_sections: BTreeSet<Path>,
    /// Lists of seeds that scripts insert where the file has none.
    places_for_seeds: BTreeSet<Path>,
    /// Any lines may come at the top.
    is_open_at_top: bool,
    /// Paths below which sections of any name may stand: `namespace`.
    varying: BTreeSet<Path>,
    /// Those of them below which another branch, of which nothing is known, may put sections.
    unknown: BTreeSet<Path>,
    /// The sections whose names vary.
    pub(super) prototypes: Vec<Prototype>,
    /// Marked paths with what their marks ask for.
    demands: BTreeMap<Path, Demand>,
    /// The values of parameters that a template gives one of several values.
    choices: BTreeMap<Path, Vec<Value>>,
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

    /// The values that a template chooses from, if it does; each of them is right.
    pub fn choices(&self, path: &Path) -> &[Value] {
        self.choices.get(path).map_or(&[], Vec::as_slice)
    }

    /// Whether what stands here may be missing elsewhere.
    pub fn is_optional(&self, path: &Path) -> bool {
        self.optional.contains(path)
    }

    /// The sections above a path that may be missing elsewhere.
    pub fn optional_above(&self, path: &Path) -> impl Iterator<Item = Path> {
        let first = match self.optional.is_empty() {
            true => None,
            false => path.parent(),
        };
        let above = std::iter::successors(first, Path::parent);
        above.filter(|section| self.is_optional(section))
    }

    /// Whether any lines may come here, or into something that this stands in.
    fn takes_any_lines(&self, path: &Path) -> bool {
        let is_open = |section: &str| self.open.contains(section);
        is_open(path.as_str()) || path.above().any(is_open) || self.places_for_seeds.contains(path)
    }

    /// How many values vary and how many settings and sections are optional; nothing for a plain file.
    pub fn counts(&self) -> Option<(usize, usize)> {
        let open = self.open.len() + self.open_to_parameters.len() + self.open_to_sections.len();
        let open = open + self.varying.len() + usize::from(self.is_open_at_top);
        (self.values + self.optional.len() + open > 0).then_some((self.values, self.optional.len()))
    }

    /// What holds in a section holds in the one that was made of it, too.
    pub(super) fn hold_for(&mut self, section: &Path, name: &Path) {
        fn also(paths: &mut BTreeSet<Path>, section: &Path, name: &Path) {
            let moved: Vec<Path> = paths
                .iter()
                .filter_map(|path| path.moved(section, name))
                .collect();
            paths.extend(moved);
        }
        fn also_said<V: Clone>(said: &mut BTreeMap<Path, V>, section: &Path, name: &Path) {
            let moved: Vec<(Path, V)> = said
                .iter()
                .filter_map(|(path, value)| Some((path.moved(section, name)?, value.clone())))
                .collect();
            said.extend(moved);
        }
        also(&mut self.optional, section, name);
        also(&mut self.open, section, name);
        also(&mut self.open_to_parameters, section, name);
        also(&mut self.open_to_sections, section, name);
        also(&mut self.varying, section, name);
        also(&mut self.unknown, section, name);
        also_said(&mut self.demands, section, name);
        also_said(&mut self.choices, section, name);
    }

    /// Whether what comes here, or into a section that this stands in, may say it.
    fn lets_in(&self, path: &Path) -> bool {
        let takes = |section: Path| self.open_to_parameters.contains(&section);
        self.takes_any_lines(path) || path.parent().is_some_and(takes)
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
        if freedom.lets_in(path) || self.is_let_in_as_a_section(path) {
            return true;
        }
        if freedom.is_open_at_top && !self.has_its_top_section(path) {
            return true;
        }
        freedom.varying.iter().any(|root| {
            let child = path
                .steps()
                .get(root.steps().len())
                .map(|step| root.join(step));
            let may_be_any =
                |child: &Path| !self.has_section(child) && !is_sink_of_its_own(root, &child.last());
            path.is_within(root)
                && child.is_some_and(|child| {
                    may_be_any(&child) && !self.nobody_says(root, &child, path)
                })
        })
    }

    /// Whether a template that gives sets of any name has none that could be this one and say this of it. A set is
    /// nothing in itself, so it is all the same whether the template makes it.
    fn nobody_says(&self, root: &Path, child: &Path, path: &Path) -> bool {
        let freedom = &self.freedom;
        if root.last() != "set" || child == path || freedom.unknown.contains(root) {
            return false;
        }
        let prototypes = &freedom.prototypes;
        let mut here = prototypes
            .iter()
            .filter(|one| one.place.parent().as_ref() == Some(root))
            .peekable();
        let says = |one: &Prototype| {
            path.moved(child, &one.place)
                .is_none_or(|place| one.entries.contains_key(&place) || freedom.lets_in(&place))
        };
        here.peek().is_some() && here.all(|one| !one.fits(&child.last()) || !says(one))
    }

    /// Whether the file has the section at the top that a path is in: nobody adds to that in a second place.
    fn has_its_top_section(&self, path: &Path) -> bool {
        let steps = path.steps();
        let Some(first) = steps.first() else {
            return false;
        };
        let top = Path::of(first);
        match steps.get(1) {
            Some(name) if first == "namespace" => self.has_section(&top.join(name)),
            _ => self.says_below(&top),
        }
    }

    /// Whether a section that this file lacks may be there all the same.
    pub fn may_have_section(&self, path: &Path) -> bool {
        self.leaves_open(path)
    }

    /// Whether any lines may come into this section.
    pub(super) fn has_insertion_at(&self, section: &Path) -> bool {
        self.freedom.is_open_at_top || self.freedom.takes_any_lines(section)
    }

    /// Learns what the file leaves open. `places` has the path of every item of the tree.
    pub(super) fn learn_freedom(
        &mut self,
        tree: &Tree<'_>,
        template: &Template<'_>,
        places: &[Path],
    ) {
        if template.is_template() {
            self.learn_from_template(tree, template, places);
        }
        self.learn_from_insertions(tree, template, places);
        if template.is_template() {
            self.leave_bases_open();
        }
        self.learn_from_placeholders(tree, places);
        for mark in &tree.marks {
            let line = mark.line;
            match (mark::parse(mark.text), mark.item) {
                (Ok(demand), Some(item)) => {
                    let marked = places[item.index()].clone();
                    self.freedom.demands.insert(marked, demand);
                }
                (Ok(_), None) => self
                    .freedom
                    .faults
                    .push(format!("line {line}: a mark that belongs to nothing")),
                (Err(wrong), _) => self.freedom.faults.push(format!("line {line}: {wrong}")),
            }
        }
        self.put_prototypes_aside();
    }

    /// `port $port`: a sign that is no value of this kind can only stand for one. Of a text nobody can tell, unless
    /// the file has the same signs where they can stand for nothing else.
    fn learn_from_placeholders(&mut self, tree: &Tree<'_>, places: &[Path]) {
        let mut certain = BTreeSet::new();
        let mut likely = Vec::new();
        for (item, place) in tree.items.iter().zip(places) {
            let signs: Vec<usize> = item
                .values()
                .iter()
                .filter_map(|word| signs(word))
                .collect();
            if item.opens.is_some() || signs.is_empty() {
                continue;
            }
            match self.at(place).and_then(|said| said.row) {
                Some(row) if is_told_apart(row.kind) => {
                    self.fill_in(place);
                    certain.extend(signs);
                }
                Some(row) if row.kind == Kind::Text => likely.push((place, signs)),
                _ => {}
            }
        }
        for (place, signs) in likely {
            if signs.iter().any(|signs| certain.contains(signs)) {
                self.fill_in(place);
            }
        }
    }

    fn learn_from_template(&mut self, tree: &Tree<'_>, template: &Template<'_>, places: &[Path]) {
        let parts: Vec<Vec<Part>> = tree
            .items
            .iter()
            .map(|item| {
                let head = head_that_varies(tree, template, item);
                template.parts_at(tree.offset(item.name()), head).collect()
            })
            .collect();
        // Of a parameter that is given twice the last counts, so whatever stands before one that always comes does not.
        let mut always = BTreeMap::new();
        for (at, place) in places.iter().enumerate() {
            let is_list = |setting: &Setting| setting.row.is_some_and(is_list);
            let is_one = tree.items[at].opens.is_none() && !self.at(place).is_some_and(is_list);
            if is_one && parts[at].is_empty() {
                always.insert(place, at);
            }
        }
        let deciding = conditions::deciding(self, tree, template, places, &parts);
        let lists = conditions::lists(self, tree, template, places, &deciding);
        let is_of_lists = |place: &Path| {
            let found = lists.binary_search_by(|list| list.place.cmp(place));
            found.is_ok()
        };
        let mut said: BTreeMap<&Path, Vec<Value>> = BTreeMap::new();
        for (at, (item, place)) in tree.items.iter().zip(places).enumerate() {
            if always.get(place).is_some_and(|last| at < *last) {
                continue;
            }
            let offset = tree.offset(item.name());
            self.learn_from_item(template, offset, item, place, (&parts[at], &deciding[at]));
            let is_first = !said.contains_key(place);
            let values = said.entry(place).or_default();
            match self.fixed_value(template, offset, item, place) {
                Some(value) => values.push(value),
                None if is_of_lists(place) => {}
                None if deciding[at].contains(&Part::Alternative)
                    || deciding[at].contains(&Part::Repeated) =>
                {
                    self.fill_in(place);
                }
                // A conditional line below another: either is right.
                None if !is_first && item.opens.is_none() && self.freedom.is_optional(place) => {
                    self.fill_in(place);
                }
                None => {}
            }
        }
        said.retain(|_, values| values.len() > 1);
        let choices = said.into_iter();
        self.freedom
            .choices
            .extend(choices.map(|(place, values)| (place.clone(), values)));
        for list in lists {
            if list.is_fixed {
                self.freedom.optional.remove(&list.place);
            }
            self.freedom.choices.insert(list.place, list.choices);
        }
    }

    fn learn_from_insertions(&mut self, tree: &Tree<'_>, template: &Template<'_>, places: &[Path]) {
        for (section, inserted) in template.open_sections(tree) {
            let section = section.map(|id| places[id.index()].clone());
            match (section, inserted) {
                (None, Inserted::Seeds) => {}
                (None, _) => self.freedom.is_open_at_top = true,
                (Some(section), Inserted::Lines) => _ = self.freedom.open.insert(section),
                (Some(section), Inserted::Parameter) => {
                    self.freedom.open_to_parameters.insert(section);
                }
                (Some(section), Inserted::Seeds) => {
                    let seeds = ["mesh-seed-address-port", "tls-mesh-seed-address-port"];
                    let seeds = seeds.map(|seeds| section.join(seeds));
                    self.freedom.places_for_seeds.extend(seeds);
                }
            }
        }
    }

    /// What a sink logs that nothing is said of is known only where nothing can be inserted.
    fn leave_bases_open(&mut self) {
        let freedom = &self.freedom;
        for (place, setting) in &mut self.entries {
            let is_silent = setting.context == Context::LogSink && !setting.explicit;
            if is_silent && freedom.lets_in(place) {
                Arc::make_mut(setting).value = Value::Anything;
            }
        }
    }

    fn learn_from_item(
        &mut self,
        template: &Template<'_>,
        offset: usize,
        item: &Item<'_>,
        place: &Path,
        (parts, deciding): (&[Part], &[Part]),
    ) {
        if template.varies(item.name()) {
            self.forget(place);
            match place.parent() {
                _ if item.opens.is_none() => {}
                Some(section) => _ = self.freedom.open_to_sections.insert(section),
                None => self.freedom.is_open_at_top = true,
            }
            return;
        }
        let is_titled = item.opens.is_some() && self.is_titled(place);
        if is_titled && template.stands_for_others(offset) {
            self.freedom.varying.extend(place.parent());
            self.freedom.unknown.extend(place.parent());
        }
        if item.opens.is_some() && template.varies(item.title()) {
            if is_titled {
                self.freedom.varying.extend(place.parent());
                let is_repeated = parts.contains(&Part::Repeated);
                let prototype = Prototype::new(place.clone(), is_repeated);
                self.freedom.prototypes.push(prototype);
                return;
            }
            if self.at(place).is_none() {
                self.forget(place);
                return;
            }
            // The kind of an engine or an index.
            self.fill_in(place);
        }
        let names_a_context = item.name() == b"context" && item.opens.is_none();
        let first = item.values().first().copied().unwrap_or_default();
        if names_a_context && template.varies(first) {
            self.forget(place);
            self.freedom.open.extend(place.parent());
            return;
        }
        if item.values().iter().any(|value| template.varies(value)) {
            self.fill_in(place);
        }
        if !deciding.is_empty() {
            self.freedom.optional.insert(place.clone());
        }
    }

    /// What an item says of a parameter that has one value, where nothing but a condition decides whether it says so.
    fn fixed_value(
        &self,
        template: &Template<'_>,
        offset: usize,
        item: &Item<'_>,
        place: &Path,
    ) -> Option<Value> {
        let row = self.at(place)?.row;
        if row.is_some_and(is_list) {
            return None;
        }
        let values = item.values();
        let values = match item.opens {
            Some(_) => values.get(..1).unwrap_or_default(),
            None => &values,
        };
        let varies = values.iter().any(|value| template.varies(value));
        let is_any = template.stands_for_others(offset);
        let value = || match row {
            Some(row) => value::from_file(row, values, self.release),
            None if item.name() == b"context" => {
                written(values.get(1..).unwrap_or_default()).to_ascii_lowercase()
            }
            None => written(values),
        };
        (!varies && !is_any).then(|| Value::One(value()))
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

/// Whether a value of this kind never looks like a placeholder.
fn is_told_apart(kind: Kind) -> bool {
    !matches!(
        kind,
        Kind::Text | Kind::Section | Kind::Obsolete | Kind::Flag
    )
}

fn is_list(row: &Row) -> bool {
    row.times == Times::Many
}

/// The head of the innermost section around an item whose name varies: whatever is repeated is the whole section.
fn head_that_varies(tree: &Tree<'_>, template: &Template<'_>, item: &Item<'_>) -> Option<usize> {
    let mut section = item.parent();
    while let Some(id) = section {
        let head = tree.item(id);
        if template.varies(head.title()) {
            return Some(tree.offset(head.name()));
        }
        section = head.parent();
    }
    None
}
