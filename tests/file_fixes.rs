//! What mends a file that is not the reference: a line that the server reads as the reference's, or one to take out.

use ascad::catalogue::{Edition, Release};
use ascad::compare::{self, Party, Role, Scope};
use ascad::conf::parse;
use ascad::remedy::remedy;
use ascad::settings::{Settings, tree};

fn settings(text: &str, release: Release) -> Settings {
    let (tree, _) = parse(text.as_bytes(), release);
    tree::settle(&tree, release, Edition::Enterprise)
}

/// What mends a file to the reference, for a server of this release.
#[track_caller]
fn case_for(release: Release, reference: &str, file: &str, expected: &[&str]) {
    let (reference, file) = (settings(reference, release), settings(file, release));
    let parties = [(Role::File, &file), (Role::Reference, &reference)]
        .map(|(role, settings)| Party { role, settings });
    let compared = compare::compare(&parties, &Scope::default());
    let fixes = compared
        .differences
        .iter()
        .flat_map(|difference| remedy(difference, &parties));
    let fixes: Vec<String> = fixes.map(|fix| fix.command).collect();
    assert_eq!(fixes, expected);
}

#[track_caller]
fn case(reference: &str, file: &str, expected: &[&str]) {
    case_for(Release::NEWEST_KNOWN, reference, file, expected);
}

#[test]
fn a_line_is_written_as_the_reference_has_it_or_taken_out() {
    case(
        "service {\nproto-fd-max 20k\n}",
        "service {\n}",
        &["write `proto-fd-max 20k` into `service`"],
    );
    case(
        "service {\n}",
        "service {\nproto-fd-max 20k\n}",
        &["remove `proto-fd-max` from `service`"],
    );
    case(
        "namespace a {\nstorage-engine device {\n}\n}",
        "namespace a {\nstorage-engine memory {\n}\n}",
        &["write `storage-engine device` into `namespace.a`"],
    );
}

#[test]
fn each_of_a_list_has_a_line_of_its_own_with_the_words_of_a_file() {
    let file = "network {\nheartbeat {\nmode mesh\nSEEDS\n}\n}";
    let with = |seeds: &str| file.replace("SEEDS", seeds);
    let seeds = "mesh-seed-address-port 10.0.0.1 3002\nmesh-seed-address-port ::2 3002";
    case(
        &with(seeds),
        &with(""),
        &[
            "write `mesh-seed-address-port` once for each of `10.0.0.1 3002`, `::2 3002` into `network.heartbeat`",
        ],
    );
    case(
        &with("mesh-seed-address-port 10.0.0.1 3002"),
        &with(seeds),
        &["write `mesh-seed-address-port 10.0.0.1 3002` into `network.heartbeat`"],
    );
}

#[test]
fn a_name_that_is_enough_stands_alone() {
    let reference = "namespace a {\nenable-benchmarks-read\n}";
    case_for(
        Release::new(5, 7, 0),
        reference,
        "namespace a {\n}",
        &["write `enable-benchmarks-read` into `namespace.a`"],
    );
}

#[test]
fn a_level_is_a_line_of_its_context() {
    let file = "logging {\nconsole {\nLEVELS\n}\n}";
    let with = |levels: &str| file.replace("LEVELS", levels);
    case(
        &with("context any info\ncontext migrate debug"),
        &with("context any info"),
        &["write `context migrate debug` into `logging.console`"],
    );
    case(
        &with(""),
        &with("context migrate debug"),
        &["remove `context migrate` from `logging.console`"],
    );
}

#[test]
fn a_section_comes_and_goes_as_a_whole() {
    case(
        "namespace a {\n}\nnamespace b {\nnsup-period 5\n}",
        "namespace a {\n}",
        &["add the section `namespace.b`"],
    );
    case(
        "",
        "xdr {\ndc D {\n}\n}",
        &["remove the section `xdr.dc.D`"],
    );
    case("security {\n}", "", &["add the section `security`"]);
    case("", "security {\n}", &["remove the section `security`"]);
}
