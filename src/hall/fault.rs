//! What is said when ascad itself fails.

use crate::sinks::stdout;
use crate::verdict::State;

/// From now on a panic, on whatever thread, ends the program as UNKNOWN with one line on standard output and one on
/// standard error.
///
/// The panic's own words stay out, for a value may stand in them, even a secret; and nothing is rendered, for that may
/// be what failed.
pub fn report_panics() {
    std::panic::set_hook(Box::new(|panic| {
        let place = panic.location().map_or_else(String::new, |place| {
            format!(" at {}:{}", place.file(), place.line())
        });
        stdout::print(
            "ASCAD UNKNOWN - ascad itself failed\n",
            anstream::ColorChoice::Never,
        );
        stdout::complain(&format!(
            "ascad: this is a fault of ascad{place}; please report it"
        ));
        std::process::exit(State::Unknown.exit_code().into());
    }));
}
