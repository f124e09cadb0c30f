//! Inputs of any size, one for everything that there can be many of.
#![allow(dead_code, unreachable_pub, clippy::type_complexity)] // Each program uses its own part.

use ascad::catalogue::{Edition, Release};
use ascad::compare::{self, Party, Role, Scope};
use ascad::conf;
use ascad::settings::{Settings, tree};
use ascad::wire::Answers;

pub const RELEASE: Release = Release::NEWEST_KNOWN;

/// What there is many of, how many a small input has, and the file with so many.
pub const FILES: [(&str, usize, fn(usize) -> String); 16] = [
    ("namespaces", 200, |count| {
        repeated(count, |at| {
            format!(
                "namespace n{at} {{\nreplication-factor 1\nstorage-engine memory {{\ndata-size 1G\n}}\n}}\n"
            )
        })
    }),
    ("sets", 1000, |count| {
        let sets = repeated(count, |at| format!("set s{at} {{\nenable-index true\n}}\n"));
        format!("namespace test {{\n{sets}}}\n")
    }),
    ("addresses", 2000, |count| {
        let lines = repeated(count, |at| format!("address host-{}\n", count - at));
        format!("network {{\nservice {{\n{lines}}}\n}}\n")
    }),
    ("seeds", 2000, |count| {
        let lines = repeated(count, |at| {
            format!("mesh-seed-address-port host-{} 3002\n", count - at)
        });
        format!("network {{\nheartbeat {{\nport 3002\n{lines}}}\n}}\n")
    }),
    ("devices", 2000, |count| {
        let lines = repeated(count, |at| format!("device /dev/{at}\n"));
        format!("namespace test {{\nstorage-engine device {{\n{lines}}}\n}}\n")
    }),
    ("sinks of one path", 500, |count| {
        let sinks = repeated(count, |_| "console {\ncontext any info\n}\n".to_owned());
        format!("logging {{\n{sinks}}}\n")
    }),
    ("sinks", 500, |count| {
        let sinks = repeated(count, |at| {
            format!("file /a{at} {{\ncontext any info\ncontext tls debug\n}}\n")
        });
        format!("logging {{\n{sinks}}}\n")
    }),
    ("tls sections", 500, |count| {
        let sections = repeated(count, |at| format!("tls t{at} {{\ncert-file /a\n}}\n"));
        format!("network {{\n{sections}}}\n")
    }),
    ("data centres", 500, |count| {
        let centres = repeated(count, |at| {
            format!("dc d{at} {{\nperiod-ms 5\nnamespace test {{\nforward true\n}}\n}}\n")
        });
        format!("xdr {{\n{centres}}}\n")
    }),
    ("one parameter", 5000, |count| {
        let lines = repeated(count, |at| format!("proto-fd-max {at}\n"));
        format!("service {{\n{lines}}}\n")
    }),
    ("unknown parameters", 2000, |count| {
        let lines = repeated(count, |at| format!("unknown-{at} 1\n"));
        format!("service {{\n{lines}}}\n")
    }),
    ("sections within sections", 2000, |count| {
        repeated(count, |_| "a {\nb 1\n".to_owned())
    }),
    ("sections never closed", 2000, |count| {
        repeated(count, |_| "namespace a {\n".to_owned())
    }),
    ("braces", 5000, |count| {
        repeated(count, |_| "}\n}};\n".to_owned())
    }),
    ("marks on parameters", 500, |count| {
        let lines = repeated(count, |at| format!("unknown-{at} 1 # ascad: per-node\n"));
        format!("service {{\n{lines}}}\n")
    }),
    ("marks", 2000, |count| {
        repeated(count, |_| "# ascad: per-node\n".to_owned())
    }),
];

/// A command, and the n-th part of its answer.
pub const ANSWERS: [(&str, fn(usize) -> String); 8] = [
    ("get-config:context=service", |at| {
        format!("unknown-{at}=1;")
    }),
    ("get-config:context=service", |_| "unknown=1;".to_owned()),
    ("get-config:context=network", |at| {
        format!("service.address=host-{at};")
    }),
    ("get-config:context=network", |at| {
        format!("tls[{at}].name=n{at};tls[{at}].cert-file=/a;")
    }),
    ("get-config:context=namespace;id=test", |at| {
        format!("storage-engine.file[{at}]=/a{at};")
    }),
    ("sets/test", |at| {
        format!("ns=test:set=s{at}:objects=0:enable-index=true;")
    }),
    ("logs", |at| format!("{at}:stderr;")),
    ("namespaces", |at| format!("n{at};")),
];

/// A node of which nothing is special but this answer.
pub fn answers(command: &str, answer: String) -> Answers {
    let mut answers = Answers::default();
    answers.insert("build", "8.1.2.0");
    answers.insert("edition", "Aerospike Enterprise Edition");
    answers.insert("namespaces", "test");
    answers.insert(command, answer);
    answers
}

pub fn settled(text: &str) -> Settings {
    let (tree, _) = conf::parse(text.as_bytes(), RELEASE);
    tree::settle(&tree, RELEASE, Edition::Enterprise)
}

/// How many differences there are.
pub fn compared(one: &Settings, other: &Settings) -> usize {
    let parties = [(Role::File, one), (Role::Reference, other)]
        .map(|(role, settings)| Party { role, settings });
    compare::compare(&parties, &Scope::default())
        .differences
        .len()
}

pub fn repeated(count: usize, line: impl Fn(usize) -> String) -> String {
    (0..count).map(line).collect()
}
