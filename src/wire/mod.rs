//! The info protocol: questions into bytes, bytes into answers. No sockets, no clock.
//!
//! ```text
//! questions ──encode──> bytes ··· the driver in `sources` ··· bytes ──decode──> Answers
//! ```

mod answers;

pub use answers::{Answers, NotARecording, Refusal};
