//! What enterprise servers report of racks, TLS, security and XDR: nothing differs on a healthy node, and each change
//! is found. The two nodes of `fixtures/enterprise` are made up, in the spellings of real ones.

mod checked;
mod pair;
mod recorded;

use std::path::Path;

use ascad::catalogue::{Edition, Release};
use ascad::lint;
use pair::Pair;

fn node(release: &str) -> Pair {
    let folder = Path::new("fixtures/enterprise").join(release);
    Pair {
        file: std::fs::read_to_string(folder.join("aerospike.conf")).unwrap(),
        answers: recorded::json(&folder.join("info.json")),
    }
}

/// The server reports something else than on the healthy node, and that is the only difference.
#[track_caller]
fn reported(release: &str, command: &str, from: &str, to: &str, expected: &[&str]) {
    let mut pair = node(release);
    let command = format!("get-config:context={command}");
    let answer = pair.answers.get_mut(&command).expect("an answer");
    assert!(answer.contains(from), "no {from} in {answer}");
    *answer = answer.replace(from, to);
    pair.differs(expected);
}

/// The file says something else than on the healthy node.
#[track_caller]
fn written(release: &str, from: &str, to: &str, expected: &[&str]) {
    node(release).writes(from, to).differs(expected);
}

const NEW: &str = "8.1.2.0";
const OLD: &str = "6.2.0.1";

#[test]
fn a_healthy_node_differs_in_nothing_and_its_file_would_start() {
    for release in [NEW, OLD] {
        let node = node(release);
        node.is_equal();
        let release = Release::parse(release).unwrap();
        let report = lint::lint(node.file.as_bytes(), release, Edition::Enterprise);
        assert!(report.starts, "{:?}", report.problems);
    }
}

#[test]
fn changes_of_the_service_are_found() {
    reported(
        NEW,
        "service",
        "migrate-fill-delay=3600",
        "migrate-fill-delay=0",
        &["service.migrate-fill-delay: 3600 → 0, drifted"],
    );
    reported(
        NEW,
        "service",
        "feature-key-file[1]=/etc/aerospike/more-features.conf",
        "x=1",
        &[
            "service.feature-key-file: [/etc/aerospike/features.conf, /etc/aerospike/more-features.conf] → [/etc/aerospike/features.conf], pending-restart",
        ],
    );
    reported(
        NEW,
        "service",
        "=10.0.0.9:3005",
        "=10.0.0.9:3006",
        &["service.secrets-address-port: [10.0.0.9:3005] → [10.0.0.9:3006], pending-restart"],
    );
    reported(
        NEW,
        "service",
        "tls-refresh-period=300",
        "tls-refresh-period=60",
        &["service.tls-refresh-period: 300 → 60, drifted"],
    );
    written(
        NEW,
        "secrets-address-port 10.0.0.9 3005\n",
        "\n",
        &["service.secrets-address-port: [] → [10.0.0.9:3005], pending-restart"],
    );
}

#[test]
fn changes_of_tls_are_found() {
    reported(
        NEW,
        "network",
        "tls[0].ca-path=/etc/aerospike/agents",
        "tls[0].ca-path=/a",
        &["network.tls.agent.ca-path: /etc/aerospike/agents → /a, pending-restart"],
    );
    reported(
        NEW,
        "network",
        "tls[0].name=agent",
        "tls[0].name=other",
        &[
            "network.tls.agent: present → -, pending-restart",
            "network.tls.other: - → present, pending-restart",
        ],
    );
    reported(
        NEW,
        "network",
        ";service.tls-authenticate-client=jobs.example.com",
        "",
        &[
            "network.service.tls-authenticate-client: [app.example.com, jobs.example.com] → [app.example.com], pending-restart",
        ],
    );
    reported(
        NEW,
        "network",
        "mesh-seed-address-port=10.0.0.3:3012",
        "mesh-seed-address-port=10.0.0.4:3012",
        &[
            "network.heartbeat.tls-mesh-seed-address-port: [10.0.0.1:3012, 10.0.0.2:3012, 10.0.0.3:3012] → [10.0.0.2:3012, 10.0.0.4:3012], pending-restart",
        ],
    );
    reported(
        NEW,
        "network",
        "service.tls-port=4333",
        "service.tls-port=0",
        &["network.service.tls-port: 4333 → , pending-restart"],
    );
}

#[test]
fn changes_of_security_are_found() {
    reported(
        NEW,
        "security",
        "privilege-refresh-period=120",
        "privilege-refresh-period=300",
        &["security.privilege-refresh-period: 120 → 300, drifted"],
    );
    reported(
        NEW,
        "security",
        "ldap.polling-period=600",
        "ldap.polling-period=0",
        &["security.ldap.polling-period: 600 → 0, drifted"],
    );
    reported(
        NEW,
        "security",
        "log.report-data-op[1]=pears:ripe",
        "log.report-data-op[1]=pears",
        &["security.log.report-data-op: [apples, pears:ripe] → [apples, pears], drifted"],
    );
    reported(
        NEW,
        "security",
        "log.report-sys-admin=true",
        "log.report-sys-admin=false",
        &["security.log.report-sys-admin: true → false, drifted"],
    );
    reported(
        NEW,
        "security",
        "memberUid=${un}",
        "memberUid=${dn}",
        &[
            "security.ldap.role-query-pattern: [(&(objectClass=posixGroup)(memberUid=${un})), (&(ou=db_groups)(uniqueMember=${dn}))] → [(&(objectClass=posixGroup)(memberUid=${dn})), (&(ou=db_groups)(uniqueMember=${dn}))], pending-restart",
        ],
    );
    reported(
        OLD,
        "security",
        "syslog.local=3",
        "syslog.local=-1",
        &["security.syslog.local: 3 → -1, pending-restart"],
    );
    written(
        OLD,
        "\t\tlocal 3\n",
        "",
        &["security.syslog.local: -1 → 3, pending-restart"],
    );
}

#[test]
fn changes_of_namespaces_are_found() {
    let apples = "namespace;id=apples";
    reported(
        NEW,
        apples,
        "rack-id=2",
        "rack-id=1",
        &["namespace.apples.rack-id: 2 → 1, drifted"],
    );
    reported(
        NEW,
        apples,
        "prefer-uniform-balance=false",
        "prefer-uniform-balance=true",
        &["namespace.apples.prefer-uniform-balance: false → true, drifted"],
    );
    reported(
        NEW,
        apples,
        "read-consistency-level-override=off",
        "read-consistency-level-override=all",
        &["namespace.apples.read-consistency-level-override: off → all, drifted"],
    );
    reported(
        NEW,
        apples,
        "index-type.evict-mounts-pct=80",
        "index-type.evict-mounts-pct=90",
        &["namespace.apples.index-type.evict-mounts-pct: 80 → 90, drifted"],
    );
    reported(
        NEW,
        apples,
        "index-type.mount[0]=/mnt/index-1",
        "index-type.mount[0]=/mnt/index-9",
        &[
            "namespace.apples.index-type.mount: [/mnt/index-1, /mnt/index-2] → [/mnt/index-9, /mnt/index-2], pending-restart",
        ],
    );
    reported(
        NEW,
        apples,
        "sindex-type.mounts-budget=4294967296",
        "sindex-type.mounts-budget=8589934592",
        &["namespace.apples.sindex-type.mounts-budget: 4294967296 → 8589934592, drifted"],
    );
    reported(
        NEW,
        apples,
        "device[0].shadow=/dev/sdb",
        "device[0].shadow=/dev/sdx",
        &[
            "namespace.apples.storage-engine.device: [/dev/nvme0n1 /dev/sdb, /dev/nvme1n1 /dev/sdc] → [/dev/nvme0n1 /dev/sdx, /dev/nvme1n1 /dev/sdc], pending-restart",
        ],
    );
    reported(
        NEW,
        apples,
        "encryption=aes-256",
        "encryption=aes-128",
        &["namespace.apples.storage-engine.encryption: aes-256 → aes-128, pending-restart"],
    );
    reported(
        NEW,
        "namespace;id=pears",
        "compression-level=3",
        "compression-level=9",
        &["namespace.pears.storage-engine.compression-level: 3 → 9, drifted"],
    );
    reported(
        NEW,
        "namespace;id=pears",
        "mrt-duration=20",
        "mrt-duration=10",
        &["namespace.pears.mrt-duration: 20 → 10, drifted"],
    );
    reported(
        OLD,
        "namespace;id=ledger",
        "storage-engine.post-write-queue=0",
        "storage-engine.post-write-queue=256",
        &["namespace.ledger.storage-engine.post-write-queue: 0 → 256, drifted"],
    );
    reported(
        OLD,
        "namespace;id=cache",
        "compression=lz4",
        "compression=none",
        &["namespace.cache.storage-engine.compression: lz4 → none, drifted"],
    );
}

#[test]
fn changes_of_xdr_are_found() {
    reported(
        NEW,
        "xdr",
        "src-id=1",
        "src-id=2",
        &["xdr.src-id: 1 → 2, drifted"],
    );
    reported(
        NEW,
        "xdr",
        "dcs=EAST,kafka:8901",
        "dcs=EAST",
        &["xdr.dc.\"kafka:8901\": present → -, drifted"],
    );
    reported(
        NEW,
        "xdr;dc=EAST",
        "192.0.2.1:3000,192.0.2.2:3000",
        "192.0.2.1:3000",
        &[
            "xdr.dc.EAST.node-address-port: [192.0.2.1:3000, 192.0.2.2:3000] → [192.0.2.1:3000], drifted",
        ],
    );
    reported(
        NEW,
        "xdr;dc=EAST",
        "192.0.2.1:3000,192.0.2.2:3000",
        "192.0.2.2:3000;192.0.2.1:3000",
        &[],
    );
    reported(
        NEW,
        "xdr;dc=EAST",
        "period-ms=50",
        "period-ms=100",
        &["xdr.dc.EAST.period-ms: 50 → 100, drifted"],
    );
    reported(
        NEW,
        "xdr;dc=EAST",
        "namespaces=apples,pears",
        "namespaces=pears",
        &["xdr.dc.EAST.namespace.apples: present → -, drifted"],
    );
    let apples = "xdr;dc=EAST;namespace=apples";
    reported(
        NEW,
        apples,
        "shipped-sets=ripe,green",
        "shipped-sets=ripe",
        &["xdr.dc.EAST.namespace.apples.ship-set: [green, ripe] → [ripe], drifted"],
    );
    reported(
        NEW,
        apples,
        "hot-key-ms=100",
        "hot-key-ms=200",
        &["xdr.dc.EAST.namespace.apples.hot-key-ms: 100 → 200, drifted"],
    );
    reported(
        NEW,
        "xdr;dc=EAST;namespace=pears",
        "ignored-sets=rotten",
        "ignored-sets=",
        &["xdr.dc.EAST.namespace.pears.ignore-set: [rotten] → [], drifted"],
    );
    written(
        NEW,
        "\t\t\tremote-namespace birnen\n",
        "",
        &["xdr.dc.EAST.namespace.pears.remote-namespace:  → birnen, drifted"],
    );
}
