//! A fault of ascad's own is UNKNOWN, in one line, and repeats nothing of the value at which it happened.
//!
//! No input is known that makes the program panic, so a test does it in a process of its own: this test program starts
//! itself again, takes on the panic hook that `main` takes on, and fails.

#[path = "program/planted.rs"]
mod planted;

use std::process::Command;

/// In the process that is to fail: where.
const FAILS: &str = "ASCAD_TEST_FAILS";
const LINE: u32 = line!() + 4;

fn fail() {
    let value = planted::NODE;
    panic!("expected a number, but found {value}");
}

#[test]
fn a_panic_is_unknown_on_whatever_thread() {
    match std::env::var(FAILS).as_deref() {
        Ok("thread") => {
            ascad::hall::report_panics();
            let ended = std::thread::spawn(fail).join();
            panic!("the process outlived its fault: {ended:?}");
        }
        Ok(_) => {
            ascad::hall::report_panics();
            fail();
        }
        Err(_) => ["here", "thread"].into_iter().for_each(assert_unknown),
    }
}

#[track_caller]
fn assert_unknown(fails: &str) {
    let myself = std::env::current_exe().unwrap();
    let output = Command::new(myself)
        .args(["--exact", "a_panic_is_unknown_on_whatever_thread"])
        .env(FAILS, fails)
        .env("RUST_BACKTRACE", "full")
        .output()
        .unwrap();
    let [out, err] = [output.stdout, output.stderr].map(|text| String::from_utf8(text).unwrap());
    planted::assert_hidden(&out);
    // What stands before is the test program's own.
    assert!(
        out.ends_with("\nASCAD UNKNOWN - ascad itself failed\n"),
        "{out}"
    );
    let line = format!(
        "ascad: this is a fault of ascad at {}:{LINE}; please report it\n",
        file!()
    );
    assert_eq!(err, line);
    assert_eq!(output.status.code(), Some(3));
}

/// The door takes the hook on before anything else.
#[test]
fn main_begins_with_the_hook() {
    let main = include_str!("../src/main.rs");
    let (_, body) = main.split_once("fn main() -> ExitCode {\n").unwrap();
    assert!(
        body.trim_start().starts_with("hall::report_panics();\n"),
        "{body}"
    );
}
