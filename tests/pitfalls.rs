//! What other tools get wrong, one case a line: no false alarm, no missed difference.

mod checked;
mod pair;

use pair::Pair;

fn ce() -> Pair {
    Pair::community("8.1.2.0")
}

fn ee() -> Pair {
    Pair::enterprise("8.1.2.0")
}

/// The file says the line, the server reports the pairs, and that is the same.
#[track_caller]
fn same(place: &str, line: &str, context: &str, pairs: &str) {
    ce().says(place, line).reports(context, pairs).is_equal();
}

#[test]
fn a_default_that_is_written_equals_silence() {
    same(
        "namespace",
        "replication-factor 2",
        "namespace",
        "replication-factor=2",
    );
    same(
        "heartbeat",
        "interval 150",
        "network",
        "heartbeat.interval=150",
    );
    ce().says("heartbeat", "interval 150").is_equal();
    ce().reports("network", "heartbeat.interval=150").is_equal();
}

#[test]
fn a_default_depends_on_the_edition() {
    let reported = "mrt-duration=0;prefer-uniform-balance=false;index-type=mem;sindex-type=mem";
    ce().reports("namespace", reported).is_equal();
    let reported = "mrt-duration=10;prefer-uniform-balance=true;index-type=shmem;sindex-type=shmem";
    ee().reports("namespace", reported).is_equal();
    ee().reports("namespace", "prefer-uniform-balance=false")
        .differs(&["namespace.test.prefer-uniform-balance: true → false, drifted"]);
}

#[test]
fn what_the_machine_decides_equals_silence() {
    let threads = "service-threads=10;batch-index-threads=10;node-id=BB9123456789ABC";
    let pair = ce()
        .reports("network", "heartbeat.mtu=9001")
        .reports("namespace", "index-type=mem;sindex-type=mem");
    pair.clone().reports("service", threads).is_equal();
    // On devices a server takes five threads for each CPU.
    pair.writes(
        "storage-engine memory {\n\t\tdata-size 1G",
        "storage-engine device {",
    )
    .says("storage", "device /dev/a")
    .answers(
        "get-config:context=namespace;id=test",
        "storage-engine=device",
    )
    .also_reports("namespace", "storage-engine.device[0]=/dev/a")
    .reports("service", "service-threads=50;batch-index-threads=10")
    .is_equal();
}

#[test]
fn an_m_of_an_integer_is_mebi_and_that_is_said() {
    let pair = ce()
        .says("service", "ticker-interval 1m")
        .reports("service", "ticker-interval=1048576");
    pair.is_equal();
    assert!(!pair.codes().is_empty(), "a word about `1m` is missing");
    assert!(ce().codes().len() < pair.codes().len());
}

#[test]
fn every_integer_takes_k_m_g_t_p() {
    same(
        "service",
        "proto-fd-max 15k",
        "service",
        "proto-fd-max=15360",
    );
    same(
        "namespace",
        "max-record-size 1M",
        "namespace",
        "max-record-size=1048576",
    );
    same(
        "namespace",
        "partition-tree-sprigs 1K",
        "namespace",
        "partition-tree-sprigs=1024",
    );
    same(
        "namespace",
        "index-stage-size 1g",
        "namespace",
        "index-stage-size=1073741824",
    );
    ce().says("namespace", "set a {\n stop-writes-count 1M\n}")
        .answers(
            "sets/test",
            "ns=test:set=a:objects=0:stop-writes-count=1048576:enable-index=false;",
        )
        .is_equal();
    let file = "storage-engine device {\nwrite-block-size 1m\nfile /a\nfilesize 1G\n}";
    Pair::community("6.4.0.34")
        .writes("storage-engine memory", file)
        .reports(
            "namespace",
            "storage-engine=device;storage-engine.write-block-size=1048576",
        )
        .also_reports(
            "namespace",
            "storage-engine.file[0]=/a;storage-engine.filesize=1073741824",
        )
        .is_equal();
}

#[test]
fn only_seconds_take_s_m_h_d() {
    same(
        "namespace",
        "default-ttl 30d",
        "namespace",
        "default-ttl=2592000",
    );
    same(
        "namespace",
        "nsup-hist-period 30m",
        "namespace",
        "nsup-hist-period=1800",
    );
    ee().says("top", "security {\n session-ttl 1h\n}")
        .answers(
            "get-config:context=security",
            "enable-security=true;session-ttl=3600",
        )
        .is_equal();
}

#[test]
fn names_and_hexadecimal_numbers_are_never_numbers() {
    same("service", "node-id 123E5", "service", "node-id=123E5");
    same("service", "node-id 0001", "service", "node-id=1");
    same("service", "node-id a1", "service", "node-id=A1");
    for name in ["123", "true", "1e5"] {
        let set = format!("set {name} {{\n enable-index true\n}}");
        let answer = format!("ns=test:set={name}:objects=0:enable-index=true:stop-writes-count=0;");
        ce().says("namespace", &set)
            .answers("sets/test", &answer)
            .is_equal();
        let path = format!("namespace.test.set.{name}.enable-index: true → false, drifted");
        let answer = answer.replace("index=true", "index=false");
        ce().says("namespace", &set)
            .answers("sets/test", &answer)
            .differs(&[&path]);
    }
    ce().writes("cluster-name main", "cluster-name 007")
        .reports("service", "cluster-name=007")
        .is_equal();
    ce().writes("cluster-name main", "cluster-name 007")
        .reports("service", "cluster-name=7")
        .differs(&["service.cluster-name: 007 → 7, drifted"]);
}

#[test]
fn a_value_with_equals_signs_and_commas_is_one_value() {
    let pattern = "uid=${un},ou=people,dc=example,dc=com";
    let pair = ee().says(
        "top",
        &format!("security {{\n ldap {{\n server ldap://a\n user-dn-pattern {pattern}\n }}\n}}"),
    );
    let answer =
        format!("enable-security=true;ldap.server=ldap://a;ldap.user-dn-pattern={pattern}");
    pair.clone()
        .answers("get-config:context=security", &answer)
        .is_equal();
    let answer = answer.replace("dc=com", "dc=org");
    pair.answers("get-config:context=security", &answer).differs(&[
        "security.ldap.user-dn-pattern: uid=${un},ou=people,dc=example,dc=com → uid=${un},ou=people,dc=example,dc=org, pending-restart",
    ]);
}

#[test]
fn log_levels_and_contexts_are_words_of_their_own() {
    ce().writes("context any info", "context any INFO")
        .is_equal();
    ce().says("console", "context namespace debug\ncontext tls debug")
        .answers(
            "log/0",
            "misc:INFO;migrate:INFO;namespace:DEBUG;tls:DEBUG;audit:INFO",
        )
        .is_equal();
}

#[test]
fn log_sinks_are_matched_by_path() {
    let sinks =
        "file /dev/null {\n}\nfile /var/log/asd-audit {\n context any info\n}\nfile a:b.log {\n}";
    let pair = ce()
        .says("logging", sinks)
        .answers(
            "logs",
            "0:stderr;1:/dev/null;2:/var/log/asd-audit;3:a:b.log",
        )
        .answers("log/1", "misc:CRITICAL;audit:CRITICAL")
        .answers("log/2", "misc:INFO;audit:INFO")
        .answers("log/3", "misc:CRITICAL;audit:CRITICAL");
    pair.is_equal();
    pair.clone()
        .answers("log/2", "misc:INFO;audit:DEBUG")
        .differs(&["logging.\"/var/log/asd-audit\".audit: info → debug, drifted"]);
    pair.answers("logs", "0:stderr;1:/dev/null;3:a:b.log")
        .differs(&["logging.\"/var/log/asd-audit\": present → -, pending-restart"]);
}

#[test]
fn one_context_set_at_run_time_is_exactly_that_one() {
    let pair = ce().says("console", "context migrate debug");
    let all = "misc:INFO;migrate:DEBUG;namespace:INFO;tls:INFO;audit:INFO";
    pair.clone().answers("log/0", all).is_equal();
    pair.answers("log/0", &all.replace("tls:INFO", "tls:DETAIL"))
        .differs(&["logging.console.tls: info → detail, drifted"]);
}

#[test]
fn the_nodes_own_mesh_seed_may_be_missing() {
    let seeds = "address 10.0.0.1\nmesh-seed-address-port 10.0.0.1 3002\nmesh-seed-address-port 10.0.0.2 3002";
    let pair = ce()
        .says("heartbeat", seeds)
        .also_reports("network", "heartbeat.address=10.0.0.1");
    let seed = |host: &str| format!("heartbeat.mesh-seed-address-port={host}:3002");
    pair.clone()
        .also_reports("network", &seed("10.0.0.2"))
        .is_equal();
    pair.clone()
        .also_reports("network", &[seed("10.0.0.2"), seed("10.0.0.1")].join(";"))
        .is_equal();
    pair.clone().also_reports("network", &seed("10.0.0.1")).differs(&[
        "network.heartbeat.mesh-seed-address-port: [10.0.0.1:3002, 10.0.0.2:3002] → [10.0.0.1:3002], pending-restart",
    ]);
    let tipped = [seed("10.0.0.2"), seed("10.0.0.3")].join(";");
    let compared = pair.also_reports("network", &tipped).compare();
    assert_eq!(compared.lines().len(), 1);
    assert!(compared.fixes[0].contains("tip"), "{:?}", compared.fixes);
}

#[test]
fn the_nodes_own_mesh_seed_may_be_an_address_of_ipv6() {
    ce().says(
        "heartbeat",
        "address 10.0.0.1\nmesh-seed-address-port 2001:DB8::1 3002\nmesh-seed-address-port 10.0.0.2 3002",
    )
    .also_reports(
        "network",
        "heartbeat.address=10.0.0.1;heartbeat.mesh-seed-address-port=10.0.0.2:3002",
    )
    .answers("service-clear-std", "10.0.0.1:3000,[2001:db8::1]:3000")
    .is_equal();
}

#[test]
fn the_nodes_own_mesh_seed_is_told_by_the_node_and_not_by_a_file_that_was_edited_since() {
    let seeds = "mesh-seed-address-port 10.0.0.1 3002\nmesh-seed-address-port 10.0.0.2 3002";
    let pair = ce()
        .says("heartbeat", seeds)
        .also_reports("network", "heartbeat.address=any;fabric.address=any")
        .also_reports("network", "heartbeat.mesh-seed-address-port=10.0.0.2:3002")
        .says("heartbeat", "address any")
        .says("fabric", "address any");
    pair.clone()
        .answers("service-clear-std", "10.0.0.7:3000")
        .differs(&[
            "network.heartbeat.mesh-seed-address-port: [10.0.0.1:3002, 10.0.0.2:3002] → [10.0.0.2:3002], pending-restart",
        ]);
    let advertised = pair
        .also_reports("network", "service.access-address=10.9.9.9")
        .answers("service-clear-std", "10.9.9.9:3000");
    advertised.differs(&["network.service.access-address: [] → [10.9.9.9], pending-restart"]);
    advertised
        .says("network.service", "access-address 10.9.9.9")
        .writes("port 3002\n", "port 3012\n")
        .differs(&["network.heartbeat.port: 3012 → 3002, pending-restart"]);
}

#[test]
fn twelve_devices_with_shadows_are_paired_by_their_numbers() {
    let file: Vec<String> = (0..12)
        .map(|at| format!("device /dev/a{at} /dev/b{at}"))
        .collect();
    let mut reported: Vec<String> = (0..12)
        .map(|at| format!("storage-engine.device[{at}]=/dev/a{at};storage-engine.device[{at}].shadow=/dev/b{at}"))
        .collect();
    reported.sort();
    let pair = ce()
        .writes(
            "storage-engine memory {\n\t\tdata-size 1G",
            "storage-engine device {",
        )
        .says("storage", &file.join("\n"))
        .answers(
            "get-config:context=namespace;id=test",
            "storage-engine=device",
        );
    pair.clone()
        .also_reports("namespace", &reported.join(";"))
        .is_equal();
    let swapped = reported.join(";").replace("=/dev/b10", "=/dev/x");
    let lines = pair.also_reports("namespace", &swapped).compare().lines();
    assert_eq!(lines.len(), 1);
    assert!(
        lines[0].starts_with("namespace.test.storage-engine.device: "),
        "{lines:?}"
    );
}

#[test]
fn the_order_of_a_set_plays_no_part_and_that_of_devices_does() {
    ce().says("network.service", "address 10.0.0.1\naddress 10.0.0.2")
        .also_reports(
            "network",
            "service.address=10.0.0.2;service.address=10.0.0.1",
        )
        .is_equal();
    let pair = ce()
        .writes(
            "storage-engine memory {\n\t\tdata-size 1G",
            "storage-engine device {",
        )
        .says("storage", "device /dev/a\ndevice /dev/b")
        .answers(
            "get-config:context=namespace;id=test",
            "storage-engine=device",
        );
    pair.clone()
        .also_reports(
            "namespace",
            "storage-engine.device[0]=/dev/a;storage-engine.device[1]=/dev/b",
        )
        .is_equal();
    pair.also_reports("namespace", "storage-engine.device[0]=/dev/b;storage-engine.device[1]=/dev/a")
        .differs(&[
            "namespace.test.storage-engine.device: [/dev/a, /dev/b] → [/dev/b, /dev/a], pending-restart",
        ]);
}

#[test]
fn not_set_is_spelt_in_many_ways() {
    ce().reports(
        "service",
        "pidfile=null;node-id-interface=undefined;vault-ca=null",
    )
    .reports(
        "network",
        "service.tls-port=0;service.access-port=0;service.tls-name=null",
    )
    .is_equal();
    ce().says("service", "pidfile /a")
        .reports("service", "pidfile=null")
        .differs(&["service.pidfile: /a → , pending-restart"]);
}

#[test]
fn strong_consistency_reports_overrides_that_the_file_may_not_hold() {
    ee().says("namespace", "strong-consistency true")
        .reports(
            "namespace",
            "strong-consistency=true;read-consistency-level-override=off",
        )
        .reports("namespace", "write-commit-level-override=off")
        .is_equal();
}

#[test]
fn the_section_turns_security_on() {
    let on = "enable-security=true;privilege-refresh-period=300";
    ee().says("top", "security {\n}")
        .answers("get-config:context=security", on)
        .is_equal();
    ee().answers("get-config:context=security", on)
        .differs(&["security.enable-security: false → true, pending-restart"]);
    ee().says("top", "security {\n}")
        .answers("get-config:context=security", "enable-security=false")
        .differs(&["security.enable-security: true → false, pending-restart"]);
}

#[test]
fn shipped_sets_are_the_ship_set_lines() {
    let pair = ee()
        .says(
            "top",
            "xdr {\ndc D {\nnamespace test {\nship-set a\nship-set b\n}\n}\n}",
        )
        .answers("get-config:context=xdr", "dcs=D;src-id=0;trace-sample=0")
        .answers(
            "get-config:context=xdr;dc=D",
            "auth-mode=none;namespaces=test",
        );
    let command = "get-config:context=xdr;dc=D;namespace=test";
    let answer = "enabled=true;bin-policy=all;shipped-bins=;shipped-sets=b,a";
    pair.clone().answers(command, answer).is_equal();
    pair.answers(command, "enabled=true;shipped-sets=a")
        .differs(&["xdr.dc.D.namespace.test.ship-set: [a, b] → [a], drifted"]);
}

#[test]
fn a_tls_section_is_known_by_its_name() {
    let pair = ee().says(
        "network",
        "tls b {\n cert-file /b\n}\ntls a {\n cert-file /a\n}",
    );
    let reported = "tls[0].name=a;tls[0].cert-file=/a;tls[1].name=b;tls[1].cert-file=/b";
    pair.clone().also_reports("network", reported).is_equal();
    pair.also_reports("network", &reported.replace("=/b", "=/c"))
        .differs(&["network.tls.b.cert-file: /b → /c, pending-restart"]);
}

#[test]
fn a_long_value_arrives_whole() {
    let hosts: Vec<String> = (0..100)
        .map(|at| format!("seed-{at:03}.example.com"))
        .collect();
    let lines: Vec<String> = hosts
        .iter()
        .map(|host| format!("mesh-seed-address-port {host} 3002"))
        .collect();
    let pairs: Vec<String> = hosts
        .iter()
        .map(|host| format!("heartbeat.mesh-seed-address-port={host}:3002"))
        .collect();
    ce().says("heartbeat", &lines.join("\n"))
        .also_reports("network", &pairs.join(";"))
        .is_equal();
}

#[test]
fn comments_line_ends_and_white_space_play_no_part() {
    let mut pair = ee()
        .says("service", "# } { \"\n\tproto-fd-max\t15000 # { é")
        .says("network", "tls x { # comment\n cert-file /a\n}")
        .also_reports("network", "tls[0].name=x;tls[0].cert-file=/a");
    pair.is_equal();
    pair.file = pair.file.replace('\n', "\r\n");
    pair.is_equal();
    pair.file.truncate(pair.file.trim_end().len());
    pair.is_equal();
}

#[test]
fn a_set_made_by_records_is_no_difference() {
    let set = "ns=test:set=demo:objects=7:tombstones=0:disable-eviction=false:enable-index=false:stop-writes-count=0:default-ttl=0;";
    ce().answers("sets/test", set).is_equal();
    ce().answers("sets/test", &set.replace("index=false", "index=true"))
        .differs(&["namespace.test.set.demo.enable-index: false → true, drifted"]);
}
