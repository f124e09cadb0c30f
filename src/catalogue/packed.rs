//! The rows as the program carries them: a third of what they are as they are written, and without a pointer, for what
//! points has to be relocated at every start. The compiler makes them.

use super::row::{Bound, Default, Row, Text};
use super::spelled::{Span, Spelled};
use super::{Context, TABLES};

/// The rows of all contexts, one context after the other.
pub(super) static ROWS: [Row; ROW_COUNT] = PACKED.rows;

/// The initials of each row's name.
pub(super) static INITIALS: [Initials; ROW_COUNT] = {
    let mut all = [Initials(0); ROW_COUNT];
    let mut at = 0;
    while at < ROW_COUNT {
        let name = &PACKED.rows[at].name;
        let (_, from_start) = PACKED.letters.split_at(name.start as usize);
        all[at] = Initials::of(from_start.split_at(name.length as usize).0);
        at += 1;
    }
    all
};

/// Where the rows of each context begin, and behind the last one where they end.
pub(super) static STARTS: [u16; CONTEXT_COUNT + 1] = PACKED.starts;

/// The contexts that have rows.
pub(super) static CONTEXTS: [Context; TABLES.len()] = {
    let mut contexts = [Context::Top; TABLES.len()];
    let mut at = 0;
    while at < TABLES.len() {
        contexts[at] = TABLES[at].0;
        at += 1;
    }
    contexts
};

/// The letters of all words.
pub(super) static LETTERS: &str = match std::str::from_utf8(&BYTES) {
    Ok(letters) => letters,
    Err(_) => panic!("the tables are written in UTF-8"),
};
static BYTES: [u8; LETTER_COUNT] = PACKED.letters;

/// Every bound that a row has; most rows have the same few.
pub(super) static BOUNDS: [Span; MOST_BOUNDS] = PACKED.bounds;

const CONTEXT_COUNT: usize = Context::Unknown as usize + 1;
const ROW_COUNT: usize = count().0;
const LETTER_COUNT: usize = count().1;
const MOST_BOUNDS: usize = 80;
const PACKED: Packing = pack();

/// The first eight letters of a name as a number, which is in order as the names are: a search compares numbers.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Initials(u64);

impl Initials {
    pub(super) const fn of(name: &[u8]) -> Initials {
        let letters = match name.first_chunk() {
            Some(letters) => *letters,
            None => {
                let mut letters = [0; 8];
                let mut at = 0;
                while at < name.len() {
                    letters[at] = name[at];
                    at += 1;
                }
                letters
            }
        };
        Initials(u64::from_be_bytes(letters))
    }
}

struct Packing {
    rows: [Row; ROW_COUNT],
    starts: [u16; CONTEXT_COUNT + 1],
    letters: [u8; LETTER_COUNT],
    letters_used: usize,
    bounds: [Span; MOST_BOUNDS],
    bounds_used: usize,
}

/// The number of rows and of the letters of all their words.
const fn count() -> (usize, usize) {
    let (mut rows, mut letters) = (0, 0);
    let mut table = 0;
    while table < TABLES.len() {
        let written = TABLES[table].1;
        let mut at = 0;
        while at < written.len() {
            let row = &written[at];
            letters += row.name.len() + row.words.len() + row.instead.len();
            letters += match row.default {
                Default::Unknown | Default::Derived | Default::Unset | Default::Empty => 0,
                Default::Is(value) => value.len(),
                Default::ByEdition(enterprise, community) => enterprise.len() + community.len(),
            };
            at += 1;
        }
        rows += written.len();
        table += 1;
    }
    (rows, letters)
}

const fn pack() -> Packing {
    let mut packing = Packing::new();
    let (mut table, mut row, mut context) = (0, 0, 0);
    while context < CONTEXT_COUNT {
        packing.starts[context] = row as u16;
        if table < TABLES.len() && TABLES[table].0 as usize == context {
            let written = TABLES[table].1;
            let mut at = 0;
            while at < written.len() {
                packing.rows[row] = packing.row(&written[at]);
                row += 1;
                at += 1;
            }
            table += 1;
        }
        context += 1;
    }
    packing.starts[context] = row as u16;
    packing
}

impl Packing {
    const fn new() -> Packing {
        let nothing = Text {
            start: 0,
            length: 0,
        };
        let blank = Row {
            name: nothing,
            since: super::Release::OLDEST,
            until: super::Release::OLDEST,
            kind: super::Kind::Text,
            words: nothing,
            min: Bound(0),
            max: Bound(0),
            times: super::Times::One,
            edition: super::Availability::Everywhere,
            default: Default::Unknown,
            change: super::Change::Undocumented,
            instead: nothing,
        };
        Packing {
            rows: [blank; ROW_COUNT],
            starts: [0; CONTEXT_COUNT + 1],
            letters: [0; LETTER_COUNT],
            letters_used: 0,
            bounds: [None; MOST_BOUNDS],
            bounds_used: 0,
        }
    }

    const fn row(&mut self, written: &Spelled) -> Row {
        Row {
            name: self.text(written.name),
            since: written.since,
            until: written.until,
            kind: written.kind,
            words: self.text(written.words),
            min: self.bound(written.min),
            max: self.bound(written.max),
            times: written.times,
            edition: written.edition,
            default: match written.default {
                Default::Unknown => Default::Unknown,
                Default::Derived => Default::Derived,
                Default::Unset => Default::Unset,
                Default::Empty => Default::Empty,
                Default::Is(value) => Default::Is(self.text(value)),
                Default::ByEdition(enterprise, community) => {
                    Default::ByEdition(self.text(enterprise), self.text(community))
                }
            },
            change: written.change,
            instead: self.text(written.instead),
        }
    }

    const fn text(&mut self, written: &str) -> Text {
        let text = Text {
            start: self.letters_used as u16,
            length: written.len() as u16,
        };
        let mut at = 0;
        while at < written.len() {
            self.letters[self.letters_used] = written.as_bytes()[at];
            self.letters_used += 1;
            at += 1;
        }
        text
    }

    const fn bound(&mut self, written: Span) -> Bound {
        let mut at = 0;
        while at < self.bounds_used && !is_same(self.bounds[at], written) {
            at += 1;
        }
        if at == self.bounds_used {
            self.bounds[at] = written;
            self.bounds_used += 1;
        }
        Bound(at as u8)
    }
}

const fn is_same(one: Span, other: Span) -> bool {
    match (one, other) {
        (Some(one), Some(other)) => one.0 == other.0 && one.1 == other.1,
        (None, None) => true,
        (Some(_), None) | (None, Some(_)) => false,
    }
}

// Offsets have sixteen bits.
const _: () = assert!(LETTER_COUNT <= u16::MAX as usize);
