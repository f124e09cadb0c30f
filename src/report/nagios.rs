//! For Nagios, Icinga and NRPE: a status line, numbers after the first `|`, then one line for everything wrong.
//!
//! ```text
//! ASCAD CRITICAL - 1 of 212 settings differs on A1 (8.0.0.15): … drifted | drifted=1;;;0 … seconds=0.012s;;;0
//! namespace.test.default-ttl drifted: file 30d, runtime 0
//! … and 3 more
//! ```
//! A `|` in any other place would cut the output, so it is written as `¦`.

use std::fmt::Write;

use super::brief::{Brief, Measure};
use super::escape::{clean, shortened};

/// What mail and pagers show of the status line, in characters.
const LONGEST_STATUS: usize = 200;
/// What NRPE and Nagios keep of all of it, in bytes.
const MOST_BYTES: usize = 4000;
/// One line of the rest, in characters.
const LONGEST_LINE: usize = 300;

/// The whole output.
pub fn write(brief: &Brief) -> String {
    let mut text = shortened(&safe(&brief.status), LONGEST_STATUS).into_owned();
    if !brief.measures.is_empty() {
        let perfdata: Vec<String> = brief.measures.iter().map(perfdatum).collect();
        let _ = write!(text, " | {}", perfdata.join(" "));
    }
    text.push('\n');
    let lines = brief
        .lines
        .iter()
        .map(|line| shortened(&safe(line), LONGEST_LINE).into_owned());
    append(&mut text, lines, "\n", MOST_BYTES);
    text
}

/// Appends lines, each with its `end`, as far as they fit into `most` bytes; how many do not is said.
pub(super) fn append(
    text: &mut String,
    lines: impl Iterator<Item = String>,
    end: &str,
    most: usize,
) {
    let lines: Vec<String> = lines.map(|line| line + end).collect();
    let whole: usize = lines.iter().map(String::len).sum();
    let fits = text.len() + whole <= most;
    for (at, line) in lines.iter().enumerate() {
        let rest = more(lines.len() - at) + end;
        if !fits && text.len() + line.len() + rest.len() > most {
            text.push_str(&rest);
            return;
        }
        text.push_str(line);
    }
}

fn more(count: usize) -> String {
    format!("… and {count} more")
}

fn perfdatum(measure: &Measure) -> String {
    format!("{}={}{};;;0", measure.label, measure.value, measure.unit)
}

fn safe(text: &str) -> String {
    clean(text).replace('|', "¦")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::verdict::State;

    fn brief(status: &str, lines: Vec<String>) -> Brief {
        Brief {
            state: State::Critical,
            status: status.to_owned(),
            measures: vec![
                Measure::count("drifted", 2),
                Measure::seconds("seconds", 0.012),
            ],
            lines,
        }
    }

    #[test]
    fn only_the_first_bar_is_a_bar() {
        let text = write(&brief("a|b\x1b[31m", vec!["c|d\ne".to_owned()]));
        assert_eq!(
            text,
            "a¦b\\x1b[31m | drifted=2;;;0 seconds=0.012s;;;0\nc¦d\\ne\n"
        );
    }

    #[test]
    fn a_long_status_line_is_cut_before_the_numbers() {
        let text = write(&brief(&"é".repeat(300), Vec::new()));
        let (status, perfdata) = text.split_once(" | ").unwrap();
        assert_eq!((status.chars().count(), status.ends_with('…')), (200, true));
        assert_eq!(perfdata, "drifted=2;;;0 seconds=0.012s;;;0\n");
    }

    #[test]
    fn what_does_not_fit_is_counted() {
        for size in [7, 80, 299, 300, 5000] {
            let lines: Vec<String> = (0..1000).map(|at| format!("{at:>size$}")).collect();
            let text = write(&brief("status", lines));
            assert!(text.len() <= MOST_BYTES, "{size}: {} bytes", text.len());
            let shown = text.lines().count() - 2;
            let last = format!("… and {} more", 1000 - shown);
            assert_eq!(text.lines().last(), Some(last.as_str()));
        }
    }

    #[test]
    fn what_fits_is_not_counted() {
        let mut text = String::new();
        append(&mut text, vec!["abc".to_owned(); 3].into_iter(), "\n", 12);
        assert_eq!(text, "abc\nabc\nabc\n");
    }
}
