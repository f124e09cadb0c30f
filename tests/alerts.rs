//! What arrives at a Riemann, and what becomes of a run whose Riemann is of no use: it ends in time, says so, and exits
//! as if there were none.

mod loopback;
mod program;

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use loopback::certificates::{Authority, Blemish};
use loopback::riemann::{Manner, Riemann, framed};
use program::{Outcome, Program};
use riemann_client::proto::Event;
use serde_json::Value as Json;

/// What a run printed and how it ended.
struct Run {
    exit: Option<i32>,
    report: Json,
    complaint: String,
    took: Duration,
}

/// The folder of a real server's recordings: `aerospike.conf`, `boot.json` as it was started with it, `after.json`
/// with changes at run time, `edited.conf` another file.
fn scene() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/scenes/8.0.0.15/01")
}

/// `ascad check` of the scene with these arguments, as json.
#[track_caller]
fn check(arguments: &[&str]) -> Run {
    let start = Instant::now();
    let arguments = [&["check", "aerospike.conf", "--format", "json"], arguments].concat();
    let outcome = ascad(&arguments);
    Run {
        exit: outcome.code,
        report: serde_json::from_str(&outcome.out).unwrap(),
        complaint: outcome.err,
        took: start.elapsed(),
    }
}

/// The program in the folder of the scene.
#[track_caller]
fn ascad(arguments: &[&str]) -> Outcome {
    Program::new(arguments).in_folder(&scene()).run()
}

/// A settings file with what `[riemann]` says.
fn settings(authority: &Authority, lines: &str) -> String {
    let path = authority.write("ascad.toml", &format!("[riemann]\n{lines}\n"));
    path.to_str().unwrap().to_owned()
}

fn attributes(event: &Event) -> Vec<(&str, &str)> {
    let pairs = event.attributes.iter();
    pairs.map(|pair| (pair.key(), pair.value())).collect()
}

/// Two comparisons: the reference is called `master`, the runtime has drifted.
fn assert_drift(events: &[Event]) {
    let said: Vec<(&str, &str, Option<i64>)> = events
        .iter()
        .map(|event| (event.service(), event.state(), event.metric_sint64))
        .collect();
    let expected = [
        ("ascad-edited.conf", "critical", Some(2)),
        ("ascad-frc", "critical", Some(2)),
    ];
    assert_eq!(said, expected);
}

const DRIFT: [&str; 4] = ["--against", "edited.conf", "--against", "after.json"];

#[test]
fn every_field_arrives_over_tcp() {
    let riemann = Riemann::tcp(Manner::Kind);
    let authority = Authority::named("settings");
    let settings = settings(
        &authority,
        "tags = ['aerospike', 'config']\nhost = 'aero1'\nttl = 60\nprefix = 'config '\nattributes = { rack = '7', build = 'ours' }",
    );
    let url = riemann.url("tcp");
    let arguments = [&DRIFT[..], &["--riemann", &url, "--settings", &settings]].concat();
    let run = check(&arguments);
    assert_eq!((run.exit, run.complaint.as_str()), (Some(2), ""));
    assert_eq!(run.report["failures"], Json::Array(Vec::new()));
    let events = riemann.events();
    assert_eq!(events.len(), 2);
    let event = &events[1];
    assert_eq!(event.service(), "config frc");
    assert_eq!((event.host(), event.state()), ("aero1", "critical"));
    assert_eq!((event.ttl(), event.metric_sint64()), (60.0, 2));
    assert_eq!(event.tags, ["aerospike", "config"]);
    let description = "\
ASCAD CRITICAL - 2 differences between file and runtime on BB9020011AC4202 (8.0.0.15)
namespace.ns-1.set.sessions.stop-writes-count drifted: file 0, edited.conf 0, runtime 123456789
service.enable-hist-info drifted: file false, edited.conf false, runtime true";
    assert_eq!(event.description(), description);
    assert_eq!(
        attributes(event),
        [
            ("cluster", "quark-1"),
            ("node", "BB9020011AC4202"),
            ("reference", "after.json"),
            ("build", "ours"),
            ("rack", "7"),
        ]
    );
    let now = std::time::SystemTime::now()
        .duration_since(std::time::UNIX_EPOCH)
        .unwrap()
        .as_secs();
    assert!((now - 60..=now).contains(&(event.time() as u64)));
}

#[test]
fn without_settings_the_host_is_the_machine_and_an_event_counts_for_two_runs_of_cron() {
    let riemann = Riemann::tcp(Manner::Kind);
    let run = check(&["--against", "boot.json", "--riemann", &riemann.url("tcp")]);
    assert_eq!(run.exit, Some(0));
    let events = riemann.events();
    let name = rustix::system::uname()
        .nodename()
        .to_str()
        .unwrap()
        .to_owned();
    assert_eq!(events.len(), 1);
    assert_eq!(
        (events[0].host(), events[0].ttl()),
        (name.as_str(), 46800.0)
    );
    assert_eq!(
        (events[0].state(), events[0].metric_sint64),
        ("ok", Some(0))
    );
    assert_eq!(
        events[0].description(),
        "ASCAD OK - no differences between file and runtime on BB9020011AC4202 (8.0.0.15)"
    );
}

#[test]
fn udp_is_sent_and_forgotten() {
    let riemann = Riemann::udp();
    let url = riemann.url("udp").replace("localhost", "127.0.0.1");
    let run = check(&[&DRIFT[..], &["--riemann", &url]].concat());
    assert_eq!((run.exit, run.complaint.as_str()), (Some(2), ""));
    assert_drift(&riemann.events());
}

#[test]
fn tls_with_a_client_certificate() {
    let authority = Authority::named("ours");
    let server = authority.mutual_server(&authority.sign("localhost", Blemish::None));
    let riemann = Riemann::tls(Manner::Kind, server);
    let client = authority.sign("ascad", Blemish::None);
    let (ca, url) = (authority.file(), riemann.url("tls"));
    let chain = authority.write("client.pem", client.certificate_pem());
    let key = authority.write("client.key", &client.key_pem());
    let known = format!(
        "url = '{url}'\nca-file = '{}'\ncert-file = '{}'\nkey-file = '{}'",
        ca.display(),
        chain.display(),
        key.display()
    );
    let path = settings(&authority, &known);
    let run = check(&[&DRIFT[..], &["--settings", &path]].concat());
    assert_eq!((run.exit, run.complaint.as_str()), (Some(2), ""));
    assert_drift(&riemann.events());

    let unknown = format!("url = '{url}'\nca-file = '{}'", ca.display());
    let path = settings(&authority, &unknown);
    let run = check(&[&DRIFT[..], &["--settings", &path]].concat());
    let words = "riemann: URL: a client certificate is required, are `cert-file` and `key-file` missing in `[riemann]`?";
    assert_failure(&run, 2, &url, words);
}

#[test]
fn a_certificate_that_is_not_to_be_trusted_is_said() {
    let (ours, theirs) = (Authority::named("ours"), Authority::named("theirs"));
    let case = |signed_by: &Authority, name: &str, blemish: Blemish, words: &str| {
        let server = signed_by.server(&signed_by.sign(name, blemish));
        let riemann = Riemann::tls(Manner::Kind, server);
        let url = riemann.url("tls");
        let lines = format!("url = '{url}'\nca-file = '{}'", ours.file().display());
        let path = settings(&ours, &lines);
        let run = check(&["--against", "boot.json", "--settings", &path]);
        assert_failure(&run, 0, &url, words);
        assert!(riemann.heard_nothing());
    };
    case(
        &theirs,
        "localhost",
        Blemish::None,
        "riemann: URL: no trusted CA has signed the certificate, is `ca-file` missing in `[riemann]`?",
    );
    case(
        &ours,
        "other.example",
        Blemish::None,
        "riemann: URL: expected a certificate for `localhost`, but found one for `other.example`",
    );
    let server = ours.server(&ours.sign("localhost", Blemish::Expired));
    let riemann = Riemann::tls(Manner::Kind, server);
    let lines = format!(
        "url = '{}'\nca-file = '{}'",
        riemann.url("tls"),
        ours.file().display()
    );
    let run = check(&[
        "--against",
        "boot.json",
        "--settings",
        &settings(&ours, &lines),
    ]);
    assert!(
        run.complaint.contains("the certificate expired"),
        "{}",
        run.complaint
    );
    assert_eq!(run.exit, Some(0));
}

/// The exit code is the comparison's, and both standard error and the report say what happened. `URL` stands for the
/// Riemann's.
#[track_caller]
fn assert_failure(run: &Run, exit: i32, url: &str, words: &str) {
    let line = words.replace("URL", url);
    assert_eq!(run.complaint, format!("ascad: {line}\n"));
    let message = line.strip_prefix("riemann: ").unwrap();
    let failures = run.report["failures"].as_array().unwrap();
    assert_eq!(failures.len(), 1);
    assert_eq!(failures[0]["source"], "riemann");
    assert_eq!(failures[0]["message"], message);
    assert_eq!(run.exit, Some(exit));
    let state = if exit == 0 { "OK" } else { "CRITICAL" };
    assert_eq!(run.report["state"], state);
    assert!(run.took < Duration::from_secs(30), "{:?}", run.took);
}

#[track_caller]
fn bad(manner: Manner, words: &str) {
    let riemann = Riemann::tcp(manner);
    let url = riemann.url("tcp");
    let arguments = [&DRIFT[..], &["--timeout", "4", "--riemann", &url]].concat();
    assert_failure(&check(&arguments), 2, &url, words);
}

#[test]
fn a_rejection_is_said_with_its_reason() {
    bad(
        Manner::Rejects(Some("no\nroom")),
        "riemann: URL: rejected the events: no\\nroom",
    );
    bad(
        Manner::Rejects(None),
        "riemann: URL: rejected the events and does not say why",
    );
}

#[test]
fn silence_and_slowness_end_in_time() {
    let words = "riemann: URL: time is up without an acknowledgement";
    bad(Manner::Silent, words);
    bad(Manner::Slow, words);
}

#[test]
fn whoever_hangs_up_or_is_no_riemann_is_said() {
    bad(
        Manner::HangsUp,
        "riemann: URL: the connection was closed without an acknowledgement",
    );
    bad(
        Manner::Says(b"HTTP/1.1 400 Bad Request\r\n\r\n".to_vec()),
        "riemann: URL: expected an answer of Riemann's, but found something else",
    );
    bad(
        Manner::Says(framed(b"\xff\xff\xff")),
        "riemann: URL: expected an answer of Riemann's, but found 3 bytes of something else",
    );
}

#[test]
fn a_refused_connection_is_said() {
    // Bound and not listened to: nobody else gets the port, and nobody answers.
    let socket = free_port();
    let url = format!("tcp://127.0.0.1:{}", socket.local_addr().unwrap().port());
    drop(socket);
    let run = check(&["--against", "boot.json", "--riemann", &url]);
    assert_failure(&run, 0, &url, "riemann: URL: connection refused");
}

fn free_port() -> std::net::TcpListener {
    std::net::TcpListener::bind("127.0.0.1:0").unwrap()
}

#[test]
fn a_comparison_that_could_not_be_made_is_unknown() {
    let riemann = Riemann::tcp(Manner::Kind);
    let url = riemann.url("tcp");
    let run = check(&[
        "--against",
        "none.conf",
        "--against",
        "boot.json",
        "--riemann",
        &url,
    ]);
    assert_eq!(run.exit, Some(3));
    let events = riemann.events();
    let said: Vec<(&str, &str, Option<i64>)> = events
        .iter()
        .map(|event| (event.service(), event.state(), event.metric_sint64))
        .collect();
    let expected = [
        ("ascad-none.conf", "unknown", None),
        ("ascad-frc", "ok", Some(0)),
    ];
    assert_eq!(said, expected);
    let first = "ASCAD UNKNOWN - no comparison of none.conf and file on BB9020011AC4202 (8.0.0.15)\nnot seen: ";
    assert!(
        events[0].description().starts_with(first),
        "{}",
        events[0].description()
    );
}

#[test]
fn a_file_that_cannot_be_read_makes_every_comparison_unknown() {
    let riemann = Riemann::tcp(Manner::Kind);
    let url = riemann.url("tcp");
    let authority = Authority::named("settings");
    let path = settings(&authority, "fold = true");
    let arguments = [
        "check",
        "none.conf",
        "--against",
        "gitlab",
        "--against",
        "runtime",
    ];
    let told = ["--riemann", &url, "--settings", &path];
    assert_eq!(ascad(&[&arguments[..], &told].concat()).code, Some(3));
    let events = riemann.events();
    let said: Vec<(&str, &str)> = events
        .iter()
        .map(|event| (event.service(), event.state()))
        .collect();
    assert_eq!(said, [("ascad-ghc", "critical"), ("ascad-frc", "critical")]);
}

#[test]
fn sources_that_are_compared_with_each_other_are_one_event() {
    let riemann = Riemann::tcp(Manner::Kind);
    let url = riemann.url("tcp");
    let outcome = ascad(&[
        "compare",
        "aerospike.conf",
        "edited.conf",
        "--riemann",
        &url,
    ]);
    assert_eq!(outcome.code, Some(2));
    let events = riemann.events();
    let event = &events[0];
    assert_eq!((events.len(), event.service()), (1, "ascad-compare"));
    assert_eq!((event.state(), event.metric_sint64()), ("critical", 2));
    assert_eq!(
        attributes(event),
        [("reference", "aerospike.conf, edited.conf")]
    );
}

#[test]
fn a_name_of_an_events_own_field_is_refused_before_anything_is_asked() {
    let authority = Authority::named("settings");
    let path = settings(
        &authority,
        "url = 'tcp://localhost'\nattributes = { host = 'x' }",
    );
    let outcome = ascad(&["check", "--settings", &path]);
    assert_eq!(outcome.code, Some(3));
    assert_eq!(
        outcome.err,
        "ascad: the settings: expected another name in `[riemann.attributes]` than `host`, which is a field of every event\n"
    );
}

#[test]
fn a_full_disk_leaves_what_was_there() {
    let folder = tempfile::tempdir().unwrap();
    let report = folder.path().join("report.json");
    std::fs::write(&report, "before").unwrap();
    // Files may have no blocks, and writing more is an error instead of a signal.
    let script = "trap '' XFSZ; ulimit -f 0; exec \"$0\" check aerospike.conf --against boot.json -o \"json=$1\"";
    let outcome = Program::of_shell(script, &[&report])
        .in_folder(&scene())
        .run();
    assert_eq!(outcome.code, Some(3));
    assert_eq!(std::fs::read_to_string(&report).unwrap(), "before");
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
    let words = format!("ascad: -o json: cannot write `{}`: ", report.display());
    assert!(outcome.err.starts_with(&words), "{}", outcome.err);
}

#[test]
fn a_textfile_may_be_read_by_everybody() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    let report = folder.path().join("ascad.prom");
    let json = folder.path().join("ascad.json");
    let script = "umask 077; exec \"$0\" check aerospike.conf --against boot.json -q -o \"prometheus=$1\" -o \"json=$2\"";
    let outcome = Program::of_shell(script, &[&report, &json])
        .in_folder(&scene())
        .run();
    assert_eq!((outcome.code, outcome.out.as_str()), (Some(0), ""));
    let mode = |path: &Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&report), 0o644);
    assert_eq!(mode(&json), 0o600);
}

/// The nice value of a process, as Linux tells it, when it waits for its standard input.
fn nice_of(arguments: &[&str]) -> i32 {
    let arguments = [&["check", "-", "--against", "boot.json"], arguments].concat();
    let file = std::fs::read(scene().join("aerospike.conf")).unwrap();
    let run = Program::new(&arguments)
        .in_folder(&scene())
        .typed(&file)
        .start();
    let folder = PathBuf::from(format!("/proc/{}", run.id()));
    // It has lowered its priority before it started the watchdog.
    while std::fs::read_dir(folder.join("task")).unwrap().count() < 2 {
        std::thread::yield_now();
    }
    let stat = std::fs::read_to_string(folder.join("stat")).unwrap();
    let after_name = stat.rsplit(')').next().unwrap();
    let nice = after_name.split_whitespace().nth(16).unwrap().parse();
    assert_eq!(run.finish().code, Some(0));
    nice.unwrap()
}

#[test]
fn where_nobody_waits_the_server_comes_first() {
    let ours = rustix::process::nice(0).unwrap();
    assert_eq!(nice_of(&[]), 19);
    assert_eq!(nice_of(&["--nice"]), 19);
    assert_eq!(nice_of(&["--nice=never"]), ours);
}
