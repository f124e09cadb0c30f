//! Every command takes every flag that is common, and does what it says; what has nothing to do there does no harm.

mod program;

use std::path::Path;

use program::{Outcome, Program};
use tempfile::TempDir;

/// Starts, with a warning: `replication-factor` twice.
const WARNED: &str = "\
service {
	cluster-name x
}
logging {
	console {
		context any info
	}
}
network {
	service {
		port 3000
	}
	heartbeat {
		mode mesh
		port 3002
	}
	fabric {
		port 3001
	}
}
namespace test {
	replication-factor 2
	replication-factor 2
	storage-engine memory {
		data-size 1G
	}
}
";

/// A folder with a file that is clean, one with a warning and one that does not start, and a recorded node.
fn folder() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let put = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).unwrap();
    let clean = WARNED.replacen("\treplication-factor 2\n", "", 1);
    put("clean.conf", &clean);
    put("warned.conf", WARNED);
    put(
        "broken.conf",
        &clean.replace("name x", "name x\n\tnosuch x"),
    );
    let recorded = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/demo/node.json");
    std::fs::copy(recorded, folder.path().join("node.json")).unwrap();
    folder
}

/// Runs the words of a line; `SETTINGS` stands for a file with these settings.
#[track_caller]
fn run(line: &str, settings: &str) -> Outcome {
    let folder = folder();
    std::fs::write(folder.path().join("SETTINGS"), settings).unwrap();
    let words: Vec<&str> = line.split(' ').collect();
    Program::new(&words).in_folder(folder.path()).run()
}

/// The exit code, and what is printed up to the line that counts.
#[track_caller]
fn lint(line: &str, settings: &str, expected: (i32, &str)) {
    let outcome = run(&format!("lint {line}"), settings);
    let said = outcome.out.split("1 file: ").next().unwrap();
    assert_eq!(
        (outcome.code, said),
        (Some(expected.0), expected.1),
        "{}",
        outcome.err
    );
}

const COMMON: [&str; 22] = [
    "-f text",
    "--format json",
    "-o json=out.json",
    "-q",
    "--quiet",
    "-i service.pidfile",
    "--ignore namespace.*.default-ttl",
    "--strict",
    "--settings SETTINGS",
    "--timeout 5",
    "--splay 0",
    "--color never",
    "--server-version 8.0",
    "--edition ee",
    "-w drifted",
    "--warning drifted,latent",
    "-c outlier",
    "--critical pending-restart",
    "--riemann udp://127.0.0.1:9",
    "-v",
    "--verbose",
    "--nice=never",
];

#[test]
fn every_command_takes_every_common_flag() {
    for (command, expected) in [
        ("check clean.conf --against clean.conf", 0),
        ("compare clean.conf clean.conf", 0),
        ("lint clean.conf", 0),
        ("show clean.conf", 0),
        // Nobody listens there.
        ("cluster 127.0.0.1:9", 3),
    ] {
        for flag in COMMON {
            let outcome = run(&format!("{command} {flag}"), "");
            assert_eq!(
                outcome.code,
                Some(expected),
                "{command} {flag}: {outcome:?}"
            );
            assert!(
                !outcome.err.contains("argument"),
                "{command} {flag}: {outcome:?}"
            );
        }
        let all = COMMON.iter().filter(|flag| flag.len() > 11).copied();
        let all: Vec<&str> = all.collect();
        let outcome = run(&format!("{command} {}", all.join(" ")), "");
        assert_eq!(outcome.code, Some(expected), "{command}: {outcome:?}");
    }
}

const TWICE: &str = "warned.conf:23:2: warning: `replication-factor` was given on line 22 already, and the last one wins [repeated-parameter]\n  23 | replication-factor 2\n     | ^^^^^^^^^^^^^^^^^^\n";
const NOSUCH: &str = "broken.conf:3:2: fatal: unknown parameter `nosuch` in `service` [unknown-parameter]\n   3 | nosuch x\n     | ^^^^^^\n";

#[test]
fn lint_names_every_file_where_it_says_more() {
    lint("clean.conf", "", (0, ""));
    lint(
        "clean.conf -v",
        "",
        (0, "clean.conf: 8.1.2 enterprise: would start\n"),
    );
    lint(
        "clean.conf -v --server-version 7.2 --edition ce",
        "",
        (0, "clean.conf: 7.2.0 community: would start\n"),
    );
    let expected = format!("warned.conf: 8.1.2 enterprise: would start, with warnings\n{TWICE}");
    lint("warned.conf -v", "", (1, &expected));
}

#[test]
fn lint_is_coloured_where_it_is_wanted() {
    let coloured = TWICE
        .replace("warning:", "\u{1b}[33mwarning\u{1b}[0m:")
        .replace(
            "^^^^^^^^^^^^^^^^^^",
            "\u{1b}[33m^^^^^^^^^^^^^^^^^^\u{1b}[0m",
        );
    lint("warned.conf --color always", "", (1, &coloured));
    lint("warned.conf --color never", "", (1, TWICE));
    lint("warned.conf", "[output]\ncolor = \"always\"\n", (1, TWICE));
    lint(
        "warned.conf --settings SETTINGS",
        "[output]\ncolor = \"always\"\n",
        (1, &coloured),
    );
}

#[test]
fn how_bad_a_problem_is_can_be_said_by_its_code() {
    lint("warned.conf -c repeated-parameter", "", (2, TWICE));
    lint("broken.conf -w unknown-parameter", "", (1, NOSUCH));
    lint("warned.conf -c drifted", "", (1, TWICE));
    let settings = "[severity]\nrepeated-parameter = \"ok\"\n";
    lint("warned.conf --settings SETTINGS", settings, (0, TWICE));
    lint("warned.conf --settings SETTINGS -q", settings, (0, ""));
    lint(
        "warned.conf --settings SETTINGS -w repeated-parameter",
        settings,
        (1, TWICE),
    );
}

/// The exit code of a check of a file with itself, and its first line.
#[track_caller]
fn check(file: &str, flags: &str, settings: &str, expected: (i32, &str)) {
    let line = format!("check {file} --against {file} --settings SETTINGS{flags}");
    let outcome = run(&line, settings);
    let first = outcome.out.lines().next().unwrap();
    assert_eq!(
        (outcome.code, first),
        (Some(expected.0), expected.1),
        "{outcome:?}"
    );
}

#[test]
fn what_lint_warns_of_counts_in_a_check_where_it_is_said_to() {
    let twice =
        "warned.conf:23: `replication-factor` was given on line 22 already, and the last one wins";
    let said = |state: &str| format!("ASCAD {state} - 9 settings agree: {twice}");
    check("warned.conf", "", "", (0, "ASCAD OK - 9 settings agree"));
    let flags = " -w repeated-parameter";
    check("warned.conf", flags, "", (1, &said("WARNING")));
    let settings = "[severity]\nrepeated-parameter = \"critical\"\n";
    check("warned.conf", "", settings, (2, &said("CRITICAL")));
    check("warned.conf", flags, settings, (1, &said("WARNING")));
}

#[test]
fn a_file_that_would_not_start_is_critical_unless_said_otherwise() {
    let said = |state: &str| {
        format!(
            "ASCAD {state} - 10 settings agree: this file would not start on 8.1.2: \
             broken.conf:3: unknown parameter `nosuch` in `service`"
        )
    };
    check("broken.conf", "", "", (2, &said("CRITICAL")));
    let flags = " -w unknown-parameter";
    check("broken.conf", flags, "", (1, &said("WARNING")));
}

#[test]
fn every_command_says_its_version() {
    for command in ["check", "compare", "cluster", "lint", "show", "completions"] {
        for flag in ["-V", "--version"] {
            let outcome = run(&format!("{command} {flag}"), "");
            let version = concat!("ascad ", env!("CARGO_PKG_VERSION"), "\n");
            assert_eq!((outcome.code, outcome.out.as_str()), (Some(0), version));
        }
    }
}

#[test]
fn a_code_that_is_none_is_refused_with_the_nearest() {
    let outcome = run("lint warned.conf -c repeated-parametr", "");
    assert_eq!(outcome.code, Some(3));
    assert!(
        outcome.err.contains("did you mean `repeated-parameter`?"),
        "{outcome:?}"
    );
    let outcome = run(
        "lint warned.conf --settings SETTINGS",
        "[severity]\ndriftd = \"ok\"\n",
    );
    assert_eq!(outcome.code, Some(3));
    assert!(
        outcome.err.contains("SETTINGS:2: expected one of drifted"),
        "{outcome:?}"
    );
}

/// The flag, the file itself, the settings.
#[test]
fn lint_takes_release_and_edition_from_the_settings_where_nothing_else_says_them() {
    let settings = "[check]\nserver-version = \"7.0\"\nedition = \"ce\"\n";
    lint(
        "clean.conf -v --settings SETTINGS",
        settings,
        (0, "clean.conf: 7.0.0 community: would start\n"),
    );
    lint(
        "clean.conf -v --settings SETTINGS --server-version 7.1 --edition ee",
        settings,
        (0, "clean.conf: 7.1.0 enterprise: would start\n"),
    );
}

/// What cron's checks write is not overwritten, and what they print is not asked of a command that cannot.
#[test]
fn settings_of_checks_do_no_harm_to_other_commands() {
    let settings =
        "[output]\nformat = \"nagios\"\nfiles = [\"json=check.json\", \"codequality=lint.json\"]\n";
    let folder = folder();
    std::fs::write(folder.path().join("SETTINGS"), settings).unwrap();
    for (line, written) in [
        ("show clean.conf --settings SETTINGS", (false, false)),
        ("lint clean.conf --settings SETTINGS", (false, true)),
        (
            "check clean.conf --against clean.conf --settings SETTINGS",
            (true, false),
        ),
    ] {
        let words: Vec<&str> = line.split(' ').collect();
        let outcome = Program::new(&words).in_folder(folder.path()).run();
        assert_eq!(outcome.code, Some(0), "{line}: {outcome:?}");
        let made = |name: &str| std::fs::remove_file(folder.path().join(name)).is_ok();
        assert_eq!((made("check.json"), made("lint.json")), written, "{line}");
    }
}

#[test]
fn lint_ends_in_time_where_a_time_is_given() {
    // The shell's own input never ends.
    let outcome = Program::of_shell("sleep 1 | $0 lint - --timeout 0.2; exit $?", &[]).run();
    assert_eq!(outcome.code, Some(3));
    assert!(
        outcome
            .err
            .contains("expected to finish within 0.2 seconds"),
        "{outcome:?}"
    );
}

/// What is said on standard error first.
#[track_caller]
fn complaint(line: &str, expected: &str) {
    let outcome = run(line, "");
    assert_eq!(outcome.code, Some(3), "{outcome:?}");
    assert_eq!(outcome.err.lines().next(), Some(expected));
}

#[test]
fn a_source_that_is_no_file_may_be_a_slip_of_the_finger() {
    let case = |name: &str, expected: &str| {
        let line = format!("check clean.conf --settings SETTINGS --against {name}");
        let outcome = run(
            &line,
            "[reference.master]\nurls = [\"http://127.0.0.1:9/\"]\n",
        );
        let expected = format!("ascad: {name}: expected a file, but found none{expected}\n");
        assert_eq!((outcome.code, outcome.err), (Some(3), expected));
    };
    case("mastr", ", did you mean `master`?");
    case("runtme", ", did you mean `runtime`?");
    case("elsewhere.conf", "");
}

#[test]
fn a_file_that_is_not_there_is_named_once() {
    let missing = "ascad: none.conf: expected a file, but found none";
    complaint("check none.conf", missing);
    complaint("check clean.conf --against none.conf", missing);
    complaint("compare clean.conf none.conf", missing);
    complaint("lint none.conf", missing);
    complaint("show none.conf", missing);
    complaint(
        "show none.json",
        "ascad: none.json: expected a file, but found none",
    );
    complaint(
        "compare . clean.conf",
        "ascad: .: expected a file, but found a directory",
    );
    complaint(
        "show SETTINGS",
        "ascad: SETTINGS: expected a configuration, but found an empty file",
    );
    let settings = "ascad: the settings `none.toml`: expected a file, but found none";
    complaint("check clean.conf --settings none.toml", settings);
    complaint("lint clean.conf --settings none.toml", settings);
    complaint(
        "check clean.conf --against clean.conf --vars none.toml",
        "ascad: clean.conf: the variables `none.toml`: expected a file, but found none",
    );
}
