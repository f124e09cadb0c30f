//! For people: a line for each problem, then the line of the file with what it is about underlined.
//!
//! ```text
//! aerospike.conf:17:9: fatal: expected `true` or `false`, but found `on` [bad-boolean]
//!   17 | enable-health-check on
//!      |                     ^^
//! ```

use std::io::{self, Write};

use anstyle::Style;

use super::linted::{Lines, Linted, Unread, printable};
use super::status::plural;
use super::text::{CAUTION, Detail, PROBLEM};
use crate::catalogue::{HIDDEN, is_secret};
use crate::lint::{Problem, Report, Severity};

/// How many characters of a line are shown.
const WIDTH: usize = 100;

/// Whether the text carries colours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dye {
    /// It does not, for nobody takes them off where it goes.
    Plain,
    /// It does, as escape sequences.
    Coloured,
}

/// Writes the report file by file.
pub struct LintText {
    detail: Detail,
    dye: Dye,
    files: usize,
    fatal: usize,
    warned: usize,
}

impl LintText {
    /// Begins the report.
    pub fn start(detail: Detail, dye: Dye) -> LintText {
        LintText {
            detail,
            dye,
            files: 0,
            fatal: 0,
            warned: 0,
        }
    }

    /// Adds a file; nothing is written where nothing was found, unless every file is to be named.
    pub fn add(&mut self, linted: Linted<'_>, out: &mut dyn Write) -> io::Result<()> {
        self.files += 1;
        let problems = &linted.report.problems;
        if self.detail == Detail::Verbose {
            write_file(linted.file, linted.report, out)?;
        }
        let Some(worst) = problems.iter().map(|problem| problem.severity).max() else {
            return Ok(());
        };
        match worst {
            Severity::Fatal => self.fatal += 1,
            Severity::Warning => self.warned += 1,
        }
        let lines = Lines::new(linted.source);
        let file = printable(linted.file);
        for problem in problems {
            write_problem(&file, problem, &lines, self.dye, out)?;
        }
        Ok(())
    }

    /// Ends the report with a line that counts.
    pub fn finish(self, unread: &[Unread], out: &mut dyn Write) -> io::Result<()> {
        for failure in unread {
            let (file, message) = (printable(&failure.file), printable(&failure.message));
            writeln!(out, "{file}: {message}")?;
        }
        let mut parts = Vec::new();
        for (count, what) in [
            (self.fatal, "would not start"),
            (self.warned, "with warnings"),
            (self.files - self.fatal - self.warned, "clean"),
            (unread.len(), "unreadable"),
        ] {
            if count > 0 {
                parts.push(format!("{count} {what}"));
            }
        }
        let total = self.files + unread.len();
        let noun = plural(total, "file");
        let parts = if parts.is_empty() {
            String::new()
        } else {
            format!(": {}", parts.join(", "))
        };
        writeln!(
            out,
            "{total} {noun}{parts} (what only the machine can tell is not judged: files, devices, host names, ports in use, users, limits)"
        )
    }
}

/// What a file is judged for, and what became of it.
fn write_file(file: &str, report: &Report, out: &mut dyn Write) -> io::Result<()> {
    let verdict = match (report.starts, report.problems.is_empty()) {
        (false, _) => "would not start",
        (true, false) => "would start, with warnings",
        (true, true) => "would start",
    };
    let (file, release, edition) = (printable(file), report.release, report.edition);
    writeln!(out, "{file}: {release} {edition}: {verdict}")
}

/// One problem, and the line that it is about.
fn write_problem(
    file: &str,
    problem: &Problem,
    lines: &Lines<'_>,
    dye: Dye,
    out: &mut dyn Write,
) -> io::Result<()> {
    let place = match (problem.place(), problem.line) {
        (Some(line), Some(_)) => format!("{file}:{line}:{}", problem.column),
        (Some(line), None) => format!("{file}:{line}"),
        (None, _) => file.to_owned(),
    };
    let severity = problem.severity.word();
    let (message, code) = (&problem.message, problem.code);
    let style = match (dye, problem.severity) {
        (Dye::Plain, _) => Style::new(),
        (Dye::Coloured, Severity::Fatal) => PROBLEM,
        (Dye::Coloured, Severity::Warning) => CAUTION,
    };
    writeln!(
        out,
        "{place}: {style}{severity}{style:#}: {message} [{code}]"
    )?;
    let Some(line) = problem.place() else {
        return Ok(());
    };
    let shown = match hidden(lines.text(line), problem.column, problem.length) {
        Some((line, column, length)) => show(&line, column, length),
        None => show(lines.text(line), problem.column, problem.length),
    };
    let number = line.to_string();
    let margin = number.len().max(4);
    writeln!(out, "{number:>margin$} | {}", shown.text)?;
    if shown.length > 0 {
        let (skip, carets) = (" ".repeat(shown.column), "^".repeat(shown.length));
        writeln!(out, "{:>margin$} | {skip}{style}{carets}{style:#}", "")?;
    }
    Ok(())
}

/// A line that gives a secret, without it; what is underlined in the secret is what stands in its place.
fn hidden(line: &[u8], column: u32, length: u32) -> Option<(Vec<u8>, u32, u32)> {
    let indent = line.len() - line.trim_ascii_start().len();
    let mut words = line[indent..].split(u8::is_ascii_whitespace);
    let name = words.next()?;
    if !is_secret(name) {
        return None;
    }
    let end = indent + name.len();
    let text = [&line[..end], b" ", HIDDEN.as_bytes()].concat();
    // The place of what is hidden, from 1.
    let place = u32::try_from(end + 2).unwrap_or(u32::MAX);
    Some(match column < place {
        true => (text, column, length),
        false => (text, place, u32::try_from(HIDDEN.len()).unwrap_or(0)),
    })
}

/// What is shown of a line; place and length of the mark are in characters, from 0.
struct Shown {
    text: String,
    column: usize,
    length: usize,
}

/// The part of a line around what is underlined: leading white space cut, tabs and control characters made visible.
fn show(line: &[u8], column: u32, length: u32) -> Shown {
    let start = usize::try_from(column)
        .unwrap_or(usize::MAX)
        .saturating_sub(1);
    let start = start.min(line.len());
    let end = start.saturating_add(usize::try_from(length).unwrap_or(usize::MAX));
    let end = end.min(line.len());
    let indent = line.len() - line.trim_ascii_start().len();
    let (before, marked, after) = if start < indent {
        ("".to_owned(), String::new(), visible(line.trim_ascii()))
    } else {
        (
            visible(&line[indent..start]),
            visible(&line[start..end]),
            visible(&line[end..]),
        )
    };
    let mut before: Vec<char> = before.chars().collect();
    let marked: Vec<char> = marked.chars().take(WIDTH).collect();
    let after: Vec<char> = after.chars().collect();
    let room = WIDTH.saturating_sub(marked.len());
    let most_before = room * 2 / 3;
    if before.len() > most_before {
        before.drain(..before.len() - most_before);
        before.insert(0, '…');
    }
    let most_after = WIDTH.saturating_sub(before.len() + marked.len());
    let is_cut = after.len() > most_after;
    let length = if column == 0 { 0 } else { marked.len() };
    let mut text: String = before
        .iter()
        .chain(&marked)
        .chain(after.iter().take(most_after))
        .collect();
    if is_cut {
        text.push('…');
    }
    Shown {
        text,
        column: before.len(),
        length,
    }
}

fn visible(bytes: &[u8]) -> String {
    let text = String::from_utf8_lossy(bytes).replace('\t', " ");
    printable(&text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn case(line: &[u8], column: u32, length: u32, expected: (&str, usize, usize)) {
        let shown = show(line, column, length);
        assert_eq!((shown.text.as_str(), shown.column, shown.length), expected);
    }

    #[test]
    fn the_line_is_shown_without_its_indent_and_underlined() {
        case(b"\t\tport 80", 8, 2, ("port 80", 5, 2));
        case(b"port", 0, 0, ("port", 0, 0));
        case(b"", 1, 1, ("", 0, 0));
    }

    #[test]
    fn a_secret_is_not_shown_and_its_place_is_underlined() {
        let line = b"\t\tkey-file-password \"a b\"";
        for (column, length, expected) in [(3, 17, (3, 17)), (21, 2, (21, 8)), (24, 2, (21, 8))] {
            let (text, place, length) = hidden(line, column, length).unwrap();
            assert_eq!(text, b"\t\tkey-file-password (hidden)");
            assert_eq!((place, length), expected);
        }
        assert_eq!(hidden(b"\tkey-file password", 2, 8), None);
    }

    #[test]
    fn control_characters_are_escaped_and_the_mark_stays_in_place() {
        case(b"a\x1b[31m b", 8, 1, ("a\\x1b[31m b", 10, 1));
        case(b"caf\xe9 x", 6, 1, ("caf\u{fffd} x", 5, 1));
    }

    #[test]
    fn long_lines_are_cut_around_the_mark() {
        let mut line = vec![b'x'; 900];
        line[500] = b'Y';
        let shown = show(&line, 501, 1);
        assert_eq!(shown.text.chars().nth(shown.column), Some('Y'));
        assert!(shown.text.chars().count() <= WIDTH + 2);
        assert!(shown.text.starts_with('…') && shown.text.ends_with('…'));
    }
}
