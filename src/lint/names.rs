//! A name that the server does not know: what it may have been meant to be.

use crate::catalogue::{self, Context, Kind, Release, Row};
use crate::conf::Item;

use super::Code;
use super::message::quote;

/// The sections of the top level.
const TOP: &[&str] = &[
    "logging",
    "mod-lua",
    "namespace",
    "network",
    "security",
    "service",
    "xdr",
];

/// Whether a word is a rest of a template.
pub(super) fn is_template(word: &[u8]) -> bool {
    let has = |mark: &[u8]| word.windows(mark.len()).any(|window| window == mark);
    has(b"{{") || has(b"{%") || has(b"${") || is_placeholder(word)
}

/// `__NAME__`, `@NAME@` or `%NAME%`.
fn is_placeholder(word: &[u8]) -> bool {
    let between = |sign: &[u8]| word.strip_prefix(sign)?.strip_suffix(sign);
    let name = between(b"__")
        .or_else(|| between(b"@"))
        .or_else(|| between(b"%"));
    let is_of_name =
        |byte: &u8| byte.is_ascii_uppercase() || byte.is_ascii_digit() || *byte == b'_';
    name.is_some_and(|name| !name.is_empty() && name.iter().all(is_of_name))
}

/// Whether what was meant is worth looking for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Advice {
    Wanted,
    /// A file with so many unknown names is no configuration, and the search would take long.
    Spared,
}

/// After so many problems nobody is advised any more.
pub(super) const MOST_ADVICE: usize = 200;

/// The code and the words for a line whose name is unknown where it stands.
pub(super) fn unknown(item: &Item<'_>, release: Release, advice: Advice) -> (Code, String) {
    let shown = quote(item.name());
    if is_template(item.name()) {
        return (
            Code::Template,
            format!("{shown} is a template that was not rendered"),
        );
    }
    let head = item.opens.is_some();
    let code = if head {
        Code::UnknownSection
    } else {
        Code::UnknownParameter
    };
    let what = if head { "section" } else { "parameter" };
    if may_be_new(item, release) {
        return perhaps_new(&format!("{what} {shown}"), release);
    }
    let place = match item.context {
        Context::Top => String::new(),
        context => format!(" in `{}`", context.name()),
    };
    let mut text = format!("unknown {what} {shown}{place}");
    let hint = match advice {
        Advice::Wanted => hint(item, release),
        Advice::Spared => None,
    };
    if let Some(hint) = hint {
        text.push_str(", ");
        text.push_str(&hint);
    }
    (code, text)
}

/// The code and the words for what no known release knows, but a newer one may.
pub(super) fn perhaps_new(what: &str, release: Release) -> (Code, String) {
    let newest = Release::NEWEST_KNOWN;
    let text = format!(
        "no release up to {newest} knows the {what}; on {release} it may be new, or it is misspelt"
    );
    (Code::PerhapsNew, text)
}

/// Whether a server newer than the catalogue may know a name that looks like one and is not known of any release,
/// nor near to one that is.
fn may_be_new(item: &Item<'_>, release: Release) -> bool {
    let name = item.name();
    let fits = |byte: &u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || *byte == b'-';
    release > Release::NEWEST_KNOWN
        && name.len() <= 64
        && name.first().is_some_and(u8::is_ascii_lowercase)
        && name.iter().all(fits)
        && !TOP.iter().any(|known| known.as_bytes() == name)
        && !catalogue::tables()
            .any(|(_, rows)| rows.iter().any(|row| row.name().as_bytes() == name))
        && nearest(name, known(item.context, release)).is_none()
}

fn hint(item: &Item<'_>, release: Release) -> Option<String> {
    let name = item.name();
    if !name.is_ascii() || name.len() > 64 {
        return None;
    }
    if let Some(row) = catalogue::rows(item.context)
        .iter()
        .find(|row| row.name().as_bytes() == name)
    {
        return Some(if release < row.since {
            format!("which servers know from {}", row.since)
        } else {
            "which is gone from this release".to_owned()
        });
    }
    let elsewhere = elsewhere(name, release);
    if !elsewhere.is_empty() {
        return Some(format!("which belongs in {}", elsewhere.join(" or ")));
    }
    if let Some(near) = nearest(name, known(item.context, release)) {
        return Some(format!("did you mean `{near}`?"));
    }
    elsewhen(name, release)
}

fn known(context: Context, release: Release) -> impl Iterator<Item = &'static str> {
    let top: &[&str] = if context == Context::Top { TOP } else { &[] };
    let rows = catalogue::rows(context)
        .iter()
        .filter(move |row| row.since <= release && release <= row.until)
        .filter(|row| row.kind != Kind::Obsolete)
        .map(|row| row.name());
    top.iter().copied().chain(rows)
}

/// At most three sections in which a server of this release knows the name.
fn elsewhere(name: &[u8], release: Release) -> Vec<String> {
    if TOP.iter().any(|known| known.as_bytes() == name) {
        return vec!["the top level, so a `}` may be missing before".to_owned()];
    }
    catalogue::tables()
        .filter(|(context, _)| {
            catalogue::find(*context, name, release)
                .is_some_and(|found| found.row.kind != Kind::Obsolete)
        })
        .map(|(context, _)| format!("`{}`", context.name()))
        .take(3)
        .collect()
}

/// A section in which servers of later releases know the name.
fn elsewhen(name: &[u8], release: Release) -> Option<String> {
    catalogue::tables().find_map(|(context, rows)| {
        let row = rows
            .iter()
            .find(|row| row.name().as_bytes() == name && row.since > release)?;
        let context = context.name();
        Some(format!(
            "which servers know in `{context}` from {}",
            row.since
        ))
    })
}

/// What replaced an obsolete parameter: another one, or one of the same name in another section.
pub(super) fn obsolete(row: &Row, release: Release) -> String {
    let name = row.name();
    if row.instead().is_empty() {
        return format!("`{name}` is obsolete");
    }
    if row.instead() == name {
        let elsewhere = elsewhere(name.as_bytes(), release).join(" or ");
        return format!("`{name}` is obsolete here, which belongs in {elsewhere}");
    }
    let instead: Vec<String> = row
        .instead()
        .split(", ")
        .map(|instead| format!("`{instead}`"))
        .collect();
    format!("`{name}` is obsolete, expected {}", instead.join(" and "))
}

/// The nearest of the known words, if one is near; case and `_` for `-` are no slips.
pub(super) fn nearest<'known>(
    word: &[u8],
    known: impl Iterator<Item = &'known str>,
) -> Option<&'known str> {
    let written = std::str::from_utf8(word).ok()?;
    let written = written.to_ascii_lowercase().replace('_', "-");
    crate::nearest::nearest(&written, known)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn case(word: &str, expected: Option<&str>) {
        let known = ["default-ttl", "nsup-period", "nsup-threads", "rack-id"];
        assert_eq!(
            nearest(word.as_bytes(), known.into_iter()),
            expected,
            "{word}"
        );
    }

    #[test]
    fn the_nearest_name_is_one_or_two_slips_away() {
        case("defualt-ttl", Some("default-ttl"));
        case("DEFAULT_TTL", Some("default-ttl"));
        case("nsup-perriod", Some("nsup-period"));
        case("rackid", Some("rack-id"));
        case("proto-fd-max", None);
        case("", None);
    }

    #[test]
    fn rests_of_templates_are_recognised() {
        for word in ["{{", "{{name}}", "{%", "${NAME}", "__CLUSTER__", "@PORT@"] {
            assert!(is_template(word.as_bytes()), "{word}");
        }
        assert!(!is_template(b"a{b}"));
        assert!(!is_template(b"____"));
        assert!(!is_template(b"@a@"));
    }
}
