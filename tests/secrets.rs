//! No secret is printed, whatever is asked for and however it ends: every way in which a secret comes in, each once
//! where it opens the door and once where it does not, at `-v`, in every format, and in every file that is written.

mod loopback;
mod program;

use std::path::{Path, PathBuf};

use loopback::certificates::{Authority, Blemish};
use loopback::riemann::{Manner, Riemann};
use loopback::web::{self, Reply, Seen, Server, reply};
use loopback::{Door, Loopback, Play, recording};
use program::planted::{
    DIRECTORY, GITLAB, KEY, MASTER, NODE, NODE_HASH, PROXY, URL, assert_hidden, basic, found_in,
};
use program::{Outcome, Program};

const OUTPUTS: [&str; 3] = ["json", "prometheus", "text"];
const FORMATS: [&str; 5] = ["text", "nagios", "checkmk", "json", "prometheus"];

fn scene() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/scenes/8.0.0.15/01")
}

/// Runs a check in every format, and with each source that it names the other commands that open one; all of them
/// look through everything that came of it. `exit` is that of the check as `text`.
#[track_caller]
fn run(arguments: &[&str], exit: i32) {
    run_with(arguments, &[], exit);
}

#[track_caller]
fn run_with(arguments: &[&str], variables: &[(&str, &str)], exit: i32) {
    for format in FORMATS {
        let check = ["check", "aerospike.conf", "--format", format];
        let outcome = aloud(&[&check, arguments].concat(), &OUTPUTS, variables);
        if format == "text" {
            assert_eq!(outcome.code, Some(exit), "{outcome:?}");
        }
        assert!(!outcome.out.is_empty());
    }
    let ["--against", source, flags @ ..] = arguments else {
        return;
    };
    // The text comes as a file.
    let compare = ["compare", "aerospike.conf", source, "--format", "json"];
    aloud(&[&compare, flags].concat(), &OUTPUTS, variables);
    let show = ["show", source, "--format", "json"];
    aloud(&[&show, flags].concat(), &["json", "text"], variables);
}

/// Runs the program at `-v` with every secret at hand, and has it write files besides.
#[track_caller]
fn aloud(arguments: &[&str], outputs: &[&str], variables: &[(&str, &str)]) -> Outcome {
    let folder = tempfile::tempdir().unwrap();
    let place = folder.path().to_str().unwrap();
    let files: Vec<String> = outputs
        .iter()
        .map(|name| format!("{name}={place}/{name}"))
        .collect();
    let files = files.iter().flat_map(|file| ["-o", file]);
    let mut arguments = arguments.to_vec();
    arguments.extend(["-v", "--timeout", "5"].into_iter().chain(files));
    Program::new(&arguments)
        .in_folder(&scene())
        .with(&[
            ("HOME", place),
            ("RUST_BACKTRACE", "full"),
            ("NODE_PASSWORD", NODE),
            ("CLEAR_PASSWORD", DIRECTORY),
            ("ASCAD_GITLAB_TOKEN", GITLAB),
            ("MASTER_PASSWORD", MASTER),
        ])
        .with(variables)
        .run()
}

/// The reference where the header is right; else a refusal that repeats all that was sent.
fn guarded(header: &'static str, value: String) -> impl Fn(&Seen) -> Reply + Send + Sync + 'static {
    let text = std::fs::read(scene().join("aerospike.conf")).unwrap();
    move |seen| match seen.header(header) == Some(value.as_str()) {
        true => reply("200 OK", &[], &text),
        false => reply("401 Unauthorized", &[("x-sent", "back")], &seen.head),
    }
}

#[test]
fn a_login_in_a_url() {
    for (secret, exit) in [(URL, 0), ("another", 3)] {
        let server = Server::http(guarded("authorization", basic("ascad", secret)));
        let url = server.url("/aerospike.conf");
        run(
            &["--against", &url.replace("//", &format!("//ascad:{URL}@"))],
            exit,
        );
    }
    let nobody = format!("http://ascad:{URL}@{}/aerospike.conf", web::refused());
    run(&["--against", &nobody], 3);
    run(
        &[
            "--against",
            &format!("http://ascad:{URL}@[bad/aerospike.conf"),
        ],
        3,
    );
}

#[test]
fn a_password_of_the_settings() {
    for (secret, exit) in [(MASTER, 0), ("another", 3)] {
        let server = Server::http(guarded("authorization", basic("ascad", secret)));
        let folder = tempfile::tempdir().unwrap();
        let settings = folder.path().join("ascad.toml");
        let url = server.url("/aerospike.conf");
        let text = format!(
            "[reference.master]\nurls = ['{url}']\nuser = 'ascad'\npassword = 'env:MASTER_PASSWORD'\n"
        );
        std::fs::write(&settings, text).unwrap();
        run(
            &[
                "--against",
                "master",
                "--settings",
                settings.to_str().unwrap(),
            ],
            exit,
        );
    }
}

#[test]
fn a_password_that_a_placeholder_puts_into_a_url() {
    // Neither is a part of a host's name.
    let odd = format!("{MASTER}!");
    let variables = [("ODD_PASSWORD", odd.as_str())];
    for (password, exit) in [(odd.as_str(), 0), ("another", 3)] {
        let server = Server::http(guarded("authorization", basic("ascad", password)));
        let url = server.url("/aerospike.conf");
        let with_login = url.replace("//", "//ascad:{env:ODD_PASSWORD}@");
        run_with(&["--against", &with_login], &variables, exit);
    }
    let host = "http://{env:ODD_PASSWORD}/aerospike.conf";
    run_with(&["--against", host], &variables, 3);
}

#[test]
fn a_token_of_gitlab() {
    for (token, exit) in [(GITLAB, 0), ("another", 3)] {
        let server = Server::http(guarded("private-token", token.to_owned()));
        run(
            &[
                "--against",
                "gitlab:a/b:c.conf",
                "--gitlab-url",
                &server.url(""),
            ],
            exit,
        );
    }
}

#[test]
fn a_password_of_a_proxy() {
    let proxy = format!("http://ascad:{PROXY}@{}", web::refused());
    // A loopback address never goes through a proxy, and no resolver knows this name.
    run_with(
        &["--against", "http://away.invalid/aerospike.conf"],
        &[("http_proxy", &proxy)],
        3,
    );
}

#[test]
fn a_password_of_a_node() {
    for (hash, exit) in [(NODE_HASH, 2), ("$2a$10$another", 3)] {
        let door = Door::Internal("joe", hash.to_owned());
        let node = Loopback::start(Play::of(recording("8.1.2.0-minimal")).with_door(door));
        let source = format!("runtime:{}", node.address);
        run(
            &["--against", &source, "-U", "joe", "-P", "env:NODE_PASSWORD"],
            exit,
        );
    }
}

#[test]
fn a_clear_password_over_tls() {
    let authority = Authority::named("ours");
    let file = authority.file();
    for (password, exit) in [(DIRECTORY, 2), ("another", 3)] {
        let play =
            Play::of(recording("8.1.2.0-minimal")).with_door(Door::External("joe", password));
        let identity = authority.sign("127.0.0.1", Blemish::None);
        let node = Loopback::start(play.with_tls(authority.server(&identity)));
        let source = format!("runtime:{}", node.address);
        let arguments = [
            "--against",
            &source,
            "-U",
            "joe",
            "-P",
            "env:CLEAR_PASSWORD",
            "--auth",
            "external",
            "--tls-enable",
            "--tls-cafile",
            file.to_str().unwrap(),
        ];
        run(&arguments, exit);
    }
}

#[test]
fn secrets_in_the_wrong_place() {
    let url = format!("http://ascad:{URL}@127.0.0.1:1/x");
    run(&["--against", &format!("http://ascad:{URL}/x@host/x")], 3);
    run(&["--against", &format!("runtime:{url}")], 3);
    run(&["--against", &format!("cluster:{url}")], 3);
    run(&["--against", &format!("gitlab:{url}")], 3);
    run(&["--against", "runtime", "-h", &url], 3);
    run(&["--against", "boot.json", "--settings", &url], 3);
    run(&["--against", "boot.json", "--vars", &url], 3);
    run(&["--against", "boot.json", "-o", &format!("json={url}")], 3);
    let gitlab = ["--against", "gitlab:a/b:c", "--gitlab-url"];
    run(&[&gitlab[..], &[&url]].concat(), 3);
    run(&[&gitlab[..], &["", "--gitlab-token", GITLAB]].concat(), 3);
    run(&[&url], 3);
    for arguments in [
        ["check", &url],
        ["lint", &url],
        ["cluster", &url],
        ["show", &url],
    ] {
        assert_eq!(Program::new(&arguments).run().code, Some(3));
    }
    run(
        &[
            "--against",
            "boot.json",
            "--riemann",
            &format!("tcp://ascad:{URL}@127.0.0.1:1"),
        ],
        3,
    );
    let folder = tempfile::tempdir().unwrap();
    let settings = folder.path().join("ascad.toml");
    for text in [
        format!("[gitlab]\ntoken = '{GITLAB}'\ntoken = 5\n"),
        format!("[node]\npassword = {DIRECTORY}\n"),
        format!("[node]\npasword = '{DIRECTORY}'\n"),
        format!("[node]\nport = '{DIRECTORY}'\n"),
    ] {
        std::fs::write(&settings, text).unwrap();
        run(
            &[
                "--against",
                "boot.json",
                "--settings",
                settings.to_str().unwrap(),
            ],
            3,
        );
    }
}

/// A file with this line in a section of TLS, and one with another password there.
fn files_with(line: &str) -> (tempfile::TempDir, [String; 2]) {
    let folder = tempfile::tempdir().unwrap();
    let text = std::fs::read_to_string(scene().join("aerospike.conf")).unwrap();
    let files = [
        ("file.conf", line),
        ("other.conf", "key-file-password another"),
    ];
    let paths = files.map(|(name, line)| {
        let tls = format!("network {{\n\ttls main {{\n\t\t{line}\n\t}}\n}}\n");
        let path = folder.path().join(name);
        std::fs::write(&path, tls + &text).unwrap();
        path.to_str().unwrap().to_owned()
    });
    (folder, paths)
}

#[test]
fn a_password_in_the_file() {
    for line in [
        format!("key-file-password {KEY}"),
        format!("key-file-password {KEY} {KEY}"),
        format!("key-file-password a b {KEY} {KEY}"),
        format!("key-file-password \"{KEY}\" # ascad: one-of {KEY}|{MASTER}"),
        format!("key-file-password {KEY}\nkey-file-password {MASTER}"),
        format!("key-file-password {KEY}{{{{ '{KEY}' }}}}"),
        format!("no-such-password {KEY}"),
    ] {
        let (folder, [file, other]) = files_with(&line);
        let report = format!("json={}", folder.path().join("report").display());
        for edition in ["ce", "ee"] {
            let see = |arguments: &[&str], formats: &[&str]| {
                for format in formats {
                    let flags = ["--edition", edition, "--format", format, "-o", &report];
                    let outcome = Program::new(&[arguments, &flags].concat()).run();
                    assert!(!outcome.out.is_empty(), "{outcome:?}");
                }
            };
            see(&["lint", &file], &["text", "json"]);
            see(
                &["check", &file, "--against", &other, "-v"],
                &["nagios", "json"],
            );
            see(&["check", &other, "--against", &file, "-v"], &["text"]);
            see(&["compare", &file, &other, &other, "-v"], &["text", "json"]);
            see(&["show", &file, "-v"], &["text", "conf"]);
        }
    }
}

#[test]
fn a_riemann_is_told_no_secret() {
    let riemann = Riemann::tcp(Manner::Kind);
    let (_folder, [file, other]) = files_with(&format!("key-file-password {KEY}"));
    let login = format!("http://ascad:{URL}@{}/aerospike.conf", web::refused());
    let told = riemann.url("tcp");
    let check = ["check", &file, "--against", &other, "--against", &login];
    let outcome = Program::new(&[&check[..], &["--riemann", &told]].concat()).run();
    assert_eq!(outcome.code, Some(2), "{outcome:?}");
    let events = format!("{:?}", riemann.events());
    assert!(events.contains("key-file-password"), "{events}");
    assert_hidden(&events);
}

#[test]
fn that_passwords_differ_is_found() {
    let (_folder, [file, other]) = files_with(&format!("key-file-password {KEY}"));
    for arguments in [
        ["check", &file, "--against", &other].as_slice(),
        &["compare", &file, &other],
    ] {
        let outcome = Program::new(arguments).run();
        assert_eq!(outcome.code, Some(2), "{outcome:?}");
        assert!(outcome.out.contains("key-file-password"), "{outcome:?}");
    }
}

#[test]
fn every_secret_is_found_in_every_spelling() {
    use base64::Engine;
    let encode = |text: &str| base64::engine::general_purpose::STANDARD.encode(text);
    for secret in [NODE, NODE_HASH, DIRECTORY, GITLAB, URL, MASTER, PROXY] {
        assert!(found_in(&format!("a {secret} b")).is_some(), "{secret}");
    }
    for secret in [NODE, DIRECTORY, GITLAB, URL, MASTER, PROXY] {
        for user in ["", "a:", "joe:", "ascad:"] {
            let login = encode(&format!("{user}{secret}"));
            assert!(found_in(&login).is_some(), "{user}{secret}");
        }
    }
    assert!(found_in("Token=SWORDFISH-OF").is_some());
    assert_eq!(found_in("a sword and a fish"), None);
}
