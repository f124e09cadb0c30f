//! The words of a problem.

use super::value::Fault;
use crate::catalogue::{HIDDEN, Kind, Row, is_secret};

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

/// Control characters, and those that reorder or hide what stands around them.
fn is_harmful(character: char) -> bool {
    character.is_control()
        || matches!(character, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
}

/// The code and the words for a value that the server refuses.
pub(super) fn refused(row: &Row, fault: Fault, word: &[u8]) -> (Code, String) {
    let name = row.name;
    let found = quote(word);
    match fault {
        Fault::Missing => (
            Code::MissingValue,
            format!("`{name}`: expected {}, but found nothing", expected(row)),
        ),
        Fault::NotANumber if row.kind == Kind::PctOrMinus1 => (
            Code::BadNumber,
            format!("`{name}`: expected a number without a unit, but found {found}"),
        ),
        Fault::NotANumber => (
            Code::BadNumber,
            format!("`{name}`: expected digits and at most one of k m g t p, but found {found}"),
        ),
        Fault::NotSeconds => (
            Code::BadSeconds,
            format!(
                "`{name}`: expected digits and at most one of s m h d, below 2^32 seconds, but found {found}"
            ),
        ),
        Fault::NotHex => (
            Code::BadHex,
            format!("`{name}`: expected at most 16 hexadecimal digits, but found {found}"),
        ),
        Fault::NotBool => (
            Code::BadBoolean,
            format!("`{name}`: expected `true` or `false`, but found {found}"),
        ),
        Fault::YesNo => (
            Code::BadBoolean,
            format!(
                "`{name}`: expected `true` or `false`, but found {found}, which servers refuse from 7.2"
            ),
        ),
        Fault::UnknownWord => (
            Code::BadWord,
            format!("`{name}`: expected {}, but found {found}", expected(row)),
        ),
        Fault::Overflow(number, bits) => (
            Code::NumberOverflow,
            format!(
                "`{name}`: expected a number of {bits} bits, but found {found}, which is {number}"
            ),
        ),
        Fault::OutOfBounds(number, least, most) => {
            let seen = if number.to_string().as_bytes() == word {
                found
            } else {
                format!("{found}, which is {number}")
            };
            (
                Code::OutOfBounds,
                format!("`{name}`: expected {least} to {most}, but found {seen}"),
            )
        }
        Fault::NotAPowerOf2(number) => {
            let above = number.checked_next_power_of_two().unwrap_or(1 << 63);
            (
                Code::NotPowerOf2,
                format!(
                    "`{name}`: expected a power of two such as {} or {above}, but found {found}",
                    above / 2
                ),
            )
        }
        Fault::NotAMultiple(_, of) => (
            Code::NotMultiple,
            format!("`{name}`: expected a multiple of {of}, but found {found}"),
        ),
    }
}

fn expected(row: &Row) -> String {
    match row.kind {
        Kind::Bool | Kind::BoolOrBare | Kind::Flag => "`true` or `false`".to_owned(),
        Kind::Enum(words) => one_of(words),
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
