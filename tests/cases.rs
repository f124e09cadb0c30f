//! What a user sees, compared whole. Each folder of `fixtures/cases` is one case:
//!
//! ```text
//! args      one argument a line; paths are relative to the folder, `OUT` stands for an empty folder
//! stdin     what is typed                                            optional
//! env       NAME=VALUE a line; nothing else is in the environment    optional
//! stdout    what is printed; nothing where it is missing
//! stderr    what is said on standard error; nothing where it is missing
//! exit      the exit code; 0 where it is missing
//! written   the files that are written into `OUT`                    optional
//! ```
//! What varies from run to run stands as a token: `SECONDS`, `TIME`, `VERSION`, `OUT`. Whatever else lies in the
//! folder is input. `ASCAD_BLESS=1 cargo test --test cases` writes what was seen in the place of what was expected;
//! read the difference before it is committed.

mod program;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use program::Program;

/// Texts after which a number varies, and what stands for it.
const VARIES: [(&str, &str); 7] = [
    ("\"seconds\":", "SECONDS"),
    ("\"seconds\": ", "SECONDS"),
    (" seconds=", "SECONDS"),
    ("|seconds=", "SECONDS"),
    ("_run_duration_seconds ", "SECONDS"),
    ("_run_timestamp_seconds ", "TIME"),
    ("_build_info{version=\"", "VERSION"),
];

#[test]
fn every_case_prints_and_exits_as_it_is_written() {
    let bless = std::env::var_os("ASCAD_BLESS").is_some();
    let mut wrong = Vec::new();
    let mut count = 0;
    for folder in cases() {
        count += 1;
        let seen = run(&folder);
        let expected = Case::read(&folder);
        if seen == expected {
            continue;
        }
        if bless {
            seen.write(&folder);
        } else {
            let name = folder.file_name().unwrap_or_default().to_string_lossy();
            wrong.push(format!("{name}:\n{}", expected.against(&seen)));
        }
    }
    assert!(count > 0, "there are no cases");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The folders that hold `args`, sorted.
fn cases() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/cases");
    let entries = std::fs::read_dir(root).unwrap();
    let folders = entries.map(|entry| entry.unwrap().path());
    let mut cases: Vec<PathBuf> = folders
        .filter(|folder| folder.join("args").exists())
        .collect();
    cases.sort();
    cases
}

/// What a case expects, or what was seen of it.
#[derive(PartialEq)]
struct Case {
    stdout: String,
    stderr: String,
    exit: String,
    written: BTreeMap<String, String>,
}

impl Case {
    fn read(folder: &Path) -> Case {
        let text = |name: &str| std::fs::read_to_string(folder.join(name)).unwrap_or_default();
        let exit = text("exit").trim().to_owned();
        Case {
            stdout: text("stdout"),
            stderr: text("stderr"),
            exit: if exit.is_empty() {
                "0".to_owned()
            } else {
                exit
            },
            written: files(&folder.join("written")),
        }
    }

    fn write(&self, folder: &Path) {
        let put = |path: PathBuf, text: &str| {
            if text.is_empty() {
                let _ = std::fs::remove_file(path);
            } else {
                std::fs::write(path, text).unwrap();
            }
        };
        put(folder.join("stdout"), &self.stdout);
        put(folder.join("stderr"), &self.stderr);
        put(folder.join("exit"), &format!("{}\n", self.exit));
        let written = folder.join("written");
        let _ = std::fs::remove_dir_all(&written);
        for (name, text) in &self.written {
            std::fs::create_dir_all(&written).unwrap();
            std::fs::write(written.join(name), text).unwrap();
        }
    }

    /// The parts that are not as expected.
    fn against(&self, seen: &Case) -> String {
        let mut parts = vec![
            (
                "stdout".to_owned(),
                self.stdout.as_str(),
                seen.stdout.as_str(),
            ),
            ("stderr".to_owned(), &self.stderr, &seen.stderr),
            ("exit".to_owned(), &self.exit, &seen.exit),
        ];
        let names = self.written.keys().chain(seen.written.keys());
        for name in names.collect::<std::collections::BTreeSet<_>>() {
            let text = |files: &'_ BTreeMap<String, String>| files.get(name).cloned();
            if text(&self.written) != text(&seen.written) {
                parts.push((
                    format!("written/{name}"),
                    self.written.get(name).map_or("(no file)", String::as_str),
                    seen.written.get(name).map_or("(no file)", String::as_str),
                ));
            }
        }
        parts
            .into_iter()
            .filter(|(_, expected, found)| expected != found)
            .map(|(name, expected, found)| {
                format!("--- {name}, expected\n{expected}\n--- {name}, found\n{found}\n")
            })
            .collect()
    }
}

/// The texts of a folder's files by name.
fn files(folder: &Path) -> BTreeMap<String, String> {
    let Ok(entries) = std::fs::read_dir(folder) else {
        return BTreeMap::new();
    };
    let read = |path: PathBuf| {
        let name = path.file_name()?.to_str()?.to_owned();
        Some((name, std::fs::read_to_string(&path).ok()?))
    };
    entries
        .filter_map(|entry| read(entry.ok()?.path()))
        .collect()
}

fn run(folder: &Path) -> Case {
    let out = tempfile::tempdir().unwrap();
    let place = out.path().to_str().unwrap();
    let args = std::fs::read_to_string(folder.join("args")).unwrap();
    let env = std::fs::read_to_string(folder.join("env")).unwrap_or_default();
    let args: Vec<String> = args
        .lines()
        .map(|word| word.replace("OUT", place))
        .collect();
    let env: Vec<(&str, &str)> = env
        .lines()
        .filter_map(|line| line.split_once('='))
        .collect();
    let outcome = Program::new(&args)
        .in_folder(folder)
        .with(&[("HOME", place)])
        .with(&env)
        .typed(&std::fs::read(folder.join("stdin")).unwrap_or_default())
        .run();
    let veiled = |text: &str| veil(text).replace(place, "OUT");
    Case {
        stdout: veiled(&outcome.out),
        stderr: veiled(&outcome.err),
        exit: outcome.code.unwrap().to_string(),
        written: files(out.path())
            .into_iter()
            .map(|(name, text)| (name, veiled(&text)))
            .collect(),
    }
}

/// Puts tokens in the place of what varies.
fn veil(text: &str) -> String {
    VARIES
        .iter()
        .fold(text.to_owned(), |text, (before, token)| {
            let mut parts = text.split(before);
            let mut veiled = parts.next().unwrap_or_default().to_owned();
            for part in parts {
                let rest = part.trim_start_matches(|c: char| {
                    c.is_ascii_digit() || matches!(c, '.' | '-' | 'e')
                });
                veiled.push_str(before);
                if rest.len() < part.len() {
                    veiled.push_str(token);
                }
                veiled.push_str(rest);
            }
            veiled
        })
}

#[test]
fn only_numbers_in_known_places_are_veiled() {
    assert_eq!(
        veil("{\"seconds\":0.012,\"exit\":2}"),
        "{\"seconds\":SECONDS,\"exit\":2}"
    );
    assert_eq!(
        veil("compared=5 seconds=1e-5s"),
        "compared=5 seconds=SECONDSs"
    );
    assert_eq!(veil("1.5 seconds"), "1.5 seconds");
}

/// The picture in the README is what `make demo` prints.
#[test]
fn the_readme_shows_what_is_printed() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let readme = std::fs::read_to_string(root.join("README.md")).unwrap();
    let printed = root.join("fixtures/cases/check-three-ways/stdout");
    let printed = std::fs::read_to_string(printed).unwrap();
    assert!(readme.contains(printed.trim_end()), "{printed}");
}
