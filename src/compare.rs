//! Settings × n → differences.
//!
//! ```text
//! reference   file   runtime     kind
//! – or A      A      B           drifted (dynamic) or pending-restart (static)
//! A           B      B or –      undeployed
//! A           B      A           latent
//! A           B      C           diverged
//! ```
//! Sections come first: what one side lacks as a whole is one difference, and nothing below it is another.
//!
//! Not here: how bad a difference is (`verdict`) and what mends it (`remedy`).

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use crate::catalogue::{Change, Context, Kind as ValueKind, Row};
use crate::settings::{Path, Pattern, Setting, Settings, Stand, Value, Why, is_runtime_only};

/// What a source stands for in a comparison.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Role {
    /// What the node would load.
    File,
    /// What the server does now.
    Runtime,
    /// What should be.
    Reference,
}

impl Role {
    /// The word for it in every output.
    pub fn word(self) -> &'static str {
        match self {
            Role::File => "file",
            Role::Runtime => "runtime",
            Role::Reference => "reference",
        }
    }
}

/// A source in a comparison.
#[derive(Clone, Copy, Debug)]
pub struct Party<'a> {
    /// What it stands for.
    pub role: Role,
    /// What it says.
    pub settings: &'a Settings,
}

/// What is left out of a comparison.
#[derive(Clone, Debug, Default)]
pub struct Scope {
    /// Paths that were asked to be ignored.
    pub ignore: Vec<Pattern>,
    /// Whether what may differ from node to node is compared with references, too.
    pub strict: bool,
}

/// How a difference came about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// A dynamic parameter was changed at run time.
    Drifted,
    /// A static parameter was edited after the server started.
    PendingRestart,
    /// The file is not the reference.
    Undeployed,
    /// Right now, wrong after the next restart.
    Latent,
    /// Three different values.
    Diverged,
    /// This source differs from most.
    Outlier,
}

impl Kind {
    /// Every kind.
    pub const ALL: [Kind; 6] = [
        Kind::Drifted,
        Kind::PendingRestart,
        Kind::Undeployed,
        Kind::Latent,
        Kind::Diverged,
        Kind::Outlier,
    ];

    /// The kind's name in flags, settings and outputs.
    pub fn name(self) -> &'static str {
        match self {
            Kind::Drifted => "drifted",
            Kind::PendingRestart => "pending-restart",
            Kind::Undeployed => "undeployed",
            Kind::Latent => "latent",
            Kind::Diverged => "diverged",
            Kind::Outlier => "outlier",
        }
    }

    /// What it means, in a few words.
    pub fn meaning(self) -> &'static str {
        match self {
            Kind::Drifted => "changed at run time, lost at the next restart",
            Kind::PendingRestart => "the file was edited after the server started",
            Kind::Undeployed => "the file is not the reference",
            Kind::Latent => "right now, wrong after the next restart",
            Kind::Diverged => "reference, file and server have three different values",
            Kind::Outlier => "differs from most",
        }
    }

    /// Reads a kind's name.
    pub fn parse(name: &str) -> Option<Kind> {
        Kind::ALL.into_iter().find(|kind| kind.name() == name)
    }
}

/// One side of a difference.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Side {
    /// As written; the default where the side is silent; `None` where nothing is known or the section is missing.
    pub written: Option<String>,
    /// In canonical form.
    pub value: Option<Value>,
    /// The line of the file.
    pub line: Option<u32>,
    /// Whether the side says it.
    pub explicit: bool,
}

/// One path on which sides do not agree.
#[derive(Clone, Debug)]
pub struct Difference {
    /// Where.
    pub path: Path,
    /// How it came about.
    pub kind: Kind,
    /// Whether a running server takes a new value.
    pub dynamic: bool,
    /// What is known of the parameter; `None` for sections, log levels and unknown names.
    pub row: Option<&'static Row>,
    /// Where the parameter stands; `None` for a section.
    pub context: Option<Context>,
    /// The sides, in the order of the parties.
    pub sides: Vec<Side>,
    /// The parties that do not agree with the file, by their place.
    pub disagreeing: Vec<usize>,
}

/// What came of a comparison.
#[derive(Clone, Debug, Default)]
pub struct Comparison {
    /// Settings that two sides or more had a value for.
    pub compared: usize,
    /// Sorted by path.
    pub differences: Vec<Difference>,
    /// Left out on purpose.
    pub skipped: Vec<(Path, Skip)>,
    /// Said by one side, while the other's silence says nothing.
    pub open: Vec<(Path, Why)>,
    /// Unknown to the catalogue, compared as text.
    pub unknown: Vec<Path>,
    /// How often each ignore pattern matched.
    pub ignored: BTreeMap<String, usize>,
}

/// Why a path was left out on purpose.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Skip {
    /// It may differ from node to node.
    PerNode,
    /// A pattern of the user's chose it.
    Ignored,
}

impl Skip {
    /// The word for it in every output.
    pub fn word(self) -> &'static str {
        match self {
            Skip::PerNode => "per-node",
            Skip::Ignored => "ignored",
        }
    }
}

/// Compares one file with a runtime and references. The file comes first among the parties.
pub fn compare(parties: &[Party<'_>], scope: &Scope) -> Comparison {
    let mut comparing = Comparing {
        parties,
        scope,
        missing: BTreeSet::new(),
        result: Comparison::default(),
    };
    for pattern in &scope.ignore {
        comparing
            .result
            .ignored
            .insert(pattern.as_str().to_owned(), 0);
    }
    comparing.sections();
    for_each_path(parties, |path, said| comparing.path(path, said));
    comparing
        .result
        .differences
        .sort_by(|one, other| one.path.cmp(&other.path));
    comparing.result
}

/// Calls `visit` for every path that a party has a setting at, in order, with the parties' settings.
pub fn for_each_path<'a>(
    parties: &[Party<'a>],
    mut visit: impl FnMut(&'a Path, &[Option<&'a Setting>]),
) {
    let mut rows: Vec<_> = parties
        .iter()
        .map(|party| party.settings.iter().peekable())
        .collect();
    let mut said = vec![None; parties.len()];
    while let Some(path) = rows
        .iter_mut()
        .filter_map(|row| row.peek().map(|(path, _)| *path))
        .min()
    {
        for (row, said) in rows.iter_mut().zip(&mut said) {
            *said = row
                .next_if(|(next, _)| *next == path)
                .map(|(_, setting)| setting);
        }
        visit(path, &said);
    }
}

/// Whether a parameter may differ from node to node without anything being wrong.
pub fn is_per_node(setting: &Setting) -> bool {
    let Some(row) = setting.row else { return false };
    row.kind == ValueKind::Address
        || matches!(
            row.name,
            "node-id" | "node-id-interface" | "pidfile" | "rack-id"
        )
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
        let mut all = BTreeSet::new();
        for party in self.parties {
            all.extend(party.settings.sections().map(|(path, _)| path));
        }
        for path in all {
            let has: Vec<bool> = self
                .parties
                .iter()
                .map(|party| party.settings.has_section(path))
                .collect();
            let lacks = |at: usize| !has[at] && !self.parties[at].settings.is_unseen(path);
            if !(0..has.len()).any(lacks) || self.is_below_missing(path) {
                continue;
            }
            self.missing.insert(path.as_str());
            if self.is_ignored(path) {
                continue;
            }
            let present =
                |at: usize| Value::One(if has[at] { "present" } else { "absent" }.to_owned());
            let values: Vec<Option<Cow<'_, Value>>> = (0..has.len())
                .map(|at| (has[at] || lacks(at)).then(|| Cow::Owned(present(at))))
                .collect();
            let sides = (0..has.len())
                .map(|at| self.section_side(path, at, has[at]))
                .collect();
            self.result.compared += 1;
            self.judge(path, None, None, &values, sides);
        }
    }

    fn section_side(&self, path: &Path, at: usize, has: bool) -> Side {
        let line = self.parties[at].settings.section_line(path);
        Side {
            written: has.then(|| "present".to_owned()),
            value: has.then(|| Value::One("present".to_owned())),
            line,
            explicit: has,
        }
    }

    fn is_below_missing(&self, path: &Path) -> bool {
        !self.missing.is_empty() && path.above().any(|above| self.missing.contains(above))
    }

    fn path(&mut self, path: &'s Path, said: &[Option<&'s Setting>]) {
        let Some(setting) = said
            .iter()
            .flatten()
            .max_by_key(|setting| setting.row.is_some())
        else {
            return;
        };
        if self.is_below_missing(path) || self.is_ignored(path) {
            return;
        }
        let per_node = !self.scope.strict && is_per_node(setting);
        if per_node
            && self
                .parties
                .iter()
                .any(|party| party.role == Role::Reference)
        {
            self.result.skipped.push((path.clone(), Skip::PerNode));
        }
        let parties = self.parties;
        let stands: Vec<Stand<'_>> = parties
            .iter()
            .map(|party| match party.role {
                Role::Reference if per_node => Stand::Open(Why::NotReported),
                Role::File | Role::Runtime | Role::Reference => party.settings.stand(path, setting),
            })
            .collect();
        if setting.row.is_none() && is_unknown(path, setting) {
            self.result.unknown.push(path.clone());
        }
        let values: Vec<Option<Cow<'_, Value>>> = stands.iter().map(value_of).collect();
        if values.iter().flatten().count() < 2 {
            let why = stands.iter().find_map(|stand| match stand {
                Stand::Open(why) => Some(*why),
                Stand::Says(_) | Stand::Means(_) => None,
            });
            if !per_node && setting.explicit && !is_base_level(path, setting) {
                self.result.open.extend(why.map(|why| (path.clone(), why)));
            }
            return;
        }
        self.result.compared += 1;
        let sides = stands.iter().map(side_of).collect();
        let row = said.iter().flatten().find_map(|setting| setting.row);
        self.judge(path, row, Some(setting.context), &values, sides);
    }

    /// Finds the kind of difference, if there is one.
    fn judge(
        &mut self,
        path: &Path,
        row: Option<&'static Row>,
        context: Option<Context>,
        values: &[Option<Cow<'_, Value>>],
        sides: Vec<Side>,
    ) {
        let agree = |one: usize, other: usize| match (&values[one], &values[other]) {
            (Some(value), Some(theirs)) => {
                self.parties[one]
                    .settings
                    .agrees(path, value, self.parties[other].settings, theirs)
            }
            _ => true,
        };
        let disagreeing: Vec<usize> = (1..values.len()).filter(|at| !agree(0, *at)).collect();
        if disagreeing.is_empty() {
            return;
        }
        let dynamic = is_dynamic(path, row, context);
        let is_runtime = |at: &usize| self.parties[*at].role == Role::Runtime;
        let runtime = disagreeing.iter().copied().find(is_runtime);
        let references: Vec<usize> = disagreeing
            .iter()
            .copied()
            .filter(|at| !is_runtime(at))
            .collect();
        let kind = match (references.as_slice(), runtime) {
            ([], _) if dynamic => Kind::Drifted,
            ([], _) => Kind::PendingRestart,
            (_, None) => Kind::Undeployed,
            (_, Some(runtime))
                if references
                    .iter()
                    .any(|reference| agree(*reference, runtime)) =>
            {
                Kind::Latent
            }
            (_, Some(_)) => Kind::Diverged,
        };
        let difference = Difference {
            path: path.clone(),
            kind,
            dynamic,
            row,
            context,
            sides,
            disagreeing,
        };
        self.result.differences.push(difference);
    }

    fn is_ignored(&mut self, path: &Path) -> bool {
        let Some(pattern) = self
            .scope
            .ignore
            .iter()
            .find(|pattern| pattern.matches(path))
        else {
            return false;
        };
        *self
            .result
            .ignored
            .entry(pattern.as_str().to_owned())
            .or_default() += 1;
        self.result.skipped.push((path.clone(), Skip::Ignored));
        true
    }
}

/// The value that a stand compares with; `None` agrees with everything.
fn value_of<'a>(stand: &'a Stand<'_>) -> Option<Cow<'a, Value>> {
    match stand {
        Stand::Says(setting) => match &setting.value {
            Value::Anything => None,
            value => Some(Cow::Borrowed(value)),
        },
        Stand::Means(value) => Some(Cow::Borrowed(value)),
        Stand::Open(_) => None,
    }
}

fn side_of(stand: &Stand<'_>) -> Side {
    match stand {
        Stand::Says(setting) => Side {
            written: Some(setting.written.clone()),
            value: Some(setting.value.clone()),
            line: setting.line,
            explicit: setting.explicit,
        },
        Stand::Means(value) => Side {
            written: shown(value),
            value: Some(value.clone()),
            line: None,
            explicit: false,
        },
        Stand::Open(_) => Side {
            written: None,
            value: None,
            line: None,
            explicit: false,
        },
    }
}

/// A value as a person would write it; nothing where nothing is set.
fn shown(value: &Value) -> Option<String> {
    match value {
        Value::One(one) => (!one.is_empty()).then(|| one.clone()),
        Value::Many(many) => (!many.is_empty()).then(|| many.join(", ")),
        Value::Anything => None,
    }
}

fn is_dynamic(path: &Path, row: Option<&'static Row>, context: Option<Context>) -> bool {
    match (row, context) {
        (Some(row), _) => row.change == Change::Dynamic,
        (None, Some(Context::LogSink | Context::LogSyslog)) => true,
        (None, Some(context)) => is_runtime_only(context, &path.last()),
        // Data centres come and go by set-config; namespaces, tls sections and sinks do not.
        (None, None) => path.as_str().starts_with("xdr."),
    }
}

/// `any` of a sink is compared context by context.
fn is_base_level(path: &Path, setting: &Setting) -> bool {
    matches!(setting.context, Context::LogSink | Context::LogSyslog)
        && path.as_str().ends_with(".any")
}

fn is_unknown(path: &Path, setting: &Setting) -> bool {
    match setting.context {
        Context::LogSink | Context::LogSyslog => false,
        Context::Security => path.as_str() != "security.enable-security",
        context => !is_runtime_only(context, &path.last()),
    }
}
