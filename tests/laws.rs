//! What holds of any configuration, on any release and edition.

mod checked;
mod model;

use std::collections::BTreeMap;

use ascad::catalogue::{Kind, Release, Times};
use ascad::compare::{self, Party, Role, Scope};
use ascad::conf;
use ascad::remedy::Place;
use ascad::report;
use ascad::settings::answers::{self, Hints};
use ascad::settings::{Machine, Settings, Value, tree, value};
use ascad::wire::Answers;
use checked::{Checked, checked};
use model::{Config, Dice, Reported, Server, value_of};
use proptest::prelude::*;

fn settled(config: &Config, text: &str) -> Settings {
    let (tree, oddities) = conf::parse(text.as_bytes(), config.release);
    assert!(
        oddities
            .iter()
            .all(|oddity| !oddity.kind.breaks_structure()),
        "{oddities:?}\n{text}"
    );
    tree::settle(&tree, config.release, config.edition)
}

fn running(answers: &BTreeMap<String, String>, hints: &Hints) -> Settings {
    let seen = checked::running(answers, hints);
    assert_eq!(seen.failures, Vec::<String>::new());
    seen.settings
}

fn compared(config: &Config, file: &str, answers: &BTreeMap<String, String>) -> Checked {
    let checked = checked(settled(config, file), answers, &Machine::default());
    assert_eq!(checked.failures, Vec::<String>::new());
    checked
}

fn values(settings: &Settings) -> BTreeMap<String, Value> {
    let shown = settings
        .iter()
        .map(|(path, setting)| (path.to_string(), setting.value.clone()));
    shown.collect()
}

/// Changes up to `count` reported values, each to another that a server takes; returns those that were changed.
fn change(config: &Config, server: &mut Server, count: u64, dice: &mut Dice) -> Vec<Reported> {
    let mut changed: Vec<Reported> = Vec::new();
    for _ in 0..count {
        let at = usize::try_from(dice.below(server.reported.len() as u64)).unwrap();
        let one = &mut server.reported[at];
        if cannot_be_told(one, config.release) || changed.iter().any(|other| other.path == one.path)
        {
            continue;
        }
        let was = one.values.clone();
        let value = value_of(dice, one.row, config.edition, 99);
        let value = if one.row.kind == Kind::Flag && was == ["true"] {
            "false".to_owned()
        } else {
            value
        };
        if was == [value.clone()] {
            continue;
        }
        one.values = vec![value];
        changed.push(Reported {
            values: was,
            ..one.clone()
        });
    }
    changed
}

/// What a server may have changed by itself.
fn cannot_be_told(one: &Reported, release: Release) -> bool {
    let name = one.row.name();
    // From 6.1 to 6.3 it is not known whether `false` in the file turns them on.
    let may_be_on = name.starts_with("enable-benchmarks-") && !one.is_silent;
    if may_be_on && one.values == ["false"] && release.is_from(6, 1) && !release.is_from(6, 4) {
        return true;
    }
    // A machine without IPv6; the node's own seed; threads that follow from each other.
    matches!(
        name,
        "advertise-ipv6"
            | "mode"
            | "commit-to-device"
            | "data-in-memory"
            | "service-threads"
            | "batch-index-threads"
    ) || name.contains("mesh-seed")
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_server_that_runs_with_a_file_differs_from_it_in_nothing(seed: u64) {
        let mut dice = Dice::new(seed);
        let config = Config::generate(&mut dice);
        let answers = Server::of(&config).answers();
        for file in [config.plain(), config.odd(&mut dice)] {
            let compared = compared(&config, &file, &answers);
            prop_assert_eq!(compared.paths(), Vec::<String>::new(), "{} {}\n{}\n{:#?}", config.release, config.edition, file, answers);
        }
    }

    #[test]
    fn each_changed_value_is_found_and_nothing_else(seed: u64, count in 1u64..6) {
        let mut dice = Dice::new(seed);
        let config = Config::generate(&mut dice);
        let mut server = Server::of(&config);
        let changed = change(&config, &mut server, count, &mut dice);
        let mut expected: Vec<String> = changed.iter().map(|one| one.path.to_string()).collect();
        expected.sort();
        let compared = compared(&config, &config.plain(), &server.answers());
        prop_assert_eq!(compared.paths(), expected, "{} {}\n{}\n{:#?}", config.release, config.edition, config.plain(), changed);
    }

    #[test]
    fn order_and_spelling_play_no_part(seed: u64) {
        let mut dice = Dice::new(seed);
        let config = Config::generate(&mut dice);
        let plain = values(&settled(&config, &config.plain()));
        let file = config.odd(&mut dice);
        prop_assert_eq!(values(&settled(&config, &file)), plain, "{}", file);
    }

    #[test]
    fn what_is_printed_is_read_back(seed: u64) {
        let mut dice = Dice::new(seed);
        let config = Config::generate(&mut dice);
        let file = config.odd(&mut dice);
        let (tree, _) = conf::parse(file.as_bytes(), config.release);
        let printed = conf::print(&tree);
        let (again, _) = conf::parse(&printed, config.release);
        prop_assert!(tree == again);
        prop_assert_eq!(conf::print(&again), printed);
    }

    #[test]
    fn a_server_shown_as_a_file_is_the_same_server(seed: u64) {
        let mut dice = Dice::new(seed);
        let config = Config::generate(&mut dice);
        let answers = Server::of(&config).answers();
        let hints = Hints { syslog_path: settled(&config, &config.plain()).syslog_path(), ..Hints::default() };
        let file = report::conf::conf(&running(&answers, &hints));
        let compared = compared(&config, &file, &answers);
        // A secret is not shown, and so not read back.
        let paths: Vec<String> = compared.paths().into_iter().filter(|path| !path.ends_with("-password")).collect();
        prop_assert_eq!(paths, Vec::<String>::new(), "{} {}\n{}", config.release, config.edition, file);
    }

    #[test]
    fn anything_equals_itself(seed: u64) {
        let mut dice = Dice::new(seed);
        let config = Config::generate(&mut dice);
        let file = settled(&config, &config.plain());
        let runtime = running(&Server::of(&config).answers(), &Hints::default());
        for settings in [&file, &runtime] {
            for role in [Role::Reference, Role::Runtime] {
                let parties = [Role::File, role].map(|role| Party { role, settings });
                let scope = Scope { strict: true, ..Scope::default() };
                let compared = compare::compare(&parties, &scope);
                prop_assert_eq!(compared.differences.len(), 0);
            }
        }
    }

    #[test]
    fn the_canonical_form_of_the_canonical_form_is_itself(seed: u64) {
        let mut dice = Dice::new(seed);
        let config = Config::generate(&mut dice);
        let settings = settled(&config, &config.odd(&mut dice));
        for (path, setting) in settings.iter() {
            let (Some(row), Value::One(canonical)) = (setting.row, &setting.value) else { continue };
            let words = value::words(row, canonical);
            let words: Vec<&[u8]> = words.split(' ').filter(|word| !word.is_empty()).map(str::as_bytes).collect();
            prop_assert_eq!(&value::from_file(row, &words, config.release), canonical, "{}", path);
            prop_assert_eq!(&value::from_server(row, canonical), canonical, "{}", path);
        }
    }

    #[test]
    fn the_fixes_leave_no_difference(seed: u64, count in 1u64..6) {
        let mut dice = Dice::new(seed);
        let config = Config::generate(&mut dice);
        let healthy = Server::of(&config);
        let mut server = healthy.clone();
        change(&config, &mut server, count, &mut dice);
        let before = compared(&config, &config.plain(), &server.answers());
        let mut is_restarted = false;
        for (difference, fixes) in before.comparison.differences.iter().zip(&before.fixes) {
            prop_assert!(!fixes.is_empty(), "nothing mends {}", difference.path);
            for fix in fixes {
                match fix.on {
                    Place::Runtime => set_config(&mut server, &fix.command),
                    Place::Server => is_restarted = true,
                    Place::Cluster => {}
                    Place::File => prop_assert!(false, "{:?}", fix),
                }
            }
        }
        let answers = if is_restarted { healthy.answers() } else { server.answers() };
        prop_assert_eq!(compared(&config, &config.plain(), &answers).paths(), Vec::<String>::new(), "{:?}", before.fixes);
    }

    #[test]
    fn any_bytes_are_read(bytes: Vec<u8>, words in proptest::collection::vec(0usize..WORDS.len(), 0..200)) {
        let words: Vec<&str> = words.into_iter().map(|word| WORDS[word]).collect();
        for bytes in [bytes, words.concat().into_bytes()] {
            for release in [ascad::catalogue::Release::new(5, 7, 0), ascad::catalogue::Release::NEWEST_KNOWN] {
                let (tree, _) = conf::parse(&bytes, release);
                let printed = conf::print(&tree);
                prop_assert!(conf::parse(&printed, release).0 == tree, "{}", String::from_utf8_lossy(&bytes));
                let file = tree::settle(&tree, release, ascad::catalogue::Edition::Enterprise);
                let text = String::from_utf8_lossy(&bytes);
                let mut answers = Answers::default();
                for command in ["build", "get-config:context=service", "get-config:context=network",
                    "get-config:context=namespace;id=a", "get-config:context=security", "get-config:context=xdr",
                    "sets/a", "logs", "log/0", "statistics", "service"] {
                    answers.insert(command, text.as_ref());
                }
                answers.insert("namespaces", "a");
                let seen = answers::settle(&answers, &Hints::default());
                report::conf::conf(&seen.settings);
                let parties = [(Role::File, &file), (Role::Runtime, &seen.settings)]
                    .map(|(role, settings)| Party { role, settings });
                compare::compare(&parties, &Scope::default());
            }
        }
    }
}

const WORDS: [&str; 24] = [
    "service",
    "network",
    "namespace",
    "a",
    "{",
    "}",
    "\n",
    "\n",
    " ",
    " ",
    "logging",
    "file",
    "console",
    "context any info",
    "set",
    "storage-engine",
    "memory",
    "device",
    "=",
    ";",
    ":",
    "address 1.2.3.4",
    "#",
    "tls[0].name=",
];

/// Does to a server what `set-config` does.
fn set_config(server: &mut Server, command: &str) {
    let parts = command
        .strip_prefix("set-config:context=")
        .unwrap_or_else(|| panic!("{command}"));
    let place: Vec<&str> = parts.split(';').collect();
    let field = |name: &str| {
        let mut values = place.iter().filter_map(|part| part.strip_prefix(name));
        values.find_map(|rest| rest.strip_prefix('='))
    };
    let target = match (field("id"), field("set"), field("dc"), place[0]) {
        (Some(namespace), Some(set), _, _) => format!("sets/{namespace}/{set}"),
        (Some(namespace), None, _, _) => format!("get-config:context=namespace;id={namespace}"),
        (_, _, Some(dc), _) => match field("namespace") {
            Some(namespace) => format!("get-config:context=xdr;dc={dc};namespace={namespace}"),
            None => format!("get-config:context=xdr;dc={dc}"),
        },
        (.., context) => format!("get-config:context={context}"),
    };
    let what_it_is_in = ["id", "set", "dc", "namespace", "action", "user", "role"];
    let (key, value) = place[1..]
        .iter()
        .filter_map(|part| part.split_once('='))
        .find(|(key, _)| !what_it_is_in.contains(key))
        .unwrap_or_else(|| panic!("{command}"));
    let (key, member) = match (key.strip_suffix("report-data-op"), field("namespace")) {
        (Some(_), Some(namespace)) => {
            let set = field("set").map(|set| format!(":{set}"));
            (
                key.to_owned(),
                Some(namespace.to_owned() + &set.unwrap_or_default()),
            )
        }
        (Some(_), None) => {
            let who = if field("user").is_some() {
                "user"
            } else {
                "role"
            };
            (format!("{key}-{who}"), field(who).map(str::to_owned))
        }
        (None, _) => (key.to_owned(), None),
    };
    let is_meant = |one: &&mut Reported| {
        let of_place = one.command == target;
        let spelt = [
            key.clone(),
            format!("storage-engine.{key}"),
            format!("index-type.{key}"),
            key.replacen("within-", "within.", 1),
        ];
        of_place && spelt.contains(&one.key)
    };
    let one = server
        .reported
        .iter_mut()
        .find(is_meant)
        .unwrap_or_else(|| panic!("{target} {key}"));
    let mut change = |member: String, is_added: bool| {
        one.values
            .retain(|value| value != "null" && *value != member);
        one.values.extend(is_added.then_some(member));
    };
    match (member, field("action"), one.row.times) {
        (Some(member), ..) => change(member, value == "true"),
        (_, Some(action), _) => change(value.to_owned(), action == "add"),
        (.., Times::Many) => change(value.to_owned(), true),
        _ if value == "-1" => one.values = vec!["4294967295".to_owned()],
        _ => one.values = vec![value.to_owned()],
    }
}
