//! One row of the fault table: the whole program, and what it says.
#![allow(dead_code, unreachable_pub)] // Each test program uses its own part.

use std::path::{Path, PathBuf};

use crate::program::{Outcome, Program, planted};

/// A name that no resolver asks anybody about: a label has at most 63 letters.
pub fn nowhere() -> String {
    "x".repeat(64)
}

pub fn scene() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/scenes/8.0.0.15/01")
}

/// The program in the folder of a real server's recordings, with every secret at hand and everything said aloud.
pub fn program(arguments: &[&str]) -> Program {
    Program::new(&[arguments, &["-v", "--nice=never"]].concat())
        .in_folder(&scene())
        .with(&[
            ("NODE_PASSWORD", planted::NODE),
            ("ASCAD_GITLAB_TOKEN", planted::GITLAB),
        ])
}

/// `ascad check` with these arguments exits so and says `line`, in which `…` stands for anything.
#[track_caller]
pub fn row(arguments: &[&str], exit: i32, line: &str) {
    let arguments = [&["check", "aerospike.conf"], arguments].concat();
    let Outcome { out, err, code } = program(&arguments).run();
    assert!(fits(&err, &format!("ascad: {line}\n")), "{err}");
    assert_eq!(code, Some(exit), "{out}{err}");
    let state = ["ASCAD OK - ", "", "", "ASCAD UNKNOWN - "];
    assert!(
        out.starts_with(state[usize::try_from(exit).unwrap()]),
        "{out}"
    );
    // The stage ended by itself; the watchdog would have other words.
    assert!(!out.contains("not finished after"), "{out}");
}

fn fits(text: &str, pattern: &str) -> bool {
    let (start, end) = pattern.split_once('…').unwrap_or((pattern, ""));
    let is_whole = pattern.contains('…') || text == pattern;
    is_whole && text.starts_with(start) && text.ends_with(end) && text.lines().count() == 1
}
