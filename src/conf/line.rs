//! One line of aerospike.conf, as the server's reader cuts it.
//!
//! ```text
//! line    = space [ word *3( space word ) *( space dropped ) ] space [ "#" comment ]
//! word    = 1*( any byte but white space, "#" and NUL )
//! space   = *( " " / tab / newline / carriage return / form feed / vertical tab )
//! ```
//! A NUL ends the line as `#` does, for the server reads C strings. Quotes and backslashes are bytes like others.

use nom::bytes::complete::take_while;
use nom::sequence::preceded;
use nom::{IResult, Offset, Parser};

use crate::bytes::ByteSet;

/// The server reads with a buffer of 1024 bytes: 1023 of a line, the rest is a line of its own.
pub const LONGEST_LINE: usize = 1023;

/// A line is a name and at most three values.
pub const MOST_VALUES: usize = 3;

/// The words of a line.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Line<'src> {
    /// The first word; empty where the line says nothing.
    pub(super) name: &'src [u8],
    pub(super) values: [&'src [u8]; MOST_VALUES],
    pub(super) count: u8,
    /// From the first dropped word to the end of the last one; empty where none was dropped.
    pub(super) dropped: &'src [u8],
    /// What follows `#`; empty where there is no comment.
    pub(super) comment: &'src [u8],
}

/// Cuts the first line off `text`, as `fgets` with the server's buffer does; the newline goes with it.
pub(super) fn split_first(text: &[u8]) -> (&[u8], &[u8]) {
    let window = &text[..text.len().min(LONGEST_LINE)];
    let end = memchr::memchr(b'\n', window).map_or(window.len(), |at| at + 1);
    text.split_at(end)
}

impl<'src> Line<'src> {
    /// Reads the words of one line that [`split_first`] cut into an empty one. There is one for each line of a file:
    /// to move it would cost as much as to read it.
    pub(super) fn read(&mut self, line: &'src [u8]) {
        let mut rest = line;
        self.name = next_word(&mut rest);
        for slot in &mut self.values {
            *slot = next_word(&mut rest);
            if slot.is_empty() {
                break;
            }
            self.count += 1;
        }
        self.dropped = words(&mut rest);
        self.comment = comment(rest);
    }

    pub(super) fn values(&self) -> &[&'src [u8]] {
        &self.values[..usize::from(self.count)]
    }
}

/// The next word; empty where there is none.
fn next_word<'src>(rest: &mut &'src [u8]) -> &'src [u8] {
    let parsed: IResult<&[u8], &[u8]> =
        preceded(take_while(is_space), take_while(|byte| IN_WORD.has(byte))).parse(rest);
    let (after, word) = parsed.unwrap_or_default();
    *rest = after;
    word
}

/// All words that are left, from the first one's start to the last one's end.
fn words<'src>(rest: &mut &'src [u8]) -> &'src [u8] {
    let start = *rest;
    let first = next_word(rest);
    let mut last = first;
    loop {
        let word = next_word(rest);
        if word.is_empty() {
            break;
        }
        last = word;
    }
    &start[start.offset(first)..start.offset(last) + last.len()]
}

fn comment(rest: &[u8]) -> &[u8] {
    let Some((b'#', text)) = rest.split_first() else {
        return &[];
    };
    let end = memchr::memchr(0, text).unwrap_or(text.len());
    text[..end].trim_ascii()
}

/// What C's `isspace` takes for white space.
fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t'..=b'\r')
}

/// What words are made of.
static IN_WORD: ByteSet = ByteSet::of(b" #\0").and(b'\t', b'\r').inverted();

#[cfg(test)]
mod tests {
    use super::*;

    fn read(line: &str) -> Line<'_> {
        let mut read = Line::default();
        read.read(line.as_bytes());
        read
    }

    #[track_caller]
    fn case(line: &str, expected: &[&str]) {
        let read = read(line);
        let mut words = vec![read.name];
        words.extend(&read.values[..usize::from(read.count)]);
        words.retain(|word| !word.is_empty());
        let expected: Vec<&[u8]> = expected.iter().map(|word| word.as_bytes()).collect();
        assert_eq!(words, expected, "{line:?}");
    }

    #[test]
    fn words_are_split_at_white_space_of_every_kind() {
        case("proto-fd-max 15000", &["proto-fd-max", "15000"]);
        case("\t a\u{b}b\u{c}c\rd\r\n", &["a", "b", "c", "d"]);
        case("a\u{a0}b", &["a\u{a0}b"]);
        case("   \n", &[]);
    }

    #[test]
    fn a_comment_starts_anywhere_even_glued_quoted_or_escaped() {
        case("a b# c", &["a", "b"]);
        case("a b#c d", &["a", "b"]);
        case("a \"b#c\"", &["a", "\"b"]);
        case("a b\\#c", &["a", "b\\"]);
        case("# a", &[]);
    }

    #[test]
    fn a_nul_ends_the_line() {
        case("a b\0 c", &["a", "b"]);
        case("\0a b", &[]);
    }

    #[test]
    fn words_after_the_third_value_are_dropped() {
        case("n a b c d e", &["n", "a", "b", "c"]);
        let read = read("n a b c d  e # f");
        assert_eq!((read.dropped, read.comment), (&b"d  e"[..], &b"f"[..]));
    }

    #[test]
    fn a_line_is_cut_after_1023_bytes() {
        let text = [b'x'; 2000];
        assert_eq!(split_first(&text).0.len(), LONGEST_LINE);
        assert_eq!(split_first(b"a\nb").0, b"a\n");
        assert_eq!(split_first(b"a").0, b"a");
    }
}
