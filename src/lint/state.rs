//! What the server remembers while it reads, and what it checks when a section's `}` comes.

use crate::catalogue::{Context, Edition, Release};

use super::message::quote;
use super::namespace::Namespace;
use super::value::Value;
use super::{Code, Found, Place, quirks};

/// A word with its line.
pub(super) type Spot<'src> = (&'src [u8], u32);

/// A listening service: its port and its addresses.
#[derive(Default)]
pub(super) struct Service<'src> {
    pub(super) port: bool,
    pub(super) addresses: Vec<Spot<'src>>,
    pub(super) access: Vec<Spot<'src>>,
    pub(super) alternate: Vec<Spot<'src>>,
    /// For TLS: its `tls-name`, and whom it lets in.
    pub(super) name: Option<Spot<'src>>,
    pub(super) peers: Vec<Spot<'src>>,
}

/// How nodes find each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mode {
    Unset,
    Mesh,
    Multicast,
}

/// What `network.heartbeat` says.
pub(super) struct Heartbeat<'src> {
    pub(super) plain: Service<'src>,
    pub(super) tls: Service<'src>,
    pub(super) mode: Mode,
    pub(super) groups: Vec<Spot<'src>>,
    pub(super) seeds: Vec<Spot<'src>>,
    interval: u32,
    timeout: u32,
    connect: u32,
}

/// Everything that the server remembers.
pub(super) struct State<'src> {
    pub(super) release: Release,
    pub(super) edition: Edition,
    pub(super) cluster_name: Option<&'src [u8]>,
    pub(super) namespaces: Vec<&'src [u8]>,
    pub(super) namespace: Namespace<'src>,
    pub(super) sinks: usize,
    /// The line of the first log file without a path.
    pub(super) nameless_sink: Option<u32>,
    pub(super) node_id: Option<u32>,
    pub(super) node_id_interface: Option<u32>,
    pub(super) best_practices: bool,
    pub(super) service: Service<'src>,
    pub(super) tls_service: Service<'src>,
    pub(super) heartbeat: Heartbeat<'src>,
    pub(super) fabric: Service<'src>,
    pub(super) tls_fabric: Service<'src>,
    pub(super) info: Service<'src>,
    pub(super) admin: Service<'src>,
    pub(super) tls_admin: Service<'src>,
    /// The names of the `tls` sections.
    pub(super) tls_sections: Vec<&'src [u8]>,
    pub(super) feature_keys: Vec<&'src [u8]>,
    /// What the server notices when it opens the files of a namespace, with the line of its head.
    pub(super) late: Vec<(u32, String)>,
    threads: u32,
    pools: u32,
}

impl<'src> State<'src> {
    pub(super) fn new(release: Release, edition: Edition) -> State<'src> {
        State {
            release,
            edition,
            cluster_name: None,
            namespaces: Vec::new(),
            namespace: Namespace::default(),
            sinks: 0,
            nameless_sink: None,
            node_id: None,
            node_id_interface: None,
            best_practices: false,
            service: Service::default(),
            tls_service: Service::default(),
            heartbeat: Heartbeat {
                plain: Service::default(),
                tls: Service::default(),
                mode: Mode::Unset,
                groups: Vec::new(),
                seeds: Vec::new(),
                interval: 150,
                timeout: 10,
                connect: 500,
            },
            fabric: Service::default(),
            tls_fabric: Service::default(),
            info: Service::default(),
            admin: Service::default(),
            tls_admin: Service::default(),
            tls_sections: Vec::new(),
            feature_keys: Vec::new(),
            late: Vec::new(),
            threads: 16,
            pools: 1,
        }
    }

    /// Notes a line that the server has taken.
    pub(super) fn remember(
        &mut self,
        context: Context,
        name: &'static str,
        value: Value,
        spot: Spot<'src>,
    ) {
        match context {
            Context::Service => self.remember_service(name, value, spot.1),
            Context::NetworkService => {
                listen(&mut self.service, &mut self.tls_service, name, spot);
            }
            Context::NetworkInfo => {
                let mut none = Service::default();
                listen(&mut self.info, &mut none, name, spot);
            }
            Context::Network if name == "tls" => self.tls_sections.push(spot.0),
            Context::NetworkAdmin => listen(&mut self.admin, &mut self.tls_admin, name, spot),
            Context::Heartbeat => self.remember_heartbeat(name, value, spot),
            Context::Fabric => match (name, value) {
                ("channel-rw-recv-threads", Value::Number(number)) => self.threads = small(number),
                ("channel-rw-recv-pools", Value::Number(number)) => self.pools = small(number),
                _ => listen(&mut self.fabric, &mut self.tls_fabric, name, spot),
            },
            Context::Namespace
            | Context::IndexPmem
            | Context::IndexFlash
            | Context::SindexPmem
            | Context::SindexFlash
            | Context::StorageMemory
            | Context::StoragePmem
            | Context::StorageDevice => self.namespace.remember(context, name, value, spot.0),
            Context::Top
            | Context::Logging
            | Context::LogSink
            | Context::LogSyslog
            | Context::Network
            | Context::NetworkTls
            | Context::Set
            | Context::Sindex
            | Context::Geo2dsphere
            | Context::ModLua
            | Context::Security
            | Context::Ldap
            | Context::SecurityLog
            | Context::SecuritySyslog
            | Context::Xdr
            | Context::XdrDc
            | Context::XdrNamespace
            | Context::Unknown => {}
        }
    }

    fn remember_service(&mut self, name: &str, value: Value, line: u32) {
        match name {
            "node-id" => self.node_id = Some(line),
            "node-id-interface" => self.node_id_interface = Some(line),
            "enforce-best-practices" => self.best_practices = value == Value::Bool(true),
            _ => {}
        }
    }

    fn remember_heartbeat(&mut self, name: &str, value: Value, spot: Spot<'src>) {
        let heartbeat = &mut self.heartbeat;
        match (name, value) {
            ("interval", Value::Number(number)) => heartbeat.interval = small(number),
            ("timeout", Value::Number(number)) => heartbeat.timeout = small(number),
            ("connect-timeout-ms", Value::Number(number)) => heartbeat.connect = small(number),
            ("multicast-group", _) => heartbeat.groups.push(spot),
            ("mesh-seed-address-port" | "tls-mesh-seed-address-port", _) => {
                heartbeat.seeds.push(spot);
            }
            ("mode", _) => {
                heartbeat.mode = match spot.0 {
                    b"mesh" => Mode::Mesh,
                    _ => Mode::Multicast,
                };
            }
            _ => listen(&mut heartbeat.plain, &mut heartbeat.tls, name, spot),
        }
    }

    /// A namespace begins.
    pub(super) fn begin_namespace(&mut self, name: &'src [u8]) {
        if self.namespaces.len() < quirks::most_namespaces(self.edition) {
            self.namespaces.push(name);
        }
        self.namespace = Namespace::new(name);
    }

    /// The checks that the server makes at the `}` of a section; its head stands on `line`.
    pub(super) fn end(&mut self, context: Context, line: u32, found: &mut Found) {
        let (release, namespace) = (self.release, &self.namespace);
        let of = match context {
            Context::Heartbeat | Context::Fabric => None,
            // What else is checked stands in a namespace.
            _ => Some(namespace.name),
        };
        let end = &mut End { found, line, of };
        match context {
            Context::Heartbeat => self.heartbeat.end(release, end),
            Context::Fabric => self.end_fabric(end),
            Context::Namespace => {
                namespace.end(release, end);
                if let Some(text) = namespace.small_files(release) {
                    self.late.push((line, end.words(&text)));
                }
            }
            Context::IndexPmem | Context::IndexFlash => namespace.end_index(release, end),
            Context::SindexPmem | Context::SindexFlash => namespace.end_sindex(release, end),
            Context::StorageMemory => namespace.end_memory(end),
            Context::StoragePmem => namespace.end_persistent("a `file`", end),
            Context::StorageDevice => {
                namespace.end_persistent("a `device` or a `file`", end);
            }
            Context::Top
            | Context::Service
            | Context::Logging
            | Context::LogSink
            | Context::LogSyslog
            | Context::Network
            | Context::NetworkService
            | Context::NetworkInfo
            | Context::NetworkAdmin
            | Context::NetworkTls
            | Context::Set
            | Context::Sindex
            | Context::Geo2dsphere
            | Context::ModLua
            | Context::Security
            | Context::Ldap
            | Context::SecurityLog
            | Context::SecuritySyslog
            | Context::Xdr
            | Context::XdrDc
            | Context::XdrNamespace
            | Context::Unknown => {}
        }
    }

    fn end_fabric(&self, end: &mut End<'_>) {
        let (threads, pools) = (self.threads, self.pools);
        if !threads.is_multiple_of(pools.max(1)) {
            end.conflict(&format!(
                "`channel-rw-recv-threads` {threads} is not a multiple of `channel-rw-recv-pools` {pools}"
            ));
        }
    }
}

impl Heartbeat<'_> {
    /// The server multiplies in 32 bits.
    fn end(&self, release: Release, end: &mut End<'_>) {
        let most = self.interval.wrapping_mul(self.timeout) / 3;
        if release.is_from(5, 3) && self.connect > most {
            end.conflict(&format!(
                "`connect-timeout-ms` {} is greater than `interval` × `timeout` / 3, which is {most}",
                self.connect
            ));
        }
    }
}

/// What is said at the `}` of a section. The server names no line here; the section's head is worth a look.
pub(super) struct End<'found> {
    found: &'found mut Found,
    line: u32,
    /// The name of the namespace that it is of, or in.
    of: Option<&'found [u8]>,
}

impl End<'_> {
    pub(super) fn missing(&mut self, text: &str) {
        self.say(Code::MissingPart, text);
    }

    pub(super) fn missing_if(&mut self, is_missing: bool, text: &str) {
        if is_missing {
            self.missing(text);
        }
    }

    pub(super) fn conflict(&mut self, text: &str) {
        self.say(Code::Conflict, text);
    }

    pub(super) fn conflict_if(&mut self, is_conflict: bool, text: &str) {
        if is_conflict {
            self.conflict(text);
        }
    }

    fn say(&mut self, code: Code, text: &str) {
        let text = self.words(text);
        self.found.add(code, Place::About(self.line), text);
    }

    fn words(&self, text: &str) -> String {
        match self.of {
            Some(name) => format!("namespace {}: {text}", quote(name)),
            None => text.to_owned(),
        }
    }
}

fn listen<'src>(plain: &mut Service<'src>, tls: &mut Service<'src>, name: &str, spot: Spot<'src>) {
    let (service, name) = match name.strip_prefix("tls-") {
        Some(name) => (tls, name),
        None => (plain, name),
    };
    match name {
        "port" => service.port = true,
        "address" => service.addresses.push(spot),
        "access-address" => service.access.push(spot),
        "alternate-access-address" => service.alternate.push(spot),
        "name" => service.name = Some(spot),
        "authenticate-client" => service.peers.push(spot),
        _ => {}
    }
}

fn small(number: u64) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}
