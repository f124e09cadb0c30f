//! One GET against servers that behave and servers that do not.

#[path = "support/web.rs"]
#[allow(dead_code, unreachable_pub)]
mod web;

use std::net::TcpListener;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use ascad::deadline::Deadline;
use ascad::sources::environment::Environment;
use ascad::sources::http::{Credentials, Request, Url, fetch};
use ascad::sources::secret::Secret;
use web::{Identity, Reply, Seen, Server, reply};

const CONF: &str = "service {\n\tproto-fd-max 15000\n}\n";

fn soon() -> Deadline {
    Deadline::after(Duration::from_secs(5))
}

fn ask(url: &str) -> Request {
    Request::new(Url::parse(url).unwrap())
}

fn outcome(request: &Request, environment: &Environment) -> Result<String, String> {
    fetch(request, environment, soon())
        .and_then(|fetched| fetched.expect_configuration())
        .map(|bytes| String::from_utf8(bytes).unwrap())
        .map_err(|error| format!("{error:#}"))
}

/// What one answer leads to; `URL` in the expected error stands for the URL that was asked.
#[track_caller]
fn case(answer: impl Fn(&Seen) -> Reply + Send + Sync + 'static, expected: Result<&str, &str>) {
    let server = Server::http(answer);
    let url = server.url("/aerospike.conf");
    let result = outcome(&ask(&url), &Environment::default());
    let expected = expected
        .map(str::to_owned)
        .map_err(|error| error.replace("URL", &url));
    assert_eq!(result, expected);
}

#[test]
fn a_configuration_arrives_byte_for_byte() {
    case(|_| reply("200 OK", &[], CONF), Ok(CONF));
    let chunked = "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n9\r\nservice {\r\n2\r\n\n}\r\n0\r\n\r\n";
    case(move |_| Reply::Bytes(chunked.into()), Ok("service {\n}"));
    let closed = format!("HTTP/1.0 200 OK\r\n\r\n{CONF}");
    case(move |_| Reply::Bytes(closed.clone().into()), Ok(CONF));
}

#[test]
fn other_statuses_are_named() {
    case(
        |_| reply("401 Unauthorized", &[], "x"),
        Err("URL answered 401, are user and password or token given, and right?"),
    );
    case(
        |_| reply("404 Not Found", &[], "x"),
        Err("URL answered 404, is the path right?"),
    );
    case(
        |_| reply("502 Bad Gateway", &[], "x"),
        Err("URL answered 502 Bad Gateway"),
    );
    case(
        |_| reply("204 No Content", &[], ""),
        Err("URL answered 204 No Content"),
    );
}

#[test]
fn what_is_no_configuration_is_named() {
    case(
        |_| reply("200 OK", &[("content-type", "text/html")], "<html>"),
        Err("URL answered 200 with an HTML page, is the token missing?"),
    );
    case(
        |_| reply("200 OK", &[], ""),
        Err("URL answered 200 with nothing"),
    );
}

#[test]
fn a_cut_answer_is_found() {
    let cut = format!("HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\n{CONF}");
    case(
        move |_| Reply::Bytes(cut.clone().into()),
        Err("URL: the answer was cut short after 32 bytes of 1000"),
    );
    case(
        |_| {
            Reply::Bytes("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n9\r\nservice".into())
        },
        Err("URL: the answer was cut short after 7 bytes without the end that was announced"),
    );
    case(
        |_| Reply::Bytes(Vec::new()),
        Err("URL: the server ended the connection without an answer"),
    );
    case(
        |_| Reply::Bytes("SSH-2.0-OpenSSH_9.2\r\n\r\n".into()),
        Err("URL: does not speak HTTP/1.1: http parse fail: invalid HTTP version"),
    );
}

#[test]
fn a_long_answer_is_not_read() {
    let long = "# filler\n".repeat(250_000);
    let announced = long.clone();
    case(
        move |_| reply("200 OK", &[], &announced),
        Err("URL: answered with more than 1 MiB"),
    );
    case(
        move |_| Reply::Bytes(format!("HTTP/1.1 200 OK\r\n\r\n{long}").into()),
        Err("URL: answered with more than 1 MiB"),
    );
}

#[test]
fn an_encoded_answer_is_refused_by_name() {
    // 44 bytes that a client with gzip would blow up; here they are not even read.
    case(
        |_| {
            reply(
                "200 OK",
                &[("content-encoding", "gzip")],
                [0x1f, 0x8b, 8, 0],
            )
        },
        Err("URL: answered 200 with the content encoding `gzip`, which was not asked for"),
    );
    case(
        |_| reply("200 OK", &[("content-encoding", "identity")], CONF),
        Ok(CONF),
    );
}

#[test]
fn the_deadline_covers_silence_and_dripping() {
    let silence: fn() -> Reply = || Reply::Silence;
    let cases = [
        (silence, "did not answer in time"),
        (drip, "answered too slowly: "),
    ];
    for (answer, expected) in cases {
        let server = Server::http(move |_| answer());
        let start = Instant::now();
        let deadline = Deadline::after(Duration::from_millis(300));
        let error = fetch(&ask(&server.url("/")), &Environment::default(), deadline).unwrap_err();
        assert!(format!("{error:#}").contains(expected), "{error:#}");
        assert!(start.elapsed() < Duration::from_secs(10));
    }
}

fn drip() -> Reply {
    Reply::Drip(b"HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\nservice".to_vec())
}

#[test]
fn a_closed_port_is_named() {
    let url = format!("http://{}/", web::refused());
    assert_eq!(
        outcome(&ask(&url), &Environment::default()),
        Err(format!("{url}: the connection was refused"))
    );
}

#[test]
fn redirects_are_followed_without_credentials_and_not_for_ever() {
    let target = Server::http(|_| reply("200 OK", &[], CONF));
    let location = target.url("/there");
    case(
        move |_| reply("302 Found", &[("location", &location)], ""),
        Ok(CONF),
    );
    case(
        |_| reply("301 Moved Permanently", &[("location", "/again")], ""),
        Err("URL redirects more than 5 times"),
    );
    case(
        |_| reply("301 Moved Permanently", &[], ""),
        Err("URL: answered 301 and says not where to"),
    );
}

#[test]
fn credentials_go_to_one_origin_only() {
    for credentials in [
        Credentials::Basic {
            user: "joe".into(),
            password: Secret::new("swordfish"),
        },
        Credentials::Bearer(Secret::new("swordfish")),
        Credentials::Header {
            name: "PRIVATE-TOKEN".into(),
            value: Secret::new("swordfish"),
        },
    ] {
        let bystander = TcpListener::bind("127.0.0.1:0").unwrap();
        let other = format!(
            "http://{}/x?private_token=swordfish",
            bystander.local_addr().unwrap()
        );
        let server = Server::http(move |_| reply("302 Found", &[("location", &other)], ""));
        let mut request = ask(&server.url("/"));
        request.credentials = Some(credentials);
        let error = outcome(&request, &Environment::default()).unwrap_err();
        assert!(
            error.contains("another origin, which gets no credentials"),
            "{error}"
        );
        assert!(!error.contains("swordfish"), "{error}");
        assert!(web::untouched(&bystander));
        let head = &server.seen()[0].head;
        assert!(
            head.contains("swordfish") || head.contains("am9lOnN3b3JkZmlzaA=="),
            "{head}"
        );
        assert!(!format!("{request:?}").contains("swordfish"));
    }
}

#[test]
fn the_same_server_under_another_name_is_another_origin() {
    let server = Server::http(|_| reply("302 Found", &[("location", "http://localhost/")], ""));
    let mut request = ask(&server.url("/"));
    request.credentials = Some(Credentials::Bearer(Secret::new("swordfish")));
    let error = outcome(&request, &Environment::default()).unwrap_err();
    assert!(error.contains("another origin"), "{error}");
}

#[test]
fn a_login_in_the_url_is_sent_as_basic_and_never_shown() {
    let server = Server::http(|seen| match seen.header("authorization") {
        Some("Basic am9lOnN3b3JkZmlzaA==") => reply("200 OK", &[], CONF),
        _ => reply("401 Unauthorized", &[], ""),
    });
    let url = server.url("/").replace("http://", "http://joe:swordfish@");
    assert_eq!(
        outcome(&ask(&url), &Environment::default()),
        Ok(CONF.into())
    );
    let url = server.url("/").replace("http://", "http://joe:wrongtuna@");
    let error = outcome(&ask(&url), &Environment::default()).unwrap_err();
    assert!(!error.contains("wrongtuna"), "{error}");
}

struct Trusted {
    _folder: tempfile::TempDir,
    file: PathBuf,
}

fn trusted(identity: &Identity) -> Trusted {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("ca.pem");
    std::fs::write(&file, &identity.authority).unwrap();
    Trusted {
        _folder: folder,
        file,
    }
}

#[track_caller]
fn tls(identity: &Identity, authority: &Identity, expected: Result<&str, &str>) {
    let server = Server::https(identity, |_| reply("200 OK", &[], CONF));
    let trusted = trusted(authority);
    let url = server.url("/");
    let mut request = ask(&url);
    request.ca_file = Some(trusted.file.clone());
    let expected = expected
        .map(str::to_owned)
        .map_err(|error| error.replace("URL", &url));
    assert_eq!(outcome(&request, &Environment::default()), expected);
    // The system's bundle is a file like others.
    let environment = [("SSL_CERT_FILE", trusted.file.to_str().unwrap())]
        .into_iter()
        .collect();
    assert_eq!(outcome(&ask(&url), &environment), expected);
}

#[test]
fn certificates_are_checked_and_explained() {
    let good = Identity::new(&["127.0.0.1"], |_| {});
    tls(&good, &good, Ok(CONF));
    let other = Identity::new(&["127.0.0.1"], |_| {});
    tls(
        &good,
        &other,
        Err("URL: its certificate is not signed by the authority that it names"),
    );
    let named = Identity::new(&["git.example"], |_| {});
    tls(
        &named,
        &named,
        Err("URL: its certificate is for `git.example`, not for `127.0.0.1`"),
    );
    let nameless = Identity::new(&[], |_| {});
    tls(
        &nameless,
        &nameless,
        Err(
            "URL: its certificate has no subjectAltName, expected one for `127.0.0.1`: the common name alone counts no more",
        ),
    );
    let expired = Identity::new(&["127.0.0.1"], |params| {
        params.not_before = rcgen::date_time_ymd(2019, 1, 1);
        params.not_after = rcgen::date_time_ymd(2020, 2, 29);
    });
    tls(
        &expired,
        &expired,
        Err("URL: its certificate expired on 2020-02-29"),
    );
    let early = Identity::new(&["127.0.0.1"], |params| {
        params.not_before = rcgen::date_time_ymd(2090, 1, 1);
        params.not_after = rcgen::date_time_ymd(2091, 1, 1);
    });
    tls(
        &early,
        &early,
        Err("URL: its certificate is not valid before 2090-01-01, is the clock right?"),
    );
}

#[test]
fn https_to_a_port_in_clear_is_named() {
    let server = Server::http(|_| reply("200 OK", &[], CONF));
    let identity = Identity::new(&["127.0.0.1"], |_| {});
    let trusted = trusted(&identity);
    let clear = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("https://{}/", clear.local_addr().unwrap());
    drop(server);
    std::thread::spawn(move || {
        use std::io::Write;
        let (mut stream, _) = clear.accept().unwrap();
        let _ = stream.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n");
    });
    let mut request = ask(&url);
    request.ca_file = Some(trusted.file.clone());
    assert_eq!(
        outcome(&request, &Environment::default()),
        Err(format!(
            "{url}: it does not speak TLS on this port, is it http?"
        ))
    );
}

#[test]
fn https_never_turns_into_http() {
    let identity = Identity::new(&["127.0.0.1"], |_| {});
    let bystander = TcpListener::bind("127.0.0.1:0").unwrap();
    let clear = format!("http://{}/", bystander.local_addr().unwrap());
    let location = clear.clone();
    let server = Server::https(&identity, move |_| {
        reply("302 Found", &[("location", &location)], "")
    });
    let trusted = trusted(&identity);
    let mut request = ask(&server.url("/"));
    request.ca_file = Some(trusted.file.clone());
    assert_eq!(
        outcome(&request, &Environment::default()),
        Err(format!(
            "{} redirects to `{clear}`, from https to http, which is not followed, was it moved or renamed?",
            server.url("/")
        ))
    );
    assert!(web::untouched(&bystander));
}

#[test]
fn a_proxy_is_asked_for_the_whole_url_and_never_for_loopback() {
    let proxy = Server::http(|_| reply("403 Forbidden", &[], ""));
    let address = format!("http://{}", proxy.address());
    let environment = [("HTTPS_PROXY", address.as_str())].into_iter().collect();
    let error = outcome(&ask("https://git.example/x"), &environment).unwrap_err();
    assert!(
        error.starts_with("https://git.example/x: through the proxy `127.0.0.1:"),
        "{error}"
    );
    assert!(
        proxy.seen()[0]
            .head
            .starts_with("CONNECT git.example:443 HTTP/1.1")
    );
    let server = Server::http(|_| reply("200 OK", &[], CONF));
    let everything = [("ALL_PROXY", address.as_str())].into_iter().collect();
    assert_eq!(
        outcome(&ask(&server.url("/")), &everything),
        Ok(CONF.into())
    );
    assert_eq!(proxy.seen().len(), 1);
}

#[test]
fn plain_http_goes_through_a_proxy_with_its_whole_url() {
    let proxy = Server::http(|_| reply("200 OK", &[], CONF));
    let address = format!("http://joe:swordfish@{}", proxy.address());
    let environment = [("http_proxy", address.as_str())].into_iter().collect();
    let mut request = ask("http://git.example:8080/a?b=c");
    request.credentials = Some(Credentials::Bearer(Secret::new("token")));
    assert_eq!(outcome(&request, &environment), Ok(CONF.into()));
    let seen = &proxy.seen()[0];
    assert!(
        seen.head
            .starts_with("GET http://git.example:8080/a?b=c HTTP/1.1\r\n"),
        "{}",
        seen.head
    );
    assert_eq!(seen.header("host"), Some("git.example:8080"));
    assert_eq!(seen.header("authorization"), Some("Bearer token"));
    assert_eq!(
        seen.header("proxy-authorization"),
        Some("Basic am9lOnN3b3JkZmlzaA==")
    );
}

#[test]
fn a_proxy_that_is_gone_is_named_without_its_password() {
    let address = format!("http://joe:swordfish@{}", web::refused());
    for url in ["http://git.example/", "https://git.example/"] {
        let environment = [("ALL_PROXY", address.as_str())].into_iter().collect();
        let error = outcome(&ask(url), &environment).unwrap_err();
        assert!(
            error.contains("through the proxy `127.0.0.1:") && !error.contains("swordfish"),
            "{error}"
        );
    }
}
