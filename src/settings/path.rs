//! The canonical path of a setting, and patterns over paths.
//!
//! ```text
//! path    = step *( "." step )
//! step    = 1*( letter / digit / "_" / "-" ) | '"' any text, with \" \\ and \xNN '"'
//! pattern = ( step | "*" | "**" ) *( "." … )      "*" is one step, "**" any number; a "*" within a step any text
//! ```

use std::borrow::{Borrow, Cow};
use std::fmt;
use std::sync::Arc;

use crate::bytes::ByteSet;

/// Where a setting stands: `namespace.test.storage-engine.data-size`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Path(Arc<str>);

impl Path {
    /// A path of one step.
    pub fn of(step: &str) -> Path {
        Path(quoted(step).into())
    }

    /// This path and one more step.
    #[must_use]
    pub fn join(&self, step: &str) -> Path {
        self.join_name(&quoted(step))
    }

    /// This path and a step as it is printed: a name of the catalogue needs no quotes.
    #[must_use]
    pub(super) fn join_name(&self, step: &str) -> Path {
        let parts = [&*self.0, ".", step];
        let length = parts.iter().map(|part| part.len()).sum();
        // Nearly every path is short, and is made where it needs no memory of its own.
        let mut short = [0; 128];
        if let Some(text) = short.get_mut(..length) {
            let mut at = 0;
            for part in parts {
                text[at..at + part.len()].copy_from_slice(part.as_bytes());
                at += part.len();
            }
            if let Ok(text) = std::str::from_utf8(text) {
                return Path(text.into());
            }
        }
        Path(parts.concat().into())
    }

    /// As it is printed.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The steps without their quotes.
    pub fn steps(&self) -> Vec<Cow<'_, str>> {
        split(&self.0)
    }

    /// The last step without its quotes.
    pub fn last(&self) -> String {
        self.steps().pop().map(Cow::into_owned).unwrap_or_default()
    }

    /// The path without its last step; `None` for a path of one step.
    pub fn parent(&self) -> Option<Path> {
        self.above().last().map(|above| Path(above.into()))
    }

    /// The printed paths above this one, outermost first.
    pub fn above(&self) -> impl Iterator<Item = &str> {
        ends(&self.0).map(|end| &self.0[..end])
    }

    /// This path as it would be if `from`, at or above it, were `to`; `None` where it is not.
    pub(super) fn moved(&self, from: &Path, to: &Path) -> Option<Path> {
        let rest = self.0.strip_prefix(&*from.0)?;
        let is_below = rest.is_empty() || rest.starts_with('.');
        is_below.then(|| Path(format!("{}{rest}", to.0).into()))
    }

    /// The first path that can stand below this one in sorting order; it is none itself.
    pub(super) fn first_below(&self) -> Path {
        Path(format!("{}.", self.0).into())
    }

    /// Whether this path is `section` or stands below it.
    pub fn is_within(&self, section: &Path) -> bool {
        self.0
            .strip_prefix(&*section.0)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
    }
}

/// So that a path is found by what is printed.
impl Borrow<str> for Path {
    fn borrow(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A pattern that chooses paths, as `--ignore` takes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pattern {
    text: String,
    steps: Vec<Step>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Step {
    Any,
    AnyNumber,
    /// Texts between the stars of a step; one text has no star.
    Like(Vec<String>),
}

impl Pattern {
    /// Reads a pattern; every text is one.
    pub fn new(text: &str) -> Pattern {
        let steps = split_raw(text).into_iter().map(|step| match step {
            "*" => Step::Any,
            "**" => Step::AnyNumber,
            _ if step.starts_with('"') => Step::Like(vec![unquoted(step).into_owned()]),
            _ => Step::Like(step.split('*').map(str::to_owned).collect()),
        });
        Pattern {
            text: text.to_owned(),
            steps: steps.collect(),
        }
    }

    /// As it was given.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Whether the pattern chooses this path.
    pub fn matches(&self, path: &Path) -> bool {
        let steps = path.steps();
        // reached[n]: the pattern so far can have eaten n steps.
        let mut reached = vec![false; steps.len() + 1];
        reached[0] = true;
        for step in &self.steps {
            let mut next = vec![false; steps.len() + 1];
            for at in 0..=steps.len() {
                match step {
                    Step::AnyNumber => next[at] = reached[at] || (at > 0 && next[at - 1]),
                    Step::Any => next[at] = at > 0 && reached[at - 1],
                    Step::Like(parts) => {
                        next[at] = at > 0 && reached[at - 1] && is_like(&steps[at - 1], parts)
                    }
                }
            }
            reached = next;
        }
        reached[steps.len()]
    }
}

/// Whether a text is these parts with any texts between them.
pub(super) fn is_like(step: &str, parts: &[String]) -> bool {
    let [first, middle @ .., last] = parts else {
        return parts.first().is_some_and(|only| only == step);
    };
    let Some(mut rest) = step.strip_prefix(first.as_str()) else {
        return false;
    };
    for part in middle {
        let Some(at) = rest.find(part.as_str()) else {
            return false;
        };
        rest = &rest[at + part.len()..];
    }
    rest.ends_with(last.as_str())
}

/// What nearly every step is made of.
static USUAL: ByteSet = ByteSet::of(b"_-")
    .and(b'0', b'9')
    .and(b'A', b'Z')
    .and(b'a', b'z');

fn quoted(step: &str) -> Cow<'_, str> {
    let plain = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-');
    // Nearly every step has usual bytes only, which are quicker to look at than characters.
    if !step.is_empty() && (step.bytes().all(|byte| USUAL.has(byte)) || step.chars().all(plain)) {
        return Cow::Borrowed(step);
    }
    let mut text = String::with_capacity(step.len() + 2);
    text.push('"');
    for c in step.chars() {
        match c {
            '"' | '\\' => text.extend(['\\', c]),
            c if c.is_control() => text.push_str(&format!("\\x{:02x}", u32::from(c))),
            c => text.push(c),
        }
    }
    text.push('"');
    Cow::Owned(text)
}

fn unquoted(step: &str) -> Cow<'_, str> {
    let Some(inner) = step.strip_prefix('"') else {
        return Cow::Borrowed(step);
    };
    let inner = inner.strip_suffix('"').unwrap_or(inner);
    if !inner.contains('\\') {
        return Cow::Borrowed(inner);
    }
    let mut text = String::with_capacity(inner.len());
    let mut rest = inner;
    while let Some(at) = rest.find('\\') {
        text.push_str(&rest[..at]);
        rest = &rest[at + 1..];
        let code = rest
            .strip_prefix('x')
            .and_then(|hex| u32::from_str_radix(hex.get(..2)?, 16).ok());
        match (code.and_then(char::from_u32), rest.chars().next()) {
            (Some(c), _) => {
                text.push(c);
                rest = &rest[3..];
            }
            (None, Some(c)) => {
                text.push(c);
                rest = &rest[c.len_utf8()..];
            }
            (None, None) => {}
        }
    }
    text.push_str(rest);
    Cow::Owned(text)
}

fn split(text: &str) -> Vec<Cow<'_, str>> {
    split_raw(text).into_iter().map(unquoted).collect()
}

/// The steps with their quotes.
fn split_raw(text: &str) -> Vec<&str> {
    let mut steps = Vec::new();
    let mut start = 0;
    for end in ends(text) {
        steps.push(&text[start..end]);
        start = end + 1;
    }
    steps.push(&text[start..]);
    steps
}

/// Where the dots between the steps stand; one within quotes is none of them.
fn ends(text: &str) -> impl Iterator<Item = usize> {
    let (mut within, mut escaped) = (false, false);
    text.bytes().enumerate().filter_map(move |(at, byte)| {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if within => escaped = true,
            b'"' => within = !within,
            b'.' if !within => return Some(at),
            _ => {}
        }
        None
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalogue;

    #[test]
    fn names_of_the_catalogue_need_no_quotes() {
        let rows = catalogue::tables().flat_map(|(_, rows)| rows);
        let quoted: Vec<&str> = rows
            .map(|row| row.name())
            .filter(|name| Path::of(name).as_str() != *name)
            .collect();
        assert_eq!(quoted, [""; 0]);
    }

    #[test]
    fn long_paths_are_put_together_as_short_ones_are() {
        let long = "x".repeat(200);
        let path = Path::of("namespace").join(&long).join("a b");
        assert_eq!(path.as_str(), format!("namespace.{long}.\"a b\""));
    }

    #[test]
    fn a_step_with_anything_unusual_is_quoted_and_read_back() {
        for step in [
            "test",
            "a.b",
            "/var/log/a.log",
            "say \"hi\"",
            "a\\b",
            "",
            "tab\there",
            "é-1",
            "10.0.0.1",
        ] {
            let path = Path::of("logging").join(step).join("any");
            assert_eq!(path.steps(), ["logging", step, "any"], "{path}");
            assert_eq!(path.parent().unwrap().last(), step);
        }
        assert_eq!(
            Path::of("logging").join("/a.log").as_str(),
            "logging.\"/a.log\""
        );
    }

    #[track_caller]
    fn case(pattern: &str, path: &[&str], expected: bool) {
        let path = path[1..]
            .iter()
            .fold(Path::of(path[0]), |path, step| path.join(step));
        assert_eq!(
            Pattern::new(pattern).matches(&path),
            expected,
            "{pattern} on {path}"
        );
    }

    #[test]
    fn a_star_is_one_step_and_two_stars_are_any_number() {
        case("service.pidfile", &["service", "pidfile"], true);
        case("service.pidfile", &["service", "pidfiles"], false);
        case(
            "namespace.*.storage-engine.device",
            &["namespace", "a", "storage-engine", "device"],
            true,
        );
        case(
            "namespace.*.device",
            &["namespace", "a", "storage-engine", "device"],
            false,
        );
        case(
            "namespace.**.device",
            &["namespace", "a", "storage-engine", "device"],
            true,
        );
        case("namespace.test.**", &["namespace", "test"], true);
        case("**", &["xdr", "dc", "a"], true);
        case("**.any", &["logging", "/a.b.log", "any"], true);
    }

    #[test]
    fn a_star_within_a_step_is_any_text() {
        case(
            "network.service.tls-*",
            &["network", "service", "tls-port"],
            true,
        );
        case(
            "network.service.tls-*",
            &["network", "service", "port"],
            false,
        );
        case(
            "network.*.*address*",
            &["network", "service", "alternate-access-address"],
            true,
        );
        case(
            "logging.\"/a*.log\".any",
            &["logging", "/a*.log", "any"],
            true,
        );
        case(
            "logging.\"/a*.log\".any",
            &["logging", "/ab.log", "any"],
            false,
        );
    }
}
