//! The end of every command: the main report, and those beside it.

use anyhow::Result;

use crate::sinks::stdout;
use crate::verdict::State;

use super::session::Session;

/// Prints the main report, unless nobody wants to hear that everything is fine.
pub(super) fn print(session: &Session, state: State, report: &str) -> Result<State> {
    if state != State::Ok || !session.is_quiet() {
        stdout::print(report, session.colour());
    }
    Ok(state)
}
