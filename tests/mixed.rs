//! Nodes of several releases and editions: what each calls its own is no difference, and what somebody set is.

use ascad::compare::{Scope, outliers};
use ascad::settings::answers::{self, Hints};
use ascad::settings::{Settings, Value};
use ascad::wire::Answers;

/// A running server that says this of its only namespace, `;` between pairs.
fn server(build: &str, edition: &str, namespace: &str) -> Settings {
    let mut answers = Answers::default();
    for (command, answer) in [
        ("build", build),
        ("edition", edition),
        ("namespaces", "test"),
        ("sets/test", ""),
        ("logs", ""),
        ("get-config:context=service", "migrate-threads=1"),
        (
            "get-config:context=network",
            "heartbeat.mode=mesh;fabric.port=3001",
        ),
        ("get-config:context=security", ""),
        ("get-config:context=xdr", "dcs=;src-id=0;trace-sample=0"),
        ("get-config:context=namespace;id=test", namespace),
    ] {
        answers.insert(command, answer);
    }
    let seen = answers::settle(&answers, &Hints::default());
    assert_eq!(seen.failures, Vec::<String>::new());
    seen.settings
}

/// `PATH: VALUE | VALUE`.
#[track_caller]
fn case(nodes: &[Settings], expected: &[&str]) {
    let compared = outliers(&nodes.iter().collect::<Vec<_>>(), &Scope::default());
    let shown = compared.differences.iter().map(|difference| {
        let values = difference.groups.iter().map(|group| match &group.value {
            Some(Value::One(one)) => one.clone(),
            Some(Value::Many(many)) => many.join(","),
            Some(Value::Anything) | None => "–".to_owned(),
        });
        format!(
            "{}: {}",
            difference.path,
            values.collect::<Vec<_>>().join(" | ")
        )
    });
    assert_eq!(shown.collect::<Vec<_>>(), expected);
}

/// What a server of 6.4 says of its storage engine, and one of 7.0: its type and its parameters.
#[track_caller]
fn upgraded(before: &str, after: &str, expected: &[&str]) {
    let nodes = [("6.4.0.34", before), ("7.0.0.26", after)].map(|(build, engine)| {
        let engine = format!("storage-engine={}", engine.replace(' ', ";storage-engine."));
        server(build, "Aerospike Community Edition", &engine)
    });
    case(&nodes, expected);
}

#[test]
fn a_device_with_its_data_in_memory_became_memory_with_a_device() {
    let before = "device file[0]=/d data-in-memory=true";
    upgraded(before, "memory file[0]=/d", &[]);
    upgraded(
        "device device[0]=/d data-in-memory=true",
        "memory device[0]=/d",
        &[],
    );
    let differ = "namespace.test.storage-engine: device | memory";
    upgraded(
        "device file[0]=/d data-in-memory=false",
        "memory file[0]=/d",
        &[differ],
    );
    let lost = "namespace.test.storage-engine.file: /d | ";
    upgraded(before, "memory data-size=1", &[differ, lost]);
    let moved = "namespace.test.storage-engine.file: /d | /e";
    upgraded(before, "memory file[0]=/e", &[moved]);
}

/// What a community server says of its namespace, and an enterprise server.
#[track_caller]
fn editions(community: &str, enterprise: &str, expected: &[&str]) {
    let nodes = [("Community", community), ("Enterprise", enterprise)].map(|(edition, said)| {
        let namespace = format!("storage-engine=memory;{said}");
        server(
            "7.2.0.17",
            &format!("Aerospike {edition} Edition"),
            &namespace,
        )
    });
    case(&nodes, expected);
}

#[test]
fn each_edition_has_its_usual_index() {
    editions("index-type=mem", "index-type=shmem", &[]);
    editions("sindex-type=mem", "sindex-type=shmem", &[]);
    editions(
        "prefer-uniform-balance=false",
        "prefer-uniform-balance=true",
        &[],
    );
    editions(
        "index-type=mem",
        "index-type=flash",
        &["namespace.test.index-type: mem | flash"],
    );
    editions(
        "replication-factor=2",
        "replication-factor=3",
        &["namespace.test.replication-factor: 2 | 3"],
    );
}
