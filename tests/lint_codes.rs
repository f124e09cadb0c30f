//! Every code has a case in which it is found, and every code that is found is in the table.

use std::collections::BTreeSet;

use ascad::catalogue::{Edition, Release};
use ascad::lint::{self, Code, Report, Severity};

const SERVICE: &str = "service {\n\tcluster-name x\n}\n";
const LOGGING: &str = "logging {\n\tconsole {\n\t\tcontext any info\n\t}\n}\n";
const NETWORK: &str = "network {\n\tservice {\n\t\tport 3000\n\t}\n\theartbeat {\n\t\tmode mesh\n\t\tport 3002\n\t}\n\tfabric {\n\t\tport 3001\n\t}\n}\n";
const NAMESPACE: &str = "namespace test {\n\tstorage-engine memory {\n\t\tdata-size 1G\n\t}\n}\n";

fn lint(text: &str, release: &str, edition: Edition) -> Report {
    lint::lint(text.as_bytes(), Release::parse(release).unwrap(), edition)
}

/// A good file with `line` in place of `section`.
fn file(section: &str, instead: &str) -> String {
    [SERVICE, LOGGING, NETWORK, NAMESPACE]
        .map(|part| {
            if part.starts_with(section) {
                instead
            } else {
                part
            }
        })
        .concat()
}

/// Cases: code, release, text.
fn cases() -> Vec<(&'static str, &'static str, String)> {
    let service = |line: &str| {
        file(
            "service",
            &format!("service {{\n\tcluster-name x\n\t{line}\n}}\n"),
        )
    };
    let namespace = |line: &str| {
        file(
            "namespace",
            &format!(
                "namespace test {{\n\t{line}\n\tstorage-engine memory {{\n\t\tdata-size 1G\n\t}}\n}}\n"
            ),
        )
    };
    let logging = |line: &str| file("logging", &format!("logging {{\n\t{line}\n}}\n"));
    vec![
        ("unknown-parameter", "8.1.2", service("proto-fd-mx 15000")),
        ("unknown-section", "8.1.2", service("nosuch {\n}")),
        ("obsolete-parameter", "8.1.2", namespace("memory-size 4G")),
        ("enterprise-only", "8.1.2", namespace("rack-id 1")),
        ("missing-value", "8.1.2", service("proto-fd-max")),
        ("bad-number", "8.1.2", service("proto-fd-max 15KB")),
        ("bad-seconds", "8.1.2", namespace("nsup-period 1w")),
        ("bad-hex", "8.1.2", service("node-id xyz")),
        ("bad-boolean", "8.1.2", service("enable-health-check yes")),
        (
            "bad-word",
            "8.1.2",
            namespace("conflict-resolution-policy LATEST"),
        ),
        (
            "bad-log-context",
            "8.1.2",
            logging("console {\n\t\tcontext scan info\n\t}"),
        ),
        ("number-overflow", "8.1.2", service("ticker-interval 8G")),
        ("out-of-bounds", "8.1.2", service("proto-fd-max 10")),
        (
            "not-a-power-of-2",
            "8.1.2",
            namespace("partition-tree-sprigs 257"),
        ),
        (
            "not-a-multiple",
            "8.1.2",
            format!(
                "{}xdr {{\n\tdc DC {{\n\t\tnamespace test {{\n\t\t\tmax-throughput 150\n\t\t}}\n\t}}\n}}\n",
                file("-", "")
            ),
        ),
        (
            "name-too-long",
            "8.1.2",
            namespace(&format!("set {} {{\n}}", "s".repeat(64))),
        ),
        ("bad-cluster-name", "8.1.2", service("cluster-name")),
        (
            "bad-address",
            "8.1.2",
            file(
                "network",
                &NETWORK.replace("port 3000", "port 3000\n\t\taddress 999.1.1.1"),
            ),
        ),
        (
            "brace-on-own-line",
            "8.1.2",
            file("service", "service\n{\n\tcluster-name x\n}\n"),
        ),
        (
            "brace-glued",
            "8.1.2",
            file("service", "service{\n\tcluster-name x\n}\n"),
        ),
        ("extra-brace", "8.1.2", format!("{}}}\n", file("-", ""))),
        (
            "glued-brace",
            "8.1.2",
            file("service", "service {\n\tcluster-name x\n};\n"),
        ),
        (
            "missing-brace",
            "8.1.2",
            file("service", "service {\n\tcluster-name x\n"),
        ),
        (
            "duplicate-namespace",
            "8.1.2",
            format!("{}{NAMESPACE}", file("-", "")),
        ),
        (
            "duplicate-storage-engine",
            "8.1.2",
            namespace("storage-engine memory {\n\t\tdata-size 1G\n\t}"),
        ),
        (
            "duplicate-storage",
            "8.1.2",
            file(
                "namespace",
                "namespace test {\n\tstorage-engine device {\n\t\tfile a\n\t\tfile a\n\t\tfilesize 1G\n\t}\n}\n",
            ),
        ),
        (
            "mixed-storage",
            "8.1.2",
            file(
                "namespace",
                "namespace test {\n\tstorage-engine device {\n\t\tfile a\n\t\tdevice b\n\t\tfilesize 1G\n\t}\n}\n",
            ),
        ),
        (
            "too-many",
            "8.1.2",
            logging(&"console {\n\t\tcontext any info\n\t}\n".repeat(9)),
        ),
        ("missing-part", "8.1.2", file("network", "")),
        ("conflict", "8.1.2", namespace("default-ttl 30d")),
        ("template", "8.1.2", service("{{ extra }}")),
        (
            "line-cut",
            "8.1.2",
            service(&format!("#{}", " ".repeat(2000))),
        ),
        (
            "extra-words",
            "8.1.2",
            service("ticker-interval 10 seconds"),
        ),
        (
            "text-after-brace",
            "8.1.2",
            file("service", "service {\n\tcluster-name x\n} network {\n"),
        ),
        (
            "brace-not-read",
            "8.1.2",
            file("service", "service\n\tcluster-name x\n}\n"),
        ),
        ("repeated-parameter", "8.1.2", service("cluster-name y")),
        (
            "always-on",
            "6.0",
            "namespace test {\n\tenable-benchmarks-read false\n}\n".to_owned(),
        ),
        ("mebi-suffix", "8.1.2", service("ticker-interval 1m")),
        ("bare-unit", "8.1.2", service("batch-max-requests k")),
        (
            "number-wraps",
            "8.1.2",
            service("ticker-interval 18446744073709551617"),
        ),
        ("quotes", "8.1.2", service("work-directory \"/opt\"")),
        (
            "no-effect",
            "8.1.2",
            file(
                "network",
                &NETWORK.replace("\tfabric", "\tinfo {\n\t\tport 3003\n\t}\n\tfabric"),
            ),
        ),
        (
            "empty-section",
            "8.1.2",
            format!("{}mod-lua {{\n}}\n", file("-", "")),
        ),
        ("no-logging", "8.1.2", file("logging", "")),
        ("silent-sink", "8.1.2", logging("console {\n\t}")),
        ("perhaps-new", "8.1.3", service("brand-new 1")),
    ]
}

#[test]
fn a_good_file_has_no_problems() {
    for edition in [Edition::Community, Edition::Enterprise] {
        let report = lint(&file("-", ""), "8.1.2", edition);
        assert_eq!((report.starts, report.problems), (true, Vec::new()));
    }
}

#[test]
fn every_code_is_found_somewhere() {
    let mut found = BTreeSet::new();
    for (code, release, text) in cases() {
        let edition = match code {
            "not-a-multiple" => Edition::Enterprise,
            _ => Edition::Community,
        };
        let report = lint(&text, release, edition);
        let codes: Vec<&str> = report.problems.iter().map(|problem| problem.code).collect();
        assert!(codes.contains(&code), "{code}: {codes:?}");
        let fatal = Code::parse(code).unwrap().severity() == lint::Severity::Fatal;
        assert!(
            !fatal || codes[0] == code,
            "{code} is not the first of {codes:?}"
        );
        found.insert(code);
    }
    let table: BTreeSet<&str> = Code::ALL.iter().map(|code| code.name()).collect();
    assert_eq!(found, table);
    assert_eq!(table.len(), Code::ALL.len());
}

#[test]
fn every_code_says_what_it_is_why_it_matters_and_how_to_mend_it() {
    for code in Code::ALL {
        let said = code.explain();
        for text in [said.what, said.why, said.mend] {
            assert!(
                text.ends_with('.') && text.len() > 8,
                "{}: {text}",
                code.name()
            );
        }
        assert!(
            code.name()
                .bytes()
                .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
        );
    }
}

#[test]
fn problems_have_a_place_and_a_hint() {
    #[track_caller]
    fn case(text: &str, expected: (&str, Option<u32>, u32, u32)) {
        let report = lint(text, "8.1.2", Edition::Community);
        let first = &report.problems[0];
        assert_eq!(
            (
                first.message.as_str(),
                first.line,
                first.column,
                first.length
            ),
            expected
        );
    }
    let namespace = |line: &str| {
        file(
            "namespace",
            &NAMESPACE.replace("test {\n", &format!("test {{\n{line}\n")),
        )
    };
    case(
        &namespace("  defualt-ttl 0"),
        (
            "unknown parameter `defualt-ttl` in `namespace`, did you mean `default-ttl`?",
            Some(22),
            3,
            11,
        ),
    );
    case(
        &namespace("proto-fd-max 15000"),
        (
            "unknown parameter `proto-fd-max` in `namespace`, which belongs in `service`",
            Some(22),
            1,
            12,
        ),
    );
    case(
        &namespace("enable-index yes"),
        (
            "unknown parameter `enable-index` in `namespace`, which belongs in `namespace.set`",
            Some(22),
            1,
            12,
        ),
    );
    case(
        &file(
            "service",
            "service {\n\tcluster-name x\n\tlog-millis yes\n}\n",
        ),
        (
            "`log-millis`: expected `true` or `false`, but found `yes`, which servers refuse from 7.2",
            Some(3),
            13,
            3,
        ),
    );
}

#[test]
fn a_suffix_that_multiplies_is_said_with_what_is_read() {
    #[track_caller]
    fn case(release: &str, line: &str, expected: &str) {
        let text = file(
            "service",
            &format!("service {{\n\tcluster-name x\n\t{line}\n}}\n"),
        );
        let report = lint(&text, release, Edition::Community);
        let said = report
            .problems
            .iter()
            .find(|problem| problem.code == "mebi-suffix");
        assert_eq!(said.map(|problem| problem.message.as_str()), Some(expected));
    }
    case(
        "8.1.2",
        "ticker-interval 1m",
        "`ticker-interval`: `1m` is 1048576, for the suffix multiplies by powers of 1024",
    );
    case(
        "6.3",
        "proto-fd-idle-ms -1k",
        "`proto-fd-idle-ms`: `-1k` is -1024, for the suffix multiplies by powers of 1024",
    );
}

#[test]
fn warnings_come_in_the_order_in_which_they_stand() {
    let text = file(
        "service",
        "service {\n\tcluster-name x\n\tticker-interval 1m 5\n}\n",
    );
    let report = lint(&text, "8.1.2", Edition::Community);
    let codes: Vec<&str> = report.problems.iter().map(|problem| problem.code).collect();
    assert_eq!(codes, ["mebi-suffix", "extra-words"]);
}

#[test]
fn a_head_that_is_refused_is_all_that_is_said_of_its_section() {
    #[track_caller]
    fn case(head: &str, expected: &str) {
        let text = format!(
            "namespace test {{\n\t{head}\n\t\tdevice /dev/sda\n\t}}\n\tset a {{\n\t}}\n}}\n"
        );
        let report = lint(&file("namespace", &text), "8.1.2", Edition::Community);
        let fatal = report
            .problems
            .iter()
            .filter(|problem| problem.severity == Severity::Fatal);
        let said: Vec<&str> = fatal.map(|problem| problem.message.as_str()).collect();
        assert_eq!(said, [expected], "{head}");
    }
    case(
        "storage-engine devise {",
        "`storage-engine`: expected `memory`, `pmem` or `device`, but found `devise`, did you mean `device`?",
    );
    case(
        "storage-engine {",
        "`storage-engine`: expected `memory`, `pmem` or `device`, but found `{`",
    );
    case(
        "storage-engine device{",
        "`storage-engine`: expected `memory`, `pmem` or `device`, but found `device{`, did you mean `device`?",
    );
}

#[test]
fn what_is_obsolete_is_said_with_what_replaced_it() {
    #[track_caller]
    fn case(release: &str, section: &str, instead: &str, expected: &[&str]) {
        let report = lint(&file(section, instead), release, Edition::Enterprise);
        let fatal = report.problems.iter();
        let said: Vec<&str> = fatal
            .filter(|problem| problem.severity == Severity::Fatal)
            .map(|problem| problem.message.as_str())
            .collect();
        assert_eq!(said, expected);
    }
    let service = |line: &str| format!("service {{\n\tcluster-name x\n\t{line}\n}}\n");
    case(
        "8.1.2",
        "service",
        &service("scan-max-done 100"),
        &["`scan-max-done` is obsolete, expected `query-max-done`"],
    );
    case(
        "8.1.2",
        "service",
        &service("nsup-period 100"),
        &["`nsup-period` is obsolete, expected `namespace nsup-period`"],
    );
    // The catalogue says its own name, for it has moved; and what stood in it is not taken for its section's.
    let syslog = "service {\n\tcluster-name x\n}\nsecurity {\n\tsyslog {\n\t\tlocal 1\n\t}\n\tsession-ttl 1d\n}\n";
    case(
        "8.1.2",
        "service",
        syslog,
        &["`syslog` is obsolete here, which belongs in `logging`"],
    );
}

#[test]
fn an_upgrade_names_what_has_to_change() {
    let old = Release::parse("6.4").unwrap();
    let new = Release::parse("8.1.2").unwrap();
    let text = file(
        "namespace",
        "namespace test {\n\tmemory-size 4G\n\tsingle-scan-threads 4\n\tstorage-engine memory\n\ttransaction-pending-limit 1m\n}\n",
    );
    let report = lint::upgrade(text.as_bytes(), old, new, Edition::Enterprise);
    let codes: Vec<(&str, Option<u32>)> = report
        .problems
        .iter()
        .map(|p| (p.code, p.place()))
        .collect();
    assert!(
        codes.contains(&("obsolete-parameter", Some(22))),
        "{codes:?}"
    );
    // Neither release starts with this.
    assert!(
        codes.contains(&("obsolete-parameter", Some(23))),
        "{codes:?}"
    );
    assert!(!report.starts);
    let same = lint::upgrade(text.as_bytes(), old, old, Edition::Enterprise);
    let codes: Vec<&str> = same.problems.iter().map(|p| p.code).collect();
    assert_eq!(codes, ["obsolete-parameter"]);
    assert!(!same.starts);
    let right = text.replace("\tsingle-scan-threads 4\n", "");
    let same = lint::upgrade(right.as_bytes(), old, old, Edition::Enterprise);
    assert_eq!(same.problems, Vec::new());
    assert!(same.starts);
}
