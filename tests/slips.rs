//! Slips of whoever types or sets something up: nothing is lost by them, and what is said helps to mend them.

mod checked;
mod pair;
mod program;

use std::fs;
use std::path::PathBuf;

use pair::Pair;
use program::{Outcome, Program};
use serde_json::Value as Json;
use tempfile::TempDir;

/// A folder with a file, its recording, and a reference.
struct Place {
    folder: TempDir,
}

impl Place {
    fn new() -> Place {
        let place = Place {
            folder: tempfile::tempdir().unwrap(),
        };
        let pair = Pair::community("8.1.2.0");
        place.write("node.conf", &pair.file);
        place.write("reference.conf", &pair.file);
        place.write("node.json", &serde_json::to_string(&pair.answers).unwrap());
        place
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn write(&self, name: &str, text: &str) {
        fs::write(self.path(name), text).unwrap();
    }

    fn run(&self, line: &str) -> Outcome {
        let words: Vec<&str> = line.split(' ').collect();
        let program = Program::new(&words).in_folder(self.folder.path());
        program.run()
    }

    /// It ends as UNKNOWN, and both the status line and standard error say why.
    #[track_caller]
    fn fails(&self, line: &str, why: &str) {
        let Outcome { out, err, code } = self.run(line);
        assert_eq!(code, Some(3), "{err}{out}");
        let status = out.lines().next().unwrap_or_default();
        assert!(
            status.starts_with("ASCAD UNKNOWN - ") && status.contains(why),
            "expected {why:?}: {status}"
        );
        let err: Vec<&str> = err.split_whitespace().collect();
        let err = err.join(" ");
        assert!(err.contains(why), "expected {why:?}: {err}");
    }
}

#[test]
fn a_report_is_written_over_nothing_that_is_read() {
    let case = |line: &str, name: &str| {
        let place = Place::new();
        std::os::unix::fs::symlink("node.conf", place.path("link.conf")).unwrap();
        place.write("set.toml", "[output]\nfiles = [\"json=node.conf\"]\n");
        let before = fs::read(place.path("node.conf")).unwrap();
        let message = format!("expected a file of its own for the report, but `{name}` is read");
        place.fails(line, &message);
        assert_eq!(fs::read(place.path("node.conf")).unwrap(), before, "{line}");
    };
    let check = "check node.conf --against reference.conf --against node.json";
    case(&format!("{check} -o json=node.conf"), "node.conf");
    case(&format!("{check} -o json=./node.conf"), "./node.conf");
    case(&format!("{check} -o json=link.conf"), "link.conf");
    case(&format!("{check} -o text=reference.conf"), "reference.conf");
    case(&format!("{check} -o json=node.json"), "node.json");
    case(&format!("{check} --settings set.toml"), "node.conf");
    case(
        "compare node.conf reference.conf -o json=reference.conf",
        "reference.conf",
    );
    case("show node.conf -o conf=node.conf", "node.conf");
    case(
        "lint reference.conf node.conf -o json=node.conf",
        "node.conf",
    );
    case("lint . -o json=node.conf", "node.conf");
}

#[test]
fn two_reports_are_not_written_to_one_place() {
    let place = Place::new();
    let why = "expected a file of its own for each report, but `b` is written twice";
    place.fails(
        "check node.conf --against node.json -o json=b -o text=b",
        why,
    );
    place.fails("lint node.conf -o json=b -o sarif=b", why);
    let streams = "check node.conf --against node.json -o json=/dev/null -o text=/dev/null";
    assert_eq!(place.run(streams).code, Some(0));
}

/// A program that reads what a program writes is told in its own way why there is nothing to read.
#[test]
fn json_is_json_where_nothing_could_be_done() {
    let case = |line: &str, schema: &str, lists: &[&str]| {
        let place = Place::new();
        place.write("bad.toml", "[chek]\n");
        let Outcome { out, err, code } = place.run(line);
        assert_eq!(code, Some(3), "{err}{out}");
        let report: Json = serde_json::from_str(&out).unwrap_or_else(|_| panic!("{out}"));
        assert_eq!(report["schema"], schema);
        assert_eq!(report["state"], "UNKNOWN");
        assert_eq!(report["exit"], 3);
        let why = report["failures"][0]["message"].as_str().unwrap();
        assert!(err.contains(why), "{why}: {err}");
        for list in lists {
            assert_eq!(report[list], serde_json::json!([]), "{list}");
        }
    };
    let check = ["sources", "skipped", "differences", "problems"];
    let bad = "--settings bad.toml -f json";
    case(&format!("check {bad}"), "ascad/check/1", &check);
    case(
        "check node.conf --against node.json -o json=no/such/folder -f json",
        "ascad/check/1",
        &check,
    );
    case(
        &format!("compare node.conf node.json {bad}"),
        "ascad/compare/1",
        &["sources", "skipped", "differences"],
    );
    case(
        "compare node.conf -f json",
        "ascad/compare/1",
        &["differences"],
    );
    case(&format!("cluster {bad}"), "ascad/compare/1", &["sources"]);
    case(&format!("lint node.conf {bad}"), "ascad/lint/1", &["files"]);
}

#[test]
fn a_textfile_of_prometheus_is_one_where_nothing_could_be_done() {
    let case = |line: &str, gauge: &str| {
        let place = Place::new();
        place.write("bad.toml", "[chek]\n");
        let out = place.run(line).out;
        assert!(out.lines().any(|line| line == gauge), "{out}");
        assert!(out.starts_with("# HELP "), "{out}");
    };
    let bad = "--settings bad.toml -f prometheus";
    case(&format!("check {bad}"), "ascad_state 3");
    case(
        &format!("compare node.conf node.json {bad}"),
        "ascad_compare_state 3",
    );
    case(&format!("cluster {bad}"), "ascad_cluster_state 3");
}

#[test]
fn the_status_line_says_which_flag_is_wrong() {
    let case = |line: &str, why: &str| Place::new().fails(line, why);
    case("check --bogus", "unexpected argument '--bogus' found");
    case("check --agaisnt x", "unexpected argument '--agaisnt' found");
    case(
        "check --format yaml",
        "invalid value 'yaml' for '--format <FORMAT>'",
    );
    case("check --timeout 0", "expected 0.1 to 86400 seconds");
    case("chek", "unrecognized subcommand 'chek'");
    case(
        "compare",
        "required arguments were not provided: <SOURCE>...",
    );
    case("lint", "required arguments were not provided: <CONF>...");
    case("check -w drifte", "invalid value 'drifte'");
    let bare = Program::new::<&str>(&[]).run();
    assert_eq!(bare.code, Some(3));
    assert!(
        bare.out
            .starts_with("ASCAD UNKNOWN - the command line is wrong: expected a command\n")
    );
}

#[test]
fn a_kind_that_is_none_has_its_place_in_the_settings() {
    let place = Place::new();
    place.write("set.toml", "[severity]\ndrifte = \"warning\"\n");
    let check = "check node.conf --against node.json --settings set.toml";
    place.fails(check, "set.toml:2: expected one of drifted, ");
    assert!(place.run(check).err.contains("did you mean `drifted`?"));
}

#[test]
fn a_setting_that_would_do_nothing_is_an_error() {
    let case = |settings: &str, why: &str| {
        let place = Place::new();
        place.write("set.toml", settings);
        let check = "check node.conf --against node.json --settings set.toml";
        place.fails(check, why);
    };
    case(
        "[check]\nserver-version = \"newest\"\n",
        "set.toml:2:18: expected a release such as 8.1 or 7.0.0.26 for `server-version`, but found `newest`",
    );
    case(
        "[reference.runtime]\nurls = 'http://a/b'\n",
        "set.toml:1:12: expected another name than `runtime`, which is a source of its own",
    );
}

#[test]
fn standard_input_is_read_once() {
    let case = |line: &str| {
        let why = "expected one `-` at most, for standard input can be read only once";
        Place::new().fails(line, why);
    };
    case("check - --against -");
    case("compare - -");
    case("lint - -");
}

#[test]
fn a_name_that_is_none_may_have_been_meant_for_the_settings() {
    let place = Place::new();
    place.fails(
        "check node.conf --against master",
        "master: expected a file or a `[reference.master]` of the settings, but found neither",
    );
    // With a dot or a slash in it, it is meant as a path.
    let path = "master.conf: expected a file, but found none";
    place.fails("check node.conf --against master.conf", path);
    let path = "./master: expected a file, but found none";
    place.fails("check node.conf --against ./master", path);
    // CONF is never a name.
    let path = "master: expected a file, but found none";
    place.fails("check master --against node.json", path);
}

/// A person who compares a file with a cluster sees the odd values, and not a row for every node.
#[test]
fn many_nodes_with_values_of_their_own_are_counted() {
    let place = Place::new();
    let pair = Pair::community("8.1.2.0");
    let mut line = "check node.conf".to_owned();
    for number in 0..40 {
        let mut answers = pair.answers.clone();
        let service = answers.get_mut("get-config:context=service").unwrap();
        // Ten are as the file says, three have one other value, and the rest one each.
        let threads = match number {
            0..10 => 128,
            10..13 => 64,
            other => 200 + other,
        };
        service.push_str(&format!(";query-threads-limit={threads}"));
        let name = format!("n{number:02}.json");
        place.write(&name, &serde_json::to_string(&answers).unwrap());
        line.push_str(&format!(" --against {name}"));
    }
    let out = place.run(&line).out;
    let sides: Vec<String> = out
        .lines()
        .filter(|line| line.starts_with("    runtime "))
        .map(|line| {
            line.split_whitespace()
                .skip(1)
                .collect::<Vec<_>>()
                .join(" ")
        })
        .collect();
    assert_eq!(
        sides,
        [
            "n00.json and 9 others 128",
            "n10.json and 2 others 64",
            "n13.json 213",
            "n14.json 214",
            "n15.json 215",
            "n16.json 216",
            "… and 23 more values on 23 nodes",
        ],
        "{out}"
    );
}

/// The settings are those of cron, which mails what is printed. Whoever asks for something else by hand gets it, and
/// NRPE takes a plugin that prints nothing for a broken one.
#[test]
fn quiet_settings_silence_what_nobody_asked_for() {
    let case = |line: &str, is_printed: bool| {
        let place = Place::new();
        place.write("set.toml", "[output]\nquiet = true\n");
        let Outcome { out, err, code } = place.run(&format!("{line} --settings set.toml"));
        assert_eq!(code, Some(0), "{err}{out}");
        assert_eq!(!out.is_empty(), is_printed, "{line}: {out}");
    };
    let check = "check node.conf --against node.json";
    case(check, false);
    case(&format!("{check} -f text"), false);
    case(&format!("{check} -f nagios"), true);
    case(&format!("{check} -f json"), true);
    case(&format!("{check} -f prometheus"), true);
    // Who says it with a flag means it.
    case(&format!("{check} -f nagios -q"), false);
    case("compare node.conf node.conf", false);
    case("compare node.conf node.conf -f json", true);
    case("lint node.conf", false);
    case("lint node.conf -f json", true);
    case("show node.conf", true);
    case("show node.json -f answers", true);
    case("show node.conf -q", false);
}
