//! The commands that mend a drift are those that the server takes: spelt for its release, with values that it does not
//! refuse, lists member by member. Read in the server's cfg_info.c and in the vendor's tools, or recorded.

mod checked;
mod pair;

use pair::Pair;

fn ee() -> Pair {
    Pair::enterprise("8.1.2.0")
}

/// The fixes, each with its note.
#[track_caller]
fn mends(pair: &Pair, expected: &[&str]) {
    assert_eq!(pair.compare().fixes, expected);
}

#[test]
fn the_replication_factor_is_dynamic_from_6_1_where_nothing_is_strongly_consistent() {
    let drifted =
        |build: &str| Pair::enterprise(build).reports("namespace", "replication-factor=3");
    for build in ["6.4.0.34", "8.1.2.0"] {
        drifted(build).differs(&["namespace.test.replication-factor: 2 → 3, drifted"]);
        mends(
            &drifted(build),
            &[
                "set-config:context=namespace;id=test;replication-factor=2",
                "recluster: (takes effect after it)",
            ],
        );
    }
    drifted("5.7.0.31").differs(&["namespace.test.replication-factor: 2 → 3, pending-restart"]);
    drifted("8.1.2.0")
        .says("namespace", "strong-consistency true")
        .reports("namespace", "strong-consistency=true")
        .differs(&["namespace.test.replication-factor: 2 → 3, pending-restart"]);
}

#[test]
fn what_the_server_refuses_in_this_namespace_takes_a_restart() {
    mends(
        &ee().says("namespace", "strong-consistency true").reports(
            "namespace",
            "strong-consistency=true;disable-write-dup-res=true",
        ),
        &["restart"],
    );
    mends(
        &ee().reports("namespace", "disable-write-dup-res=true"),
        &["set-config:context=namespace;id=test;disable-write-dup-res=false"],
    );
    mends(
        &ee().reports("namespace", "strong-consistency-allow-expunge=true"),
        &["restart"],
    );
    // Nothing below 1 can be set, though the server starts with 0.
    mends(
        &ee().reports("namespace", "storage-engine.compression-level=3"),
        &["restart"],
    );
}

#[test]
fn the_newest_parameters_are_dynamic_too() {
    ee().reports("service", "cgroup-mem-tracking=true")
        .differs(&["service.cgroup-mem-tracking: false → true, drifted"]);
    ee().reports("namespace", "tomb-raider-unmark-threads=4")
        .differs(&["namespace.test.tomb-raider-unmark-threads: 0 → 4, drifted"]);
}

#[test]
fn a_set_never_expires_at_minus_one() {
    let set = |ttl: &str| {
        ee().says("namespace", "set users {\ndefault-ttl -1\n}")
            .reports("namespace", "nsup-period=0;allow-ttl-without-nsup=false")
            .answers(
                "sets/test",
                &format!("ns=test:set=users:default-ttl={ttl};"),
            )
    };
    set("4294967295").is_equal();
    mends(
        &set("60"),
        &["set-config:context=namespace;id=test;set=users;default-ttl=-1"],
    );
}

#[test]
fn what_has_to_be_done_first_is_said() {
    let ttl = |nsup: &str| {
        ee().says("namespace", "nsup-period 60\ndefault-ttl 30d")
            .reports(
                "namespace",
                &format!("nsup-period={nsup};allow-ttl-without-nsup=false;default-ttl=0"),
            )
    };
    mends(
        &ttl("60"),
        &["set-config:context=namespace;id=test;default-ttl=2592000"],
    );
    mends(
        &ttl("0"),
        &[
            "set-config:context=namespace;id=test;default-ttl=2592000 (refused while `nsup-period` is 0 and `allow-ttl-without-nsup` is false)",
            "set-config:context=namespace;id=test;nsup-period=60",
        ],
    );
    let heartbeat = "heartbeat.interval=250;heartbeat.timeout=10;heartbeat.connect-timeout-ms=800";
    mends(
        &ee().reports("network", heartbeat),
        &[
            "set-config:context=network;heartbeat.connect-timeout-ms=500",
            "set-config:context=network;heartbeat.interval=150 (refused while `connect-timeout-ms` would be more than `interval` * `timeout` / 3)",
        ],
    );
    mends(
        &ee()
            .reports("service", "microsecond-histograms=true")
            .reports("namespace", "enable-benchmarks-read=true"),
        &[
            "set-config:context=namespace;id=test;enable-benchmarks-read=false",
            "set-config:context=service;microsecond-histograms=false (refused while a benchmark is enabled)",
        ],
    );
    mends(
        &Pair::community("6.4.0.34").reports("namespace", "memory-size=4294967296"),
        &[
            "set-config:context=namespace;id=test;memory-size=1073741824 (refused below half of what it is: in steps)",
        ],
    );
}

#[test]
fn parameters_of_the_index_stand_alone_up_to_6_4() {
    let old = Pair::enterprise("6.4.0.34")
        .says(
            "namespace",
            "index-type flash {\nmount /a\nmounts-size-limit 4G\n}\nsindex-type flash {\nmount /b\nmounts-size-limit 4G\n}",
        )
        .reports(
            "namespace",
            "index-type=flash;index-type.mount[0]=/a;index-type.mounts-size-limit=4294967296;index-type.mounts-high-water-pct=80;sindex-type=flash;sindex-type.mount[0]=/b;sindex-type.mounts-size-limit=4294967296;sindex-type.mounts-high-water-pct=80",
        );
    mends(
        &old,
        &[
            "set-config:context=namespace;id=test;mounts-high-water-pct=0",
            "set-config:context=namespace;id=test;sindex-type.mounts-high-water-pct=0",
        ],
    );
    let new = ee()
        .says(
            "namespace",
            "index-type flash {\nmount /a\nmounts-budget 4G\n}",
        )
        .reports(
            "namespace",
            "index-type=flash;index-type.mount[0]=/a;index-type.mounts-budget=4294967296;index-type.evict-mounts-pct=80",
        );
    mends(
        &new,
        &["set-config:context=namespace;id=test;index-type.evict-mounts-pct=0"],
    );
}

/// A data centre of the file, and what the server answers of it.
fn shipping(centre: &str, namespace: &str) -> Pair {
    let file = "xdr {\ndc D {\ntls-name t\nnode-address-port 10.0.0.1 3000\nnode-address-port 10.0.0.2 4333 peer\nperiod-ms 50\nnamespace test {\nship-set a\nship-set b\nhot-key-ms 200\n}\n}\n}";
    ee().says("top", file)
        .answers("get-config:context=xdr", "dcs=D;src-id=0")
        .answers("get-config:context=xdr;dc=D", centre)
        .answers("get-config:context=xdr;dc=D;namespace=test", namespace)
}

const CENTRE: &str =
    "tls-name=t;node-address-port=10.0.0.1:3000,10.0.0.2:4333:peer;period-ms=50;namespaces=test";
const SHIPPED: &str = "enabled=true;hot-key-ms=200;shipped-sets=a,b";

#[test]
fn seeds_of_a_data_centre_are_added_and_removed_one_by_one() {
    shipping(CENTRE, SHIPPED).is_equal();
    let seeds = CENTRE.replace("10.0.0.2:4333:peer", "10.0.0.3:3000");
    mends(
        &shipping(&seeds, SHIPPED),
        &[
            "set-config:context=xdr;dc=D;node-address-port=10.0.0.2:4333:peer;action=add",
            "set-config:context=xdr;dc=D;node-address-port=10.0.0.3:3000;action=remove",
        ],
    );
}

#[test]
fn what_is_shipped_can_be_added_to_and_not_taken_from() {
    mends(
        &shipping(CENTRE, &SHIPPED.replace("a,b", "a")),
        &["set-config:context=xdr;dc=D;namespace=test;ship-set=b"],
    );
    mends(
        &shipping(CENTRE, &SHIPPED.replace("a,b", "a,b,c")),
        &["restart"],
    );
}

#[test]
fn a_word_that_the_file_does_not_set_is_unset() {
    let named = format!("{SHIPPED};remote-namespace=other");
    mends(
        &shipping(CENTRE, &named),
        &["set-config:context=xdr;dc=D;namespace=test;remote-namespace=null"],
    );
}

#[test]
fn a_cluster_loses_its_name_by_a_word_up_to_6_4() {
    let unnamed = |build: &str| Pair::enterprise(build).writes("\tcluster-name main\n", "");
    mends(
        &unnamed("6.4.0.34"),
        &["set-config:context=service;cluster-name=null"],
    );
    mends(&unnamed("7.0.0.26"), &["restart"]);
}

#[test]
fn data_centres_and_their_namespaces_come_and_go() {
    mends(
        &shipping("", "").answers("get-config:context=xdr", "dcs=;src-id=0"),
        &[
            "set-config:context=xdr;dc=D;action=create",
            "set-config:context=xdr;dc=D;period-ms=50",
            "set-config:context=xdr;dc=D;tls-name=t",
            "set-config:context=xdr;dc=D;node-address-port=10.0.0.1:3000;action=add",
            "set-config:context=xdr;dc=D;node-address-port=10.0.0.2:4333:peer;action=add",
            "set-config:context=xdr;dc=D;namespace=test;action=add",
            "set-config:context=xdr;dc=D;namespace=test;hot-key-ms=200",
            "set-config:context=xdr;dc=D;namespace=test;ship-set=a",
            "set-config:context=xdr;dc=D;namespace=test;ship-set=b",
        ],
    );
    mends(
        &shipping(&CENTRE.replace("namespaces=test", "namespaces="), ""),
        &[
            "set-config:context=xdr;dc=D;namespace=test;action=add",
            "set-config:context=xdr;dc=D;namespace=test;hot-key-ms=200",
            "set-config:context=xdr;dc=D;namespace=test;ship-set=a",
            "set-config:context=xdr;dc=D;namespace=test;ship-set=b",
        ],
    );
    mends(
        &ee()
            .answers("get-config:context=xdr", "dcs=D;src-id=0")
            .answers("get-config:context=xdr;dc=D", "namespaces="),
        &["set-config:context=xdr;dc=D;action=delete"],
    );
    mends(
        &shipping(&CENTRE.replace("=test", "=test,more"), SHIPPED)
            .answers("get-config:context=xdr;dc=D;namespace=more", "enabled=true"),
        &["set-config:context=xdr;dc=D;namespace=more;action=remove"],
    );
}

#[test]
fn what_is_audited_is_said_one_by_one() {
    let pair = ee()
        .says(
            "top",
            "security {\nlog {\nreport-data-op test users\nreport-data-op-user joe\n}\n}",
        )
        .answers(
            "get-config:context=security",
            "enable-security=true;log.report-data-op[0]=test;log.report-data-op-role[0]=admin",
        );
    mends(
        &pair,
        &[
            "set-config:context=security;log.report-data-op=true;namespace=test;set=users",
            "set-config:context=security;log.report-data-op=false;namespace=test",
            "set-config:context=security;log.report-data-op=false;role=admin",
            "set-config:context=security;log.report-data-op=true;user=joe",
        ],
    );
}

/// The list is static, but single seeds come and go by commands of their own: thr_info.c and hb.c.
#[test]
fn a_mesh_seed_is_tipped_and_cleared() {
    let seed = |host: &str| format!("heartbeat.mesh-seed-address-port={host}");
    let note = "(or leave it: what `tip` added goes with the next restart)";
    let pair = ee().says(
        "heartbeat",
        "address 10.0.0.1\nmesh-seed-address-port 10.0.0.1 3002\nmesh-seed-address-port 10.0.0.2 3002",
    );
    let running = |seeds: &[&str]| {
        let seeds: Vec<String> = seeds.iter().map(|host| seed(host)).collect();
        let reported = [&["heartbeat.address=10.0.0.1".to_owned()], &seeds[..]].concat();
        pair.clone().also_reports("network", &reported.join(";"))
    };
    mends(
        &running(&["10.0.0.3:3002", "db4:3002"]),
        &[
            "tip:host=10.0.0.2;port=3002",
            &format!("tip-clear:host-port-list=10.0.0.3:3002,db4:3002 {note}"),
        ],
    );
    mends(
        &running(&["10.0.0.2:3002", "2001:db8::7:3002"]),
        &[&format!(
            "tip-clear:host-port-list=[2001:db8::7]:3002 {note}"
        )],
    );
    mends(
        &ee()
            .says(
                "heartbeat",
                "tls-port 3012\ntls-mesh-seed-address-port 10.0.0.2 3012\ntls-mesh-seed-address-port 10.0.0.3 3012",
            )
            .also_reports("network", "heartbeat.tls-port=3012"),
        &[
            "tip:host=10.0.0.2;port=3012;tls=true",
            "tip:host=10.0.0.3;port=3012;tls=true",
        ],
    );
}
