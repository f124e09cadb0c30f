//! What other tools get wrong, seen with the whole program: who cannot be seen is UNKNOWN with the reason in one line,
//! and a file that no server starts with is said so.

mod checked;
mod loopback;
mod pair;
mod program;

use std::path::{Path, PathBuf};

use loopback::certificates::{Authority, Blemish};
use loopback::web::{Server, reply};
use loopback::{Door, Fault, Loopback, Play, recording};
use pair::Pair;
use program::{Outcome, Program, planted};
use serde_json::Value as Json;

/// A folder with a file and the recording of a server that runs with it.
struct Place(tempfile::TempDir);

impl Place {
    fn of(pair: &Pair) -> Place {
        let place = Place(tempfile::tempdir().unwrap());
        place.write("aerospike.conf", &pair.file);
        let recorded = serde_json::to_string(&pair.answers).unwrap();
        place.write("node.json", &recorded);
        place
    }

    fn write(&self, name: &str, text: &str) {
        std::fs::write(self.0.path().join(name), text).unwrap();
    }

    #[track_caller]
    fn run(&self, arguments: &[&str]) -> Outcome {
        Program::new(arguments)
            .in_folder(self.0.path())
            .with(&[("NODE_PASSWORD", planted::NODE)])
            .run()
    }

    #[track_caller]
    fn report(&self, arguments: &[&str]) -> (Json, Option<i32>) {
        let outcome = self.run(&[arguments, &["--format", "json"]].concat());
        (serde_json::from_str(&outcome.out).unwrap(), outcome.code)
    }

    /// UNKNOWN, no difference, and one line that ends so.
    #[track_caller]
    fn is_unknown(&self, arguments: &[&str], reason: &str) {
        let Outcome { out, err, code } = self.run(arguments);
        assert_eq!(code, Some(3), "{out}");
        assert!(out.starts_with("ASCAD UNKNOWN - "), "{out}");
        assert_eq!(err.lines().count(), 1, "{err}");
        assert!(err.ends_with(&format!("{reason}\n")), "{err}");
        let (report, _) = self.report(arguments);
        assert_eq!(report["differences"], Json::Array(Vec::new()));
    }
}

fn ce() -> Pair {
    Pair::community("8.1.2.0")
}

fn scene() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/scenes/8.0.0.15/01")
}

#[test]
fn a_node_that_answers_too_late_or_only_in_part_is_never_left_out() {
    let place = Place::of(&ce());
    let whole = Loopback::start(Play::of(ce().answers));
    let late = Loopback::start(Play::of(ce().answers).with_fault(Fault::Silent));
    let mut answers = ce().answers;
    answers.remove("get-config:context=network");
    let part = Loopback::start(Play::of(answers));
    let named = |node: &Loopback| format!("runtime:{}", node.address);
    let (whole, late, part) = (named(&whole), named(&late), named(&part));

    let check = ["check", "--timeout", "1", "aerospike.conf", "--against"];
    let silent = "asking: time is up without an answer";
    place.is_unknown(&[&check[..], &[&late]].concat(), silent);
    let missing = "`get-config:context=network` answered `ERROR:4:unrecognized command`";
    place.is_unknown(&[&check[..], &[&part]].concat(), missing);

    let compare = ["compare", "--timeout", "1", &whole, &late, &part];
    let (report, code) = place.report(&compare);
    assert_eq!(code, Some(3));
    let sources = report["sources"].as_array().unwrap().iter();
    let seen: Vec<bool> = sources.map(|source| source["reachable"] == true).collect();
    assert_eq!(seen, [true, false, true]);
    let failures = report["failures"].as_array().unwrap();
    assert_eq!(failures.len(), 2, "{failures:?}");
}

#[test]
fn of_half_a_file_nothing_is_compared() {
    let place = Place::of(&ce().reports("service", "migrate-threads=4"));
    let file = ce().file;
    let (open, _) = file.rsplit_once('}').unwrap();
    place.write("open.conf", open);
    place.write("closed.conf", &format!("{file}}}\n"));
    for (name, message, line) in [
        ("open.conf", "the section of line 28 is not closed", None),
        ("closed.conf", "`}` closes nothing", Some(36)),
    ] {
        let (report, code) = place.report(&["check", name, "--against", "node.json"]);
        assert_eq!((code, report["compared"].as_u64()), (Some(2), Some(0)));
        let fatal = &report["problems"][0];
        assert_eq!(fatal["line"].as_u64(), line, "{fatal}");
        let said = fatal["message"].as_str().unwrap();
        assert!(said.starts_with(message), "{said}");
    }
}

#[test]
fn a_server_newer_than_the_catalogue_is_a_note() {
    let pair = Pair::community("8.2.0.1").reports("service", "migrate-threads=1");
    let (report, code) =
        Place::of(&pair).report(&["check", "aerospike.conf", "--against", "node.json"]);
    assert_eq!(code, Some(0), "{report}");
    let notes = report["notes"].to_string();
    assert!(
        notes.contains("is newer than what is known here"),
        "{notes}"
    );
}

#[test]
fn a_sign_in_page_is_no_configuration() {
    let page = || {
        let html = "<!DOCTYPE html>\n<html><body>Sign in\nservice {\n}\n</body></html>";
        reply("200 OK", &[("content-type", "text/html")], html)
    };
    let server = Server::http(move |seen| match seen.target.as_str() {
        "/users/sign_in" => page(),
        _ => reply("302 Found", &[("location", "/users/sign_in")], ""),
    });
    let place = Place::of(&ce());
    let web_page = server.url("/infra/aerospike/-/raw/main/aerospike.conf");
    let check = ["check", "aerospike.conf", "--against"];
    let plain = server.url("/aerospike.conf");
    for url in [&web_page, &plain] {
        let Outcome { err, .. } = place.run(&[&check[..], &[url.as_str()]].concat());
        place.is_unknown(&[&check[..], &[url]].concat(), "is the token missing?");
        assert!(err.contains("sign"), "{err}");
    }
}

#[test]
fn a_file_that_would_not_start_is_said_so() {
    let case = |release: &str, pair: Pair, code: &str| {
        let place = Place::of(&pair);
        let ce = ["--edition", "ce", "--server-version", release];
        let lint = ["lint", "aerospike.conf"];
        let (report, exit) = place.report(&[&lint[..], &ce].concat());
        let file = &report["files"][0];
        assert_eq!((exit, &file["starts"]), (Some(2), &Json::Bool(false)));
        assert_eq!(file["problems"][0]["code"], code, "{file}");
        let (report, exit) = place.report(&["check", "aerospike.conf", "--against", "node.json"]);
        assert_eq!(exit, Some(2), "{report}");
        assert_eq!(report["problems"][0]["code"], code, "{report}");
    };
    let pair = |release: &str| Pair::community(release);
    let yes = |release| pair(release).says("service", "enable-health-check yes");
    case("7.2", yes("7.2.0.17"), "bad-boolean");
    let starts =
        Place::of(&yes("7.0.0.26")).report(&["lint", "aerospike.conf", "--server-version", "7.0"]);
    assert_eq!(starts.0["files"][0]["starts"], true, "{}", starts.0);
    let obsolete = pair("8.1.2.0").says("service", "allow-inline-transactions true");
    case("8.1", obsolete, "obsolete-parameter");
    let enterprise = pair("8.1.2.0").says("namespace", "strong-consistency true");
    case("8.1", enterprise, "enterprise-only");
    let engine = "{\n\tstorage-engine memory {\n\t\tdata-size 1G\n\t}\n}\n";
    let mut three = pair("8.1.2.0");
    three
        .file
        .push_str(&format!("namespace a {engine}namespace b {engine}"));
    case("8.1", three, "too-many");
}

#[test]
fn a_template_varies_as_a_reference_and_is_no_file_of_a_node() {
    let place = Place::of(&ce());
    let file = ce().file.replace("cluster-name main", "cluster-name VALUE");
    for value in [
        "{{ cluster }}",
        "{% if a %}x{% endif %}",
        "${CLUSTER}",
        "__CLUSTER__",
    ] {
        place.write("template.conf", &file.replace("VALUE", value));
        let check = ["check", "aerospike.conf", "--against", "template.conf"];
        let (report, code) = place.report(&check);
        assert_eq!(code, Some(0), "{value}: {report}");
        let outcome = place.run(&["check", "template.conf", "--against", "node.json"]);
        assert_eq!(outcome.code, Some(3), "{value}: {}", outcome.out);
        assert!(outcome.err.contains("found a template"), "{}", outcome.err);
    }
}

#[test]
fn who_cannot_be_asked_is_unknown_with_the_reason() {
    let place = Place::of(&ce());
    let asked = |play: Play, flags: &[&str], reason: &str| {
        let node = Loopback::start(play);
        let source = format!("runtime:{}", node.address);
        let check = ["check", "aerospike.conf", "--against", &source];
        place.is_unknown(&[&check[..], flags].concat(), reason);
    };
    let healthy = || Play::of(recording("8.1.2.0-minimal"));
    let door = Door::Internal("joe", "$2a$10$another".to_owned());
    let login = ["-U", "joe", "-P", "env:NODE_PASSWORD"];
    asked(
        healthy().with_door(door),
        &login,
        "the password is wrong (62)",
    );

    let authority = Authority::named("ours");
    let file = authority.file();
    let tls = ["--tls-enable", "--tls-cafile", file.to_str().unwrap()];
    let expired = authority.server(&authority.sign("127.0.0.1", Blemish::Expired));
    asked(healthy().with_tls(expired), &tls, "days ago");

    // A label of a name has at most 63 letters, so no resolver asks anybody.
    let nowhere = format!("runtime:{}:3000", "x".repeat(64));
    let (report, code) = place.report(&["check", "aerospike.conf", "--against", &nowhere]);
    assert_eq!(code, Some(3));
    let failure = report["failures"][0]["message"].as_str().unwrap();
    assert!(failure.contains("look-up: "), "{failure}");

    // An admin port (8.1) names no peers, though the node counts them.
    let mut answers = recording("8.1.2.0-minimal");
    answers.insert("statistics".into(), "cluster_size=3;cluster_key=1".into());
    answers.insert(
        "peers-clear-std".into(),
        "ERROR:4:unrecognized command".into(),
    );
    let admin = Loopback::start(Play::of(answers));
    let address = admin.address.to_string();
    place.is_unknown(&["cluster", &address], "is this an admin port?");
}

/// The process may write to no file, and its folders take none.
#[test]
fn a_read_only_file_system_is_enough() {
    let command = "ulimit -f 0; export HOME=/proc TMPDIR=/proc; exec \"$0\"";
    for (arguments, expected) in [
        ("check aerospike.conf --against boot.json", 0),
        ("check aerospike.conf --against after.json -v", 2),
        (
            "check aerospike.conf --against edited.conf --format json",
            2,
        ),
        ("compare aerospike.conf edited.conf boot.json", 2),
        ("lint aerospike.conf", 1),
        ("show boot.json --format conf", 0),
    ] {
        let script = format!("{command} {arguments}");
        let outcome = Program::of_shell(&script, &[]).in_folder(&scene()).run();
        assert_eq!(
            (outcome.code, outcome.err.as_str()),
            (Some(expected), ""),
            "{arguments}"
        );
        assert!(!outcome.out.is_empty(), "{arguments}");
    }
}

#[test]
fn nobody_is_told_to_restart_a_server_with_a_file_that_it_refuses() {
    let restart = |pair: Pair| {
        let pair = pair.writes("port 3001", "port 3011");
        let (report, _) =
            Place::of(&pair).report(&["check", "aerospike.conf", "--against", "node.json"]);
        report["differences"][0]["fix"][0].clone()
    };
    let community = || Pair::community("8.1.2.0");
    let command =
        |note: Json| serde_json::json!({"on": "server", "command": "restart", "note": note});
    let mut plain = command(Json::Null);
    plain.as_object_mut().unwrap().remove("note");
    assert_eq!(restart(community()), plain);
    let note = "not before the file is mended: the server would not start with it";
    let refused = community().says("service", "no-such-parameter 1");
    assert_eq!(restart(refused), command(note.into()));
}

#[test]
fn the_base_level_of_a_sink_is_compared_where_no_server_names_its_contexts() {
    let place = Place::of(&Pair::community("8.1.2.0"));
    let file = Pair::community("8.1.2.0").file;
    place.write("reference.conf", &file.replace("any info", "any warning"));
    let differing = |arguments: &[&str]| {
        let (report, _) = place.report(arguments);
        let differences = report["differences"].as_array().unwrap().iter();
        let paths = differences.map(|one| one["path"].as_str().unwrap().to_owned());
        paths.collect::<Vec<String>>()
    };
    let against = ["check", "aerospike.conf", "--against", "reference.conf"];
    assert_eq!(differing(&against), ["logging.console.any"]);
    let contexts = differing(&[&against[..], &["--against", "node.json"]].concat());
    assert!(contexts.contains(&"logging.console.migrate".to_owned()));
    assert!(!contexts.contains(&"logging.console.any".to_owned()));
}
