//! The file from top to bottom: items, the ends of sections, and what the reader found odd, in the order of lines.

use std::collections::HashMap;

use crate::catalogue::{Context, Edition, Release};
use crate::conf::{Item, ItemId, Oddity, OddityKind, Tree};

use super::message::quote_of;
use super::state::State;
use super::{Code, Found, Place, finish};

/// An open section.
struct Frame {
    id: Option<ItemId>,
    context: Context,
    /// Its head's line, and that of its `}`; 0 where nothing closes it.
    line: u32,
    end: u32,
    /// Whether its lines are judged; not so in a section that the server has refused.
    judged: bool,
    /// Sections that the server merges have the same number.
    merged: u32,
    empty: bool,
}

pub(super) struct Walk<'tree, 'src> {
    pub(super) tree: &'tree Tree<'src>,
    pub(super) release: Release,
    pub(super) edition: Edition,
    pub(super) state: State<'src>,
    pub(super) found: Found,
    /// The line on which a parameter was last seen, by its merged section.
    seen: HashMap<(u32, &'src [u8]), u32>,
    /// How often a parameter of which the server has room for some lines was given, by its merged section.
    given: HashMap<(u32, &'src [u8]), u32>,
    merged: HashMap<(u32, &'src [u8], &'src [u8]), u32>,
    /// How many sections there were so far.
    sections: u32,
    oddities: &'tree [Oddity<'src>],
    frames: Vec<Frame>,
}

/// Judges the whole file.
pub(super) fn walk<'src>(
    tree: &Tree<'src>,
    oddities: &[Oddity<'src>],
    release: Release,
    edition: Edition,
) -> Found {
    let mut walk = Walk {
        tree,
        release,
        edition,
        state: State::new(release, edition),
        found: Found::default(),
        seen: HashMap::with_capacity(tree.items.len()),
        given: HashMap::new(),
        merged: HashMap::new(),
        sections: 0,
        oddities,
        frames: vec![Frame {
            id: None,
            context: Context::Top,
            line: 0,
            end: 0,
            judged: true,
            merged: 0,
            empty: true,
        }],
    };
    for index in 0..tree.items.len() {
        walk.take(index);
    }
    walk.advance(u32::MAX);
    while walk.frames.len() > 1 {
        walk.end_section();
    }
    let Walk {
        state, mut found, ..
    } = walk;
    finish::finish(&state, &mut found);
    found
}

impl<'src> Walk<'_, 'src> {
    fn take(&mut self, index: usize) {
        let item = self.tree.items[index];
        self.advance(item.line);
        while self.frames.len() > 1 && self.top().id != item.parent() {
            self.end_section();
        }
        let top = self.top_mut();
        top.empty = false;
        let (judged, merged) = (top.judged, top.merged);
        let taken = judged && self.judge(&item, merged);
        if let Some(context) = item.opens {
            let merged = self.merge(&item, context, merged);
            self.frames.push(Frame {
                id: Some(ItemId::at(index)),
                context,
                line: item.line,
                end: item.end,
                judged: taken && context != Context::Unknown,
                merged,
                empty: true,
            });
        }
    }

    /// The number of the section that this one is merged into. Log sinks are never merged.
    fn merge(&mut self, item: &Item<'src>, context: Context, outer: u32) -> u32 {
        self.sections += 1;
        match context {
            Context::LogSink | Context::LogSyslog => self.sections,
            _ => *self
                .merged
                .entry((outer, item.name(), item.title()))
                .or_insert(self.sections),
        }
    }

    /// Everything that comes before a line: closing braces and oddities.
    fn advance(&mut self, line: u32) {
        loop {
            let end = Some(self.top().end).filter(|end| *end != 0 && *end < line);
            let odd = self.oddities.first().map(|odd| match odd.kind {
                // The server notices it when there is no line left.
                OddityKind::MissingBrace(_) => u32::MAX,
                _ => odd.line,
            });
            let odd = odd.filter(|odd| *odd <= line);
            match (end, odd) {
                (None, None) => return,
                (Some(end), Some(odd)) if odd < end => self.take_oddity(),
                (Some(_), _) => self.end_section(),
                (None, Some(_)) => self.take_oddity(),
            }
        }
    }

    fn end_section(&mut self) {
        let Some(frame) = self.frames.pop() else {
            return;
        };
        if !frame.judged || frame.end == 0 {
            return;
        }
        if frame.empty {
            let head = frame.id.and_then(|id| self.tree.items.get(id.index()));
            let place = head.map(|head| self.place(head, head.name()));
            self.warn_empty(frame.context, place.unwrap_or(Place::File));
        }
        self.state.end(frame.context, frame.line, &mut self.found);
    }

    fn take_oddity(&mut self) {
        let Some((odd, rest)) = self.oddities.split_first() else {
            return;
        };
        self.oddities = rest;
        let length = u32::try_from(odd.what.len()).unwrap_or(u32::MAX);
        let word = Place::Word(odd.line, odd.column, length);
        let items = &self.tree.items;
        let at = items.partition_point(|item| item.line < odd.line);
        let line = items.get(at).filter(|item| item.line == odd.line);
        let what = quote_of(line.map_or(b"", |item| item.name()), odd.what);
        let (code, place, message) = match odd.kind {
            OddityKind::LineCut => (
                Code::LineCut,
                Place::Word(odd.line, 1, length),
                "the line is longer than 1023 bytes, and the server reads the rest as a line of its own"
                    .to_owned(),
            ),
            OddityKind::WordsDropped => (
                Code::ExtraWords,
                word,
                format!("the server drops {what}: a line is a name and at most three values"),
            ),
            OddityKind::TextAfterBrace => (
                Code::TextAfterBrace,
                word,
                format!("the server drops {what}, which follows a `}}`"),
            ),
            OddityKind::ExtraBrace => (
                Code::ExtraBrace,
                word,
                "`}` closes nothing: no section is open here".to_owned(),
            ),
            OddityKind::GluedBrace => (
                Code::GluedBrace,
                word,
                format!("expected `}}` alone, but found {what}, which the server takes for a name"),
            ),
            OddityKind::SectionNotClosed(opened) => (
                Code::MissingBrace,
                word,
                format!("{what} begins while the section of line {opened} is still open: a `}}` is missing before"),
            ),
            OddityKind::MissingBrace(opened) => (
                Code::MissingBrace,
                Place::About(opened),
                format!("the section of line {opened} is not closed: a `}}` is missing"),
            ),
        };
        self.found.add(code, place, message);
    }

    fn top(&self) -> &Frame {
        &self.frames[self.frames.len() - 1]
    }

    fn top_mut(&mut self) -> &mut Frame {
        let last = self.frames.len() - 1;
        &mut self.frames[last]
    }

    /// Notes that a parameter was given, and tells the line on which it was given before.
    pub(super) fn note_seen(&mut self, merged: u32, name: &'src [u8], line: u32) -> Option<u32> {
        self.seen.insert((merged, name), line)
    }

    /// Counts a line of a parameter, and tells how many there were with it.
    pub(super) fn count(&mut self, merged: u32, name: &'src [u8]) -> u32 {
        let given = self.given.entry((merged, name)).or_insert(0);
        *given += 1;
        *given
    }

    /// A problem with a word of a line; how bad it is, its code says.
    pub(super) fn say(&mut self, item: &Item<'src>, word: &[u8], code: Code, text: String) {
        let place = self.place(item, word);
        self.found.add(code, place, text);
    }

    /// A problem for which the server names no line, though this one is to blame.
    pub(super) fn about(&mut self, item: &Item<'src>, code: Code, text: String) {
        self.found.add(code, Place::About(item.line), text);
    }

    fn place(&self, item: &Item<'src>, word: &[u8]) -> Place {
        let length = u32::try_from(word.len()).unwrap_or(u32::MAX);
        Place::Word(item.line, item.column(word), length)
    }
}
