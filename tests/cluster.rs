//! A cluster discovered from one of its nodes.

mod loopback;

use std::net::{Ipv4Addr, TcpListener};
use std::sync::Mutex;
use std::time::{Duration, Instant};

use ascad::deadline::Deadline;
use ascad::sources::cluster::{Member, fetch};
use ascad::sources::node::{Host, Likely, Target, Tls};
use ascad::sources::tls::{TlsOptions, client_config};
use loopback::certificates::{Authority, Blemish};
use loopback::cluster::Simulated;
use loopback::{Fault, Loopback, Play, Recording, recording};

fn minimal() -> Recording {
    recording("8.1.2.0-minimal")
}

fn likely() -> Likely {
    Likely {
        namespaces: vec!["test".to_owned()],
        sinks: 0,
    }
}

fn ask(seed: &Target) -> Vec<Member> {
    fetch(
        seed,
        &likely(),
        Deadline::after(Duration::from_secs(10)),
        &|_, _| (),
    )
}

/// `ID ADDRESS` of each, and the error of those that cannot be seen.
fn shown(members: &[Member]) -> Vec<String> {
    let show = |member: &Member| match &member.outcome {
        Ok(node) => {
            assert_eq!(node.answers.value("node"), Ok(member.id.as_str()));
            assert_eq!(node.address, member.address);
            format!("{} {}", member.id, member.address)
        }
        Err(error) => format!("{} {error:#}", member.id),
    };
    members.iter().map(show).collect()
}

/// Nodes on ports of one address, each naming the peers that `knows` lists for it: `ID=PORT` or a raw address.
struct Ports {
    listeners: Vec<TcpListener>,
}

impl Ports {
    fn bind(count: usize) -> Ports {
        let bind = |_| TcpListener::bind("127.0.0.1:0").unwrap();
        Ports {
            listeners: (0..count).map(bind).collect(),
        }
    }

    fn port(&self, place: usize) -> u16 {
        self.listeners[place].local_addr().unwrap().port()
    }

    fn peer(&self, id: &str, place: usize) -> String {
        format!("[{id},,[127.0.0.1:{}]]", self.port(place))
    }

    fn start(&self, place: usize, play: Play) -> Loopback {
        Loopback::on(self.listeners[place].try_clone().unwrap(), play)
    }
}

fn node(id: &str, peers: &[String]) -> Recording {
    let mut answers = minimal();
    answers.insert("node".into(), id.into());
    answers.insert(
        "peers-clear-std".into(),
        format!("4,3000,[{}]", peers.join(",")),
    );
    answers
}

#[test]
fn nodes_of_one_address_are_told_apart_by_port_and_id() {
    let ports = Ports::bind(3);
    let (one, two, three) = (
        ports.peer("A1", 0),
        ports.peer("A2", 1),
        ports.peer("A3", 2),
    );
    let nodes = [
        ports.start(0, Play::of(node("A1", &[two.clone(), three.clone()]))),
        ports.start(1, Play::of(node("A2", &[one.clone(), three]))),
        ports.start(2, Play::of(node("A3", &[one, two]))),
    ];
    let members = ask(&Target::plain("127.0.0.1", ports.port(1)));
    let expected: Vec<String> = (0..3)
        .map(|place| format!("A{} 127.0.0.1:{}", place + 1, ports.port(place)))
        .collect();
    assert_eq!(shown(&members), expected);
    for node in nodes {
        assert_eq!((node.connections(), node.messages()), (1, 1));
    }
}

#[test]
fn whom_only_a_peer_knows_is_found_too() {
    let ports = Ports::bind(4);
    let _nodes = [
        ports.start(0, Play::of(node("A1", &[ports.peer("A2", 1)]))),
        ports.start(
            1,
            Play::of(node("A2", &[ports.peer("A3", 2), ports.peer("A1", 0)])),
        ),
        ports.start(2, Play::of(node("A3", &[ports.peer("A4", 3)]))),
        ports.start(3, Play::of(node("A4", &[]))),
    ];
    let ids = |members: &[Member]| {
        members
            .iter()
            .map(|member| member.id.clone())
            .collect::<Vec<_>>()
    };
    assert_eq!(
        ids(&ask(&Target::plain("127.0.0.1", ports.port(0)))),
        ["A1", "A2", "A3", "A4"]
    );
}

#[test]
fn who_cannot_be_seen_is_never_left_out() {
    let ports = Ports::bind(3);
    let gone = TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap()
        .port();
    let peers = [
        ports.peer("A2", 1),
        format!("[A3,,[127.0.0.1:{gone}]]"),
        ports.peer("A4", 2),
        "[A5,,[]]".to_owned(),
    ];
    let _nodes = [
        ports.start(0, Play::of(node("A1", &peers))),
        ports.start(1, Play::of(node("A2", &[])).with_fault(Fault::Cuts(3))),
        ports.start(2, Play::of(node("B9", &[]))),
    ];
    let members = ask(&Target::plain("127.0.0.1", ports.port(0)));
    let (one, two, three) = (ports.port(0), ports.port(1), ports.port(2));
    assert_eq!(
        shown(&members),
        [
            format!("A1 127.0.0.1:{one}"),
            format!(
                "A2 127.0.0.1:{two}: asking: the connection was closed after 3 of 8 bytes of the answer"
            ),
            format!("A3 127.0.0.1:{gone}: connect: connection refused"),
            format!(
                "A4 127.0.0.1:{three}: asking: expected node `A4`, but found `B9` at its address"
            ),
            "A5 A5: look-up: its peers know no address of it".to_owned(),
        ]
    );
}

#[test]
fn the_next_address_is_tried_where_the_first_is_somebody_elses() {
    let ports = Ports::bind(2);
    let both = format!(
        "[A2,,[127.0.0.1:{},127.0.0.1:{}]]",
        ports.port(0),
        ports.port(1)
    );
    let _nodes = [
        ports.start(0, Play::of(node("A1", &[both]))),
        ports.start(1, Play::of(node("A2", &[]))),
    ];
    let members = ask(&Target::plain("127.0.0.1", ports.port(0)));
    assert_eq!(
        shown(&members)[1],
        format!("A2 127.0.0.1:{}", ports.port(1))
    );
}

#[test]
fn silent_nodes_cost_the_others_nothing_but_time() {
    let ports = Ports::bind(3);
    let _nodes = [
        ports.start(
            0,
            Play::of(node("A1", &[ports.peer("A2", 1), ports.peer("A3", 2)])),
        ),
        ports.start(1, Play::of(node("A2", &[])).with_fault(Fault::Silent)),
        ports.start(2, Play::of(node("A3", &[]))),
    ];
    let seed = Target::plain("127.0.0.1", ports.port(0));
    let start = Instant::now();
    let members = fetch(
        &seed,
        &likely(),
        Deadline::after(Duration::from_millis(300)),
        &|_, _| (),
    );
    assert!(start.elapsed() < Duration::from_secs(10));
    let shown = shown(&members);
    assert!(
        shown[1].ends_with(": asking: time is up without an answer"),
        "{shown:?}"
    );
    assert_eq!(shown[2], format!("A3 127.0.0.1:{}", ports.port(2)));
}

#[test]
fn alternate_addresses_are_used_where_they_are_asked_for() {
    let ports = Ports::bind(2);
    let mut answers = node("A1", &["[A2,,[192.0.2.1]]".to_owned()]);
    let alternate = format!("4,{},[[A2,,[127.0.0.1]]]", ports.port(1));
    answers.insert("peers-clear-alt".into(), alternate);
    let mut other = node("A2", &[]);
    other.insert("peers-clear-alt".into(), "4,3000,[]".into());
    let _nodes = [
        ports.start(0, Play::of(answers)),
        ports.start(1, Play::of(other)),
    ];
    let seed = Target {
        services_alternate: true,
        ..Target::plain("127.0.0.1", ports.port(0))
    };
    assert_eq!(
        shown(&ask(&seed))[1],
        format!("A2 127.0.0.1:{}", ports.port(1))
    );
}

#[test]
fn peers_are_asked_over_tls_under_their_own_names() {
    let authority = Authority::named("the cluster's");
    let server = |name| authority.server(&authority.sign(name, Blemish::None));
    let ports = Ports::bind(2);
    let mut answers = node("A1", &[]);
    let peers = format!("4,4333,[[A2,second,[127.0.0.1:{}]]]", ports.port(1));
    answers.insert("peers-tls-std".into(), peers);
    let mut other = node("A2", &[]);
    other.insert("peers-tls-std".into(), "4,4333,[]".into());
    let _nodes = [
        ports.start(0, Play::of(answers).with_tls(server("first"))),
        ports.start(1, Play::of(other).with_tls(server("second"))),
    ];
    let options = TlsOptions {
        ca_file: Some(authority.file()),
        ..TlsOptions::default()
    };
    let tls = Some(Tls {
        config: client_config(&options).unwrap(),
        name: Some("first".to_owned()),
    });
    let seed = Target {
        tls,
        ..Target::plain("127.0.0.1", ports.port(0))
    };
    assert_eq!(
        shown(&ask(&seed))[1],
        format!("A2 127.0.0.1:{}", ports.port(1))
    );
}

#[test]
fn a_port_without_peers_is_a_cluster_of_one_and_says_so() {
    let mut answers = minimal();
    answers.insert(
        "peers-clear-std".into(),
        "ERROR:4:unrecognized command".into(),
    );
    let alone = Loopback::start(Play::of(answers));
    let members = ask(&Target::plain("127.0.0.1", alone.port()));
    let notes = &members[0].outcome.as_ref().unwrap().notes;
    assert_eq!(
        notes[..],
        [
            "nobody else can be discovered: `peers-clear-std` answered `ERROR:4:unrecognized command`"
        ]
    );
}

#[test]
fn nodes_that_are_counted_but_not_named_are_never_left_out() {
    let mut answers = node("A1", &[]);
    answers.insert("statistics".into(), "cluster_size=3;cluster_key=K1".into());
    let admin = Loopback::start(Play::of(answers));
    let address = format!("127.0.0.1:{}", admin.port());
    let words = "only 1 of the cluster's 3 nodes can be discovered, is this an admin port?";
    assert_eq!(
        shown(&ask(&Target::plain("127.0.0.1", admin.port()))),
        [
            format!("A1 {address}"),
            format!(" {address}: asking: {words}")
        ]
    );
}

#[test]
fn a_seed_that_neither_counts_nor_names_the_others_is_not_alone_for_certain() {
    let refused = "`peers-clear-std` answered `ERROR:4:x`";
    for (statistics, words) in [
        (
            "uptime=1",
            "nobody else can be discovered: REFUSED; `statistics` have no `cluster_size`",
        ),
        (
            "cluster_size=3",
            "only 1 of the cluster's 3 nodes can be discovered: REFUSED, is this an admin port?",
        ),
    ] {
        let mut answers = node("A1", &[]);
        answers.insert("statistics".into(), statistics.into());
        answers.insert("peers-clear-std".into(), "ERROR:4:x".into());
        let seed = Loopback::start(Play::of(answers));
        let address = format!("127.0.0.1:{}", seed.port());
        let words = words.replace("REFUSED", refused);
        assert_eq!(
            shown(&ask(&Target::plain("127.0.0.1", seed.port()))),
            [
                format!("A1 {address}"),
                format!(" {address}: asking: {words}")
            ]
        );
    }
}

#[test]
fn the_next_seed_is_tried_while_nobody_answers() {
    let gone = TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap()
        .port();
    let seed = |port| Target {
        more_seeds: vec![Host::parse(&format!("127.0.0.1:{port}")).unwrap()],
        ..Target::plain("127.0.0.1", gone)
    };
    let alone = Loopback::start(Play::of(node("A1", &[])));
    assert_eq!(
        shown(&ask(&seed(alone.port()))),
        [format!("A1 127.0.0.1:{}", alone.port())]
    );
    let refused = format!(" 127.0.0.1:{gone}: connect: connection refused");
    assert_eq!(shown(&ask(&seed(gone))), [refused.clone(), refused]);
}

#[test]
fn a_node_that_sees_another_cluster_is_asked_whom_it_sees() {
    let ports = Ports::bind(4);
    let seen = |id: &str, key: &str, size: &str, peers: &[String]| {
        let mut answers = node(id, peers);
        answers.insert(
            "statistics".into(),
            format!("cluster_size={size};cluster_key={key}"),
        );
        Play::of(answers)
    };
    let nodes = [
        ports.start(
            0,
            seen("A1", "K1", "3", &[ports.peer("A2", 1), ports.peer("A3", 2)]),
        ),
        ports.start(1, seen("A2", "K1", "3", &[ports.peer("never", 0)])),
        ports.start(2, seen("A3", "K2", "2", &[ports.peer("A4", 3)])),
        ports.start(3, seen("A4", "K2", "2", &[])),
    ];
    let members = ask(&Target::plain("127.0.0.1", ports.port(0)));
    let ids: Vec<&str> = members.iter().map(|member| member.id.as_str()).collect();
    assert_eq!(ids, ["A1", "A2", "A3", "A4"]);
    let messages: Vec<usize> = nodes.iter().map(Loopback::messages).collect();
    assert_eq!(messages, [1, 1, 2, 2]);
}

#[test]
fn every_node_of_a_large_cluster_is_asked_once() {
    let cluster = Simulated::start(300, minimal());
    let seed = Target::plain(Simulated::host(17).to_string(), cluster.port);
    let progress = Mutex::new(Vec::new());
    let members = fetch(
        &seed,
        &likely(),
        Deadline::after(Duration::from_secs(20)),
        &|done, known| {
            progress.lock().unwrap().push((done, known));
        },
    );
    assert_eq!(members.len(), 300);
    assert!(members.iter().all(|member| member.outcome.is_ok()));
    assert_eq!(cluster.messages(), 300);
    let mut progress = progress.into_inner().unwrap();
    progress.sort_unstable();
    assert_eq!(progress.first(), Some(&(1, 300)));
    assert_eq!(progress.last(), Some(&(300, 300)));
    let seen: Ipv4Addr = Simulated::host(299);
    assert!(
        members
            .iter()
            .any(|member| member.address == format!("{seen}:{}", cluster.port))
    );
}
