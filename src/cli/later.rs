//! Flags of a command that are made when the command is asked for: those of all commands together would take a third of
//! the time that a run takes.

use clap::{ArgMatches, Args, Command, Error, FromArgMatches};

/// The flags of a command.
#[derive(Debug)]
pub struct Later<T>(pub T);

impl<T: Args> Args for Later<T> {
    fn augment_args(command: Command) -> Command {
        command.defer(|command| with(command, T::augment_args))
    }

    fn augment_args_for_update(command: Command) -> Command {
        command.defer(|command| with(command, T::augment_args_for_update))
    }
}

/// Adds the flags. What is said of them as a type is not what the command says of itself.
fn with(command: Command, flags: fn(Command) -> Command) -> Command {
    let about = command.get_about().cloned().unwrap_or_default();
    flags(command)
        .about(about)
        .long_about(None)
        .display_name(env!("CARGO_PKG_NAME"))
}

impl<T: FromArgMatches> FromArgMatches for Later<T> {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Later<T>, Error> {
        T::from_arg_matches(matches).map(Later)
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), Error> {
        self.0.update_from_arg_matches(matches)
    }
}
