//! The porch where configurations come from: files, URLs, GitLab, nodes, clusters. All reading from outside is here.
//!
//! ```text
//! SOURCE ──Spec::parse──> spec ─┬─ file                                bytes of a file; `classify` tells what they are
//!                               ├─ reference ─┬─ http                  bytes of a page
//!                               │             └─ gitlab                bytes, and the commit
//!                               └─ node, cluster ── socket, tls        answers
//! ```
//! Every wait is under a deadline, every length has a limit, and an error is one line without secrets. Not here: what
//! the bytes and answers mean (`settings`), and what becomes of a source that cannot be had (`hall`).

pub mod classify;
pub mod cluster;
pub mod environment;
pub mod file;
pub mod gitlab;
pub mod http;
pub mod machine;
pub mod node;
pub mod placeholder;
pub mod reference;
pub mod secret;
pub mod socket;
pub mod spec;
pub mod tls;
pub mod vars;

use crate::foreign::is_harmful;

/// Somebody else's text, fit for one line of ours: control characters are dots, backquotes quotes, and it is no
/// longer than 200 characters.
fn printable(text: &str) -> String {
    let clean = |letter: char| match letter {
        '`' => '\'',
        letter if is_harmful(letter) => '·',
        letter => letter,
    };
    let mut shown: String = text.trim().chars().take(200).map(clean).collect();
    if text.trim().chars().nth(200).is_some() {
        shown.push('…');
    }
    shown
}
