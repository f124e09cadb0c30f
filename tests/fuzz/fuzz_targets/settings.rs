//! The settings of a file that a server would start with, printed and read again, are the same settings.
#![no_main]

use ascad::catalogue::{Edition, Release};
use ascad::compare::{self, Party, Role, Scope};
use ascad::conf;
use ascad::lint;
use ascad::report::conf as written;
use ascad::settings::{Settings, tree};
use libfuzzer_sys::fuzz_target;

fn settled(source: &[u8], release: Release, edition: Edition) -> Settings {
    let (parsed, _) = conf::parse(source, release);
    tree::settle(&parsed, release, edition)
}

fuzz_target!(|source: &[u8]| {
    for release in [Release::new(5, 7, 0), Release::NEWEST_KNOWN] {
        for edition in [Edition::Community, Edition::Enterprise] {
            // What no server would start with need not be written as a file.
            if !lint::lint(source, release, edition).starts {
                continue;
            }
            let first = settled(source, release, edition);
            let again = settled(written::conf(&first).as_bytes(), release, edition);
            let parties = [(Role::File, &first), (Role::Reference, &again)]
                .map(|(role, settings)| Party { role, settings });
            let scope = Scope {
                strict: true,
                ..Scope::default()
            };
            let found = compare::compare(&parties, &scope).differences;
            assert!(found.is_empty(), "{:?}", found[0]);
        }
    }
});
