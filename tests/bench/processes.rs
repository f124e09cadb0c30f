//! Whole processes: wall time, processor time and peak memory, beside an empty program of the same run: `make bench`.
//!
//! Every run is one child of one child: this program starts itself as a runner, the runner starts the command, and
//! what the command used is what the runner's children used. So no run sees the peak of another.

#[path = "../loopback/mod.rs"]
mod loopback;

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use loopback::certificates::{Authority, Blemish};
use loopback::cluster::Simulated;
use loopback::web::{Server, reply};
use loopback::{Loopback, Play, Recording};
use nix::sys::resource::{UsageWho, getrusage};

/// What is measured, unless `ASCAD` names another build.
const ASCAD: &str = env!("CARGO_BIN_EXE_ascad");
/// A file of about 200 lines and what its server said.
const SCENE: &str = concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/fixtures/captures/8.1.2.0/rich"
);
const RUNNER: &str = "--run-once";

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.split_first() {
        Some((first, command)) if first == RUNNER => run_once(command),
        // `cargo test --all-targets` only wants to know that it starts.
        Some((first, _)) if first == "--test" => {}
        _ => measure(),
    }
}

/// Runs a command and prints `WALL USER+SYSTEM PEAK`: microseconds and KiB.
#[allow(clippy::print_stdout)] // Its answer.
fn run_once(command: &[String]) {
    let started = Instant::now();
    let status = Command::new(&command[0])
        .args(&command[1..])
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .status()
        .expect("the command starts");
    let wall = started.elapsed().as_micros();
    // Whatever the verdict is; UNKNOWN would be a run that did not see everything.
    assert!(
        matches!(status.code(), Some(0..=2)),
        "{command:?}: {status}"
    );
    let used = getrusage(UsageWho::RUSAGE_CHILDREN).expect("what children used");
    let processor = [used.user_time(), used.system_time()]
        .map(|time| time.tv_sec() * 1_000_000 + time.tv_usec())
        .iter()
        .sum::<i64>();
    println!("{wall} {processor} {}", used.max_rss());
}

/// What the runs of one command took.
struct Row {
    median: Duration,
    fastest: Duration,
    processor: Duration,
    kibibytes: u64,
}

fn row(command: &[&str], runs: usize) -> Row {
    let myself = std::env::current_exe().expect("this program");
    let run = || {
        let output = Command::new(&myself)
            .arg(RUNNER)
            .args(command)
            .env_clear()
            .current_dir(SCENE)
            .output()
            .expect("this program again");
        let said = String::from_utf8_lossy(&output.stdout).into_owned();
        let numbers: Vec<u64> = said.split_whitespace().flat_map(str::parse).collect();
        let complaint = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(numbers.len(), 3, "{complaint}");
        [numbers[0], numbers[1], numbers[2]]
    };
    let seen: Vec<[u64; 3]> = (0..runs).map(|_| run()).collect();
    let sorted = |at: usize| {
        let mut column: Vec<u64> = seen.iter().map(|numbers| numbers[at]).collect();
        column.sort_unstable();
        column
    };
    let (wall, processor, memory) = (sorted(0), sorted(1), sorted(2));
    Row {
        median: Duration::from_micros(wall[runs / 2]),
        fastest: Duration::from_micros(wall[0]),
        processor: Duration::from_micros(processor[runs / 2]),
        kibibytes: memory[runs / 2],
    }
}

#[allow(clippy::print_stdout)] // The table.
fn print(name: &str, row: &Row, empty: &Row) {
    let milliseconds = |time: Duration| time.as_secs_f64() * 1000.0;
    let against = |time: fn(&Row) -> Duration| time(row).as_secs_f64() / time(empty).as_secs_f64();
    println!(
        "| {name:<34} | {:>8.2} | {:>8.2} | {:>8.2} | {:>6.1} | {:>6.2} | {:>6.2} |",
        milliseconds(row.median),
        milliseconds(row.fastest),
        milliseconds(row.processor),
        row.kibibytes as f64 / 1024.0,
        against(|row| row.median),
        against(|row| row.fastest),
    );
}

/// A Rust program that does nothing, made by the compiler that made the rest.
fn empty_program() -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR"));
    let source = folder.join("empty.rs");
    std::fs::write(&source, "fn main() {}\n").expect("a folder to write to");
    let program = folder.join("empty");
    let status = Command::new(std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into()))
        .args(["-O", "-C", "panic=abort", "-C", "strip=symbols", "-o"])
        .args([&program, &source])
        .status()
        .expect("a compiler");
    assert!(status.success());
    program
}

/// A copy, as `make install` and packages lay a program down: what a linker leaves in the page cache lies there in
/// smaller pieces, which take longer to map.
fn installed(program: &Path, name: &str) -> String {
    let copy = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    std::fs::copy(program, &copy).expect("a folder to write to");
    copy.display().to_string()
}

fn recorded() -> Recording {
    let bytes = std::fs::read(Path::new(SCENE).join("info.json")).expect("a recording");
    let answers: std::collections::BTreeMap<String, serde_json::Value> =
        serde_json::from_slice(&bytes).expect("JSON");
    let text = |(command, answer): (String, serde_json::Value)| {
        Some((command, answer.as_str()?.to_owned()))
    };
    answers.into_iter().filter_map(text).collect()
}

fn measure() {
    let authority = Authority::named("bench");
    let identity = authority.sign("127.0.0.1", Blemish::None);
    let node = Loopback::start(Play::of(recorded()));
    let secured = Loopback::start(Play::of(recorded()).with_tls(authority.server(&identity)));
    let (plain, secure) = (
        format!("runtime:{}", node.address),
        format!("runtime:{}", secured.address),
    );
    let ca = authority.file().display().to_string();
    let text = std::fs::read(Path::new(SCENE).join("aerospike.conf")).expect("a file");
    let shown = text.clone();
    let http = Server::http(move |_| reply("200 OK", &[], &text));
    let https = Server::https(authority.server(&identity), move |_| {
        reply("200 OK", &[], &shown)
    });
    let (http, https) = (http.url("/aerospike.conf"), https.url("/aerospike.conf"));
    let settings = authority.write(
        "ascad.toml",
        &format!("[reference.master]\nurls = ['{https}']\nca-file = '{ca}'\n",),
    );
    let settings = settings.display().to_string();
    let ascad = std::env::var("ASCAD").unwrap_or_else(|_| ASCAD.to_owned());
    let ascad = installed(Path::new(&ascad), "ascad");
    let ascad = ascad.as_str();
    let empty = installed(&empty_program(), "empty-installed");

    // Nobody watches, so it would give way to whatever else this machine does.
    let check = [ascad, "check", "aerospike.conf", "--nice=never"];
    let with = |arguments: &[&'static str]| [&check[..], arguments].concat();
    let runtime = |source| [&check[..], &["--against", source]].concat();
    let tls = [
        &runtime(&secure)[..],
        &["--tls-enable", "--tls-cafile", &ca],
    ]
    .concat();
    let master = ["--against", "master", "--settings", &settings];
    let together = [
        &runtime(&plain)[..],
        &master,
        &["--against", &http, "-o", "json=/dev/null"],
    ];
    let commands: Vec<(&str, Vec<&str>)> = vec![
        ("/bin/true", vec!["/bin/true"]),
        ("ascad --version", vec![ascad, "--version"]),
        ("file against file", with(&["--against", "aerospike.conf"])),
        ("lint", vec![ascad, "lint", "aerospike.conf"]),
        (
            "file against recorded node",
            with(&["--against", "info.json"]),
        ),
        ("file against node, TCP", runtime(&plain)),
        ("file against node, TLS", tls),
        ("file against http reference", runtime(&http)),
        (
            "file against https reference",
            [&check[..], &master].concat(),
        ),
        (
            "node and http reference",
            [&runtime(&plain)[..], &["--against", &http]].concat(),
        ),
        ("node, http, https, json file", together.concat()),
    ];
    let reference = row(&[&empty], 101);
    headline(text_lines());
    print("an empty Rust program", &reference, &reference);
    for (name, command) in commands {
        print(name, &row(&command, 51), &reference);
    }
    for nodes in [10, 100, 1000] {
        let cluster = Simulated::start(nodes, recorded());
        let first = format!("{}:{}", Simulated::host(0), cluster.port);
        let command = [ascad, "cluster", &first, "--timeout", "60", "--nice=never"];
        print(
            &format!("cluster of {nodes} nodes"),
            &row(&command, 5),
            &reference,
        );
    }
}

fn text_lines() -> usize {
    let text = std::fs::read_to_string(Path::new(SCENE).join("aerospike.conf"));
    text.expect("a file").lines().count()
}

#[allow(clippy::print_stdout)] // The table.
fn headline(lines: usize) {
    println!("A file of {lines} lines; ms, MiB, and times the empty program.");
    println!(
        "| {:<34} | {:>8} | {:>8} | {:>8} | {:>6} | {:>6} | {:>6} |",
        "", "median", "minimum", "CPU", "memory", "median", "min."
    );
    println!("|---|--:|--:|--:|--:|--:|--:|");
}
