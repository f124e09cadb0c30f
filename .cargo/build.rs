//! What the linker is told beyond Cargo's profile: the release carries no tables for unwinding.
//!
//! A panic ends the program at once (`panic = "abort"`), so nobody reads them, and they are a twelfth of the file.
//! Other profiles keep them, for tests unwind. So does whoever chose flags of his own, and with them perhaps a linker
//! that reads no scripts.

use std::path::Path;
use std::{env, fs};

const SCRIPT: &str = "SECTIONS { /DISCARD/ : { *(.eh_frame) *(.gcc_except_table .gcc_except_table.*) } } \
    INSERT AFTER .text;\n";

fn main() -> std::io::Result<()> {
    println!("cargo::rerun-if-changed=.cargo/build.rs");
    let is = |name: &str, expected: &str| env::var(name).is_ok_and(|value| value == expected);
    // musl's startup files want the tables.
    if is("PROFILE", "release")
        && is("CARGO_CFG_TARGET_ENV", "gnu")
        && is("CARGO_ENCODED_RUSTFLAGS", "")
    {
        let script =
            Path::new(&env::var("OUT_DIR").expect("Cargo names it")).join("no-unwind-tables.ld");
        fs::write(&script, SCRIPT)?;
        println!("cargo::rustc-link-arg-bins=-Wl,--no-eh-frame-hdr");
        println!(
            "cargo::rustc-link-arg-bins=-Wl,--script={}",
            script.display()
        );
    }
    Ok(())
}
