//! Runs the built program as a user would, with nothing of the machine's around it.
//!
//! Every run of every test program goes through here. What it printed, and the files that it wrote for `-o`, are
//! searched for every secret that the tests plant, and a fault of the program's own is never what a test wants: either
//! fails the test at the place where it asked for the run.
#![allow(dead_code, unreachable_pub)] // Each test program uses its own part.

pub mod planted;

use std::ffi::OsStr;
use std::io::Write;
use std::os::unix::process::ExitStatusExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use serde_json::Value as Json;

/// The built program, unless `ASCAD` names another build.
pub fn binary() -> String {
    std::env::var("ASCAD").unwrap_or_else(|_| env!("CARGO_BIN_EXE_ascad").to_owned())
}

/// What the program printed and left with.
#[derive(Debug, PartialEq)]
pub struct Outcome {
    pub out: String,
    pub err: String,
    /// As a shell tells it: 143 where SIGTERM ended it.
    pub code: Option<i32>,
}

/// A run to come: no environment, nothing to read on standard input.
pub struct Program {
    command: Command,
    typed: Vec<u8>,
    written: Vec<PathBuf>,
    folder: PathBuf,
}

impl Program {
    /// `ascad` with these arguments.
    #[track_caller]
    pub fn new<A: AsRef<OsStr>>(arguments: &[A]) -> Program {
        let mut program = Program::of(Command::new(binary()));
        program.command.args(arguments);
        let words: Vec<&str> = arguments
            .iter()
            .filter_map(|word| word.as_ref().to_str())
            .collect();
        for pair in words.windows(2) {
            match pair {
                ["-o" | "--output", place] => {
                    program
                        .written
                        .extend(place.split_once('=').map(|(_, path)| path.into()));
                }
                ["-P" | "--password" | "--tls-keyfile-password", secret] => {
                    planted::assert_planted(secret);
                }
                _ => {}
            }
        }
        program
    }

    /// A line for the shell, in which `$0` is `ascad` and `$1` the first of the files that it writes.
    pub fn of_shell(script: &str, written: &[&Path]) -> Program {
        let mut program = Program::of(Command::new("/bin/sh"));
        program
            .command
            .args(["-c", script, &binary()])
            .args(written);
        program.written.extend(written.iter().map(PathBuf::from));
        program
    }

    fn of(mut command: Command) -> Program {
        command
            .env_clear()
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        Program {
            command,
            typed: Vec::new(),
            written: Vec::new(),
            folder: PathBuf::from("."),
        }
    }

    /// Where relative paths begin.
    pub fn in_folder(mut self, folder: &Path) -> Program {
        self.command.current_dir(folder);
        self.folder = folder.to_owned();
        self
    }

    #[track_caller]
    pub fn with(mut self, variables: &[(&str, &str)]) -> Program {
        for (name, value) in variables {
            if name.ends_with("PASSWORD") || name.ends_with("TOKEN") {
                planted::assert_planted(value);
            }
        }
        self.command.envs(variables.iter().copied());
        self
    }

    /// What is typed on standard input.
    pub fn typed(mut self, bytes: &[u8]) -> Program {
        self.typed = bytes.to_owned();
        self.command.stdin(Stdio::piped());
        self
    }

    /// Where standard output goes; nothing of it is seen here.
    pub fn printing_to(mut self, place: impl Into<Stdio>) -> Program {
        self.command.stdout(place);
        self
    }

    #[track_caller]
    pub fn run(self) -> Outcome {
        self.start().finish()
    }

    /// Starts it and does not wait. What is typed waits for [`Running::finish`].
    #[track_caller]
    pub fn start(mut self) -> Running {
        let child = self.command.spawn();
        let child = child.unwrap_or_else(|error| panic!("{:?}: {error}", self.command));
        let folder = self.folder;
        Running {
            child,
            typed: self.typed,
            written: self.written.iter().map(|path| folder.join(path)).collect(),
        }
    }
}

/// A run that has begun.
pub struct Running {
    child: Child,
    typed: Vec<u8>,
    written: Vec<PathBuf>,
}

impl Running {
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// Nobody reads what it prints from now on.
    pub fn hang_up(&mut self) {
        drop(self.child.stdout.take());
        drop(self.child.stderr.take());
    }

    /// Types, waits for the end and looks for secrets.
    #[track_caller]
    pub fn finish(mut self) -> Outcome {
        if let Some(mut input) = self.child.stdin.take() {
            // Whoever does not read its standard input may be gone already.
            let _ = input.write_all(&self.typed);
        }
        let output = self.child.wait_with_output().unwrap();
        let status = output.status;
        let outcome = Outcome {
            out: String::from_utf8(output.stdout).unwrap(),
            err: String::from_utf8(output.stderr).unwrap(),
            code: status.code().or_else(|| Some(128 + status.signal()?)),
        };
        planted::assert_hidden(&outcome.out);
        planted::assert_hidden(&outcome.err);
        for path in self.written.iter().filter(|path| path.is_file()) {
            let text = std::fs::read(path).unwrap();
            planted::assert_hidden(&String::from_utf8_lossy(&text));
        }
        assert!(!outcome.out.contains("ascad itself failed"), "{outcome:?}");
        outcome
    }
}

/// Runs `ascad` with these arguments in the folder of the recordings.
#[track_caller]
pub fn ascad(arguments: &[&str]) -> Outcome {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/captures");
    Program::new(arguments).in_folder(&folder).run()
}

/// Its JSON report without the time that it took, and the exit code.
#[track_caller]
pub fn json(arguments: &[&str]) -> (Json, Option<i32>) {
    let outcome = ascad(&[arguments, &["--format", "json"]].concat());
    let mut report: Json = serde_json::from_str(&outcome.out)
        .unwrap_or_else(|error| panic!("{error}: {}{}", outcome.out, outcome.err));
    assert_eq!(report["exit"].as_i64(), outcome.code.map(i64::from));
    report.as_object_mut().unwrap().remove("seconds");
    (report, outcome.code)
}

/// `PATH: VALUE on NAMES | VALUE on NAMES …` for every difference but log levels, which are counted by sink, values
/// and names at the end.
pub fn differences(report: &Json) -> Vec<String> {
    let mut lines = Vec::new();
    let mut levels: Vec<(String, usize)> = Vec::new();
    for difference in report["differences"].as_array().unwrap() {
        let path = difference["path"].as_str().unwrap();
        let value = |value: &Json| {
            let said = value["canonical"].as_str().unwrap_or("–");
            let names = value["sources"].as_array().unwrap().iter();
            let names: Vec<&str> = names.map(|name| name.as_str().unwrap()).collect();
            format!("{said} on {}", names.join(" "))
        };
        let values: Vec<String> = difference["values"]
            .as_array()
            .unwrap()
            .iter()
            .map(value)
            .collect();
        let values = values.join(" | ");
        let sink = path
            .strip_prefix("logging.")
            .and_then(|rest| rest.rsplit_once('.'));
        let Some((sink, _)) = sink else {
            lines.push(format!("{path}: {values}"));
            continue;
        };
        let line = format!("{sink}: {values}");
        match levels.iter_mut().find(|(known, _)| *known == line) {
            Some((_, count)) => *count += 1,
            None => levels.push((line, 1)),
        }
    }
    lines.extend(
        levels
            .iter()
            .map(|(line, count)| format!("{count} levels of {line}")),
    );
    lines
}
