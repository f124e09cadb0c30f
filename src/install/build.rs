//! What the linker does for a release beyond Cargo's profile: a run lives for two milliseconds, and what is not there
//! need not be brought into memory.
//!
//! Each wish is tried on a small program first, for not every linker and not every C library can do it. Other
//! profiles have none: tests unwind.

use std::path::PathBuf;
use std::process::Command;
use std::{env, fs};

/// A panic ends the program at once (`panic = "abort"`), so nobody reads the tables for unwinding.
const NO_TABLES: &str = "SECTIONS { /DISCARD/ : { *(.eh_frame) *(.gcc_except_table .gcc_except_table.*) } } \
    INSERT AFTER .text;\n";

/// Whoever asks for backtraces gets short ones, and no more than that.
const TRIAL: &str = "fn main() { drop(std::backtrace::Backtrace::force_capture().to_string()) }";

fn main() -> std::io::Result<()> {
    println!("cargo::rerun-if-changed=src/install/build.rs");
    if var("PROFILE") != "release" || var("CARGO_CFG_TARGET_OS") != "linux" {
        return Ok(());
    }
    let trial = Trial::begin()?;
    let script = trial.folder.join("no-tables.ld");
    fs::write(&script, NO_TABLES)?;
    let wishes = [
        format!("--no-eh-frame-hdr,--script={}", script.display()),
        // Functions that are alike, as generic code makes many, are one.
        "--icf=all".to_owned(),
        // Pointers that are relocated take a bit and not 24 bytes each. The GNU C library can do it from 2.36 on.
        "-z,pack-relative-relocs".to_owned(),
    ];
    let mut granted = Vec::new();
    for wish in wishes {
        granted.push(format!("-Wl,{wish}"));
        if !trial.succeeds(&granted) {
            granted.pop();
        }
    }
    for argument in granted {
        println!("cargo::rustc-link-arg-bins={argument}");
    }
    Ok(())
}

/// A small program that is linked as ours will be, and run where it can be.
struct Trial {
    folder: PathBuf,
    source: PathBuf,
    program: PathBuf,
}

impl Trial {
    fn begin() -> std::io::Result<Trial> {
        let folder = PathBuf::from(var("OUT_DIR"));
        let trial = Trial {
            source: folder.join("trial.rs"),
            program: folder.join("trial"),
            folder,
        };
        fs::write(&trial.source, TRIAL)?;
        Ok(trial)
    }

    fn succeeds(&self, arguments: &[String]) -> bool {
        let mut rustc = Command::new(var("RUSTC"));
        rustc.args(["-C", "panic=abort", "--target", &var("TARGET"), "-o"]);
        rustc.args([&self.program, &self.source]);
        let linker = var("RUSTC_LINKER");
        if !linker.is_empty() {
            rustc.arg(format!("-Clinker={linker}"));
        }
        let flags = var("CARGO_ENCODED_RUSTFLAGS");
        rustc.args(flags.split('\x1f').filter(|flag| !flag.is_empty()));
        for argument in arguments {
            rustc.arg(format!("-Clink-arg={argument}"));
        }
        does(&mut rustc) && (var("HOST") != var("TARGET") || does(&mut Command::new(&self.program)))
    }
}

fn does(command: &mut Command) -> bool {
    command.output().is_ok_and(|output| output.status.success())
}

fn var(name: &str) -> String {
    env::var(name).unwrap_or_default()
}
