//! What a node said.

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde::de::{Deserialize, Deserializer, Visitor};

/// Info command → the text that the node answered, as recorded in a `.json`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Answers {
    by_command: BTreeMap<String, String>,
}

/// Why a command has no value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// The node sent no line for it; up to 7.0 that is how an unknown command is answered.
    Silent,
    /// The node answered with an error, in these words.
    Error(String),
}

/// Why bytes are no recorded node.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotARecording(pub String);

impl std::fmt::Display for NotARecording {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for NotARecording {}

impl Answers {
    /// Adds what was answered to a command; a later answer replaces an earlier one.
    pub fn insert(&mut self, command: impl Into<String>, answer: impl Into<String>) {
        self.by_command.insert(command.into(), answer.into());
    }

    /// The value that a command was answered with, without the line end that some tools leave to it; every error
    /// spelling is told apart from a value.
    pub fn value(&self, command: &str) -> Result<&str, Refusal> {
        let answer = self.by_command.get(command).ok_or(Refusal::Silent)?;
        match answer.trim_end_matches(['\r', '\n']) {
            error if is_error(error) => Err(Refusal::Error(error.to_owned())),
            value => Ok(value),
        }
    }

    /// Drops what was answered to a command: a guess that the node did not confirm.
    pub fn forget(&mut self, command: &str) {
        self.by_command.remove(command);
    }

    /// Whether the command was answered at all, be it with an error.
    pub fn contains(&self, command: &str) -> bool {
        self.by_command.contains_key(command)
    }

    /// All commands with their answers as they came, sorted by command.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.by_command
            .iter()
            .map(|(command, answer)| (command.as_str(), answer.as_str()))
    }

    /// Reads a recording: one JSON object of strings. A byte that is no UTF-8 reads as in a file, whether it stands as
    /// it is or as the lone surrogate that some tools write for it.
    pub fn from_json(bytes: &[u8]) -> Result<Answers, NotARecording> {
        let recorded: BTreeMap<Text, Text> = serde_json::from_slice(bytes).map_err(|error| {
            NotARecording(format!(
                "expected a recorded node, one JSON object of info commands and their answers, but found {error}"
            ))
        })?;
        let mut by_command = BTreeMap::new();
        for (command, answer) in recorded {
            by_command.insert(command.0, answer.0);
        }
        let asked = |command: &&String| command.starts_with("get-config:") || *command == "build";
        if !by_command.keys().any(|command| asked(&command)) {
            return Err(NotARecording(
                "expected a recorded node with answers to `build` and `get-config:…`, but found neither".to_owned(),
            ));
        }
        Ok(Answers { by_command })
    }

    /// Writes a recording that [`Answers::from_json`] reads back.
    pub fn to_json(&self) -> String {
        serde_json::to_string_pretty(&self.by_command).unwrap_or_default()
    }
}

/// A string of a recording.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Text(String);

impl<'de> Deserialize<'de> for Text {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Text, D::Error> {
        // Asked for bytes, the parser lets lone surrogates pass, encoded as if they were characters.
        deserializer.deserialize_bytes(TextVisitor)
    }
}

struct TextVisitor;

impl Visitor<'_> for TextVisitor {
    type Value = Text;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("a string")
    }

    fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<Text, E> {
        Ok(Text(text.to_owned()))
    }

    fn visit_bytes<E: serde::de::Error>(self, bytes: &[u8]) -> Result<Text, E> {
        let bytes = unescaped(bytes);
        Ok(Text(String::from_utf8_lossy(&bytes).into_owned()))
    }
}

/// The bytes that lone surrogates stand for: U+DC80 to U+DCFF, encoded in three bytes each, are 0x80 to 0xFF.
fn unescaped(bytes: &[u8]) -> Cow<'_, [u8]> {
    let stands_for = |at: &[u8]| match at {
        [0xED, high @ (0xB2 | 0xB3), low @ 0x80..=0xBF, ..] => {
            Some(((high & 1) << 6) | (low & 0x3F) | 0x80)
        }
        _ => None,
    };
    if !bytes.contains(&0xED) {
        return Cow::Borrowed(bytes);
    }
    let mut text = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while let Some(byte) = bytes.get(at) {
        match stands_for(&bytes[at..]) {
            Some(byte) => {
                text.push(byte);
                at += 3;
            }
            None => {
                text.push(*byte);
                at += 1;
            }
        }
    }
    Cow::Owned(text)
}

/// Every spelling of an error that servers from 5.7 to 8.1 were seen to use.
pub(super) fn is_error(answer: &str) -> bool {
    answer.starts_with("ERROR:")
        || answer.starts_with("Error::")
        || answer.starts_with("FAIL:")
        || answer == "error"
        || answer.starts_with("error=")
        || answer == "type=unknown"
        || answer == "ns_type=unknown"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_error_spelling_is_told_apart_from_a_value() {
        for error in [
            "ERROR:4:unrecognized command",
            "ERROR:25:enterprise only",
            "ERROR::bad-id",
            "Error::invalid context",
            "FAIL:9:x",
            "error",
            "error=no-such",
            "type=unknown",
            "ns_type=unknown",
        ] {
            let mut answers = Answers::default();
            answers.insert("logs", error);
            assert_eq!(answers.value("logs"), Err(Refusal::Error(error.to_owned())));
        }
        let mut answers = Answers::default();
        answers.insert("logs", "0:error.log");
        assert_eq!(answers.value("logs"), Ok("0:error.log"));
        answers.insert("logs", "error\r\n");
        assert_eq!(answers.value("logs"), Err(Refusal::Error("error".into())));
        answers.insert("logs", "0:error.log\n");
        assert_eq!(answers.value("logs"), Ok("0:error.log"));
        assert_eq!(answers.value("build"), Err(Refusal::Silent));
    }

    #[test]
    fn bytes_that_are_no_utf_8_read_as_in_a_file() {
        let expected = String::from_utf8_lossy(b"caf\xe9").into_owned();
        for json in [
            &br#"{"build": "8.1.2.0", "logs": "caf\udce9"}"#[..],
            b"{\"build\": \"8.1.2.0\", \"logs\": \"caf\xe9\"}",
        ] {
            let answers = Answers::from_json(json).unwrap();
            assert_eq!(answers.value("logs"), Ok(expected.as_str()));
        }
        // What a character takes several bytes for is put together again.
        let json = br#"{"build": "8.1.2.0", "logs": "caf\udcc3\udca9 \ud83d\ude00 \ud83d"}"#;
        let answers = Answers::from_json(json).unwrap();
        let logs = answers.value("logs").unwrap();
        assert!(logs.starts_with("caf\u{e9} \u{1f600} \u{fffd}"), "{logs}");
        assert!(Answers::from_json(answers.to_json().as_bytes()).is_ok());
    }

    #[test]
    fn a_json_that_is_no_recording_is_refused() {
        for json in ["", "[]", "{}", "{\"a\": 1}", "{\"a\": \"b\"}", "null"] {
            assert!(Answers::from_json(json.as_bytes()).is_err(), "{json}");
        }
        assert!(Answers::from_json(b"{\"build\": \"8.1.2.0\"}").is_ok());
    }
}
