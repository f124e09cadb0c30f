//! How the server reads a value, and what it refuses. Pure: a word and a row in, a value or a fault out.
//!
//! ```text
//! integer = *digit [ k | m | g | t | p ]     either case, powers of 1024, modulo 2^64; nothing at all is 0
//! seconds = *digit [ s | m | h | d ]         either case, at most 2^32 - 1
//! bool    = true | false                     any case; up to 7.1 also yes | no
//! hex     = [ 0x ] 1*hexdigit                at most 64 bits
//! decimal = [ - ] 1*digit                    at most 32 bits, no unit
//! ```

use crate::catalogue::{Edition, Kind, Release, Row};

/// A value as the server understood it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Value {
    /// A number in the kind's unit; negative ones stand as two's complement.
    Number(u64),
    /// A boolean.
    Bool(bool),
    /// Anything that is kept as it is written.
    Word,
}

/// Why the server refuses a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// There is none, and one is needed.
    Missing,
    /// It is not a number of this kind.
    NotANumber,
    /// It is not a number of seconds, or more than 2^32 - 1 of them.
    NotSeconds,
    /// It is not a hexadecimal number of 64 bits.
    NotHex,
    /// It is neither `true` nor `false`.
    NotBool,
    /// It is `yes` or `no`, which servers refuse from 7.2.
    YesNo,
    /// It is none of the words.
    UnknownWord,
    /// It does not fit into this many bits.
    Overflow(u64, u32),
    /// It is out of bounds: the value, the least and the greatest.
    OutOfBounds(i128, i128, i128),
    /// It is not a power of two.
    NotAPowerOf2(u64),
    /// It is not a multiple of the number.
    NotAMultiple(u64, u32),
}

/// Reads an integer as `atoi` with units does: it wraps above 2^64, and a bare unit is 0.
pub fn read_integer(word: &[u8]) -> Option<u64> {
    let (number, rest) = read_digits(word);
    Some(number.wrapping_mul(1 << unit_shift(rest)?))
}

/// Reads an integer that may be negative.
pub fn read_signed(word: &[u8]) -> Option<i64> {
    let (digits, negative) = match word.strip_prefix(b"-") {
        Some(digits) => (digits, true),
        None => (word, false),
    };
    let number = read_integer(digits)?.cast_signed();
    Some(if negative {
        number.wrapping_neg()
    } else {
        number
    })
}

/// Reads a number of 32 bits as `strtol` does: it may be negative and has no unit.
pub fn read_decimal(word: &[u8]) -> Option<i32> {
    let digits = word.strip_prefix(b"-").unwrap_or(word);
    if digits.is_empty() || !digits.iter().all(u8::is_ascii_digit) {
        return None;
    }
    std::str::from_utf8(word).ok()?.parse().ok()
}

/// Reads seconds. `-1` is 0 up to 6.4, and 2^32 - 1 from 7.0.
pub fn read_seconds(word: &[u8], release: Release) -> Option<u32> {
    if release.is_from(7, 0) {
        if word == b"-1" {
            return Some(u32::MAX);
        }
    } else if word.starts_with(b"-1") {
        return Some(0);
    }
    let (number, rest) = read_digits(word);
    let factor = match rest {
        [] | [b's' | b'S'] => 1,
        [b'm' | b'M'] => 60,
        [b'h' | b'H'] => 60 * 60,
        [b'd' | b'D'] => 24 * 60 * 60,
        _ => return None,
    };
    u32::try_from(number.wrapping_mul(factor)).ok()
}

/// Reads a hexadecimal number of at most 64 bits.
pub fn read_hex(word: &[u8]) -> Option<u64> {
    let digits = match word {
        [b'0', b'x' | b'X', rest @ ..] => rest,
        all => all,
    };
    if digits.is_empty() || !digits.iter().all(u8::is_ascii_hexdigit) {
        return None;
    }
    digits.iter().try_fold(0u64, |number, digit| {
        let digit = char::from(*digit).to_digit(16)?;
        Some(number.checked_mul(16)? + u64::from(digit))
    })
}

/// Reads a boolean.
pub fn read_bool(word: &[u8], release: Release) -> Result<bool, Fault> {
    let is = |expected: &[u8]| word.eq_ignore_ascii_case(expected);
    if is(b"true") {
        Ok(true)
    } else if is(b"false") {
        Ok(false)
    } else if word.is_empty() {
        Err(Fault::Missing)
    } else if is(b"yes") || is(b"no") {
        if release.is_from(7, 2) {
            Err(Fault::YesNo)
        } else {
            Ok(is(b"yes"))
        }
    } else {
        Err(Fault::NotBool)
    }
}

/// Reads the value of a parameter as a server of this release and edition does.
pub fn read(row: &Row, word: &[u8], release: Release, edition: Edition) -> Result<Value, Fault> {
    if word.is_empty() {
        return read_nothing(row.kind);
    }
    let bounds = bounds(row, edition);
    match row.kind {
        Kind::Text | Kind::Address | Kind::Section | Kind::Obsolete => Ok(Value::Word),
        Kind::Flag => Ok(Value::Bool(true)),
        Kind::Bool | Kind::BoolOrBare => Ok(Value::Bool(read_bool(word, release)?)),
        Kind::Enum if row.takes(word) => Ok(Value::Word),
        Kind::Enum => Err(Fault::UnknownWord),
        Kind::U8 => unsigned(word, 8, bounds),
        Kind::U16 => unsigned(word, 16, bounds),
        Kind::U32 => unsigned(word, 32, bounds),
        Kind::U64 | Kind::Port => unsigned(word, 64, bounds),
        Kind::I32 => signed(word, bounds),
        Kind::PowerOf2 => match unsigned(word, 64, bounds)? {
            Value::Number(number) if number & number.wrapping_sub(1) != 0 => {
                Err(Fault::NotAPowerOf2(number))
            }
            value => Ok(value),
        },
        Kind::Multiple(of) => match unsigned(word, 32, bounds)? {
            Value::Number(number) if number % u64::from(of.max(1)) != 0 => {
                Err(Fault::NotAMultiple(number, of))
            }
            value => Ok(value),
        },
        Kind::Seconds => {
            let seconds = read_seconds(word, release).ok_or(Fault::NotSeconds)?;
            bounded(u64::from(seconds), bounds)
        }
        Kind::Hex => bounded(read_hex(word).ok_or(Fault::NotHex)?, bounds),
        Kind::PctOrMinus1 => {
            let number = read_decimal(word).ok_or(Fault::NotANumber)?;
            within(i128::from(number), -1, 100)?;
            Ok(Value::Number(u64::from(number.cast_unsigned())))
        }
    }
}

/// What a parameter without a value has.
fn read_nothing(kind: Kind) -> Result<Value, Fault> {
    match kind {
        Kind::Text | Kind::Address | Kind::Section | Kind::Obsolete => Ok(Value::Word),
        Kind::Flag | Kind::BoolOrBare => Ok(Value::Bool(true)),
        Kind::Bool
        | Kind::Enum
        | Kind::U8
        | Kind::U16
        | Kind::U32
        | Kind::U64
        | Kind::I32
        | Kind::PowerOf2
        | Kind::Multiple(_)
        | Kind::Seconds
        | Kind::Port
        | Kind::Hex
        | Kind::PctOrMinus1 => Err(Fault::Missing),
    }
}

/// The least and the greatest value, where there is one.
type Bounds = (Option<u64>, Option<u64>);

/// The bounds that a server of this edition holds to. The published ones are wrong but for the parameters that do
/// depend on the edition: the size of a cluster and of an arena's stage.
fn bounds(row: &Row, edition: Edition) -> Bounds {
    let differs = matches!(
        row.name(),
        "replication-factor" | "min-cluster-size" | "index-stage-size"
    );
    let of = if differs { edition } else { Edition::Community };
    (row.min.of(of), row.max.of(of))
}

/// The digits that a word begins with, and what follows them.
fn split_digits(word: &[u8]) -> (&[u8], &[u8]) {
    let end = word
        .iter()
        .position(|byte| !byte.is_ascii_digit())
        .unwrap_or(word.len());
    word.split_at(end)
}

/// The number that a word begins with, modulo 2^64, and what follows it.
fn read_digits(word: &[u8]) -> (u64, &[u8]) {
    let (digits, rest) = split_digits(word);
    let number = digits.iter().fold(0u64, |number, digit| {
        number
            .wrapping_mul(10)
            .wrapping_add(u64::from(digit - b'0'))
    });
    (number, rest)
}

/// Whether writing the digits out exceeds 64 bits, so that the server wraps.
pub(super) fn wraps(word: &[u8]) -> bool {
    let (digits, unit) = split_digits(word);
    let factor = 1u128 << unit_shift(unit).unwrap_or(0);
    digits
        .iter()
        .try_fold(0u128, |number, digit| {
            number
                .checked_mul(10)?
                .checked_add(u128::from(digit - b'0'))
        })
        .and_then(|number| number.checked_mul(factor))
        .is_none_or(|number| number > u128::from(u64::MAX))
}

fn unit_shift(unit: &[u8]) -> Option<u32> {
    Some(match unit {
        [] => 0,
        [b'k' | b'K'] => 10,
        [b'm' | b'M'] => 20,
        [b'g' | b'G'] => 30,
        [b't' | b'T'] => 40,
        [b'p' | b'P'] => 50,
        _ => return None,
    })
}

fn unsigned(word: &[u8], bits: u32, bounds: Bounds) -> Result<Value, Fault> {
    let number = read_integer(word).ok_or(Fault::NotANumber)?;
    if bits < 64 && number >> bits != 0 {
        return Err(Fault::Overflow(number, bits));
    }
    bounded(number, bounds)
}

/// A number of 32 bits that may be negative.
fn signed(word: &[u8], bounds: Bounds) -> Result<Value, Fault> {
    let number = read_signed(word).ok_or(Fault::NotANumber)?;
    if i32::try_from(number).is_err() {
        return Err(Fault::Overflow(number.cast_unsigned(), 32));
    }
    let least = bounds.0.map_or(i128::from(i32::MIN), i128::from);
    within(i128::from(number), least, greatest(bounds))?;
    Ok(Value::Number(number.cast_unsigned()))
}

fn bounded(number: u64, bounds: Bounds) -> Result<Value, Fault> {
    let least = i128::from(bounds.0.unwrap_or(0));
    within(i128::from(number), least, greatest(bounds))?;
    Ok(Value::Number(number))
}

fn greatest(bounds: Bounds) -> i128 {
    i128::from(bounds.1.unwrap_or(u64::MAX))
}

fn within(number: i128, least: i128, most: i128) -> Result<(), Fault> {
    match (least..=most).contains(&number) {
        true => Ok(()),
        false => Err(Fault::OutOfBounds(number, least, most)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn integers_take_one_unit_and_wrap() {
        #[track_caller]
        fn case(word: &str, expected: Option<u64>) {
            assert_eq!(read_integer(word.as_bytes()), expected, "{word}");
        }
        case("18888", Some(18888));
        case("018888", Some(18888));
        case("17k", Some(17408));
        case("1P", Some(1 << 50));
        case("G", Some(0));
        case("", Some(0));
        case("18446744073709551616", Some(0));
        case("99999999999999999999", Some(7_766_279_631_452_241_919));
        for word in [
            "17KB", "1Gi", "1E", "1.5G", "-1", "+5", "0x10", "1e4", "1_0", "\u{661}",
        ] {
            case(word, None);
        }
    }

    #[test]
    fn signed_integers_may_be_negative() {
        assert_eq!(read_signed(b"-1k"), Some(-1024));
        assert_eq!(read_signed(b"60000"), Some(60000));
        assert_eq!(read_signed(b"+1"), None);
    }

    #[test]
    fn decimal_numbers_take_no_unit_and_never_wrap() {
        #[track_caller]
        fn case(word: &str, expected: Option<i32>) {
            assert_eq!(read_decimal(word.as_bytes()), expected, "{word}");
        }
        case("50", Some(50));
        case("-1", Some(-1));
        case("-01", Some(-1));
        case("-0", Some(0));
        for word in ["", "-", "+1", "0k", "k", "1.0", "0x1", "4294967295"] {
            case(word, None);
        }
    }

    #[test]
    fn seconds_take_units_of_time() {
        #[track_caller]
        fn case(word: &str, release: &str, expected: Option<u32>) {
            let release = Release::parse(release).unwrap();
            assert_eq!(read_seconds(word.as_bytes(), release), expected, "{word}");
        }
        case("30d", "8.0", Some(2_592_000));
        case("1M", "8.0", Some(60));
        case("d", "8.0", Some(0));
        case("-1", "7.0", Some(u32::MAX));
        case("-1", "6.4", Some(0));
        case("-10", "6.4", Some(0));
        case("-10", "7.0", None);
        for word in ["4w", "1.5d", "1d12h", "never", "4294967296"] {
            case(word, "8.0", None);
        }
    }

    #[test]
    fn hexadecimal_numbers_have_at_most_64_bits() {
        assert_eq!(read_hex(b"0xA1"), Some(0xa1));
        assert_eq!(read_hex(b"bb9020011ac4202"), Some(0x0bb9_0200_11ac_4202));
        for word in ["", "0x", "xyz", "bb9020011ac42021f", "-1"] {
            assert_eq!(read_hex(word.as_bytes()), None, "{word}");
        }
    }

    #[test]
    fn yes_and_no_are_refused_from_7_2() {
        let (old, new) = (Release::new(7, 1, 0), Release::new(7, 2, 0));
        assert_eq!(read_bool(b"YES", old), Ok(true));
        assert_eq!(read_bool(b"no", old), Ok(false));
        assert_eq!(read_bool(b"yes", new), Err(Fault::YesNo));
        assert_eq!(read_bool(b"tRuE", new), Ok(true));
        assert_eq!(read_bool(b"1", old), Err(Fault::NotBool));
        assert_eq!(read_bool(b"", old), Err(Fault::Missing));
    }

    #[test]
    fn wrapping_is_noticed() {
        assert!(wraps(b"18446744073709551616"));
        assert!(wraps(b"16777216T"));
        assert!(!wraps(b"18446744073709551615"));
        assert!(!wraps(b"1P"));
    }
}
