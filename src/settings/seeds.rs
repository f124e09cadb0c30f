//! Mesh seeds: a node drops its own address from the list, and every machine's file may leave its own out.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;

use crate::order;

use super::{Origin, Path, Settings, Value};

/// Whether the path is a list of mesh seeds.
pub fn is_seeds(path: &Path) -> bool {
    path.as_str()
        .strip_prefix("network.heartbeat.")
        .is_some_and(|name| {
            matches!(
                name,
                "mesh-seed-address-port" | "tls-mesh-seed-address-port"
            )
        })
}

/// Whether a seed is certainly the own one of the node that has these settings.
pub fn is_own_seed(path: &Path, settings: &[&Settings], seed: &str) -> bool {
    settings.iter().any(|one| Own::of(one, path).is(seed))
}

/// The lists of many nodes with what each leaves out of its own added, if another node names it; then lists that
/// differ by the nodes' own addresses only are the same.
///
/// Where a source does not tell its addresses, a seed may be its own that is the only one it lacks, and that no other
/// lacks. A file's word is weaker than a node's: there everybody has to lack one.
pub fn completed(
    sources: &[&Settings],
    path: &Path,
    values: &[Option<Cow<'_, Value>>],
) -> Vec<Option<Value>> {
    let lists: Vec<Option<BTreeSet<&str>>> = values
        .iter()
        .map(|value| seeds_of(value.as_deref()?))
        .collect();
    let all = order::set(lists.iter().flatten().flatten().copied());
    let own: Vec<Own<'_>> = sources.iter().map(|source| Own::of(source, path)).collect();
    let lacks = |at: usize| -> Option<Vec<&str>> {
        let list = lists[at].as_ref()?;
        let foreign = all.iter().copied().filter(|seed| !list.contains(seed));
        Some(foreign.filter(|seed| !own[at].is(seed)).collect())
    };
    let lacking: Vec<Option<Vec<&str>>> = (0..lists.len()).map(lacks).collect();
    let only = |at: usize| match lacking[at].as_deref() {
        Some([only]) => Some(*only),
        Some(_) | None => None,
    };
    let mut lacked_by: BTreeMap<&str, usize> = BTreeMap::new();
    for seed in (0..lists.len()).filter_map(only) {
        *lacked_by.entry(seed).or_default() += 1;
    }
    let everybody_lacks_one = lacking.iter().flatten().all(|lacks| lacks.len() == 1);
    let are_many = lacking.iter().flatten().count() > 2;
    let is_own = |at: usize, seed: &str| {
        let source = sources[at];
        only(at) == Some(seed)
            && lacked_by.get(seed) == Some(&1)
            && match source.origin {
                Origin::Runtime => may_be_own(source, seed, path),
                Origin::File if !everybody_lacks_one => false,
                Origin::File => {
                    may_be_own(source, seed, path)
                        || (are_many && may_listen_at(source, seed, path))
                }
            }
    };
    let complete = |at: usize| {
        let missing = lacking[at].as_deref()?;
        let kept = all
            .iter()
            .filter(|seed| !missing.contains(seed) || is_own(at, seed));
        Some(Value::Many(kept.map(|seed| (*seed).to_owned()).collect()))
    };
    (0..lists.len()).map(complete).collect()
}

/// Whether two lists of seeds, `HOST:PORT` each, differ by the nodes' own addresses only.
pub(super) fn agree(
    path: &Path,
    one: &Settings,
    seeds: &Value,
    other: &Settings,
    other_seeds: &Value,
) -> bool {
    let [Some(mine), Some(theirs)] = [seeds, other_seeds].map(seeds_of) else {
        return true;
    };
    let own = [Own::of(one, path), Own::of(other, path)];
    let is_foreign = |seed: &&&str| !own.iter().any(|own| own.is(seed));
    let differing: Vec<&str> = mine
        .symmetric_difference(&theirs)
        .filter(is_foreign)
        .copied()
        .collect();
    if differing.is_empty() {
        return true;
    }
    match (one.origin, other.origin) {
        (Origin::File, Origin::Runtime) => is_one_own(path, &differing, &mine, other, &theirs),
        (Origin::Runtime, Origin::File) => is_one_own(path, &differing, &theirs, one, &mine),
        (Origin::File, Origin::File) | (Origin::Runtime, Origin::Runtime) => false,
    }
}

/// The seeds of a value; `None` where a template fills them in.
fn seeds_of(value: &Value) -> Option<BTreeSet<&str>> {
    match value {
        Value::Many(list) => Some(order::set(list.iter().map(String::as_str))),
        Value::One(only) if only.is_empty() => Some(BTreeSet::new()),
        Value::One(only) => Some(BTreeSet::from([only.as_str()])),
        Value::Anything => None,
    }
}

/// Which seed is the node's own cannot always be told: it may be given by name, or the node may listen on any
/// address and advertise another. Then one seed at the node's own port may be missing at run time. The node dropped it
/// by what it runs with, whatever the file says since. Where it reports one that the file lacks, its own one too, the
/// file was edited, and the missing one may as well be new.
fn is_one_own(
    path: &Path,
    differing: &[&str],
    file: &BTreeSet<&str>,
    node: &Settings,
    reported: &BTreeSet<&str>,
) -> bool {
    matches!(differing, [only] if may_be_own(node, only, path)) && reported.is_subset(file)
}

/// Whether a seed may be the node's own although its settings do not say so.
fn may_be_own(settings: &Settings, seed: &str, path: &Path) -> bool {
    let Some((host, port)) = seed.rsplit_once(':') else {
        return false;
    };
    let is_name = host.contains(|c: char| c.is_ascii_alphabetic()) && !host.contains(':');
    (is_name || !tells_its_addresses(settings)) && HeartbeatPort::of(settings, path).may_be(port)
}

/// Whether a node with these settings listens at the seed's port, and says no address at which alone it does.
fn may_listen_at(settings: &Settings, seed: &str, path: &Path) -> bool {
    let port = seed.rsplit_once(':').map(|(_, port)| port);
    listens_anywhere(settings)
        && port.is_some_and(|port| HeartbeatPort::of(settings, path).may_be(port))
}

fn listens_anywhere(settings: &Settings) -> bool {
    is_any(settings.many(&Path::of("network").join("heartbeat").join("address")))
}

/// Whether a list of addresses to listen at, which may be empty, has all of them.
fn is_any(addresses: &[String]) -> bool {
    let is_any = |address: &String| address == "any" || address == "0.0.0.0";
    addresses.is_empty() || addresses.iter().any(is_any)
}

/// Whether the addresses that a node advertises, or listens on, are all that it has: one that listens on any address
/// advertises them all.
fn tells_its_addresses(settings: &Settings) -> bool {
    let service = Path::of("network").join("service");
    let list = |name: &str| settings.many(&service.join(name));
    let advertises_all = is_any(list("address")) && list("access-address").is_empty();
    !listens_anywhere(settings) || advertises_all
}

/// What a machine calls itself.
const LOCALHOST: [&str; 4] = ["localhost", "127.0.0.1", "::1", "[::1]"];

/// The addresses at which a node's own heartbeat is reached, as far as its settings tell.
struct Own<'a> {
    hosts: BTreeSet<&'a str>,
    port: HeartbeatPort<'a>,
    /// Whether any loopback address is this running node: it hears heartbeats at addresses that its settings leave
    /// open. One that names its address may share the machine with nodes at other loopback addresses.
    is_all_loopback: bool,
}

impl<'a> Own<'a> {
    fn of(settings: &'a Settings, path: &Path) -> Own<'a> {
        let network = Path::of("network");
        let lists = [
            ("heartbeat", "address"),
            ("heartbeat", "tls-address"),
            ("fabric", "address"),
            ("service", "address"),
            ("service", "access-address"),
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
        // A node gives its IPv6 addresses in brackets.
        let bare = |address: &'a String| address.trim_matches(['[', ']']);
        hosts.extend(settings.own_addresses().iter().map(bare));
        hosts.retain(|host| *host != "any" && *host != "0.0.0.0");
        if LOCALHOST.iter().any(|name| hosts.contains(name)) {
            hosts.extend(LOCALHOST);
        }
        Own {
            hosts,
            port: HeartbeatPort::of(settings, path),
            is_all_loopback: settings.origin == Origin::Runtime && !names_its_addresses(settings),
        }
    }

    fn is(&self, seed: &str) -> bool {
        let Some((host, port)) = seed.rsplit_once(':') else {
            return false;
        };
        let is_loopback = LOCALHOST.contains(&host) || host.starts_with("127.");
        self.port.may_be(port)
            && (self.hosts.contains(host) || (self.is_all_loopback && is_loopback))
    }
}

/// Whether every address at which the node hears heartbeats is given as a number, not as an interface or by a name.
fn names_its_addresses(settings: &Settings) -> bool {
    let heartbeat = Path::of("network").join("heartbeat");
    let given = ["address", "tls-address"]
        .map(|name| settings.many(&heartbeat.join(name)))
        .concat();
    let is_number = |address: &String| {
        let number = address.trim_start_matches('[').trim_end_matches(']');
        number
            .parse::<IpAddr>()
            .is_ok_and(|address| !address.is_unspecified())
    };
    !given.is_empty() && given.iter().all(is_number)
}

/// The port at which a node hears the heartbeats that seeds of one kind are asked for.
#[derive(Clone, Copy)]
enum HeartbeatPort<'a> {
    Is(&'a str),
    None,
    /// The answer breaks off before it.
    Unseen,
}

impl<'a> HeartbeatPort<'a> {
    fn of(settings: &'a Settings, seeds: &Path) -> HeartbeatPort<'a> {
        let name = match seeds.as_str() {
            "network.heartbeat.tls-mesh-seed-address-port" => "tls-port",
            _ => "port",
        };
        let path = Path::of("network").join("heartbeat").join(name);
        match settings.one(&path) {
            Some(port) => HeartbeatPort::Is(port),
            None if settings.is_unseen(&path) => HeartbeatPort::Unseen,
            None => HeartbeatPort::None,
        }
    }

    fn may_be(self, port: &str) -> bool {
        match self {
            HeartbeatPort::Is(own) => own == port,
            HeartbeatPort::None => false,
            HeartbeatPort::Unseen => true,
        }
    }
}
