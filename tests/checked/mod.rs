//! A file and what a node answered, compared as `ascad check FILE --against RECORDING` does, without the program.
#![allow(dead_code, unreachable_pub)] // Each test program uses its own part.

use std::collections::BTreeMap;

use ascad::compare::{self, Comparison, Party, Role, Scope};
use ascad::remedy::{self, Fix};
use ascad::settings::answers::{self, Hints, Seen};
use ascad::settings::{Machine, Settings, Whereabouts};
use ascad::wire::Answers;

/// What came of it.
pub struct Checked {
    pub comparison: Comparison,
    /// What mends each difference.
    pub fixes: Vec<Vec<Fix>>,
    /// What could not be seen.
    pub failures: Vec<String>,
}

impl Checked {
    /// The paths that differ, sorted.
    pub fn paths(&self) -> Vec<String> {
        let differences = self.comparison.differences.iter();
        differences
            .map(|difference| difference.path.to_string())
            .collect()
    }
}

/// Answers by their commands, settled.
pub fn running(answers: &BTreeMap<String, String>, hints: &Hints) -> Seen {
    let mut recorded = Answers::default();
    for (command, answer) in answers {
        recorded.insert(command, answer);
    }
    answers::settle(&recorded, hints)
}

/// Compares a file with the answers of a node that was recorded, which may have been on this machine.
pub fn checked(
    mut file: Settings,
    answers: &BTreeMap<String, String>,
    machine: &Machine,
) -> Checked {
    let hints = Hints {
        syslog_path: file.syslog_path(),
        ..Hints::default()
    };
    let seen = running(answers, &hints);
    file.learn_from(&seen.settings, &seen.node, machine, Whereabouts::Recorded);
    let parties = [(Role::File, &file), (Role::Runtime, &seen.settings)]
        .map(|(role, settings)| Party { role, settings });
    let comparison = compare::compare(&parties, &Scope::default());
    let fixes = comparison.differences.iter();
    let fixes = fixes
        .map(|difference| remedy::remedy(difference, &parties))
        .collect();
    Checked {
        comparison,
        fixes,
        failures: seen.failures,
    }
}
