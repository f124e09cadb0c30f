//! What the servers' public source says of a file and no recording shows: each rule just inside and just outside.

use ascad::catalogue::{Edition, Release};
use ascad::lint;

/// A good file for a release, with more lines at the end of a section: `service`, `network`, `namespace`, `top`, or
/// in the place of the storage engine: `engine`.
fn file(release: &str, section: &str, lines: &str) -> String {
    let old = Release::parse(release).unwrap() < Release::new(7, 0, 0);
    let at = |name: &str| if section == name { lines } else { "" };
    let engine = match (section, old) {
        ("engine", _) => lines,
        (_, true) => "storage-engine memory",
        (_, false) => "storage-engine memory {\ndata-size 1G\n}",
    };
    let size = if old { "memory-size 1G\n" } else { "" };
    format!(
        "service {{\ncluster-name x\n{}\n}}\nlogging {{\nconsole {{\ncontext any info\n}}\n}}\nnetwork {{\nservice {{\nport 3000\n}}\nheartbeat {{\nmode mesh\nport 3002\n}}\nfabric {{\nport 3001\n}}\n{}\n}}\nnamespace test {{\n{size}{engine}\n{}\n}}\n{}",
        at("service"),
        at("network"),
        at("namespace"),
        at("top"),
    )
}

/// The code of the first problem that keeps a server from starting, and whether it names a line.
fn verdict(release: &str, edition: Edition, text: &str) -> Option<(&'static str, bool)> {
    let report = lint::lint(text.as_bytes(), Release::parse(release).unwrap(), edition);
    (!report.starts).then(|| (report.problems[0].code, report.problems[0].line.is_some()))
}

#[track_caller]
fn starts((release, edition): Server, section: &str, lines: &str) {
    let text = file(release, section, lines);
    assert_eq!(
        verdict(release, edition, &text),
        None,
        "{release} {edition}: {lines}"
    );
}

#[track_caller]
fn stops((release, edition): Server, section: &str, lines: &str, expected: Fault) {
    let text = file(release, section, lines);
    assert_eq!(
        verdict(release, edition, &text),
        Some(expected),
        "{release} {edition}: {lines}"
    );
}

use Edition::{Community as Ce, Enterprise as Ee};

type Server = (&'static str, Edition);

const CE: Server = ("8.1.2", Ce);
const EE: Server = ("8.1.2", Ee);

/// A code, and whether the server names a line.
type Fault = (&'static str, bool);

const AT_ITS_LINE: bool = true;
const WITHOUT_A_LINE: bool = false;

const UNKNOWN: Fault = ("unknown-parameter", AT_ITS_LINE);
const VALUE: Fault = ("missing-value", AT_ITS_LINE);
const NUMBER: Fault = ("bad-number", AT_ITS_LINE);
const BOUNDS: Fault = ("out-of-bounds", AT_ITS_LINE);
const SMALL: Fault = ("out-of-bounds", WITHOUT_A_LINE);
const PATH: Fault = ("missing-value", WITHOUT_A_LINE);
const PART: Fault = ("missing-part", WITHOUT_A_LINE);
const CONFLICT: Fault = ("conflict", WITHOUT_A_LINE);
const MANY: Fault = ("too-many", WITHOUT_A_LINE);
const TWICE: Fault = ("duplicate-storage", WITHOUT_A_LINE);

#[test]
fn from_8_1_nothing_is_read_in_info_but_its_closing_brace() {
    for lines in [
        "info {\nport 80\n}",
        "info {\nport\naddress 999.1.1.1\n}",
        "info {\nno-such-name yes\n}",
        "info {\nport 3003 {\n}",
        "info {\n{\nservice {\n};\n}}\n}",
    ] {
        starts(("8.1.0", Ce), "network", lines);
        starts(CE, "network", lines);
        stops(("8.0.0", Ce), "network", "info {\nport 80\n}", BOUNDS);
    }
    stops(
        ("8.0.0", Ce),
        "network",
        "info {\nno-such-name yes\n}",
        UNKNOWN,
    );
}

#[test]
fn from_8_1_an_info_section_that_is_not_closed_swallows_what_follows() {
    let text = file("8.1.2", "", "").replace("fabric {", "info {\nport 3003\nfabric {");
    assert_eq!(
        verdict("8.1.2", Ce, &text),
        Some(PART),
        "the fabric's port is passed over, and its brace closes `info`"
    );
    let line = |release| {
        let report = lint::lint(text.as_bytes(), Release::parse(release).unwrap(), Ce);
        report.problems[0].line
    };
    assert_eq!(line("8.0.0"), Some(20));
}

#[test]
fn a_sets_percentage_is_a_plain_number() {
    let set = |value: &str| format!("set s {{\ndefault-read-touch-ttl-pct {value}\n}}");
    for value in ["0", "100", "-1", "-01", "-0", "050"] {
        starts(CE, "namespace", &set(value));
    }
    for value in ["101", "-2", "2147483647", "-2147483648"] {
        stops(CE, "namespace", &set(value), BOUNDS);
    }
    for value in [
        "0k",
        "k",
        "+1",
        "-",
        "1%",
        "0x10",
        "18446744073709551616",
        "4294967295",
    ] {
        stops(CE, "namespace", &set(value), NUMBER);
    }
    stops(CE, "namespace", &set(""), VALUE);
    starts(CE, "namespace", "default-read-touch-ttl-pct 0k");
}

#[test]
fn a_cluster_may_be_called_null_from_7_0() {
    for release in ["7.0", "8.0", "8.1.2"] {
        starts((release, Ce), "service", "cluster-name null");
    }
    starts(("6.4", Ce), "service", "cluster-name null");
}

#[test]
fn secondary_indexes_have_a_budget_of_their_own() {
    let sindex = |line: &str| format!("sindex-type pmem {{\nmount /a\n{line}\n}}");
    let index = "index-type pmem {\nmount /a\nmounts-budget 1G\n}\n";
    starts(EE, "namespace", &sindex("mounts-budget 1G"));
    starts(("6.4", Ee), "namespace", &sindex("mounts-size-limit 1G"));
    stops(EE, "namespace", &sindex(""), PART);
    stops(EE, "namespace", &format!("{index}{}", sindex("")), PART);
    starts(
        EE,
        "namespace",
        &format!("{index}{}", sindex("mounts-budget 1G")),
    );
    stops(EE, "namespace", &sindex("mounts-budget 1023M"), BOUNDS);
    starts(
        EE,
        "namespace",
        "sindex-type flash {\nmount /a\nmounts-budget 1G\n}",
    );
}

#[test]
fn mounts_are_at_most_16_and_none_stands_twice() {
    let mounts = |kind: &str, count: usize, more: &str| {
        let lines: String = (0..count).map(|at| format!("mount /m{at}\n")).collect();
        format!("{kind}-type pmem {{\nmounts-budget 4G\n{lines}{more}}}")
    };
    for kind in ["index", "sindex"] {
        starts(EE, "namespace", &mounts(kind, 16, ""));
        stops(EE, "namespace", &mounts(kind, 17, ""), MANY);
        stops(EE, "namespace", &mounts(kind, 2, "mount /m1\n"), TWICE);
    }
    starts(
        EE,
        "namespace",
        &format!("{}\n{}", mounts("index", 2, ""), mounts("sindex", 2, "")),
    );
}

#[test]
fn a_namespace_has_room_for_so_many_sets() {
    let sets =
        |count: usize| -> String { (0..count).map(|at| format!("set s{at} {{\n}}\n")).collect() };
    for (release, most) in [("5.7", 1023), ("7.1", 4095), ("8.1.2", 4095)] {
        starts((release, Ce), "namespace", &sets(most));
        stops((release, Ce), "namespace", &sets(most + 1), MANY);
    }
    // A set that is given twice takes its room twice.
    stops(
        CE,
        "namespace",
        &format!("{}set s1 {{\n}}", sets(4095)),
        MANY,
    );
    let other = "}\nnamespace b {\nstorage-engine memory {\ndata-size 1G\n}\n";
    starts(
        CE,
        "namespace",
        &format!("{}{other}{}", sets(4000), sets(4000)),
    );
}

#[test]
fn lists_of_the_network_have_room_for_so_many_lines() {
    let lines = |name: &str, count: usize| -> String {
        (0..count)
            .map(|at| format!("{name} 10.0.0.{at}\n"))
            .collect()
    };
    let heartbeat = |count: usize| format!("heartbeat {{\n{}}}", lines("address", count));
    starts(CE, "network", &heartbeat(250));
    stops(CE, "network", &heartbeat(251), MANY);
    let service = |count: usize| {
        let (bound, told) = (lines("address", 200), lines("access-address", count));
        format!("service {{\n{bound}}}\nservice {{\n{told}}}")
    };
    starts(CE, "network", &service(250));
    stops(CE, "network", &service(251), MANY);
    let sections =
        |count: usize| -> String { (0..count).map(|at| format!("tls t{at} {{\n}}\n")).collect() };
    starts(EE, "network", &sections(10));
    stops(EE, "network", &sections(11), MANY);
    let patterns = |count: usize| {
        let lines = lines("role-query-pattern", count);
        format!("security {{\nldap {{\nserver ldaps://a\n{lines}}}\n}}")
    };
    starts(EE, "top", &patterns(64));
    stops(EE, "top", &patterns(65), MANY);
}

#[test]
fn a_port_without_addresses_binds_to_those_of_the_other() {
    const ADDRESS: Fault = ("bad-address", WITHOUT_A_LINE);
    const SECTION: &str = "tls a {\n}\n";
    let tls = |lines: &str| format!("{SECTION}fabric {{\n{lines}\n}}");
    starts(EE, "network", &tls("tls-address 10.0.0.1"));
    stops(EE, "network", &tls("tls-address 999.0.0.1"), ADDRESS);
    starts(
        EE,
        "network",
        &tls("tls-address 999.0.0.1\naddress 10.0.0.1"),
    );
    stops(
        EE,
        "network",
        &tls("tls-port 4333\ntls-name a\ntls-address 999.0.0.1\naddress 10.0.0.1"),
        ADDRESS,
    );
}

#[test]
fn strong_consistency_excludes_its_overrides() {
    let strong = |line: &str| format!("strong-consistency true\n{line}");
    starts(EE, "namespace", &strong(""));
    starts(
        EE,
        "namespace",
        &strong("read-consistency-level-override off"),
    );
    for line in [
        "read-consistency-level-override all",
        "write-commit-level-override master",
    ] {
        starts(EE, "namespace", line);
        starts(
            EE,
            "namespace",
            &format!("strong-consistency false\n{line}"),
        );
        stops(EE, "namespace", &strong(line), CONFLICT);
    }
}

#[test]
fn feature_keys_are_at_most_32_and_none_stands_twice() {
    let keys = |count: usize| -> String {
        (0..count)
            .map(|at| format!("feature-key-file /k{at}\n"))
            .collect()
    };
    starts(EE, "service", &keys(32));
    stops(EE, "service", &keys(33), MANY);
    stops(
        ("6.3", Ee),
        "service",
        &format!("{}feature-key-file /k0", keys(1)),
        TWICE,
    );
    stops(CE, "service", &keys(1), ("enterprise-only", AT_ITS_LINE));
}

#[test]
fn a_file_has_room_for_a_write_block_after_its_header_up_to_7_0() {
    let device = |lines: &str| format!("storage-engine device {{\nfile /a\n{lines}\n}}");
    for release in ["5.7", "6.4", "7.0"] {
        stops((release, Ce), "engine", &device("filesize 1M"), SMALL);
        stops((release, Ce), "engine", &device("filesize 8M"), SMALL);
        stops((release, Ce), "engine", &device("filesize 9437183"), SMALL);
        starts((release, Ce), "engine", &device("filesize 9M"));
        stops(
            (release, Ce),
            "engine",
            &device("filesize 15M\nwrite-block-size 8M"),
            SMALL,
        );
        starts(
            (release, Ce),
            "engine",
            &device("filesize 16M\nwrite-block-size 8M"),
        );
        stops((release, Ce), "engine", &device("filesize 1048575"), BOUNDS);
    }
    let memory = "storage-engine memory {\nfile /a\nfilesize 8M\n}";
    stops(("7.0", Ce), "engine", memory, SMALL);
    stops(("7.1", Ce), "engine", memory, BOUNDS);
    starts(("7.1", Ce), "engine", &device("filesize 128M"));
}

#[test]
fn what_is_wrong_with_a_line_is_named_before_the_size_of_a_file() {
    let device =
        "storage-engine device {\nfile /a\nfilesize 1M\n}\n}\nmod-lua {\ncache-enabled maybe";
    stops(("6.4", Ce), "engine", device, ("bad-boolean", AT_ITS_LINE));
}

#[test]
fn a_port_with_tls_needs_the_name_of_a_section() {
    const SECTION: &str = "tls a.example {\ncert-file /c\nkey-file /k\n}\n";
    let with = |lines: &str| format!("{SECTION}service {{\ntls-port 4333\n{lines}\n}}");
    starts(EE, "network", &with("tls-name a.example"));
    stops(EE, "network", &with(""), PART);
    stops(EE, "network", &with("tls-name b.example"), CONFLICT);
    stops(EE, "network", &with("tls-name A.example"), CONFLICT);
    starts(EE, "network", &with("tls-name <hostname>"));
    stops(EE, "network", &with("tls-name <cluster-name>"), CONFLICT);
    starts(EE, "network", &with("tls-name {{name}}"));
    starts(EE, "network", "service {\ntls-name b.example\n}");
    let cluster = "tls x {\n}\nservice {\ntls-port 4333\ntls-name <cluster-name>\n}";
    starts(EE, "network", cluster);
    starts(
        EE,
        "network",
        "tls <hostname> {\n}\nservice {\ntls-port 4333\ntls-name b\n}",
    );
    starts(
        EE,
        "network",
        "tls <cluster-name> {\n}\nservice {\ntls-port 4333\ntls-name x\n}",
    );
    for section in ["heartbeat", "fabric", "admin"] {
        let named = |name: &str| format!("{SECTION}{section} {{\ntls-port 4444\n{name}\n}}");
        starts(EE, "network", &named("tls-name a.example"));
        stops(EE, "network", &named(""), PART);
        stops(EE, "network", &named("tls-name b"), CONFLICT);
    }
    stops(
        ("5.7", Ee),
        "network",
        "heartbeat {\ntls-port 4444\n}",
        PART,
    );
}

#[test]
fn any_and_false_let_nobody_else_in() {
    let peers =
        |lines: &str| format!("tls a {{\n}}\nservice {{\ntls-port 4333\ntls-name a\n{lines}\n}}");
    for lines in [
        "",
        "tls-authenticate-client any",
        "tls-authenticate-client b\ntls-authenticate-client c",
    ] {
        starts(EE, "network", &peers(lines));
    }
    for alone in ["any", "false"] {
        let lines = format!("tls-authenticate-client b\ntls-authenticate-client {alone}");
        stops(("6.4", Ee), "network", &peers(&lines), CONFLICT);
    }
    starts(
        EE,
        "network",
        "service {\ntls-authenticate-client any\ntls-authenticate-client b\n}",
    );
}

#[test]
fn a_seed_of_another_cluster_has_a_port() {
    let dc = |line: &str| format!("xdr {{\ndc A {{\n{line}\n}}\n}}");
    starts(EE, "top", &dc("node-address-port a 3000"));
    starts(EE, "top", &dc("node-address-port a 3000 tls-a"));
    for line in ["node-address-port", "node-address-port a"] {
        stops(EE, "top", &dc(line), VALUE);
    }
    starts(EE, "service", "secrets-address-port a 3005");
    stops(EE, "service", "secrets-address-port a", VALUE);
}

#[test]
fn a_log_without_a_path_cannot_be_opened() {
    let log = |line: &str| format!("logging {{\n{line}\ncontext any info\n}}\n}}");
    starts(CE, "top", &log("file /a"));
    starts(CE, "top", &log("file {"));
    stops(CE, "top", &log("file"), PATH);
    let later = format!("{}\nnosuch", log("file"));
    stops(CE, "top", &later, UNKNOWN);
}

#[test]
fn a_server_newer_than_the_catalogue_may_know_a_name_that_is_not_known_here() {
    for lines in ["brand-new 1", "brand-new-section {\nproto-fd-max x\n}"] {
        stops(
            CE,
            "service",
            lines,
            (
                if lines.contains('{') {
                    "unknown-section"
                } else {
                    "unknown-parameter"
                },
                AT_ITS_LINE,
            ),
        );
        starts(("8.1.3", Ce), "service", lines);
    }
    for lines in [
        "proto-fd-mx 1",
        "replication-factor 2",
        "Brand-New 1",
        "memory-size 1G",
        "{",
    ] {
        let text = file("8.1.3", "service", lines);
        assert!(verdict("8.1.3", Ce, &text).is_some(), "{lines}");
    }
}
