//! The rules of the house: a room uses rooms below it, never above; no I/O indoors; no file above 500 lines; nothing
//! prints but the sinks.

use std::fs;
use std::path::{Path, PathBuf};

/// The rooms from the ground up. Rooms of one floor do not use each other.
const FLOORS: &[&[&str]] = &[
    &[
        "deadline",
        "nearest",
        "foreign",
        "bytes",
        "order",
        "catalogue",
    ],
    &["wire", "conf", "settings_file"],
    &["lint", "settings"],
    &["compare"],
    &["verdict", "remedy"],
    &["report"],
    &["sources"],
    // Riemann is reached through the same sockets and TLS as a node.
    &["sinks"],
    &["cli"],
    &["hall"],
    &["main"],
];

/// Where the weather is; everything else is indoors.
const OUTDOORS: &[&str] = &["deadline", "sources", "sinks", "cli", "hall", "main"];

const NO_IO_INDOORS: &[&str] = &[
    "std::fs",
    "TcpStream",
    "UdpSocket",
    "ToSocketAddrs",
    "std::env",
    "std::process",
    "std::time::Instant",
    "SystemTime",
    "stdin()",
    "stdout()",
];

const LONGEST: usize = 500;

#[test]
fn a_room_uses_rooms_below_it_and_never_above() {
    let mut wrong = Vec::new();
    for file in sources() {
        let room = room_of(&file);
        let floor = floor_of(&room).unwrap_or_else(|| panic!("`{room}` has no floor"));
        for (number, line) in code_of(&file) {
            for used in uses(&line).filter(|used| *used != room) {
                let below = floor_of(used).is_some_and(|other| other < floor);
                if !below {
                    wrong.push(format!(
                        "{}:{number}: `{room}` uses `{used}`",
                        file.display()
                    ));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn there_is_no_input_and_output_indoors() {
    let mut wrong = Vec::new();
    for file in sources()
        .into_iter()
        .filter(|file| !OUTDOORS.contains(&room_of(file).as_str()))
    {
        for (number, line) in code_of(&file) {
            if let Some(word) = NO_IO_INDOORS.iter().find(|word| line.contains(**word)) {
                wrong.push(format!("{}:{number}: `{word}`", file.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn only_the_sinks_print() {
    let mut wrong = Vec::new();
    for file in sources()
        .into_iter()
        .filter(|file| room_of(file) != "sinks")
    {
        for (number, line) in code_of(&file) {
            if ["println!", "print!(", "eprintln!", "eprint!("]
                .iter()
                .any(|word| line.contains(word))
            {
                wrong.push(format!("{}:{number}", file.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn no_file_is_longer_than_a_sitting() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let files = [root.join("src"), root.join("tests")]
        .iter()
        .flat_map(|folder| rust_files(folder))
        .collect::<Vec<_>>();
    let long: Vec<String> = files
        .iter()
        .map(|file| (file, fs::read_to_string(file).unwrap().lines().count()))
        .filter(|(_, lines)| *lines > LONGEST)
        .map(|(file, lines)| format!("{}: {lines} lines", file.display()))
        .collect();
    assert!(long.is_empty(), "{}", long.join("\n"));
}

/// What is not done is an issue's, and what does not hold is no test.
#[test]
fn nothing_is_put_off() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let words = ["#[ignore", "TODO", "FIXME", "todo!(", "dbg!("];
    let mut files = sources();
    files.extend(rust_files(&root.join("tests")));
    files.retain(|file| !file.ends_with("tests/tidy.rs"));
    let mut wrong = Vec::new();
    for file in files {
        let text = fs::read_to_string(&file).unwrap();
        let found = words.iter().filter(|word| text.contains(**word));
        wrong.extend(found.map(|word| format!("{}: `{word}`", file.display())));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Whatever runs the program looks for secrets in what came of it. What is measured prints nothing of it.
#[test]
fn only_the_harness_runs_the_program() {
    let tests = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests");
    let harness = [
        tests.join("program"),
        tests.join("bench"),
        tests.join("tidy.rs"),
    ];
    let is_other = |file: &PathBuf| !harness.iter().any(|own| file.starts_with(own));
    let names = |file: &PathBuf| {
        let text = fs::read_to_string(file).unwrap();
        text.contains("CARGO_BIN_EXE_ascad")
    };
    let mut wrong = rust_files(&tests);
    wrong.retain(|file| is_other(file) && names(file));
    assert!(wrong.is_empty(), "{wrong:?}");
}

/// What is installed, and how it is linked, is no room.
fn sources() -> Vec<PathBuf> {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = rust_files(&source);
    files.retain(|file| !file.starts_with(source.join("install")));
    files
}

fn rust_files(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    let mut waiting = vec![folder.to_owned()];
    while let Some(folder) = waiting.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            match path.extension() {
                _ if path.is_dir() && !path.ends_with("target") => waiting.push(path),
                Some(extension) if extension == "rs" => files.push(path),
                _ => {}
            }
        }
    }
    files.sort();
    files
}

/// The first step below `src`, without `.rs`.
fn room_of(file: &Path) -> String {
    let below = file
        .strip_prefix(Path::new(env!("CARGO_MANIFEST_DIR")).join("src"))
        .unwrap();
    let first = below
        .components()
        .next()
        .unwrap()
        .as_os_str()
        .to_string_lossy();
    first.trim_end_matches(".rs").to_owned()
}

fn floor_of(room: &str) -> Option<usize> {
    match room {
        "lib" => Some(usize::MAX),
        _ => FLOORS.iter().position(|rooms| rooms.contains(&room)),
    }
}

/// The lines before the tests, without comments.
fn code_of(file: &Path) -> Vec<(usize, String)> {
    let text = fs::read_to_string(file).unwrap();
    if file.ends_with("tests.rs") {
        return Vec::new();
    }
    let code = text
        .split("#[cfg(test)]\nmod tests")
        .next()
        .unwrap_or_default();
    let lines = code
        .lines()
        .enumerate()
        .filter(|(_, line)| !line.trim_start().starts_with("//"));
    lines.map(|(at, line)| (at + 1, line.to_owned())).collect()
}

/// The rooms that a line names by `crate::ROOM` or `crate::{ROOM, …}`.
fn uses(line: &str) -> impl Iterator<Item = &str> {
    line.split("crate::")
        .skip(1)
        .flat_map(|rest| {
            let group = rest
                .strip_prefix('{')
                .and_then(|rest| rest.split('}').next());
            group
                .unwrap_or(rest)
                .split(", ")
                .take(if group.is_some() { usize::MAX } else { 1 })
                .map(|word| {
                    let end = word
                        .find(|c: char| !c.is_alphanumeric() && c != '_')
                        .unwrap_or(word.len());
                    &word[..end]
                })
        })
        .filter(|room| room.starts_with(|c: char| c.is_ascii_lowercase()))
}
