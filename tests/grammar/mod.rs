//! The odd files of `fixtures/grammar.jsonl`, each with what servers of six releases made of it.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value as Json;

/// Cases whose names differ only by case or a last `;` were recorded with one file, that of the last; what was judged
/// is the word in the name.
const SHARED_FILE: &[(&str, &str)] = &[
    ("bool enable-health-check ", "enable-health-check true;"),
    ("enum heartbeat mode ", "mode MESH"),
];

/// Calls `judge` with the name of each case, the version of each server, the file that it read, and what it said.
pub(crate) fn for_each_server(mut judge: impl FnMut(&str, &str, &[u8], &Json)) {
    let text = std::fs::read_to_string("fixtures/grammar.jsonl").unwrap();
    for line in text.lines() {
        let case: Json = serde_json::from_str(line).unwrap();
        let name = case["case"].as_str().unwrap();
        for (version, server) in case["server"].as_object().unwrap() {
            if let Some(conf) = conf_of(server).or_else(|| conf_of(&case)) {
                judge(name, version, &restored(name, conf), server);
            }
        }
    }
}

fn restored(name: &str, conf: Vec<u8>) -> Vec<u8> {
    for (prefix, recorded) in SHARED_FILE {
        let (Some(word), Ok(text)) = (name.strip_prefix(prefix), std::str::from_utf8(&conf)) else {
            continue;
        };
        let parameter = recorded.split(' ').next().unwrap();
        return text
            .replace(recorded, &format!("{parameter} {word}"))
            .into_bytes();
    }
    conf
}

/// None where the case is that there was no file.
fn conf_of(of: &Json) -> Option<Vec<u8>> {
    if let Some(text) = of["conf"].as_str() {
        return Some(text.as_bytes().to_vec());
    }
    STANDARD.decode(of["conf_base64"].as_str()?).ok()
}
