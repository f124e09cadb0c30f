//! The whole job from one settings file: `ascad check` with nothing else compares the file with GitLab, the master and
//! the running server at once, and what cannot be fetched takes nothing away from the rest.

#![allow(clippy::print_stdout)] // What was left out is for whoever runs the test.

mod loopback;
mod program;

use std::path::{Path, PathBuf};

use loopback::web::{Reply, Seen, Server, refused, reply};
use loopback::{Door, Loopback, Play};
use program::{Program, planted};
use serde_json::Value as Json;

const COMMIT: &str = "0123456789abcdef0123456789abcdef01234567";

fn demo(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("fixtures/demo")
        .join(name)
}

fn text(name: &str) -> String {
    std::fs::read_to_string(demo(name)).unwrap()
}

/// A GitLab that gives one file to whoever has the token.
fn gitlab(file: String) -> Server {
    let path =
        "/api/v4/projects/infra%2Faerospike/repository/files/clusters%2Fmini.conf/raw?ref=main";
    Server::http(move |seen: &Seen| -> Reply {
        let is_asked = seen.target == path && seen.header("private-token") == Some(planted::GITLAB);
        match is_asked {
            true => reply("200 OK", &[("X-Gitlab-Commit-Id", COMMIT)], &file),
            false => reply(
                "404 Not Found",
                &[],
                r#"{"message":"404 Project Not Found"}"#,
            ),
        }
    })
}

/// Runs `ascad check --settings FILE --format json` and nothing else; its exit code and its report.
fn check(gitlab: &str, masters: &[String], node: &str) -> (Option<i32>, Json) {
    let folder = tempfile::tempdir().unwrap();
    let token = folder.path().join("token");
    std::fs::write(&token, format!("{}\n", planted::GITLAB)).unwrap();
    let words = format!(
        "[check]\nconf = {:?}\nagainst = [\"gitlab\", \"master\", \"runtime\"]\ntimeout = 5\n\
         [gitlab]\nurl = {gitlab:?}\nproject = \"infra/aerospike\"\nref = \"main\"\n\
         path = \"clusters/{{cluster-name}}.conf\"\ntoken = \"file:{}\"\n\
         [reference.master]\nurls = {masters:?}\n[node]\nhost = {node:?}\n",
        demo("aerospike.conf"),
        token.display(),
    );
    check_as(&words)
}

/// The same with these settings.
fn check_as(settings: &str) -> (Option<i32>, Json) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("ascad.toml");
    std::fs::write(&path, settings).unwrap();
    let arguments = ["check", "--format", "json", "--settings"];
    let outcome = Program::new(&[&arguments[..], &[path.to_str().unwrap()]].concat())
        .with(&[("HOME", folder.path().to_str().unwrap())])
        .run();
    (outcome.code, serde_json::from_str(&outcome.out).unwrap())
}

fn node() -> Loopback {
    let recording = serde_json::from_str(&text("node.json")).unwrap();
    Loopback::start(Play::of(recording))
}

/// Path and kind of every difference but for what the machine of the test decides.
fn kinds(report: &Json) -> Vec<(String, String)> {
    let word = |value: &Json| value.as_str().unwrap().to_owned();
    let differences = report["differences"].as_array().unwrap().iter();
    let pairs = differences.map(|one| (word(&one["path"]), word(&one["kind"])));
    let derived = ["service-threads", "batch-index-threads", "mtu"];
    pairs
        .filter(|(path, _)| !derived.iter().any(|name| path.ends_with(name)))
        .collect()
}

fn names(report: &Json) -> Vec<(&str, &str)> {
    let sources = report["sources"].as_array().unwrap().iter();
    sources
        .map(|one| (one["role"].as_str().unwrap(), one["name"].as_str().unwrap()))
        .collect()
}

#[test]
fn the_settings_alone_compare_the_file_with_gitlab_master_and_runtime() {
    let gitlab = gitlab(text("reference.conf"));
    let master = Server::http(|_| reply("200 OK", &[], text("aerospike.conf")));
    let node = node();
    let masters = [
        format!("http://{}/a.conf", refused()),
        master.url("/a.conf"),
    ];
    let address = format!("127.0.0.1:{}", node.port());
    let (exit, report) = check(&gitlab.url(""), &masters, &address);
    assert_eq!(exit, Some(2));
    let conf = demo("aerospike.conf");
    let expected = [
        ("file", conf.to_str().unwrap()),
        ("reference", "gitlab"),
        ("reference", "master"),
        ("runtime", "runtime"),
    ];
    assert_eq!(names(&report), expected);
    assert_eq!(report["sources"][1]["commit"], COMMIT);
    assert_eq!(report["failures"], serde_json::json!([]));
    let kind = |path: &str, kind: &str| (path.to_owned(), kind.to_owned());
    let expected = [
        kind(
            "namespace.test.storage-engine.stop-writes-used-pct",
            "diverged",
        ),
        kind("network.fabric.send-threads", "pending-restart"),
        kind("service.migrate-threads", "drifted"),
        kind("service.ticker-interval", "undeployed"),
        kind("service.transaction-max-ms", "latent"),
    ];
    assert_eq!(kinds(&report), expected);
    let notes = report["notes"].to_string();
    assert!(
        notes.contains(&format!("the master is {}", master.url("/a.conf"))),
        "{notes}"
    );
}

#[test]
fn what_cannot_be_fetched_is_named_and_the_rest_is_compared() {
    let gitlab = gitlab(text("reference.conf"));
    let masters = [format!("http://{}/a.conf", refused())];
    let node = node();
    let (exit, report) = check(
        &gitlab.url(""),
        &masters,
        &format!("127.0.0.1:{}", node.port()),
    );
    assert_eq!(exit, Some(2));
    let failures = report["failures"].as_array().unwrap();
    assert_eq!(failures.len(), 1);
    assert_eq!(failures[0]["source"], "master");
    assert_eq!(kinds(&report).len(), 5);
    let (exit, report) = check(&gitlab.url(""), &masters, &refused().to_string());
    assert_eq!(
        (exit, report["failures"].as_array().unwrap().len()),
        (Some(2), 2)
    );
    let undeployed = kinds(&report)
        .into_iter()
        .filter(|(_, kind)| kind == "undeployed");
    assert_eq!(undeployed.count(), 3);
}

#[test]
fn a_master_is_asked_whatever_became_of_gitlabs_token() {
    let master = Server::http(|_| reply("200 OK", &[], text("reference.conf")));
    let (exit, report) = check_as(&format!(
        "[check]\nconf = {:?}\nagainst = [\"gitlab\", \"master\"]\n\
         [gitlab]\nproject = \"infra/aerospike\"\npath = \"a.conf\"\ntoken = \"file:none\"\n\
         [reference.master]\nurls = [{:?}]\n",
        demo("aerospike.conf"),
        master.url("/a.conf"),
    ));
    assert_eq!(exit, Some(2));
    let failures = report["failures"].as_array().unwrap();
    assert_eq!(failures.len(), 1, "{report}");
    assert_eq!(failures[0]["source"], "gitlab");
    assert_eq!(kinds(&report).len(), 3);
}

#[test]
fn the_commit_that_gitlab_served_is_said_where_details_are_wanted() {
    let gitlab = gitlab(text("reference.conf"));
    let folder = tempfile::tempdir().unwrap();
    let home = folder.path().to_str().unwrap();
    let (conf, url) = (demo("aerospike.conf"), gitlab.url(""));
    let source = "gitlab:infra/aerospike@main:clusters/mini.conf";
    let arguments = [
        "check",
        conf.to_str().unwrap(),
        "--against",
        source,
        "--gitlab-url",
        &url,
        "--gitlab-token",
        "env:THE_TOKEN",
    ];
    let run = |more: &[&str]| {
        let program = Program::new(&[&arguments[..], more].concat());
        let variables = [("HOME", home), ("THE_TOKEN", planted::GITLAB)];
        program.with(&variables).run().out
    };
    let detailed = run(&["-v"]);
    let said = format!("\ncommits\n  {source}  {COMMIT}\n");
    assert!(detailed.ends_with(&said), "{detailed}");
    assert!(!run(&[]).contains(COMMIT));
}

#[test]
fn a_problem_at_no_line_is_at_no_column() {
    let words = format!(
        "[check]\nconf = {:?}\nagainst = [{:?}]\n",
        demo("aerospike.conf"),
        demo("node.json")
    );
    let (_, report) = check_as(&words);
    let problem = &report["problems"][0];
    assert_eq!(problem["code"], "no-logging");
    assert!(
        problem["line"].is_null() && problem["column"].is_null(),
        "{problem}"
    );
}

/// A command that is given no CONF means this machine's, as `check` does.
#[test]
fn what_the_file_says_of_its_node_serves_the_commands_that_take_no_file() {
    let node = node();
    let gitlab = gitlab(text("reference.conf"));
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let conf = text("aerospike.conf").replace("port 3000", &format!("port {}", node.port()));
    std::fs::write(path("aerospike.conf"), conf).unwrap();
    std::fs::write(path("token"), planted::GITLAB).unwrap();
    let settings = format!(
        "[check]\nconf = {:?}\n[gitlab]\nurl = {:?}\nproject = \"infra/aerospike\"\nref = \"main\"\n\
         path = \"{{env:PLACE}}/{{cluster-name}}.conf\"\ntoken = \"file:{}\"\n",
        path("aerospike.conf"),
        gitlab.url(""),
        path("token"),
    );
    std::fs::write(path("ascad.toml"), settings).unwrap();
    let case = |line: &str, expected: &str| {
        let settings = path("ascad.toml");
        let words: Vec<&str> = line.split(' ').chain(["--settings", &settings]).collect();
        let home = path("");
        let program = Program::new(&words).with(&[("HOME", &home), ("PLACE", "clusters")]);
        let outcome = program.in_folder(folder.path()).run();
        assert!(outcome.out.contains(expected), "{line}: {outcome:?}");
    };
    let host = format!("127.0.0.1:{}", node.port());
    case("show runtime -f json", &format!("\"host\":\"{host}\""));
    case(
        "compare runtime aerospike.conf",
        "settings differ among 2 sources",
    );
    case("cluster -f json", &format!("\"name\":\"{host}\""));
    case("show gitlab", "service.ticker-interval = 5\n");
    case(
        "compare gitlab aerospike.conf",
        "settings differ among 2 sources",
    );
    // Who is named is asked.
    let elsewhere = format!("show runtime -h {}", refused());
    case(&elsewhere, "connection refused");
}

/// What may differ from node to node is not compared with the reference; what it says there is shown all the same.
#[test]
fn a_reference_is_not_said_to_lack_what_is_not_compared_with_it() {
    let folder = tempfile::tempdir().unwrap();
    let conf = folder.path().join("aerospike.conf");
    let marked =
        text("aerospike.conf").replace("send-threads 16", "send-threads 16 # ascad: per-node");
    std::fs::write(&conf, marked).unwrap();
    let sources = [demo("reference.conf"), demo("node.json")];
    let (_, report) = check_as(&format!(
        "[check]\nconf = {conf:?}\nagainst = {sources:?}\n"
    ));
    let differences = report["differences"].as_array().unwrap();
    let found = differences
        .iter()
        .find(|one| one["path"] == "network.fabric.send-threads");
    let found = found.unwrap();
    assert_eq!(found["kind"], "pending-restart");
    let sides = found["references"].as_object().unwrap();
    let values: Vec<&Json> = sides.values().map(|side| &side["value"]).collect();
    assert_eq!(values, ["16"]);
}

/// Whoever types a password may take longer than the node.
#[test]
fn the_time_that_a_password_takes_to_type_does_not_count() {
    let recording = serde_json::from_str(&text("node.json")).unwrap();
    let door = Door::Internal("joe", planted::NODE_HASH.to_owned());
    let node = Loopback::start(Play::of(recording).with_door(door));
    let folder = tempfile::tempdir().unwrap();
    let typed = folder.path().join("typed");
    std::fs::write(&typed, format!("{}\n", planted::NODE)).unwrap();
    let script = format!(
        "command -v script >/dev/null || exit 77; \
         {{ sleep 1; cat '{}'; sleep 0.2; }} | \
         script -qec \"$0 check {} -h 127.0.0.1:{} -U joe -P --timeout 0.8\" /dev/null",
        typed.display(),
        demo("aerospike.conf").display(),
        node.port(),
    );
    let variables = [("HOME", "/"), ("PATH", "/usr/bin:/bin"), ("NO_COLOR", "1")];
    let outcome = Program::of_shell(&script, &[]).with(&variables).run();
    if outcome.code == Some(77) {
        println!("left out: there is no script(1)");
        return;
    }
    assert_eq!(outcome.code, Some(2), "{outcome:?}");
    assert!(outcome.out.contains("Password for joe: "), "{outcome:?}");
    assert!(outcome.out.contains("ASCAD CRITICAL - "), "{outcome:?}");
}
