//! What can be said of an address without asking the machine.

use crate::catalogue::Edition;

/// What is known of an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Address {
    /// It binds to every interface.
    Any,
    /// A literal that every machine understands, or a name that only the machine knows: not judged.
    Plausible,
    /// No machine can make an address of it.
    Impossible,
}

/// Judges an address, a host name or an interface name.
///
/// The resolver of the server takes what `inet_aton` takes, then asks for a name. A community server asks for
/// IPv4 only.
pub(super) fn judge(word: &[u8], edition: Edition) -> Address {
    if word == b"any" || word == b"0.0.0.0" {
        return Address::Any;
    }
    let Ok(text) = std::str::from_utf8(word) else {
        return Address::Impossible;
    };
    if let Ok(address) = text.parse::<std::net::Ipv6Addr>() {
        return match edition {
            Edition::Community => Address::Impossible,
            Edition::Enterprise if address.is_unspecified() => Address::Any,
            Edition::Enterprise => Address::Plausible,
        };
    }
    if is_numeric(text) {
        return match aton(text) {
            Some(0) => Address::Any,
            Some(_) => Address::Plausible,
            None => Address::Impossible,
        };
    }
    if is_name(text) {
        Address::Plausible
    } else {
        Address::Impossible
    }
}

/// Whether a name could be an interface or a host. `.invalid` never resolves (RFC 6761).
fn is_name(text: &str) -> bool {
    let fits = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.:@%".contains(&byte);
    let host = text.strip_suffix('.').unwrap_or(text);
    !host.is_empty()
        && host.len() <= 253
        && host.bytes().all(fits)
        && !host.split('.').any(str::is_empty)
        && !host.to_ascii_lowercase().ends_with(".invalid")
}

/// Whether the last label is a number, so that it can be no host name.
fn is_numeric(text: &str) -> bool {
    let host = text.strip_suffix('.').unwrap_or(text);
    host.rsplit('.')
        .next()
        .is_some_and(|label| !label.is_empty() && label.bytes().all(|byte| byte.is_ascii_digit()))
}

/// One to four numbers, decimal, octal or hexadecimal, the last of which fills what is left.
fn aton(text: &str) -> Option<u32> {
    let parts: Vec<&str> = text.splitn(5, '.').collect();
    let (last, leading) = parts.split_last()?;
    if leading.len() > 3 {
        return None;
    }
    let mut address: u32 = 0;
    for (at, part) in leading.iter().enumerate() {
        address |= u32::from(u8::try_from(number(part)?).ok()?) << (24 - 8 * at);
    }
    let room = 32 - 8 * leading.len();
    let last = number(last)?;
    (u64::from(last) < 1 << room).then_some(address | last)
}

fn number(part: &str) -> Option<u32> {
    if let Some(digits) = part.strip_prefix("0x").or(part.strip_prefix("0X")) {
        return u32::from_str_radix(digits, 16).ok();
    }
    if !part.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    match part.strip_prefix('0') {
        Some(digits) if !digits.is_empty() => u32::from_str_radix(digits, 8).ok(),
        _ => part.parse().ok(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn case(word: &str, expected: Address) {
        assert_eq!(
            judge(word.as_bytes(), Edition::Community),
            expected,
            "{word}"
        );
    }

    #[test]
    fn addresses_interfaces_and_names_are_left_to_the_machine() {
        for word in [
            "127.0.0.1",
            "lo",
            "eth0",
            "eth0:1",
            "br-1a2b",
            "db7.example.com",
            "localhost",
            "127.1",
        ] {
            case(word, Address::Plausible);
        }
    }

    #[test]
    fn what_no_resolver_takes_is_impossible() {
        for word in [
            "",
            "999.1.1.1",
            "127.0.0.1,",
            "\"10.0.0.1",
            "=",
            "127.0.",
            "10.7\u{5}.0.5",
            "nosuch.invalid",
            "::1",
        ] {
            case(word, Address::Impossible);
        }
        assert_eq!(judge(b"::1", Edition::Enterprise), Address::Plausible);
    }

    #[test]
    fn any_is_every_interface() {
        for word in ["any", "0.0.0.0", "0", "0.0"] {
            case(word, Address::Any);
        }
    }
}
