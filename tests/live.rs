//! A node that is asked gives the same result as its recording read from disk: every recording answers from loopback.

mod checked;
mod loopback;
mod recorded;

use std::collections::BTreeMap;
use std::path::Path;
use std::time::Duration;

use ascad::deadline::Deadline;
use ascad::sources::node::{Likely, Target, fetch};
use loopback::{Loopback, Play};
use recorded::{compare, folders, json};

/// What a node with these answers says when it is asked for everything, knowing only its namespaces.
fn asked(recording: &BTreeMap<String, String>) -> BTreeMap<String, String> {
    let node = Loopback::start(Play::of(recording.clone()));
    let likely = Likely {
        namespaces: recording["namespaces"]
            .split(';')
            .map(str::to_owned)
            .collect(),
        sinks: 1,
    };
    let target = Target::plain("127.0.0.1", node.port());
    let answers = fetch(&target, &likely, Deadline::after(Duration::from_secs(10))).unwrap();
    let pairs = answers.answers.iter();
    pairs
        .map(|(command, answer)| (command.to_owned(), answer.to_owned()))
        .collect()
}

fn case(folder: &Path, recording: &BTreeMap<String, String>) {
    let file = std::fs::read(folder.join("aerospike.conf")).unwrap();
    let (live, read) = (compare(&file, &asked(recording)), compare(&file, recording));
    let place = folder.display();
    assert_eq!(live.before_and_after(), read.before_and_after(), "{place}");
    assert_eq!(live.commands, read.commands, "{place}");
}

#[test]
fn every_recording_answers_alive_as_it_does_from_disk() {
    let mut count = 0;
    for folder in folders("fixtures/captures", "info.json") {
        case(&folder, &json(&folder.join("info.json")));
        count += 1;
    }
    assert_eq!(count, 36);
}

#[test]
fn every_changed_node_answers_alive_as_it_does_from_disk() {
    for folder in folders("fixtures/scenes", "after.json") {
        case(&folder, &json(&folder.join("after.json")));
    }
    for folder in folders("fixtures/captures", "dynamic.json") {
        let mut recording = json(&folder.join("info.json"));
        recording.extend(recorded::dynamic(&folder).1);
        case(&folder, &recording);
    }
}
