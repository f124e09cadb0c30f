//! Standard output and standard error. A closed pipe changes nothing: the verdict is the exit code. A full disk does,
//! for whoever opens the report later would take half of it for the whole.
#![allow(clippy::print_stdout, clippy::print_stderr)] // This is the one place that prints.

use std::io::{self, BufWriter, IsTerminal, Write};

use anstream::ColorChoice;
use anyhow::{Context, Result};

/// Writes a report to standard output, with its colours where they are wanted.
pub fn deliver(report: &str, choice: ColorChoice) -> Result<()> {
    let mut out = anstream::AutoStream::new(io::stdout().lock(), choice);
    arrived(out.write_all(report.as_bytes()).and_then(|()| out.flush()))
}

/// The same where nothing is left to be done if it fails.
pub fn print(report: &str, choice: ColorChoice) {
    let _ = deliver(report, choice);
}

/// An error unless it is a closed pipe's.
pub fn arrived(written: io::Result<()>) -> Result<()> {
    match written {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        written => written.context("cannot write to standard output"),
    }
}

/// Standard output for a report that is written piece by piece, with its colours where they are wanted.
pub fn stream(choice: ColorChoice) -> impl Write {
    let out = anstream::AutoStream::new(io::stdout(), choice);
    BufWriter::with_capacity(64 * 1024, out)
}

/// Writes one line to standard error.
pub fn complain(line: &str) {
    let mut err = anstream::AutoStream::auto(std::io::stderr().lock());
    let _ = writeln!(err, "{line}");
}

/// Whether standard output takes everything at once: it is a file, or nobody reads it.
pub fn is_quick() -> bool {
    let is_null = |about: &rustix::fs::Stat| {
        rustix::fs::stat("/dev/null").is_ok_and(|null| null.st_rdev == about.st_rdev)
    };
    rustix::fs::fstat(io::stdout()).is_ok_and(|about| {
        match rustix::fs::FileType::from_raw_mode(about.st_mode) {
            rustix::fs::FileType::RegularFile => true,
            rustix::fs::FileType::CharacterDevice => is_null(&about),
            _ => false,
        }
    })
}

/// Whether somebody watches.
pub fn is_watched() -> bool {
    std::io::stderr().is_terminal()
}
