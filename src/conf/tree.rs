//! What was read: items in the order of the file, each with the section it stands in.

use crate::catalogue::Context;

use super::MOST_VALUES;

/// An item's place in [`Tree::items`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ItemId(u32);

impl ItemId {
    pub(super) const NONE: ItemId = ItemId(u32::MAX);

    /// The item at this index of [`Tree::items`].
    pub fn at(index: usize) -> ItemId {
        ItemId::new(index)
    }

    pub(super) fn new(index: usize) -> ItemId {
        u32::try_from(index).map_or(ItemId::NONE, ItemId)
    }

    /// Its index in [`Tree::items`].
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

/// A line that says something: a parameter with its values, or the head of a section.
#[derive(Clone, Copy, Debug)]
pub struct Item<'src> {
    /// The first word.
    pub name: &'src [u8],
    pub(super) values: [&'src [u8]; MOST_VALUES],
    /// The line's number as the server counts, from 1.
    pub line: u32,
    pub(super) parent: ItemId,
    pub(super) count: u8,
    /// The section that the item stands in.
    pub context: Context,
    /// The section that the item opens.
    pub opens: Option<Context>,
    /// The line of the `}` that closes the section; 0 where it opens none or nothing closes it.
    pub end: u32,
    /// Where its line starts in the source, in bytes.
    pub(super) start: u32,
}

impl<'src> Item<'src> {
    /// The values, at most three; a section's brace is one of them, for the server takes it for a word.
    pub fn values(&self) -> &[&'src [u8]] {
        &self.values[..usize::from(self.count)]
    }

    /// The column of one of the item's words, in bytes from 1; a line that the server cuts starts anew at the cut.
    pub fn column(&self, tree: &Tree<'src>, word: &[u8]) -> u32 {
        let offset = u32::try_from(tree.offset(word)).unwrap_or(u32::MAX);
        offset.saturating_sub(self.start) + 1
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
                Context::LogSink => self.name == b"file",
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
    /// The item on the same line, else the next one; `None` at the end of the file.
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
    /// Replaces the values of the items that are chosen.
    pub fn hide(&mut self, with: &'src [u8], is_chosen: impl Fn(&Item<'src>) -> bool) {
        for item in self.items.iter_mut().filter(|item| is_chosen(item)) {
            item.values = [with, b"", b""];
            item.count = item.count.min(1);
        }
    }

    /// The item with this id.
    pub fn item(&self, id: ItemId) -> &Item<'src> {
        &self.items[id.index()]
    }

    /// Where a word of this tree stands in the source, in bytes.
    pub fn offset(&self, word: &[u8]) -> usize {
        nom::Offset::offset(self.source, word)
    }

    /// The column of a word in its line, in bytes from 1. A line that the server cuts starts anew at the cut.
    pub fn column(&self, word: &[u8]) -> u32 {
        let before = &self.source[..self.offset(word)];
        let start = before
            .iter()
            .rposition(|&byte| byte == b'\n')
            .map_or(0, |at| at + 1);
        let column = (before.len() - start) % super::LONGEST_LINE + 1;
        u32::try_from(column).unwrap_or(u32::MAX)
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
            None => self.values() == other.values(),
        };
        same_place && self.name == other.name && same_words
    }
}
