//! What the linker is told of a release beyond Cargo's profile.
//!
//! A panic ends the program at once (`panic = "abort"`), so nobody reads the tables for unwinding, a twelfth of the
//! file; and the library that reads them is linked in, for to load it takes a twentieth of a short run. Other
//! profiles keep both, for tests unwind. So do musl's static programs, and whoever chose flags of his own and with
//! them perhaps a linker that reads no scripts.

use std::path::Path;
use std::{env, fs};

const NO_TABLES: &str = "SECTIONS { /DISCARD/ : { *(.eh_frame) *(.gcc_except_table .gcc_except_table.*) } } \
    INSERT AFTER .text;\n";

fn main() -> std::io::Result<()> {
    println!("cargo::rerun-if-changed=.cargo/build.rs");
    let is = |name: &str, expected: &str| env::var(name).is_ok_and(|value| value == expected);
    if !is("PROFILE", "release")
        || !is("CARGO_CFG_TARGET_ENV", "gnu")
        || !is("CARGO_ENCODED_RUSTFLAGS", "")
    {
        return Ok(());
    }
    let script = Path::new(&env::var("OUT_DIR").expect("Cargo names it")).join("no-tables.ld");
    fs::write(&script, NO_TABLES)?;
    for argument in [
        "--no-eh-frame-hdr",
        &format!("--script={}", script.display()),
    ] {
        println!("cargo::rustc-link-arg-bins=-Wl,{argument}");
    }
    println!("cargo::rustc-link-lib=static:-bundle=gcc_eh");
    Ok(())
}
