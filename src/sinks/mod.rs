//! The porch where reports go to. All writing to the outside is here.
//!
//! ```text
//! report ─┬─> stdout     what was asked for, and a line on standard error for what went wrong
//!         ├─> files      -o FORMAT=PATH: whole or not at all
//!         └─> riemann    events
//! ```
//! Not here: how a report reads (`report`), and what its failure means for the verdict (`hall`).

pub mod files;
pub mod priority;
pub mod progress;
pub mod riemann;
pub mod stdout;
