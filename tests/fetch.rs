//! One GET against servers that behave and servers that do not.

mod loopback;
#[path = "program/planted.rs"]
mod planted;

use std::net::TcpListener;
use std::time::{Duration, Instant};

use ascad::deadline::Deadline;
use ascad::sources::environment::Environment;
use ascad::sources::http::{Credentials, Request, Url, fetch};
use ascad::sources::secret::Secret;
use loopback::certificates::{Authority, Blemish};
use loopback::web::{self, Reply, Seen, Server, reply};

const CONF: &str = "service {\n\tproto-fd-max 15000\n}\n";

fn soon() -> Deadline {
    Deadline::after(Duration::from_secs(5))
}

fn ask(url: &str) -> Request {
    Request::new(Url::parse(url).unwrap())
}

/// What is asked and what is said of a failure never have a secret in them, at whatever length they are shown.
#[track_caller]
fn outcome(request: &Request, environment: &Environment) -> Result<String, String> {
    planted::assert_hidden(&format!("{request:?}"));
    let fetched = fetch(request, environment, soon());
    let outcome = fetched.and_then(|fetched| fetched.expect_configuration());
    match outcome {
        Ok(bytes) => Ok(String::from_utf8(bytes).unwrap()),
        Err(error) => {
            planted::assert_hidden(&format!("{error:?} {error:#}"));
            Err(format!("{error:#}"))
        }
    }
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
            password: Secret::new(planted::GITLAB),
        },
        Credentials::Bearer(Secret::new(planted::GITLAB)),
        Credentials::Header {
            name: "PRIVATE-TOKEN".into(),
            value: Secret::new(planted::GITLAB),
        },
    ] {
        let bystander = TcpListener::bind("127.0.0.1:0").unwrap();
        let other = format!(
            "http://{}/x?private_token={}",
            bystander.local_addr().unwrap(),
            planted::URL
        );
        let server = Server::http(move |_| reply("302 Found", &[("location", &other)], ""));
        let mut request = ask(&server.url("/"));
        request.credentials = Some(credentials);
        let error = outcome(&request, &Environment::default()).unwrap_err();
        assert!(
            error.contains("another origin, which gets no credentials"),
            "{error}"
        );
        assert!(web::untouched(&bystander));
        let head = &server.seen()[0].head;
        assert!(planted::found_in(head).is_some(), "{head}");
    }
}

#[test]
fn the_same_server_under_another_name_is_another_origin() {
    let server = Server::http(|_| reply("302 Found", &[("location", "http://localhost/")], ""));
    let mut request = ask(&server.url("/"));
    request.credentials = Some(Credentials::Bearer(Secret::new(planted::GITLAB)));
    let error = outcome(&request, &Environment::default()).unwrap_err();
    assert!(error.contains("another origin"), "{error}");
}

#[test]
fn a_login_in_the_url_is_sent_as_basic_and_never_shown() {
    let server = Server::http(|seen| match seen.header("authorization") {
        Some(login) if login == planted::basic("joe", planted::URL) => reply("200 OK", &[], CONF),
        _ => reply("401 Unauthorized", &[], ""),
    });
    let with_login = |secret: &str| {
        let login = format!("http://joe:{secret}@");
        ask(&server.url("/").replace("http://", &login))
    };
    let right = outcome(&with_login(planted::URL), &Environment::default());
    assert_eq!(right, Ok(CONF.into()));
    let wrong = outcome(&with_login(planted::MASTER), &Environment::default());
    assert!(wrong.unwrap_err().contains("answered 401"));
}

/// What comes of a certificate of `authority` for this name, where `trusted` is trusted.
#[track_caller]
fn tls(
    authority: &Authority,
    (name, blemish): (&str, Blemish),
    trusted: &Authority,
    expected: Result<&str, &str>,
) {
    let config = authority.server(&authority.sign(name, blemish));
    let server = Server::https(config, |_| reply("200 OK", &[], CONF));
    let url = server.url("/");
    let mut request = ask(&url);
    let file = trusted.file();
    request.ca_file = Some(file.clone());
    let expected = expected
        .map(str::to_owned)
        .map_err(|error| error.replace("URL", &url));
    assert_eq!(outcome(&request, &Environment::default()), expected);
    // The system's bundle is a file like others.
    let environment = [("SSL_CERT_FILE", file.to_str().unwrap())]
        .into_iter()
        .collect();
    assert_eq!(outcome(&ask(&url), &environment), expected);
}

#[test]
fn certificates_are_checked_and_explained() {
    let (ours, namesake) = (Authority::named("ours"), Authority::named("ours"));
    let fails = |name: &str, blemish, words: &str| {
        tls(&ours, (name, blemish), &ours, Err(&format!("URL: {words}")));
    };
    let good = ("127.0.0.1", Blemish::None);
    tls(&ours, good, &ours, Ok(CONF));
    let theirs = Authority::named("theirs");
    let unknown = "URL: no trusted CA has signed the certificate, is a CA file missing?";
    tls(&ours, good, &theirs, Err(unknown));
    let forged = "URL: a trusted CA has the name of the one that signed the certificate, but another key, is a CA file missing?";
    tls(&ours, good, &namesake, Err(forged));
    fails(
        "git.example",
        Blemish::None,
        "expected a certificate for `127.0.0.1`, but found one for `git.example`",
    );
    fails(
        "127.0.0.1",
        Blemish::Nameless,
        "expected a certificate for `127.0.0.1`, but found one without subjectAltName: OpenSSL takes the common name, we do not",
    );
    let dated = |blemish, start: &str, end: &str| {
        let config = ours.server(&ours.sign("127.0.0.1", blemish));
        let server = Server::https(config, |_| reply("200 OK", &[], CONF));
        let mut request = ask(&server.url("/"));
        request.ca_file = Some(ours.file());
        let said = outcome(&request, &Environment::default()).unwrap_err();
        let start = format!("{}: the certificate {start} ", server.url("/"));
        assert!(said.starts_with(&start) && said.ends_with(end), "{said}");
    };
    dated(Blemish::Expired, "expired", " days ago");
    let early = " days, is the clock right?";
    dated(Blemish::Early, "is valid only in", early);
}

#[test]
fn https_to_a_port_in_clear_is_named() {
    let server = Server::http(|_| reply("200 OK", &[], CONF));
    let authority = Authority::named("ours");
    let clear = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("https://{}/", clear.local_addr().unwrap());
    drop(server);
    std::thread::spawn(move || {
        use std::io::Write;
        let (mut stream, _) = clear.accept().unwrap();
        let _ = stream.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n");
    });
    let mut request = ask(&url);
    request.ca_file = Some(authority.file());
    assert_eq!(
        outcome(&request, &Environment::default()),
        Err(format!(
            "{url}: expected TLS, but found something else, is this a port of http?"
        ))
    );
}

#[test]
fn https_never_turns_into_http() {
    let authority = Authority::named("ours");
    let config = authority.server(&authority.sign("127.0.0.1", Blemish::None));
    let bystander = TcpListener::bind("127.0.0.1:0").unwrap();
    let clear = format!("http://{}/", bystander.local_addr().unwrap());
    let location = clear.clone();
    let server = Server::https(config, move |_| {
        reply("302 Found", &[("location", &location)], "")
    });
    let mut request = ask(&server.url("/"));
    request.ca_file = Some(authority.file());
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
    let address = format!("http://joe:{}@{}", planted::PROXY, proxy.address());
    let environment = [("http_proxy", address.as_str())].into_iter().collect();
    let mut request = ask("http://git.example:8080/a?b=c");
    request.credentials = Some(Credentials::Bearer(Secret::new(planted::GITLAB)));
    assert_eq!(outcome(&request, &environment), Ok(CONF.into()));
    let seen = &proxy.seen()[0];
    assert!(
        seen.head
            .starts_with("GET http://git.example:8080/a?b=c HTTP/1.1\r\n"),
        "{}",
        seen.head
    );
    assert_eq!(seen.header("host"), Some("git.example:8080"));
    assert_eq!(
        seen.header("authorization"),
        Some(format!("Bearer {}", planted::GITLAB).as_str())
    );
    assert_eq!(
        seen.header("proxy-authorization"),
        Some(planted::basic("joe", planted::PROXY).as_str())
    );
}

#[test]
fn a_proxy_that_is_gone_is_named_without_its_password() {
    let address = format!("http://joe:{}@{}", planted::PROXY, web::refused());
    for url in ["http://git.example/", "https://git.example/"] {
        let environment = [("ALL_PROXY", address.as_str())].into_iter().collect();
        let error = outcome(&ask(url), &environment).unwrap_err();
        assert!(error.contains("through the proxy `127.0.0.1:"), "{error}");
    }
}
