//! Sources compared with each other: the differences of recorded clusters are those that their files were given on
//! purpose, and no others.

mod program;

use program::{Outcome, ascad, differences, json};
use serde_json::Value as Json;

fn recordings(cluster: &str) -> [String; 3] {
    ["node1", "node2", "node3"].map(|node| format!("{cluster}/{node}/info.json"))
}

fn files(cluster: &str) -> [String; 3] {
    ["node1", "node2", "node3"].map(|node| format!("{cluster}/{node}/aerospike.conf"))
}

fn compared(sources: &[String], flags: &[&str]) -> (Json, Option<i32>) {
    let sources: Vec<&str> = sources.iter().map(String::as_str).collect();
    json(&[&["compare"], sources.as_slice(), flags].concat())
}

/// What the three files of a cluster were given on purpose, read off `diff node1/aerospike.conf nodeN/aerospike.conf`.
fn deliberate(one: &str, two: &str, three: &str) -> Vec<String> {
    let odd_second = |path: &str, most: &str, odd: &str| {
        format!("{path}: {most} on {one} {three} | {odd} on {two}")
    };
    let odd_third = |path: &str, most: &str, odd: &str| {
        format!("{path}: {most} on {one} {two} | {odd} on {three}")
    };
    vec![
        odd_second("namespace.test.default-ttl", "2592000", "1728000"),
        odd_third("namespace.test.set.audit.disable-eviction", "true", "false"),
        odd_third(
            "namespace.test.set.users.stop-writes-count",
            "102400",
            "50000",
        ),
        odd_second("service.enable-health-check", "false", "true"),
        odd_third("service.migrate-threads", "1", "4"),
        odd_second("service.proto-fd-max", "15000", "12000"),
        odd_second("service.ticker-interval", "10", "5"),
    ]
}

fn levels(count: usize, one: &str, two: &str, three: &str) -> String {
    format!(
        "{count} levels of \"/opt/aerospike/log/aerospike.log\": info on {one} {two} | warning on {three}"
    )
}

#[track_caller]
fn case(sources: &[String; 3], contexts: usize, more: &[String]) {
    let [one, two, three] = sources;
    let (report, code) = compared(sources, &[]);
    let mut expected = deliberate(one, two, three);
    expected.extend(more.iter().cloned());
    expected.sort();
    expected.push(levels(contexts, one, two, three));
    assert_eq!(differences(&report), expected);
    assert_eq!((code, &report["state"]), (Some(2), &Json::from("CRITICAL")));
    assert_eq!(report["failures"], Json::Array(Vec::new()));
}

#[test]
fn recorded_clusters_differ_exactly_where_their_files_do() {
    case(&recordings("8.1.2.0-cluster"), 65, &[]);
    case(&recordings("6.4.0.34-cluster"), 60, &[]);
    let nodes = recordings("8.0.0.15-cluster-ports");
    let port = |path: &str, ports: [&str; 3]| {
        let said: Vec<String> = ports
            .iter()
            .zip(&nodes)
            .map(|(port, node)| format!("{port} on {node}"))
            .collect();
        format!("{path}: {}", said.join(" | "))
    };
    let ports = [
        port("network.fabric.port", ["3011", "3021", "3031"]),
        port("network.heartbeat.port", ["3012", "3022", "3032"]),
        port("network.service.port", ["3010", "3020", "3030"]),
    ];
    case(&nodes, 64, &ports);
}

#[test]
fn the_files_themselves_differ_in_the_same_places() {
    case(&files("8.1.2.0-cluster"), 1, &[]);
    case(&files("6.4.0.34-cluster"), 1, &[]);
}

#[test]
fn a_cluster_of_three_releases_with_one_configuration_agrees() {
    for cluster in ["mixed", "mixed-access"] {
        let (recordings, files) = (recordings(cluster), files(cluster));
        for sources in [
            recordings.to_vec(),
            files.to_vec(),
            [files, recordings].concat(),
        ] {
            let (report, code) = compared(&sources, &[]);
            assert_eq!(differences(&report), Vec::<String>::new());
            assert_eq!(code, Some(0), "{report}");
        }
    }
}

#[test]
fn a_node_is_as_it_was_when_another_has_left() {
    let (before, after) = (
        "8.1.2.0-cluster/node1/info.json".to_owned(),
        "8.1.2.0-cluster/after-node3-left/node1/info.json".to_owned(),
    );
    let (report, code) = compared(&[before, after], &[]);
    assert_eq!((differences(&report), code), (Vec::new(), Some(0)));
}

#[test]
fn strict_compares_what_may_differ_per_node_but_never_a_nodes_own_seed() {
    let nodes = recordings("8.1.2.0-cluster");
    let (report, _) = compared(&nodes, &["--strict", "--ignore", "logging.**"]);
    let paths: Vec<String> = differences(&report)
        .into_iter()
        .map(|line| line.split(':').next().unwrap().to_owned())
        .filter(|path| path.starts_with("network") || path.ends_with("node-id"))
        .collect();
    let expected = [
        "network.admin.address",
        "network.fabric.address",
        "network.heartbeat.address",
        "network.service.access-address",
        "network.service.address",
        "service.node-id",
    ];
    assert_eq!(paths, expected);
}

#[test]
fn what_is_ignored_is_left_out_and_counted() {
    let nodes = recordings("8.1.2.0-cluster");
    let flags = [
        "-i",
        "logging.**",
        "-i",
        "namespace.*.set.**",
        "-i",
        "service.*",
        "-i",
        "nothing",
    ];
    let (report, code) = compared(&nodes, &flags);
    let [one, two, three] = &nodes;
    assert_eq!(
        differences(&report),
        [format!(
            "namespace.test.default-ttl: 2592000 on {one} {three} | 1728000 on {two}"
        )]
    );
    assert_eq!(code, Some(2));
    let skipped = report["skipped"].as_array().unwrap();
    assert!(
        skipped
            .iter()
            .any(|one| one["path"] == "service.ticker-interval" && one["why"] == "ignored")
    );
    let (report, code) = compared(&nodes, &["-i", "**"]);
    assert_eq!((differences(&report), code), (Vec::new(), Some(3)));
}

#[test]
fn severity_is_the_outliers() {
    let nodes = recordings("8.1.2.0-cluster");
    let (report, code) = compared(&nodes, &["-w", "outlier"]);
    assert_eq!((&report["state"], code), (&Json::from("WARNING"), Some(1)));
}

#[test]
fn one_of_three_that_cannot_be_read_is_said_and_the_others_are_compared() {
    let file = "mixed/node1/aerospike.conf";
    let (report, code) = json(&[
        "compare",
        file,
        "nowhere.conf",
        "mixed/node2/aerospike.conf",
    ]);
    assert_eq!((&report["state"], code), (&Json::from("UNKNOWN"), Some(3)));
    let reachable: Vec<&Json> = report["sources"]
        .as_array()
        .unwrap()
        .iter()
        .map(|source| &source["reachable"])
        .collect();
    assert_eq!(reachable, [true, false, true]);
    assert_eq!(
        report["failures"].to_string(),
        r#"[{"message":"expected a file, but found none","source":"nowhere.conf"}]"#
    );
    assert_eq!(report["compared"], 11);
}

#[test]
fn a_source_that_is_not_wholly_seen_is_counted_once() {
    let [one, two, _] = recordings("mixed");
    let path = format!("{}/fixtures/captures/{two}", env!("CARGO_MANIFEST_DIR"));
    let mut answers: Json = serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap();
    for command in ["get-config:context=network", "sets/test"] {
        answers[command] = "ERROR:81:role violation".into();
    }
    let folder = tempfile::tempdir().unwrap();
    let refused = folder.path().join("refused.json");
    std::fs::write(&refused, answers.to_string()).unwrap();
    let refused = refused.to_str().unwrap();
    let says = |format: &str, expected: &str| {
        let outcome = ascad(&["compare", &one, &two, refused, "-f", format]);
        assert!(outcome.out.contains(expected), "{}", outcome.out);
    };
    says("nagios", " sources=3;;;0 unseen=1;;;0 ");
    says("checkmk", "|sources=3|unseen=1|");
    says("prometheus", "\nascad_compare_unseen_sources 1\n");
    let outcome = ascad(&[
        "check",
        "mixed/node2/aerospike.conf",
        "--against",
        refused,
        "-f",
        "prometheus",
    ]);
    assert!(
        outcome.out.contains("\nascad_unseen_sources 1\n"),
        "{}",
        outcome.out
    );
}

#[test]
fn a_source_that_is_named_twice_has_two_names() {
    let file = "mixed/node1/aerospike.conf";
    let (report, code) = json(&["compare", file, file, "mixed/node3/aerospike.conf"]);
    let names: Vec<&str> = report["sources"]
        .as_array()
        .unwrap()
        .iter()
        .map(|source| source["name"].as_str().unwrap())
        .collect();
    let twice = format!("{file} (2)");
    assert_eq!(names, [file, &twice, "mixed/node3/aerospike.conf"]);
    assert_eq!(code, Some(0));
}

#[test]
fn one_source_is_not_enough() {
    let outcome = ascad(&["compare", "mixed/node1/aerospike.conf"]);
    let expected = Outcome {
        out: "ASCAD UNKNOWN - nothing could be compared: expected two sources or more to compare with each other, but found one\n".to_owned(),
        err: "ascad: expected two sources or more to compare with each other, but found one\n"
            .to_owned(),
        code: Some(3),
    };
    assert_eq!(outcome, expected);
    assert_eq!(ascad(&["compare"]).code, Some(3));
}

#[test]
fn a_person_sees_what_most_have_and_who_differs() {
    let outcome = ascad(&[
        "compare",
        "6.4.0.34-cluster/node1/aerospike.conf",
        "6.4.0.34-cluster/node2/aerospike.conf",
        "6.4.0.34-cluster/node3/aerospike.conf",
    ]);
    let expected = "\
ASCAD CRITICAL - 8 of 27 settings differ among 3 sources: namespace.test.default-ttl on node2/aerospike.conf

logging /opt/aerospike/log/aerospike.log
  any                              info            2 of 3
                                   warning         node3/aerospike.conf

namespace test
  default-ttl                      30d = 2592000   2 of 3
                                   20d = 1728000   node2/aerospike.conf
  set.audit.disable-eviction       true            2 of 3
                                   false (default) node3/aerospike.conf
  set.users.stop-writes-count      100k = 102400   2 of 3
                                   50000           node3/aerospike.conf

service
  enable-health-check              false (default) 2 of 3
                                   true            node2/aerospike.conf
  migrate-threads                  1               2 of 3
                                   4               node3/aerospike.conf
  proto-fd-max                     15000           2 of 3
                                   12000           node2/aerospike.conf
  ticker-interval                  10              2 of 3
                                   5               node2/aerospike.conf

note: no server says its release; read as 6.4.0 would

5 skipped, 0 unknown to the catalogue, 0 not comparable; -v lists them
";
    assert_eq!((outcome.out.as_str(), outcome.code), (expected, Some(2)));
}

#[test]
fn three_hundred_sources_are_as_easy_to_read_as_three() {
    let folder = tempfile::tempdir().unwrap();
    let file = |at: usize| {
        let (threads, period) = (if at % 50 == 7 { 9 } else { 4 }, at % 8);
        let ttl = if at == 12 { "1d\x1b[2J" } else { "30d" };
        let text = format!(
            "# aerospike-server-version: 8.1.2\nservice {{\n migrate-threads {threads}\n}}\n\
             namespace test {{\n default-ttl {ttl}\n nsup-period {period}\n}}\n"
        );
        let path = folder.path().join(format!("node{at:03}.conf"));
        std::fs::write(&path, text).unwrap();
        path.to_str().unwrap().to_owned()
    };
    let files: Vec<String> = (0..300).map(file).collect();
    let files: Vec<&str> = files.iter().map(String::as_str).collect();
    let outcome = ascad(&[&["compare"], files.as_slice()].concat());
    let expected = "\
ASCAD CRITICAL - 3 of 3 settings differ among 300 sources: namespace.test.default-ttl on node012.conf

namespace test
  default-ttl                      30d = 2592000  299 of 300
                                   1d\\x1b[2J      node012.conf
  nsup-period                      0              node000.conf, node008.conf, node016.conf … and 35 others
                                   1              node001.conf, node009.conf, node017.conf … and 35 others
                                   2              node002.conf, node010.conf, node018.conf … and 35 others
                                   3              node003.conf, node011.conf, node019.conf … and 35 others
                                   4              node004.conf, node012.conf, node020.conf … and 34 others
                                   5              node005.conf, node013.conf, node021.conf … and 34 others
                                   … and 2 more values on 74 sources

service
  migrate-threads                  4              294 of 300
                                   9              node007.conf, node057.conf, node107.conf … and 3 others
";
    assert_eq!((outcome.out.as_str(), outcome.code), (expected, Some(2)));
}
