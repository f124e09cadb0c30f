//! A file and the answers of a server that runs with it, both small, to be bent by a test.
#![allow(dead_code, unreachable_pub)] // Each test program uses its own part.

use std::collections::BTreeMap;

use crate::checked::checked;
use ascad::catalogue::{Edition, Release};
use ascad::compare::{Comparison, Difference};
use ascad::conf;
use ascad::lint;
use ascad::settings::{Machine, Settings, Value, tree};

/// A file and answers.
#[derive(Clone)]
pub struct Pair {
    pub file: String,
    pub answers: BTreeMap<String, String>,
}

/// The lines that start with `#@` are where more is said.
const FILE: &str = "service {
\tcluster-name main
\t#@service
}
logging {
\tconsole {
\t\tcontext any info
\t\t#@console
\t}
\t#@logging
}
network {
\tservice {
\t\tport 3000
\t\t#@network.service
\t}
\theartbeat {
\t\tmode mesh
\t\tport 3002
\t\t#@heartbeat
\t}
\tfabric {
\t\tport 3001
\t\t#@fabric
\t}
\t#@network
}
namespace test {
\tENGINE
\t#@namespace
}
#@top
";

impl Pair {
    /// A community server of this build with one namespace in memory, and its file.
    pub fn community(build: &str) -> Pair {
        Pair::of(build, "Aerospike Community Edition")
    }

    /// The same of the enterprise edition.
    pub fn enterprise(build: &str) -> Pair {
        Pair::of(build, "Aerospike Enterprise Edition")
            .answers("get-config:context=security", "")
            .answers("get-config:context=xdr", "dcs=;src-id=0;trace-sample=0")
    }

    fn of(build: &str, edition: &str) -> Pair {
        let modern = Release::parse(build).unwrap().is_from(7, 0);
        let (engine, reported) = match modern {
            true => (
                "storage-engine memory {\n\t\tdata-size 1G\n\t\t#@storage\n\t}",
                "storage-engine=memory;storage-engine.data-size=1073741824",
            ),
            false => (
                "memory-size 1G\n\tstorage-engine memory",
                "memory-size=1073741824;storage-engine=memory",
            ),
        };
        let answers = [
            ("build", build),
            ("edition", edition),
            ("node", "BB9123456789ABC"),
            ("namespaces", "test"),
            ("get-config:context=service", "cluster-name=main"),
            (
                "get-config:context=network",
                "service.port=3000;heartbeat.mode=mesh;heartbeat.port=3002;fabric.port=3001",
            ),
            ("get-config:context=namespace;id=test", reported),
            ("sets/test", ""),
            ("logs", "0:stderr"),
            (
                "log/0",
                "misc:INFO;migrate:INFO;namespace:INFO;tls:INFO;audit:INFO",
            ),
        ];
        let answers = answers
            .iter()
            .map(|(command, answer)| ((*command).to_owned(), (*answer).to_owned()));
        Pair {
            file: FILE.replace("ENGINE", engine),
            answers: answers.collect(),
        }
    }

    /// The file says this, too, where it is marked.
    #[track_caller]
    pub fn says(mut self, place: &str, lines: &str) -> Pair {
        let mark = format!("#@{place}\n");
        assert!(self.file.contains(&mark), "no {mark}");
        self.file = self.file.replace(&mark, &format!("{lines}\n{mark}"));
        self
    }

    /// The file says one thing instead of another.
    #[track_caller]
    pub fn writes(mut self, from: &str, to: &str) -> Pair {
        assert!(self.file.contains(from), "no {from}");
        self.file = self.file.replace(from, to);
        self
    }

    /// The server answers this to a command, and nothing else.
    pub fn answers(mut self, command: &str, answer: &str) -> Pair {
        self.answers.insert(command.to_owned(), answer.to_owned());
        self
    }

    /// The server reports these pairs, too: a key that it reports already has another value.
    pub fn reports(mut self, context: &str, pairs: &str) -> Pair {
        let answer = self.answer(context);
        let mut reported: Vec<String> = words(answer, ';');
        for pair in words(pairs, ';') {
            let key = &pair[..=pair.find('=').unwrap()];
            match reported.iter().position(|present| present.starts_with(key)) {
                Some(at) => reported[at] = pair,
                None => reported.push(pair),
            }
        }
        *answer = reported.join(";");
        self
    }

    /// The server reports these pairs beside what it reports: a key may stand several times.
    pub fn also_reports(mut self, context: &str, pairs: &str) -> Pair {
        let answer = self.answer(context);
        if !answer.is_empty() {
            answer.push(';');
        }
        answer.push_str(pairs);
        self
    }

    fn answer(&mut self, context: &str) -> &mut String {
        let command = match context {
            "namespace" => "get-config:context=namespace;id=test".to_owned(),
            "service" | "network" | "security" | "xdr" => format!("get-config:context={context}"),
            command => command.to_owned(),
        };
        self.answers.entry(command).or_default()
    }

    /// What the file says.
    pub fn file_settings(&self) -> Settings {
        let release = Release::parse(&self.answers["build"]).unwrap();
        let edition = Edition::parse(&self.answers["edition"]).unwrap();
        let (tree, _) = conf::parse(self.file.as_bytes(), release);
        tree::settle(&tree, release, edition)
    }

    /// The codes of what `lint` finds in the file.
    pub fn codes(&self) -> Vec<&'static str> {
        let release = Release::parse(&self.answers["build"]).unwrap();
        let edition = Edition::parse(&self.answers["edition"]).unwrap();
        let report = lint::lint(self.file.as_bytes(), release, edition);
        report.problems.iter().map(|problem| problem.code).collect()
    }

    /// Compares as `ascad check FILE --against RECORDING` does.
    pub fn compare(&self) -> Compared {
        let checked = checked(self.file_settings(), &self.answers, &Machine::default());
        let fixes = checked.fixes.into_iter().flatten();
        let fixes = fixes
            .map(|fix| match fix.note {
                "" => fix.command,
                note => format!("{} ({note})", fix.command),
            })
            .collect();
        Compared {
            comparison: checked.comparison,
            failures: checked.failures,
            fixes,
        }
    }

    /// No difference, and nothing that could not be seen.
    #[track_caller]
    pub fn is_equal(&self) {
        let compared = self.compare();
        assert_eq!(compared.failures, Vec::<String>::new());
        assert_eq!(compared.lines(), Vec::<String>::new(), "{}", self.file);
    }

    /// Exactly these differences: `path: file → runtime, kind`.
    #[track_caller]
    pub fn differs(&self, expected: &[&str]) {
        let compared = self.compare();
        assert_eq!(compared.failures, Vec::<String>::new());
        assert_eq!(compared.lines(), expected, "{}", self.file);
    }
}

/// What came of a comparison.
pub struct Compared {
    pub comparison: Comparison,
    pub failures: Vec<String>,
    pub fixes: Vec<String>,
}

impl Compared {
    /// The differences, one a line.
    pub fn lines(&self) -> Vec<String> {
        self.comparison.differences.iter().map(line).collect()
    }
}

fn line(difference: &Difference) -> String {
    let [file, runtime] = difference.sides.as_slice() else {
        panic!("two sides")
    };
    let [file, runtime] = [file, runtime].map(|side| match &side.value {
        Some(Value::One(one)) => one.clone(),
        Some(Value::Many(many)) => format!("[{}]", many.join(", ")),
        Some(Value::Anything) => "*".to_owned(),
        None => "-".to_owned(),
    });
    let kind = difference.kind.name();
    format!("{}: {file} → {runtime}, {kind}", difference.path)
}

fn words(text: &str, between: char) -> Vec<String> {
    text.split(between)
        .filter(|word| !word.is_empty())
        .map(str::to_owned)
        .collect()
}
