//! Mesh seeds: a node drops its own address from the list, and every machine's file may leave its own out.

use std::collections::BTreeSet;

use super::{Origin, Path, Settings, Value};

/// Which heartbeat the seeds are for: each has addresses and a port of its own.
#[derive(Clone, Copy)]
pub(super) enum Channel {
    /// `mesh-seed-address-port`.
    Clear,
    /// `tls-mesh-seed-address-port`.
    Tls,
}

impl Channel {
    fn addresses(self) -> &'static str {
        match self {
            Channel::Clear => "address",
            Channel::Tls => "tls-address",
        }
    }

    fn access_addresses(self) -> &'static str {
        match self {
            Channel::Clear => "access-address",
            Channel::Tls => "tls-access-address",
        }
    }

    fn port(self, settings: &Settings) -> Option<&str> {
        let heartbeat = Path::of("network").join("heartbeat");
        settings.one(&heartbeat.join(match self {
            Channel::Clear => "port",
            Channel::Tls => "tls-port",
        }))
    }
}

/// Whether two lists of seeds, `HOST:PORT` each, differ by the nodes' own addresses only.
pub(super) fn agree(
    channel: Channel,
    one: &Settings,
    seeds: &Value,
    other: &Settings,
    other_seeds: &Value,
) -> bool {
    let lists = [seeds, other_seeds].map(|value| match value {
        Value::Many(list) => Some(list.clone()),
        Value::One(only) if only.is_empty() => Some(Vec::new()),
        Value::One(only) => Some(vec![only.clone()]),
        Value::Anything => None,
    });
    let [Some(mine), Some(theirs)] = lists else {
        return true;
    };
    let own = [Own::of(channel, one), Own::of(channel, other)];
    let foreign = |list: &[String]| {
        let mut kept: Vec<String> = list
            .iter()
            .filter(|seed| !own.iter().any(|own| own.is(seed)))
            .cloned()
            .collect();
        kept.sort_unstable();
        kept.dedup();
        kept
    };
    let (mine, theirs) = (foreign(&mine), foreign(&theirs));
    mine == theirs || differ_by_one_own(channel, one, &mine, other, &theirs)
}

/// Which seed is the node's own cannot always be told: it may be given by name, or the node may listen on any
/// address and advertise another. Then one seed at the node's own port may be missing at run time.
fn differ_by_one_own(
    channel: Channel,
    one: &Settings,
    mine: &[String],
    other: &Settings,
    theirs: &[String],
) -> bool {
    let (file, settings, reported) = match (one.origin, other.origin) {
        (Origin::File, Origin::Runtime) => (mine, one, theirs),
        (Origin::Runtime, Origin::File) => (theirs, other, mine),
        (Origin::File, Origin::File) | (Origin::Runtime, Origin::Runtime) => return false,
    };
    // Both are sorted.
    let mut missing = file
        .iter()
        .filter(|seed| reported.binary_search(seed).is_err());
    let (Some(only), None) = (missing.next(), missing.next()) else {
        return false;
    };
    let Some((host, port)) = only.rsplit_once(':') else {
        return false;
    };
    let is_name = host.contains(|c: char| c.is_ascii_alphabetic()) && !host.contains(':');
    let may_be_own = is_name || !tells_its_addresses(channel, settings);
    may_be_own
        && Some(port) == channel.port(settings)
        && reported.iter().all(|seed| file.binary_search(seed).is_ok())
}

/// Whether the addresses that a node with this file advertises, or listens on, are all that it has.
fn tells_its_addresses(channel: Channel, settings: &Settings) -> bool {
    let network = Path::of("network");
    let list = |section: &str, name: &str| settings.many(&network.join(section).join(name));
    let is_open = |list: &[String]| {
        list.is_empty()
            || list
                .iter()
                .any(|address| address == "any" || address == "0.0.0.0")
    };
    let advertises_all = is_open(list("service", channel.addresses()))
        && list("service", channel.access_addresses()).is_empty();
    !is_open(list("heartbeat", channel.addresses())) || advertises_all
}

/// The addresses at which a node's own heartbeat is reached, as far as its settings tell.
struct Own<'a> {
    hosts: BTreeSet<&'a str>,
    port: Option<&'a str>,
    /// Whether only loopback can be meant by the settings of a running node.
    is_node: bool,
}

impl<'a> Own<'a> {
    fn of(channel: Channel, settings: &'a Settings) -> Own<'a> {
        let network = Path::of("network");
        let lists = [
            ("heartbeat", channel.addresses()),
            ("fabric", channel.addresses()),
            ("service", channel.addresses()),
            ("service", channel.access_addresses()),
        ];
        let mut hosts = BTreeSet::new();
        for (section, name) in lists {
            hosts.extend(
                settings
                    .many(&network.join(section).join(name))
                    .iter()
                    .map(String::as_str),
            );
        }
        hosts.extend(settings.own_addresses().iter().map(String::as_str));
        hosts.retain(|host| *host != "any" && *host != "0.0.0.0");
        Own {
            hosts,
            port: channel.port(settings),
            is_node: settings.origin == Origin::Runtime,
        }
    }

    fn is(&self, seed: &str) -> bool {
        let Some((host, port)) = seed.rsplit_once(':') else {
            return false;
        };
        let is_loopback = matches!(host, "localhost" | "::1" | "[::1]") || host.starts_with("127.");
        Some(port) == self.port && (self.hosts.contains(host) || (self.is_node && is_loopback))
    }
}
