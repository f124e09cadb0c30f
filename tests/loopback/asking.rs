//! Asks a node on loopback as the program does, without the program.

use std::time::Duration;

use ascad::deadline::Deadline;
use ascad::sources::node::{Likely, Stage, Target, Unseen, fetch};

use super::Loopback;

/// Time enough for whoever answers at all.
pub fn soon() -> Deadline {
    Deadline::after(Duration::from_secs(10))
}

pub fn target(node: &Loopback) -> Target {
    Target::plain("127.0.0.1", node.port())
}

/// Asks and expects a failure in these words; `ADDRESS` stands for the node's address.
#[track_caller]
pub fn fails(target: &Target, deadline: Deadline, stage: Stage, words: &str) {
    let error = fetch(target, &Likely::default(), deadline).unwrap_err();
    let shown = format!("{error:#}");
    assert_eq!(shown, words.replace("ADDRESS", &target.address()));
    assert_eq!(error.downcast::<Unseen>().unwrap().stage, stage);
}
