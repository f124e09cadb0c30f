//! Bytes of a node are decoded alike however they are cut, and whatever they say is an answer or an error.
#![no_main]

use ascad::wire::{
    Answers, Decoder, Endpoint, Kind, Peers, Question, decode_reply, login, revealed,
};
use libfuzzer_sys::fuzz_target;

/// What a decoder makes of bytes that come in pieces of this size.
fn decoded(bytes: &[u8], size: usize) -> Result<Option<Vec<u8>>, String> {
    let mut decoder = Decoder::new(Kind::Info);
    for piece in bytes.chunks(size) {
        let mut rest = piece;
        while !rest.is_empty() {
            match decoder.push(rest).map_err(|error| error.to_string())? {
                0 => return Ok(decoder.finish()),
                taken => rest = &rest[taken..],
            }
        }
    }
    Ok(decoder.finish())
}

fuzz_target!(|bytes: &[u8]| {
    let whole = decoded(bytes, usize::MAX);
    for size in [1, 3] {
        assert_eq!(decoded(bytes, size), whole);
    }
    let asked = [Question::Build, Question::Namespaces, Question::Release];
    let mut answers = Answers::default();
    let _ = decode_reply(&asked, bytes, &mut answers);
    for question in revealed(&answers) {
        assert!(!question.to_string().contains(['\n', '\t']));
    }
    let _ = login::decode_login(bytes);
    let _ = Answers::from_json(bytes);
    if let Ok(text) = std::str::from_utf8(bytes) {
        let _ = Peers::parse(text);
        let _ = Endpoint::parse(text);
    }
});
