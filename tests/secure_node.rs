//! A node that wants a login or speaks TLS, or both.

mod loopback;
#[path = "program/planted.rs"]
mod planted;

use std::net::TcpListener;
use std::time::Duration;

use ascad::deadline::Deadline;
use ascad::sources::node::{Auth, Likely, Login, NodeOptions, Stage, Target, Tls, fetch};
use ascad::sources::secret::Secret;
use ascad::sources::tls::{TlsOptions, client_config};
use loopback::asking::{fails, soon, target};
use loopback::certificates::{Authority, Blemish};
use loopback::{Door, Loopback, Play, recording};

const MINIMAL: &str = "8.1.2.0-minimal";

fn login(auth: Auth, user: &str, password: &str) -> Option<Login> {
    Some(Login::new(auth, user, Secret::new(password)))
}

#[test]
fn an_internal_user_logs_in_on_the_same_connection() {
    let door = Door::Internal("joe", planted::NODE_HASH.to_owned());
    let node = Loopback::start(Play::of(recording(MINIMAL)).with_door(door));
    let login = login(Auth::Internal, "joe", planted::NODE);
    let target = Target {
        login,
        ..target(&node)
    };
    let found = fetch(&target, &Likely::default(), soon()).unwrap();
    assert_eq!(found.answers.value("build"), Ok("8.1.2.0"));
    assert!(found.notes.is_empty());
    assert_eq!((node.messages(), node.connections()), (3, 1));
}

#[test]
fn a_refused_login_says_who_and_why() {
    let refused = |door: Door, user: &str, password: &str, words: &str| {
        let node = Loopback::start(Play::of(recording(MINIMAL)).with_door(door));
        let login = login(Auth::Internal, user, password);
        fails(
            &Target {
                login,
                ..target(&node)
            },
            soon(),
            Stage::Login,
            words,
        );
    };
    let door = || Door::Internal("joe", planted::NODE_HASH.to_owned());
    refused(
        door(),
        "joe",
        "nope",
        "ADDRESS: login: user `joe`: the password is wrong (62)",
    );
    refused(
        door(),
        "ann",
        planted::NODE,
        "ADDRESS: login: user `ann`: the user is unknown (60)",
    );
    refused(
        Door::Refuses(63),
        "joe",
        planted::NODE,
        "ADDRESS: login: user `joe`: the password has expired (63)",
    );
    refused(
        Door::Refuses(82),
        "joe",
        planted::NODE,
        "ADDRESS: login: user `joe`: the user may not come from this address (82)",
    );
    refused(
        Door::Refuses(99),
        "joe",
        planted::NODE,
        "ADDRESS: login: user `joe`: the node rejected the login (99)",
    );
}

#[test]
fn nobody_in_particular_is_told_to_log_in() {
    let door = Door::Internal("joe", planted::NODE_HASH.to_owned());
    let node = Loopback::start(Play::of(recording(MINIMAL)).with_door(door));
    let words = "ADDRESS: asking: answered `ERROR:80:not authenticated` to everything, are `--user` and `--password` missing?";
    fails(&target(&node), soon(), Stage::Asking, words);
}

#[test]
fn credentials_that_were_not_needed_are_a_note() {
    let node = Loopback::start(Play::of(recording(MINIMAL)));
    let login = login(Auth::Internal, "joe", planted::NODE);
    let found = fetch(
        &Target {
            login,
            ..target(&node)
        },
        &Likely::default(),
        soon(),
    )
    .unwrap();
    assert_eq!(
        found.notes,
        ["security is off, the credentials were not needed"]
    );
}

#[test]
fn a_clear_password_goes_over_tls_or_where_that_is_meant() {
    let door = Door::External("joe", planted::DIRECTORY);
    let node = Loopback::start(Play::of(recording(MINIMAL)).with_door(door.clone()));
    let plain = |auth| Target {
        login: login(auth, "joe", planted::DIRECTORY),
        ..target(&node)
    };
    fails(
        &plain(Auth::External),
        soon(),
        Stage::Login,
        "ADDRESS: login: user `joe` may only be sent over TLS, which `--tls-enable` switches on",
    );
    assert_eq!(node.connections(), 0);
    assert!(fetch(&plain(Auth::ExternalInsecure), &Likely::default(), soon()).is_ok());

    let authority = Authority::named("the field's own");
    let server = authority.server(&authority.sign("main", Blemish::None));
    let node = Loopback::start(
        Play::of(recording(MINIMAL))
            .with_door(door)
            .with_tls(server),
    );
    let login = login(Auth::External, "joe", planted::DIRECTORY);
    let target = Target {
        login,
        ..tls_target(&node, &authority, Some("main"))
    };
    assert!(fetch(&target, &Likely::default(), soon()).is_ok());
}

fn tls_target(node: &Loopback, authority: &Authority, name: Option<&str>) -> Target {
    let options = TlsOptions {
        ca_file: Some(authority.file()),
        ..TlsOptions::default()
    };
    let tls = Some(Tls {
        config: client_config(&options).unwrap(),
        name: name.map(str::to_owned),
    });
    Target {
        tls,
        ..target(node)
    }
}

/// A node with a certificate for `main` and this blemish.
fn tls_node(authority: &Authority, blemish: Blemish) -> Loopback {
    let server = authority.server(&authority.sign("main", blemish));
    Loopback::start(Play::of(recording(MINIMAL)).with_tls(server))
}

#[test]
fn a_node_is_asked_over_tls_under_its_tls_name() {
    let authority = Authority::named("the field's own");
    let node = tls_node(&authority, Blemish::None);
    let found = fetch(
        &tls_target(&node, &authority, Some("main")),
        &Likely::default(),
        soon(),
    );
    assert_eq!(found.unwrap().answers.value("build"), Ok("8.1.2.0"));
    assert_eq!((node.messages(), node.connections()), (2, 1));
}

#[test]
fn without_a_tls_name_the_host_is_the_name() {
    let authority = Authority::named("the field's own");
    let server = authority.server(&authority.sign("127.0.0.1", Blemish::None));
    let node = Loopback::start(Play::of(recording(MINIMAL)).with_tls(server));
    assert!(
        fetch(
            &tls_target(&node, &authority, None),
            &Likely::default(),
            soon()
        )
        .is_ok()
    );
}

#[test]
fn the_options_lead_to_the_same_target() {
    let authority = Authority::named("the field's own");
    let node = tls_node(&authority, Blemish::None);
    authority.file();
    let options = NodeOptions {
        host: Some(format!("127.0.0.1:main:{}", node.port())),
        tls_enable: Some(true),
        tls_capath: Some(authority.folder().to_owned()),
        ..NodeOptions::default()
    };
    let target = options
        .target(None, &|_| anyhow::bail!("nobody to ask"))
        .unwrap();
    assert!(fetch(&target, &Likely::default(), soon()).is_ok());
}

#[test]
fn every_fault_of_a_certificate_has_its_own_words() {
    let authority = Authority::named("the field's own");
    let case = |target: &Target, words: &str| {
        fails(
            target,
            soon(),
            Stage::Tls,
            &format!("ADDRESS: TLS: {words}"),
        );
    };
    let node = tls_node(&authority, Blemish::None);
    case(
        &tls_target(&node, &authority, Some("other")),
        "expected a certificate for `other`, but found one for `main`, is `--tls-name` missing or wrong?",
    );
    case(
        &tls_target(&node, &Authority::named("somebody else's"), Some("main")),
        "no trusted CA has signed the certificate, is `--tls-cafile` missing?",
    );
    let namesake = Authority::named("the field's own");
    case(
        &tls_target(&node, &namesake, Some("main")),
        "a trusted CA has the name of the one that signed the certificate, but another key, is `--tls-cafile` missing?",
    );
    let identity = authority.sign("main", Blemish::None).of_the_first_version();
    let server = authority.server(&identity);
    let node = Loopback::start(Play::of(recording(MINIMAL)).with_tls(server));
    case(
        &tls_target(&node, &authority, Some("main")),
        "expected a certificate of X.509 version 3, but found an older one, which OpenSSL takes and we do not",
    );
    let node = tls_node(&authority, Blemish::Nameless);
    case(
        &tls_target(&node, &authority, Some("main")),
        "expected a certificate for `main`, but found one without subjectAltName: OpenSSL takes the common name, we do not",
    );
    let node = tls_node(&authority, Blemish::Expired);
    let target = tls_target(&node, &authority, Some("main"));
    let error = fetch(&target, &Likely::default(), soon())
        .unwrap_err()
        .to_string();
    assert!(
        error.contains(": TLS: the certificate expired ") && error.ends_with(" days ago"),
        "{error}"
    );
}

#[test]
fn tls_and_plain_ports_are_told_apart() {
    let authority = Authority::named("the field's own");
    let plain = Loopback::start(Play::of(recording(MINIMAL)));
    fails(
        &tls_target(&plain, &authority, Some("main")),
        soon(),
        Stage::Tls,
        "ADDRESS: TLS: the connection was closed during the handshake, is TLS spoken on this port?",
    );
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let target = Target {
        port: silent.local_addr().unwrap().port(),
        ..tls_target(&plain, &authority, Some("main"))
    };
    let deadline = Deadline::after(Duration::from_millis(150));
    fails(
        &target,
        deadline,
        Stage::Tls,
        "ADDRESS: TLS: time is up during the handshake",
    );
}

#[test]
fn a_client_certificate_is_shown_where_it_is_wanted() {
    let authority = Authority::named("the field's own");
    let server = authority.mutual_server(&authority.sign("main", Blemish::None));
    let play = Play::of(recording(MINIMAL))
        .with_tls(server)
        .with_door(Door::Certificate);
    let node = Loopback::start(play);

    let identity = authority.sign("joe", Blemish::None);
    let options = TlsOptions {
        ca_file: Some(authority.file()),
        ca_path: None,
        cert_file: Some(authority.write("joe.pem", identity.certificate_pem())),
        key_file: Some(authority.write("joe.key", &identity.key_pem())),
    };
    let mut target = tls_target(&node, &authority, Some("main"));
    target.login = Some(Login::pki());
    fails(
        &target,
        soon(),
        Stage::Tls,
        "ADDRESS: TLS: a client certificate is required, are `--tls-certfile` and `--tls-keyfile` missing?",
    );
    let stranger = Authority::named("somebody else's").sign("joe", Blemish::None);
    let options_of_a_stranger = TlsOptions {
        cert_file: Some(authority.write("stranger.pem", stranger.certificate_pem())),
        key_file: Some(authority.write("stranger.key", &stranger.key_pem())),
        ..options.clone()
    };
    let mut show = |options: &TlsOptions| {
        target.tls = Some(Tls {
            config: client_config(options).unwrap(),
            name: Some("main".to_owned()),
        });
        target.clone()
    };
    fails(
        &show(&options_of_a_stranger),
        soon(),
        Stage::Tls,
        "ADDRESS: TLS: the CA of our client certificate is unknown there",
    );
    let target = show(&options);
    assert!(fetch(&target, &Likely::default(), soon()).is_ok());
}
