//! A running server, asked over its info protocol: what it says, what it hides, and how it fails.

mod loopback;

use std::net::TcpListener;
use std::time::{Duration, Instant};

use ascad::deadline::Deadline;
use ascad::sources::node::{Likely, Stage, Target, fetch};
use ascad::wire::Refusal;
use loopback::asking::{fails, soon, target};
use loopback::{Fault, Loopback, Play, recording};

const MINIMAL: &str = "8.1.2.0-minimal";
const RICH: &str = "5.7.0.31-rich";

fn likely(namespaces: &[&str], sinks: usize) -> Likely {
    Likely {
        namespaces: namespaces.iter().map(|name| (*name).to_owned()).collect(),
        sinks,
    }
}

#[track_caller]
fn fault(fault: Fault, stage: Stage, words: &str) {
    let node = Loopback::start(Play::of(recording(MINIMAL)).with_fault(fault));
    let start = Instant::now();
    fails(
        &target(&node),
        Deadline::after(Duration::from_millis(150)),
        stage,
        words,
    );
    assert!(start.elapsed() < Duration::from_secs(10));
}

#[test]
fn a_live_node_says_what_its_recording_says() {
    for name in [MINIMAL, RICH] {
        let recorded = recording(name);
        let node = Loopback::start(Play::of(recorded.clone()));
        let found = fetch(&target(&node), &Likely::default(), soon()).unwrap();
        assert_eq!(found.address, format!("127.0.0.1:{}", node.port()));
        assert!(found.notes.is_empty(), "{:?}", found.notes);
        let mut count = 0;
        for (command, answer) in found.answers.iter() {
            assert_eq!(
                recorded.get(command).map(String::as_str),
                Some(answer),
                "{command}"
            );
            count += 1;
        }
        assert!(count > 20, "{count}");
        let namespaces = recorded["namespaces"].split(';');
        let commands = namespaces.flat_map(|name| {
            [
                format!("get-config:context=namespace;id={name}"),
                format!("sets/{name}"),
            ]
        });
        for command in commands.chain(["logs".to_owned(), "get-config:context=xdr".to_owned()]) {
            assert!(found.answers.contains(&command), "{command}");
        }
    }
}

#[test]
fn one_message_is_enough_where_the_file_tells_everything() {
    let node = Loopback::start(Play::of(recording(RICH)));
    fetch(&target(&node), &likely(&["test", "bar"], 3), soon()).unwrap();
    assert_eq!((node.messages(), node.connections()), (1, 1));
}

#[test]
fn two_messages_are_enough_without_a_file() {
    let node = Loopback::start(Play::of(recording(RICH)));
    fetch(&target(&node), &Likely::default(), soon()).unwrap();
    assert_eq!((node.messages(), node.connections()), (2, 1));
}

#[test]
fn what_only_the_file_has_leaves_no_error_behind() {
    let node = Loopback::start(Play::of(recording(RICH)));
    let guess = likely(&["test", "gone", "a;b"], 9);
    let found = fetch(&target(&node), &guess, soon()).unwrap().answers;
    let value = |command| found.value(command).map(str::len).is_ok();
    assert!(value("get-config:context=namespace;id=bar") && value("log/2"));
    for command in ["get-config:context=namespace;id=gone", "sets/gone", "log/3"] {
        assert!(!found.contains(command), "{command}");
    }
}

#[test]
fn datacenters_cost_one_message_per_level() {
    let mut answers = recording(MINIMAL);
    answers.insert(
        "get-config:context=xdr".into(),
        "dcs=DC1,DC2;src-id=0".into(),
    );
    let dc = |name| format!("get-config:context=xdr;dc={name}");
    answers.insert(dc("DC1"), "auth-user=null;namespaces=test".into());
    answers.insert(dc("DC2"), "auth-user=null;namespaces=".into());
    answers.insert(
        format!("{};namespace=test", dc("DC1")),
        "bin-policy=all".into(),
    );
    let node = Loopback::start(Play::of(answers));
    let found = fetch(&target(&node), &likely(&["test"], 0), soon())
        .unwrap()
        .answers;
    let innermost = format!("{};namespace=test", dc("DC1"));
    assert_eq!(found.value(&innermost), Ok("bin-policy=all"));
    assert!(found.contains(&dc("DC2")));
    assert_eq!(node.messages(), 3);
}

#[test]
fn release_stands_in_where_build_is_gone() {
    let mut answers = recording(MINIMAL);
    answers.remove("build");
    answers.insert("release".into(), "version=9.0.0.0".into());
    let node = Loopback::start(Play::of(answers));
    let found = fetch(&target(&node), &Likely::default(), soon())
        .unwrap()
        .answers;
    assert_eq!(found.value("release"), Ok("version=9.0.0.0"));
    assert_eq!(node.messages(), 2);
}

#[test]
fn an_error_for_one_command_is_kept_for_whoever_needs_it() {
    let mut answers = recording(MINIMAL);
    let command = "get-config:context=service";
    answers.insert(command.into(), "ERROR:81:role violation".into());
    let node = Loopback::start(Play::of(answers));
    let found = fetch(&target(&node), &Likely::default(), soon())
        .unwrap()
        .answers;
    assert_eq!(
        found.value(command),
        Err(Refusal::Error("ERROR:81:role violation".into()))
    );
}

#[test]
fn a_node_that_is_still_starting_is_said_to_be() {
    let mut answers = recording(MINIMAL);
    let statistics = answers["statistics"].replace("cluster_size=1", "cluster_size=0");
    answers.insert("statistics".into(), statistics);
    let node = Loopback::start(Play::of(answers));
    let found = fetch(&target(&node), &Likely::default(), soon()).unwrap();
    assert_eq!(
        found.notes,
        ["the node is still starting: its cluster size is 0"]
    );
}

#[test]
fn the_order_and_the_pieces_of_an_answer_do_not_matter() {
    let healthy = Loopback::start(Play::of(recording(RICH)));
    let expected = fetch(&target(&healthy), &Likely::default(), soon())
        .unwrap()
        .answers;
    for fault in [
        Fault::Reverses,
        Fault::Pieces(1),
        Fault::Pieces(7),
        Fault::Pieces(1000),
    ] {
        let node = Loopback::start(Play::of(recording(RICH)).with_fault(fault));
        let found = fetch(&target(&node), &Likely::default(), soon())
            .unwrap()
            .answers;
        assert_eq!(found, expected);
    }
}

#[test]
fn ipv6_is_an_address_like_any_other() {
    let Ok(listener) = TcpListener::bind("[::1]:0") else {
        // The machine has no IPv6, so there is nothing to ask.
        return;
    };
    let node = Loopback::on(listener, Play::of(recording(MINIMAL)));
    let target = Target::plain("::1", node.port());
    let found = fetch(&target, &Likely::default(), soon()).unwrap();
    assert_eq!(found.address, format!("[::1]:{}", node.port()));
}

#[test]
fn a_name_is_looked_up_and_each_of_its_addresses_tried() {
    // Where localhost is ::1, too, nobody listens there on this port.
    let node = Loopback::start(Play::of(recording(MINIMAL)));
    let target = Target::plain("localhost", node.port());
    assert!(fetch(&target, &Likely::default(), soon()).is_ok());
}

#[test]
fn a_name_that_nobody_knows_fails_at_the_look_up() {
    // No label is longer than 63 letters, so no name server is asked.
    let host = "x".repeat(64);
    let error = fetch(&Target::plain(&host, 3000), &Likely::default(), soon()).unwrap_err();
    let error = error.to_string();
    assert!(
        error.starts_with(&format!("{host}:3000: look-up: ")),
        "{error}"
    );
}

#[test]
fn nobody_at_the_port_fails_at_connecting() {
    let free = TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap()
        .port();
    let target = Target::plain("127.0.0.1", free);
    fails(
        &target,
        soon(),
        Stage::Connect,
        "ADDRESS: connect: connection refused",
    );
}

#[test]
fn faults_of_the_answer_fail_at_asking() {
    let asking =
        |what, words: &str| fault(what, Stage::Asking, &format!("ADDRESS: asking: {words}"));
    asking(Fault::Silent, "time is up without an answer");
    asking(Fault::Closes, "the connection was closed without an answer");
    asking(
        Fault::Cuts(4),
        "the connection was closed after 4 of 8 bytes of the answer",
    );
    asking(
        Fault::Announces(1 << 47),
        "expected an answer of at most 16777216 bytes, but found 140737488355328 announced",
    );
    asking(
        Fault::Says(b"HTTP/1.1 400 Bad Request\r\n\r\n".to_vec()),
        "expected the info protocol, but found what looks like HTTP",
    );
    asking(
        Fault::Says(b"\x15\x03\x03\0\x02\x02\x28".to_vec()),
        "expected the info protocol, but found TLS, is `--tls-enable` missing?",
    );
    asking(
        Fault::Says(vec![0xff; 40]),
        "expected the info protocol, version 2, but found 255, is this a service port?",
    );
    asking(
        Fault::Says(vec![2, 1, 0, 0, 0, 0, 0, 0]),
        "answered none of the questions",
    );
    asking(
        Fault::Refuses("ERROR:80:not authenticated"),
        "answered `ERROR:80:not authenticated` to everything, are `--user` and `--password` missing?",
    );
    asking(
        Fault::Refuses("ERROR:9:timeout"),
        "answered `ERROR:9:timeout` to everything",
    );
}

#[test]
fn an_answer_that_ends_in_the_middle_says_how_much_has_come() {
    let node = Loopback::start(Play::of(recording(MINIMAL)).with_fault(Fault::Cuts(1000)));
    let error = fetch(&target(&node), &Likely::default(), soon())
        .unwrap_err()
        .to_string();
    assert!(
        error.contains(": asking: the connection was closed after 1000 of "),
        "{error}"
    );
}

#[test]
fn a_byte_now_and_then_does_not_outlive_the_deadline() {
    let drips = Fault::Drips(Duration::from_millis(20));
    let node = Loopback::start(Play::of(recording(MINIMAL)).with_fault(drips));
    let start = Instant::now();
    let deadline = Deadline::after(Duration::from_millis(200));
    let error = fetch(&target(&node), &Likely::default(), deadline)
        .unwrap_err()
        .to_string();
    assert!(error.contains(": asking: time is up after "), "{error}");
    assert!(start.elapsed() < Duration::from_secs(10));
}
