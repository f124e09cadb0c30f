//! Functions, in MB/s and settings a second: `make bench`.

use std::fmt::Write;

use ascad::catalogue::{Edition, Release};
use ascad::compare::{Party, Role, Scope};
use ascad::settings::answers::{self, Hints};
use ascad::settings::{Settings, tree};
use ascad::wire::Answers;
use ascad::{compare, conf, lint};
use divan::counter::{BytesCount, ItemsCount};
use divan::{Bencher, black_box};

const RELEASE: Release = Release::NEWEST_KNOWN;

fn main() {
    divan::main();
}

/// A file of about this size, as people write them: sections, comments, blank lines.
fn file_of(size: usize) -> String {
    let mut text = String::with_capacity(size + 1024);
    let mut number = 0;
    while text.len() < size {
        let _ = write!(
            text,
            "namespace n{number} {{\n\treplication-factor 2\n\tdefault-ttl 30d # thirty days\n\n\tnsup-period 120\n\
             \tset users {{\n\t\tdisable-eviction true\n\t}}\n\n\tstorage-engine memory {{\n\t\tdata-size 4G\n\
             \t\tstop-writes-used-pct 70\n\t}}\n}}\n"
        );
        number += 1;
    }
    text
}

/// A file of so many settings: a set has one.
fn file_with(settings: usize, ttl: usize) -> String {
    let mut text = String::from("namespace test {\n");
    for set in 0..settings {
        let _ = write!(text, "set s{set} {{\ndefault-ttl {}\n}}\n", ttl + set);
    }
    text.push_str("}\n");
    text
}

fn settled(text: &str) -> Settings {
    let (tree, _) = conf::parse(text.as_bytes(), RELEASE);
    tree::settle(&tree, RELEASE, Edition::Community)
}

#[divan::bench(args = [1, 10, 50, 100], sample_count = 5, sample_size = 1)]
fn parse_megabytes(bencher: Bencher<'_, '_>, megabytes: usize) {
    let text = file_of(megabytes * 1_000_000);
    bencher.counter(BytesCount::of_str(&text)).bench_local(|| {
        black_box(conf::parse(text.as_bytes(), RELEASE))
            .0
            .items
            .len()
    });
}

#[divan::bench(args = [1, 10], sample_count = 5, sample_size = 1)]
fn settle_megabytes(bencher: Bencher<'_, '_>, megabytes: usize) {
    let text = file_of(megabytes * 1_000_000);
    let (tree, _) = conf::parse(text.as_bytes(), RELEASE);
    bencher
        .counter(BytesCount::of_str(&text))
        .bench_local(|| black_box(tree::settle(&tree, RELEASE, Edition::Community)).count());
}

#[divan::bench(args = [1_000, 10_000, 100_000], sample_count = 10, sample_size = 1)]
fn compare_settings(bencher: Bencher<'_, '_>, count: usize) {
    compare(bencher, &file_with(count, 1), &file_with(count, 1), count);
}

#[divan::bench(args = [1_000, 10_000, 100_000], sample_count = 10, sample_size = 1)]
fn compare_settings_that_all_differ(bencher: Bencher<'_, '_>, count: usize) {
    compare(bencher, &file_with(count, 1), &file_with(count, 2), count);
}

fn compare(bencher: Bencher<'_, '_>, file: &str, reference: &str, count: usize) {
    let (file, reference) = (settled(file), settled(reference));
    let parties = [(Role::File, &file), (Role::Reference, &reference)]
        .map(|(role, settings)| Party { role, settings });
    let scope = Scope::default();
    bencher
        .counter(ItemsCount::new(count))
        .bench_local(|| black_box(compare::compare(&parties, &scope)).compared);
}

#[divan::bench]
fn settle_answers(bencher: Bencher<'_, '_>) {
    let recording = include_bytes!("../../fixtures/demo/node.json");
    let answers = Answers::from_json(recording).unwrap_or_default();
    bencher.bench_local(|| {
        black_box(answers::settle(&answers, &Hints::default()))
            .settings
            .count()
    });
}

#[divan::bench]
fn lint_two_hundred_lines(bencher: Bencher<'_, '_>) {
    let text = include_bytes!("../../fixtures/captures/8.1.2.0/rich/aerospike.conf");
    bencher
        .counter(BytesCount::of_slice(text))
        .bench_local(|| black_box(lint::lint(text, RELEASE, Edition::Community)).starts);
}
