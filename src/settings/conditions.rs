//! On which conditions of a template it depends whether something is there.
//!
//! ```text
//! {% if x %} namespace a { nsup-period 5 } {% endif %}     where the namespace is, its parameter is
//! {% if x %} nsup-period 5 {% else %} nsup-period 6 {% endif %}     the parameter always is
//! ```

use std::collections::BTreeMap;
use std::ops::Range;

use crate::catalogue::{Row, Times};
use crate::conf::template::{Part, Template};
use crate::conf::{Item, Tree};

use super::seeds::is_seeds;
use super::tree::keeps_the_last;
use super::value::{self, Value, order_of};
use super::{Path, Settings};

/// Lists with more elements under conditions than this may be anything.
const MOST_CONDITIONAL: usize = 6;

/// The parts that decide whether each item is there where its section is, of all `parts` that it is in.
pub(super) fn deciding(
    settings: &Settings,
    tree: &Tree<'_>,
    template: &Template<'_>,
    places: &[Path],
    parts: &[Vec<Part>],
) -> Vec<Vec<Part>> {
    let within = within_sections(tree, template, places, parts);
    let is_list = |place: &Path| {
        let row = settings.at(place).and_then(|said| said.row);
        row.is_some_and(|row| row.times == Times::Many)
    };
    // Another branch may have another element of a list.
    let is_of_branch = |at: &usize| within[*at] == [Part::Alternative] && !is_list(&places[*at]);
    let offset = |at: usize| tree.offset(tree.items[at].name());
    let of_branches: Vec<usize> = (0..tree.items.len()).filter(is_of_branch).collect();
    let mut alternatives: BTreeMap<&Path, Vec<usize>> = BTreeMap::new();
    for at in &of_branches {
        alternatives.entry(&places[*at]).or_default().push(*at);
    }
    // Items come in the order of their bytes.
    let inside = |items: &[usize], branch: &Range<usize>| {
        let before = |end: usize| items.partition_point(|at| offset(*at) < end);
        items[before(branch.start)..before(branch.end)].to_vec()
    };
    let mut deciding = within.clone();
    for branches in &template.choices {
        let first = branches.first().cloned().unwrap_or_default();
        for at in inside(&of_branches, &first) {
            let said = &alternatives[&places[at]];
            let said: Vec<_> = branches.iter().map(|branch| inside(said, branch)).collect();
            // It always comes where every branch says it.
            if said.iter().all(|said| !said.is_empty()) {
                said.concat().iter().for_each(|at| deciding[*at].clear());
            }
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
    // What a section's own head is in may be left out; it is nothing where the head always comes.
    let only_head = |item: &Item<'_>| {
        let section = item.parent()?;
        let head = tree.offset(tree.item(section).name());
        let is_only = heads.get(&places[section.index()]) == Some(&1);
        let is_conditional = !parts[section.index()].is_empty();
        (is_only && is_conditional && !template.stands_for_others(head)).then_some(head)
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

/// A list of which some elements are conditional and all are known.
pub(super) struct Conditional {
    /// Where it stands.
    pub(super) place: Path,
    /// Every list that the template may make of it.
    pub(super) choices: Vec<Value>,
    /// Whether an element always is there.
    pub(super) is_fixed: bool,
}

/// What an element says, where that is known, and whether it may be missing.
type Element = (Option<String>, bool);

/// The lists in which conditional elements stand, sorted by their places. What of the node's own seeds is left out is a matter of its own, so
/// lists of seeds are none.
pub(super) fn lists(
    settings: &Settings,
    tree: &Tree<'_>,
    template: &Template<'_>,
    places: &[Path],
    deciding: &[Vec<Part>],
) -> Vec<Conditional> {
    let mut lists: BTreeMap<&Path, (&Row, Vec<Element>)> = BTreeMap::new();
    for ((item, place), deciding) in tree.items.iter().zip(places).zip(deciding) {
        let row = settings.at(place).and_then(|said| said.row);
        let Some(row) = row.filter(|row| row.times == Times::Many && !is_seeds(place)) else {
            continue;
        };
        let varies = item.values().iter().any(|word| template.varies(word));
        let is_repeated = deciding.contains(&Part::Repeated);
        let is_known = !varies && !is_repeated && item.opens.is_none() && !keeps_the_last(row);
        let element = is_known.then(|| value::from_file(row, &item.values(), settings.release));
        let (_, said) = lists.entry(place).or_insert((row, Vec::new()));
        said.push((element, !deciding.is_empty()));
    }
    let conditional = |(place, (row, said)): (&Path, (&Row, Vec<Element>))| {
        let count = said.iter().filter(|(_, may_lack)| *may_lack).count();
        let known: Option<Vec<(String, bool)>> = said
            .into_iter()
            .map(|(element, may_lack)| Some((element?, may_lack)))
            .collect();
        let known = known.filter(|_| (1..=MOST_CONDITIONAL).contains(&count))?;
        let order = order_of(row);
        let choice = |taken: usize| {
            let mut at = 0;
            let mut is_taken = |may_lack: bool| {
                at += usize::from(may_lack);
                !may_lack || taken & (1 << (at - 1)) != 0
            };
            let taken = known.iter().filter(|(_, may_lack)| is_taken(*may_lack));
            Value::list(taken.map(|(element, _)| element.clone()).collect(), order)
        };
        Some(Conditional {
            place: place.clone(),
            choices: (0..1 << count).map(choice).collect(),
            is_fixed: known.len() > count,
        })
    };
    lists.into_iter().filter_map(conditional).collect()
}
