//! What a healthy server reports otherwise than its file says, and what stays a difference all the same. Read in the
//! server's cfg.c and cfg_info.c, or recorded.

mod checked;
mod pair;

use pair::Pair;

fn ee() -> Pair {
    Pair::enterprise("8.1.2.0")
}

#[test]
fn transactions_last_no_time_where_a_namespace_is_not_strongly_consistent() {
    ee().reports("namespace", "strong-consistency=false;mrt-duration=0")
        .is_equal();
    let consistent = ee()
        .says("namespace", "strong-consistency true")
        .reports("namespace", "strong-consistency=true");
    consistent
        .clone()
        .reports("namespace", "mrt-duration=10")
        .is_equal();
    consistent
        .reports("namespace", "mrt-duration=0")
        .differs(&["namespace.test.mrt-duration: 10 → 0, drifted"]);
    // The server goes on without them until it starts anew.
    ee().says("namespace", "strong-consistency true")
        .reports("namespace", "strong-consistency=false;mrt-duration=0")
        .differs(&["namespace.test.strong-consistency: true → false, pending-restart"]);
    ee().reports("namespace", "strong-consistency=true;mrt-duration=10")
        .differs(&["namespace.test.strong-consistency: false → true, pending-restart"]);
}

/// With this in the namespace, a server of ten CPUs reports so many threads, and one more is a difference.
#[track_caller]
fn threads(build: &str, memory: &str, engine: &str, reported: &str, expected: u32) {
    let pair = Pair::enterprise(build)
        .writes(memory, engine)
        .answers("get-config:context=namespace;id=test", reported);
    let service = |threads: u32| format!("batch-index-threads=10;service-threads={threads}");
    pair.clone()
        .reports("service", &service(expected))
        .is_equal();
    let seen = pair.reports("service", &service(expected + 1)).compare();
    assert_eq!(
        seen.lines(),
        [format!(
            "service.service-threads: {expected} → {}, drifted",
            expected + 1
        )]
    );
}

const MEMORY: &str = "storage-engine memory {\n\t\tdata-size 1G";
const OLD_MEMORY: &str = "storage-engine memory";

#[test]
fn a_namespace_whose_writes_are_committed_to_devices_takes_five_threads_for_each_cpu() {
    threads(
        "8.1.2.0",
        MEMORY,
        "storage-engine memory {\ncommit-to-device true\nfile /a\nfilesize 1G",
        "storage-engine=memory;storage-engine.commit-to-device=true;storage-engine.file[0]=/a;storage-engine.filesize=1073741824",
        50,
    );
    threads(
        "8.1.2.0",
        MEMORY,
        "storage-engine memory {\nfile /a\nfilesize 1G",
        "storage-engine=memory;storage-engine.commit-to-device=false;storage-engine.file[0]=/a;storage-engine.filesize=1073741824",
        10,
    );
    threads(
        "8.1.2.0",
        MEMORY,
        "storage-engine pmem {\ncommit-to-device true\nfile /a /b\nfilesize 1G",
        "storage-engine=pmem;storage-engine.commit-to-device=true;storage-engine.file[0]=/a;storage-engine.file[0].shadow=/b;storage-engine.filesize=1073741824",
        50,
    );
    threads(
        "6.4.0.34",
        OLD_MEMORY,
        "storage-engine device {\ndevice /dev/a\ndata-in-memory true\ncommit-to-device true\n}",
        "memory-size=1073741824;storage-engine=device;storage-engine.data-in-memory=true;storage-engine.commit-to-device=true;storage-engine.device[0]=/dev/a",
        50,
    );
    threads(
        "6.4.0.34",
        OLD_MEMORY,
        "storage-engine device {\ndevice /dev/a\ndata-in-memory true\n}",
        "memory-size=1073741824;storage-engine=device;storage-engine.data-in-memory=true;storage-engine.commit-to-device=false;storage-engine.device[0]=/dev/a",
        10,
    );
}

#[test]
fn a_tls_name_may_be_made_of_the_host_or_of_the_cluster() {
    let named = |name: &str, reported: &str| {
        ee().says(
            "network.service",
            &format!("tls-name {name}\ntls-port 4333"),
        )
        .reports(
            "network",
            &format!("service.tls-name={reported};service.tls-port=4333"),
        )
    };
    named("<hostname>", "db1.example.com").is_equal();
    named("<hostname>", "<hostname>").is_equal();
    named("<cluster-name>", "main").is_equal();
    named("<cluster-name>", "other")
        .differs(&["network.service.tls-name: <cluster-name> → other, pending-restart"]);
    named("<hostname>", "null")
        .differs(&["network.service.tls-name: <hostname> → , pending-restart"]);
    named("a", "b").differs(&["network.service.tls-name: a → b, pending-restart"]);
}

#[test]
fn a_heartbeat_without_a_tls_address_of_its_own_has_none() {
    let fabric = ee()
        .says("fabric", "tls-address 10.0.0.1")
        .reports("network", "fabric.tls-address=10.0.0.1");
    fabric.is_equal();
    fabric
        .reports("network", "heartbeat.tls-address=10.0.0.1")
        .differs(&["network.heartbeat.tls-address: [] → [10.0.0.1], pending-restart"]);
}

#[test]
fn an_index_of_another_type_is_one_difference() {
    let reported = "index-type=flash;index-type.mount[0]=/a;index-type.evict-mounts-pct=10;index-type.mounts-budget=4294967296";
    ee().reports("namespace", reported)
        .differs(&["namespace.test.index-type: shmem → flash, pending-restart"]);
    let flash = "index-type flash {\nmount /a\nmounts-budget 4G\nevict-mounts-pct 10\n}";
    ee().says("namespace", flash)
        .reports("namespace", reported)
        .is_equal();
    ee().says("namespace", flash)
        .reports("namespace", "index-type=shmem")
        .differs(&["namespace.test.index-type: flash → shmem, pending-restart"]);
    ee().says("namespace", &flash.replace("evict-mounts-pct 10", ""))
        .reports("namespace", reported)
        .differs(&["namespace.test.index-type.evict-mounts-pct: 0 → 10, drifted"]);
}

#[test]
fn what_every_silent_file_was_seen_to_mean_is_compared() {
    let unreadable = |build: &str, value: &str| {
        let reported = format!("migrate-skip-unreadable={value}");
        Pair::community(build).reports("namespace", &reported)
    };
    for build in ["7.0.0.26", "7.2.0.17"] {
        unreadable(build, "false").is_equal();
        unreadable(build, "true")
            .differs(&["namespace.test.migrate-skip-unreadable: false → true, pending-restart"]);
    }
    let partitions = |number: u32| {
        let reported = format!("sindex.num-partitions={number}");
        Pair::community("5.7.0.31").reports("namespace", &reported)
    };
    partitions(32).is_equal();
    partitions(16).differs(&["namespace.test.sindex.num-partitions: 32 → 16, pending-restart"]);
    let scheduled = |mode: &str| {
        let reported = "storage-engine=device;storage-engine.device[0]=/dev/a";
        let mode = format!("storage-engine.scheduler-mode={mode}");
        Pair::community("5.7.0.31")
            .writes("engine memory", "engine device {\n\t\tdevice /dev/a\n\t}")
            .reports("namespace", reported)
            .reports("namespace", &mode)
    };
    scheduled("null").is_equal();
    scheduled("noop")
        .differs(&["namespace.test.storage-engine.scheduler-mode:  → noop, pending-restart"]);
}

#[test]
fn of_several_agents_of_secrets_the_last_counts() {
    let said = "secrets-address-port 10.0.0.9 3005\nsecrets-address-port 10.0.0.8 3006 agent";
    let pair = ee().says("service", said);
    pair.clone()
        .reports("service", "secrets-address-port=10.0.0.8:3006:agent")
        .is_equal();
    pair.reports("service", "secrets-address-port=10.0.0.9:3005")
        .differs(&[
            "service.secrets-address-port: [10.0.0.8:3006:agent] → [10.0.0.9:3005], pending-restart",
        ]);
}
