//! Values in canonical form: plain integers, seconds, `true` and `false`, as the server prints them.

use std::borrow::Cow;

use crate::catalogue::{Kind, Release, Row, Times};

/// A value that can be compared.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Value {
    /// One word; empty where nothing is set.
    One(String),
    /// Several; sorted, unless their order counts.
    Many(Vec<String>),
    /// Whatever the other side says: worked out from the machine, or filled in by a template.
    Anything,
}

impl Value {
    /// Nothing is set.
    pub fn unset() -> Value {
        Value::One(String::new())
    }

    /// A list in canonical form.
    pub fn list(mut values: Vec<String>, order: Order) -> Value {
        if order == Order::Free {
            values.sort_unstable();
            values.dedup();
        }
        Value::Many(values)
    }

    /// The words of a list; one word is a list of one.
    pub(super) fn into_list(self) -> Vec<String> {
        match self {
            Value::One(one) => vec![one],
            Value::Many(many) => many,
            Value::Anything => Vec::new(),
        }
    }

    /// Whether the two mean the same.
    pub fn agrees_with(&self, other: &Value) -> bool {
        match (self, other) {
            (Value::Anything, _) | (_, Value::Anything) => true,
            (Value::One(one), Value::Many(many)) | (Value::Many(many), Value::One(one)) => {
                match many.as_slice() {
                    [] => one.is_empty(),
                    [only] => only == one,
                    _ => false,
                }
            }
            (Value::One(one), Value::One(other)) => one == other,
            (Value::Many(one), Value::Many(other)) => one == other,
        }
    }
}

/// Whether the order of a list counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    /// Addresses, seeds, bins.
    Free,
    /// Devices and files: the server stripes over them in order.
    Counts,
}

/// Whether the order of this parameter's values counts.
pub fn order_of(row: &Row) -> Order {
    match row.name() {
        "device" | "file" | "mount" => Order::Counts,
        _ => Order::Free,
    }
}

/// A word of a file. Most are UTF-8, and are quicker to look at as a whole.
pub(super) fn text(word: &[u8]) -> Cow<'_, str> {
    match std::str::from_utf8(word) {
        Ok(text) => Cow::Borrowed(text),
        Err(_) => String::from_utf8_lossy(word),
    }
}

/// One line's values in canonical form, as a server of this release reads them. A word that it would refuse stays as
/// it is written.
pub fn from_file(row: &Row, values: &[&[u8]], release: Release) -> String {
    let first = text(values.first().copied().unwrap_or_default());
    match row.kind {
        Kind::Flag => "true".to_owned(),
        Kind::BoolOrBare if values.is_empty() => "true".to_owned(),
        Kind::Bool | Kind::BoolOrBare => {
            boolean(&first).map_or_else(|| first.to_string(), str::to_owned)
        }
        Kind::U8
        | Kind::U16
        | Kind::U32
        | Kind::U64
        | Kind::PowerOf2
        | Kind::Multiple(_)
        | Kind::Port => {
            integer(&first).map_or_else(|| first.to_string(), |number| number.to_string())
        }
        Kind::I32 => signed(&first).unwrap_or_else(|| first.to_string()),
        Kind::PctOrMinus1 => decimal(&first).unwrap_or_else(|| first.to_string()),
        Kind::Seconds => seconds_of(&first, release)
            .map_or_else(|| first.to_string(), |number| number.to_string()),
        Kind::Hex => hex(&first).unwrap_or_else(|| first.to_string()),
        Kind::Text | Kind::Address | Kind::Enum | Kind::Section | Kind::Obsolete => {
            match joint(row) {
                Some(joint) => join(values, joint),
                None if row.kind == Kind::Address => address(&first),
                None => first.into_owned(),
            }
        }
    }
}

/// A reported value in canonical form.
pub fn from_server(row: &Row, value: &str) -> String {
    match row.kind {
        _ if value == "null" || value == "undefined" => String::new(),
        Kind::Port if value == "0" => String::new(),
        Kind::Bool | Kind::BoolOrBare | Kind::Flag => boolean(value).unwrap_or(value).to_owned(),
        Kind::PctOrMinus1 if value == "-1" => MINUS_ONE.to_owned(),
        Kind::I32 => signed(value).unwrap_or_else(|| value.to_owned()),
        Kind::Hex => hex(value).unwrap_or_else(|| value.to_owned()),
        _ => match joint(row) {
            Some(Joint::Port) => match endpoint(value) {
                Some((host, port, Some(name))) => format!("{}:{port}:{name}", host_of(host)),
                Some((host, port, None)) => format!("{}:{port}", host_of(host)),
                None => host_of(value),
            },
            Some(Joint::Colon) => value.replacen(' ', ":", 1),
            None if row.kind == Kind::Address => address(value),
            Some(Joint::Space) | None => value.to_owned(),
        },
    }
}

/// A default of the catalogue in canonical form.
pub fn from_default(row: &Row, value: &str) -> Value {
    let canonical = from_server(row, value);
    match row.times {
        Times::One => Value::One(canonical),
        Times::Many if canonical.is_empty() => Value::Many(Vec::new()),
        Times::Many => Value::Many(vec![canonical]),
    }
}

/// What joins the words of a parameter with several words on a line in a server's answer.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Joint {
    /// A host and its port.
    Port,
    /// An audited namespace and its set.
    Colon,
    /// A device and its shadow.
    Space,
}

fn joint(row: &Row) -> Option<Joint> {
    match row.name() {
        "mesh-seed-address-port"
        | "tls-mesh-seed-address-port"
        | "node-address-port"
        | "secrets-address-port" => Some(Joint::Port),
        "report-data-op" => Some(Joint::Colon),
        "device" | "file" => Some(Joint::Space),
        _ => None,
    }
}

fn join(values: &[&[u8]], joint: Joint) -> String {
    let mut joined = String::new();
    for (at, value) in values.iter().enumerate() {
        if at > 0 {
            joined.push(if joint == Joint::Space { ' ' } else { ':' });
        }
        let word = text(value);
        match integer(&word).filter(|_| at > 0 && joint == Joint::Port) {
            Some(port) => joined.push_str(&port.to_string()),
            None if at == 0 && joint == Joint::Port => joined.push_str(&host_of(&word)),
            None => joined.push_str(&word),
        }
    }
    joined
}

/// The words of a value that a file would have on its line: `HOST PORT NAME` of `HOST:PORT:NAME`.
pub fn words(row: &Row, value: &str) -> String {
    if row.kind == Kind::PctOrMinus1 && value == MINUS_ONE {
        return "-1".to_owned();
    }
    match joint(row) {
        Some(Joint::Port) => match endpoint(value) {
            Some((host, port, Some(name))) => format!("{host} {port} {name}"),
            Some((host, port, None)) => format!("{host} {port}"),
            None => value.to_owned(),
        },
        Some(Joint::Colon) => value.replacen(':', " ", 1),
        Some(Joint::Space) | None => value.to_owned(),
    }
}

/// The host, the port and the name for TLS of `HOST:PORT:NAME`, of which the name may be missing.
fn endpoint(value: &str) -> Option<(&str, &str, Option<&str>)> {
    let (rest, last) = value.rsplit_once(':')?;
    match rest.rsplit_once(':') {
        Some((host, port)) if integer(last).is_none() => Some((host, port, Some(last))),
        Some(_) | None => Some((rest, last, None)),
    }
}

/// A host that is connected to: an IPv6 address may stand in brackets, and case plays no part in names.
fn host_of(text: &str) -> String {
    address(&text.replace(['[', ']'], "").to_ascii_lowercase())
}

/// IPv6 addresses can be written in many ways; names of interfaces are as they are.
fn address(text: &str) -> String {
    text.parse::<std::net::Ipv6Addr>()
        .map_or_else(|_| text.to_owned(), |address| address.to_string())
}

/// -1 as servers print it where the number has no sign.
const MINUS_ONE: &str = "4294967295";

/// A number of 32 bits with a sign, however its -1 is spelt.
fn signed(word: &str) -> Option<String> {
    let number = match word.strip_prefix('-') {
        Some(digits) => integer(digits)?.wrapping_neg(),
        None => integer(word)?,
    };
    let low = u32::try_from(number & u64::from(u32::MAX)).ok()?;
    Some(low.cast_signed().to_string())
}

/// A number of 32 bits with a sign and no unit, printed as one without a sign.
fn decimal(word: &str) -> Option<String> {
    let number: i32 = word.parse().ok()?;
    (!word.starts_with('+')).then(|| number.cast_unsigned().to_string())
}

/// Seconds; `-1` is 0 up to 6.4, and 2^32 - 1 from 7.0.
fn seconds_of(word: &str, release: Release) -> Option<u64> {
    if release.is_from(7, 0) {
        if word == "-1" {
            return Some(u64::from(u32::MAX));
        }
    } else if word.starts_with("-1") {
        return Some(0);
    }
    seconds(word)
}

/// `true` and `false` in any case; `yes` and `no`, which servers took up to 7.1.
pub fn boolean(word: &str) -> Option<&'static str> {
    if word.eq_ignore_ascii_case("true") || word.eq_ignore_ascii_case("yes") {
        Some("true")
    } else if word.eq_ignore_ascii_case("false") || word.eq_ignore_ascii_case("no") {
        Some("false")
    } else {
        None
    }
}

/// Digits, then at most one of k m g t p; a bare suffix is 0 and the product wraps at 2^64, as on the server.
pub fn integer(word: &str) -> Option<u64> {
    scaled(word, |suffix| match suffix {
        b'k' => Some(1 << 10),
        b'm' => Some(1 << 20),
        b'g' => Some(1 << 30),
        b't' => Some(1 << 40),
        b'p' => Some(1 << 50),
        _ => None,
    })
}

/// Digits, then at most one of s m h d.
pub fn seconds(word: &str) -> Option<u64> {
    scaled(word, |suffix| match suffix {
        b's' => Some(1),
        b'm' => Some(60),
        b'h' => Some(3600),
        b'd' => Some(86400),
        _ => None,
    })
}

fn scaled(word: &str, unit: impl Fn(u8) -> Option<u64>) -> Option<u64> {
    let bytes = word.as_bytes();
    let (digits, factor) = match bytes.split_last()? {
        (last, _) if last.is_ascii_digit() => (bytes, 1),
        (last, digits) => (digits, unit(last.to_ascii_lowercase())?),
    };
    let mut number = 0u64;
    for digit in digits {
        if !digit.is_ascii_digit() {
            return None;
        }
        number = number
            .wrapping_mul(10)
            .wrapping_add(u64::from(digit - b'0'));
    }
    Some(number.wrapping_mul(factor))
}

fn hex(word: &str) -> Option<String> {
    let digits = word
        .strip_prefix("0x")
        .or_else(|| word.strip_prefix("0X"))
        .unwrap_or(word);
    let number = u64::from_str_radix(digits, 16).ok()?;
    Some(format!("{number:X}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalogue::{self, Context, Release};

    #[track_caller]
    fn case(context: Context, line: &str, expected: &str) {
        let words: Vec<&[u8]> = line.split(' ').map(str::as_bytes).collect();
        let row = catalogue::find(context, words[0], Release::NEWEST_KNOWN)
            .unwrap()
            .row;
        let seen = from_file(row, &words[1..], Release::NEWEST_KNOWN);
        assert_eq!(seen, expected, "{line}");
    }

    #[test]
    fn every_integer_takes_k_m_g_t_p_and_nothing_else() {
        case(Context::Service, "proto-fd-max 15k", "15360");
        case(Context::Namespace, "max-record-size 1M", "1048576");
        case(Context::Service, "ticker-interval 1m", "1048576");
        case(Context::Namespace, "indexes-memory-budget 4G", "4294967296");
        case(Context::Namespace, "indexes-memory-budget G", "0");
        case(Context::Service, "proto-fd-max 018888", "18888");
        case(Context::Service, "proto-fd-max 17KB", "17KB");
        case(Context::Service, "proto-fd-max +5", "+5");
        case(Context::Service, "query-max-done 18446744073709551616", "0");
    }

    #[test]
    fn only_seconds_take_s_m_h_d() {
        case(Context::Namespace, "default-ttl 30d", "2592000");
        case(Context::Namespace, "nsup-hist-period 30M", "1800");
        case(Context::Namespace, "default-ttl d", "0");
        case(Context::Namespace, "default-ttl 30 d", "30");
        case(Context::Namespace, "default-ttl 4w", "4w");
    }

    #[test]
    fn names_and_hex_numbers_are_never_taken_for_numbers() {
        case(Context::Service, "node-id 123E5", "123E5");
        case(Context::Service, "node-id 0001", "1");
        case(Context::Service, "node-id 0xbb9", "BB9");
        case(Context::Service, "cluster-name 007", "007");
        case(Context::Service, "cluster-name 1e5", "1e5");
    }

    #[test]
    fn words_of_one_line_are_joined_as_the_server_prints_them() {
        case(
            Context::Heartbeat,
            "mesh-seed-address-port 10.0.0.1 3002",
            "10.0.0.1:3002",
        );
        case(Context::StorageDevice, "file /a /b", "/a /b");
        case(Context::Set, "default-read-touch-ttl-pct -1", "4294967295");
    }

    #[test]
    fn a_percentage_that_may_be_minus_one_has_no_unit() {
        case(Context::Set, "default-read-touch-ttl-pct -01", "4294967295");
        case(Context::Set, "default-read-touch-ttl-pct -0", "0");
        case(Context::Set, "default-read-touch-ttl-pct 080", "80");
        case(Context::Set, "default-read-touch-ttl-pct 0k", "0k");
        case(Context::Set, "default-read-touch-ttl-pct +5", "+5");
    }

    #[test]
    fn what_the_server_prints_is_taken_apart_into_words() {
        let taken = |context: Context, name: &str, value: &str| {
            let found = catalogue::find(context, name.as_bytes(), Release::NEWEST_KNOWN);
            words(found.unwrap().row, value)
        };
        let seed = |value: &str| taken(Context::XdrDc, "node-address-port", value);
        assert_eq!(seed("10.0.0.1:3000"), "10.0.0.1 3000");
        assert_eq!(seed("10.0.0.1:3000:a.b"), "10.0.0.1 3000 a.b");
        assert_eq!(seed("fe80::1:3000"), "fe80::1 3000");
        assert_eq!(seed("fe80::1:3000:a.b"), "fe80::1 3000 a.b");
    }

    #[test]
    fn booleans_are_read_in_any_case() {
        case(Context::Service, "enable-hist-info TRUE", "true");
        case(Context::Service, "enable-hist-info no", "false");
        case(Context::Service, "enable-hist-info 1", "1");
    }
}
