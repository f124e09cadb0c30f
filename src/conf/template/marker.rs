//! Names between signs: what scripts of sed and configure replace.

use crate::bytes::find;

use super::Dialect;
use super::tag::{LONGEST_SEARCH, Tag, TagKind};

/// When a name between two signs is a placeholder.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Tells {
    /// When it is in capitals.
    InCapitals,
    /// Where no such word can be a value.
    WhereItFitsNothing,
}

use Tells::{InCapitals, WhereItFitsNothing};

/// The signs around a name, longer ones first.
const SIGNS: [(&[u8], &[u8], Tells); 14] = [
    (b"__", b"__", InCapitals),
    (b"@@", b"@@", InCapitals),
    (b"%%", b"%%", InCapitals),
    (b"<<", b">>", InCapitals),
    (b"((", b"))", WhereItFitsNothing),
    (b"[[", b"]]", WhereItFitsNothing),
    (b"$(", b")", WhereItFitsNothing),
    (b"%(", b")s", WhereItFitsNothing),
    (b"%{", b"}", WhereItFitsNothing),
    (b"$", b"", WhereItFitsNothing),
    (b"@", b"@", InCapitals),
    (b"%", b"%", InCapitals),
    (b"<", b">", WhereItFitsNothing),
    (b"{", b"}", WhereItFitsNothing),
];

/// Which signs a word is a name between, whatever its letters: `$name`, `@name@`. Words of one answer have the same
/// signs. Whether they are placeholders is for whoever knows what values the words can be.
pub fn signs(word: &[u8]) -> Option<usize> {
    // Most words of most files are told by their first byte, or are braces.
    if word.len() < 2 || word[0].is_ascii_alphanumeric() {
        return None;
    }
    let is_of_name = |byte: &u8| byte.is_ascii_alphanumeric() || b"_-.".contains(byte);
    let is_name = |name: &[u8]| {
        name.first().is_some_and(u8::is_ascii_alphabetic) && name.iter().all(is_of_name)
    };
    SIGNS.iter().position(|(open, close, _)| {
        let name = word.strip_prefix(*open);
        name.and_then(|name| name.strip_suffix(*close))
            .is_some_and(is_name)
    })
}

/// `__NAME__` anywhere, `@NAME@`, `%NAME%`, `<<NAME>>` and their like as a whole part of a path or an address:
/// `user@HOST@x` and a password have signs of their own. `<IP>` is what manuals write: a server may run with it as
/// the name of a seed.
pub(super) fn marker(source: &[u8], at: usize) -> Option<Tag<'_>> {
    let text = &source[at..source.len().min(at + LONGEST_SEARCH)];
    let mut in_capitals = SIGNS.iter().filter(|(_, _, tells)| *tells == InCapitals);
    let (open, close, _) = in_capitals.find(|(open, _, _)| text.starts_with(open))?;
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
