//! Ten times as much takes ten times as long, whatever it is ten times of: `make bench`. A square would be a hundred.
#![allow(clippy::print_stdout)] // The table.

#[path = "../shapes/mod.rs"]
mod shapes;

use std::time::{Duration, Instant};

use ascad::conf;
use ascad::report::conf as written;
use ascad::settings::answers::{self, Hints};
use shapes::{ANSWERS, FILES, RELEASE, compared, repeated, settled};

/// What grows faster than this has a fault; sorting and caches are somewhere below.
const MOST: f64 = 25.0;

fn main() {
    // `cargo test --all-targets` only wants to know that it starts.
    if std::env::args().any(|argument| argument == "--test") {
        return;
    }
    println!("| ten times as many | once | ten times | ratio |");
    println!("|---|--:|--:|--:|");
    for (name, count, text) in FILES {
        let (once, ten_times) = (text(count), text(count * 10));
        row(name, || with_file(&once), || with_file(&ten_times));
    }
    for (command, part) in ANSWERS {
        let [once, ten_times] = [1000, 10_000].map(|count| {
            let answers = shapes::answers(command, repeated(count, part));
            move || {
                let seen = answers::settle(&answers, &Hints::default());
                let nothing = settled("");
                compared(&nothing, &seen.settings);
                compared(&seen.settings, &nothing);
                written::conf(&seen.settings);
            }
        });
        row(command, once, ten_times);
    }
}

/// Everything that is done with a file.
fn with_file(text: &str) {
    let file = settled(text);
    let nothing = settled("");
    compared(&file, &file);
    compared(&file, &nothing);
    compared(&nothing, &file);
    written::conf(&file);
    let (tree, _) = conf::parse(text.as_bytes(), RELEASE);
    conf::print(&tree);
}

fn row(name: &str, once: impl Fn(), ten_times: impl Fn()) {
    let (once, ten_times) = (fastest(once), fastest(ten_times));
    let ratio = ten_times.as_secs_f64() / once.as_secs_f64();
    let remark = if ratio > MOST { " (!)" } else { "" };
    println!("| {name} | {once:.1?} | {ten_times:.1?} | {ratio:.1}{remark} |");
}

fn fastest(run: impl Fn()) -> Duration {
    let timed = |_| {
        let started = Instant::now();
        run();
        started.elapsed()
    };
    (0..5).map(timed).min().unwrap_or_default()
}
