//! The fault table, second part: what goes wrong on the machine itself, and what the whole program makes of it.

mod fault;
mod loopback;
mod program;

use std::path::Path;
use std::time::Duration;

use fault::{program, row, scene};
use loopback::{Fault, Loopback, Play, recording};
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use program::{Outcome, Program};
use serde_json::Value as Json;

/// A folder with a report of an earlier run.
fn earlier() -> (tempfile::TempDir, String) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("report.json");
    std::fs::write(&path, "before").unwrap();
    let path = path.to_str().unwrap().to_owned();
    (folder, path)
}

#[track_caller]
fn assert_untouched(folder: &tempfile::TempDir, path: &str) {
    assert_eq!(std::fs::read_to_string(path).unwrap(), "before");
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
}

#[test]
fn a_file_that_cannot_be_written() {
    let output = |place: &str, line: &str| {
        let argument = format!("json={place}");
        row(&["--against", "boot.json", "-o", &argument], 3, line);
    };
    // Nobody makes files in /proc, not even root, which is what a read-only file system says to everybody.
    output(
        "/proc/self/report.json",
        "cannot write `/proc/self/report.json`: …",
    );
    let (folder, path) = earlier();
    output(
        folder.path().to_str().unwrap(),
        "expected a file at …, but found a directory",
    );
    output(&format!("{path}/report"), "cannot write …");
    assert_untouched(&folder, &path);
}

#[test]
fn a_standard_output_that_is_full_is_no_report() {
    for arguments in [
        &["check", "aerospike.conf", "--against", "boot.json"][..],
        &[
            "check",
            "aerospike.conf",
            "--against",
            "boot.json",
            "--format",
            "json",
        ],
        &["compare", "aerospike.conf", "edited.conf"],
        &["show", "aerospike.conf"],
        &["lint", "aerospike.conf"],
    ] {
        let full = std::fs::File::options()
            .write(true)
            .open("/dev/full")
            .unwrap();
        // `lint` talks to nobody, so it has no `-v` and no secrets.
        let run = match arguments[0] {
            "lint" => Program::new(arguments).in_folder(&scene()),
            _ => program(arguments),
        };
        let outcome = run.printing_to(full).run();
        // A known difference outranks the report that nobody can read.
        let expected = if arguments[0] == "compare" { 2 } else { 3 };
        assert_eq!(outcome.code, Some(expected));
        let words =
            "ascad: cannot write to standard output: No space left on device (os error 28)\n";
        assert_eq!(outcome.err, words);
    }
}

#[test]
fn a_pipe_that_nobody_reads_changes_nothing() {
    let file = std::fs::read(scene().join("aerospike.conf")).unwrap();
    let mut run = program(&["check", "-", "--against", "after.json"])
        .typed(&file)
        .start();
    run.hang_up();
    assert_eq!(run.finish().code, Some(2));
}

#[test]
fn a_termination_in_the_middle_leaves_nothing_half_written() {
    let node = Loopback::start(Play::of(recording("8.1.2.0-minimal")).with_fault(Fault::Silent));
    let (folder, path) = earlier();
    let source = format!("runtime:{}", node.address);
    let file = format!("json={path}");
    let arguments = [
        "check",
        "aerospike.conf",
        "--timeout",
        "60",
        "-o",
        &file,
        "--against",
    ];
    let run = program(&[&arguments[..], &[&source]].concat()).start();
    while node.messages() == 0 {
        std::thread::yield_now();
    }
    kill(Pid::from_raw(run.id().cast_signed()), Signal::SIGTERM).unwrap();
    let silence = Outcome {
        out: String::new(),
        err: String::new(),
        code: Some(128 + 15),
    };
    assert_eq!(run.finish(), silence);
    assert_untouched(&folder, &path);
}

/// The differences of the drifted scene, with this file and this uptime of the node.
fn differences(file: &Path, uptime: &str) -> Json {
    let folder = tempfile::tempdir().unwrap();
    let recorded = std::fs::read(scene().join("after.json")).unwrap();
    let mut answers: Json = serde_json::from_slice(&recorded).unwrap();
    let statistics = format!("cluster_size=1;uptime={uptime}");
    answers["statistics"] = Json::String(statistics);
    let recording = folder.path().join("after.json");
    std::fs::write(&recording, answers.to_string()).unwrap();
    let (file, recording) = (file.to_str().unwrap(), recording.to_str().unwrap());
    let arguments = ["check", file, "--against", recording, "--format", "json"];
    let outcome = program(&arguments).run();
    assert_eq!((outcome.code, outcome.err.as_str()), (Some(2), ""));
    let mut report: Json = serde_json::from_str(&outcome.out).unwrap();
    report["differences"].take()
}

#[test]
fn a_clock_that_jumped_changes_no_verdict() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("aerospike.conf");
    std::fs::copy(scene().join("aerospike.conf"), &file).unwrap();
    let usual = differences(&file, "100");
    let epoch = std::time::UNIX_EPOCH;
    let century = Duration::from_secs(100 * 365 * 86400);
    for written in [
        epoch,
        epoch + Duration::from_secs(1),
        std::time::SystemTime::now() + century,
    ] {
        let opened = std::fs::File::options().append(true).open(&file).unwrap();
        opened.set_modified(written).unwrap();
        for uptime in ["0", "100", "18446744073709551615", "-5"] {
            assert_eq!(differences(&file, uptime), usual, "{written:?} {uptime}");
        }
    }
}

#[test]
fn runs_at_the_same_time_do_not_disturb_each_other() {
    let (folder, path) = earlier();
    let file = format!("json={path}");
    let arguments = [
        "check",
        "aerospike.conf",
        "--against",
        "after.json",
        "-o",
        &file,
    ];
    let runs: Vec<_> = (0..8).map(|_| program(&arguments).start()).collect();
    for run in runs {
        let outcome = run.finish();
        assert_eq!((outcome.code, outcome.err.as_str()), (Some(2), ""));
    }
    let report: Json = serde_json::from_slice(&std::fs::read(&path).unwrap()).unwrap();
    assert_eq!(report["exit"], 2);
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
}

#[test]
fn a_file_that_is_opened_for_ever_ends_with_the_watchdog() {
    // A pipe without a writer is opened for ever, and nothing has a time-out for that.
    let folder = tempfile::tempdir().unwrap();
    let pipe = folder.path().join("aerospike.conf");
    nix::unistd::mkfifo(&pipe, nix::sys::stat::Mode::S_IRWXU).unwrap();
    let arguments = ["--against", "boot.json", "--timeout", "1"];
    let outcome = program(&[&["check", pipe.to_str().unwrap()], &arguments[..]].concat()).run();
    let expected = Outcome {
        out: "ASCAD UNKNOWN - not finished after 1 second\n".to_owned(),
        err: "ascad: expected to finish within 1 second, but something still waits\n".to_owned(),
        code: Some(3),
    };
    assert_eq!(outcome, expected);
}
