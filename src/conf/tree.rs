//! What was read: items in the order of the file, each with the section it stands in.

use std::ops::Deref;

use nom::Offset;

use crate::catalogue::Context;

use super::MOST_VALUES;
use super::line::Line;

/// An item's place in [`Tree::items`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ItemId(u32);

impl ItemId {
    pub(super) const NONE: ItemId = ItemId(u32::MAX);

    /// The item at this index of [`Tree::items`].
    pub fn at(index: usize) -> ItemId {
        u32::try_from(index).map_or(ItemId::NONE, ItemId)
    }

    /// Its index in [`Tree::items`].
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

/// A line that says something: a parameter with its values, or the head of a section.
///
/// Files may have millions of them, so the words are kept as their places in the line, which has 1023 bytes at most.
#[derive(Clone, Copy, Debug)]
pub struct Item<'src> {
    /// The whole line.
    text: &'src [u8],
    /// Where the name and the values begin and end in `text`.
    words: [(u16, u16); 1 + MOST_VALUES],
    /// The line's number as the server counts, from 1.
    pub line: u32,
    pub(super) parent: ItemId,
    /// The line of the `}` that closes the section; 0 where it opens none or nothing closes it.
    pub end: u32,
    /// How many values there are.
    count: u8,
    /// The section that the item stands in.
    pub context: Context,
    /// The section that the item opens.
    pub opens: Option<Context>,
}

/// The values of a line, which can be used as a slice of words.
#[derive(Clone, Copy, Debug)]
pub struct Values<'src> {
    words: [&'src [u8]; MOST_VALUES],
    count: usize,
}

impl<'src> Deref for Values<'src> {
    type Target = [&'src [u8]];

    fn deref(&self) -> &[&'src [u8]] {
        &self.words[..self.count]
    }
}

impl<'src> Item<'src> {
    /// An item of this line of the source, the words of which were read from it.
    pub(super) fn new(
        text: &'src [u8],
        read: &Line<'src>,
        (line, parent): (u32, ItemId),
        context: Context,
        opens: Option<Context>,
    ) -> Item<'src> {
        let place = |word: &[u8]| {
            let start = if word.is_empty() {
                0
            } else {
                text.offset(word)
            };
            // The server cuts lines long before these bounds.
            let bound = |at: usize| u16::try_from(at).unwrap_or(u16::MAX);
            (bound(start), bound(start + word.len()))
        };
        let [first, second, third] = read.values;
        Item {
            text,
            words: [place(read.name), place(first), place(second), place(third)],
            line,
            parent,
            end: 0,
            count: read.count,
            context,
            opens,
        }
    }

    /// The first word.
    pub fn name(&self) -> &'src [u8] {
        self.word(0)
    }

    /// The values, at most three; a section's brace is one of them, for the server takes it for a word.
    pub fn values(&self) -> Values<'src> {
        let count = usize::from(self.count);
        let mut words = [&b""[..]; MOST_VALUES];
        for (at, word) in words[..count].iter_mut().enumerate() {
            *word = self.word(at + 1);
        }
        Values { words, count }
    }

    fn word(&self, at: usize) -> &'src [u8] {
        let (start, end) = self.words[at];
        &self.text[usize::from(start)..usize::from(end)]
    }

    /// The column of one of the item's words, in bytes from 1; a line that the server cuts starts anew at the cut.
    pub fn column(&self, word: &[u8]) -> u32 {
        u32::try_from(self.text.offset(word) + 1).unwrap_or(u32::MAX)
    }

    /// The section that the item stands in; `None` at the top.
    pub fn parent(&self) -> Option<ItemId> {
        (self.parent != ItemId::NONE).then_some(self.parent)
    }

    /// The name or type that a section's head gives it: `test` of `namespace test {`. Empty where it has none.
    pub fn title(&self) -> &'src [u8] {
        if self.takes_a_title() {
            self.values().first().copied().unwrap_or_default()
        } else {
            &[]
        }
    }

    /// Whether the first word after a section's name is its title, be it a brace.
    pub(super) fn takes_a_title(&self) -> bool {
        match self.opens {
            None => false,
            Some(context) => match context {
                Context::NetworkTls
                | Context::Namespace
                | Context::Set
                | Context::IndexPmem
                | Context::IndexFlash
                | Context::SindexPmem
                | Context::SindexFlash
                | Context::StorageMemory
                | Context::StoragePmem
                | Context::StorageDevice
                | Context::XdrDc
                | Context::XdrNamespace => true,
                Context::LogSink => self.name() == b"file",
                Context::Unknown => self.values().first().is_some_and(|word| *word != b"{"),
                Context::Top
                | Context::Service
                | Context::Logging
                | Context::LogSyslog
                | Context::Network
                | Context::NetworkService
                | Context::Heartbeat
                | Context::Fabric
                | Context::NetworkInfo
                | Context::NetworkAdmin
                | Context::Sindex
                | Context::Geo2dsphere
                | Context::ModLua
                | Context::Security
                | Context::Ldap
                | Context::SecurityLog
                | Context::SecuritySyslog
                | Context::Xdr => false,
            },
        }
    }
}

/// A comment that speaks to ascad: `# ascad: per-node`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mark<'src> {
    /// What follows `ascad:`.
    pub text: &'src [u8],
    /// The line of the comment.
    pub line: u32,
    /// The item on the same line, behind a `}` the section that it closes; else the next item of the same section.
    /// `None` where none follows.
    pub item: Option<ItemId>,
}

/// A file of configuration, read.
#[derive(Clone, Debug)]
pub struct Tree<'src> {
    /// The bytes that every word is a part of.
    pub source: &'src [u8],
    /// All items in the order of the file; a section's head comes before what stands in it.
    pub items: Vec<Item<'src>>,
    /// Comments that speak to ascad.
    pub marks: Vec<Mark<'src>>,
}

impl<'src> Tree<'src> {
    /// The item with this id.
    pub fn item(&self, id: ItemId) -> &Item<'src> {
        &self.items[id.index()]
    }

    /// Where a word of this tree stands in the source, in bytes.
    pub fn offset(&self, word: &[u8]) -> usize {
        self.source.offset(word)
    }
}

/// Two trees are equal when the server would read the same from them; where it stands plays no part.
impl PartialEq for Tree<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.items.len() == other.items.len()
            && self
                .items
                .iter()
                .zip(&other.items)
                .all(|(one, two)| one.says_the_same_as(two))
    }
}

impl Item<'_> {
    fn says_the_same_as(&self, other: &Item<'_>) -> bool {
        let same_place = self.parent == other.parent && self.opens == other.opens;
        let same_words = match self.opens {
            Some(_) => self.title() == other.title(),
            None => *self.values() == *other.values(),
        };
        same_place && self.name() == other.name() && same_words
    }
}
