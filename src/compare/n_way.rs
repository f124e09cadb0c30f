//! Many sources with each other: who agrees, and who is the outlier.
//!
//! ```text
//! path: value of every source ──hash──> groups of one value ──means the same──> camps; two camps are a difference
//! ```
//! Every source is looked at once for each path, so the time grows with their number and not with its square: only
//! values that are written differently are held against each other, and only where releases, editions or kinds of
//! source are mixed can they mean the same.
//!
//! A section that a source lacks is one difference, and says nothing about what the others have in it.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};

use crate::catalogue::{Context, Row};
use crate::conf::mark::Demand;
use crate::order;
use crate::settings::{
    Origin, Path, Setting, Settings, Stand, Value, Why, completed_seeds, follows_cpus, is_seeds,
    is_threads_of_cpus,
};

use super::class::{Class, groups_of, plain};
use super::three_way::right_by;
use super::{
    Party, Role, Scope, Skip, all_sections, best_known, for_each_path, is_base_level, is_dynamic,
    is_own_default, is_per_node, is_told_by_contexts, is_unknown, left_out, note_left_out,
    value_of, why_open,
};

/// What came of comparing many sources.
#[derive(Clone, Debug, Default)]
pub struct Outliers {
    /// Settings that two sources or more had a value for.
    pub compared: usize,
    /// Sorted by path.
    pub differences: Vec<Outlier>,
    /// Left out on purpose.
    pub skipped: Vec<(Path, Skip)>,
    /// Said by one source, while the silence of the others says nothing.
    pub open: Vec<(Path, Why)>,
    /// Unknown to the catalogue, compared as text.
    pub unknown: Vec<Path>,
    /// How often each ignore pattern matched.
    pub ignored: BTreeMap<String, usize>,
}

/// One path on which sources do not agree.
#[derive(Clone, Debug)]
pub struct Outlier {
    /// Where.
    pub path: Path,
    /// Whether a running server takes a new value.
    pub dynamic: bool,
    /// What is known of the parameter; `None` for sections, log levels and unknown names.
    pub row: Option<&'static Row>,
    /// Where the parameter stands; `None` for a section.
    pub context: Option<Context>,
    /// The larger camp first, and within it the larger group.
    pub groups: Vec<Group>,
}

/// Groups that mean the same have one camp; the largest is 0.
pub type Camp = usize;

/// Sources with one value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    /// As the first of them writes it; the default where they are silent; `None` where nothing is set or the section
    /// is missing.
    pub written: Option<String>,
    /// In canonical form.
    pub value: Option<Value>,
    /// Whether they say it.
    pub explicit: bool,
    /// Their places among the sources, in order.
    pub sources: Vec<usize>,
    /// Whom they agree with.
    pub camp: Camp,
}

impl Outlier {
    /// The camp of most: the one that is larger than every other; `None` where there is no such.
    pub fn majority(&self) -> Option<Camp> {
        let mut sizes: Vec<usize> = Vec::new();
        for group in &self.groups {
            sizes.resize(sizes.len().max(group.camp + 1), 0);
            sizes[group.camp] += group.sources.len();
        }
        match sizes.as_slice() {
            [largest, second, ..] if largest == second => None,
            _ => Some(0),
        }
    }

    /// The sources that are not with the majority, by their place; all of them where there is none.
    pub fn outliers(&self) -> Vec<usize> {
        let majority = self.majority();
        let odd = self
            .groups
            .iter()
            .filter(|group| Some(group.camp) != majority);
        let mut places: Vec<usize> = odd
            .flat_map(|group| group.sources.iter().copied())
            .collect();
        places.sort_unstable();
        places
    }
}

/// Compares every source with every other. What may differ from node to node is left out, unless the scope is strict.
pub fn outliers(sources: &[&Settings], scope: &Scope) -> Outliers {
    let Some(first) = sources.first() else {
        return Outliers::default();
    };
    let mixed_eras = sources
        .iter()
        .any(|source| (source.release, source.edition) != (first.release, first.edition));
    let mixed_origins = sources.iter().any(|source| source.origin != first.origin);
    let mut comparing = Comparing {
        sources,
        scope,
        marked: sources
            .iter()
            .copied()
            .enumerate()
            .filter(|(_, source)| source.origin == Origin::File)
            .collect(),
        is_mixed: mixed_eras || mixed_origins,
        mixed_eras,
        lacking: BTreeMap::new(),
        result: Outliers {
            ignored: scope.uncounted(),
            ..Outliers::default()
        },
    };
    comparing.sections();
    let parties: Vec<Party<'_>> = sources
        .iter()
        .map(|settings| Party {
            role: Role::Runtime,
            settings,
        })
        .collect();
    for_each_path(&parties, |path, said| comparing.path(path, said));
    let mut result = comparing.result;
    order::sort_by(&mut result.differences, |one, other| {
        one.path.cmp(&other.path)
    });
    result
}

struct Comparing<'a, 's> {
    sources: &'a [&'s Settings],
    scope: &'a Scope,
    /// The files, which alone can have marks, with their places.
    marked: Vec<(usize, &'s Settings)>,
    /// Whether values that differ can mean the same.
    is_mixed: bool,
    /// Whether they are of several releases or editions, whose defaults may differ.
    mixed_eras: bool,
    /// Sections that a source lacks, and which do.
    lacking: BTreeMap<&'s Path, Vec<bool>>,
    result: Outliers,
}

impl<'s> Comparing<'_, 's> {
    fn sections(&mut self) {
        for path in all_sections(self.sources.iter().copied()) {
            let has = |at: usize| self.sources[at].has_section(path);
            let lacks: Vec<bool> = (0..self.sources.len())
                .map(|at| {
                    let source = self.sources[at];
                    !has(at) && !source.is_unseen(path) && !source.may_have_section(path)
                })
                .collect();
            let is_optional = |at: usize| !has(at) || self.may_lack(at, path);
            if !lacks.contains(&true) || (0..lacks.len()).all(is_optional) {
                continue;
            }
            let above = self.lacks_above(path);
            let is_of = |at: usize| !above.is_some_and(|above| above[at]);
            let present: Vec<usize> = (0..lacks.len()).filter(|at| has(*at)).collect();
            let absent: Vec<usize> = (0..lacks.len())
                .filter(|at| lacks[*at] && is_of(*at))
                .collect();
            self.lacking.insert(path, lacks);
            if absent.is_empty() || self.is_ignored(path) {
                continue;
            }
            self.result.compared += 1;
            let group = |sources: Vec<usize>, word: Option<&str>| Group {
                written: word.map(str::to_owned),
                value: word.map(|word| Value::One(word.to_owned())),
                explicit: word.is_some(),
                sources,
                camp: 0,
            };
            let groups = vec![group(present, Some("present")), group(absent, None)];
            self.differ(
                path,
                None,
                None,
                groups.into_iter().map(|one| vec![one]).collect(),
            );
        }
    }

    /// Whether what a source says here may be missing: it is conditional, or stands in a conditional section that another
    /// source is without.
    fn may_lack(&self, at: usize, path: &Path) -> bool {
        let freedom = &self.sources[at].freedom;
        let is_missed = |above: Path| self.sources.iter().any(|one| !one.has_any_of(&above));
        freedom.is_optional(path) || freedom.optional_above(path).any(is_missed)
    }

    /// Which sources lack a section above the path.
    fn lacks_above(&self, path: &Path) -> Option<&Vec<bool>> {
        if self.lacking.is_empty() {
            return None;
        }
        let mut above = path.parent();
        while let Some(section) = above {
            if let Some(lacks) = self.lacking.get(&section) {
                return Some(lacks);
            }
            above = section.parent();
        }
        None
    }

    fn path(&mut self, path: &'s Path, said: &[Option<&'s Setting>]) {
        let Some(setting) = best_known(said) else {
            return;
        };
        let sources = self.sources.iter().copied();
        if is_told_by_contexts(path, setting, sources) || self.is_ignored(path) {
            return;
        }
        let (demand, marks) = self.demand(path).unzip();
        let per_node = is_per_node(setting) || demand == Some(&Demand::PerNode);
        if per_node && !self.scope.strict {
            self.result.skipped.push((path.clone(), Skip::PerNode));
            return;
        }
        let stands = self.stands(path, setting, said);
        if setting.row.is_none() && is_unknown(path, setting) {
            self.result.unknown.push(path.clone());
        }
        let mut values: Vec<Option<Cow<'_, Value>>> = stands
            .iter()
            .map(|stand| stand.as_ref().and_then(value_of).map(plain))
            .collect();
        let mut right = right_by(demand, setting.row, self.sources[0].release, || {
            values[marks?].as_deref().cloned()
        });
        for (_, source) in &self.marked {
            let choices = source.freedom.choices(path).iter();
            right.extend(choices.map(|choice| plain(Cow::Borrowed(choice)).into_owned()));
        }
        if values.iter().flatten().nth(1).is_none() {
            if setting.explicit && !is_base_level(path, setting) {
                let why = stands.iter().flatten().find_map(why_open);
                self.result.open.extend(why.map(|why| (path.clone(), why)));
            }
            return;
        }
        if is_seeds(path) {
            values = completed_seeds(self.sources, path, &values)
                .into_iter()
                .map(|value| value.map(|value| plain(Cow::Owned(value))))
                .collect();
        }
        let classes = self.classes(&stands, &values);
        let mut camps = one_camp(&right, self.camps(path, classes));
        if camps.len() > 1 && is_threads_of_cpus(path) && !self.scope.strict {
            camps = self.with_machines_apart(path, camps);
            if camps.len() < 2 {
                self.result.skipped.push((path.clone(), Skip::PerNode));
                return;
            }
        }
        self.result.compared += 1;
        if camps.len() > 1 {
            let groups = camps.into_iter();
            let groups = groups.map(|camp| groups_of(path, camp, &stands)).collect();
            let row = said.iter().flatten().find_map(|setting| setting.row);
            self.differ(path, row, Some(setting.context), groups);
        }
    }

    /// Where every source stands; `None` for one that lacks a section above.
    fn stands<'v>(
        &self,
        path: &Path,
        setting: &Setting,
        said: &[Option<&'v Setting>],
    ) -> Vec<Option<Stand<'v>>>
    where
        's: 'v,
    {
        let lacks = self.lacks_above(path);
        let stand = |at: usize| {
            let source: &'s Settings = self.sources[at];
            match lacks {
                Some(lacks) if lacks[at] => None,
                _ if self.may_lack(at, path) => Some(Stand::Open(Why::Templated)),
                _ => Some(source.stand_with(said[at], path, setting)),
            }
        };
        (0..self.sources.len()).map(stand).collect()
    }

    /// Sources by value, in the order in which each value comes first.
    fn classes<'v>(
        &self,
        stands: &[Option<Stand<'_>>],
        values: &'v [Option<Cow<'_, Value>>],
    ) -> Vec<Class<'v>> {
        let mut classes: Vec<Class<'v>> = Vec::new();
        let mut places: HashMap<(&Value, Origin, bool), usize> = HashMap::new();
        for (at, (stand, value)) in stands.iter().zip(values).enumerate() {
            let (Some(stand), Some(value)) = (stand, value) else {
                continue;
            };
            let value: &Value = value;
            let source = self.sources[at];
            let is_default = self.mixed_eras && is_own_default(stand, source);
            // Most sources say what the first says.
            let place = match classes.first() {
                Some(first)
                    if (first.value, first.origin, first.is_default)
                        == (value, source.origin, is_default) =>
                {
                    0
                }
                _ => *places
                    .entry((value, source.origin, is_default))
                    .or_insert(classes.len()),
            };
            match classes.get_mut(place) {
                Some(class) => class.sources.push(at),
                None => classes.push(Class {
                    value,
                    origin: source.origin,
                    is_default,
                    sources: vec![at],
                }),
            }
        }
        classes
    }

    /// Classes that mean the same; the outcome does not depend on the order of the sources.
    fn camps<'v>(&self, path: &Path, mut classes: Vec<Class<'v>>) -> Vec<Vec<Class<'v>>> {
        if classes.len() < 2 || !self.is_mixed {
            return classes.into_iter().map(|class| vec![class]).collect();
        }
        let said = |value: &Value| match value {
            Value::One(one) => one.clone(),
            Value::Many(many) => many.join("\n"),
            Value::Anything => String::new(),
        };
        order::sort_by_key(&mut classes, |class| {
            let size = std::cmp::Reverse(class.sources.len());
            (
                size,
                said(class.value),
                class.origin == Origin::File,
                class.is_default,
            )
        });
        let agree = |one: &Class<'_>, other: &Class<'_>| {
            (one.is_default && other.is_default)
                || self.sources[one.sources[0]].agrees(
                    path,
                    one.value,
                    self.sources[other.sources[0]],
                    other.value,
                )
        };
        let mut camps: Vec<Vec<Class<'v>>> = Vec::new();
        for class in classes {
            let home = camps
                .iter()
                .position(|camp| camp.iter().all(|other| agree(&class, other)));
            match home {
                Some(camp) => camps[camp].push(class),
                None => camps.push(vec![class]),
            }
        }
        camps
    }

    /// Camps where every node has what follows from its CPUs are one, on whatever machines they are.
    fn with_machines_apart<'v>(
        &self,
        path: &Path,
        camps: Vec<Vec<Class<'v>>>,
    ) -> Vec<Vec<Class<'v>>> {
        let follows = |at: &usize| follows_cpus(self.sources[*at], path);
        let of_machine = |camp: &Vec<Class<'_>>| {
            let mut sources = camp.iter().flat_map(|class| &class.sources);
            sources.all(follows)
        };
        let (machines, mut others): (Vec<_>, Vec<_>) = camps.into_iter().partition(of_machine);
        let machines: Vec<Class<'v>> = machines.into_iter().flatten().collect();
        if !machines.is_empty() {
            others.push(machines);
        }
        others
    }

    fn differ(
        &mut self,
        path: &Path,
        row: Option<&'static Row>,
        context: Option<Context>,
        mut camps: Vec<Vec<Group>>,
    ) {
        let size = |group: &Group| group.sources.len();
        let first = |group: &Group| group.sources.first().copied();
        for camp in &mut camps {
            order::sort_by_key(camp, |group| (std::cmp::Reverse(size(group)), first(group)));
        }
        order::sort_by_key(&mut camps, |camp| {
            let whole: usize = camp.iter().map(size).sum();
            (
                std::cmp::Reverse(whole),
                camp.iter().filter_map(first).min(),
            )
        });
        let numbered = camps.into_iter().enumerate().flat_map(|(number, camp)| {
            camp.into_iter().map(move |group| Group {
                camp: number,
                ..group
            })
        });
        let is_server = |source: &&&Settings| source.origin == Origin::Runtime;
        let server = self.sources.iter().find(is_server);
        let server = server.unwrap_or(&self.sources[0]);
        self.result.differences.push(Outlier {
            path: path.clone(),
            dynamic: is_dynamic(server, path, row, context),
            row,
            context,
            groups: numbered.collect(),
        });
    }

    /// What a mark of any file asks for at a path.
    fn demand(&self, path: &Path) -> Option<(&'s Demand, usize)> {
        self.marked
            .iter()
            .find_map(|(at, source)| Some((source.freedom.demand(path)?, *at)))
    }

    fn is_ignored(&mut self, path: &Path) -> bool {
        let may_differ = || self.lacking.contains_key(path);
        let demand = self.demand(path).map(|(demand, _)| demand);
        let Some(reason) = left_out(self.scope, path, demand, may_differ) else {
            return false;
        };
        let (skipped, ignored) = (&mut self.result.skipped, &mut self.result.ignored);
        note_left_out(path, reason, skipped, ignored);
        true
    }
}

/// Camps with the values that a mark calls right are one.
fn one_camp<'v>(right: &[Value], camps: Vec<Vec<Class<'v>>>) -> Vec<Vec<Class<'v>>> {
    let is_right = |camp: &Vec<Class<'_>>| camp.iter().any(|class| right.contains(class.value));
    let (right, mut others): (Vec<_>, Vec<_>) = camps.into_iter().partition(is_right);
    let right: Vec<Class<'v>> = right.into_iter().flatten().collect();
    if !right.is_empty() {
        others.push(right);
    }
    others
}
