//! File, reference and answers compared and reported, as `ascad check` does. The three are parted by NULs; the answers
//! are lines of a command, a tab and its answer.
#![no_main]

use ascad::catalogue::{Edition, Release};
use ascad::compare::{self, Party, Role, Scope};
use ascad::conf;
use ascad::remedy::remedy;
use ascad::report::brief::Brief;
use ascad::report::text::{self, Detail};
use ascad::report::{Check, NodeLine, Source, Wanted, json, nagios, prometheus};
use ascad::settings::answers::{self, Hints};
use ascad::settings::tree;
use ascad::verdict::{Severities, worst};
use ascad::wire::Answers;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let parts: Vec<&[u8]> = bytes.splitn(3, |byte| *byte == 0).collect();
    let part = |at: usize| parts.get(at).copied().unwrap_or_default();
    let mut recorded = Answers::default();
    for line in String::from_utf8_lossy(part(2)).lines() {
        if let Some((command, answer)) = line.split_once('\t') {
            recorded.insert(command, answer);
        }
    }
    let seen = answers::settle(&recorded, &Hints::default());
    let release = Release::parse(&seen.node.build).unwrap_or(Release::NEWEST_KNOWN);
    let read = |source| {
        let (parsed, _) = conf::parse(source, release);
        tree::settle(&parsed, release, Edition::Enterprise)
    };
    let (file, reference) = (read(part(0)), read(part(1)));
    let sides = [
        (Role::File, "aerospike.conf", &file),
        (Role::Reference, "master", &reference),
        (Role::Runtime, "runtime", &seen.settings),
    ];
    let parties = sides.map(|(role, _, settings)| Party { role, settings });
    let comparison = compare::compare(&parties, &Scope::default());
    let severities = Severities::default();
    let states: Vec<_> = comparison
        .differences
        .iter()
        .map(|found| severities.of(found.kind))
        .collect();
    let check = Check {
        state: worst(states.iter().copied()),
        node: Some(NodeLine {
            id: seen.node.id.clone(),
            build: seen.node.build.clone(),
            ..NodeLine::default()
        }),
        wanted: sides[1..]
            .iter()
            .map(|(role, name, _)| Wanted {
                role: *role,
                name: (*name).to_owned(),
                is_own: true,
            })
            .collect(),
        sources: sides
            .iter()
            .map(|(role, name, settings)| Source {
                role: *role,
                name: (*name).to_owned(),
                settings: settings.count(),
                commit: None,
            })
            .collect(),
        fixes: comparison
            .differences
            .iter()
            .map(|found| remedy(found, &parties))
            .collect(),
        comparison,
        states,
        release,
        problems: Vec::new(),
        failures: Vec::new(),
        undelivered: Vec::new(),
        notes: Vec::new(),
        seconds: 0.0,
    };
    let printed = text::write(&check, Detail::Verbose);
    assert!(printed.contains("ASCAD "), "{printed}");
    let line = nagios::write(&Brief::of_check(&check));
    assert!(line.starts_with("ASCAD "), "{line}");
    let report = json::write(&check, Edition::Enterprise);
    assert!(serde_json::from_str::<serde_json::Value>(&report).is_ok());
    prometheus::write(&check, 0);
});
