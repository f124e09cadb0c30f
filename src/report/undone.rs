//! A command that could not do its work: nothing is known but the reason, and a program that reads the report learns
//! it in the form in which it learns everything else.

use crate::catalogue::Release;
use crate::compare::{Comparison, Outliers};
use crate::verdict::State;

use super::compared::{Compared, Noun};
use super::lint_json::LintJson;
use super::linted::Unread;
use super::{Check, Failure};

/// What stands for the source of the failure.
const SOURCE: &str = "ascad";

/// A check that compared nothing.
pub fn check(reason: &str) -> Check {
    Check {
        state: State::Unknown,
        node: None,
        wanted: Vec::new(),
        sources: Vec::new(),
        comparison: Comparison::default(),
        fixes: Vec::new(),
        states: Vec::new(),
        release: Release::NEWEST_KNOWN,
        problems: Vec::new(),
        failures: failures(reason),
        undelivered: Vec::new(),
        notes: Vec::new(),
        seconds: 0.0,
    }
}

/// Sources that could not be compared.
pub fn compared(noun: Noun, reason: &str) -> Compared {
    Compared {
        state: State::Unknown,
        noun,
        cluster: String::new(),
        peers: Vec::new(),
        comparison: Outliers::default(),
        severity: State::Critical,
        failures: failures(reason),
        undelivered: Vec::new(),
        notes: Vec::new(),
        seconds: 0.0,
    }
}

/// Files that could not be judged, as `ascad/lint/1`.
pub fn lint_json(reason: &str) -> String {
    let unread = Unread {
        file: SOURCE.to_owned(),
        message: reason.to_owned(),
    };
    let mut text = Vec::new();
    let written = LintJson::start(&mut text)
        .and_then(|report| report.finish(State::Unknown, &[unread], &mut text));
    debug_assert!(written.is_ok(), "memory takes everything");
    String::from_utf8_lossy(&text).into_owned()
}

fn failures(reason: &str) -> Vec<Failure> {
    vec![Failure {
        source: SOURCE.to_owned(),
        message: reason.to_owned(),
    }]
}
