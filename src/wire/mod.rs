//! The info protocol: questions into bytes, bytes into answers. No sockets, no clock.
//!
//! ```text
//! questions ──encode──> bytes ··· the driver in `sources::node` ··· bytes ──Decoder──> body ──decode──> Answers
//!
//! message = version kind length body         version 2; kind 1 info, 2 security; length 48 bits, big endian
//! body    = *(command LF)                    asked
//! body    = *(command [TAB value] LF)        answered
//! ```
//! The driver reads from wherever it likes, pushes what came into a [`Decoder`], and asks it how much is
//! [`missing`](Decoder::missing); the result is the same however the bytes were cut.
//!
//! Facts: servers 5.7 to 8.1 on the wire, and the public sources of the vendor's clients for login and peers.
//! Deliberately absent: every command that changes something.

mod answers;
mod frame;
pub mod login;
mod peers;
mod question;
mod reply;

pub use answers::{Answers, NotARecording, Refusal};
pub use frame::{Decoder, FrameError, HEADER, Kind, LONGEST, encode};
pub use peers::{Endpoint, NotPeers, Peer, Peers};
pub use question::{Audience, Name, Question, Section, Transport, encode_questions, revealed};
pub use reply::{Refused, decode_reply};
