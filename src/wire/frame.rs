//! The frame around every message, and its decoder that takes bytes as they come.

use std::fmt;

use nom::number::complete::{be_u16, be_u32, u8};
use nom::{IResult, Parser};

/// The length of a header in bytes.
pub const HEADER: usize = 8;

/// The longest body in bytes that is believed. A whole node answers with some 100 KiB; whoever announces more than
/// this is no Aerospike node.
pub const LONGEST: usize = 16 * 1024 * 1024;

/// The only version of the protocol that there is.
const VERSION: u8 = 2;

/// So much is set aside at once for a body, whatever its header promises.
const FIRST_ALLOCATION: usize = 64 * 1024;

/// What a message is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Commands and their answers.
    Info,
    /// Login.
    Security,
}

impl Kind {
    const fn byte(self) -> u8 {
        match self {
            Kind::Info => 1,
            Kind::Security => 2,
        }
    }
}

/// Why bytes are no message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FrameError {
    /// The first byte is not 2 but this.
    Version(u8),
    /// The second byte is not the kind that was waited for but this.
    Kind(u8),
    /// The body would be so many bytes long.
    TooLong(u64),
}

impl fmt::Display for FrameError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            // A TLS record begins with its type: 21 an alert, 22 a handshake.
            FrameError::Version(21 | 22) => {
                f.write_str("expected the info protocol, but found TLS, is `--tls-enable` missing?")
            }
            FrameError::Version(b'H') => {
                f.write_str("expected the info protocol, but found what looks like HTTP")
            }
            FrameError::Version(found) => write!(
                f,
                "expected the info protocol, version 2, but found {found}, is this a service port?"
            ),
            FrameError::Kind(found) => write!(
                f,
                "expected an answer of the kind that was asked for, but found kind {found}"
            ),
            FrameError::TooLong(length) => write!(
                f,
                "expected an answer of at most {LONGEST} bytes, but found {length} announced"
            ),
        }
    }
}

impl std::error::Error for FrameError {}

/// A message: the header and `body`, which is at most [`LONGEST`] bytes long (ours are a few kilobytes).
pub fn encode(kind: Kind, body: &[u8]) -> Vec<u8> {
    let mut message = Vec::with_capacity(HEADER + body.len());
    message.push(VERSION);
    message.push(kind.byte());
    message.extend_from_slice(&(body.len() as u64).to_be_bytes()[2..]);
    message.extend_from_slice(body);
    message
}

/// Takes one message as its bytes come, cut anyhow.
#[derive(Clone, Debug)]
pub struct Decoder {
    kind: Kind,
    header: [u8; HEADER],
    /// How much of the header has come.
    filled: usize,
    /// The body's length once the header is whole.
    length: Option<usize>,
    body: Vec<u8>,
}

impl Decoder {
    /// Waits for a message of this kind.
    pub fn new(kind: Kind) -> Decoder {
        Decoder {
            kind,
            header: [0; HEADER],
            filled: 0,
            length: None,
            body: Vec::new(),
        }
    }

    /// Takes what belongs to the message and returns how many bytes that was; the rest is the next message's.
    /// An error is said as soon as the bytes that show it have come.
    pub fn push(&mut self, bytes: &[u8]) -> Result<usize, FrameError> {
        let mut taken = 0;
        if self.length.is_none() {
            taken = bytes.len().min(HEADER - self.filled);
            self.header[self.filled..self.filled + taken].copy_from_slice(&bytes[..taken]);
            self.filled += taken;
            self.length = self.decode_header()?;
        }
        if let Some(length) = self.length {
            let more = (bytes.len() - taken).min(length - self.body.len());
            if self.body.capacity() == 0 {
                self.body.reserve(length.min(FIRST_ALLOCATION));
            }
            self.body.extend_from_slice(&bytes[taken..taken + more]);
            taken += more;
        }
        Ok(taken)
    }

    /// How many bytes have to come at least before the message can be whole; 0 when it is.
    pub fn missing(&self) -> usize {
        match self.length {
            None => HEADER - self.filled,
            Some(length) => length - self.body.len(),
        }
    }

    /// How many bytes have come, and of how many as far as that is known.
    pub fn progress(&self) -> (usize, usize) {
        let length = self.length.unwrap_or(0);
        (self.filled + self.body.len(), HEADER + length)
    }

    /// The body, when the message is whole.
    pub fn finish(self) -> Option<Vec<u8>> {
        (self.missing() == 0).then_some(self.body)
    }

    fn decode_header(&self) -> Result<Option<usize>, FrameError> {
        match header(&self.header) {
            Ok((_, (version, _, _))) if self.filled > 0 && version != VERSION => {
                Err(FrameError::Version(version))
            }
            Ok((_, (_, kind, _))) if self.filled > 1 && kind != self.kind.byte() => {
                Err(FrameError::Kind(kind))
            }
            Ok((_, (_, _, length))) if self.filled == HEADER => {
                if length > LONGEST as u64 {
                    return Err(FrameError::TooLong(length));
                }
                Ok(Some(length as usize))
            }
            // The header is not whole yet.
            Ok(_) | Err(_) => Ok(None),
        }
    }
}

/// `header = version kind length`, the length in 48 bits.
fn header(bytes: &[u8]) -> IResult<&[u8], (u8, u8, u64)> {
    let length = (be_u16, be_u32).map(|(high, low)| u64::from(high) << 32 | u64::from(low));
    (u8, u8, length).parse(bytes)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Decodes `bytes` handed over in pieces of these sizes; the rest comes as one piece.
    fn decode_cut(bytes: &[u8], sizes: &[usize]) -> (Result<Option<Vec<u8>>, FrameError>, usize) {
        let mut decoder = Decoder::new(Kind::Info);
        let mut taken = 0;
        let mut rest = bytes;
        let sizes = sizes.iter().copied().chain([bytes.len()]);
        for size in sizes {
            let (piece, after) = rest.split_at(size.min(rest.len()));
            match decoder.push(piece) {
                Ok(count) => taken += count,
                Err(error) => return (Err(error), 0),
            }
            rest = after;
        }
        (Ok(decoder.finish()), taken)
    }

    #[track_caller]
    fn case(bytes: &[u8], expected: Result<Option<&[u8]>, FrameError>) {
        let (found, _) = decode_cut(bytes, &[]);
        assert_eq!(found, expected.map(|body| body.map(<[u8]>::to_vec)));
    }

    #[test]
    fn a_message_is_a_header_and_its_body() {
        assert_eq!(
            encode(Kind::Info, b"build\n"),
            b"\x02\x01\0\0\0\0\0\x06build\n"
        );
        case(b"\x02\x01\0\0\0\0\0\x02ok", Ok(Some(b"ok")));
        case(b"\x02\x01\0\0\0\0\0\0", Ok(Some(b"")));
        case(b"\x02\x01\0\0\0\0\0\x02o", Ok(None));
        case(b"\x02\x01\0\0", Ok(None));
        case(b"", Ok(None));
    }

    #[test]
    fn what_follows_a_message_is_left_alone() {
        let (found, taken) = decode_cut(b"\x02\x01\0\0\0\0\0\x02okay", &[]);
        assert_eq!((found, taken), (Ok(Some(b"ok".to_vec())), 10));
    }

    #[test]
    fn a_length_is_capped_before_anything_is_allocated() {
        case(b"\x02\x01\x80\0\0\0\0\0", Err(FrameError::TooLong(1 << 47)));
        case(
            b"\x02\x01\0\0\x01\0\0\x01",
            Err(FrameError::TooLong(LONGEST as u64 + 1)),
        );
        let mut decoder = Decoder::new(Kind::Info);
        decoder.push(b"\x02\x01\0\0\x01\0\0\0").unwrap();
        assert_eq!(decoder.missing(), LONGEST);
        assert!(decoder.body.capacity() <= FIRST_ALLOCATION);
    }

    #[test]
    fn a_wrong_version_or_kind_is_seen_at_its_byte() {
        case(b"H", Err(FrameError::Version(b'H')));
        case(b"\x15\x03\x03", Err(FrameError::Version(21)));
        case(b"\x02\x02", Err(FrameError::Kind(2)));
    }

    proptest! {
        #[test]
        fn decoding_is_the_same_however_the_bytes_are_cut(
            body in proptest::collection::vec(any::<u8>(), 0..200),
            damage in proptest::option::of((0usize..8, any::<u8>())),
            after in proptest::collection::vec(any::<u8>(), 0..20),
            sizes in proptest::collection::vec(0usize..30, 0..40),
        ) {
            let mut bytes = encode(Kind::Info, &body);
            if let Some((place, byte)) = damage {
                bytes[place] = byte;
            }
            bytes.extend(after);
            prop_assert_eq!(decode_cut(&bytes, &sizes), decode_cut(&bytes, &[]));
        }

        #[test]
        fn what_was_encoded_is_decoded(body in proptest::collection::vec(any::<u8>(), 0..200)) {
            prop_assert_eq!(decode_cut(&encode(Kind::Info, &body), &[]).0, Ok(Some(body)));
        }
    }
}
