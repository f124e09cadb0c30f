//! 312 odd files on six releases: wherever a server started, what the file says, as it is read here, is what the
//! server reported (`fixtures/grammar.jsonl`).
#![allow(clippy::print_stdout)] // How much was compared is for whoever runs the test.

mod grammar;

use ascad::catalogue::{Edition, Release};
use ascad::settings::answers::{self, Hints};
use ascad::settings::{Path, Settings, Stand, tree};
use ascad::{conf, wire::Answers};
use serde_json::Value as Json;

/// The recorder gave each release ports of its own and kept the file of one.
const RECORDERS_PORT: &[(&str, &str)] = &[
    ("duplicated section network", "service.port"),
    ("network info section", "info.port"),
    ("network admin section", "admin.port"),
];

#[derive(Default)]
struct Tally {
    servers: usize,
    values: usize,
    silent: usize,
    wrong: Vec<String>,
}

#[test]
fn what_a_file_says_is_what_the_server_that_started_with_it_reported() {
    let mut tally = Tally::default();
    grammar::for_each_server(|name, version, file, server| {
        if server["starts"] != true || server["value"].is_null() {
            return;
        }
        let release = Release::parse(version).unwrap();
        let (tree, _) = conf::parse(file, release);
        let file = tree::settle(&tree, release, Edition::Community);
        tally.servers += 1;
        let name = format!("{version} {name}");
        tally.case(&name, version, &file, &server["value"]);
    });
    println!(
        "{} values of {} servers compared, {} of them with the default of a silent file",
        tally.values, tally.servers, tally.silent
    );
    assert!(tally.wrong.is_empty(), "{}", tally.wrong.join("\n"));
    assert!(tally.values > 0);
}

impl Tally {
    fn case(&mut self, name: &str, version: &str, file: &Settings, value: &Json) {
        let mut answers = Answers::default();
        answers.insert("build", version);
        answers.insert("edition", "Aerospike Community Edition");
        let namespace = names(file, "namespace").into_iter().next();
        let namespace = namespace.unwrap_or_default();
        match value {
            Json::Object(pairs) => {
                let mut by_command = std::collections::BTreeMap::<String, Vec<String>>::new();
                for (key, value) in pairs {
                    let Some(value) = value.as_str() else {
                        continue;
                    };
                    if RECORDERS_PORT
                        .iter()
                        .any(|(case, of)| name.ends_with(case) && key == of)
                    {
                        continue;
                    }
                    let command = command_of(key, &namespace);
                    let pairs = by_command.entry(command).or_default();
                    pairs.push(format!("{key}={value}"));
                }
                for (command, pairs) in by_command {
                    answers.insert(command, pairs.join(";"));
                }
                answers.insert("namespaces", namespace.as_str());
            }
            Json::String(text) if text.starts_with("ns=") => {
                answers.insert("namespaces", namespace.as_str());
                answers.insert(format!("sets/{namespace}"), whole(text, ':'));
            }
            Json::String(text) if text.starts_with("0:") => {
                answers.insert("logs", text.as_str());
                let seen = answers::settle(&answers, &Hints::default()).settings;
                self.has(name, &names(file, "logging"), &names(&seen, "logging"));
            }
            Json::String(text) if text.starts_with("misc:") => {
                let sink = &names(file, "logging")[0];
                let sink = if sink == "console" { "stderr" } else { sink };
                answers.insert("logs", format!("0:{sink}"));
                answers.insert("log/0", whole(text, ';'));
            }
            Json::String(text) => self.has(name, &names(file, "namespace"), &[text.to_owned()]),
            value => panic!("{name}: {value}"),
        }
        let seen = answers::settle(&answers, &Hints::default()).settings;
        for (path, setting) in seen.iter() {
            // What the server broke at a `;` within a value is no setting.
            if setting.row.is_none() && !path.as_str().starts_with("logging.") {
                continue;
            }
            let stand = file.stand(path, setting);
            let value = match &stand {
                Stand::Says(said) => &said.value,
                Stand::Means(value) => {
                    self.silent += 1;
                    value
                }
                Stand::Open(why) => {
                    self.wrong.push(format!("{name}: {path} is open: {why:?}"));
                    continue;
                }
            };
            self.values += 1;
            let whole = value.agrees_with(&setting.value);
            if !whole && !file.agrees(path, value, &seen, &setting.value) {
                self.wrong.push(format!(
                    "{name}: {path}: {value:?}, but the server has {:?}",
                    setting.value
                ));
            }
        }
    }

    fn has(&mut self, name: &str, file: &[String], server: &[String]) {
        self.values += server.len();
        if file != server {
            self.wrong
                .push(format!("{name}: {file:?}, but the server has {server:?}"));
        }
    }
}

/// The recorder cut long texts, so the last field may be a half.
fn whole(text: &str, between: char) -> &str {
    text.rsplit_once(between).map_or(text, |(whole, _)| whole)
}

/// The sections, or the sets, right below this path.
fn names(settings: &Settings, below: &str) -> Vec<String> {
    let below = below.split('.').map(str::to_owned).collect::<Vec<_>>();
    let sections = settings.sections().map(|(path, _)| path);
    let parameters = settings.iter().map(|(path, _)| path);
    let mut names: Vec<String> = sections
        .chain(parameters)
        .map(Path::steps)
        .filter(|steps| steps.len() > below.len() && steps[..below.len()] == *below)
        .map(|steps| steps[below.len()].to_string())
        .collect();
    names.sort();
    names.dedup();
    names
}

/// The command that the recorder asked for a key.
fn command_of(key: &str, namespace: &str) -> String {
    let section = key.split_once('.').map_or("", |(section, _)| section);
    let context = match (section, key) {
        ("service" | "heartbeat" | "fabric" | "info" | "admin", _) => "network".to_owned(),
        (
            _,
            "index-stage-size" | "default-ttl" | "nsup-period" | "replication-factor"
            | "memory-size",
        ) => format!("namespace;id={namespace}"),
        _ => "service".to_owned(),
    };
    format!("get-config:context={context}")
}
