//! The fault table: what goes wrong at each source, and what the whole program makes of it. Every row says its exit
//! code and its one line on standard error; the deadline holds, nothing is half written, and no secret is printed.

mod loopback;
#[path = "riemann/server.rs"]
mod riemann;
#[allow(dead_code, unreachable_pub)]
#[path = "support/web.rs"]
mod web;

use std::io::{BufRead, BufReader};
use std::os::unix::process::ExitStatusExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::time::Duration;

use loopback::certificates::{Authority, Blemish};
use loopback::{Door, Fault, Loopback, Play, recording};
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use riemann::{Manner, Riemann};
use serde_json::Value as Json;
use web::{Identity, Reply, Server, refused, reply};

const PASSWORD: &str = "swordfish-of-the-node";
const TOKEN: &str = "glpat-swordfish-of-gitlab";
const LOGIN: &str = "swordfish-of-the-url";
const SECRETS: [&str; 3] = [PASSWORD, TOKEN, LOGIN];

/// A name that no resolver asks anybody about: a label has at most 63 letters.
fn nowhere() -> String {
    "x".repeat(64)
}

fn scene() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/scenes/8.0.0.15/01")
}

/// The program in the folder of a real server's recordings, with every secret at hand and everything said aloud.
fn command(arguments: &[&str]) -> Command {
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
fn texts(output: &Output) -> (String, String) {
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    let (out, err) = (text(&output.stdout), text(&output.stderr));
    for secret in SECRETS {
        assert!(!out.contains(secret) && !err.contains(secret), "{out}{err}");
    }
    (out, err)
}

/// `ascad check` with these arguments exits so and says `line`, in which `…` stands for anything.
#[track_caller]
fn row(arguments: &[&str], exit: i32, line: &str) {
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

/// A reference behind a server that answers so; `URL` stands for it.
#[track_caller]
fn reference(answer: impl Fn() -> Reply + Send + Sync + 'static, line: &str) {
    let server = Server::http(move |_| answer());
    let url = server.url("/aerospike.conf");
    let with_login = url.replace("//", &format!("//ascad:{LOGIN}@"));
    row(
        &["--against", &with_login, "--timeout", "2"],
        3,
        &line.replace("URL", &url),
    );
}

#[test]
fn a_reference_that_cannot_be_had() {
    let nobody = format!("http://{}/aerospike.conf", refused());
    row(
        &["--against", &nobody],
        3,
        &format!("{nobody}: the connection was refused"),
    );
    let url = format!("http://{}/aerospike.conf", nowhere());
    row(
        &["--against", &url],
        3,
        &format!("{url}: cannot be asked: failed to lookup…"),
    );
    reference(|| Reply::Silence, "URL: did not answer in time");
    let start = b"HTTP/1.1 200 OK\r\ncontent-length: 100000\r\n\r\n".to_vec();
    let slow = start.clone();
    reference(
        move || Reply::Drip(slow.clone()),
        "URL: answered too slowly: …",
    );
    let cut = "URL: the answer was cut short after 0 bytes of 100000";
    reference(move || Reply::Bytes(start.clone()), cut);
    let long = b"HTTP/1.1 200 OK\r\ncontent-length: 99999999999\r\n\r\nservice".to_vec();
    reference(
        move || Reply::Bytes(long.clone()),
        "URL: answered with more than 1 MiB",
    );
    let page = || {
        reply(
            "200 OK",
            &[("content-type", "text/html")],
            "<!DOCTYPE html><html>",
        )
    };
    reference(
        page,
        "URL answered 200 with an HTML page, is the token missing?",
    );
    let version = || Reply::Bytes(b"HTTP/7.3 200 OK\r\n\r\n".to_vec());
    reference(version, "URL: does not speak HTTP/1.1: …");
    let denied = || reply("401 Unauthorized", &[], LOGIN);
    reference(
        denied,
        "URL answered 401, are user and password or token given, and right?",
    );
    let denied = || reply("403 Forbidden", &[], TOKEN);
    reference(denied, "URL answered 403, may this user or token read it?");
}

#[test]
fn a_reference_whose_certificate_is_not_to_be_trusted() {
    let identity = Identity::new(&["127.0.0.1"], |_| {});
    let server = Server::https(&identity, |_| reply("200 OK", &[], "service {\n}\n"));
    let url = server.url("/aerospike.conf");
    let line = "its certificate is signed by an unknown authority, is a CA file missing?";
    row(&["--against", &url], 3, &format!("{url}: {line}"));
}

#[test]
fn a_gitlab_that_refuses_the_token() {
    let server = Server::http(|_| reply("401 Unauthorized", &[], format!("no {TOKEN} here")));
    let arguments = [
        "--against",
        "gitlab:a/b:c.conf",
        "--gitlab-url",
        &server.url(""),
    ];
    row(
        &arguments,
        3,
        "gitlab:a/b:c.conf: …answered 401: is the token right, and has it not expired?",
    );
}

/// A node that misbehaves; `NODE` stands for its address.
#[track_caller]
fn node(play: Play, arguments: &[&str], line: &str) {
    let node = Loopback::start(play);
    let source = format!("runtime:{}", node.address);
    let against = ["--timeout", "2", "--against"];
    let arguments = [&against[..], &[source.as_str()], arguments].concat();
    let line = line.replace("NODE", &node.address.to_string());
    row(&arguments, 3, &format!("{source}: {line}"));
}

fn healthy() -> Play {
    Play::of(recording("8.1.2.0-minimal"))
}

#[test]
fn a_node_that_cannot_be_seen() {
    let nobody = format!("runtime:{}", refused());
    let line = format!(
        "{nobody}: {}: connect: connection refused",
        refused_of(&nobody)
    );
    row(&["--against", &nobody], 3, &line);
    let source = format!("runtime:{}:3000", nowhere());
    let line = format!("{source}: {}:3000: look-up: …", nowhere());
    row(&["--against", &source], 3, &line);
    let asking = |fault, line: &str| {
        node(
            healthy().with_fault(fault),
            &[],
            &format!("NODE: asking: {line}"),
        );
    };
    asking(Fault::Silent, "time is up without an answer");
    asking(
        Fault::Drips(Duration::from_millis(200)),
        "time is up after …of the answer",
    );
    asking(
        Fault::Cuts(4),
        "the connection was closed after 4 of 8 bytes of the answer",
    );
    let long = "expected an answer of at most 16777216 bytes, but found 140737488355328 announced";
    asking(Fault::Announces(1 << 47), long);
    let http = "expected the info protocol, but found what looks like HTTP";
    asking(
        Fault::Says(b"HTTP/1.1 400 Bad Request\r\n\r\n".to_vec()),
        http,
    );
    let version = "expected the info protocol, version 2, but found 3, is this a service port?";
    asking(Fault::Says(vec![3, 1, 0, 0, 0, 0, 0, 16]), version);
    let refusal =
        "NODE: asking: answered `ERROR:80:not authenticated` to everything, are …missing?";
    node(
        healthy().with_fault(Fault::Refuses("ERROR:80:not authenticated")),
        &[],
        refusal,
    );

    let login = ["-U", "joe", "-P", "env:NODE_PASSWORD"];
    let entering = |play, line: &str| node(play, &login, &format!("NODE: login: {line}"));
    entering(
        healthy().with_fault(Fault::Silent),
        "time is up without an answer",
    );
    let refuses = |code| healthy().with_door(Door::Refuses(code));
    entering(refuses(60), "user `joe`: the user is unknown (60)");
    entering(
        refuses(65),
        "user `joe`: the user or the password is wrong (65)",
    );
}

fn refused_of(source: &str) -> &str {
    source.trim_start_matches("runtime:")
}

#[test]
fn a_node_whose_certificate_is_not_to_be_trusted() {
    let (ours, theirs) = (Authority::named("ours"), Authority::named("theirs"));
    let file = ours.file();
    let tls = ["--tls-enable", "--tls-cafile", file.to_str().unwrap()];
    let shows = |authority: &Authority, name: &str, blemish, line: &str| {
        let config = authority.server(&authority.sign(name, blemish));
        node(healthy().with_tls(config), &tls, line);
    };
    let unknown = "NODE: TLS: no trusted CA has signed the certificate, is …missing?";
    shows(&theirs, "127.0.0.1", Blemish::None, unknown);
    let other = "NODE: TLS: expected a certificate for `127.0.0.1`, but found one for …missing?";
    shows(&ours, "other.example", Blemish::None, other);
    // The same is seen by a machine whose clock jumped by years.
    let expired = "NODE: TLS: the certificate expired …days ago";
    shows(&ours, "127.0.0.1", Blemish::Expired, expired);
    let plain = "NODE: TLS: the connection was closed during the handshake, is TLS spoken on …";
    node(healthy(), &tls, plain);
}

#[test]
fn a_riemann_that_cannot_be_told_changes_nothing() {
    let told = |url: &str, line: &str| {
        let arguments = ["--against", "boot.json", "--timeout", "2", "--riemann", url];
        row(
            &arguments,
            0,
            &format!("riemann: {line}").replace("URL", url),
        );
    };
    told(&format!("tcp://{}", refused()), "URL: connection refused");
    let nowhere = format!("tcp://{}:5555", nowhere());
    told(&nowhere, "URL: name or service not known");
    let bad = |manner, line| told(&Riemann::tcp(manner).url("tcp"), line);
    let late = "URL: time is up without an acknowledgement";
    bad(Manner::Silent, late);
    bad(Manner::Slow, late);
    let closed = "URL: the connection was closed without an acknowledgement";
    bad(Manner::HangsUp, closed);
    bad(Manner::Says(vec![0, 0, 1]), closed);
    let something = "URL: expected an answer of Riemann's, but found something else";
    bad(Manner::Says(vec![0x7f; 8]), something);
    bad(
        Manner::Says(b"HTTP/1.1 400 Bad Request\r\n\r\n".to_vec()),
        something,
    );
    let denied = "URL: rejected the events: not for you";
    bad(Manner::Rejects(Some("not for you")), denied);
    let theirs = Authority::named("theirs");
    let server = theirs.server(&theirs.sign("localhost", Blemish::None));
    let unknown = "URL: no trusted CA has signed the certificate, is …";
    told(&Riemann::tls(Manner::Kind, server).url("tls"), unknown);
}

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
        "expected a file at …, but found a folder",
    );
    output(&format!("{path}/report"), "cannot write …");
    assert_untouched(&folder, &path);
}

#[test]
fn a_standard_output_that_is_full_is_no_report() {
    for line in [
        "check aerospike.conf --against boot.json",
        "check aerospike.conf --against boot.json --format json",
        "compare aerospike.conf edited.conf",
        "show aerospike.conf",
        "lint aerospike.conf",
    ] {
        let arguments: Vec<&str> = line.split(' ').collect();
        let full = std::fs::File::create("/dev/full").unwrap();
        let mut lint = Command::new(env!("CARGO_BIN_EXE_ascad"));
        lint.args(&arguments).current_dir(scene());
        let mut run = if arguments[0] == "lint" {
            lint
        } else {
            command(&arguments)
        };
        let output = run.stdout(full).output().unwrap();
        // A known difference outranks the report that nobody can read.
        let expected = if arguments[0] == "compare" { 2 } else { 3 };
        assert_eq!(output.status.code(), Some(expected));
        let (_, err) = texts(&output);
        let words =
            "ascad: cannot write to standard output: No space left on device (os error 28)\n";
        assert_eq!(err, words);
    }
}

#[test]
fn a_pipe_that_nobody_reads_changes_nothing() {
    let mut child = command(&["check", "-", "--against", "after.json"])
        .stdin(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let mut file = std::fs::File::open(scene().join("aerospike.conf")).unwrap();
    std::io::copy(&mut file, &mut child.stdin.take().unwrap()).unwrap();
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert_eq!(texts(&output).1, "");
}

#[test]
fn a_termination_in_the_middle_leaves_nothing_half_written() {
    let node = Loopback::start(healthy().with_fault(Fault::Silent));
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
    let child = command(&[&arguments[..], &[&source]].concat())
        .spawn()
        .unwrap();
    while node.messages() == 0 {
        std::thread::yield_now();
    }
    kill(Pid::from_raw(child.id().cast_signed()), Signal::SIGTERM).unwrap();
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.signal(), Some(15));
    assert_eq!(texts(&output), (String::new(), String::new()));
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
    let output = command(&arguments).output().unwrap();
    let (out, err) = texts(&output);
    assert_eq!((output.status.code(), err.as_str()), (Some(2), ""));
    let mut report: Json = serde_json::from_str(&out).unwrap();
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
    let start = || command(&arguments).spawn().unwrap();
    let children: Vec<_> = (0..8).map(|_| start()).collect();
    for child in children {
        let output = child.wait_with_output().unwrap();
        assert_eq!(output.status.code(), Some(2));
        assert_eq!(texts(&output).1, "");
    }
    let report: Json = serde_json::from_slice(&std::fs::read(&path).unwrap()).unwrap();
    assert_eq!(report["exit"], 2);
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
}

#[test]
fn a_name_that_is_looked_up_for_ever_ends_with_the_watchdog() {
    // A pipe without a writer is opened for ever, and nothing has a time-out for that.
    let folder = tempfile::tempdir().unwrap();
    let pipe = folder.path().join("aerospike.conf");
    nix::unistd::mkfifo(&pipe, nix::sys::stat::Mode::S_IRWXU).unwrap();
    let mut child = command(&[
        "check",
        pipe.to_str().unwrap(),
        "--against",
        "boot.json",
        "--timeout",
        "1",
    ])
    .spawn()
    .unwrap();
    let mut said = String::new();
    BufReader::new(child.stderr.take().unwrap())
        .read_line(&mut said)
        .unwrap();
    assert!(said.starts_with("ascad: "), "{said}");
    assert_eq!(child.wait().unwrap().code(), Some(3));
}
