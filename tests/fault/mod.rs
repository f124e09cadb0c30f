//! One row of the fault table: the whole program, and what it says.
#![allow(dead_code, unreachable_pub)] // Each test program uses its own part.

use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

pub const PASSWORD: &str = "swordfish-of-the-node";
pub const TOKEN: &str = "glpat-swordfish-of-gitlab";
pub const LOGIN: &str = "swordfish-of-the-url";
const SECRETS: [&str; 3] = [PASSWORD, TOKEN, LOGIN];

/// A name that no resolver asks anybody about: a label has at most 63 letters.
pub fn nowhere() -> String {
    "x".repeat(64)
}

pub fn scene() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/scenes/8.0.0.15/01")
}

/// The program in the folder of a real server's recordings, with every secret at hand and everything said aloud.
pub fn command(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_ascad"));
    command
        .args(arguments)
        .args(["-v", "--nice=never"])
        .current_dir(scene())
        .env_clear()
        .env("NODE_PASSWORD", PASSWORD)
        .env("ASCAD_GITLAB_TOKEN", TOKEN)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    command
}

/// What was printed, after a look for secrets.
#[track_caller]
pub fn texts(output: &Output) -> (String, String) {
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    let (out, err) = (text(&output.stdout), text(&output.stderr));
    for secret in SECRETS {
        assert!(!out.contains(secret) && !err.contains(secret), "{out}{err}");
    }
    (out, err)
}

/// `ascad check` with these arguments exits so and says `line`, in which `…` stands for anything.
#[track_caller]
pub fn row(arguments: &[&str], exit: i32, line: &str) {
    let arguments = [&["check", "aerospike.conf"], arguments].concat();
    let output = command(&arguments).output().unwrap();
    let (out, err) = texts(&output);
    assert!(fits(&err, &format!("ascad: {line}\n")), "{err}");
    assert_eq!(output.status.code(), Some(exit), "{out}{err}");
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
