//! Mesh seeds that differ by the nodes' own addresses only are equal, wherever those addresses are told from.

use ascad::catalogue::{Edition, Release};
use ascad::compare::{self, Party, Role, Scope, outliers};
use ascad::conf::parse;
use ascad::settings::answers::{self, Hints};
use ascad::settings::{Machine, Settings, Whereabouts, tree};
use ascad::wire::Answers;

/// A file with these lines and seeds in its heartbeat; a seed is the end of its address.
fn file(lines: &str, seeds: &[u8]) -> Settings {
    let seeds: Vec<String> = seeds
        .iter()
        .map(|seed| format!("mesh-seed-address-port 10.0.0.{seed} 3002\n"))
        .collect();
    let text = format!(
        "network {{\nheartbeat {{\nmode mesh\nport 3002\n{lines}\n{}}}\n}}",
        seeds.concat()
    );
    let (tree, _) = parse(text.as_bytes(), Release::NEWEST_KNOWN);
    tree::settle(&tree, Release::NEWEST_KNOWN, Edition::Community)
}

/// Whether the seeds of a node's file are those of the reference; the node says that it is reached at this address.
#[track_caller]
fn against_reference(seeds: &[u8], reference: &[u8], address: u8, expected: bool) {
    let mut answers = Answers::default();
    let network = "heartbeat.mode=mesh;heartbeat.port=3002;heartbeat.address=any";
    for (command, answer) in [
        ("build", "8.1.2.0"),
        ("get-config:context=network", network),
        ("service-clear-std", &format!("10.0.0.{address}:3000")),
    ] {
        answers.insert(command, answer);
    }
    let seen = answers::settle(&answers, &Hints::default());
    let (mut file, reference) = (file("", seeds), file("", reference));
    let machine = Machine::default();
    file.learn_from(&seen.settings, &seen.node, &machine, Whereabouts::Elsewhere);
    let parties = [(Role::File, &file), (Role::Reference, &reference)]
        .map(|(role, settings)| Party { role, settings });
    let compared = compare::compare(&parties, &Scope::default());
    assert_eq!(compared.differences.is_empty(), expected);
}

#[test]
fn a_file_may_leave_out_the_address_at_which_its_node_says_that_it_is_reached() {
    against_reference(&[2, 3], &[1, 2, 3], 1, true);
    against_reference(&[1, 2, 3], &[2, 3], 1, true);
    against_reference(&[2, 3], &[1, 2, 3], 9, false);
    against_reference(&[2], &[1, 2, 3], 1, false);
}

/// Whether files with these lines, one for each, say the same.
#[track_caller]
fn among_files(files: &[(&str, &[u8])], expected: bool) {
    let files: Vec<Settings> = files
        .iter()
        .map(|(lines, seeds)| file(lines, seeds))
        .collect();
    let files: Vec<&Settings> = files.iter().collect();
    let compared = outliers(&files, &Scope::default());
    assert_eq!(compared.differences.is_empty(), expected);
}

#[test]
fn where_each_of_three_files_leaves_out_another_seed_it_is_its_own() {
    among_files(&[("", &[2, 3]), ("", &[1, 3]), ("", &[1, 2])], true);
    let told = ["address 10.0.0.1", "address 10.0.0.2", "address 10.0.0.3"];
    among_files(
        &[(told[0], &[2, 3]), (told[1], &[1, 3]), (told[2], &[1, 2])],
        true,
    );
    // Of two nobody knows whose it is.
    among_files(&[("", &[2, 3]), ("", &[1, 3])], false);
    among_files(&[("", &[2, 3]), ("", &[1, 3]), ("", &[1, 2, 3])], false);
    among_files(&[("", &[2, 3]), ("", &[1, 3]), ("", &[1])], false);
    // One that tells where it is leaves out another's.
    among_files(
        &[("address 10.0.0.9", &[2, 3]), ("", &[1, 3]), ("", &[1, 2])],
        false,
    );
    let other = "port 3012";
    among_files(
        &[(other, &[2, 3]), (other, &[1, 3]), (other, &[1, 2])],
        false,
    );
}
