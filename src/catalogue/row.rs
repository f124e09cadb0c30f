//! One row of the catalogue: what is known of one parameter over a span of releases.

use super::release::{Edition, Release};

/// A parameter from one release to another; the columns of `fixtures/parameters.tsv` but for the context,
/// which is the table that the row stands in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Row {
    /// As the file spells it.
    pub name: &'static str,
    /// First release of the row.
    pub since: Release,
    /// Last release of the row.
    pub until: Release,
    /// How the value is read.
    pub kind: Kind,
    /// Least value, in the kind's unit.
    pub min: Bound,
    /// Greatest value, in the kind's unit.
    pub max: Bound,
    /// Whether a second line replaces the first or adds to it.
    pub times: Times,
    /// Whether a community server takes it.
    pub edition: Availability,
    /// What a silent file means.
    pub default: Default,
    /// Whether `set-config` changes it.
    pub change: Change,
    /// For an obsolete parameter: the names that replaced it, separated by commas.
    pub instead: &'static str,
}

/// How a value is read; the grammar of numbers and words stands in `lint::value`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Any word.
    Text,
    /// An address, a host name, an interface name or `any`.
    Address,
    /// `true` or `false`, any case; up to 7.1 `yes` and `no`, too.
    Bool,
    /// A boolean whose bare name means true.
    BoolOrBare,
    /// Its presence means true, whatever follows.
    Flag,
    /// Exactly one of these words.
    Enum(&'static [&'static str]),
    /// Integers; k m g t p multiply by powers of 1024.
    U8,
    /// See [`Kind::U8`].
    U16,
    /// See [`Kind::U8`].
    U32,
    /// See [`Kind::U8`].
    U64,
    /// As [`Kind::U32`], but negative numbers are read.
    I32,
    /// An integer that is a power of two.
    PowerOf2,
    /// An integer that is a multiple of this.
    Multiple(u32),
    /// Seconds; s m h d multiply.
    Seconds,
    /// A TCP port.
    Port,
    /// Hexadecimal, `0x` optional.
    Hex,
    /// -1 to 100; the server reports -1 as 4294967295.
    PctOrMinus1,
    /// Opens a section.
    Section,
    /// Known, and refused.
    Obsolete,
}

/// A bound; the published one and the community server's own differ here and there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bound(Option<(u64, u64)>);

impl Bound {
    /// The bound that a server of this edition holds to.
    pub fn of(self, edition: Edition) -> Option<u64> {
        self.0.map(|(published, community)| match edition {
            Edition::Community => community,
            Edition::Enterprise => published,
        })
    }
}

/// How often a parameter may be given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Times {
    /// The last line wins.
    One,
    /// Every line adds.
    Many,
}

/// Who takes a parameter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Availability {
    /// Every server.
    Everywhere,
    /// Enterprise servers only; a community server refuses it at its line.
    EnterpriseOnly,
}

/// What a silent file means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Default {
    /// Nothing is known of it.
    Unknown,
    /// Worked out from the machine.
    Derived,
    /// An empty string: not set.
    Unset,
    /// An empty list.
    Empty,
    /// This, as the server prints it.
    Is(&'static str),
    /// The enterprise server's and the community server's.
    ByEdition(&'static str, &'static str),
}

/// Whether a running server takes a new value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    /// `set-config` changes it.
    Dynamic,
    /// Only a restart changes it.
    Static,
    /// Nobody says.
    Undocumented,
}

/// Short words in which the tables are written.
pub(super) mod spell {
    pub(in crate::catalogue) use super::Availability::{EnterpriseOnly as Ee, Everywhere as Ce};
    pub(in crate::catalogue) use super::Change::{Dynamic, Static, Undocumented};
    pub(in crate::catalogue) use super::Default::{ByEdition, Derived, Empty, Is, Unknown, Unset};
    pub(in crate::catalogue) use super::Kind::*;
    pub(in crate::catalogue) use super::Times::{Many, One};
    use super::{Bound, Row};
    use crate::catalogue::release::Release;

    pub(in crate::catalogue) const OLDEST: Release = Release::OLDEST;
    pub(in crate::catalogue) const NEWEST: Release = Release::ENDLESS;
    pub(in crate::catalogue) const ANY: Bound = Bound(None);

    pub(in crate::catalogue) const fn from(major: u16, minor: u16) -> Release {
        Release::new(major, minor, 0)
    }

    pub(in crate::catalogue) const fn thru(major: u16, minor: u16) -> Release {
        Release::last_of(major, minor)
    }

    pub(in crate::catalogue) const fn exact(major: u16, minor: u16, patch: u16) -> Release {
        Release::new(major, minor, patch)
    }

    pub(in crate::catalogue) const fn at(published: u64, community: u64) -> Bound {
        Bound(Some((published, community)))
    }

    #[allow(clippy::too_many_arguments)]
    pub(in crate::catalogue) const fn row(
        name: &'static str,
        since: Release,
        until: Release,
        kind: super::Kind,
        min: Bound,
        max: Bound,
        times: super::Times,
        edition: super::Availability,
        default: super::Default,
        change: super::Change,
        instead: &'static str,
    ) -> Row {
        Row {
            name,
            since,
            until,
            kind,
            min,
            max,
            times,
            edition,
            default,
            change,
            instead,
        }
    }
}
