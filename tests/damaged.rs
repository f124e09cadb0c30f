//! Answers that are missing, refused, cut or of something else: what was needed and not had is said by its command, is
//! no difference, and is never taken for equal. What is certain still is a difference.

mod checked;
mod pair;
mod recorded;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use ascad::catalogue::{Edition, Release};
use ascad::conf;
use ascad::settings::{Machine, Settings, tree};
use checked::{Checked, checked};
use pair::Pair;

type Recording = BTreeMap<String, String>;

/// A recorded node and the file that it was started with.
struct Node {
    name: String,
    file: Settings,
    answers: Recording,
}

fn nodes() -> Vec<Node> {
    let folders = recorded::folders("fixtures/captures", "info.json");
    let is_rich = |folder: &&PathBuf| folder.ends_with("rich") || folder.ends_with("rich2");
    let nodes: Vec<Node> = (folders.iter().filter(is_rich))
        .map(|folder| node(folder))
        .collect();
    assert!(nodes.len() > 10, "{}", nodes.len());
    nodes
}

fn node(folder: &Path) -> Node {
    let answers = recorded::json(&folder.join("info.json"));
    let release = Release::parse(&answers["build"]).unwrap();
    let bytes = std::fs::read(folder.join("aerospike.conf")).unwrap();
    let (tree, _) = conf::parse(&bytes, release);
    Node {
        name: folder.display().to_string(),
        file: tree::settle(&tree, release, Edition::Community),
        answers,
    }
}

impl Node {
    /// What comes of another answer to this command, or of none.
    fn hears(&self, command: &str, answer: Option<&str>) -> Checked {
        let mut answers = self.answers.clone();
        match answer {
            Some(answer) => answers.insert(command.to_owned(), answer.to_owned()),
            None => answers.remove(command),
        };
        checked(self.file.clone(), &answers, &Machine::default())
    }

    /// It cannot be seen, and nothing is made up.
    #[track_caller]
    fn is_blind(&self, command: &str, answer: Option<&str>) {
        let seen = self.hears(command, answer);
        let about = format!("`{command}`");
        let shown = answer.map(|answer| answer.chars().rev().take(40).collect::<String>());
        assert!(
            seen.failures
                .iter()
                .any(|failure| failure.starts_with(&about)),
            "{}: {command}: {shown:?}: {:?}",
            self.name,
            seen.failures
        );
        let nothing: [&str; 0] = [];
        assert_eq!(seen.paths(), nothing, "{}: {command}: {shown:?}", self.name);
    }

    /// What a comparison cannot do without.
    fn needed(&self) -> Vec<String> {
        let mut commands: Vec<String> = [
            "namespaces",
            "get-config:context=service",
            "get-config:context=network",
        ]
        .map(str::to_owned)
        .to_vec();
        for namespace in self.answers["namespaces"].split(';') {
            commands.push(format!("get-config:context=namespace;id={namespace}"));
        }
        for sink in self.answers["logs"]
            .split(';')
            .filter_map(|sink| sink.split_once(':'))
        {
            commands.push(format!("log/{}", sink.0));
        }
        commands
    }
}

const ERRORS: [&str; 14] = [
    "ERROR:4:unrecognized command",
    "ERROR:20:namespace not found on node",
    "ERROR:25:enterprise only",
    "ERROR:25:enterprise-only",
    "ERROR:80:not authenticated",
    "ERROR:81:role violation",
    "Error::invalid context",
    "ERROR::enterprise-only",
    "ERROR::bad-id",
    "FAIL:9:partition not available",
    "error",
    "error=no-such-thing",
    "type=unknown",
    "ns_type=unknown",
];

#[test]
fn what_was_refused_or_not_answered_is_unseen() {
    for node in nodes() {
        let sets = node.answers["namespaces"]
            .split(';')
            .map(|name| format!("sets/{name}"));
        let all = node.needed().into_iter().chain(sets);
        for (place, command) in all.chain(["logs".to_owned()]).enumerate() {
            node.is_blind(&command, None);
            for error in ERRORS.iter().skip(place % 5).step_by(5) {
                node.is_blind(&command, Some(error));
            }
        }
    }
}

#[test]
fn what_no_server_answers_is_unseen() {
    let page = "<html><body>502 Bad Gateway</body></html>";
    for node in nodes() {
        for command in node.needed() {
            let whole = &node.answers[&command];
            let middle = whole.len() / 2;
            let with_nul = format!("{}\0{}", &whole[..middle], &whole[middle..]);
            for answer in ["", " ", page, "\u{1} qwertz;;;==;", &with_nul] {
                node.is_blind(&command, Some(answer));
            }
        }
    }
}

#[test]
fn an_answer_that_breaks_off_is_neither_equal_nor_different() {
    for node in nodes() {
        for command in node.needed() {
            let whole = node.answers[&command].as_str();
            if !command.starts_with("get-config:") {
                continue;
            }
            // Half a number at the very end is a number.
            let end = whole.rfind(";storage-engine.tomb-raider-sleep");
            let end = end.or_else(|| whole.rfind(";fabric.send-threads"));
            let end = end.or_else(|| whole.rfind(';')).unwrap();
            for at in (1..8).map(|eighth| end * eighth / 8).chain([end]) {
                node.is_blind(&command, Some(&whole[..at]));
            }
        }
    }
}

#[test]
fn sets_that_break_off_are_unseen() {
    for node in nodes() {
        for namespace in node.answers["namespaces"].split(';') {
            let command = format!("sets/{namespace}");
            let whole = node.answers[&command].as_str();
            let Some(last) = whole.trim_end_matches(';').rfind(';').map(|at| at + 1) else {
                continue;
            };
            for at in (1..6).map(|sixth| last + (whole.len() - last) * sixth / 6) {
                node.is_blind(&command, Some(&whole[..at]));
            }
            // Whole, but for what says so.
            let without = &whole[..whole.len() - 1];
            assert_eq!(node.hears(&command, Some(without)).failures.len(), 0);
        }
    }
}

fn pair() -> Pair {
    Pair::community("8.1.2.0")
}

/// Exactly these differences, and these words of what could not be seen.
#[track_caller]
fn case(pair: &Pair, differences: &[&str], failures: &[&str]) {
    let compared = pair.compare();
    assert_eq!(compared.failures, failures);
    assert_eq!(compared.lines(), differences);
}

#[test]
fn what_is_certain_still_is_a_difference() {
    let drifted = ["service.migrate-threads: 1 → 4, drifted"];
    let node = pair().reports("service", "migrate-threads=4");
    case(&node, &drifted, &[]);
    let gap = node.clone().answers("sets/test", "ERROR:81:role violation");
    case(
        &gap,
        &drifted,
        &["`sets/test` answered `ERROR:81:role violation`"],
    );
    let odd = node.also_reports("service", "proto-fd-max=15;mig");
    let words =
        "`get-config:context=service` answered `proto-fd-max=15;mig`, which no server reports";
    case(&odd, &drifted, &[words]);
}

#[test]
fn sets_of_another_namespace_are_no_sets_of_this_one() {
    let swapped = "ns=other:set=s:objects=0:enable-index=true;";
    case(
        &pair().answers("sets/test", swapped),
        &[],
        &["`sets/test` answered `ns=other`, which no server reports"],
    );
}

#[test]
fn a_list_of_namespaces_that_breaks_off_makes_up_none() {
    let config = "get-config:context=namespace;id=test";
    let failed = ["`namespaces` answered `tes`"];
    case(&pair().answers("namespaces", "tes"), &[], &failed);
    case(
        &pair().answers("namespaces", ""),
        &[],
        &["`namespaces` answered nothing"],
    );
    let other = pair().answers("namespaces", "cluster_size=1;cluster_key=1");
    case(
        &other,
        &[],
        &["`namespaces` answered `cluster_size=1;cluster_key=1`"],
    );
    // One that the node has, and does not tell of.
    let hidden = pair().answers(config, "ERROR:81:role violation");
    let failed = [format!("`{config}` answered `ERROR:81:role violation`")];
    case(&hidden, &[], &[&failed[0]]);
}

#[test]
fn a_list_of_sinks_that_breaks_off_makes_up_none() {
    case(
        &pair().answers("logs", "0:stder"),
        &[],
        &["`logs` answered `0:stder`"],
    );
    case(
        &pair().answers("logs", ""),
        &[],
        &["`logs` answered nothing"],
    );
    case(
        &pair().answers("log/0", "misc:INFO;migrate:INF"),
        &[],
        &["`log/0` answered no more than up to `migrate:INF`"],
    );
    case(
        &pair().answers("log/0", "misc:INFO;alloc:INFO;arenax:INFO"),
        &[],
        &["`log/0` answered no more than up to `arenax:INFO`"],
    );
}

/// How many threads a server works out depends on its namespaces, of which one is not seen.
#[test]
fn threads_of_a_namespace_that_is_not_seen_are_no_drift() {
    let node = pair().reports("service", "batch-index-threads=2;service-threads=10");
    let node = node.answers("namespaces", "ERROR:81:role violation");
    case(
        &node,
        &[],
        &["`namespaces` answered `ERROR:81:role violation`"],
    );
}

#[test]
fn what_the_comparison_does_without_is_no_failure() {
    for node in nodes() {
        for command in [
            "edition",
            "node",
            "cluster-name",
            "statistics",
            "service",
            "endpoints",
            "features",
            "racks:",
            "get-config:context=security",
            "get-config:context=xdr",
        ] {
            for answer in [None, Some("ERROR:4:unrecognized command"), Some("")] {
                let seen = node.hears(command, answer);
                let nothing: [&str; 0] = [];
                assert_eq!(seen.failures, nothing, "{}: {command}", node.name);
                assert_eq!(seen.paths(), nothing, "{}: {command}", node.name);
            }
        }
    }
}

#[test]
fn a_node_without_a_build_is_unseen() {
    for node in nodes() {
        for build in [
            None,
            Some(""),
            Some("8"),
            Some("8."),
            Some("8.1"),
            Some("error"),
        ] {
            node.is_blind("build", build);
        }
    }
}

#[test]
fn a_data_centre_that_says_nothing_is_unseen_and_null_is_none() {
    let node = Pair::enterprise("8.1.2.0").answers("get-config:context=xdr", "dcs=null;src-id=0");
    case(&node, &[], &[]);
    let node = Pair::enterprise("8.1.2.0")
        .says(
            "top",
            "xdr {\n dc A {\n  namespace test {\n   ship-bin a\n  }\n }\n}",
        )
        .answers("get-config:context=xdr", "dcs=A;src-id=0");
    let (dc, namespace) = (
        "get-config:context=xdr;dc=A",
        "get-config:context=xdr;dc=A;namespace=test",
    );
    let empty = node.clone().answers(dc, "");
    case(&empty, &[], &[&format!("`{dc}` answered nothing")]);
    let node = node.answers(dc, "auth-user=null;namespaces=test");
    let empty = node.clone().answers(namespace, "");
    case(&empty, &[], &[&format!("`{namespace}` answered nothing")]);
    let node = node.answers(dc, "auth-user=null;namespaces=null");
    case(
        &node,
        &["xdr.dc.A.namespace.test: present → -, drifted"],
        &[],
    );
}

#[test]
fn line_ends_are_no_part_of_an_answer() {
    for end in ["\n", "\r\n", "\r"] {
        let mut node = pair();
        for answer in node.answers.values_mut() {
            answer.push_str(end);
        }
        let compared = node.compare();
        assert_eq!(compared.failures, Vec::<String>::new());
        assert_eq!(compared.lines(), Vec::<String>::new());
    }
}

/// What an answer breaks off with may be a password.
#[test]
fn what_is_said_of_a_damaged_answer_names_no_value() {
    let ports = "service.access-port=0;service.alternate-access-port=0";
    let secret = "tls[0].key-file-password=swordfish";
    for answer in [format!("{ports};{secret}"), format!("{secret}\0")] {
        let node = Pair::enterprise("8.1.2.0").answers("get-config:context=network", &answer);
        let failures = node.compare().failures.join("\n");
        assert!(
            failures.contains("`get-config:context=network`"),
            "{failures}"
        );
        assert!(!failures.contains("swordfish"), "{failures}");
    }
}
