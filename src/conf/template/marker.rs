//! Names in capitals between signs: what scripts of sed and configure replace.

use super::Dialect;
use super::tag::{LONGEST_SEARCH, Tag, TagKind, find};

/// The signs around a name, longer ones first.
const SIGNS: [(&[u8], &[u8]); 6] = [
    (b"__", b"__"),
    (b"@@", b"@@"),
    (b"%%", b"%%"),
    (b"<<", b">>"),
    (b"@", b"@"),
    (b"%", b"%"),
];

/// `__NAME__` anywhere, `@NAME@`, `%NAME%`, `<<NAME>>` and their like as a whole part of a path or an address:
/// `user@HOST@x` and a password have signs of their own. `<IP>` is what manuals write: a server may run with it as
/// the name of a seed.
pub(super) fn marker(source: &[u8], at: usize) -> Option<Tag<'_>> {
    let text = &source[at..source.len().min(at + LONGEST_SEARCH)];
    let begins = |(open, _): &&(&[u8], &[u8])| text.starts_with(open);
    let (open, close) = SIGNS.iter().find(begins)?;
    let inner = &text[open.len()..];
    let is_of_name =
        |byte: &u8| byte.is_ascii_uppercase() || byte.is_ascii_digit() || *byte == b'_';
    let length = inner.iter().position(|byte| !is_of_name(byte));
    let length = length.unwrap_or(inner.len());
    let (code, end) = match *open {
        b"__" => (inner[..length].strip_suffix(*close)?, length),
        _ => (&inner[..length], length + close.len()),
    };
    let is_closed = *open == b"__" || inner[length..].starts_with(close);
    let is_name = code.first().is_some_and(u8::is_ascii_uppercase) && is_closed;
    let before = at.checked_sub(1).map(|before| source[before]);
    let stands_alone = match *open {
        b"__" => before.is_none_or(|byte| !byte.is_ascii_alphanumeric() && byte != b'_'),
        _ => {
            let is_border = |byte: u8| byte.is_ascii_whitespace() || b"/:.,-_".contains(&byte);
            code.len() > 1
                && before.is_none_or(is_border)
                && inner.get(end).copied().is_none_or(is_border)
                && !is_of_a_password(source, at)
        }
    };
    (is_name && stands_alone).then(|| Tag {
        range: at..at + open.len() + end,
        kind: TagKind::Value,
        dialect: Dialect::Marker,
        code,
    })
}

fn is_of_a_password(source: &[u8], at: usize) -> bool {
    let before = &source[at.saturating_sub(LONGEST_SEARCH)..at];
    let line = before.rsplit(|&byte| byte == b'\n').next();
    find(line.unwrap_or_default(), b"password").is_some()
}
