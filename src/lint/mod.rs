//! Would the server start with this file? Problems in the server's order, each with a code that stays.
//!
//! ```text
//! (tree, oddities) + catalogue + release + edition ──> problems
//! ```

/// How bad a problem is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// The server starts, but something is not as it seems.
    Warning,
    /// The server would not start.
    Fatal,
}

/// One problem of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// Stable, in kebab case.
    pub code: &'static str,
    /// How bad it is.
    pub severity: Severity,
    /// In house style: what was expected, what was found.
    pub message: String,
    /// The line as the server counts, from 1; `None` where the server names none.
    pub line: Option<u32>,
    /// The column in bytes from 1; 0 where there is no line.
    pub column: u32,
    /// How many bytes to underline.
    pub length: u32,
}
