//! A small model of servers: any configuration that one would start with, made from the catalogue, and what such a
//! server reports of it.
#![allow(dead_code, unreachable_pub)] // Each test program uses its own part.

mod report;
mod write;

use ascad::catalogue::{self, Availability, Context, Default, Edition, Kind, Release, Row, Times};

pub use report::{Reported, Server};

/// Numbers out of a seed; good enough to choose with.
pub struct Dice(u64);

impl Dice {
    pub fn new(seed: u64) -> Dice {
        Dice(seed)
    }

    pub fn number(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    pub fn below(&mut self, end: u64) -> u64 {
        self.number() % end.max(1)
    }

    /// True once in so many times.
    pub fn once_in(&mut self, times: u64) -> bool {
        self.below(times) == 0
    }

    pub fn one_of<'a, T>(&mut self, all: &'a [T]) -> &'a T {
        &all[usize::try_from(self.below(all.len() as u64)).unwrap()]
    }

    pub fn word(&mut self, all: &[&'static str]) -> &'static str {
        self.one_of::<&'static str>(all)
    }

    pub fn shuffle<T>(&mut self, all: &mut [T]) {
        for at in (1..all.len()).rev() {
            let other = usize::try_from(self.below(at as u64 + 1)).unwrap();
            all.swap(at, other);
        }
    }
}

/// A parameter with its values in canonical form.
#[derive(Clone, Debug)]
pub struct Said {
    pub row: &'static Row,
    pub values: Vec<String>,
}

/// A section with what it says.
#[derive(Clone, Debug)]
pub struct Section {
    pub context: Context,
    /// `namespace`, `service`, `storage-engine`.
    pub name: &'static str,
    /// `test` of `namespace test`; empty where there is none.
    pub title: String,
    pub said: Vec<Said>,
    pub sections: Vec<Section>,
    /// `context NAME LEVEL` lines of a log sink.
    pub levels: Vec<(String, String)>,
    /// Whether it is a block; up to 6.4 an engine in memory is none.
    pub is_block: bool,
}

impl Section {
    pub fn new(context: Context, name: &'static str, title: &str) -> Section {
        Section {
            context,
            name,
            title: title.to_owned(),
            said: Vec::new(),
            sections: Vec::new(),
            levels: Vec::new(),
            is_block: true,
        }
    }

    pub fn says(&self, name: &str) -> Option<&[String]> {
        let said = self.said.iter().find(|said| said.row.name() == name)?;
        Some(&said.values)
    }

    pub fn section(&self, context: Context) -> Option<&Section> {
        self.sections
            .iter()
            .find(|section| section.context == context)
    }

    /// Whether a namespace makes the server start more threads.
    pub fn waits_for_devices(&self, release: Release) -> bool {
        self.sections.iter().any(|storage| {
            let is_true = |name: &str| storage.says(name) == Some(&["true".to_owned()]);
            let backs = |name: &str| storage.says(name).is_some();
            let is_committed = is_true("commit-to-device");
            let is_shadow = |device: &String| device.contains(' ');
            match storage.context {
                Context::StorageDevice => !is_true("data-in-memory") || is_committed,
                Context::StorageMemory => is_committed && (backs("file") || backs("device")),
                Context::StoragePmem => {
                    let shadows = storage
                        .says("file")
                        .is_some_and(|files| files.iter().any(is_shadow));
                    release.is_from(7, 0) && is_committed && shadows
                }
                _ => false,
            }
        })
    }
}

/// A configuration for one server.
#[derive(Clone, Debug)]
pub struct Config {
    pub release: Release,
    pub edition: Edition,
    pub top: Section,
}

/// The rows of a context on this release, but for sections and what is gone.
pub fn rows(context: Context, release: Release) -> impl Iterator<Item = &'static Row> {
    catalogue::rows(context)
        .iter()
        .filter(move |row| row.since <= release && release <= row.until)
        .filter(|row| !matches!(row.kind, Kind::Section | Kind::Obsolete))
}

const RELEASES: [Release; 10] = [
    Release::new(5, 7, 0),
    Release::new(6, 0, 0),
    Release::new(6, 2, 0),
    Release::new(6, 3, 0),
    Release::new(6, 4, 0),
    Release::new(7, 0, 0),
    Release::new(7, 1, 0),
    Release::new(7, 2, 0),
    Release::new(8, 0, 0),
    Release::new(8, 1, 2),
];

impl Config {
    pub fn generate(dice: &mut Dice) -> Config {
        let release = *dice.one_of(&RELEASES);
        let edition = *dice.one_of(&[Edition::Community, Edition::Enterprise]);
        let mut making = Making {
            dice,
            release,
            edition,
        };
        let top = making.top();
        Config {
            release,
            edition,
            top,
        }
    }
}

struct Making<'d> {
    dice: &'d mut Dice,
    release: Release,
    edition: Edition,
}

impl Making<'_> {
    fn top(&mut self) -> Section {
        let mut top = Section::new(Context::Top, "", "");
        top.sections
            .push(self.section(Context::Service, "service", ""));
        top.sections.push(self.logging());
        top.sections.push(self.network());
        for name in ["test", "a-b", "Bar_1", "x"]
            .into_iter()
            .take(1 + usize::from(self.dice.once_in(2)))
        {
            let namespace = self.namespace(name);
            top.sections.push(namespace);
        }
        if self.edition == Edition::Enterprise && self.dice.once_in(2) {
            let security = self.security();
            top.sections.push(security);
            let xdr = self.xdr();
            top.sections.push(xdr);
        }
        top
    }

    /// A section with some of its parameters.
    fn section(&mut self, context: Context, name: &'static str, title: &str) -> Section {
        let mut section = Section::new(context, name, title);
        for row in rows(context, self.release) {
            let is_refused =
                row.edition == Availability::EnterpriseOnly && self.edition == Edition::Community;
            if is_refused || row.default == Default::Unknown || NEVER.contains(&row.name()) {
                continue;
            }
            if self.dice.once_in(3) {
                let said = self.said(row);
                section.said.push(said);
            }
        }
        section
    }

    fn said(&mut self, row: &'static Row) -> Said {
        let count = match row.times {
            Times::One => 1,
            // Line is stored over line.
            Times::Many if row.name() == "secrets-address-port" => 1,
            Times::Many => 1 + self.dice.below(12),
        };
        let mut values: Vec<String> = Vec::new();
        for at in 0..count {
            let value = value_of(self.dice, row, self.edition, at);
            if !values.contains(&value) {
                values.push(value);
            }
        }
        Said { row, values }
    }

    fn set(&mut self, section: &mut Section, name: &str, value: &str) {
        section.said.retain(|said| said.row.name() != name);
        let row = rows(section.context, self.release).find(|row| row.name() == name);
        section.said.push(Said {
            row: row.unwrap_or_else(|| panic!("{name} on {}", self.release)),
            values: vec![value.to_owned()],
        });
    }

    fn logging(&mut self) -> Section {
        let mut logging = Section::new(Context::Logging, "logging", "");
        let mut sinks = vec![
            Section::new(Context::LogSink, "console", ""),
            Section::new(
                Context::LogSink,
                "file",
                "/var/log/a b.log".split(' ').next().unwrap(),
            ),
            Section::new(Context::LogSink, "file", "rel:1;x.log"),
        ];
        if self.release.is_from(6, 3) {
            sinks.push(self.section(Context::LogSyslog, "syslog", ""));
        }
        for mut sink in sinks {
            if self.dice.once_in(2) {
                continue;
            }
            for context in ["any", "migrate", "tls", "rw", "any", "audit"] {
                if self.dice.once_in(2) {
                    let level = *self
                        .dice
                        .one_of(&["critical", "warning", "info", "debug", "detail"]);
                    sink.levels.push((context.to_owned(), level.to_owned()));
                }
            }
            logging.sections.push(sink);
        }
        logging
    }

    fn network(&mut self) -> Section {
        let mut network = Section::new(Context::Network, "network", "");
        let mut service = self.section(Context::NetworkService, "service", "");
        self.set(&mut service, "port", "3000");
        let mut heartbeat = self.section(Context::Heartbeat, "heartbeat", "");
        let mode = *self.dice.one_of(&["mesh", "multicast"]);
        self.set(&mut heartbeat, "mode", mode);
        self.set(&mut heartbeat, "port", "3002");
        let other = if mode == "mesh" {
            "multicast"
        } else {
            "mesh-seed"
        };
        heartbeat
            .said
            .retain(|said| !said.row.name().contains(other));
        let mut fabric = self.section(Context::Fabric, "fabric", "");
        self.set(&mut fabric, "port", "3001");
        network.sections.extend([service, heartbeat, fabric]);
        if self.release.is_from(8, 1) && self.dice.once_in(2) {
            let mut admin = self.section(Context::NetworkAdmin, "admin", "");
            self.set(&mut admin, "port", "3008");
            network.sections.push(admin);
        }
        if self.edition == Edition::Enterprise {
            for name in ["b.example.com", "a"] {
                if self.dice.once_in(2) {
                    let tls = self.section(Context::NetworkTls, "tls", name);
                    network.sections.push(tls);
                }
            }
        }
        network
    }

    fn namespace(&mut self, name: &str) -> Section {
        let mut namespace = self.section(Context::Namespace, "namespace", name);
        if namespace.says("strong-consistency") == Some(&["true".to_owned()]) {
            let is_override = |said: &Said| said.row.name().ends_with("-level-override");
            namespace.said.retain(|said| !is_override(said));
        }
        let is_modern = self.release.is_from(7, 0);
        let is_enterprise = self.edition == Edition::Enterprise;
        let mut engines = vec![
            (Context::StorageMemory, "memory"),
            (Context::StorageDevice, "device"),
        ];
        if is_enterprise {
            engines.push((Context::StoragePmem, "pmem"));
        }
        let (context, engine) = *self.dice.one_of(&engines);
        let mut storage = self.section(context, "storage-engine", engine);
        // Files and devices do not mix.
        let unwanted = *self.dice.one_of(&["device", "file"]);
        storage.said.retain(|said| said.row.name() != unwanted);
        if context == Context::StorageMemory && !is_modern {
            storage.said.clear();
            storage.is_block = false;
        }
        namespace.sections.push(storage);
        if is_enterprise && self.dice.once_in(2) {
            let index = self.section(Context::IndexFlash, "index-type", "flash");
            namespace.sections.push(index);
        }
        if is_enterprise && self.release.is_from(6, 4) && self.dice.once_in(2) {
            let index = self.section(Context::SindexPmem, "sindex-type", "pmem");
            namespace.sections.push(index);
        }
        for set in ["users", "123", "1e5", "true", "A.b"] {
            if self.dice.once_in(3) {
                let set = self.section(Context::Set, "set", set);
                namespace.sections.push(set);
            }
        }
        if self.dice.once_in(2) {
            let geo = self.section(Context::Geo2dsphere, "geo2dsphere-within", "");
            namespace.sections.push(geo);
        }
        namespace
    }

    fn security(&mut self) -> Section {
        let mut security = self.section(Context::Security, "security", "");
        security
            .sections
            .push(self.section(Context::Ldap, "ldap", ""));
        security
            .sections
            .push(self.section(Context::SecurityLog, "log", ""));
        if !self.release.is_from(6, 3) {
            security
                .sections
                .push(self.section(Context::SecuritySyslog, "syslog", ""));
        }
        security
    }

    fn xdr(&mut self) -> Section {
        let mut xdr = self.section(Context::Xdr, "xdr", "");
        for name in ["DC1", "kafka:8901", "_"] {
            if !self.dice.once_in(2) {
                continue;
            }
            let mut centre = self.section(Context::XdrDc, "dc", name);
            for namespace in ["test", "other.one"] {
                if self.dice.once_in(2) {
                    let namespace = self.section(Context::XdrNamespace, "namespace", namespace);
                    centre.sections.push(namespace);
                }
            }
            xdr.sections.push(centre);
        }
        xdr
    }
}

/// Set by the sections that need them, or not at all.
const NEVER: &[&str] = &[
    "mode",
    "port",
    "storage-engine",
    "index-type",
    "sindex-type",
    "sindex",
];

/// Another value that a server takes, in canonical form.
pub fn value_of(dice: &mut Dice, row: &Row, edition: Edition, at: u64) -> String {
    // The published bounds are wrong but for those that depend on the edition.
    let depends = matches!(
        row.name(),
        "replication-factor" | "min-cluster-size" | "index-stage-size"
    );
    let edition = if depends { edition } else { Edition::Community };
    let least = row.min.of(edition).unwrap_or(0);
    let most = row
        .max
        .of(edition)
        .unwrap_or(u64::from(u32::MAX))
        .max(least);
    let between = |dice: &mut Dice, least: u64, most: u64| {
        let span = (most - least).saturating_add(1);
        (least + dice.below(span.min(100_000))).to_string()
    };
    match row.kind {
        Kind::Bool | Kind::BoolOrBare => dice.one_of(&["true", "false"]).to_string(),
        Kind::Flag => "true".to_owned(),
        Kind::Enum => {
            let words: Vec<&str> = row.words().collect();
            (*dice.one_of(&words)).to_owned()
        }
        Kind::U8 => between(dice, least, most.min(255)),
        Kind::U16 => between(dice, least, most.min(65535)),
        Kind::U32 | Kind::U64 | Kind::I32 | Kind::Seconds => between(dice, least, most),
        Kind::Port => between(dice, 1024, 65535),
        Kind::PowerOf2 => {
            let powers: Vec<u64> = (0..40).map(|power| 1u64 << power).collect();
            let fitting: Vec<&u64> = powers
                .iter()
                .filter(|power| (least..=most).contains(power))
                .collect();
            dice.one_of(&fitting).to_string()
        }
        Kind::Multiple(of) => (dice.below(1000) * u64::from(of)).to_string(),
        Kind::Hex => format!("{:X}", 1 + dice.below(1 << 48)),
        Kind::PctOrMinus1 => match dice.below(102) {
            101 => "4294967295".to_owned(),
            percent => percent.to_string(),
        },
        Kind::Address => format!("10.{}.0.{at}", dice.below(5)),
        Kind::Text if row.name().ends_with("address-port") => {
            let host = ["10.9", "fe80::10.9"][dice.below(2) as usize];
            let name = match row.name() {
                "node-address-port" | "secrets-address-port" if dice.once_in(3) => ":tls-a.b",
                _ => "",
            };
            let port = 4000 + dice.below(1000);
            format!("{host}.{}.{at}:{port}{name}", dice.below(5))
        }
        Kind::Text => match row.name() {
            "device" | "file" => match dice.below(2) {
                0 => format!("/dev/{}-{at}", dice.below(100)),
                _ => format!("/dev/{}-{at} /dev/shadow-{at}", dice.below(100)),
            },
            "report-data-op" => match dice.below(2) {
                0 => format!("ns-{at}"),
                _ => format!("ns-{at}:set-{}", dice.below(9)),
            },
            _ => format!("w{}-a=b.{at}", dice.below(1000)),
        },
        Kind::Section | Kind::Obsolete => unreachable!("never chosen"),
    }
}
