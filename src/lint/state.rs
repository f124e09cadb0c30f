//! What the server remembers while it reads, and what it checks when a section's `}` comes.

use crate::catalogue::{Context, Edition, Release};

use super::value::Value;
use super::{Code, Found, Place, message, quirks};

/// A word with its line.
pub(super) type Spot<'src> = (&'src [u8], u32);

/// A listening service: its port and its addresses.
#[derive(Default)]
pub(super) struct Service<'src> {
    pub(super) port: bool,
    pub(super) addresses: Vec<Spot<'src>>,
    pub(super) access: Vec<Spot<'src>>,
    pub(super) alternate: Vec<Spot<'src>>,
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

/// One namespace, from its head to its `}`.
#[derive(Default)]
pub(super) struct Namespace<'src> {
    pub(super) name: &'src [u8],
    pub(super) engine: Option<Context>,
    pub(super) files: Vec<&'src [u8]>,
    pub(super) devices: Vec<&'src [u8]>,
    pub(super) shadows: Vec<&'src [u8]>,
    flash_index: bool,
    numbers: [u64; NUMBERS.len()],
    flags: [bool; FLAGS.len()],
    compression: &'src [u8],
    key_file: bool,
}

/// The numbers of a namespace that take part in checks.
const NUMBERS: &[&str] = &[
    "memory-size",
    "default-ttl",
    "nsup-period",
    "max-record-size",
    "write-block-size",
    "post-write-queue",
    "filesize",
    "data-size",
    "flush-size",
    "compression-level",
    "compression-acceleration",
    "mounts-size-limit",
    "mounts-budget",
];

/// The booleans of a namespace that take part in checks.
const FLAGS: &[&str] = &[
    "allow-ttl-without-nsup",
    "data-in-index",
    "single-bin",
    "conflict-resolve-writes",
    "data-in-memory",
    "cache-replica-writes",
    "sindex-startup-device-scan",
    "commit-to-device",
    "disable-odsync",
];

/// Everything that the server remembers.
pub(super) struct State<'src> {
    pub(super) release: Release,
    pub(super) edition: Edition,
    pub(super) cluster_name: bool,
    pub(super) namespaces: Vec<&'src [u8]>,
    pub(super) namespace: Namespace<'src>,
    pub(super) sinks: usize,
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
    threads: u32,
    pools: u32,
}

impl<'src> Namespace<'src> {
    fn number(&self, name: &str) -> u64 {
        NUMBERS
            .iter()
            .position(|known| *known == name)
            .map_or(0, |at| self.numbers[at])
    }

    fn flag(&self, name: &str) -> bool {
        FLAGS
            .iter()
            .position(|known| *known == name)
            .is_some_and(|at| self.flags[at])
    }

    fn remember(&mut self, name: &str, value: Value, word: &'src [u8]) {
        match (name, value) {
            ("compression", _) => self.compression = word,
            ("encryption-key-file", _) => self.key_file = true,
            (_, Value::Number(number)) => {
                if let Some(at) = NUMBERS.iter().position(|known| *known == name) {
                    self.numbers[at] = number;
                }
            }
            (_, Value::Bool(flag)) => {
                if let Some(at) = FLAGS.iter().position(|known| *known == name) {
                    self.flags[at] = flag;
                }
            }
            (_, Value::Word) => {}
        }
    }
}

impl<'src> State<'src> {
    pub(super) fn new(release: Release, edition: Edition) -> State<'src> {
        State {
            release,
            edition,
            cluster_name: false,
            namespaces: Vec::new(),
            namespace: Namespace::default(),
            sinks: 0,
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
            | Context::StorageMemory
            | Context::StoragePmem
            | Context::StorageDevice => {
                if name == "index-type" {
                    self.namespace.flash_index = spot.0 == b"flash";
                }
                self.namespace.remember(name, value, spot.0);
            }
            _ => {}
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
        self.namespace = Namespace {
            name,
            ..Namespace::default()
        };
        let block = NUMBERS
            .iter()
            .position(|known| *known == "write-block-size");
        let queue = NUMBERS
            .iter()
            .position(|known| *known == "post-write-queue");
        if let (Some(block), Some(queue)) = (block, queue) {
            self.namespace.numbers[block] = 1 << 20;
            self.namespace.numbers[queue] = 256;
        }
    }

    /// The checks that the server makes at the `}` of a section; its head stands on `line`.
    pub(super) fn end(&self, context: Context, line: u32, found: &mut Found) {
        let release = self.release;
        let mut say = |code: Code, text: &str| {
            found.add(code, Place::About(line), text.to_owned());
        };
        match context {
            Context::Heartbeat if release.is_from(5, 3) => {
                let heartbeat = &self.heartbeat;
                if heartbeat.connect > heartbeat.interval.wrapping_mul(heartbeat.timeout) / 3 {
                    say(
                        Code::Conflict,
                        &format!(
                            "`connect-timeout-ms` {} is greater than `interval` × `timeout` / 3, which is {}",
                            heartbeat.connect,
                            heartbeat.interval.wrapping_mul(heartbeat.timeout) / 3
                        ),
                    );
                }
            }
            Context::Fabric if !self.threads.is_multiple_of(self.pools.max(1)) => say(
                Code::Conflict,
                &format!(
                    "`channel-rw-recv-threads` {} is not a multiple of `channel-rw-recv-pools` {}",
                    self.threads, self.pools
                ),
            ),
            Context::Namespace
            | Context::IndexPmem
            | Context::IndexFlash
            | Context::SindexPmem
            | Context::SindexFlash
            | Context::StorageMemory
            | Context::StoragePmem
            | Context::StorageDevice => {
                let name = message::quote(self.namespace.name);
                let mut say = |code: Code, text: &str| {
                    say(code, &format!("namespace {name}: {text}"));
                };
                match context {
                    Context::Namespace => self.namespace.end(release, &mut say),
                    Context::StorageMemory => self.namespace.end_memory(&mut say),
                    Context::StoragePmem => self.namespace.end_persistent(false, &mut say),
                    Context::StorageDevice => self.namespace.end_persistent(true, &mut say),
                    _ => self.namespace.end_mounts(release, &mut say),
                }
            }
            _ => {}
        }
    }
}

impl Namespace<'_> {
    fn end(&self, release: Release, say: &mut dyn FnMut(Code, &str)) {
        if release.is_from(7, 0) {
            if self.engine.is_none() {
                say(Code::MissingPart, "`storage-engine` is missing");
            }
            if self.flash_index && self.engine != Some(Context::StorageDevice) {
                say(
                    Code::Conflict,
                    "`index-type flash` needs `storage-engine device`",
                );
            }
        } else if self.number("memory-size") == 0 {
            say(Code::MissingPart, "`memory-size` is missing");
        }
        if self.number("default-ttl") != 0
            && self.number("nsup-period") == 0
            && !self.flag("allow-ttl-without-nsup")
        {
            say(
                Code::Conflict,
                "`default-ttl` other than 0 needs `nsup-period` or `allow-ttl-without-nsup true`",
            );
        }
        if release.is_from(7, 1) {
            return;
        }
        let device = self.engine == Some(Context::StorageDevice);
        if self.flag("data-in-index")
            && !(self.flag("single-bin") && self.flag("data-in-memory") && device)
        {
            say(
                Code::Conflict,
                "`data-in-index true` needs `storage-engine device`, `single-bin true` and `data-in-memory true`",
            );
        }
        if self.engine == Some(Context::StoragePmem) && self.flash_index {
            say(
                Code::Conflict,
                "`storage-engine pmem` excludes `index-type flash`",
            );
        }
        if self.flag("conflict-resolve-writes") && self.flag("single-bin") {
            say(
                Code::Conflict,
                "`conflict-resolve-writes true` excludes `single-bin true`",
            );
        }
        let most = match self.engine {
            Some(Context::StorageDevice) => self.number("write-block-size"),
            Some(Context::StoragePmem) => 8 << 20,
            _ if release.is_from(7, 0) => 8 << 20,
            _ => 128 << 20,
        };
        if self.number("max-record-size") > most {
            say(
                Code::Conflict,
                &format!("`max-record-size` is greater than {most}, the size of a write block"),
            );
        }
    }

    fn end_memory(&self, say: &mut dyn FnMut(Code, &str)) {
        let backed = !self.files.is_empty() || !self.devices.is_empty();
        let sized = self.number("data-size") != 0;
        if !backed && !sized {
            say(
                Code::MissingPart,
                "`storage-engine memory` needs `data-size`, or a `file` or `device` behind it",
            );
        }
        if backed && sized {
            say(
                Code::Conflict,
                "`data-size` excludes a `file` or `device` behind it",
            );
        }
        if !backed && self.number("flush-size") != 0 {
            say(
                Code::Conflict,
                "`flush-size` needs a `file` or `device` behind it",
            );
        }
        self.end_files(say);
        if !backed && self.key_file {
            say(
                Code::Conflict,
                "`encryption-key-file` needs a `file` or `device` behind it",
            );
        }
        if !backed && self.flag("commit-to-device") {
            say(
                Code::Conflict,
                "`commit-to-device` needs a `file` or `device` behind it",
            );
        }
        self.end_common(say);
    }

    fn end_persistent(&self, device: bool, say: &mut dyn FnMut(Code, &str)) {
        if self.files.is_empty() && self.devices.is_empty() {
            let needs = if device {
                "a `device` or a `file`"
            } else {
                "a `file`"
            };
            say(
                Code::MissingPart,
                &format!("`storage-engine` needs {needs}"),
            );
        }
        self.end_files(say);
        if self.flag("data-in-memory") {
            if !matches!(self.number("post-write-queue"), 0 | 256) {
                say(
                    Code::Conflict,
                    "`post-write-queue` excludes `data-in-memory true`",
                );
            }
            for other in ["cache-replica-writes", "sindex-startup-device-scan"] {
                if self.flag(other) {
                    say(
                        Code::Conflict,
                        &format!("`{other} true` excludes `data-in-memory true`"),
                    );
                }
            }
        }
        self.end_common(say);
    }

    fn end_files(&self, say: &mut dyn FnMut(Code, &str)) {
        if !self.files.is_empty() && self.number("filesize") == 0 {
            say(Code::MissingPart, "a `file` needs `filesize`");
        }
    }

    fn end_common(&self, say: &mut dyn FnMut(Code, &str)) {
        if self.flag("commit-to-device") && self.flag("disable-odsync") {
            say(
                Code::Conflict,
                "`commit-to-device true` excludes `disable-odsync true`",
            );
        }
        if self.number("compression-acceleration") != 0 && self.compression != b"lz4" {
            say(
                Code::Conflict,
                "`compression-acceleration` needs `compression lz4`",
            );
        }
        if self.number("compression-level") != 0 && self.compression != b"zstd" {
            say(
                Code::Conflict,
                "`compression-level` needs `compression zstd`",
            );
        }
    }

    fn end_mounts(&self, release: Release, say: &mut dyn FnMut(Code, &str)) {
        let name = if release.is_from(7, 0) {
            "mounts-budget"
        } else {
            "mounts-size-limit"
        };
        if self.number(name) == 0 {
            say(Code::MissingPart, &format!("`{name}` is missing"));
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
        _ => {}
    }
}

fn small(number: u64) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}
