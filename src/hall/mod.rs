//! The hall, where the story is told: one file per command, and each gathers, settles, compares, judges, reports.
//!
//! ```text
//! session ─ what is known before anybody is asked         check, compare, lint, show ─ the commands
//! gather, crowd ─ one source, many of them                settled ─ what the sources of a check say
//! era ─ for which server a file is read                   print, deliver, alert ─ where reports go
//! fault ─ the last words of a fault of our own
//! ```
//! Not here: everything that can be told without a story. The rooms below know nothing of flags, time and each other.

mod alert;
mod check;
mod compare;
mod crowd;
mod deliver;
mod era;
mod fault;
mod gather;
mod lint;
mod print;
mod session;
mod settled;
mod show;

use clap::CommandFactory;
use clap_complete::{generate, shells};

pub use fault::report_panics;

use crate::cli::{Command, Format, Later, Plan, Shell};
use crate::report::escape::clean;
use crate::sinks::stdout;
use crate::verdict::State;

use print::Job;

/// The status line of a command line that is none.
pub fn print_wrong_call(summary: &str) {
    let reason = format!("the command line is wrong: {summary}");
    print::last_words(Job::Other, Format::Nagios, &reason);
}

/// Carries out the plan and returns the exit code.
pub fn run(plan: &Plan) -> u8 {
    let outcome = match &plan.command {
        Command::Check(Later(plan)) => check::run(plan),
        Command::Compare(Later(plan)) => compare::run(plan),
        Command::Cluster(Later(plan)) => compare::run_cluster(plan),
        Command::Lint(Later(plan)) => lint::run(plan),
        Command::Show(Later(plan)) => show::run(plan),
        Command::Completions { shell } => {
            let mut script = Vec::new();
            let (mut plan, name) = (Plan::command(), "ascad");
            match shell {
                Shell::Bash => generate(shells::Bash, &mut plan, name, &mut script),
                Shell::Zsh => generate(shells::Zsh, &mut plan, name, &mut script),
                Shell::Fish => generate(shells::Fish, &mut plan, name, &mut script),
            }
            stdout::print(
                &String::from_utf8_lossy(&script),
                anstream::ColorChoice::Never,
            );
            Ok(State::Ok)
        }
    };
    let state = outcome.unwrap_or_else(|error| {
        let message = format!("{error:#}");
        stdout::complain(&clean(&format!("ascad: {message}")));
        // Nagios reads standard output only, so the reason stands there, too.
        let (job, undone) = match &plan.command {
            Command::Check(_) => (Job::Check, "compared"),
            Command::Compare(_) => (Job::Compare, "compared"),
            Command::Cluster(_) => (Job::Cluster, "compared"),
            Command::Lint(_) => (Job::Lint, "judged"),
            Command::Show(_) => (Job::Other, "shown"),
            Command::Completions { .. } => (Job::Other, "completed"),
        };
        let format = asked_format(&plan.command);
        let reason = match format {
            // The state stands elsewhere.
            Format::Json => message,
            _ => format!("nothing could be {undone}: {message}"),
        };
        print::last_words(job, format, &reason)
    });
    state.exit_code()
}

/// The format that the command line asks for: the settings may be what could not be read.
fn asked_format(command: &Command) -> Format {
    let asked = match command {
        Command::Check(Later(plan)) => plan.common.format,
        Command::Compare(Later(plan)) => plan.common.format,
        Command::Cluster(Later(plan)) => plan.common.format,
        Command::Lint(Later(plan)) => plan.common.format,
        // They have no format of which the state is a part.
        Command::Show(_) | Command::Completions { .. } => None,
    };
    asked.unwrap_or(Format::Text)
}
