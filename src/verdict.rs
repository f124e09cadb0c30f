//! Differences and problems of files + policy → state.
//!
//! ```text
//! OK < WARNING < UNKNOWN < CRITICAL      the worst counts
//! ```
//! Not here: what was seen and what was not; whoever gathers knows that (`hall`).

use std::collections::BTreeMap;

use crate::compare::Kind;
use crate::lint::{Code, Problem};
use crate::nearest::did_you_mean;

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

/// What a policy speaks of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Matter {
    /// A kind of difference.
    Difference(Kind),
    /// A kind of problem of a file.
    Problem(Code),
}

impl Matter {
    /// Reads the name of a kind or the code of a problem; none is both. The error says what was expected.
    pub fn parse(name: &str) -> Result<Matter, String> {
        let difference = Kind::parse(name).map(Matter::Difference);
        let problem = || Code::parse(name).map(Matter::Problem);
        difference.or_else(problem).ok_or_else(|| {
            let kinds = Kind::ALL.map(Kind::name);
            let codes = Code::ALL.iter().map(|code| code.name());
            let near = did_you_mean(name, kinds.into_iter().chain(codes));
            let kinds = kinds.join(", ");
            format!("expected one of {kinds} or a code of `ascad lint`, but found `{name}`{near}")
        })
    }
}

/// How bad each kind of difference is, and each problem of which something was said.
#[derive(Clone, Debug, Default)]
pub struct Severities {
    by_kind: BTreeMap<Kind, State>,
    by_code: BTreeMap<&'static str, State>,
}

impl Severities {
    /// Sets how bad something is.
    pub fn set(&mut self, matter: Matter, state: State) {
        match matter {
            Matter::Difference(kind) => self.by_kind.insert(kind, state),
            Matter::Problem(code) => self.by_code.insert(code.name(), state),
        };
    }

    /// How bad a kind is; critical unless set.
    pub fn of(&self, kind: Kind) -> State {
        self.by_kind.get(&kind).copied().unwrap_or(State::Critical)
    }

    /// How bad a problem is, if it was set.
    pub fn of_problem(&self, problem: &Problem) -> Option<State> {
        self.by_code.get(problem.code).copied()
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
        severities.set(Matter::Difference(Kind::Drifted), State::Warning);
        assert_eq!(
            (severities.of(Kind::Drifted), severities.of(Kind::Latent)),
            (State::Warning, State::Critical)
        );
    }
}
