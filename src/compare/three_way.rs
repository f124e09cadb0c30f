//! One file with a runtime and references.
//!
//! Sections come first: what one side lacks as a whole is one difference, and nothing below it is another.

use std::borrow::Cow;
use std::collections::BTreeSet;

use crate::catalogue::{Context, Release, Row};
use crate::conf::mark::Demand;
use crate::order;
use crate::settings::value;
use crate::settings::{Path, Setting, Stand, Value, Why};

use super::{
    Comparison, Difference, Kind, Party, Role, Scope, Side, Skip, all_sections, best_known,
    for_each_path, is_base_level, is_dynamic, is_own_default, is_per_node, is_told_by_contexts,
    is_unknown, left_out, note_left_out, side_of, value_of, why_open,
};

/// Compares one file with a runtime and references. The file comes first among the parties.
pub fn compare(parties: &[Party<'_>], scope: &Scope) -> Comparison {
    let mut comparing = Comparing {
        parties,
        scope,
        missing: BTreeSet::new(),
        result: Comparison {
            ignored: scope.uncounted(),
            ..Comparison::default()
        },
    };
    comparing.sections();
    for_each_path(parties, |path, said| comparing.path(path, said));
    order::sort_by(&mut comparing.result.differences, |one, other| {
        one.path.cmp(&other.path)
    });
    comparing.result
}

/// What the parties say on a path.
#[derive(Clone, Copy)]
struct Values<'a> {
    values: &'a [Option<Cow<'a, Value>>],
    /// Whether each has its own release's default; empty where nobody asks.
    defaults: &'a [bool],
    /// Values that a mark calls right: they agree with each other.
    right: &'a [Value],
}

impl Values<'_> {
    fn are_defaults(&self, one: usize, other: usize) -> bool {
        self.defaults.get(one) == Some(&true) && self.defaults.get(other) == Some(&true)
    }

    fn are_right(&self, one: &Value, other: &Value) -> bool {
        self.right.contains(one) && self.right.contains(other)
    }
}

struct Comparing<'a, 's> {
    parties: &'a [Party<'s>],
    scope: &'a Scope,
    /// Sections that a party lacks.
    missing: BTreeSet<&'s str>,
    result: Comparison,
}

impl<'s> Comparing<'_, 's> {
    fn sections(&mut self) {
        for path in all_sections(self.parties.iter().map(|party| party.settings)) {
            let has: Vec<bool> = self
                .parties
                .iter()
                .map(|party| party.settings.has_section(path))
                .collect();
            let lacks = |at: usize| {
                let settings = self.parties[at].settings;
                !has[at] && !settings.is_unseen(path) && !settings.may_have_section(path)
            };
            // It may be missing, or what it stands in may be, and is.
            let is_missed = |above: &Path| {
                let lacks_it =
                    |at: usize| lacks(at) && !self.parties[at].settings.has_any_of(above);
                (0..has.len()).any(lacks_it)
            };
            let is_optional = |at: usize| {
                let freedom = &self.parties[at].settings.freedom;
                !has[at]
                    || freedom.is_optional(path)
                    || freedom.optional_above(path).any(|above| is_missed(&above))
            };
            if !(0..has.len()).any(lacks)
                || (0..has.len()).all(is_optional)
                || self.is_below_missing(path)
            {
                continue;
            }
            self.missing.insert(path.as_str());
            if self.is_ignored(path) {
                continue;
            }
            let present =
                |at: usize| Value::One(if has[at] { "present" } else { "absent" }.to_owned());
            // What may be missing is no reason against a file without it.
            let is_open = |at: usize| has[at] && !has[0] && is_optional(at);
            let values: Vec<Option<Cow<'_, Value>>> = (0..has.len())
                .map(|at| {
                    let is_known = (has[at] || lacks(at)) && !is_open(at);
                    is_known.then(|| Cow::Owned(present(at)))
                })
                .collect();
            let parties = self.parties;
            let side = |at: usize| Side {
                written: has[at].then(|| "present".to_owned()),
                value: has[at].then(|| Value::One("present".to_owned())),
                line: parties[at].settings.section_line(path),
                explicit: has[at],
            };
            self.result.compared += 1;
            let values = Values {
                values: &values,
                defaults: &[],
                right: &[],
            };
            self.judge(path, None, None, values, side);
        }
    }

    fn is_section(&self, path: &Path) -> bool {
        self.parties
            .iter()
            .any(|party| party.settings.has_section(path))
    }

    fn is_below_missing(&self, path: &Path) -> bool {
        !self.missing.is_empty() && path.above().any(|above| self.missing.contains(above))
    }

    fn path(&mut self, path: &'s Path, said: &[Option<&'s Setting>]) {
        let Some(setting) = best_known(said) else {
            return;
        };
        let sources = self.parties.iter().map(|party| party.settings);
        if self.is_below_missing(path)
            || is_told_by_contexts(path, setting, sources)
            || self.is_ignored(path)
        {
            return;
        }
        let (demand, marks) = self.demand(path).unzip();
        let per_node =
            !self.scope.strict && (is_per_node(setting) || demand == Some(&Demand::PerNode));
        if per_node && (0..self.parties.len()).any(|at| self.is_elsewhere(at)) {
            self.result.skipped.push((path.clone(), Skip::PerNode));
        }
        let parties = self.parties;
        let stands: Vec<Stand<'_>> = (0..parties.len())
            .map(|at| match per_node && self.is_elsewhere(at) {
                true => Stand::Open(Why::NotReported),
                false => self.stand(at, path, setting, said),
            })
            .collect();
        if setting.row.is_none() && is_unknown(path, setting) {
            self.result.unknown.push(path.clone());
        }
        let values: Vec<Option<Cow<'_, Value>>> = stands.iter().map(value_of).collect();
        let right = right_by(demand, setting.row, parties[0].settings.release, || {
            values[marks?].as_deref().cloned()
        });
        if values.iter().flatten().count() < 2 || self.is_open_to_nodes(path, &values) {
            if !per_node && setting.explicit && !is_base_level(path, setting) {
                let why = stands.iter().find_map(why_open);
                self.result.open.extend(why.map(|why| (path.clone(), why)));
            }
            return;
        }
        self.result.compared += 1;
        let defaults = self.own_defaults(&stands);
        let row = said.iter().flatten().find_map(|setting| setting.row);
        let values = Values {
            values: &values,
            defaults: &defaults,
            right: &right,
        };
        // What is not compared with a party is shown as that party has it.
        let shown: Vec<Stand<'_>> = (0..parties.len())
            .filter(|_| per_node)
            .map(|at| self.stand(at, path, setting, said))
            .collect();
        let side = |at: usize| side_of(path, shown.get(at).unwrap_or(&stands[at]));
        self.judge(path, row, Some(setting.context), values, side);
    }

    /// Where a party stands on a path of which `setting` is said. A conditional part may be missing from the file, and a
    /// default that the file writes out is no more than silence.
    fn stand(
        &self,
        at: usize,
        path: &Path,
        setting: &Setting,
        said: &[Option<&'s Setting>],
    ) -> Stand<'s> {
        let Party { role, settings } = self.parties[at];
        let freedom = &settings.freedom;
        let file = self.parties[0].settings;
        let is_in_file = said[0].is_some_and(|setting| setting.explicit);
        let lacks = |section: &Path| !file.has_any_of(section);
        let is_optional = freedom.is_optional(path);
        if role == Role::Reference
            && !is_in_file
            && (is_optional || freedom.optional_above(path).any(|one| lacks(&one)))
        {
            return Stand::Open(Why::Templated);
        }
        if role == Role::Reference && is_optional && is_in_file {
            let silence = settings.stand_with(None, path, setting);
            let (silence, in_file) = (value_of(&silence), said[0].map(|said| &said.value));
            if silence
                .as_deref()
                .zip(in_file)
                .is_some_and(|(silence, in_file)| silence == in_file)
            {
                return Stand::Open(Why::Templated);
            }
        }
        settings.stand_with(said[at], path, setting)
    }

    /// Whether a party is not the file's own node: what may differ from node to node is not compared with it.
    fn is_elsewhere(&self, at: usize) -> bool {
        self.parties[at].role == Role::Reference || self.scope.elsewhere.contains(&at)
    }

    /// Whether the file leaves this to the machine, and nobody knows what any of its nodes makes of that.
    fn is_open_to_nodes(&self, path: &Path, values: &[Option<Cow<'_, Value>>]) -> bool {
        let is_open = |party: &Party<'_>| {
            party.role == Role::Runtime && party.settings.expected(path).is_none()
        };
        values[0].is_none() && self.parties[1..].iter().all(is_open)
    }

    /// Which parties have their own release's default; of interest only where releases differ.
    fn own_defaults(&self, stands: &[Stand<'_>]) -> Vec<bool> {
        let era = |party: &Party<'_>| (party.settings.release, party.settings.edition);
        if self
            .parties
            .iter()
            .all(|party| era(party) == era(&self.parties[0]))
        {
            return Vec::new();
        }
        let both = stands.iter().zip(self.parties);
        both.map(|(stand, party)| is_own_default(stand, party.settings))
            .collect()
    }

    /// Finds the kind of difference, if there is one.
    fn judge(
        &mut self,
        path: &Path,
        row: Option<&'static Row>,
        context: Option<Context>,
        said: Values<'_>,
        side: impl Fn(usize) -> Side,
    ) {
        let values = said.values;
        let agree = |one: usize, other: usize| match (&values[one], &values[other]) {
            (Some(value), Some(theirs)) => {
                let (mine, others) = (self.parties[one].settings, self.parties[other].settings);
                mine.agrees(path, value, others, theirs)
                    || said.are_defaults(one, other)
                    || mine.freedom.choices(path).contains(theirs)
                    || others.freedom.choices(path).contains(value)
                    || said.are_right(value, theirs)
            }
            (None, Some(theirs)) => self.parties[other]
                .settings
                .expected(path)
                .is_none_or(|expected| expected.agrees_with(theirs)),
            (Some(_) | None, None) => true,
        };
        let disagreeing: Vec<usize> = (1..values.len()).filter(|at| !agree(0, *at)).collect();
        if disagreeing.is_empty() {
            return;
        }
        let is_runtime = |at: &usize| self.parties[*at].role == Role::Runtime;
        let server = (0..values.len()).find(is_runtime).unwrap_or(0);
        let dynamic = is_dynamic(self.parties[server].settings, path, row, context);
        let references: Vec<usize> = disagreeing
            .iter()
            .copied()
            .filter(|at| !is_runtime(at))
            .collect();
        let is_right = |at: &usize| references.iter().any(|reference| agree(*reference, *at));
        let changed: Vec<usize> = disagreeing.iter().copied().filter(is_runtime).collect();
        let mut nodes = (1..values.len()).filter(is_runtime);
        let kind = match (references.as_slice(), changed.as_slice()) {
            ([], _) if dynamic => Kind::Drifted,
            ([], _) => Kind::PendingRestart,
            (_, []) => Kind::Undeployed,
            (_, changed) if !changed.iter().all(is_right) => Kind::Diverged,
            // Some of many nodes may have what the file says, which is wrong there right now.
            (_, _) if !nodes.all(|at| is_right(&at)) => Kind::Undeployed,
            (_, _) => Kind::Latent,
        };
        let difference = Difference {
            path: path.clone(),
            kind,
            dynamic,
            row,
            context,
            sides: (0..values.len()).map(side).collect(),
            disagreeing,
        };
        self.result.differences.push(difference);
    }

    /// What a mark of any party asks for at a path, and which party's mark it is.
    fn demand(&self, path: &Path) -> Option<(&'s Demand, usize)> {
        let mut parties = self.parties.iter().enumerate();
        parties.find_map(|(at, party)| Some((party.settings.freedom.demand(path)?, at)))
    }

    fn is_ignored(&mut self, path: &Path) -> bool {
        let has_references = self
            .parties
            .iter()
            .any(|party| party.role == Role::Reference);
        let may_differ = || has_references && self.is_section(path);
        let demand = self.demand(path).map(|(demand, _)| demand);
        let Some(reason) = left_out(self.scope, path, demand, may_differ) else {
            return false;
        };
        let (skipped, ignored) = (&mut self.result.skipped, &mut self.result.ignored);
        note_left_out(path, reason, skipped, ignored);
        true
    }
}

/// The values that a mark calls right, in canonical form: those that it names, and the one on its own line.
pub(super) fn right_by(
    demand: Option<&Demand>,
    row: Option<&'static Row>,
    release: Release,
    own: impl FnOnce() -> Option<Value>,
) -> Vec<Value> {
    let Some(Demand::OneOf(values)) = demand else {
        return Vec::new();
    };
    let canonical = |value: &String| match row {
        Some(row) => value::from_file(row, &[value.as_bytes()], release),
        None => value.to_ascii_lowercase(),
    };
    let named = values.iter().map(|value| Value::One(canonical(value)));
    named.chain(own()).collect()
}
