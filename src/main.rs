//! The door: arguments → run → exit code.

use std::process::ExitCode;

use ascad::{cli, hall, sinks, verdict::State};

fn main() -> ExitCode {
    std::panic::set_hook(Box::new(|panic| {
        let place = panic.location().map_or_else(String::new, |place| {
            format!(" at {}:{}", place.file(), place.line())
        });
        sinks::stdout::print(
            "ASCAD UNKNOWN - ascad itself failed\n",
            anstream::ColorChoice::Never,
        );
        sinks::stdout::complain(&format!(
            "ascad: this is a fault of ascad{place}; please report it"
        ));
        std::process::exit(State::Unknown.exit_code().into());
    }));
    match cli::parse(std::env::args_os()) {
        Ok(plan) => hall::run(&plan).into(),
        Err(no_plan) => {
            if no_plan.is_error {
                sinks::stdout::print(
                    "ASCAD UNKNOWN - the command line is wrong\n",
                    anstream::ColorChoice::Never,
                );
                sinks::stdout::complain(no_plan.text.trim_end());
            } else {
                sinks::stdout::print(&no_plan.text, anstream::ColorChoice::Auto);
            }
            no_plan.exit_code.into()
        }
    }
}
