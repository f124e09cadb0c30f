//! What `make install` lays down, where, and that the cron entry does the whole job from there.

mod program;

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;

use program::{Outcome, Program, binary};
use tempfile::TempDir;

const REPOSITORY: &str = env!("CARGO_MANIFEST_DIR");
const SCENE: &str = "fixtures/scenes/8.1.2.0/01";

/// Everything that is installed with PREFIX=/usr, with its modes.
const LAYOUT: [(&str, u32); 15] = [
    ("usr/bin/ascad", 0o755),
    ("usr/share/man/man1/ascad.1", 0o644),
    ("usr/share/man/man5/ascad.toml.5", 0o644),
    ("usr/share/bash-completion/completions/ascad", 0o644),
    ("usr/share/zsh/site-functions/_ascad", 0o644),
    ("usr/share/fish/vendor_completions.d/ascad.fish", 0o644),
    ("usr/lib/systemd/system/ascad.service", 0o644),
    ("usr/lib/systemd/system/ascad.timer", 0o644),
    ("usr/share/doc/ascad/LICENSE", 0o644),
    ("usr/share/doc/ascad/examples/nrpe.cfg", 0o644),
    ("usr/share/doc/ascad/examples/icinga2.conf", 0o644),
    ("usr/share/doc/ascad/examples/checkmk", 0o755),
    (
        "usr/share/doc/ascad/examples/gitlab-ci-aerospike-lint.yml",
        0o644,
    ),
    ("etc/ascad/ascad.toml", 0o640),
    // cron reads no file that has a dot in its name, and none that others may write to.
    ("etc/cron.d/ascad", 0o644),
];

/// Installs the binary that cargo built for the tests; nothing is built again.
fn install(variables: &[String]) {
    let made = Command::new("make")
        .args(["-s", "install", &format!("BINARY={}", binary())])
        .args(variables)
        .current_dir(REPOSITORY)
        .env_remove("MAKEFLAGS")
        .env_remove("DESTDIR")
        .env_remove("PREFIX")
        .env_remove("SYSCONFDIR")
        .output()
        .expect("`make` is needed to test what it installs");
    assert!(
        made.status.success(),
        "{}",
        String::from_utf8_lossy(&made.stderr)
    );
}

fn staged(prefix: &str) -> TempDir {
    let root = tempfile::tempdir().unwrap();
    install(&[
        format!("DESTDIR={}", root.path().display()),
        format!("PREFIX={prefix}"),
    ]);
    root
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        match path.is_dir() {
            true => found.extend(files(&path)),
            false => found.push(path),
        }
    }
    found
}

fn mode(path: &Path) -> u32 {
    fs::metadata(path).unwrap().permissions().mode() & 0o7777
}

#[test]
fn everything_lies_where_the_file_hierarchy_standard_says() {
    let root = staged("/usr");
    let mut found: Vec<(String, u32)> = files(root.path())
        .iter()
        .map(|path| {
            let name = path.strip_prefix(root.path()).unwrap();
            (name.display().to_string(), mode(path))
        })
        .collect();
    let mut expected = LAYOUT.map(|(name, mode)| (name.to_owned(), mode)).to_vec();
    found.sort();
    expected.sort();
    assert_eq!(found, expected);
    assert_eq!(mode(&root.path().join("etc/ascad")), 0o755);
    for file in files(root.path()) {
        let text = fs::read(&file).unwrap();
        assert!(!text.is_empty(), "{} is empty", file.display());
        let staging = root.path().display().to_string();
        let names_staging = text
            .windows(staging.len())
            .any(|part| part == staging.as_bytes());
        assert!(!names_staging, "{} names DESTDIR", file.display());
    }
}

#[test]
fn the_prefix_stands_in_what_names_the_binary() {
    let root = staged("/usr/local");
    let read = |name: &str| fs::read_to_string(root.path().join(name)).unwrap();
    let unit = read("usr/local/lib/systemd/system/ascad.service");
    assert!(
        unit.contains("ExecStart=/usr/local/bin/ascad check"),
        "{unit}"
    );
    let nrpe = read("usr/local/share/doc/ascad/examples/nrpe.cfg");
    assert!(
        nrpe.contains("command[check_ascad]=/usr/local/bin/ascad check"),
        "{nrpe}"
    );
    assert!(read("etc/cron.d/ascad").contains("PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin"));
}

#[test]
fn settings_that_are_there_stay_as_they_are() {
    let root = staged("/usr");
    let settings = root.path().join("etc/ascad/ascad.toml");
    fs::write(&settings, "[check]\nstrict = true\n").unwrap();
    install(&[
        format!("DESTDIR={}", root.path().display()),
        "PREFIX=/usr".to_owned(),
    ]);
    assert_eq!(
        fs::read_to_string(&settings).unwrap(),
        "[check]\nstrict = true\n"
    );
}

/// ascad installed in a folder that holds the settings, too, so that the cron line can be run as it stands.
struct Installed(TempDir);

impl Installed {
    /// The settings name a scene's file and what it is compared with.
    fn new(conf: &str, against: &[&str]) -> Installed {
        let root = tempfile::tempdir().unwrap();
        let place = root.path().display().to_string();
        install(&[
            format!("PREFIX={place}/usr"),
            format!("SYSCONFDIR={place}/etc"),
        ]);
        let scene = |name: &str| format!("{REPOSITORY}/{SCENE}/{name}");
        let against: Vec<String> = against.iter().map(|name| scene(name)).collect();
        let settings = format!("[check]\nconf = {:?}\nagainst = {against:?}\n", scene(conf));
        fs::write(root.path().join("etc/ascad/ascad.toml"), settings).unwrap();
        Installed(root)
    }

    fn folder(&self) -> PathBuf {
        self.0.path().join("etc/ascad")
    }

    /// The variables and the command of the cron entry.
    fn cron(&self) -> (Vec<(String, String)>, String) {
        let text = fs::read_to_string(self.0.path().join("etc/cron.d/ascad")).unwrap();
        assert!(
            text.ends_with('\n'),
            "cron ignores a last line without its end"
        );
        let lines = text
            .lines()
            .filter(|line| !line.is_empty() && !line.starts_with('#'));
        let (variables, jobs): (Vec<&str>, Vec<&str>) =
            lines.partition(|line| line.starts_with(|first: char| first.is_ascii_alphabetic()));
        let variables = variables
            .iter()
            .map(|line| line.split_once('=').unwrap())
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .collect();
        let [job] = jobs[..] else {
            panic!("expected one job, but found {jobs:?}")
        };
        assert!(!job.contains('%'), "cron makes a newline of `%`");
        let mut rest = job;
        let mut fields = Vec::new();
        for _ in 0..6 {
            let (field, after) = rest.split_once(' ').unwrap();
            fields.push(field);
            rest = after.trim_start();
        }
        assert_eq!(fields, ["17", "*/6", "*", "*", "*", "root"]);
        (variables, rest.to_owned())
    }

    /// Runs the command as cron does, except for the random wait.
    #[track_caller]
    fn run(&self) -> Outcome {
        let (variables, command) = self.cron();
        self.shell(&variables, &command)
    }

    #[track_caller]
    fn shell(&self, variables: &[(String, String)], command: &str) -> Outcome {
        let variables: Vec<(&str, &str)> = variables
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
            .filter(|(name, _)| *name != "SPLAY")
            .collect();
        Program::of_shell(command, &[])
            .with(&variables)
            .in_folder(self.0.path())
            .run()
    }
}

#[test]
fn the_cron_line_is_silent_while_all_is_well() {
    let installed = Installed::new("aerospike.conf", &["aerospike.conf", "boot.json"]);
    let silence = Outcome {
        out: String::new(),
        err: String::new(),
        code: Some(0),
    };
    assert_eq!(installed.run(), silence);
}

#[test]
fn the_cron_line_does_the_whole_job_from_the_settings() {
    let installed = Installed::new("aerospike.conf", &["edited.conf", "after.json"]);
    let Outcome {
        out: report, code, ..
    } = installed.run();
    assert_eq!(code, Some(2), "{report}");
    assert!(report.starts_with("ASCAD CRITICAL - "), "{report}");
    assert!(
        report.contains("drifted") && report.contains("undeployed"),
        "{report}"
    );
}

#[test]
fn a_second_run_beside_the_first_is_unknown() {
    let installed = Installed::new("aerospike.conf", &["boot.json"]);
    let (mut variables, command) = installed.cron();
    variables.push(("LINE".to_owned(), command));
    let held = format!("flock '{}' sh -c \"$LINE\"", installed.folder().display());
    assert_eq!(installed.shell(&variables, &held).code, Some(3));
}

#[test]
fn settings_that_vanished_are_said() {
    let installed = Installed::new("aerospike.conf", &["boot.json"]);
    fs::remove_file(installed.folder().join("ascad.toml")).unwrap();
    let Outcome {
        err: complaint,
        code,
        ..
    } = installed.run();
    assert_eq!(code, Some(3), "{complaint}");
    assert!(complaint.contains("ascad.toml"), "{complaint}");
}

/// What is left of a removed package stays quiet.
#[test]
fn the_cron_line_says_nothing_where_ascad_is_gone() {
    let installed = Installed::new("aerospike.conf", &["boot.json"]);
    let (mut variables, command) = installed.cron();
    fs::remove_file(installed.0.path().join("usr/bin/ascad")).unwrap();
    for (name, value) in &mut variables {
        if name == "PATH" {
            *value = value.replace(":/usr/local/sbin:/usr/local/bin", "");
        }
    }
    let outcome = installed.shell(&variables, &command);
    assert_eq!((outcome.out.as_str(), outcome.err.as_str()), ("", ""));
}
