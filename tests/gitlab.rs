//! A GitLab on loopback that answers as real ones do, and as broken ones do.

mod loopback;
#[path = "program/planted.rs"]
mod planted;

use std::net::TcpListener;
use std::time::Duration;

use ascad::deadline::Deadline;
use ascad::sources::environment::Environment;
use ascad::sources::gitlab::{self, File, GitLab, Place, Token, TokenKind};
use ascad::sources::http::Url;
use ascad::sources::secret::Secret;
use loopback::certificates::{Authority, Blemish};
use loopback::web::{self, Reply, Seen, Server, reply};
use planted::GITLAB as TOKEN;
use ring::digest;

const CONF: &str = "service {\n\tproto-fd-max 15000\n}\n";
const QUESTION: &str =
    "/api/v4/projects/infra%2Faerospike/repository/files/clusters%2Fmain.conf/raw?ref=main";

fn json(status: &str, body: &str) -> Reply {
    reply(status, &[("content-type", "application/json")], body)
}

fn place() -> Place {
    Place::parse("infra/aerospike@main:clusters/main.conf").unwrap()
}

fn token() -> Token {
    Token {
        kind: TokenKind::Private,
        secret: Secret::new(TOKEN),
    }
}

/// Asks with or without the token; the error is shown at every verbosity there is, and may never hold the token.
fn outcome(server: &Server, token: Option<Token>) -> Result<File, String> {
    let gitlab = GitLab::new(&server.url(""), token, None).unwrap();
    let deadline = Deadline::after(Duration::from_secs(5));
    gitlab::fetch(&gitlab, &place(), &Environment::default(), deadline).map_err(|error| {
        planted::assert_hidden(&format!("{error:#} {error:?} {gitlab:?}"));
        format!("{error:#}")
    })
}

/// What one answer leads to when asked with the token; `GITLAB` is the server's address and `URL` the question.
#[track_caller]
fn case(answer: impl Fn(&Seen) -> Reply + Send + Sync + 'static, expected: Result<&str, &str>) {
    let server = Server::http(answer);
    let result = outcome(&server, Some(token())).map(|file| String::from_utf8(file.bytes).unwrap());
    let expected = expected.map(str::to_owned).map_err(|error| {
        error
            .replace("URL", &server.url(QUESTION))
            .replace("GITLAB", &server.url(""))
    });
    assert_eq!(result, expected);
}

fn whole_file(seen: &Seen) -> Reply {
    let digest: String = digest::digest(&digest::SHA256, CONF.as_bytes())
        .as_ref()
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    if seen.target != QUESTION {
        return json("404 Not Found", r#"{"error":"404 Not Found"}"#);
    }
    match seen.header("private-token") {
        None => json("404 Not Found", r#"{"message":"404 Project Not Found"}"#),
        Some(TOKEN) => reply(
            "200 OK",
            &[
                ("content-type", "text/plain; charset=utf-8"),
                (
                    "x-gitlab-commit-id",
                    "d5a3ff139356ce33e37e73add446f16869741b50",
                ),
                ("x-gitlab-size", &CONF.len().to_string()),
                ("x-gitlab-content-sha256", &digest),
            ],
            CONF,
        ),
        Some(_) => json("401 Unauthorized", r#"{"message":"401 Unauthorized"}"#),
    }
}

#[test]
fn a_private_project_opens_with_the_token() {
    let server = Server::http(whole_file);
    let file = outcome(&server, Some(token())).unwrap();
    assert_eq!(file.bytes, CONF.as_bytes());
    assert_eq!(
        file.commit.as_deref(),
        Some("d5a3ff139356ce33e37e73add446f16869741b50")
    );
    assert_eq!(file.url.to_string(), server.url(QUESTION));
    let gitlab = server.url("");
    assert_eq!(
        outcome(&server, None).unwrap_err(),
        format!(
            "{gitlab} answered 404 `404 Project Not Found`: there is no public project `infra/aerospike`, is a token missing? (ASCAD_GITLAB_TOKEN, GITLAB_TOKEN or `token` of `[gitlab]`)"
        )
    );
    let wrong = Token {
        kind: TokenKind::Private,
        secret: Secret::new("x"),
    };
    assert_eq!(
        outcome(&server, Some(wrong)).unwrap_err(),
        format!(
            "{gitlab} answered 401 `401 Unauthorized`: is the token right, and has it not expired?"
        )
    );
}

#[test]
fn every_kind_of_token_has_its_header() {
    for (kind, header, value) in [
        (TokenKind::Private, "private-token", TOKEN.to_owned()),
        (TokenKind::Job, "job-token", TOKEN.to_owned()),
        (
            TokenKind::Bearer,
            "authorization",
            format!("Bearer {TOKEN}"),
        ),
    ] {
        let server = Server::http(|_| reply("200 OK", &[], CONF));
        outcome(
            &server,
            Some(Token {
                kind,
                secret: Secret::new(TOKEN),
            }),
        )
        .unwrap();
        let seen = &server.seen()[0];
        assert_eq!(seen.header(header), Some(value.as_str()));
        assert_eq!(seen.head.matches(TOKEN).count(), 1, "{}", seen.head);
    }
}

#[test]
fn refusals_say_what_to_check() {
    case(
        |_| {
            json(
                "403 Forbidden",
                r#"{"error":"insufficient_scope","error_description":"The request requires higher privileges than provided by the access token.","scope":"api read_api"}"#,
            )
        },
        Err(
            "GITLAB answered 403 `The request requires higher privileges than provided by the access token.`: has the token the scope `read_repository` or `read_api`, and may its owner read the repository?",
        ),
    );
    case(
        |_| json("404 Not Found", r#"{"message":"404 Project Not Found"}"#),
        Err(
            "GITLAB answered 404 `404 Project Not Found`: is `infra/aerospike` right, and is the token's owner a member of it?",
        ),
    );
    case(
        |_| json("404 Not Found", r#"{"message":"404 File Not Found"}"#),
        Err(
            "GITLAB answered 404 `404 File Not Found`: `infra/aerospike` has no file `clusters/main.conf` at `main`",
        ),
    );
    case(
        |_| json("404 Not Found", r#"{"message":"404 Commit Not Found"}"#),
        Err(
            "GITLAB answered 404 `404 Commit Not Found`: `infra/aerospike` has no branch, tag or commit `main`",
        ),
    );
    case(
        |_| {
            reply(
                "502 Bad Gateway",
                &[("content-type", "text/html")],
                "<html>",
            )
        },
        Err("GITLAB answered 502 Bad Gateway"),
    );
}

#[test]
fn a_server_that_sends_the_token_back_does_not_get_it_printed() {
    case(
        |seen| {
            json(
                "403 Forbidden",
                &format!(
                    r#"{{"message":"no {}"}}"#,
                    seen.header("private-token").unwrap()
                ),
            )
        },
        Err(
            "GITLAB answered 403 `no (hidden)`: has the token the scope `read_repository` or `read_api`, and may its owner read the repository?",
        ),
    );
    case(
        |seen| {
            let token = seen.header("private-token").unwrap();
            reply(
                "302 Found",
                &[("location", &format!("http://{token}.example/{token}"))],
                "",
            )
        },
        Err(
            "URL redirects to `http://(hidden).example/(hidden)`, another origin, which gets no credentials, was it moved or renamed?",
        ),
    );
}

#[test]
fn whatever_a_server_sends_back_does_not_print_the_token() {
    let answers: [fn(&str) -> Reply; 5] = [
        |token| json("200 OK", &format!(r#"{{"message":"{token}"}}"#)),
        |token| reply("200 OK", &[("content-encoding", token)], ""),
        |token| reply("429 Too Many Requests", &[("retry-after", token)], ""),
        |token| reply("302 Found", &[("location", &format!("/{token}"))], ""),
        |token| reply("302 Found", &[("location", &format!("{token}:x"))], ""),
    ];
    for answer in answers {
        let server = Server::http(move |seen| answer(seen.header("private-token").unwrap()));
        let error = outcome(&server, Some(token())).unwrap_err();
        assert!(error.contains("(hidden)"), "{error}");
    }
}

#[test]
fn too_many_questions_are_repeated_once_when_there_is_time() {
    let server = Server::http(|_| {
        reply(
            "429 Too Many Requests",
            &[("retry-after", "0")],
            "Retry later\n",
        )
    });
    let error = outcome(&server, Some(token())).unwrap_err();
    assert!(
        error.contains(
            "answered 429: too many questions, it wants to be asked again after `0` seconds"
        ),
        "{error}"
    );
    assert_eq!(server.seen().len(), 2);

    let first = std::sync::atomic::AtomicBool::new(true);
    case(
        move |_| match first.swap(false, std::sync::atomic::Ordering::SeqCst) {
            true => reply(
                "429 Too Many Requests",
                &[("retry-after", "1")],
                "Retry later\n",
            ),
            false => reply("200 OK", &[], CONF),
        },
        Ok(CONF),
    );

    let server = Server::http(|_| reply("429 Too Many Requests", &[("retry-after", "60")], ""));
    assert!(
        outcome(&server, Some(token()))
            .unwrap_err()
            .contains("after `60` seconds")
    );
    assert_eq!(server.seen().len(), 1);
}

#[test]
fn what_is_no_configuration_is_named() {
    case(
        |_| {
            reply(
                "200 OK",
                &[("content-type", "text/html")],
                "<!DOCTYPE html><html>",
            )
        },
        Err("URL answered 200 with an HTML page, is the token missing?"),
    );
    case(
        |_| {
            reply(
                "200 OK",
                &[],
                "version https://git-lfs.github.com/spec/v1\noid sha256:1\nsize 9\n",
            )
        },
        Err(
            "URL answered 200 with a Git LFS pointer, the file itself is kept in large file storage",
        ),
    );
    case(
        |_| json("200 OK", r#"{"message":"nothing here"}"#),
        Err("URL answered 200 with JSON that says `nothing here`"),
    );
    case(
        |_| reply("200 OK", &[], ""),
        Err("URL answered 200 with nothing"),
    );
    case(
        |_| reply("200 OK", &[], "#".repeat(2_000_000)),
        Err("URL: answered with more than 1 MiB"),
    );
    case(
        |_| reply("200 OK", &[("content-encoding", "gzip")], [0x1f, 0x8b]),
        Err("URL: answered 200 with the content encoding `gzip`, which was not asked for"),
    );
}

#[test]
fn a_file_that_is_not_whole_is_found() {
    case(
        |_| reply("200 OK", &[("x-gitlab-size", "1000")], CONF),
        Err("URL announced a file of 1000 bytes, but sent 32"),
    );
    case(
        |_| {
            reply(
                "200 OK",
                &[("x-gitlab-content-sha256", &"0".repeat(64))],
                CONF,
            )
        },
        Err("URL sent a file whose SHA-256 is not the announced one"),
    );
    case(
        |_| Reply::Bytes(format!("HTTP/1.1 200 OK\r\ncontent-length: 90\r\n\r\n{CONF}").into()),
        Err("URL: the answer was cut short after 32 bytes of 90"),
    );
}

#[test]
fn a_slow_answer_ends_with_the_deadline() {
    let server =
        Server::http(|_| Reply::Drip(b"HTTP/1.1 200 OK\r\ncontent-length: 900\r\n\r\n".to_vec()));
    let gitlab = GitLab::new(&server.url(""), Some(token()), None).unwrap();
    let deadline = Deadline::after(Duration::from_millis(300));
    let error = gitlab::fetch(&gitlab, &place(), &Environment::default(), deadline).unwrap_err();
    assert!(
        format!("{error:#}").contains("answered too slowly"),
        "{error:#}"
    );
}

#[test]
fn the_token_reaches_nobody_else() {
    let bystander = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = bystander.local_addr().unwrap().port();
    for location in [
        format!("http://127.0.0.1:{port}/x"),
        format!("http://localhost:{port}/x"),
        format!("//127.0.0.1:{port}/x"),
        format!("https://127.0.0.1:{port}/x"),
    ] {
        case(
            {
                let location = location.clone();
                move |_| reply("301 Moved Permanently", &[("location", &location)], "")
            },
            Err(&format!(
                "URL redirects to `{}`, another origin, which gets no credentials, was it moved or renamed?",
                location
                    .replace("//127", "http://127")
                    .replace("http:http:", "http:")
                    .replace("https:http:", "https:")
            )),
        );
    }
    assert!(web::untouched(&bystander));
}

#[test]
fn a_renamed_project_that_leads_to_http_is_not_followed() {
    let authority = Authority::named("ours");
    let config = authority.server(&authority.sign("127.0.0.1", Blemish::None));
    let server = Server::https(config, |seen| {
        let host = seen.header("host").unwrap();
        let location = format!("http://{host}/api/v4/projects/7/repository/files/x/raw");
        reply("301 Moved Permanently", &[("location", &location)], "")
    });
    let gitlab = GitLab::new(&server.url(""), Some(token()), Some(authority.file())).unwrap();
    let deadline = Deadline::after(Duration::from_secs(5));
    let error = gitlab::fetch(&gitlab, &place(), &Environment::default(), deadline).unwrap_err();
    assert_eq!(
        format!("{error:#}"),
        format!(
            "{} redirects to `{}`, from https to http, which is not followed, was it moved or renamed?",
            server.url(QUESTION),
            server
                .url("/api/v4/projects/7/repository/files/x/raw")
                .replace("https:", "http:")
        )
    );
    assert_eq!(server.seen().len(), 1);
}

#[test]
fn a_redirect_within_the_gitlab_is_followed_with_the_token() {
    let moved = "/api/v4/projects/7/repository/files/clusters%2Fmain.conf/raw?ref=main";
    let server = Server::http(move |seen| match seen.target.as_str() {
        QUESTION => reply("307 Temporary Redirect", &[("location", moved)], ""),
        _ if seen.header("private-token") == Some(TOKEN) => reply("200 OK", &[], CONF),
        _ => json("401 Unauthorized", "{}"),
    });
    assert_eq!(
        outcome(&server, Some(token())).unwrap().bytes,
        CONF.as_bytes()
    );
}

#[test]
fn a_web_page_is_asked_through_the_api_whatever_its_branch() {
    let server = Server::http(|seen| match seen.target.as_str() {
        "/api/v4/projects/infra%2Faerospike/repository/files/c%2Fmain.conf/raw?ref=release%2F8" => {
            reply("200 OK", &[], CONF)
        }
        target if target.ends_with("?ref=release") => {
            json("404 Not Found", r#"{"message":"404 Commit Not Found"}"#)
        }
        _ => json("404 Not Found", r#"{"message":"404 File Not Found"}"#),
    });
    let gitlab = GitLab::new(&server.url(""), Some(token()), None).unwrap();
    let ask = |page: &str| {
        let page = Url::parse(&server.url(page)).unwrap();
        let deadline = Deadline::after(Duration::from_secs(5));
        gitlab::fetch_page(&gitlab, &page, &Environment::default(), deadline)
    };
    let file = ask("/infra/aerospike/-/raw/release/8/c/main.conf").unwrap();
    assert_eq!(file.bytes, CONF.as_bytes());
    let error = ask("/infra/aerospike/-/blob/main/none.conf").unwrap_err();
    assert!(format!("{error:#}").ends_with("`infra/aerospike` has no file `none.conf` at `main`"));
}
