//! One row of the catalogue: what is known of one parameter over a span of releases.

use std::fmt;

use super::packed::{BOUNDS, LETTERS};
use super::release::{Edition, Release};

/// A parameter from one release to another; the columns of `fixtures/parameters.tsv` but for the context,
/// which is the table that the row stands in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Row {
    pub(crate) name: Text,
    /// First release of the row.
    pub since: Release,
    /// Last release of the row.
    pub until: Release,
    /// How the value is read.
    pub kind: Kind,
    pub(crate) words: Text,
    /// Least value, in the kind's unit.
    pub min: Bound,
    /// Greatest value, in the kind's unit.
    pub max: Bound,
    /// Whether a second line replaces the first or adds to it.
    pub times: Times,
    /// Whether a community server takes it.
    pub edition: Availability,
    /// What a silent file means.
    pub default: Default<Text>,
    /// Whether `set-config` changes it.
    pub change: Change,
    pub(crate) instead: Text,
}

impl Row {
    /// As the file spells it.
    pub fn name(&self) -> &'static str {
        self.name.as_str()
    }

    /// For an obsolete parameter: the names that replaced it, separated by commas.
    pub fn instead(&self) -> &'static str {
        self.instead.as_str()
    }

    /// The words that an [`Kind::Enum`] takes.
    pub fn words(&self) -> impl Iterator<Item = &'static str> {
        self.words.as_str().split('|')
    }

    /// Whether an [`Kind::Enum`] takes this word.
    pub fn takes(&self, word: &[u8]) -> bool {
        self.words().any(|known| known.as_bytes() == word)
    }
}

/// A word of the catalogue. It knows its place among the letters of all words instead of pointing there: what points has
/// to be relocated at every start.
#[derive(Clone, Copy)]
pub struct Text {
    pub(super) start: u16,
    pub(super) length: u16,
}

impl Text {
    /// Its letters.
    pub(super) fn as_bytes(self) -> &'static [u8] {
        &LETTERS.as_bytes()[usize::from(self.start)..][..usize::from(self.length)]
    }

    /// The word itself.
    pub fn as_str(self) -> &'static str {
        &LETTERS[usize::from(self.start)..][..usize::from(self.length)]
    }
}

impl PartialEq for Text {
    fn eq(&self, other: &Text) -> bool {
        self.as_str() == other.as_str()
    }
}

impl Eq for Text {}

impl fmt::Debug for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self.as_str(), f)
    }
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
    /// Exactly one of the row's words.
    Enum,
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

/// A bound, by its place among all bounds; the published one and the community server's own differ here and there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bound(pub(super) u8);

impl Bound {
    /// The bound that a server of this edition holds to.
    pub fn of(self, edition: Edition) -> Option<u64> {
        BOUNDS[usize::from(self.0)].map(|(published, community)| match edition {
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

/// What a silent file means; `Word` is a [`Text`], but where the tables are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Default<Word> {
    /// Nothing is known of it.
    Unknown,
    /// Worked out from the machine.
    Derived,
    /// An empty string: not set.
    Unset,
    /// An empty list.
    Empty,
    /// This, as the server prints it.
    Is(Word),
    /// The enterprise server's and the community server's.
    ByEdition(Word, Word),
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
