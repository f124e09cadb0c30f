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

mod class;
mod n_way;
mod three_way;

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use crate::catalogue::{Change, Context, HIDDEN, Kind as ValueKind, Row, is_secret};
use crate::conf::mark::Demand;
use crate::order;
use crate::settings::{
    Origin, Path, Pattern, Setting, Settings, Stand, Value, Why, is_runtime_only, own_default,
};

pub use n_way::{Camp, Group, Outlier, Outliers, outliers};
pub use three_way::compare;

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
    /// Whether what may differ from node to node is compared with references and other nodes, too.
    pub strict: bool,
    /// Parties that are other nodes than the file's own, by their place.
    pub elsewhere: Vec<usize>,
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

impl Scope {
    /// Every pattern, before any has matched.
    fn uncounted(&self) -> BTreeMap<String, usize> {
        let mut counts = BTreeMap::new();
        for pattern in &self.ignore {
            counts.insert(pattern.as_str().to_owned(), 0);
        }
        counts
    }
}

/// Every section that one of the sources has, sorted.
fn all_sections<'a>(sources: impl Iterator<Item = &'a Settings>) -> BTreeSet<&'a Path> {
    order::set(sources.flat_map(|source| source.sections().map(|(path, _)| path)))
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

/// The setting of a path that tells what the path is: one of which the catalogue has a row, if there is one.
fn best_known<'a>(said: &[Option<&'a Setting>]) -> Option<&'a Setting> {
    let settings = said.iter().flatten().copied();
    settings.max_by_key(|setting| setting.row.is_some())
}

/// What leaves a path out: a mark of a file, or a pattern of the user's, which is told then. `may_differ` is whether a
/// mark for one node's own values holds here.
fn left_out<'a>(
    scope: &'a Scope,
    path: &Path,
    demand: Option<&Demand>,
    may_differ: impl FnOnce() -> bool,
) -> Option<(Skip, Option<&'a Pattern>)> {
    match demand {
        Some(Demand::Ignore) => return Some((Skip::Ignored, None)),
        Some(Demand::PerNode) if !scope.strict && may_differ() => {
            return Some((Skip::PerNode, None));
        }
        Some(Demand::PerNode | Demand::OneOf(_)) | None => {}
    }
    let pattern = scope.ignore.iter().find(|pattern| pattern.matches(path))?;
    Some((Skip::Ignored, Some(pattern)))
}

/// Remembers that a path was left out, and which pattern did it.
fn note_left_out(
    path: &Path,
    (skip, pattern): (Skip, Option<&Pattern>),
    skipped: &mut Vec<(Path, Skip)>,
    ignored: &mut BTreeMap<String, usize>,
) {
    if let Some(pattern) = pattern {
        *ignored.entry(pattern.as_str().to_owned()).or_default() += 1;
    }
    skipped.push((path.clone(), skip));
}

/// Whether a parameter may differ from node to node without anything being wrong. Every node listens at addresses of
/// its own; nodes of another multicast group are another cluster.
pub fn is_per_node(setting: &Setting) -> bool {
    let Some(row) = setting.row else { return false };
    (row.kind == ValueKind::Address && row.name() != "multicast-group")
        || matches!(
            row.name(),
            "node-id" | "node-id-interface" | "pidfile" | "rack-id"
        )
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

/// Why a stand compares with nothing; `None` where it does.
fn why_open(stand: &Stand<'_>) -> Option<Why> {
    match stand {
        Stand::Open(why) => Some(*why),
        Stand::Says(_) | Stand::Means(_) => None,
    }
}

/// Whether a source has what its own release and edition have by default: a node that was upgraded may have another
/// default than one that was not, and nobody changed anything.
fn is_own_default(stand: &Stand<'_>, settings: &Settings) -> bool {
    match stand {
        Stand::Says(setting) => setting.row.is_some_and(|row| {
            let default = own_default(setting.context, row, settings.edition);
            default.is_some_and(|default| default.agrees_with(&setting.value))
        }),
        Stand::Means(_) => true,
        Stand::Open(_) => false,
    }
}

/// A side as it is shown. A secret is hidden under whatever release its parameter is known.
fn side_of(path: &Path, stand: &Stand<'_>) -> Side {
    match stand {
        Stand::Says(setting) if is_secret(path.as_str()) => Side {
            written: Some(HIDDEN.to_owned()),
            value: Some(Value::One(HIDDEN.to_owned())),
            line: setting.line,
            explicit: setting.explicit,
        },
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

/// Whether a running server takes a new value; `settings` are those of the server, or of the file that it would load.
fn is_dynamic(
    settings: &Settings,
    path: &Path,
    row: Option<&'static Row>,
    context: Option<Context>,
) -> bool {
    match (row, context) {
        (Some(row), Some(context)) => settings.takes(path, context, row),
        (Some(row), None) => row.change == Change::Dynamic,
        (None, Some(Context::LogSink | Context::LogSyslog)) => true,
        (None, Some(context)) => is_runtime_only(context, &path.last()),
        // Data centres come and go by set-config; namespaces, tls sections and sinks do not.
        (None, None) => path.as_str().starts_with("xdr."),
    }
}

/// Whether a path is the base level of a sink of which a server reports the level of every context.
fn is_told_by_contexts<'s>(
    path: &Path,
    setting: &Setting,
    mut sources: impl Iterator<Item = &'s Settings>,
) -> bool {
    let reports =
        |sink: Path| sources.any(|one| one.origin == Origin::Runtime && one.has_section(&sink));
    is_base_level(path, setting) && path.parent().is_some_and(reports)
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
