//! The hall, where the story is told: one file per command, and each gathers, settles, compares, judges, reports.

mod alert;
mod check;
mod compare;
mod crowd;
mod deliver;
mod fault;
mod gather;
mod lint;
mod print;
mod session;
mod show;

use clap::CommandFactory;

pub use fault::report_panics;

use crate::cli::{Command, Format, Plan};
use crate::sinks::stdout;
use crate::verdict::State;

/// Carries out the plan and returns the exit code.
pub fn run(plan: &Plan) -> u8 {
    let outcome = match &plan.command {
        Command::Check(plan) => check::run(plan),
        Command::Compare(plan) => compare::run(plan),
        Command::Cluster(plan) => compare::run_cluster(plan),
        Command::Lint(plan) => lint::run(plan),
        Command::Show(plan) => show::run(plan),
        Command::Completions { shell } => {
            let mut script = Vec::new();
            clap_complete::generate(*shell, &mut Plan::command(), "ascad", &mut script);
            stdout::print(
                &String::from_utf8_lossy(&script),
                anstream::ColorChoice::Never,
            );
            Ok(State::Ok)
        }
    };
    let state = outcome.unwrap_or_else(|error| {
        let message = format!("{error:#}");
        stdout::complain(&format!(
            "ascad: {}",
            crate::report::escape::clean(&message)
        ));
        // Nagios reads standard output only, so the reason stands there, too.
        print::last_words(
            Format::Text,
            &format!("nothing could be compared: {message}"),
        )
    });
    state.exit_code()
}
