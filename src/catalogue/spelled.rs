//! The words in which the tables are written.

use super::release::Release;
pub(super) use super::row::Availability::{EnterpriseOnly as Ee, Everywhere as Ce};
pub(super) use super::row::Change::{Dynamic, Static, Undocumented};
pub(super) use super::row::Default::{ByEdition, Derived, Empty, Is, Unknown, Unset};
pub(super) use super::row::Kind::*;
pub(super) use super::row::Times::{Many, One};
use super::row::{Availability, Change, Default, Kind, Times};

/// A [`Row`](super::Row) as it is written; `packed` makes the row of it when the program is compiled.
#[derive(Clone, Copy)]
pub(super) struct Spelled {
    pub(super) name: &'static str,
    pub(super) since: Release,
    pub(super) until: Release,
    pub(super) kind: Kind,
    pub(super) words: &'static str,
    pub(super) min: Span,
    pub(super) max: Span,
    pub(super) times: Times,
    pub(super) edition: Availability,
    pub(super) default: Default<&'static str>,
    pub(super) change: Change,
    pub(super) instead: &'static str,
}

/// The published bound and the community server's own.
pub(super) type Span = Option<(u64, u64)>;

pub(super) const OLDEST: Release = Release::OLDEST;
pub(super) const NEWEST: Release = Release::ENDLESS;
pub(super) const ANY: Span = None;

pub(super) const fn from(major: u16, minor: u16) -> Release {
    Release::new(major, minor, 0)
}

pub(super) const fn thru(major: u16, minor: u16) -> Release {
    Release::last_of(major, minor)
}

pub(super) const fn exact(major: u16, minor: u16, patch: u16) -> Release {
    Release::new(major, minor, patch)
}

pub(super) const fn at(published: u64, community: u64) -> Span {
    Some((published, community))
}

#[allow(clippy::too_many_arguments)]
pub(super) const fn row(
    name: &'static str,
    since: Release,
    until: Release,
    kind: Kind,
    min: Span,
    max: Span,
    times: Times,
    edition: Availability,
    default: Default<&'static str>,
    change: Change,
    instead: &'static str,
) -> Spelled {
    Spelled {
        name,
        since,
        until,
        kind,
        words: "",
        min,
        max,
        times,
        edition,
        default,
        change,
        instead,
    }
}

impl Spelled {
    /// An [`Enum`] of these words, separated by `|`.
    pub(super) const fn of(self, words: &'static str) -> Spelled {
        Spelled { words, ..self }
    }
}
