//! Odd but legal files, against what a healthy server reports of them; and what it reports after a change.

mod checked;
mod pair;

use pair::Pair;

fn ce(build: &str) -> Pair {
    Pair::community(build)
}

fn ee() -> Pair {
    Pair::enterprise("8.1.2.0")
}

/// A namespace on devices, with more lines in its engine.
fn on_devices(build: &str, lines: &str, reported: &str) -> Pair {
    let pair = match build < "7" {
        true => ce(build).writes(
            "storage-engine memory",
            "storage-engine device {\n#@storage\n}",
        ),
        false => ce(build).writes(
            "storage-engine memory {\n\t\tdata-size 1G",
            "storage-engine device {",
        ),
    };
    pair.says("storage", "file /a\nfilesize 1G")
        .says("storage", lines)
        .answers(
            "get-config:context=namespace;id=test",
            "storage-engine=device;storage-engine.filesize=1073741824;storage-engine.file[0]=/a",
        )
        .reports(
            "namespace",
            if build < "7" {
                "memory-size=1073741824"
            } else {
                "rack-id=0"
            },
        )
        .reports("namespace", reported)
}

#[test]
fn of_a_repeated_parameter_the_last_line_counts() {
    ce("8.1.2.0")
        .says("service", "proto-fd-max 1k\nproto-fd-max 2k")
        .reports("service", "proto-fd-max=2048")
        .is_equal();
    ce("8.1.2.0")
        .says(
            "top",
            "service {\nproto-fd-max 3k\n}\nservice {\nproto-fd-max 4k\n}",
        )
        .reports("service", "proto-fd-max=4096")
        .is_equal();
}

#[test]
fn a_repeated_address_or_seed_counts_once() {
    ce("8.1.2.0")
        .says(
            "network.service",
            "address any\naddress 10.0.0.1\naddress 10.0.0.1",
        )
        .says(
            "heartbeat",
            "mesh-seed-address-port 10.9.0.1 3002\nmesh-seed-address-port 10.9.0.1 3002",
        )
        .also_reports("network", "service.address=any;service.address=10.0.0.1")
        .also_reports("network", "heartbeat.mesh-seed-address-port=10.9.0.1:3002")
        .is_equal();
    ce("8.1.2.0")
        .says("fabric", "address eth0")
        .also_reports("network", "fabric.address=eth0;heartbeat.address=eth0")
        .is_equal();
}

#[test]
fn a_sink_that_stands_twice_is_two_sinks() {
    let sinks = "console {\n}\nfile /a {\ncontext any debug\n}\nfile /a {\ncontext rw detail\n}";
    let pair = ce("8.1.2.0")
        .says("logging", sinks)
        .answers("logs", "0:stderr;1:stderr;2:/a;3:/a")
        .answers("log/1", "misc:CRITICAL;rw:CRITICAL")
        .answers("log/2", "misc:DEBUG;rw:DEBUG")
        .answers("log/3", "misc:CRITICAL;rw:DETAIL");
    pair.is_equal();
    pair.answers("log/3", "misc:CRITICAL;rw:INFO")
        .differs(&["logging.\"/a (2)\".rw: detail → info, drifted"]);
}

#[test]
fn log_contexts_are_read_in_any_case() {
    ce("8.1.2.0")
        .writes(
            "context any info",
            "context ANY info\ncontext Migrate debug",
        )
        .answers("log/0", "misc:INFO;migrate:DEBUG")
        .is_equal();
}

#[test]
fn a_set_without_anything_is_no_setting() {
    ce("8.1.2.0")
        .says(
            "namespace",
            "set a\n}\nset b {\n}\nset b {\nenable-index true\n}",
        )
        .answers(
            "sets/test",
            "ns=test:set=a:objects=0:enable-index=false;ns=test:set=b:objects=0:enable-index=true;",
        )
        .is_equal();
    ce("8.1.2.0").says("namespace", "set a {\n}").is_equal();
    ce("8.1.2.0")
        .says("namespace", "set a {\nenable-index true\n}")
        .differs(&["namespace.test.set.a.enable-index: true → false, drifted"]);
}

#[test]
fn data_in_memory_needs_no_post_write_queue() {
    for build in ["5.7.0.31", "6.4.0.34"] {
        let reported = "storage-engine.data-in-memory=true;storage-engine.post-write-queue=0";
        on_devices(build, "data-in-memory true", reported).is_equal();
        // The server takes the line and does as it likes.
        on_devices(build, "data-in-memory true\npost-write-queue 512", reported).is_equal();
        let reported = "storage-engine.data-in-memory=true;storage-engine.post-write-queue=64";
        on_devices(build, "data-in-memory true\npost-write-queue 512", reported)
            .differs(&["namespace.test.storage-engine.post-write-queue: 0 → 64, drifted"]);
        let reported = "storage-engine.data-in-memory=false;storage-engine.post-write-queue=512";
        on_devices(
            build,
            "data-in-memory false\npost-write-queue 512",
            reported,
        )
        .is_equal();
        let reported = "storage-engine.data-in-memory=false;storage-engine.post-write-queue=256";
        on_devices(build, "", reported).is_equal();
    }
}

#[test]
fn a_post_write_queue_that_follows_from_where_the_data_were_is_no_difference_of_its_own() {
    let in_memory = |is: bool, queue: u32| {
        format!("storage-engine.data-in-memory={is};storage-engine.post-write-queue={queue}")
    };
    let only = |differs: &str| {
        format!("namespace.test.storage-engine.data-in-memory: {differs}, pending-restart")
    };
    for build in ["5.7.0.31", "6.4.0.34"] {
        for queue in ["", "\npost-write-queue 512"] {
            let (said, default) = (format!("data-in-memory true{queue}"), queue.is_empty());
            let ran = in_memory(false, if default { 256 } else { 512 });
            on_devices(build, &said, &ran).differs(&[&only("true → false")]);
            let said = format!("data-in-memory false{queue}");
            on_devices(build, &said, &in_memory(true, 0)).differs(&[&only("false → true")]);
        }
        // What was changed besides is one.
        let said = "data-in-memory true\npost-write-queue 512";
        on_devices(build, said, &in_memory(false, 64)).differs(&[
            &only("true → false"),
            "namespace.test.storage-engine.post-write-queue: 512 → 64, drifted",
        ]);
    }
}

#[test]
fn memory_may_be_backed_by_files_or_devices() {
    for (line, reported) in [
        (
            "file /a\nfile /b\nfilesize 1G",
            "storage-engine.file[0]=/a;storage-engine.file[1]=/b;storage-engine.filesize=1073741824",
        ),
        (
            "device /dev/a /dev/b",
            "storage-engine.device[0]=/dev/a;storage-engine.device[0].shadow=/dev/b",
        ),
    ] {
        ce("8.0.0.15")
            .writes("data-size 1G", line)
            .answers("get-config:context=namespace;id=test", "storage-engine=memory;storage-engine.data-size=0;storage-engine.flush-size=1048576;storage-engine.stripe[0]=s")
            .also_reports("namespace", reported)
            .is_equal();
    }
}

#[test]
fn an_engine_of_another_kind_differs_by_its_kind_and_its_files() {
    on_devices(
        "8.0.0.15",
        "read-page-cache true",
        "storage-engine.read-page-cache=true",
    )
    .answers(
        "get-config:context=namespace;id=test",
        "storage-engine=memory;storage-engine.data-size=1073741824",
    )
    .differs(&[
        "namespace.test.storage-engine: device → memory, pending-restart",
        "namespace.test.storage-engine.file: [/a] → [], pending-restart",
    ]);
}

#[test]
fn stage_sizes_and_sprigs_are_sizes() {
    ce("8.1.2.0")
        .says(
            "namespace",
            "index-stage-size 128M\nsindex-stage-size 1g\npartition-tree-sprigs 4k",
        )
        .reports(
            "namespace",
            "index-stage-size=134217728;sindex-stage-size=1073741824;partition-tree-sprigs=4096",
        )
        .is_equal();
}

#[test]
fn an_mtu_of_0_is_the_interfaces_own() {
    ce("8.1.2.0")
        .says("heartbeat", "mtu 0")
        .reports("network", "heartbeat.mtu=1500")
        .is_equal();
    ce("8.1.2.0")
        .says("heartbeat", "mtu 1400")
        .reports("network", "heartbeat.mtu=1500")
        .differs(&["network.heartbeat.mtu: 1400 → 1500, drifted"]);
}

#[test]
fn what_belongs_to_the_other_heartbeat_mode_is_not_reported() {
    ce("8.1.2.0")
        .says("heartbeat", "multicast-ttl 3\nmulticast-group 239.1.99.2")
        .is_equal();
    ce("8.1.2.0")
        .writes("mode mesh", "mode multicast\nmulticast-group 239.1.99.2\nmesh-seed-address-port 10.0.0.2 3002")
        .reports("network", "heartbeat.mode=multicast;heartbeat.multicast-group=239.1.99.2;heartbeat.multicast-ttl=0")
        .is_equal();
}

#[test]
fn the_admin_port_and_the_info_port_that_is_gone() {
    ce("8.1.2.0")
        .says("network", "admin {\nport 3008\naddress localhost\n}")
        .also_reports("network", "admin.port=3008;admin.address=localhost;admin.tls-port=0;admin.disable-localhost=false")
        .is_equal();
    ce("8.1.2.0")
        .reports("network", "admin.port=0;admin.tls-name=null")
        .is_equal();
    ce("8.1.2.0")
        .says("network", "info {\nport 3003\n}")
        .is_equal();
    ce("8.0.0.15")
        .says("network", "info {\nport 3003\n}")
        .reports("network", "info.port=3003")
        .is_equal();
    ce("8.0.0.15")
        .says("network", "info {\nport 3003\n}")
        .reports("network", "info.port=3004")
        .differs(&["network.info.port: 3003 → 3004, pending-restart"]);
}

#[test]
fn two_namespaces_are_told_apart() {
    let pair = ce("8.1.2.0")
        .says(
            "top",
            "namespace b {\nnsup-period 1m\nstorage-engine memory {\ndata-size 1G\n}\n}",
        )
        .answers("namespaces", "b;test")
        .answers(
            "get-config:context=namespace;id=b",
            "nsup-period=60;storage-engine=memory;storage-engine.data-size=1073741824",
        )
        .answers("sets/b", "");
    pair.is_equal();
    pair.clone()
        .answers("namespaces", "test")
        .differs(&["namespace.b: present → -, pending-restart"]);
    pair.answers(
        "get-config:context=namespace;id=b",
        "nsup-period=0;storage-engine=memory;storage-engine.data-size=1073741824",
    )
    .differs(&["namespace.b.nsup-period: 60 → 0, drifted"]);
}

#[test]
fn undefined_on_what_the_file_leaves_out_is_nothing() {
    ee().says("namespace", "strong-consistency true")
        .reports(
            "namespace",
            "strong-consistency=true;conflict-resolution-policy=undefined",
        )
        .is_equal();
    ee().reports("namespace", "index-type=undefined").is_equal();
    ee().says("namespace", "conflict-resolution-policy generation")
        .reports("namespace", "conflict-resolution-policy=undefined")
        .differs(&["namespace.test.conflict-resolution-policy: generation → , drifted"]);
}

#[test]
fn a_heartbeat_without_an_address_is_reported_at_the_fabrics() {
    let on = |address: &str| {
        ee().says("fabric", "address 10.0.0.1").also_reports(
            "network",
            &format!("fabric.address=10.0.0.1;heartbeat.address={address}"),
        )
    };
    on("10.0.0.1").is_equal();
    on("10.0.0.2").differs(&["network.heartbeat.address: [] → [10.0.0.2], pending-restart"]);
}

#[test]
fn a_list_with_a_default_that_is_not_reported_is_not_compared() {
    ee().says("network.service", "tls-authenticate-client any")
        .is_equal();
    ee().says("network.service", "tls-authenticate-client false")
        .also_reports("network", "service.tls-authenticate-client=false")
        .is_equal();
    ee().also_reports("network", "service.tls-authenticate-client=any")
        .is_equal();
    ee().also_reports("network", "service.tls-authenticate-client=false")
        .differs(&["network.service.tls-authenticate-client: [any] → [false], pending-restart"]);
}

#[test]
fn negative_numbers_are_what_the_server_makes_of_them() {
    ce("6.2.0.1")
        .says("fabric", "keepalive-intvl -1")
        .reports("network", "fabric.keepalive-intvl=-1")
        .is_equal();
    ce("6.4.0.34")
        .says("namespace", "default-ttl -1")
        .reports("namespace", "default-ttl=0")
        .is_equal();
    ce("8.1.2.0")
        .says("namespace", "set a {\ndefault-read-touch-ttl-pct -1\n}")
        .answers(
            "sets/test",
            "ns=test:set=a:objects=0:default-read-touch-ttl-pct=4294967295;",
        )
        .is_equal();
}

#[test]
fn yes_and_no_were_booleans_up_to_7_1() {
    ce("7.1.0.23")
        .says(
            "service",
            "enable-health-check YES\nrun-as-daemon no\nenable-hist-info",
        )
        .reports("service", "enable-health-check=true;run-as-daemon=false")
        .is_equal();
}

#[test]
fn threads_follow_the_cpus_that_the_server_may_use() {
    // Pinned servers count other CPUs than the machine has.
    ce("8.1.2.0")
        .says("service", "auto-pin numa")
        .reports(
            "service",
            "auto-pin=numa;service-threads=12;batch-index-threads=6",
        )
        .is_equal();
}
