//! The words of a problem.

use super::value::Fault;
use crate::catalogue::{HIDDEN, Kind, Row, is_secret};
use crate::foreign::is_harmful;

use super::Code;

/// The longest foreign word that a message repeats.
const LONGEST_WORD: usize = 60;

/// A word of a line with this name, quoted. Of a line that gives a secret no word is repeated.
pub(super) fn quote_of(name: &[u8], word: &[u8]) -> String {
    match is_secret(name) {
        true => quote(HIDDEN.as_bytes()),
        false => quote(word),
    }
}

/// A foreign word in backticks: control characters escaped, long ones cut.
pub(super) fn quote(word: &[u8]) -> String {
    let mut text = String::with_capacity(word.len().min(LONGEST_WORD) + 2);
    text.push('`');
    let mut lossy = String::from_utf8_lossy(&word[..word.len().min(4 * LONGEST_WORD)]).into_owned();
    if let Some((end, _)) = lossy.char_indices().nth(LONGEST_WORD) {
        lossy.truncate(end);
        lossy.push('…');
    }
    for character in lossy.chars() {
        if is_harmful(character) {
            text.extend(character.escape_unicode());
        } else {
            text.push(character);
        }
    }
    text.push('`');
    text
}

/// The code and the words for a value that the server refuses: expected, then found.
pub(super) fn refused(row: &Row, fault: Fault, word: &[u8]) -> (Code, String) {
    let (code, expected) = match fault {
        Fault::Missing => (Code::MissingValue, expected(row)),
        Fault::NotANumber if row.kind == Kind::PctOrMinus1 => {
            (Code::BadNumber, "a number without a unit".to_owned())
        }
        Fault::NotANumber => (
            Code::BadNumber,
            "digits and at most one of k m g t p".to_owned(),
        ),
        Fault::NotSeconds => (
            Code::BadSeconds,
            "digits and at most one of s m h d, below 2^32 seconds".to_owned(),
        ),
        Fault::NotHex => (Code::BadHex, "at most 16 hexadecimal digits".to_owned()),
        Fault::NotBool | Fault::YesNo => (Code::BadBoolean, "`true` or `false`".to_owned()),
        Fault::UnknownWord => (Code::BadWord, expected(row)),
        Fault::Overflow(_, bits) => (Code::NumberOverflow, format!("a number of {bits} bits")),
        Fault::OutOfBounds(_, least, most) => (Code::OutOfBounds, format!("{least} to {most}")),
        Fault::NotAPowerOf2(number) => {
            let above = number.checked_next_power_of_two().unwrap_or(1 << 63);
            let below = above / 2;
            (
                Code::NotPowerOf2,
                format!("a power of two such as {below} or {above}"),
            )
        }
        Fault::NotAMultiple(_, of) => (Code::NotMultiple, format!("a multiple of {of}")),
    };
    let found = found(fault, word);
    let name = row.name();
    (
        code,
        format!("`{name}`: expected {expected}, but found {found}"),
    )
}

/// The word, and what it is where it does not say so itself.
fn found(fault: Fault, word: &[u8]) -> String {
    let word_is = |number: i128| number.to_string().as_bytes() == word;
    match fault {
        Fault::Missing => "nothing".to_owned(),
        Fault::YesNo => format!("{}, which servers refuse from 7.2", quote(word)),
        Fault::Overflow(number, _) => format!("{}, which is {number}", quote(word)),
        Fault::OutOfBounds(number, _, _) if !word_is(number) => {
            format!("{}, which is {number}", quote(word))
        }
        Fault::OutOfBounds(..)
        | Fault::NotANumber
        | Fault::NotSeconds
        | Fault::NotHex
        | Fault::NotBool
        | Fault::UnknownWord
        | Fault::NotAPowerOf2(_)
        | Fault::NotAMultiple(..) => quote(word),
    }
}

fn expected(row: &Row) -> String {
    match row.kind {
        Kind::Bool | Kind::BoolOrBare | Kind::Flag => "`true` or `false`".to_owned(),
        Kind::Enum => one_of(&row.words().collect::<Vec<_>>()),
        Kind::Text | Kind::Address | Kind::Section | Kind::Obsolete => "a value".to_owned(),
        Kind::Seconds => "seconds".to_owned(),
        Kind::Hex => "a hexadecimal number".to_owned(),
        Kind::U8
        | Kind::U16
        | Kind::U32
        | Kind::U64
        | Kind::I32
        | Kind::PowerOf2
        | Kind::Multiple(_)
        | Kind::Port
        | Kind::PctOrMinus1 => "a number".to_owned(),
    }
}

/// `a`, `b` or `c`.
pub(super) fn one_of(words: &[&str]) -> String {
    let quoted: Vec<String> = words.iter().map(|word| format!("`{word}`")).collect();
    match quoted.split_last() {
        None => String::new(),
        Some((only, [])) => only.clone(),
        Some((last, rest)) => format!("{} or {last}", rest.join(", ")),
    }
}
