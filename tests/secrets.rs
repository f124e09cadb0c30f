//! No secret is printed, whatever is asked for and however it ends: every way in which a secret comes in, each once
//! where it opens the door and once where it does not, at `-v`, in every format, and in every file that is written.

mod loopback;
#[allow(dead_code, unreachable_pub)] // Each test program uses its own part.
#[path = "support/web.rs"]
mod web;

use std::path::{Path, PathBuf};
use std::process::Command;

use loopback::certificates::{Authority, Blemish};
use loopback::{Door, Loopback, Play, recording};
use web::{Reply, Seen, Server, reply};

/// bcrypt's known answer to `PASSWORD`.
const HASH: &str = "$2a$10$7EqJtq98hPqEX7fNZaFWoOg3vLO9BrDMi.IgzR5fG6wXhnUUDTrIG";
const PASSWORD: &str = "aerospike";
const CLEAR: &str = "swordfish-at-the-directory";
const GITLAB: &str = "glpat-swordfish-of-gitlab";
const LOGIN: &str = "swordfish-of-the-url";
const MASTER: &str = "swordfish-of-the-master";
const PROXY: &str = "swordfish-of-the-proxy";
const FORMATS: [&str; 5] = ["text", "nagios", "checkmk", "json", "prometheus"];

/// What may not be seen: the secrets, what they look like as base64 and as bcrypt, and the passwords that the file has
/// in it. The node's password is a word that stands everywhere, so only its hash can be looked for.
fn secrets() -> Vec<String> {
    use base64::Engine;
    let encode = |text: String| base64::engine::general_purpose::STANDARD.encode(text);
    let mut secrets: Vec<String> = [CLEAR, GITLAB, LOGIN, MASTER, PROXY]
        .map(str::to_owned)
        .to_vec();
    for (user, secret) in [("ascad", LOGIN), ("ascad", MASTER), ("ascad", PROXY)] {
        secrets.push(encode(format!("{user}:{secret}")));
    }
    secrets.extend([encode(CLEAR.to_owned()), encode(GITLAB.to_owned())]);
    secrets.push(HASH.to_owned());
    secrets
}

fn scene() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/scenes/8.0.0.15/01")
}

/// Runs a check in every format and looks through everything that came of it; `exit` is that of `text`.
#[track_caller]
fn run(arguments: &[&str], exit: i32) {
    run_with(arguments, &[], exit);
}

#[track_caller]
fn run_with(arguments: &[&str], variables: &[(&str, &str)], exit: i32) {
    for format in FORMATS {
        let folder = tempfile::tempdir().unwrap();
        let file = |name: &str| format!("{name}={}", folder.path().join(name).display());
        let output = Command::new(env!("CARGO_BIN_EXE_ascad"))
            .args([
                "check",
                "aerospike.conf",
                "-v",
                "--timeout",
                "5",
                "--format",
                format,
            ])
            .args([
                "-o",
                &file("json"),
                "-o",
                &file("prometheus"),
                "-o",
                &file("text"),
            ])
            .args(arguments)
            .current_dir(scene())
            .env_clear()
            .env("HOME", folder.path())
            .envs(variables.iter().copied())
            .env("RUST_BACKTRACE", "full")
            .env("NODE_PASSWORD", PASSWORD)
            .env("CLEAR_PASSWORD", CLEAR)
            .env("ASCAD_GITLAB_TOKEN", GITLAB)
            .env("MASTER_PASSWORD", MASTER)
            .output()
            .unwrap();
        let mut printed = String::from_utf8(output.stdout).unwrap();
        printed.push_str(&String::from_utf8(output.stderr).unwrap());
        if format == "text" {
            assert_eq!(output.status.code(), Some(exit), "{printed}");
        }
        for written in std::fs::read_dir(folder.path()).unwrap() {
            printed.push_str(&std::fs::read_to_string(written.unwrap().path()).unwrap());
        }
        assert!(printed.len() > 100, "{printed}");
        for secret in secrets() {
            assert!(!printed.contains(&secret), "`{secret}` in\n{printed}");
        }
    }
}

/// The reference where the header is right; else a refusal that repeats all that was sent.
fn guarded(header: &'static str, value: String) -> impl Fn(&Seen) -> Reply + Send + Sync + 'static {
    let text = std::fs::read(scene().join("aerospike.conf")).unwrap();
    move |seen| match seen.header(header) == Some(value.as_str()) {
        true => reply("200 OK", &[], &text),
        false => reply("401 Unauthorized", &[("x-sent", "back")], &seen.head),
    }
}

fn basic(secret: &str) -> String {
    use base64::Engine;
    let login = base64::engine::general_purpose::STANDARD.encode(format!("ascad:{secret}"));
    format!("Basic {login}")
}

#[test]
fn a_login_in_a_url() {
    for (secret, exit) in [(LOGIN, 0), ("another", 3)] {
        let server = Server::http(guarded("authorization", basic(secret)));
        let url = server.url("/aerospike.conf");
        run(
            &[
                "--against",
                &url.replace("//", &format!("//ascad:{LOGIN}@")),
            ],
            exit,
        );
    }
    let nobody = format!("http://ascad:{LOGIN}@{}/aerospike.conf", web::refused());
    run(&["--against", &nobody], 3);
    run(
        &[
            "--against",
            &format!("http://ascad:{LOGIN}@[bad/aerospike.conf"),
        ],
        3,
    );
}

#[test]
fn a_password_of_the_settings() {
    for (secret, exit) in [(MASTER, 0), ("another", 3)] {
        let server = Server::http(guarded("authorization", basic(secret)));
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
    for (hash, exit) in [(HASH, 2), ("$2a$10$another", 3)] {
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
    for (password, exit) in [(CLEAR, 2), ("another", 3)] {
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
    run(&["--against", &format!("http://ascad:{LOGIN}/x@host/x")], 3);
    run(&[&format!("http://ascad:{LOGIN}@host/x")], 3);
    run(
        &[
            "--against",
            "boot.json",
            "--riemann",
            &format!("tcp://ascad:{LOGIN}@127.0.0.1:1"),
        ],
        3,
    );
    let folder = tempfile::tempdir().unwrap();
    let settings = folder.path().join("ascad.toml");
    for text in [
        format!("[gitlab]\ntoken = '{GITLAB}'\ntoken = 5\n"),
        format!("[node]\npassword = {CLEAR}\n"),
        format!("[node]\npasword = '{CLEAR}'\n"),
        format!("[node]\nport = '{CLEAR}'\n"),
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
