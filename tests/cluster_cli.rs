//! `ascad cluster` and `check --against cluster` with recorded clusters that live on loopback.

mod loopback;
mod program;

use std::net::TcpListener;

use loopback::{Loopback, Play, Recording};
use program::{Outcome, ascad, differences, json};
use serde_json::Value as Json;

/// A recorded cluster at the addresses that it had, on ports of its own.
struct Live {
    nodes: Vec<Option<Loopback>>,
    addresses: Vec<String>,
}

/// What a server works out from its CPUs is learned from this machine, which may have others than the recorded one.
const NO_THREADS: [&str; 4] = [
    "-i",
    "service.batch-index-threads",
    "-i",
    "service.service-threads",
];

/// The hosts of the nodes and their ids.
const DEMO: [(&str, &str); 3] = [
    ("127.0.0.11", "A1"),
    ("127.0.0.12", "A2"),
    ("127.0.0.13", "A3"),
];
const MIXED: [(&str, &str); 3] = [
    ("127.0.0.21", "B1"),
    ("127.0.0.22", "B2"),
    ("127.0.0.23", "B3"),
];
const PORTS: [(&str, &str); 3] = [
    ("127.0.0.1", "A1"),
    ("127.0.0.1", "A2"),
    ("127.0.0.1", "A3"),
];

fn recorded(path: &str) -> Recording {
    let path = format!(
        "{}/fixtures/captures/{path}/info.json",
        env!("CARGO_MANIFEST_DIR")
    );
    let answers: std::collections::BTreeMap<String, Json> =
        serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap();
    let text = |(command, answer): (String, Json)| Some((command, answer.as_str()?.to_owned()));
    answers.into_iter().filter_map(text).collect()
}

impl Live {
    /// Those of `down` have an address, and nobody answers there.
    fn start(cluster: &str, places: [(&str, &str); 3], down: &[usize]) -> Live {
        let bind = |(host, _)| TcpListener::bind(format!("{host}:0")).unwrap();
        let listeners: Vec<TcpListener> = places.into_iter().map(bind).collect();
        let addresses: Vec<String> = listeners
            .iter()
            .map(|listener| listener.local_addr().unwrap().to_string())
            .collect();
        let start = |(at, listener): (usize, TcpListener)| {
            if down.contains(&at) {
                return None;
            }
            let mut answers = recorded(&format!("{cluster}/node{}", at + 1));
            let others = (0..places.len()).filter(|other| *other != at);
            let peers: Vec<String> = others
                .map(|other| format!("[{},,[{}]]", places[other].1, addresses[other]))
                .collect();
            answers.insert(
                "peers-clear-std".into(),
                format!("4,3000,[{}]", peers.join(",")),
            );
            Some(Loopback::on(listener, Play::of(answers)))
        };
        Live {
            nodes: listeners.into_iter().enumerate().map(start).collect(),
            addresses,
        }
    }

    /// The report with `node1` and so on in the place of addresses.
    fn nameless(&self, text: &str) -> String {
        let each = self.addresses.iter().enumerate();
        each.fold(text.to_owned(), |text, (at, address)| {
            text.replace(address, &format!("node{}", at + 1))
        })
    }

    fn run(&self, arguments: &[&str]) -> Outcome {
        let outcome = ascad(arguments);
        Outcome {
            out: self.nameless(&outcome.out),
            err: self.nameless(&outcome.err),
            code: outcome.code,
        }
    }

    fn json(&self, arguments: &[&str]) -> (Json, Option<i32>) {
        let (report, code) = json(arguments);
        let nameless = self.nameless(&report.to_string());
        (serde_json::from_str(&nameless).unwrap(), code)
    }

    /// The differences that the recordings have when they are read from disk.
    fn expected(&self, cluster: &str) -> Vec<String> {
        let recordings = [1, 2, 3].map(|node| format!("{cluster}/node{node}/info.json"));
        let [one, two, three] = &recordings;
        let (report, _) = json(&["compare", one, two, three]);
        let named = |line: String| {
            let each = recordings.iter().enumerate();
            each.fold(line, |line, (at, name)| {
                line.replace(name, &format!("node{}", at + 1))
            })
        };
        differences(&report).into_iter().map(named).collect()
    }
}

#[track_caller]
fn case(cluster: &str, places: [(&str, &str); 3], count: usize) {
    let live = Live::start(cluster, places, &[]);
    for seed in &live.addresses {
        let (report, _) = live.json(&["cluster", seed]);
        let expected = live.expected(cluster);
        assert_eq!(differences(&report), expected);
        assert_eq!(expected.len(), count);
        let ids: Vec<&str> = report["sources"]
            .as_array()
            .unwrap()
            .iter()
            .map(|source| source["node"].as_str().unwrap())
            .collect();
        assert_eq!(ids, places.map(|(_, id)| id));
    }
    for node in live.nodes.iter().flatten() {
        // Two round trips for the seed, which nobody has told what to ask it; one for every other node.
        assert_eq!((node.connections(), node.messages()), (3, 4));
    }
}

#[test]
fn a_live_cluster_differs_as_its_recordings_do() {
    case("8.1.2.0-cluster", DEMO, 8);
    case("6.4.0.34-cluster", DEMO, 8);
    case("mixed", MIXED, 0);
    case("mixed-access", MIXED, 0);
    case("8.0.0.15-cluster-ports", PORTS, 11);
}

#[test]
fn a_person_sees_the_cluster_at_a_glance() {
    let live = Live::start("8.1.2.0-cluster", DEMO, &[]);
    let outcome = live.run(&["cluster", &live.addresses[2]]);
    let expected = "\
ASCAD CRITICAL - 72 of 351 settings differ among 3 nodes of demo: namespace.test.default-ttl on node2

logging /opt/aerospike/log/aerospike.log
  aggr, alloc, appeal, arenax, and 61 more contexts
                                   INFO            2 of 3
                                   WARNING         node3

namespace test
  default-ttl                      2592000         2 of 3
                                   1728000         node2
  set.audit.disable-eviction       true            2 of 3
                                   false (default) node3
  set.users.stop-writes-count      102400          2 of 3
                                   50000           node3

service
  enable-health-check              false           2 of 3
                                   true            node2
  migrate-threads                  1               2 of 3
                                   4               node3
  proto-fd-max                     15000           2 of 3
                                   12000           node2
  ticker-interval                  10              2 of 3
                                   5               node2

10 skipped, 0 unknown to the catalogue, 0 not comparable; -v lists them
";
    assert_eq!(
        outcome,
        Outcome {
            out: expected.to_owned(),
            err: String::new(),
            code: Some(2)
        }
    );
}

#[test]
fn a_node_that_is_down_is_never_left_out() {
    let live = Live::start("8.1.2.0-cluster", DEMO, &[1]);
    let flags = [
        "-i",
        "logging.**",
        "-i",
        "service.migrate-threads",
        "-i",
        "namespace.test.set.**",
    ];
    let outcome = live.run(&[&["cluster", live.addresses[0].as_str()], flags.as_slice()].concat());
    let expected = "\
ASCAD UNKNOWN - 273 settings agree among 2 of 3 nodes of demo: node2: connect: connection refused

not seen
  node2: connect: connection refused
";
    assert!(outcome.out.starts_with(expected), "{}", outcome.out);
    assert_eq!(outcome.code, Some(3));
    assert_eq!(outcome.err, "ascad: node2: connect: connection refused\n");
    let (report, code) = live.json(&["cluster", &live.addresses[0]]);
    assert_eq!(
        report["sources"][1].to_string(),
        r#"{"build":null,"name":"node2","node":"A2","reachable":false}"#
    );
    // What is known to differ is worse than what is not known.
    assert_eq!((&report["state"], code), (&Json::from("CRITICAL"), Some(2)));
}

#[test]
fn nobody_there_is_unknown() {
    let live = Live::start("mixed", MIXED, &[0, 1, 2]);
    let outcome = live.run(&["cluster", "-h", &live.addresses[0]]);
    let expected = "\
ASCAD UNKNOWN - nothing could be compared: node1: connect: connection refused

not seen
  node1: connect: connection refused
";
    assert_eq!((outcome.out.as_str(), outcome.code), (expected, Some(3)));
}

#[test]
fn a_cluster_of_one_has_nothing_to_compare_with() {
    let mut answers = recorded("mixed/node1");
    answers.insert("peers-clear-std".into(), "1,3000,[]".into());
    let statistics = answers["statistics"].replace("cluster_size=3", "cluster_size=1");
    answers.insert("statistics".into(), statistics);
    let alone = Loopback::start(Play::of(answers));
    let outcome = ascad(&["cluster", &format!("127.0.0.1:{}", alone.port())]);
    let expected = "ASCAD OK - nothing to compare with: it is the only node of mixed\n";
    assert_eq!((outcome.out.as_str(), outcome.code), (expected, Some(0)));
}

#[test]
fn a_node_without_an_address_is_called_by_its_id() {
    let mut answers = recorded("mixed/node1");
    answers.insert(
        "peers-clear-alt".into(),
        "1,3000,[[B2,,[]],[B3,,[]]]".into(),
    );
    let seed = Loopback::start(Play::of(answers));
    let seed = format!("127.0.0.1:{}", seed.port());
    let outcome = ascad(&["cluster", "--services-alternate", &seed]);
    let expected = "ascad: B2: look-up: its peers know no address of it\n\
                    ascad: B3: look-up: its peers know no address of it\n";
    assert_eq!((outcome.err.as_str(), outcome.code), (expected, Some(3)));
}

#[test]
fn clusters_and_files_are_compared_with_each_other_too() {
    let live = Live::start("mixed-access", MIXED, &[]);
    let source = format!("cluster:{}", live.addresses[1]);
    let (report, code) = live.json(&["compare", "mixed/node2/aerospike.conf", &source]);
    assert_eq!((differences(&report), code), (Vec::new(), Some(0)));
    assert_eq!(report["sources"].as_array().unwrap().len(), 4);
}

#[test]
fn a_file_is_compared_with_every_node_and_with_its_own_in_full() {
    let live = Live::start("8.1.2.0-cluster", DEMO, &[]);
    let source = format!("cluster:{}", live.addresses[1]);
    let file = "8.1.2.0-cluster/node1/aerospike.conf";
    let (report, code) = live.json(
        &[
            &["check", file, "--against", &source, "-i", "logging.**"],
            NO_THREADS.as_slice(),
        ]
        .concat(),
    );
    let seen: Vec<String> = report["differences"]
        .as_array()
        .unwrap()
        .iter()
        .map(|difference| {
            let runtimes = difference["runtimes"].as_object().unwrap();
            let says = |node: &str| {
                runtimes[node]["canonical"]
                    .as_str()
                    .unwrap_or("–")
                    .to_owned()
            };
            let path = difference["path"].as_str().unwrap();
            format!(
                "{path} {} {} {}",
                says("node1"),
                says("node2"),
                says("node3")
            )
        })
        .collect();
    let expected = [
        "namespace.test.default-ttl 2592000 1728000 2592000",
        "namespace.test.set.audit.disable-eviction true true false",
        "namespace.test.set.users.stop-writes-count 102400 102400 50000",
        "service.enable-health-check false true false",
        "service.migrate-threads 1 1 4",
        "service.proto-fd-max 15000 12000 15000",
        "service.ticker-interval 10 5 10",
    ];
    assert_eq!(seen, expected);
    assert_eq!((&report["node"]["id"], code), (&Json::from("A1"), Some(2)));
    let skipped = report["skipped"].as_array().unwrap();
    assert!(
        skipped
            .iter()
            .any(|one| one["path"] == "service.node-id" && one["why"] == "per-node")
    );
}

#[test]
fn whoever_is_woken_by_a_cluster_is_told_which_node_it_is() {
    let live = Live::start("8.1.2.0-cluster", DEMO, &[]);
    let source = format!("cluster:{}", live.addresses[0]);
    let file = "8.1.2.0-cluster/node1/aerospike.conf";
    let flags = [
        "-f",
        "nagios",
        "-i",
        "logging.**",
        "-i",
        "namespace.test.set.**",
    ];
    let check = ["check", file, "--against", &source];
    let outcome = live.run(&[check.as_slice(), &flags, &NO_THREADS].concat());
    let (status, _) = outcome.out.split_once(" | ").unwrap();
    assert!(
        status.starts_with("ASCAD CRITICAL - 5 of ")
            && status.ends_with(" on A1 (8.1.2.0): namespace.test.default-ttl drifted on node2"),
        "{status}"
    );
    let lines: Vec<&str> = outcome.out.lines().skip(1).take(3).collect();
    let expected = [
        "namespace.test.default-ttl drifted: file 30d, runtime 2592000 on 2, runtime 1728000 on node2",
        "service.enable-health-check drifted: file false, runtime false on 2, runtime true on node2",
        "service.migrate-threads drifted: file 1, runtime 1 on 2, runtime 4 on node3",
    ];
    assert_eq!(lines, expected);
}

#[test]
fn a_file_whose_own_node_has_another_address_says_so() {
    let live = Live::start("8.1.2.0-cluster", DEMO, &[]);
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("aerospike.conf");
    let text = std::fs::read_to_string(format!(
        "{}/fixtures/captures/8.1.2.0-cluster/node1/aerospike.conf",
        env!("CARGO_MANIFEST_DIR")
    ));
    let edited = text
        .unwrap()
        .replacen("access-address 127.0.0.11", "access-address 127.0.0.9", 1);
    std::fs::write(&path, edited).unwrap();
    let source = format!("cluster:{}", live.addresses[0]);
    let flags = ["-i", "logging.**", "-i", "namespace.**", "-i", "service.**"];
    let arguments = [
        &["check", path.to_str().unwrap(), "--against", &source],
        flags.as_slice(),
    ]
    .concat();
    let (report, _) = live.json(&arguments);
    let differences = report["differences"].as_array().unwrap();
    let paths: Vec<&str> = differences
        .iter()
        .map(|one| one["path"].as_str().unwrap())
        .collect();
    assert_eq!(paths, ["network.service.access-address"]);
}

#[test]
fn a_file_is_compared_with_the_nodes_that_can_be_seen() {
    let live = Live::start("mixed-access", MIXED, &[2]);
    let source = format!("cluster:{}", live.addresses[0]);
    let file = "mixed-access/node1/aerospike.conf";
    let arguments = ["check", file, "--against", &source];
    let outcome = live.run(&[arguments.as_slice(), &NO_THREADS].concat());
    let first = outcome.out.lines().next().unwrap_or_default();
    assert!(
        first.starts_with("ASCAD UNKNOWN - ")
            && first.ends_with(" agree on B1 (8.1.2.0): node3: connect: connection refused"),
        "{}",
        outcome.out
    );
    assert_eq!(outcome.code, Some(3));
}
