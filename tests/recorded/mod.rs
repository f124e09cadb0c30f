//! Reading the recordings of real servers in `fixtures/`.
#![allow(dead_code, unreachable_pub)] // Each test program uses its own part.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use crate::checked::{Checked, checked};
use ascad::catalogue::{Edition, Release};
use ascad::conf;
use ascad::remedy::Place;
use ascad::settings::{Interface, Machine, Value, tree};
use ascad::wire::Answers;
use serde_json::Value as Json;

/// The folders below `root` that hold `name`, sorted.
pub(crate) fn folders(root: &str, name: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut waiting = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join(root)];
    while let Some(folder) = waiting.pop() {
        if folder.join(name).exists() {
            found.push(folder.clone());
        }
        let entries = std::fs::read_dir(&folder)
            .unwrap()
            .map(|entry| entry.unwrap().path());
        waiting.extend(entries.filter(|path| path.is_dir()));
    }
    found.sort();
    found
}

/// A recording: info command → answer.
pub(crate) fn json(path: &Path) -> BTreeMap<String, String> {
    let answers = Answers::from_json(&std::fs::read(path).unwrap()).unwrap();
    answers
        .iter()
        .map(|(command, answer)| (command.to_owned(), answer.to_owned()))
        .collect()
}

/// What came of comparing a file with a recording.
pub(crate) struct Compared {
    checked: Checked,
    /// The info commands that mend the differences.
    pub(crate) commands: Vec<String>,
}

impl Compared {
    /// The paths that differ, sorted.
    pub(crate) fn paths(&self) -> Vec<String> {
        self.checked.paths()
    }

    /// Path, the file's value and the runtime's, in canonical form.
    pub(crate) fn before_and_after(&self) -> Vec<(String, String, String)> {
        let sides = |difference: &ascad::compare::Difference| {
            let [file, runtime] = difference.sides.as_slice() else {
                panic!("two sides")
            };
            (
                difference.path.to_string(),
                text(file.value.as_ref()),
                text(runtime.value.as_ref()),
            )
        };
        let differences = &self.checked.comparison.differences;
        differences.iter().map(sides).collect()
    }
}

/// The answers before and after the commands of a `dynamic.json`.
pub(crate) fn dynamic(folder: &Path) -> (BTreeMap<String, String>, BTreeMap<String, String>) {
    let text = std::fs::read(folder.join("dynamic.json")).unwrap();
    let recorded: Json = serde_json::from_slice(&text).unwrap();
    let answers = |when: &str| {
        let answers = recorded[when].as_object().unwrap();
        answers
            .iter()
            .map(|(command, answer)| (command.clone(), answer.as_str().unwrap().to_owned()))
            .collect()
    };
    (answers("before"), answers("after"))
}

/// Path → the values before and after, worked out from the answers without the program's own reading of them. A set
/// that was created is compared with what a new set has: zero and false.
pub(crate) fn changed(
    before: &BTreeMap<String, String>,
    after: &BTreeMap<String, String>,
) -> BTreeMap<String, (String, String)> {
    let (before, after) = (values(before), values(after));
    let mut changed = BTreeMap::new();
    for (path, is) in &after {
        let new = if is.parse::<u64>().is_ok() {
            "0"
        } else {
            "false"
        };
        let was = before.get(path).map_or(new, String::as_str);
        if was != is {
            changed.insert(path.clone(), (was.to_owned(), is.clone()));
        }
    }
    changed
}

fn values(answers: &BTreeMap<String, String>) -> BTreeMap<String, String> {
    let of = |path: &[&str]| {
        let root = ascad::settings::Path::of(path[0]);
        path[1..].iter().fold(root, |path, step| path.join(step))
    };
    let sink = |id: &str| {
        let logs = answers["logs"]
            .split(';')
            .find_map(|log| log.strip_prefix(&format!("{id}:")));
        logs.map(|path| if path == "stderr" { "console" } else { path }.to_owned())
    };
    let mut values = BTreeMap::new();
    for (command, answer) in answers {
        let pairs = answer.split(';').filter_map(|pair| pair.split_once('='));
        if let Some(context) = command.strip_prefix("get-config:context=") {
            let root = match context.split_once(";id=") {
                Some((_, namespace)) => of(&["namespace", namespace]),
                None => of(&[context]),
            };
            for (key, value) in pairs.filter(|(key, _)| !key.contains('[')) {
                let path = key
                    .split('.')
                    .fold(root.clone(), |path, step| path.join(step));
                let value = if value == "null" { "" } else { value };
                values.insert(path.to_string(), value.to_owned());
            }
        } else if let Some(namespace) = command.strip_prefix("sets/") {
            for set in answer.split(';') {
                let fields: BTreeMap<&str, &str> = set
                    .split(':')
                    .filter_map(|pair| pair.split_once('='))
                    .collect();
                let parameters = fields.iter().filter(|(key, _)| key.contains('-'));
                for (key, value) in parameters {
                    let path = of(&["namespace", namespace, "set", fields["set"], key]);
                    values.insert(path.to_string(), (*value).to_owned());
                }
            }
        } else if let Some(sink) = command.strip_prefix("log/").and_then(sink) {
            for (context, level) in answer.split(';').filter_map(|part| part.split_once(':')) {
                values.insert(
                    of(&["logging", &sink, context]).to_string(),
                    level.to_ascii_lowercase(),
                );
            }
        }
    }
    values
}

/// The machine that recorded the scenes: two CPUs, an Ethernet interface.
pub(crate) fn machine() -> Machine {
    let ethernet = Interface {
        mac: [2, 0xfc, 0, 0, 0, 1],
        mtu: 1400,
    };
    Machine {
        cpus: Some(2),
        interfaces: vec![
            Interface {
                mac: [0; 6],
                mtu: 65536,
            },
            ethernet,
        ],
        memory: Some(24_684_096),
    }
}

/// Compares as `ascad check FILE --against RECORDING` does.
#[track_caller]
pub(crate) fn compare(file: &[u8], recording: &BTreeMap<String, String>) -> Compared {
    let release = Release::parse(&recording["build"]).unwrap();
    let edition = Edition::parse(&recording["edition"]).unwrap();
    let (tree, _) = conf::parse(file, release);
    let file = tree::settle(&tree, release, edition);
    let checked = checked(file, recording, &machine());
    assert_eq!(checked.failures, Vec::<String>::new());
    let fixes = checked.fixes.iter().flatten();
    let commands = fixes
        .filter(|fix| fix.on == Place::Runtime)
        .map(|fix| fix.command.clone())
        .collect();
    Compared { checked, commands }
}

/// A folder of `fixtures/scenes`.
pub(crate) struct Scene {
    folder: PathBuf,
    expect: Json,
}

impl Scene {
    pub(crate) fn read(folder: &Path) -> Scene {
        let expect = std::fs::read(folder.join("expect.json")).unwrap();
        Scene {
            folder: folder.to_owned(),
            expect: serde_json::from_slice(&expect).unwrap(),
        }
    }

    /// The commands that mend the drift, ours and those that the server accepted, both sorted.
    pub(crate) fn remedies(&self) -> (Vec<String>, Vec<String>) {
        let file = std::fs::read(self.folder.join("aerospike.conf")).unwrap();
        let mut ours = compare(&file, &json(&self.folder.join("after.json"))).commands;
        let remedy = &self.expect["remedy"];
        let tries = [&remedy["commands"], &remedy["second_try"]["commands"]];
        let tried = tries
            .iter()
            .filter_map(|commands| commands.as_array())
            .flatten();
        let accepted = tried
            .filter(|one| one["reply"] == "ok")
            .map(|one| one["cmd"].as_str().unwrap().to_owned());
        let mut accepted: Vec<String> = accepted.collect();
        ours.sort();
        accepted.sort();
        (ours, accepted)
    }

    /// Three comparisons: their name, the paths seen and the paths expected, both sorted.
    pub(crate) fn comparisons(&self) -> Vec<(&'static str, Vec<String>, Vec<String>)> {
        let file = std::fs::read(self.folder.join("aerospike.conf")).unwrap();
        let edited = std::fs::read(self.folder.join("edited.conf")).unwrap();
        let boot = json(&self.folder.join("boot.json"));
        let after = json(&self.folder.join("after.json"));
        let edits = self.expect["edited"]["differences"].as_array().unwrap();
        let edits: Vec<&Json> = edits
            .iter()
            .filter(|edit| edit["derived"] != true)
            .collect();
        vec![
            ("boot", compare(&file, &boot).paths(), Vec::new()),
            (
                "after",
                compare(&file, &after).paths(),
                paths(self.expect["drift"].as_array().unwrap()),
            ),
            ("edited", compare(&edited, &boot).paths(), paths(edits)),
        ]
    }
}

fn paths<'a>(changes: impl IntoIterator<Item = &'a Json>) -> Vec<String> {
    let mut paths: Vec<String> = changes.into_iter().map(path_of).collect();
    paths.sort();
    paths
}

/// `namespace test / storage-engine` and its parameter as a canonical path.
fn path_of(change: &Json) -> String {
    let context = change["context"].as_str().unwrap();
    let mut steps = context.split(" / ");
    let root = steps.next().unwrap();
    let mut path = match root.split_once(' ') {
        Some((root, name)) => ascad::settings::Path::of(root).join(name),
        None => ascad::settings::Path::of(root),
    };
    for step in steps {
        path = match step.split_once(' ') {
            Some(("set", name)) => path.join("set").join(name),
            _ => path.join(step),
        };
        if step == "set" {
            path = path.join(change["set"].as_str().unwrap());
        }
    }
    path.join(change["parameter"].as_str().unwrap()).to_string()
}

/// A value as one text.
pub(crate) fn text(value: Option<&Value>) -> String {
    match value {
        Some(Value::One(one)) => one.clone(),
        Some(Value::Many(many)) => many.join(", "),
        Some(Value::Anything) | None => String::new(),
    }
}
