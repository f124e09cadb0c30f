//! The writing room: findings in, bytes out. Nothing is judged here, and every format has its own frozen shape.
//!
//! A lint report is written file by file, so that its memory does not grow with their number:
//!
//! ```text
//! start ── add(file) ── add(file) ── … ── finish(state)
//! ```

pub mod codequality;
pub mod junit;
pub mod lint_json;
pub mod lint_text;
pub mod linted;
pub mod sarif;
