//! Ten times as much takes ten times as long, whatever it is ten times of; and 100,000 settings are compared at once.
#![allow(clippy::print_stdout)] // The times are for whoever runs the test.

use std::fmt::Write;
use std::time::{Duration, Instant};

use ascad::catalogue::{Edition, Release};
use ascad::compare::{self, Party, Role, Scope};
use ascad::conf;
use ascad::report::conf as written;
use ascad::settings::answers::{self, Hints};
use ascad::settings::{Settings, tree};
use ascad::wire::Answers;

const RELEASE: Release = Release::NEWEST_KNOWN;

fn settled(text: &str) -> Settings {
    let (tree, _) = conf::parse(text.as_bytes(), RELEASE);
    tree::settle(&tree, RELEASE, Edition::Enterprise)
}

fn compared(one: &Settings, other: &Settings) -> usize {
    let parties = [(Role::File, one), (Role::Reference, other)]
        .map(|(role, settings)| Party { role, settings });
    compare::compare(&parties, &Scope::default())
        .differences
        .len()
}

/// Everything that is done with a file, as one time.
fn work(text: &str) -> Duration {
    let started = Instant::now();
    let file = settled(text);
    let nothing = settled("");
    compared(&file, &file);
    compared(&file, &nothing);
    compared(&nothing, &file);
    let shown = written::conf(&file);
    assert!(shown.len() < 100 * text.len());
    let (tree, _) = conf::parse(text.as_bytes(), RELEASE);
    conf::print(&tree);
    started.elapsed()
}

/// Ten times as much may take twenty-five times as long, which leaves room for sorting and caches; a square would
/// be a hundred. A busy machine is no fault of ours, so one good run of several is enough.
#[track_caller]
fn grows(name: &str, small: impl Fn() -> Duration, large: impl Fn() -> Duration) {
    let mut seen = Vec::new();
    for _ in 0..6 {
        let times = (small(), large());
        if times.1 < times.0 * 25 + Duration::from_millis(20) {
            println!("{name:<40} {:>10.1?} {:>10.1?}", times.0, times.1);
            return;
        }
        seen.push(times);
    }
    panic!("{name}: {seen:?}");
}

#[track_caller]
fn case(name: &str, count: usize, text: impl Fn(usize) -> String) {
    let (once, ten_times) = (text(count), text(count * 10));
    grows(name, || work(&once), || work(&ten_times));
}

fn repeated(count: usize, line: impl Fn(usize) -> String) -> String {
    (0..count).map(line).collect()
}

#[test]
fn what_is_done_with_a_file_grows_with_its_size_and_no_faster() {
    case("namespaces", 200, |count| {
        repeated(count, |at| {
            format!(
                "namespace n{at} {{\nreplication-factor 1\nstorage-engine memory {{\ndata-size 1G\n}}\n}}\n"
            )
        })
    });
    case("sets", 1000, |count| {
        let sets = repeated(count, |at| format!("set s{at} {{\nenable-index true\n}}\n"));
        format!("namespace test {{\n{sets}}}\n")
    });
    case("addresses", 2000, |count| {
        let lines = repeated(count, |at| format!("address host-{}\n", count - at));
        format!("network {{\nservice {{\n{lines}}}\n}}\n")
    });
    case("seeds", 2000, |count| {
        let lines = repeated(count, |at| {
            format!("mesh-seed-address-port host-{} 3002\n", count - at)
        });
        format!("network {{\nheartbeat {{\nport 3002\n{lines}}}\n}}\n")
    });
    case("devices", 2000, |count| {
        let lines = repeated(count, |at| format!("device /dev/{at}\n"));
        format!("namespace test {{\nstorage-engine device {{\n{lines}}}\n}}\n")
    });
    case("sinks of one path", 500, |count| {
        let sinks = repeated(count, |_| "console {\ncontext any info\n}\n".to_owned());
        format!("logging {{\n{sinks}}}\n")
    });
    case("sinks", 500, |count| {
        let sinks = repeated(count, |at| {
            format!("file /a{at} {{\ncontext any info\ncontext tls debug\n}}\n")
        });
        format!("logging {{\n{sinks}}}\n")
    });
    case("tls sections", 500, |count| {
        let sections = repeated(count, |at| format!("tls t{at} {{\ncert-file /a\n}}\n"));
        format!("network {{\n{sections}}}\n")
    });
    case("data centres", 500, |count| {
        let centres = repeated(count, |at| {
            format!("dc d{at} {{\nperiod-ms 5\nnamespace test {{\nforward true\n}}\n}}\n")
        });
        format!("xdr {{\n{centres}}}\n")
    });
    case("one parameter", 5000, |count| {
        let lines = repeated(count, |at| format!("proto-fd-max {at}\n"));
        format!("service {{\n{lines}}}\n")
    });
    case("unknown parameters", 2000, |count| {
        let lines = repeated(count, |at| format!("unknown-{at} 1\n"));
        format!("service {{\n{lines}}}\n")
    });
    case("sections within sections", 2000, |count| {
        repeated(count, |_| "a {\nb 1\n".to_owned())
    });
    case("sections never closed", 2000, |count| {
        repeated(count, |_| "namespace a {\n".to_owned())
    });
    case("braces", 5000, |count| {
        repeated(count, |_| "}\n}};\n".to_owned())
    });
    case("marks on parameters", 500, |count| {
        let lines = repeated(count, |at| format!("unknown-{at} 1 # ascad: per-node\n"));
        format!("service {{\n{lines}}}\n")
    });
    case("marks", 2000, |count| {
        repeated(count, |_| "# ascad: per-node\n".to_owned())
    });
}

#[test]
fn what_is_done_with_answers_grows_with_their_size_and_no_faster() {
    let settle = |answers: &Answers| {
        let started = Instant::now();
        let seen = answers::settle(answers, &Hints::default());
        let nothing = settled("");
        compared(&nothing, &seen.settings);
        compared(&seen.settings, &nothing);
        written::conf(&seen.settings);
        started.elapsed()
    };
    let answers = |command: &str, answer: String| {
        let mut answers = Answers::default();
        answers.insert("build", "8.1.2.0");
        answers.insert("edition", "Aerospike Enterprise Edition");
        answers.insert("namespaces", "test");
        answers.insert(command, answer);
        answers
    };
    type Make = fn(usize) -> String;
    let cases: [(&str, Make); 8] = [
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
    for (command, make) in cases {
        let [small, large] = [1000, 10_000].map(|count| answers(command, repeated(count, make)));
        grows(command, || settle(&small), || settle(&large));
    }
}

#[test]
fn a_hundred_thousand_settings_are_compared_at_once() {
    let file = |value: u32| {
        let mut text = String::new();
        for namespace in 0..100 {
            let _ = writeln!(text, "namespace n{namespace} {{");
            for set in 0..500 {
                let _ = writeln!(
                    text,
                    "set s{set} {{\nstop-writes-count {value}\nenable-index true\n}}"
                );
            }
            text.push_str("}\n");
        }
        settled(&text)
    };
    let (one, other) = (file(1), file(2));
    assert_eq!(one.count(), 100_000);
    let limit = if cfg!(debug_assertions) { 3000 } else { 100 };
    for (name, other, expected) in [("equal", &one, 0), ("half of them", &other, 50_000)] {
        let run = || {
            let started = Instant::now();
            assert_eq!(compared(&one, other), expected);
            started.elapsed()
        };
        let took = (0..5).map(|_| run()).min().unwrap();
        println!("100,000 settings, {name} different: {took:?}");
        assert!(took < Duration::from_millis(limit), "{name}: {took:?}");
    }
}
