//! Many sources at once: who agrees with whom, and who is the outlier.

use ascad::catalogue::{Edition, Release};
use ascad::compare::{self, Kind, Outliers, Party, Role, Scope, outliers};
use ascad::conf;
use ascad::settings::answers::{self, Hints, Node};
use ascad::settings::{Machine, Settings, Value, Whereabouts, tree};
use ascad::wire::Answers;
use proptest::prelude::*;

fn file(text: &str) -> Settings {
    let release = Release::new(8, 1, 2);
    let template = conf::template::read(text.as_bytes());
    let (tree, _) = conf::parse(&template.text, release);
    tree::settle_template(&tree, &template, release, Edition::Enterprise)
}

/// A running server that says this about its service and network, and has one namespace.
fn server(build: &str, service: &str, network: &str) -> Settings {
    let mut answers = Answers::default();
    answers.insert("build", build);
    answers.insert("edition", "Aerospike Community Edition");
    answers.insert("namespaces", "test");
    answers.insert(
        "get-config:context=namespace;id=test",
        "storage-engine=memory",
    );
    answers.insert("sets/test", "");
    answers.insert("logs", "");
    answers.insert("get-config:context=service", service);
    let network = format!("{network};fabric.port=3001");
    answers.insert("get-config:context=network", network);
    let seen = answers::settle(&answers, &Hints::default());
    assert_eq!(seen.failures, Vec::<String>::new());
    seen.settings
}

/// `PATH: VALUE at PLACES | …`; `!` before whoever is not with the majority.
fn shown(outliers: &Outliers) -> Vec<String> {
    let show = |difference: &ascad::compare::Outlier| {
        let groups = difference.groups.iter().map(|group| {
            let value = match &group.value {
                Some(Value::One(one)) => one.clone(),
                Some(Value::Many(many)) => many.join(","),
                Some(Value::Anything) | None => "–".to_owned(),
            };
            let odd = if Some(group.camp) == difference.majority() {
                ""
            } else {
                "!"
            };
            format!("{odd}{value} at {:?}", group.sources)
        });
        format!(
            "{}: {}",
            difference.path,
            groups.collect::<Vec<_>>().join(" | ")
        )
    };
    outliers.differences.iter().map(show).collect()
}

#[track_caller]
fn case(sources: &[Settings], expected: &[&str]) {
    let all: Vec<&Settings> = sources.iter().collect();
    assert_eq!(shown(&outliers(&all, &Scope::default())), expected);
}

fn files(texts: &[&str]) -> Vec<Settings> {
    texts.iter().map(|text| file(text)).collect()
}

#[test]
fn most_are_right_and_a_tie_has_no_majority() {
    let with = |number: &str| format!("service {{\n proto-fd-max {number}\n}}\n");
    let texts = [with("15k"), with("15360"), with("1000"), String::new()];
    let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
    case(
        &files(&texts),
        &["service.proto-fd-max: 15360 at [0, 1] | !1000 at [2] | !15000 at [3]"],
    );
    case(
        &files(&texts[1..3]),
        &["service.proto-fd-max: !15360 at [0] | !1000 at [1]"],
    );
}

#[test]
fn silence_is_the_default() {
    let texts = [
        "namespace a {\n replication-factor 2\n}\n",
        "namespace a {\n}\n",
    ];
    case(&files(&texts), &[]);
}

#[test]
fn a_section_that_one_lacks_is_one_difference_and_the_others_still_differ_in_it() {
    let with =
        |number: u8| format!("namespace a {{\n replication-factor {number}\n nsup-period 9\n}}\n");
    let texts = [with(2), with(2), with(3), "namespace b {\n}\n".to_owned()];
    let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
    case(
        &files(&texts),
        &[
            "namespace.a: present at [0, 1, 2] | !– at [3]",
            "namespace.a.replication-factor: 2 at [0, 1] | !3 at [2]",
            "namespace.b: – at [0, 1, 2] | !present at [3]",
        ],
    );
}

#[test]
fn a_section_within_a_section_that_is_missing_is_not_missing_by_itself() {
    let texts = [
        "xdr {\n dc D {\n  namespace a {\n  }\n }\n}\n",
        "xdr {\n dc D {\n }\n}\n",
        "xdr {\n}\n",
    ];
    case(
        &files(&texts),
        &[
            "xdr.dc.D: present at [0, 1] | !– at [2]",
            "xdr.dc.D.namespace.a: !present at [0] | !– at [1]",
        ],
    );
}

#[test]
fn addresses_are_the_nodes_own_and_a_multicast_group_is_everybodys() {
    let with = |own: u8, group: u8| {
        format!(
            "network {{\n service {{\n  alternate-access-address 10.1.0.{own}\n }}\n heartbeat {{\n  mode multicast\n  \
             address 10.0.0.{own}\n  multicast-group 239.1.99.{group}\n }}\n}}\n"
        )
    };
    let texts = [with(1, 2), with(2, 2), with(3, 3)];
    let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
    case(&files(&texts[..2]), &[]);
    case(
        &files(&texts),
        &["network.heartbeat.multicast-group: 239.1.99.2 at [0, 1] | !239.1.99.3 at [2]"],
    );
}

/// The kind of difference between a reference, a file and nodes that have these numbers of threads.
#[track_caller]
fn kind(reference: u8, file_says: u8, nodes: &[u8], expected: Kind) {
    let said = |threads: u8| format!("migrate-threads {threads}");
    let text = |threads: u8| file(&format!("service {{\n {}\n}}\n", said(threads)));
    let node = |threads: &u8| {
        let service = said(*threads).replace(' ', "=");
        server("8.1.2.0", &service, "heartbeat.mode=mesh")
    };
    let (file, reference) = (text(file_says), text(reference));
    let nodes: Vec<Settings> = nodes.iter().map(node).collect();
    let party = |role, settings| Party { role, settings };
    let mut parties = vec![party(Role::File, &file), party(Role::Reference, &reference)];
    parties.extend(nodes.iter().map(|node| party(Role::Runtime, node)));
    let compared = compare::compare(&parties, &Scope::default());
    let found =
        |difference: &&compare::Difference| difference.path.as_str() == "service.migrate-threads";
    let difference = compared.differences.iter().find(found).unwrap();
    assert_eq!(difference.kind, expected);
}

#[test]
fn what_is_right_on_some_nodes_only_is_not_right() {
    kind(7, 1, &[7, 7], Kind::Latent);
    kind(7, 1, &[1, 1], Kind::Undeployed);
    kind(7, 1, &[7, 1], Kind::Undeployed);
    kind(7, 1, &[1, 7], Kind::Undeployed);
    kind(7, 1, &[7, 9], Kind::Diverged);
    kind(7, 1, &[1, 9], Kind::Diverged);
    kind(1, 1, &[1, 9], Kind::Drifted);
}

/// Mesh heartbeats at `own`, with these hosts as seeds, all at one port.
fn mesh(own: &str, seeds: &[&str]) -> Settings {
    let mut text =
        format!("network {{\n heartbeat {{\n  mode mesh\n  address {own}\n  port 3002\n");
    for seed in seeds {
        text.push_str(&format!("  mesh-seed-address-port {seed} 3002\n"));
    }
    file(&(text + " }\n fabric {\n  address any\n }\n}\n"))
}

#[test]
fn seeds_that_differ_by_the_nodes_own_addresses_are_equal() {
    let all = ["10.0.0.1", "10.0.0.2", "10.0.0.3"];
    let nodes = [
        mesh("10.0.0.1", &all[1..]),
        mesh("10.0.0.2", &all),
        mesh("10.0.0.3", &all[..2]),
        mesh("10.0.0.4", &all),
    ];
    case(&nodes, &[]);
    // Each names the other.
    case(
        &[
            mesh("10.0.0.1", &["10.0.0.2"]),
            mesh("10.0.0.2", &["10.0.0.1"]),
        ],
        &[],
    );
}

#[test]
fn a_node_whose_own_port_is_not_seen_is_no_outlier_for_lacking_its_own_seed() {
    let network = |own: &str, others: [&str; 2]| {
        let [one, two] = others.map(|host| format!("mesh-seed-address-port={host}:3002"));
        format!(
            "service.access-port=0;service.access-address={own};service.alternate-access-port=0;\
             heartbeat.mode=mesh;heartbeat.{one};heartbeat.{two};heartbeat.port=3002;fabric.send-threads=8"
        )
    };
    let nodes = [
        network("10.0.0.1", ["10.0.0.2", "10.0.0.3"]),
        network("10.0.0.2", ["10.0.0.1", "10.0.0.3"]),
        network("10.0.0.3", ["10.0.0.1", "10.0.0.2"]),
    ];
    let nodes: Vec<Settings> = nodes
        .iter()
        .enumerate()
        .map(|(place, network)| {
            let mut answers = Answers::default();
            answers.insert("build", "8.0.0.15");
            answers.insert("edition", "Aerospike Community Edition");
            let end = match place {
                1 => network.find(".port=3002").unwrap(),
                _ => network.len(),
            };
            answers.insert("get-config:context=network", &network[..end]);
            answers::settle(&answers, &Hints::default()).settings
        })
        .collect();
    case(&nodes, &[]);
}

#[test]
fn a_seed_that_is_missing_is_an_outlier() {
    let all = ["10.0.0.1", "10.0.0.2", "10.0.0.3"];
    let whole = "10.0.0.1:3002,10.0.0.2:3002,10.0.0.3:3002";
    let nodes = [
        mesh("10.0.0.1", &all),
        mesh("10.0.0.2", &all),
        mesh("10.0.0.3", &all[1..]),
    ];
    let expected = format!(
        "network.heartbeat.mesh-seed-address-port: {whole} at [0, 1] | !10.0.0.2:3002,10.0.0.3:3002 at [2]"
    );
    case(&nodes, &[&expected]);
}

#[test]
fn nodes_that_each_leave_out_their_own_seed_show_the_whole_list() {
    let all = ["10.0.0.1", "10.0.0.2", "10.0.0.3"];
    let nodes = [
        mesh("10.0.0.1", &all[1..]),
        mesh("10.0.0.2", &[all[0], all[2]]),
        mesh("10.0.0.3", &all[1..2]),
    ];
    let compared = outliers(&nodes.iter().collect::<Vec<_>>(), &Scope::default());
    let groups = &compared.differences[0].groups;
    let written: Vec<_> = groups
        .iter()
        .map(|group| group.written.as_deref())
        .collect();
    let whole = "10.0.0.1:3002, 10.0.0.2:3002, 10.0.0.3:3002";
    assert_eq!(written, [Some(whole), Some("10.0.0.2 3002")]);
}

#[test]
fn nodes_that_each_leave_out_their_own_name_agree() {
    let all = ["db1", "db2", "db3"];
    let but = |own: usize| {
        let others: Vec<&str> = (0..3).filter(|at| *at != own).map(|at| all[at]).collect();
        mesh("any", &others)
    };
    case(&[but(0), but(1), but(2)], &[]);
    let expected = "network.heartbeat.mesh-seed-address-port: \
                    db1:3002,db2:3002,db3:3002 at [0, 1] | !db1:3002,db3:3002 at [2]";
    case(&[mesh("any", &all), mesh("any", &all), but(1)], &[expected]);
}

#[test]
fn threads_that_follow_from_the_cpus_differ_with_the_machine() {
    let threads = |batch: u32, service: u32| {
        let service =
            format!("batch-index-threads={batch};service-threads={service};proto-fd-max=1");
        server("8.1.2.0", &service, "service.port=3000")
    };
    case(&[threads(8, 8), threads(16, 16), threads(8, 8)], &[]);
    // Somebody changed one of them.
    case(
        &[threads(8, 8), threads(8, 8), threads(8, 12)],
        &["service.service-threads: 8 at [0, 1] | !12 at [2]"],
    );
    // On whatever machine each is, only who changed them is odd.
    case(
        &[threads(8, 8), threads(16, 16), threads(8, 12)],
        &["service.service-threads: 8 at [0] | 16 at [1] | !12 at [2]"],
    );
    // What was set on all of them is no machine's.
    case(&[threads(8, 24), threads(8, 24), threads(4, 24)], &[]);
    case(
        &[threads(8, 24), threads(8, 24), threads(8, 20)],
        &["service.service-threads: 24 at [0, 1] | !20 at [2]"],
    );
}

#[test]
fn a_node_that_cannot_be_seen_and_a_silent_file_make_no_machine_odd() {
    let node = |number: u32| {
        let service = format!("batch-index-threads={number};service-threads={number}");
        server("8.1.2.0", &service, "service.port=3000")
    };
    let mut answers = Answers::default();
    answers.insert("build", "8.1.2.0");
    answers.insert("edition", "Aerospike Community Edition");
    let blind = answers::settle(&answers, &Hints::default()).settings;
    case(&[node(8), blind, node(16), node(4)], &[]);
    // Its answer breaks off behind the first of the two numbers.
    let start = "advertise-ipv6=false;auto-pin=none;batch-index-threads=12;batch-max-buffers-per-queue=255;bat";
    answers.insert("get-config:context=service", start);
    let cut = answers::settle(&answers, &Hints::default()).settings;
    case(&[node(8), cut, node(16), node(4)], &[]);
    let silent = file(
        "network {\n service {\n  port 3000\n }\n fabric {\n  port 3001\n }\n}\nnamespace test {\n storage-engine memory {\n }\n}\n",
    );
    case(&[silent, node(8), node(16)], &[]);
}

/// What a file leaves to the machine is another number on every node: one node's says nothing of the others.
#[test]
fn a_silent_file_means_something_else_on_every_node() {
    let machine = Machine::default();
    let file = file(
        "network {\n service {\n  port 3000\n }\n fabric {\n  port 3001\n }\n}\nnamespace test {\n storage-engine memory {\n }\n}\n",
    );
    let node = |batch: u32, service: u32| {
        let service = format!("batch-index-threads={batch};service-threads={service}");
        let mut settings = server("8.1.2.0", &service, "service.port=3000");
        settings.expect_from(&file, &Node::default(), &machine, Whereabouts::Elsewhere);
        settings
    };
    let compared = |nodes: [Settings; 3]| {
        let file = Party {
            role: Role::File,
            settings: &file,
        };
        let runtimes = nodes.iter().map(|settings| Party {
            role: Role::Runtime,
            settings,
        });
        let parties: Vec<Party<'_>> = std::iter::once(file).chain(runtimes).collect();
        let scope = Scope {
            elsewhere: vec![2, 3],
            ..Scope::default()
        };
        let differences = compare::compare(&parties, &scope).differences;
        let show = |one: &compare::Difference| format!("{} {:?}", one.path, one.disagreeing);
        differences.iter().map(show).collect::<Vec<_>>()
    };
    let nothing: [&str; 0] = [];
    assert_eq!(compared([node(8, 8), node(16, 16), node(4, 4)]), nothing);
    assert_eq!(
        compared([node(8, 8), node(16, 16), node(4, 9)]),
        ["service.service-threads [3]"]
    );
}

#[test]
fn what_each_release_has_by_default_is_no_difference_and_what_somebody_set_is() {
    let old = |more: &str| {
        server(
            "6.4.0.34",
            &format!("proto-fd-max=15000;{more}"),
            "service.port=3000",
        )
    };
    let new = |more: &str| {
        server(
            "8.1.2.0",
            &format!("proto-fd-max=15000;{more}"),
            "service.port=3000",
        )
    };
    case(
        &[old("sindex-gc-period=10"), new("salt-allocations=true")],
        &[],
    );
    case(
        &[
            old("ticker-interval=10"),
            new("ticker-interval=11"),
            new("ticker-interval=10"),
        ],
        &["service.ticker-interval: 10 at [0, 2] | !11 at [1]"],
    );
}

#[test]
fn marks_of_any_file_hold_for_all() {
    let texts = [
        "service {\n proto-fd-max 1000 # ascad: one-of 1000|2000\n ticker-interval 5 # ascad: ignore\n}\n",
        "service {\n proto-fd-max 2000\n ticker-interval 6\n}\n",
    ];
    case(&files(&texts), &[]);
}

#[test]
fn what_no_mark_calls_right_differs_from_what_it_does() {
    let texts = [
        "service {\n proto-fd-max 1024 # ascad: one-of 1k|2048\n}\n",
        "service {\n proto-fd-max 2k\n}\n",
        "service {\n proto-fd-max 4k\n}\n",
    ];
    case(
        &files(&texts),
        &["service.proto-fd-max: 1024 at [0] | 2048 at [1] | !4096 at [2]"],
    );
}

#[test]
fn a_thousand_sources_are_compared_in_a_moment() {
    let text = |at: usize| {
        let mut text = format!("service {{\n proto-fd-max {}\n}}\n", 1000 + at);
        for namespace in 0..10 {
            text.push_str(&format!(
                "namespace n{namespace} {{\n nsup-period {}\n default-ttl 5\n}}\n",
                at % 7
            ));
        }
        text
    };
    let sources: Vec<Settings> = (0..1000).map(|at| file(&text(at))).collect();
    let all: Vec<&Settings> = sources.iter().collect();
    let found = outliers(&all, &Scope::default());
    assert_eq!(found.differences.len(), 11);
    let groups: Vec<usize> = found
        .differences
        .iter()
        .map(|one| one.groups.len())
        .collect();
    assert_eq!(groups, [7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 1000]);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn a_source_agrees_with_itself_however_often(text in "(service|namespace x|network|xdr) \\{\n( [a-z-]{3,12} [a-z0-9]{1,6}\n){0,8}\\}\n", times in 2usize..6) {
        let sources = vec![file(&text); times];
        let all: Vec<&Settings> = sources.iter().collect();
        let strict = Scope { strict: true, ..Scope::default() };
        prop_assert!(outliers(&all, &strict).differences.is_empty());
    }

    #[test]
    fn the_order_of_the_sources_changes_no_group(values in prop::collection::vec(1u32..4, 2..8)) {
        let make = |value: &u32| file(&format!("service {{\n ticker-interval {value}\n}}\n"));
        let sources: Vec<Settings> = values.iter().map(make).collect();
        let forth: Vec<&Settings> = sources.iter().collect();
        let back: Vec<&Settings> = sources.iter().rev().collect();
        let sizes = |all: &[&Settings]| {
            let found = outliers(all, &Scope::default());
            let mut groups: Vec<(Option<Value>, usize)> = found
                .differences
                .iter()
                .flat_map(|one| &one.groups)
                .map(|group| (group.value.clone(), group.sources.len()))
                .collect();
            groups.sort_by_key(|(value, size)| (*size, format!("{value:?}")));
            groups
        };
        prop_assert_eq!(sizes(&forth), sizes(&back));
    }
}
