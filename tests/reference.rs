//! References by URL: masters in turn, secrets, GitLab's pages, and a real web server.
#![allow(clippy::print_stdout)] // What was left out is for whoever runs the test.

mod loopback;
#[path = "program/planted.rs"]
mod planted;

use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use ascad::deadline::Deadline;
use ascad::settings_file;
use ascad::sources::environment::Environment;
use ascad::sources::gitlab::{GitLab, Token, TokenKind};
use ascad::sources::placeholder::Facts;
use ascad::sources::reference::{Document, Reference, fetch, of_gitlab};
use ascad::sources::secret::Secret;
use loopback::certificates::{Authority, Blemish};
use loopback::web::{self, Reply, Server, reply};

const CONF: &str = "service {\n\tproto-fd-max 15000\n}\n";

fn master(settings: &str) -> Reference {
    let text = format!("[reference.master]\n{settings}\n");
    let file = settings_file::parse(&text, "ascad.toml").unwrap();
    let (name, reference) = &file.references[0];
    Reference::of_settings(name, reference, &Facts::default()).unwrap()
}

/// What is asked and what is said of a failure never have a secret in them, at whatever length they are shown.
#[track_caller]
fn ask(reference: &Reference) -> anyhow::Result<Document> {
    let deadline = Deadline::after(Duration::from_secs(5));
    let outcome = fetch(reference, None, &Environment::default(), deadline);
    planted::assert_hidden(&format!("{reference:?} {:?}", outcome.as_ref().err()));
    outcome
}

#[test]
fn the_first_that_answers_with_a_configuration_is_the_master() {
    let page = Server::http(|_| reply("200 OK", &[("content-type", "text/html")], "<html>"));
    let second = Server::http(|_| reply("200 OK", &[], CONF));
    let third = Server::http(|_| reply("200 OK", &[], "network {\n}\n"));
    let closed = format!("http://{}/", web::refused());
    let reference = master(&format!(
        "urls = [\"{closed}\", \"{}\", \"{}\", \"{}\"]",
        page.url("/"),
        second.url("/"),
        third.url("/")
    ));
    let document = ask(&reference).unwrap();
    assert_eq!(document.bytes, CONF.as_bytes());
    assert_eq!(document.url.to_string(), second.url("/"));
    let missed: Vec<String> = document
        .missed
        .into_iter()
        .map(|missed| missed.why)
        .collect();
    assert_eq!(
        missed,
        [
            format!("{closed}: the connection was refused"),
            format!(
                "{} answered 200 with an HTML page, is the token missing?",
                page.url("/")
            ),
        ]
    );
    assert!(third.seen().is_empty());
}

#[test]
fn a_silent_master_leaves_time_for_the_next() {
    let silent = Server::http(|_| Reply::Silence);
    let second = Server::http(|_| reply("200 OK", &[], CONF));
    let reference = master(&format!(
        "urls = [\"{}\", \"{}\"]",
        silent.url("/"),
        second.url("/")
    ));
    let start = Instant::now();
    let deadline = Deadline::after(Duration::from_millis(600));
    let document = fetch(&reference, None, &Environment::default(), deadline).unwrap();
    assert_eq!(
        document.missed[0].why,
        format!("{}: did not answer in time", silent.url("/"))
    );
    assert!(start.elapsed() < Duration::from_secs(10));
}

#[test]
fn when_none_answers_every_reason_is_told() {
    let gone = Server::http(|_| reply("410 Gone", &[], ""));
    let empty = Server::http(|_| reply("200 OK", &[], ""));
    let reference = master(&format!(
        "urls = [\"{}\", \"{}\"]",
        gone.url("/a"),
        empty.url("/b")
    ));
    assert_eq!(
        ask(&reference).unwrap_err().to_string(),
        format!(
            "none of 2 URLs answered with a configuration: {} answered 410 Gone; {} answered 200 with nothing",
            gone.url("/a"),
            empty.url("/b")
        )
    );
}

#[test]
fn every_way_to_prove_who_asks_works() {
    // `b64:` of "swordfish", which is what is sent.
    let login = "user = 'joe'\npassword = 'b64:c3dvcmRmaXNo'".to_owned();
    let token = format!("token = '{}'", planted::MASTER);
    let own = format!("{token}\ntoken-header = 'X-Token'");
    for (settings, header, value) in [
        (login, "authorization", planted::basic("joe", "swordfish")),
        (
            token,
            "authorization",
            format!("Bearer {}", planted::MASTER),
        ),
        (own, "x-token", planted::MASTER.to_owned()),
    ] {
        let server = Server::http(move |seen| match seen.header(header) {
            Some(sent) if sent == value => reply("200 OK", &[], CONF),
            _ => reply("401 Unauthorized", &[], &seen.head),
        });
        let reference = master(&format!("urls = '{}'\n{settings}", server.url("/")));
        assert_eq!(ask(&reference).unwrap().bytes, CONF.as_bytes());
    }
}

#[test]
fn half_of_a_secret_is_an_error() {
    #[track_caller]
    fn case(settings: &str, expected: &str) {
        let text = format!("[reference.master]\n{settings}\n");
        let file = settings_file::parse(&text, "ascad.toml").unwrap();
        let error = Reference::of_settings("master", &file.references[0].1, &Facts::default());
        assert_eq!(format!("{:#}", error.unwrap_err()), expected);
    }
    case(
        "user = 'joe'",
        "expected `urls` in `[reference.master]`, but found none",
    );
    case(
        "urls = 'http://a'\nuser = 'joe'",
        "expected `user` and `password` in `[reference.master]`, but found only one of them",
    );
    case(
        "urls = 'http://a'\nuser = 'joe'\npassword = 'x'\ntoken = 'y'",
        "expected `user` and `password` or `token` in `[reference.master]`, but found all of them",
    );
    case(
        "urls = 'http://a'\ntoken-header = 'X'",
        "expected `token` beside `token-header` in `[reference.master]`, but found none",
    );
    case(
        "urls = 'http://a'\ntoken = 'file:/nowhere'",
        "`token` of `[reference.master]`: cannot read the secret in `/nowhere`: No such file or directory (os error 2)",
    );
    case(
        "urls = 'http://a/{cluster}'",
        "unknown placeholder `{cluster}`, known are `{cluster-name}`, `{hostname}`, `{namespaces}`, `{env:NAME}`",
    );
}

#[test]
fn a_page_of_the_gitlab_goes_through_its_api_and_no_other_does() {
    let server = Server::http(
        |seen| match (seen.target.as_str(), seen.header("private-token")) {
            (
                "/api/v4/projects/a%2Fb/repository/files/c.conf/raw?ref=main",
                Some(planted::GITLAB),
            ) => reply("200 OK", &[("x-gitlab-commit-id", "abc123")], CONF),
            ("/plain.conf", None) => reply("200 OK", &[], CONF),
            _ => reply("404 Not Found", &[], ""),
        },
    );
    let token = Token {
        kind: TokenKind::Private,
        secret: Secret::new(planted::GITLAB),
    };
    let gitlab = GitLab::new(&server.url(""), Some(token), None).unwrap();
    let ask = |url: &str| {
        let reference = Reference::of_url(url, &Facts::default()).unwrap();
        let deadline = Deadline::after(Duration::from_secs(5));
        fetch(&reference, Some(&gitlab), &Environment::default(), deadline)
    };
    let document = ask(&server.url("/a/b/-/raw/main/c.conf")).unwrap();
    assert_eq!(document.commit.as_deref(), Some("abc123"));
    assert!(ask(&server.url("/plain.conf")).is_ok());
    let other = Server::http(|_| reply("200 OK", &[], CONF));
    assert!(ask(&other.url("/a/b/-/raw/main/c.conf")).is_ok());
    planted::assert_hidden(&other.seen()[0].head);
}

#[test]
fn the_settings_name_the_file_with_placeholders() {
    let text = "[gitlab]\nurl = 'https://git.example'\nproject = 'infra/aerospike'\npath = 'clusters/{cluster-name}/aerospike.conf'\n";
    let settings = settings_file::parse(text, "ascad.toml").unwrap().gitlab;
    let facts = Facts {
        cluster_name: Some("main".into()),
        ..Facts::default()
    };
    let (gitlab, place) = of_gitlab(&settings, &facts).unwrap();
    assert_eq!(
        gitlab.question(&place).to_string(),
        "https://git.example/api/v4/projects/infra%2Faerospike/repository/files/clusters%2Fmain%2Faerospike.conf/raw?ref=HEAD"
    );
    let nothing = settings_file::GitLab::default();
    let error = of_gitlab(&nothing, &facts).unwrap_err().to_string();
    assert_eq!(
        error,
        "expected `project` in `[gitlab]`, or `gitlab:GROUP/PROJECT@REF:PATH`, but found none"
    );
}

/// An nginx that ends with the test.
struct Nginx(Child);

impl Drop for Nginx {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// The master's side as README shows it: one file, TLS, basic auth. It is asked by 200 at once.
#[test]
fn a_real_nginx_serves_the_masters_file_to_two_hundred_at_once() {
    let known = Command::new("nginx")
        .arg("-v")
        .stderr(Stdio::null())
        .stdout(Stdio::null())
        .status();
    if known.is_err() {
        println!("skipped: no nginx here");
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).display().to_string();
    let authority = Authority::named("ours");
    let identity = authority.sign("127.0.0.1", Blemish::None);
    let port = web::refused().port();
    for (name, text) in [
        ("cert.pem", identity.certificate_pem().to_owned()),
        ("key.pem", identity.key_pem()),
        ("aerospike.conf", CONF.to_owned()),
        ("users", format!("ascad:{{PLAIN}}{}\n", planted::MASTER)),
        ("nginx.conf", nginx_conf(&path(""), port)),
    ] {
        std::fs::write(path(name), text).unwrap();
    }
    let child = Command::new("nginx")
        .args([
            "-p",
            &path(""),
            "-c",
            &path("nginx.conf"),
            "-e",
            &path("error.log"),
        ])
        .spawn()
        .unwrap();
    let _nginx = Nginx(child);
    let ready = Instant::now();
    while std::net::TcpStream::connect(("127.0.0.1", port)).is_err() {
        assert!(
            ready.elapsed() < Duration::from_secs(10),
            "nginx does not listen"
        );
        std::thread::yield_now();
    }
    let settings = |password: &str| {
        format!(
            "urls = 'https://127.0.0.1:{port}/aerospike.conf'\nuser = 'ascad'\npassword = '{password}'\nca-file = '{}'",
            authority.file().display()
        )
    };
    let reference = master(&settings(planted::MASTER));
    let outcomes: Vec<_> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..200)
            .map(|_| {
                scope.spawn(|| {
                    let deadline = Deadline::after(Duration::from_secs(30));
                    fetch(&reference, None, &Environment::default(), deadline)
                })
            })
            .collect();
        threads
            .into_iter()
            .map(|thread| thread.join().unwrap())
            .collect()
    });
    for outcome in outcomes {
        assert_eq!(outcome.unwrap().bytes, CONF.as_bytes());
    }
    let error = ask(&master(&settings(planted::URL)))
        .unwrap_err()
        .to_string();
    assert!(error.contains("answered 401"), "{error}");
}

/// The server of the README, on loopback and with the files of this test.
fn nginx_conf(folder: &str, port: u16) -> String {
    let readme = include_str!("../README.md");
    let server = readme.split("```nginx\n").nth(1).unwrap();
    let server = server.split("```").next().unwrap();
    let mut own = server.to_owned();
    for (theirs, ours) in [
        ("listen 8443 ssl", format!("listen 127.0.0.1:{port} ssl")),
        ("/etc/ssl/aero1.pem", format!("{folder}cert.pem")),
        ("/etc/ssl/aero1.key", format!("{folder}key.pem")),
        ("/etc/nginx/ascad.htpasswd", format!("{folder}users")),
        (
            "/etc/aerospike/aerospike.conf",
            format!("{folder}aerospike.conf"),
        ),
    ] {
        assert!(own.contains(theirs), "{theirs}");
        own = own.replace(theirs, &ours);
    }
    format!(
        "daemon off; master_process off; pid {folder}nginx.pid;
events {{ worker_connections 1024; }}
http {{
    access_log off;
    client_body_temp_path {folder}body; proxy_temp_path {folder}proxy; fastcgi_temp_path {folder}fastcgi;
    uwsgi_temp_path {folder}uwsgi; scgi_temp_path {folder}scgi;
    {own}
}}
"
    )
}
