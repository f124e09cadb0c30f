//! Judging any bytes ends, and says that a file starts exactly where it found nothing fatal.
#![no_main]

use ascad::catalogue::{Edition, Release};
use ascad::lint::{self, Severity};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|source: &[u8]| {
    for release in [
        Release::new(5, 7, 0),
        Release::new(7, 0, 0),
        Release::NEWEST_KNOWN,
    ] {
        for edition in [Edition::Community, Edition::Enterprise] {
            let report = lint::lint(source, release, edition);
            let fatal = |problem: &lint::Problem| problem.severity == Severity::Fatal;
            assert_eq!(report.starts, !report.problems.iter().any(fatal));
        }
    }
});
