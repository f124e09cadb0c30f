//! On which conditions of a template it depends whether something is there.
//!
//! ```text
//! {% if x %} namespace a { nsup-period 5 } {% endif %}     where the namespace is, its parameter is
//! {% if x %} nsup-period 5 {% else %} nsup-period 6 {% endif %}     the parameter always is
//! ```

use std::collections::BTreeMap;

use crate::conf::template::{Part, Template};
use crate::conf::{Item, Tree};

use super::Path;

/// The parts that decide whether each item is there where its section is, of all `parts` that it is in.
pub(super) fn deciding(
    tree: &Tree<'_>,
    template: &Template<'_>,
    places: &[Path],
    parts: &[Vec<Part>],
) -> Vec<Vec<Part>> {
    let within = within_sections(tree, template, places, parts);
    let is_of_branch = |at: &usize| within[*at] == [Part::Alternative];
    let offset = |at: usize| tree.offset(tree.items[at].name());
    let mut alternatives: BTreeMap<&Path, Vec<usize>> = BTreeMap::new();
    for at in (0..tree.items.len()).filter(is_of_branch) {
        alternatives
            .entry(&places[at])
            .or_default()
            .push(offset(at));
    }
    let always_comes = |at: usize| {
        let said = alternatives.get(&places[at]).map_or(&[][..], Vec::as_slice);
        template.choices.iter().any(|branches| {
            let has = |offset: usize| branches.iter().any(|branch| branch.contains(&offset));
            let is_said = |branch| {
                said.iter()
                    .any(|offset| std::ops::Range::contains(branch, offset))
            };
            has(offset(at)) && branches.iter().all(is_said)
        })
    };
    let mut deciding = within.clone();
    for at in (0..tree.items.len()).filter(is_of_branch) {
        if always_comes(at) {
            deciding[at].clear();
        }
    }
    deciding
}

/// What always stands in a section that comes in one place only is there whenever the section is.
fn within_sections(
    tree: &Tree<'_>,
    template: &Template<'_>,
    places: &[Path],
    parts: &[Vec<Part>],
) -> Vec<Vec<Part>> {
    let mut heads: BTreeMap<&Path, usize> = BTreeMap::new();
    for (item, place) in tree.items.iter().zip(places) {
        *heads.entry(place).or_default() += usize::from(item.opens.is_some());
    }
    let only_head = |item: &Item<'_>| {
        let section = item.parent()?;
        let head = tree.offset(tree.item(section).name());
        let is_only = heads.get(&places[section.index()]) == Some(&1);
        (is_only && !template.stands_for_others(head)).then_some(head)
    };
    let deciding = |(item, parts): (&Item<'_>, &Vec<Part>)| match only_head(item) {
        Some(head) if !parts.is_empty() => {
            let offset = tree.offset(item.name());
            template.parts_at(offset, Some(head)).collect()
        }
        _ => parts.clone(),
    };
    tree.items.iter().zip(parts).map(deciding).collect()
}
