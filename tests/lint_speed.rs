//! How fast many files are judged; run with `cargo test --release --test lint_speed -- --ignored --nocapture`.
#![allow(clippy::print_stdout)] // The table is for whoever runs the test.

use std::time::Instant;

use ascad::catalogue::{Edition, Release};
use ascad::lint;

/// 10,000 files of 200 lines within 3 s on two cores; here on one, so within 6 s.
#[test]
#[ignore = "a measurement, for release builds"]
fn ten_thousand_files_of_two_hundred_lines() {
    let conf = std::fs::read("fixtures/captures/8.1.2.0/rich/aerospike.conf").unwrap();
    let lines = conf.iter().filter(|byte| **byte == b'\n').count();
    let files = 10_000 * 200 / lines.max(1);
    let begun = Instant::now();
    for _ in 0..files {
        let report = lint::lint(&conf, Release::NEWEST_KNOWN, Edition::Community);
        assert!(report.starts);
    }
    let taken = begun.elapsed();
    println!("{files} files of {lines} lines in {taken:?}");
    assert!(taken.as_secs() < 6);
}
