//! A file that is held against a reference.
#![allow(unreachable_pub)] // Each test program is a crate of its own.

use ascad::catalogue::{Edition, Release};
use ascad::compare::{self, Difference, Party, Role, Scope};
use ascad::conf::{parse, template};
use ascad::settings::{Settings, tree};

const RELEASE: Release = Release::new(8, 1, 2);

fn settings(text: &str) -> Settings {
    let template = template::read(text.as_bytes());
    let (tree, _) = parse(&template.text, RELEASE);
    tree::settle_template(&tree, &template, RELEASE, Edition::Enterprise)
}

/// The differences of a file from a reference: `path: file → reference`.
#[track_caller]
pub fn case(reference: &str, file: &str, expected: &[&str]) {
    let (mut reference, file) = (settings(reference), settings(file));
    reference.take_names_of(&file);
    let parties = [(Role::File, &file), (Role::Reference, &reference)]
        .map(|(role, settings)| Party { role, settings });
    let compared = compare::compare(&parties, &Scope::default());
    let lines: Vec<String> = compared.differences.iter().map(line).collect();
    assert_eq!(lines, expected);
}

fn line(difference: &Difference) -> String {
    let side = |at: usize| difference.sides[at].written.clone();
    let [file, reference] = [0, 1].map(|at| side(at).unwrap_or_else(|| "-".to_owned()));
    format!("{}: {file} → {reference}", difference.path)
}
