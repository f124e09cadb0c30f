//! What the server checks after the last line, in its order. It names no lines here.

use crate::catalogue::Edition;

use super::address::{Address, judge};
use super::message::quote;
use super::names::is_template;
use super::state::{Mode, Service, Spot, State};
use super::{Code, Found, Place, tls};

/// Checks everything that the server checks when it has read the file.
pub(super) fn finish(state: &State<'_>, found: &mut Found) {
    if let Some(line) = state.nameless_sink {
        let text = "`file`: expected the path of a log, but found nothing".to_owned();
        found.add(Code::MissingValue, Place::About(line), text);
    }
    if state.release.is_from(7, 0) && state.cluster_name.is_none() {
        missing(found, "`cluster-name` in `service`");
    }
    if state.namespaces.is_empty() {
        missing(found, "a `namespace`");
    }
    if let (Some(_), Some(line)) = (state.node_id, state.node_id_interface) {
        found.add(
            Code::Conflict,
            Place::About(line),
            "`node-id` excludes `node-id-interface`".to_owned(),
        );
    }
    access(state, found);
    bind(state, &state.service, &state.tls_service, "service", found);
    tls::link(state, &state.tls_service, "service", found);
    heartbeat_and_fabric(state, found);
    if !state.release.is_from(8, 1) {
        addresses(state.edition, &state.info.addresses, found);
    } else if state.admin.port || state.tls_admin.port {
        addresses(state.edition, &state.admin.addresses, found);
        addresses(state.edition, &state.tls_admin.addresses, found);
        tls::link(state, &state.tls_admin, "admin", found);
    }
    validate_heartbeat(state, found);
    let admin = state.admin.port || state.tls_admin.port;
    if state.release.is_from(8, 1) && state.best_practices && !admin {
        let what = "an `admin` port in `network`, which `enforce-best-practices true` asks for,";
        missing(found, what);
    }
    for (line, text) in &state.late {
        found.add(Code::OutOfBounds, Place::About(*line), text.clone());
    }
    if state.sinks == 0 {
        found.add(
            Code::NoLogging,
            Place::File,
            "there is no `logging` sink, so nothing is logged, not even why the server stops"
                .to_owned(),
        );
    }
}

/// Addresses that clients are told; where there are none, those that the server binds to.
fn access(state: &State<'_>, found: &mut Found) {
    for service in [&state.service, &state.tls_service] {
        for spots in [&service.access, &service.alternate] {
            addresses(state.edition, spots, found);
            for (word, line) in spots {
                if judge(word, state.edition) == Address::Any {
                    found.add(
                        Code::BadAddress,
                        Place::About(*line),
                        format!(
                            "expected an address that clients can reach, but found {}",
                            quote(word)
                        ),
                    );
                }
            }
        }
    }
    let (plain, tls) = (&state.service, &state.tls_service);
    for (service, other) in [(plain, tls), (tls, plain)] {
        if service.access.is_empty() && !is_bound(service, other) {
            addresses(state.edition, &service.addresses, found);
        }
    }
}

/// Whether a port binds to the addresses of a service: its own, or that of the other one, which has no addresses.
fn is_bound(service: &Service<'_>, other: &Service<'_>) -> bool {
    service.port || (other.port && other.addresses.is_empty())
}

/// Checks the addresses that the ports of a section bind to; one of the ports has to be given.
fn bind(state: &State<'_>, plain: &Service<'_>, tls: &Service<'_>, name: &str, found: &mut Found) {
    for (service, other) in [(plain, tls), (tls, plain)] {
        if is_bound(service, other) {
            addresses(state.edition, &service.addresses, found);
        }
    }
    if !plain.port && !tls.port {
        missing(found, &format!("a `port` in `network.{name}`"));
    }
}

fn heartbeat_and_fabric(state: &State<'_>, found: &mut Found) {
    let heartbeat = &state.heartbeat;
    bind(state, &heartbeat.plain, &heartbeat.tls, "heartbeat", found);
    if heartbeat.tls.port && heartbeat.mode != Mode::Mesh {
        found.add(
            Code::Conflict,
            Place::File,
            "heartbeats with TLS need `mode mesh`".to_owned(),
        );
    }
    tls::link(state, &heartbeat.tls, "heartbeat", found);
    addresses(state.edition, &heartbeat.groups, found);
    bind(state, &state.fabric, &state.tls_fabric, "fabric", found);
    tls::link(state, &state.tls_fabric, "fabric", found);
}

fn validate_heartbeat(state: &State<'_>, found: &mut Found) {
    let heartbeat = &state.heartbeat;
    let conflict = |found: &mut Found, spots: &[Spot<'_>], text: &str| {
        if let Some((_, line)) = spots.first() {
            found.add(Code::Conflict, Place::About(*line), text.to_owned());
        }
    };
    match heartbeat.mode {
        Mode::Mesh => conflict(
            found,
            &heartbeat.groups,
            "`multicast-group` excludes `mode mesh`",
        ),
        Mode::Unset | Mode::Multicast => {
            if heartbeat.groups.is_empty() {
                let what = match heartbeat.mode {
                    Mode::Unset => "`mode` in `network.heartbeat`",
                    Mode::Mesh | Mode::Multicast => "a `multicast-group` in `network.heartbeat`",
                };
                missing(found, what);
            }
            conflict(
                found,
                &heartbeat.seeds,
                "`mesh-seed-address-port` needs `mode mesh`",
            );
        }
    }
}

fn missing(found: &mut Found, what: &str) {
    found.add(Code::MissingPart, Place::File, format!("{what} is missing"));
}

fn addresses(edition: Edition, spots: &[Spot<'_>], found: &mut Found) {
    for (word, line) in spots {
        if judge(word, edition) == Address::Impossible {
            let (code, message) = if word.is_empty() {
                let text = "expected an address, but found nothing".to_owned();
                (Code::BadAddress, text)
            } else if is_template(word) {
                let text = format!("{} is a template that was not rendered", quote(word));
                (Code::Template, text)
            } else {
                let text = format!("expected an address, but found {}", quote(word));
                (Code::BadAddress, text)
            };
            found.add(code, Place::About(*line), message);
        }
    }
}
