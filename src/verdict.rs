//! Differences + policy → state.
//!
//! ```text
//! OK < WARNING < UNKNOWN < CRITICAL      the worst counts
//! ```
//! Not here: what was seen and what was not; whoever gathers knows that (`hall`).

use std::collections::BTreeMap;

use crate::compare::Kind;

/// The state of a check, in the order in which the worse one counts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum State {
    /// Everything is as it should be.
    #[default]
    Ok,
    /// Something deserves a look.
    Warning,
    /// A source could not be seen.
    Unknown,
    /// Something is not as it should be.
    Critical,
}

impl State {
    /// As monitoring systems spell it.
    pub fn name(self) -> &'static str {
        match self {
            State::Ok => "OK",
            State::Warning => "WARNING",
            State::Unknown => "UNKNOWN",
            State::Critical => "CRITICAL",
        }
    }

    /// The exit code; nothing else ever leaves the program.
    pub fn exit_code(self) -> u8 {
        match self {
            State::Ok => 0,
            State::Warning => 1,
            State::Critical => 2,
            State::Unknown => 3,
        }
    }

    /// Reads `ok`, `warning`, `unknown`, `critical` in any case.
    pub fn parse(name: &str) -> Option<State> {
        [State::Ok, State::Warning, State::Unknown, State::Critical]
            .into_iter()
            .find(|state| state.name().eq_ignore_ascii_case(name))
    }
}

/// How bad each kind of difference is.
#[derive(Clone, Debug, Default)]
pub struct Severities {
    by_kind: BTreeMap<Kind, State>,
}

impl Severities {
    /// Sets how bad a kind is.
    pub fn set(&mut self, kind: Kind, state: State) {
        self.by_kind.insert(kind, state);
    }

    /// How bad a kind is; critical unless set.
    pub fn of(&self, kind: Kind) -> State {
        self.by_kind.get(&kind).copied().unwrap_or(State::Critical)
    }
}

/// The worst of all states.
pub fn worst(states: impl IntoIterator<Item = State>) -> State {
    states.into_iter().max().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn critical_is_worse_than_unknown_and_unknown_than_warning() {
        assert_eq!(
            worst([State::Unknown, State::Critical, State::Ok]),
            State::Critical
        );
        assert_eq!(worst([State::Warning, State::Unknown]), State::Unknown);
        assert_eq!(worst([]), State::Ok);
    }

    #[test]
    fn exit_codes_are_those_of_monitoring_plugins() {
        let codes =
            [State::Ok, State::Warning, State::Critical, State::Unknown].map(State::exit_code);
        assert_eq!(codes, [0, 1, 2, 3]);
    }

    #[test]
    fn a_kind_is_critical_unless_it_was_set() {
        let mut severities = Severities::default();
        severities.set(Kind::Drifted, State::Warning);
        assert_eq!(
            (severities.of(Kind::Drifted), severities.of(Kind::Latent)),
            (State::Warning, State::Critical)
        );
    }
}
