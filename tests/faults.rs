//! The fault table: what goes wrong at each source, and what the whole program makes of it. Every row says its exit
//! code and its one line on standard error; the deadline holds, nothing is half written, and no secret is printed.

mod fault;
mod loopback;
mod program;

use std::time::Duration;

use fault::{nowhere, row};
use loopback::certificates::{Authority, Blemish};
use loopback::riemann::{Manner, Riemann};
use loopback::web::{Reply, Server, refused, reply};
use loopback::{Door, Fault, Loopback, Play, recording};
use program::planted;

/// A reference behind a server that answers so; `URL` stands for it.
#[track_caller]
fn reference(answer: impl Fn() -> Reply + Send + Sync + 'static, line: &str) {
    let server = Server::http(move |_| answer());
    let url = server.url("/aerospike.conf");
    let with_login = url.replace("//", &format!("//ascad:{}@", planted::URL));
    row(
        &["--against", &with_login, "--timeout", "2"],
        3,
        &line.replace("URL", &url),
    );
}

#[test]
fn a_reference_that_cannot_be_had() {
    let nobody = format!("http://{}/aerospike.conf", refused());
    row(
        &["--against", &nobody],
        3,
        &format!("{nobody}: the connection was refused"),
    );
    let url = format!("http://{}/aerospike.conf", nowhere());
    row(
        &["--against", &url],
        3,
        &format!("{url}: cannot be asked: failed to lookup…"),
    );
    reference(|| Reply::Silence, "URL: did not answer in time");
    let start = b"HTTP/1.1 200 OK\r\ncontent-length: 100000\r\n\r\n".to_vec();
    let slow = start.clone();
    reference(
        move || Reply::Drip(slow.clone()),
        "URL: answered too slowly: …",
    );
    let cut = "URL: the answer was cut short after 0 bytes of 100000";
    reference(move || Reply::Bytes(start.clone()), cut);
    let long = b"HTTP/1.1 200 OK\r\ncontent-length: 99999999999\r\n\r\nservice".to_vec();
    reference(
        move || Reply::Bytes(long.clone()),
        "URL: answered with more than 1 MiB",
    );
    let page = || {
        reply(
            "200 OK",
            &[("content-type", "text/html")],
            "<!DOCTYPE html><html>",
        )
    };
    reference(
        page,
        "URL answered 200 with an HTML page, is the token missing?",
    );
    let version = || Reply::Bytes(b"HTTP/7.3 200 OK\r\n\r\n".to_vec());
    reference(version, "URL: does not speak HTTP/1.1: …");
    let denied = || reply("401 Unauthorized", &[], planted::URL);
    reference(
        denied,
        "URL answered 401, are user and password or token given, and right?",
    );
    let denied = || reply("403 Forbidden", &[], planted::GITLAB);
    reference(denied, "URL answered 403, may this user or token read it?");
}

#[test]
fn a_reference_whose_certificate_is_not_to_be_trusted() {
    let ours = Authority::named("ours");
    let config = ours.server(&ours.sign("127.0.0.1", Blemish::None));
    let server = Server::https(config, |_| reply("200 OK", &[], "service {\n}\n"));
    let url = server.url("/aerospike.conf");
    let line = "no trusted CA has signed the certificate, is a CA file missing?";
    row(&["--against", &url], 3, &format!("{url}: {line}"));
}

#[test]
fn a_gitlab_that_refuses_the_token() {
    let server = Server::http(|_| {
        reply(
            "401 Unauthorized",
            &[],
            format!("no {} here", planted::GITLAB),
        )
    });
    let arguments = [
        "--against",
        "gitlab:a/b:c.conf",
        "--gitlab-url",
        &server.url(""),
    ];
    row(
        &arguments,
        3,
        "gitlab:a/b:c.conf: …answered 401: is the token right, and has it not expired?",
    );
}

/// A node that misbehaves; `NODE` stands for its address.
#[track_caller]
fn node(play: Play, arguments: &[&str], line: &str) {
    let node = Loopback::start(play);
    let source = format!("runtime:{}", node.address);
    let against = ["--timeout", "2", "--against"];
    let arguments = [&against[..], &[source.as_str()], arguments].concat();
    let line = line.replace("NODE", &node.address.to_string());
    row(&arguments, 3, &format!("{source}: {line}"));
}

fn healthy() -> Play {
    Play::of(recording("8.1.2.0-minimal"))
}

#[test]
fn a_node_that_cannot_be_seen() {
    let nobody = format!("runtime:{}", refused());
    let line = format!(
        "{nobody}: {}: connect: connection refused",
        refused_of(&nobody)
    );
    row(&["--against", &nobody], 3, &line);
    let source = format!("runtime:{}:3000", nowhere());
    let line = format!("{source}: {}:3000: look-up: …", nowhere());
    row(&["--against", &source], 3, &line);
    let asking = |fault, line: &str| {
        node(
            healthy().with_fault(fault),
            &[],
            &format!("NODE: asking: {line}"),
        );
    };
    asking(Fault::Silent, "time is up without an answer");
    asking(
        Fault::Drips(Duration::from_millis(200)),
        "time is up after …of the answer",
    );
    asking(
        Fault::Cuts(4),
        "the connection was closed after 4 of 8 bytes of the answer",
    );
    let long = "expected an answer of at most 16777216 bytes, but found 140737488355328 announced";
    asking(Fault::Announces(1 << 47), long);
    let http = "expected the info protocol, but found what looks like HTTP";
    asking(
        Fault::Says(b"HTTP/1.1 400 Bad Request\r\n\r\n".to_vec()),
        http,
    );
    let version = "expected the info protocol, version 2, but found 3, is this a service port?";
    asking(Fault::Says(vec![3, 1, 0, 0, 0, 0, 0, 16]), version);
    let refusal =
        "NODE: asking: answered `ERROR:80:not authenticated` to everything, are …missing?";
    node(
        healthy().with_fault(Fault::Refuses("ERROR:80:not authenticated")),
        &[],
        refusal,
    );

    let login = ["-U", "joe", "-P", "env:NODE_PASSWORD"];
    let entering = |play, line: &str| node(play, &login, &format!("NODE: login: {line}"));
    entering(
        healthy().with_fault(Fault::Silent),
        "time is up without an answer",
    );
    let refuses = |code| healthy().with_door(Door::Refuses(code));
    entering(refuses(60), "user `joe`: the user is unknown (60)");
    entering(
        refuses(65),
        "user `joe`: the user or the password is wrong (65)",
    );
}

fn refused_of(source: &str) -> &str {
    source.trim_start_matches("runtime:")
}

#[test]
fn a_node_whose_certificate_is_not_to_be_trusted() {
    let (ours, theirs) = (Authority::named("ours"), Authority::named("theirs"));
    let file = ours.file();
    let tls = ["--tls-enable", "--tls-cafile", file.to_str().unwrap()];
    let shows = |authority: &Authority, name: &str, blemish, line: &str| {
        let config = authority.server(&authority.sign(name, blemish));
        node(healthy().with_tls(config), &tls, line);
    };
    let unknown = "NODE: TLS: no trusted CA has signed the certificate, is …missing?";
    shows(&theirs, "127.0.0.1", Blemish::None, unknown);
    let other =
        "NODE: TLS: expected a certificate for `127.0.0.1`, but found one for …missing or wrong?";
    shows(&ours, "other.example", Blemish::None, other);
    // The same is seen by a machine whose clock jumped by years.
    let expired = "NODE: TLS: the certificate expired …days ago";
    shows(&ours, "127.0.0.1", Blemish::Expired, expired);
    let plain = "NODE: TLS: the connection was closed during the handshake, is TLS spoken on …";
    node(healthy(), &tls, plain);
}

#[test]
fn a_riemann_that_cannot_be_told_changes_nothing() {
    let told = |url: &str, line: &str| {
        let arguments = ["--against", "boot.json", "--timeout", "2", "--riemann", url];
        row(
            &arguments,
            0,
            &format!("riemann: {line}").replace("URL", url),
        );
    };
    told(&format!("tcp://{}", refused()), "URL: connection refused");
    let nowhere = format!("tcp://{}:5555", nowhere());
    told(&nowhere, "URL: name or service not known");
    let bad = |manner, line| told(&Riemann::tcp(manner).url("tcp"), line);
    let late = "URL: time is up without an acknowledgement";
    bad(Manner::Silent, late);
    bad(Manner::Slow, late);
    let closed = "URL: the connection was closed without an acknowledgement";
    bad(Manner::HangsUp, closed);
    bad(Manner::Says(vec![0, 0, 1]), closed);
    let something = "URL: expected an answer of Riemann's, but found something else";
    bad(Manner::Says(vec![0x7f; 8]), something);
    bad(
        Manner::Says(b"HTTP/1.1 400 Bad Request\r\n\r\n".to_vec()),
        something,
    );
    let denied = "URL: rejected the events: not for you";
    bad(Manner::Rejects(Some("not for you")), denied);
    let theirs = Authority::named("theirs");
    let server = theirs.server(&theirs.sign("localhost", Blemish::None));
    let unknown = "URL: no trusted CA has signed the certificate, is …";
    told(&Riemann::tls(Manner::Kind, server).url("tls"), unknown);
}
