//! What other tools are silent about, and what a difference leads to, one case a line.

mod checked;
mod pair;
use ascad::catalogue::{Edition, Release};
use pair::Pair;

fn ce() -> Pair {
    Pair::community("8.1.2.0")
}

fn ee() -> Pair {
    Pair::enterprise("8.1.2.0")
}

#[test]
fn a_change_of_what_the_file_does_not_mention_is_found() {
    ce().reports("service", "migrate-threads=4")
        .differs(&["service.migrate-threads: 1 → 4, drifted"]);
    ce().reports(
        "namespace",
        "storage-engine.defrag-sleep=2000;geo2dsphere-within.max-cells=16",
    )
    .answers(
        "sets/test",
        "ns=test:set=made:objects=0:stop-writes-count=5;",
    )
    .answers(
        "log/0",
        "misc:INFO;migrate:DEBUG;namespace:INFO;tls:INFO;audit:INFO",
    )
    .differs(&[
        "logging.console.migrate: info → debug, drifted",
        "namespace.test.geo2dsphere-within.max-cells: 12 → 16, drifted",
        "namespace.test.set.made.stop-writes-count: 0 → 5, drifted",
        "namespace.test.storage-engine.defrag-sleep: 1000 → 2000, drifted",
    ]);
}

#[test]
fn a_default_at_run_time_is_a_difference_when_the_file_says_otherwise() {
    ce().says("namespace", "nsup-period 2m")
        .reports("namespace", "nsup-period=0")
        .differs(&["namespace.test.nsup-period: 120 → 0, drifted"]);
}

#[test]
fn an_answer_that_was_needed_and_not_had_is_a_failure() {
    let pair = ce().answers("get-config:context=service", "ERROR:81:role violation");
    let compared = pair.compare();
    assert_eq!(
        compared.failures,
        ["`get-config:context=service` answered `ERROR:81:role violation`"]
    );
    assert_eq!(compared.lines(), Vec::<String>::new());
    for command in [
        "get-config:context=network",
        "namespaces",
        "logs",
        "sets/test",
        "log/0",
    ] {
        let mut pair = ce();
        pair.answers.remove(command);
        let compared = pair.compare();
        assert_eq!(compared.failures, [format!("`{command}` was not answered")]);
        assert_eq!(compared.lines(), Vec::<String>::new(), "{command}");
    }
}

#[test]
fn a_missing_or_an_extra_brace_is_found_at_its_line() {
    let release = Release::NEWEST_KNOWN;
    for (file, line) in [("service {\n", 1), ("service {\n}\n}\n", 3)] {
        let (_, oddities) = ascad::conf::parse(file.as_bytes(), release);
        assert!(oddities[0].kind.breaks_structure(), "{file}");
        let seen = match oddities[0].kind {
            ascad::conf::OddityKind::MissingBrace(line) => line,
            _ => oddities[0].line,
        };
        assert_eq!(seen, line, "{file}");
    }
}

#[test]
fn what_the_catalogue_does_not_know_is_compared_as_text() {
    let compared = ce()
        .says("service", "brand-new 5")
        .reports("service", "brand-new=6")
        .compare();
    assert_eq!(
        compared.lines(),
        ["service.brand-new: 5 → 6, pending-restart"]
    );
    assert_eq!(compared.comparison.unknown.len(), 1);
    let compared = ce().reports("service", "brand-new=6").compare();
    assert_eq!(compared.comparison.unknown.len(), 1);
    let open: Vec<_> = compared
        .comparison
        .open
        .iter()
        .map(|(path, _)| path.to_string())
        .collect();
    assert_eq!(open, ["service.brand-new"]);
}

#[test]
fn a_newer_server_is_judged_by_the_newest_rows() {
    Pair::community("8.1.9.0")
        .says("service", "proto-fd-max 15k")
        .reports("service", "proto-fd-max=15360;ticker-interval=10")
        .is_equal();
}

#[test]
fn the_configured_rack_is_compared_and_reclustering_is_mentioned() {
    let pair = ee()
        .says("namespace", "rack-id 2")
        .reports("namespace", "rack-id=2");
    pair.clone()
        .answers("racks:", "ns=test:rack_1=CBB92:rack_2=BB92")
        .is_equal();
    let compared = pair.reports("namespace", "rack-id=3").compare();
    assert_eq!(compared.lines(), ["namespace.test.rack-id: 2 → 3, drifted"]);
    assert_eq!(
        compared.fixes,
        [
            "set-config:context=namespace;id=test;rack-id=2",
            "recluster: (takes effect after it)"
        ]
    );
}

#[test]
fn a_flag_is_on_whatever_follows() {
    let pair = Pair::community("5.7.0.31")
        .says("namespace", "enable-benchmarks-read false")
        .reports("namespace", "enable-benchmarks-read=true");
    pair.is_equal();
    assert_eq!(pair.codes(), ["always-on"]);
    Pair::community("6.4.0.34")
        .says("namespace", "enable-benchmarks-read false")
        .reports("namespace", "enable-benchmarks-read=true")
        .differs(&["namespace.test.enable-benchmarks-read: false → true, drifted"]);
    // Public sources of the releases between say both.
    for build in ["6.1.0.34", "6.3.0.22"] {
        let on = Pair::community(build).reports("namespace", "enable-benchmarks-read=true");
        on.clone()
            .says("namespace", "enable-benchmarks-read false")
            .is_equal();
        on.differs(&["namespace.test.enable-benchmarks-read: false → true, drifted"]);
        Pair::community(build)
            .says("namespace", "enable-benchmarks-read true")
            .reports("namespace", "enable-benchmarks-read=false")
            .differs(&["namespace.test.enable-benchmarks-read: true → false, drifted"]);
    }
}

#[test]
fn a_restart_is_not_enough_for_another_data_size() {
    let compared = ce()
        .reports("namespace", "storage-engine.data-size=2147483648")
        .compare();
    assert!(
        compared.fixes[0].contains("shared memory"),
        "{:?}",
        compared.fixes
    );
}

#[test]
fn recluster_is_mentioned_where_it_is_needed() {
    #[track_caller]
    fn case(reported: &str, expected: bool) {
        let fixes = ee().reports("namespace", reported).compare().fixes;
        let is_mentioned = fixes.iter().any(|fix| fix.starts_with("recluster:"));
        assert_eq!(is_mentioned, expected, "{fixes:?}");
    }
    case("rack-id=2", true);
    case("active-rack=2", true);
    case("prefer-uniform-balance=false", true);
    case("replication-factor=3", true);
    case("migrate-sleep=5", false);
}

#[test]
fn a_memory_engine_has_a_block_from_7_0_and_none_before() {
    let old = Pair::community("6.4.0.34");
    assert!(old.file.contains("storage-engine memory\n"));
    old.is_equal();
    ce().is_equal();
}

#[test]
fn old_files_are_parsed_whole() {
    let file = b"service {\n paxos-protocol v3\n user root\n}\nxdr {\n xdr-digestlog-path /opt/a 300G\n datacenter DC {\n dc-node-address-port 10.0.0.1 3000\n }\n}\nnamespace test {\n storage-engine memory\n xdr-remote-datacenter DC\n}\n";
    let (tree, oddities) = ascad::conf::parse(file, Release::new(4, 9, 0));
    assert!(
        oddities
            .iter()
            .all(|oddity| !oddity.kind.breaks_structure()),
        "{oddities:?}"
    );
    let settings = ascad::settings::tree::settle(&tree, Release::new(4, 9, 0), Edition::Enterprise);
    let paths: Vec<String> = settings.iter().map(|(path, _)| path.to_string()).collect();
    for path in [
        "service.paxos-protocol",
        "service.user",
        "xdr.xdr-digestlog-path",
        "xdr.datacenter.DC.dc-node-address-port",
        "namespace.test.xdr-remote-datacenter",
    ] {
        assert!(paths.iter().any(|seen| seen == path), "{path}: {paths:?}");
    }
}

#[test]
fn another_path_of_the_syslog_sink_is_one_difference() {
    let pair = ce()
        .says("logging", "syslog {\n path /run/log\n context any info\n}")
        .answers("logs", "0:stderr;1:/dev/log")
        .answers("log/1", "misc:INFO;audit:INFO");
    pair.differs(&["logging.syslog.path: /run/log → /dev/log, pending-restart"]);
    pair.answers("logs", "0:stderr;1:/run/log").is_equal();
}

#[test]
fn another_node_of_the_same_machine_is_no_own_seed() {
    let node = |hosts: &[&str]| {
        let seed = |host: &&str| format!("mesh-seed-address-port {host} 3002");
        let seeds = hosts.iter().map(seed).collect::<Vec<_>>().join("\n");
        Pair::community("8.1.2.0")
            .says("heartbeat", &format!("address 127.0.0.11\n{seeds}"))
            .also_reports(
                "network",
                "heartbeat.address=127.0.0.11;heartbeat.mesh-seed-address-port=127.0.0.12:3002;\
                 heartbeat.mesh-seed-address-port=127.0.0.13:3002",
            )
    };
    node(&["127.0.0.11", "127.0.0.12", "127.0.0.13"]).is_equal();
    node(&["127.0.0.12", "127.0.0.13"]).is_equal();
    node(&["127.0.0.11", "127.0.0.12"]).differs(&[
        "network.heartbeat.mesh-seed-address-port: [127.0.0.11:3002, 127.0.0.12:3002] → [127.0.0.12:3002, 127.0.0.13:3002], pending-restart",
    ]);
    node(&["127.0.0.11", "127.0.0.12", "127.0.0.13", "127.0.0.14"]).differs(&[
        "network.heartbeat.mesh-seed-address-port: [127.0.0.11:3002, 127.0.0.12:3002, 127.0.0.13:3002, 127.0.0.14:3002] → [127.0.0.12:3002, 127.0.0.13:3002], pending-restart",
    ]);
}

#[test]
fn a_loopback_seed_is_the_own_one_of_who_listens_there() {
    let node = |address: &str, own: &str| {
        Pair::community("8.1.2.0")
            .says(
                "heartbeat",
                &format!("{address}\nmesh-seed-address-port {own} 3002\nmesh-seed-address-port 10.0.0.2 3002"),
            )
            .also_reports("network", "heartbeat.mesh-seed-address-port=10.0.0.2:3002")
    };
    node("", "127.0.0.1").is_equal();
    node("", "localhost").is_equal();
    node("address any", "127.0.0.1")
        .also_reports("network", "heartbeat.address=any")
        .is_equal();
    node("address 127.0.0.1", "localhost")
        .also_reports("network", "heartbeat.address=127.0.0.1")
        .is_equal();
    node("address lo", "127.0.0.1")
        .also_reports("network", "heartbeat.address=lo")
        .is_equal();
}

#[test]
fn a_seed_in_the_place_of_one_that_is_reported_is_not_the_own_one_that_was_dropped() {
    let node = |seed: &str| {
        Pair::community("8.1.2.0")
            .says("network.service", "access-address 10.0.0.5")
            .says("heartbeat", &format!("mesh-seed-address-port {seed} 3002"))
            .also_reports(
                "network",
                "service.access-address=10.0.0.5;heartbeat.mesh-seed-address-port=127.0.0.1:3002",
            )
    };
    node("127.0.0.1").is_equal();
    node("10.9.9.9").differs(&[
        "network.heartbeat.mesh-seed-address-port: [10.9.9.9:3002] → [127.0.0.1:3002], pending-restart",
    ]);
}
