//! For Checkmk: a local check, one line. The state is in the line, so the program exits with 0.
//!
//! ```text
//! 2 ascad drifted=1|undeployed=0|seconds=0.012 ASCAD CRITICAL - … drifted\nnamespace.test.default-ttl drifted: …
//! ```
//! `\n` is spelt with two characters; what is behind the first is the details.

use super::brief::{Brief, Measure};
use super::escape::clean;
use super::nagios::append;

/// The agent keeps more, but nobody reads more.
const MOST_BYTES: usize = 4000;
const BREAK: &str = "\\n";

/// The whole line.
pub fn write(brief: &Brief) -> String {
    let metrics: Vec<String> = brief.measures.iter().map(metric).collect();
    let metrics = match metrics.as_slice() {
        [] => "-".to_owned(),
        some => some.join("|"),
    };
    let state = brief.state.exit_code();
    let mut line = format!("{state} ascad {metrics} {}{BREAK}", clean(&brief.status));
    let details = brief.lines.iter().map(|line| clean(line).into_owned());
    append(&mut line, details, BREAK, MOST_BYTES);
    line.truncate(line.len() - BREAK.len());
    line.push('\n');
    line
}

/// Names of metrics take no `-`.
fn metric(measure: &Measure) -> String {
    format!("{}={}", measure.label.replace('-', "_"), measure.value)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::verdict::State;

    #[test]
    fn everything_is_on_one_line() {
        let brief = Brief {
            state: State::Warning,
            status: "ASCAD WARNING - two\nlines".to_owned(),
            measures: vec![
                Measure::count("pending-restart", 1),
                Measure::seconds("seconds", 0.5),
            ],
            lines: vec!["a".to_owned(), "b".to_owned()],
        };
        assert_eq!(
            write(&brief),
            "1 ascad pending_restart=1|seconds=0.5 ASCAD WARNING - two\\nlines\\na\\nb\n"
        );
    }

    #[test]
    fn without_numbers_there_is_a_dash() {
        assert_eq!(
            write(&Brief::unknown("nothing could be compared")),
            "3 ascad - ASCAD UNKNOWN - nothing could be compared\n"
        );
    }
}
