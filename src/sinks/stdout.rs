//! Standard output and standard error. A closed pipe changes nothing: the verdict is the exit code.
#![allow(clippy::print_stdout, clippy::print_stderr)] // This is the one place that prints.

use std::io::{BufWriter, IsTerminal, Write};

use anstream::ColorChoice;

/// Writes a report to standard output, with its colours where they are wanted.
pub fn print(report: &str, choice: ColorChoice) {
    let mut out = anstream::AutoStream::new(std::io::stdout().lock(), choice);
    let _ = out.write_all(report.as_bytes()).and_then(|()| out.flush());
}

/// Standard output for a report that is written piece by piece.
pub fn stream() -> impl Write {
    BufWriter::with_capacity(64 * 1024, std::io::stdout())
}

/// Writes one line to standard error.
pub fn complain(line: &str) {
    let mut err = anstream::AutoStream::auto(std::io::stderr().lock());
    let _ = writeln!(err, "{line}");
}

/// Whether somebody watches.
pub fn is_watched() -> bool {
    std::io::stderr().is_terminal()
}
