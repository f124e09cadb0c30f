//! The door: arguments → run → exit code.

use std::process::ExitCode;

use ascad::{cli, hall, sinks};

fn main() -> ExitCode {
    hall::report_panics();
    match cli::parse(std::env::args_os()) {
        Ok(plan) => hall::run(&plan).into(),
        Err(no_plan) => {
            if no_plan.is_error {
                hall::print_wrong_call(&no_plan.summary);
                sinks::stdout::complain(no_plan.text.trim_end());
            } else {
                sinks::stdout::print(&no_plan.text, anstream::ColorChoice::Auto);
            }
            no_plan.exit_code.into()
        }
    }
}
