//! Recordings of real servers, compared with the files that they were started with: nothing at boot, exactly what
//! was changed afterwards, exactly the edits with an edited file. The judge is the server: `fixtures/captures` and
//! `fixtures/scenes` hold what it answered.

mod checked;
mod recorded;

use recorded::{Scene, compare, folders, json};

#[test]
fn a_scene_has_no_difference_at_boot_exactly_the_drift_afterwards_and_exactly_the_edits() {
    let mut wrong = Vec::new();
    let mut count = 0;
    for folder in folders("fixtures/scenes", "expect.json") {
        let scene = Scene::read(&folder);
        for (name, seen, expected) in scene.comparisons() {
            count += 1;
            if seen != expected {
                let missed: Vec<_> = expected
                    .iter()
                    .filter(|path| !seen.contains(path))
                    .collect();
                let false_alarms: Vec<_> = seen
                    .iter()
                    .filter(|path| !expected.contains(path))
                    .collect();
                wrong.push(format!(
                    "{}: {name}: missed {missed:?}, false {false_alarms:?}",
                    folder.display()
                ));
            }
        }
    }
    println!("{} of {count} comparisons are right", count - wrong.len());
    assert!(count > 0 && wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_recording_has_no_difference_to_its_own_file() {
    let mut count = 0;
    for folder in folders("fixtures/captures", "info.json") {
        let file = std::fs::read(folder.join("aerospike.conf")).unwrap();
        let answers = json(&folder.join("info.json"));
        count += 1;
        assert_eq!(
            compare(&file, &answers).paths(),
            Vec::<String>::new(),
            "{}",
            folder.display()
        );
    }
    assert_eq!(count, 36);
}

/// What each answer of `dynamic.json` changed, as paths; statistics of sets are no parameters.
#[test]
fn after_set_config_exactly_the_parameters_whose_reported_values_changed_differ() {
    for folder in folders("fixtures/captures", "dynamic.json") {
        let file = std::fs::read(folder.join("aerospike.conf")).unwrap();
        let info = json(&folder.join("info.json"));
        let (before, after) = recorded::dynamic(&folder);
        let laid_over = |answers: &std::collections::BTreeMap<String, String>| {
            let mut all = info.clone();
            all.extend(answers.clone());
            all
        };
        assert_eq!(
            compare(&file, &laid_over(&before)).paths(),
            Vec::<String>::new(),
            "{}",
            folder.display()
        );
        let compared = compare(&file, &laid_over(&after));
        let changed = recorded::changed(&before, &after);
        let seen: Vec<(String, String, String)> = compared.before_and_after();
        let paths: Vec<&String> = seen.iter().map(|(path, _, _)| path).collect();
        assert_eq!(
            paths,
            changed.keys().collect::<Vec<_>>(),
            "{}",
            folder.display()
        );
        for (path, file, runtime) in &seen {
            let (was, is) = &changed[path];
            assert_eq!((file, runtime), (was, is), "{path} in {}", folder.display());
        }
    }
}

#[test]
fn the_commands_that_mend_a_drift_are_those_that_the_server_accepted() {
    for folder in folders("fixtures/scenes", "expect.json") {
        let (ours, accepted) = Scene::read(&folder).remedies();
        assert_eq!(ours, accepted, "{}", folder.display());
    }
}
