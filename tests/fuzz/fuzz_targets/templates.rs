//! A template is read and rendered without end or panic. Before the first NUL is the template, after it the variables.
#![no_main]

use ascad::catalogue::{Edition, Release};
use ascad::conf::{self, template};
use ascad::settings::tree;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let mut parts = bytes.splitn(2, |byte| *byte == 0);
    let source = parts.next().unwrap_or_default();
    let read = template::read(source);
    if read.is_template() {
        read.varies(source);
    }
    let (parsed, _) = conf::parse(source, Release::NEWEST_KNOWN);
    tree::settle(&parsed, Release::NEWEST_KNOWN, Edition::Enterprise).count();
    let variables = serde_json::from_slice(parts.next().unwrap_or_default()).unwrap_or_default();
    let _ = template::render(source, &variables);
});
