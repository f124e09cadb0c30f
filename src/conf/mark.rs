//! What a comment says to ascad, alone or behind what else is said of a line and a `#` of its own.
//!
//! ```text
//! mark = "ascad:" ( "ignore" | "per-node" | "one-of" value *( "|" value ) ) [ note ]
//! note = ( "-" | "—" | "(" | "," | ";" ) …                  for people
//! ```

use std::fmt;

use crate::nearest::did_you_mean;

const NAMES: [&str; 3] = ["ignore", "per-node", "one-of"];

/// What is asked for the item of a mark, and for everything in it if it is a section.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Demand {
    /// `ignore`: differences do not count.
    Ignore,
    /// `per-node`: may differ from node to node.
    PerNode,
    /// `one-of A|B`: any of these values is right. Two at least, as written.
    OneOf(Vec<String>),
}

/// Why a mark is none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WrongMark {
    /// What is wrong, on one line, without the place.
    pub message: String,
}

impl fmt::Display for WrongMark {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for WrongMark {}

/// Reads the text of a [`super::Mark`].
pub fn parse(text: &[u8]) -> Result<Demand, WrongMark> {
    let text = String::from_utf8_lossy(text);
    let text = text.trim();
    let (name, rest) = text.split_once(char::is_whitespace).unwrap_or((text, ""));
    let (name, rest) = match name.strip_suffix([',', ';']) {
        Some(name) => (name, ""),
        None => (name, rest.trim()),
    };
    match name {
        "ignore" => expect_note(rest, name).map(|()| Demand::Ignore),
        "per-node" => expect_note(rest, name).map(|()| Demand::PerNode),
        "one-of" => one_of(rest),
        "" => wrong(
            "expected `ignore`, `per-node` or `one-of` after `ascad:`, but found nothing".into(),
        ),
        _ => {
            let near = did_you_mean(name, NAMES);
            wrong(format!("unknown mark `{}`{near}", printable(name)))
        }
    }
}

/// Values are words of the file, so that white space ends them, but for that around `|`.
fn one_of(rest: &str) -> Result<Demand, WrongMark> {
    let mut values = Vec::new();
    let mut words = rest.split('|').map(str::trim).peekable();
    while let Some(part) = words.next() {
        let (value, note) = part.split_once(char::is_whitespace).unwrap_or((part, ""));
        let is_last = words.peek().is_none();
        if value.is_empty() || (!is_last && !note.is_empty()) {
            return wrong(format!(
                "expected `one-of A|B`, but found `one-of {}`",
                printable(rest)
            ));
        }
        if is_last {
            expect_note(note.trim(), "one-of")?;
        }
        values.push(value.to_owned());
    }
    if values.len() < 2 {
        return wrong(format!(
            "expected at least two values for `one-of`, but found `{}`",
            printable(rest)
        ));
    }
    Ok(Demand::OneOf(values))
}

fn expect_note(rest: &str, name: &str) -> Result<(), WrongMark> {
    if rest.is_empty() || rest.starts_with(['-', '—', '–', '(', ',', ';', '#']) {
        return Ok(());
    }
    wrong(format!(
        "expected nothing or a note such as `- because …` after `{name}`, but found `{}`",
        printable(rest)
    ))
}

fn wrong<T>(message: String) -> Result<T, WrongMark> {
    Err(WrongMark { message })
}

fn printable(text: &str) -> String {
    let clean = |letter: char| if letter.is_control() { '·' } else { letter };
    text.chars().take(80).map(clean).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn case(text: &str, expected: Demand) {
        assert_eq!(parse(text.as_bytes()), Ok(expected), "{text}");
    }

    #[track_caller]
    fn refused(text: &str, expected: &str) {
        assert_eq!(parse(text.as_bytes()).unwrap_err().to_string(), expected);
    }

    #[test]
    fn marks_are_read_with_or_without_a_note() {
        case("ignore", Demand::Ignore);
        case("ignore - the disks differ", Demand::Ignore);
        case("per-node (rack)", Demand::PerNode);
        case("per-node, see the wiki", Demand::PerNode);
        case(
            "one-of 1G|2G",
            Demand::OneOf(vec!["1G".into(), "2G".into()]),
        );
        case(
            "one-of a | b|c - why",
            Demand::OneOf(vec!["a".into(), "b".into(), "c".into()]),
        );
    }

    #[test]
    fn an_unknown_mark_is_named_with_the_nearest() {
        refused("ingore", "unknown mark `ingore`, did you mean `ignore`?");
        refused(
            "pernode",
            "unknown mark `pernode`, did you mean `per-node`?",
        );
        refused("whatever", "unknown mark `whatever`");
        refused(
            "",
            "expected `ignore`, `per-node` or `one-of` after `ascad:`, but found nothing",
        );
    }

    #[test]
    fn values_and_notes_are_checked() {
        refused(
            "one-of 1G",
            "expected at least two values for `one-of`, but found `1G`",
        );
        refused(
            "one-of a||b",
            "expected `one-of A|B`, but found `one-of a||b`",
        );
        refused("one-of", "expected `one-of A|B`, but found `one-of `");
        refused(
            "ignore this",
            "expected nothing or a note such as `- because …` after `ignore`, but found `this`",
        );
    }
}
