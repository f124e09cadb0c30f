//! Any ascad.toml is settings or an error of one line.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    if let Ok(text) = std::str::from_utf8(bytes)
        && let Err(error) = ascad::settings_file::parse(text, "ascad.toml")
    {
        assert!(!format!("{error:#}").contains('\n'), "{error:#}");
    }
});
