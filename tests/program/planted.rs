//! Every secret that the tests plant: tokens and passwords in arguments, variables, settings, files and answers.
//!
//! All of them have one word in them that stands nowhere else, so one look finds each of them, and those that a test
//! spells in place, whole or in part, in clear or as base64.
#![allow(dead_code, unreachable_pub)] // Each test program uses its own part.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

/// What every secret has in it.
const WORD: &str = "swordfish";

pub const NODE: &str = "swordfish-of-the-node";
/// bcrypt of [`NODE`] with the salt of the servers, as libxcrypt computes it.
pub const NODE_HASH: &str = "$2a$10$7EqJtq98hPqEX7fNZaFWoOLi6PNS1wszd9/6NPA.VVV81/1g0jpby";
pub const DIRECTORY: &str = "swordfish-of-the-directory";
pub const GITLAB: &str = "glpat-swordfish-of-gitlab";
pub const URL: &str = "swordfish-of-the-url";
pub const MASTER: &str = "swordfish-of-the-master";
pub const PROXY: &str = "swordfish-of-the-proxy";
pub const KEY: &str = "swordfish-of-the-key";

/// What a user with this secret sends in `Authorization`.
pub fn basic(user: &str, secret: &str) -> String {
    format!("Basic {}", STANDARD.encode(format!("{user}:{secret}")))
}

/// No secret stands in the text.
#[track_caller]
pub fn assert_hidden(text: &str) {
    if let Some(found) = found_in(text) {
        panic!("the secret `{found}` stands in\n{text}");
    }
}

/// A secret is one that will be looked for, or says only where one is.
#[track_caller]
pub fn assert_planted(secret: &str) {
    let is_place = ["env:", "env-b64:", "file:"]
        .iter()
        .any(|scheme| secret.starts_with(scheme));
    assert!(
        is_place || found_in(secret).is_some(),
        "`{secret}` is not planted here"
    );
}

/// The secret that stands in the text, or the start of it.
pub fn found_in(text: &str) -> Option<String> {
    let hash = NODE_HASH.rsplit('$').next().map(str::to_owned);
    let words = encoded().into_iter().chain(hash);
    let mut words = words.filter(|word| text.contains(word));
    words.next().or_else(|| {
        let at = text.to_ascii_lowercase().find(WORD)?;
        Some(text[at..].chars().take(30).collect())
    })
}

/// The word as base64, wherever in a longer text it begins: the letters that depend on its neighbours left out.
fn encoded() -> [String; 3] {
    [0, 1, 2].map(|before| {
        let text = STANDARD.encode(format!("{}{WORD}", &"  "[..before]));
        let first = (before * 8).div_ceil(6);
        let last = (before + WORD.len()) * 8 / 6;
        text[first..last].to_owned()
    })
}
