//! Input that is no input: one line on standard error, a status line on standard output, exit 3, and no panic.
#![allow(clippy::print_stdout)] // What was left out is for whoever runs the test.

mod checked;
mod pair;
mod program;

use std::fs;
use std::path::PathBuf;

use pair::Pair;
use program::{Outcome, Program};
use tempfile::TempDir;

/// A folder with a good file and a good recording.
struct Place {
    folder: TempDir,
}

impl Place {
    fn new() -> Place {
        let place = Place {
            folder: tempfile::tempdir().unwrap(),
        };
        let pair = Pair::community("8.1.2.0");
        place.write("good.conf", pair.file.as_bytes());
        place.record("good.json", &pair);
        place
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn write(&self, name: &str, bytes: &[u8]) {
        fs::write(self.path(name), bytes).unwrap();
    }

    fn record(&self, name: &str, pair: &Pair) {
        self.write(name, &serde_json::to_vec(&pair.answers).unwrap());
    }

    fn program(&self, arguments: &[&str]) -> Program {
        let home = self.folder.path().to_str().unwrap();
        Program::new(arguments)
            .in_folder(self.folder.path())
            .with(&[("HOME", home)])
    }

    #[track_caller]
    fn run(&self, arguments: &[&str]) -> Outcome {
        self.program(arguments).run()
    }

    /// Nothing could be done, and standard error says why.
    #[track_caller]
    fn fails(&self, arguments: &[&str], why: &str) {
        let Outcome { out, err, code } = self.run(arguments);
        assert!(err.contains(why), "expected {why:?}: {err}");
        assert_eq!(err.lines().count(), 1, "{err}");
        assert!(out.starts_with("ASCAD UNKNOWN - "), "{out}");
        assert_eq!(code, Some(3), "{err}{out}");
    }

    /// The file, or the recording, is taken for what it is.
    #[track_caller]
    fn exits(&self, arguments: &[&str], code: i32) -> String {
        let outcome = self.run(arguments);
        assert_eq!(outcome.code, Some(code), "{}{}", outcome.err, outcome.out);
        outcome.out
    }
}

#[test]
fn a_good_file_and_a_good_recording_agree() {
    let place = Place::new();
    let shown = place.exits(&["check", "good.conf", "--against", "good.json"], 0);
    assert!(shown.starts_with("ASCAD OK - "), "{shown}");
}

#[test]
fn a_file_that_is_none_is_said() {
    let place = Place::new();
    fs::create_dir(place.path("folder")).unwrap();
    place.write("empty.conf", b"");
    place.write("blank.conf", b" \n\t\n");
    let binary: Vec<u8> = (0..4096u32)
        .map(|at| u8::try_from(at % 7).unwrap())
        .collect();
    place.write("binary.conf", &binary);
    place.write(
        "page.conf",
        b"<!DOCTYPE html>\n<html><body>Sign in</body></html>\n",
    );
    for (name, why) in [
        (
            "missing.conf",
            "missing.conf: expected a file, but found none",
        ),
        ("folder", "folder: expected a file, but found a directory"),
        ("empty.conf", "found an empty file"),
        ("blank.conf", "found an empty file"),
        ("binary.conf", "found binary data"),
        ("page.conf", "found none of its sections"),
    ] {
        place.fails(&["check", name, "--against", "good.json"], why);
        place.fails(
            &["check", "good.conf", "--against", &format!("./{name}")],
            why,
        );
        place.fails(&["show", name], why);
    }
}

#[test]
fn a_file_that_cannot_be_read_is_said() {
    let place = Place::new();
    let path = place.path("good.conf");
    let mut rights = fs::metadata(&path).unwrap().permissions();
    std::os::unix::fs::PermissionsExt::set_mode(&mut rights, 0);
    fs::set_permissions(&path, rights).unwrap();
    if fs::read(&path).is_ok() {
        println!("skipped: root may read everything");
        return;
    }
    place.fails(
        &["check", "good.conf", "--against", "good.json"],
        "good.conf: it cannot be read",
    );
}

#[test]
fn a_file_of_100_mib_is_refused_without_being_read() {
    let place = Place::new();
    let file = fs::File::create(place.path("large.conf")).unwrap();
    file.set_len(100 << 20).unwrap();
    fs::copy(place.path("large.conf"), place.path("large.json")).unwrap();
    for name in ["large.conf", "large.json"] {
        place.fails(&["show", name], "expected at most 16 MiB");
    }
    place.fails(&["show", "/dev/zero"], "expected at most 16 MiB");
}

#[test]
fn a_json_that_is_no_recording_is_said() {
    let place = Place::new();
    for json in [
        "",
        "null",
        "[]",
        "{}",
        "{\"a\": 1}",
        "{\"build\": 1}",
        "{\"build\": \"8.1.2.0\"",
        "{\"build\": [[[[]]]]}",
        "{\"a\": \"b\"}",
        "<html>",
        "service {\n}\n",
    ] {
        place.write("bad.json", json.as_bytes());
        place.fails(
            &["check", "good.conf", "--against", "bad.json"],
            "expected a recorded node",
        );
        place.fails(&["show", "bad.json"], "expected a recorded node");
    }
    let deep = "{\"build\": ".to_owned() + &"[".repeat(1 << 20);
    place.write("bad.json", deep.as_bytes());
    place.fails(&["show", "bad.json"], "expected a recorded node");
    let deep = "{\"build\": ".to_owned() + &"{\"a\":".repeat(1 << 20);
    place.write("bad.json", deep.as_bytes());
    place.fails(&["show", "bad.json"], "expected a recorded node");
}

#[test]
fn a_wrong_flag_or_format_exits_3() {
    let place = Place::new();
    for arguments in [
        &["--no-such-flag"][..],
        &["check", "--format", "yaml"],
        &["check", "good.conf", "--against"],
        &["check", "good.conf", "--timeout", "soon"],
        &["no-such-command"],
        &["show"],
        &[],
    ] {
        let Outcome { out, err, code } = place.run(arguments);
        assert_eq!(code, Some(3), "{arguments:?}");
        assert!(!err.is_empty(), "{arguments:?}");
        assert!(out.starts_with("ASCAD UNKNOWN - "), "{arguments:?}: {out}");
    }
    place.fails(
        &["show", "good.conf", "--format", "answers"],
        "expected a node",
    );
}

#[test]
fn a_closed_standard_output_changes_no_exit_code() {
    let place = Place::new();
    let pair = Pair::community("8.1.2.0").reports("service", "migrate-threads=4");
    place.record("drifted.json", &pair);
    for (against, expected) in [("good.json", 0), ("drifted.json", 2), ("missing.json", 3)] {
        let arguments = ["check", "good.conf", "--against", against, "-v"];
        let mut run = place.program(&arguments).start();
        run.hang_up();
        assert_eq!(run.finish().code, Some(expected), "{against}");
    }
}

#[test]
fn an_answer_that_is_an_error_or_missing_is_unknown() {
    let place = Place::new();
    for command in [
        "get-config:context=service",
        "get-config:context=network",
        "namespaces",
        "build",
        "logs",
    ] {
        let mut pair = Pair::community("8.1.2.0").answers(command, "ERROR:81:role violation");
        place.record("bad.json", &pair);
        let outcome = place.run(&["check", "good.conf", "--against", "bad.json"]);
        assert_eq!(outcome.code, Some(3), "{command}");
        assert!(outcome.err.contains(command), "{}", outcome.err);
        pair.answers.remove(command);
        place.record("bad.json", &pair);
        place.exits(&["check", "good.conf", "--against", "bad.json"], 3);
    }
}

#[test]
fn a_recording_with_hostile_content_is_read() {
    let place = Place::new();
    let good = Pair::community("8.1.2.0");
    let hostile = [
        (
            "control characters",
            good.clone()
                .reports("service", "pidfile=\u{1b}[31mred\u{7}\u{0}\u{9b}2J"),
        ),
        (
            "a megabyte",
            good.clone()
                .reports("service", &format!("pidfile={}", "x".repeat(1 << 20))),
        ),
        (
            "names",
            good.clone()
                .answers("namespaces", "test;\u{1b}[2J;;\"quoted\";a.b;*"),
        ),
        (
            "brackets",
            good.clone()
                .also_reports("network", &format!("tls{}=1", "[".repeat(100_000))),
        ),
        (
            "dots",
            good.clone()
                .also_reports("network", &format!("a{}=1", ".".repeat(100_000))),
        ),
        (
            "numbers",
            good.clone().also_reports(
                "namespace",
                "storage-engine.file[4294967295]=a;storage-engine.file[99999999999999]=b",
            ),
        ),
        (
            "many sets",
            good.clone().answers(
                "sets/test",
                &"ns=test:set=s:enable-index=true;".repeat(5_000),
            ),
        ),
        (
            "many namespaces",
            good.clone().answers(
                "namespaces",
                &(0..5_000).map(|at| format!("n{at};")).collect::<String>(),
            ),
        ),
        (
            "many sinks",
            good.clone().answers(
                "logs",
                &(0..5_000)
                    .map(|at| format!("{at}:stderr;"))
                    .collect::<String>(),
            ),
        ),
    ];
    for (name, pair) in hostile {
        place.record("hostile.json", &pair);
        let check = ["check", "good.conf", "--against", "hostile.json"];
        let aloud = [&check[..], &["-v", "--timeout", "60"]].concat();
        let Outcome { out, err, code } = place.run(&aloud);
        assert!(matches!(code, Some(0 | 2 | 3)), "{name}: {code:?}");
        assert!(out.starts_with("ASCAD "), "{name}: {out:.300}");
        let controls = ['\u{1b}', '\u{7}', '\u{0}', '\u{9b}'];
        assert!(!out.contains(controls), "{name}");
        assert!(!err.contains(controls), "{name}");
        let json = place.run(&[&check[..], &["--format", "json"]].concat());
        let report: serde_json::Value = serde_json::from_str(&json.out).unwrap();
        assert_eq!(report["exit"].as_i64(), code.map(i64::from), "{name}");
        for format in ["conf", "json", "text", "answers"] {
            let shown = place.run(&["show", "hostile.json", "--format", format]);
            assert!(matches!(shown.code, Some(0 | 3)), "{name} as {format}");
        }
    }
}

#[test]
fn bytes_that_are_no_utf_8_are_the_same_in_a_file_and_in_a_recording() {
    let place = Place::new();
    let pair = Pair::community("8.1.2.0");
    let mut file = pair
        .file
        .replace("cluster-name main", "cluster-name caf@")
        .into_bytes();
    let at = file.iter().position(|byte| *byte == b'@').unwrap();
    file[at] = 0xe9;
    place.write("latin.conf", &file);
    let json = serde_json::to_string(&pair.answers).unwrap();
    place.write(
        "latin.json",
        json.replace("cluster-name=main", "cluster-name=caf\\udce9")
            .as_bytes(),
    );
    place.exits(&["check", "latin.conf", "--against", "latin.json"], 0);
    place.write(
        "latin.json",
        json.replace("cluster-name=main", "cluster-name=cafe")
            .as_bytes(),
    );
    place.exits(&["check", "latin.conf", "--against", "latin.json"], 2);
}

#[test]
fn a_hostile_file_is_read() {
    let place = Place::new();
    let files = [
        ("deep", "a {\n".repeat(20_000)),
        ("braces", "}\n".repeat(20_000)),
        ("one line", "x".repeat(1 << 20)),
        (
            "sections",
            (0..5_000)
                .map(|at| format!("namespace n{at} {{\n}}\n"))
                .collect(),
        ),
        ("escapes", "service {\n\u{1b}[31mred \u{7}\n}\n".repeat(10)),
    ];
    for (name, file) in files {
        place.write("hostile.conf", file.as_bytes());
        for arguments in [
            &[
                "check",
                "hostile.conf",
                "--against",
                "good.json",
                "--timeout",
                "60",
            ][..],
            &["show", "hostile.conf", "--timeout", "60"],
        ] {
            let Outcome { out, code, .. } = place.run(arguments);
            assert!(matches!(code, Some(0..=3)), "{name}: {code:?}");
            assert!(!out.contains(['\u{1b}', '\u{7}']), "{name}: {out:.300}");
        }
    }
}

#[test]
fn standard_input_is_a_file_like_others() {
    let place = Place::new();
    let file = fs::read(place.path("good.conf")).unwrap();
    for (text, expected) in [(file.as_slice(), 0), (b"", 3), (b"\0\x01\x02\x03", 3)] {
        let run = place.program(&["check", "-", "--against", "good.json"]);
        assert_eq!(run.typed(text).run().code, Some(expected));
    }
}
