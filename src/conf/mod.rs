//! aerospike.conf: bytes in, (tree, oddities) out; and a tree back into text.
//!
//! It reads as the server reads (facts: the language, 312 files on six servers) and never fails: what the server
//! would refuse becomes an [`Oddity`], and reading goes on where a reader would expect it. There is no recursion and
//! the time is linear in the input, so hostile files cost what long ones cost.
//!
//! ```text
//! file    = *line
//! line    = [ name *3value ] [ "#" comment ]       at most 1023 bytes, the rest is a line of its own
//! section = line that opens one ─ Context::opened_by, the brace plays no part ─ … line whose name is "}"
//! ```
//!
//! Not here: what a parameter means (`settings`) and whether a server takes it (`lint`).

mod line;
pub mod mark;
mod parse;
mod print;
pub mod template;
mod tree;

pub use line::{LONGEST_LINE, MOST_VALUES};
pub use parse::{Oddity, OddityKind, declared_release, lines, parse};
pub use print::{print, print_hiding, text_hiding};
pub use tree::{Item, ItemId, Mark, Tree, Values};
