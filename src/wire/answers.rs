//! What a node said.

use std::collections::BTreeMap;

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

    /// The value that a command was answered with; every error spelling is told apart from a value.
    pub fn value(&self, command: &str) -> Result<&str, Refusal> {
        match self.by_command.get(command) {
            None => Err(Refusal::Silent),
            Some(answer) if is_error(answer) => Err(Refusal::Error(answer.clone())),
            Some(answer) => Ok(answer),
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

    /// Reads a recording: one JSON object of strings.
    pub fn from_json(bytes: &[u8]) -> Result<Answers, NotARecording> {
        let by_command: BTreeMap<String, String> = serde_json::from_slice(bytes).map_err(|error| {
            NotARecording(format!(
                "expected a recorded node, one JSON object of info commands and their answers, but found {error}"
            ))
        })?;
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
        assert_eq!(answers.value("build"), Err(Refusal::Silent));
    }

    #[test]
    fn a_json_that_is_no_recording_is_refused() {
        for json in ["", "[]", "{}", "{\"a\": 1}", "{\"a\": \"b\"}", "null"] {
            assert!(Answers::from_json(json.as_bytes()).is_err(), "{json}");
        }
        assert!(Answers::from_json(b"{\"build\": \"8.1.2.0\"}").is_ok());
    }
}
