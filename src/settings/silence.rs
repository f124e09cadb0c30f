//! What it means that a source leaves something out, and where a fresh server reports otherwise than its file says.
//!
//! All of it was seen on running servers; the table of the facts about the runtime has the list.

use crate::catalogue::{self, Context, Default, Edition, Kind, Row, Times};

use super::derived::NO_QUEUE;
use super::seeds;
use super::value;
use super::{Origin, Path, Setting, Settings, Value};

/// Where a source stands on a path.
#[derive(Clone, Debug)]
pub enum Stand<'a> {
    /// It says so, or its sections imply it.
    Says(&'a Setting),
    /// It is silent, and that means this value.
    Means(Value),
    /// It is silent, and nothing can be concluded from that.
    Open(Why),
}

/// Why silence says nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Why {
    /// The machine decides what the server does.
    MachineDecides,
    /// Servers do not report it.
    NotReported,
    /// The default is not known.
    UnknownDefault,
    /// This release, or this storage engine, has no such parameter; or the catalogue does not know it.
    NoSuchParameter,
    /// The answer that would hold it could not be had.
    Unseen,
    /// A template fills it in.
    Templated,
}

/// Parameters that servers take at run time and report, but refuse in a file.
const RUNTIME_ONLY: &[(Context, &str, &str)] = &[
    (Context::Namespace, "force-long-queries", "false"),
    (Context::Service, "proto-slow-netio-sleep-ms", "1"),
    (Context::Service, "query-buf-size", "1835008"),
    (Context::Service, "query-microbenchmark", "false"),
];

/// Whether a server takes this at run time only.
pub fn is_runtime_only(context: Context, name: &str) -> bool {
    runtime_default(context, name).is_some()
}

fn runtime_default(context: Context, name: &str) -> Option<&'static str> {
    RUNTIME_ONLY
        .iter()
        .find(|row| row.0 == context && row.1 == name)
        .map(|row| row.2)
}

/// Defaults that the catalogue leaves open, as every server whose file was silent was seen to report them.
const SEEN: &[(Context, &str, &str)] = &[
    (Context::Namespace, "migrate-skip-unreadable", "false"),
    (Context::Sindex, "num-partitions", "32"),
    (Context::StorageDevice, "scheduler-mode", ""),
];

/// What a server has by default of its own release and edition, if anybody knows.
pub fn own_default(context: Context, row: &Row, edition: Edition) -> Option<Value> {
    match (context, row.name()) {
        (Context::Namespace, "index-type" | "sindex-type") => Some(usual_index(edition)),
        _ => row
            .default_for(edition)
            .map(|default| value::from_default(row, default)),
    }
}

/// Where an index is that nobody gave a place.
fn usual_index(edition: Edition) -> Value {
    Value::One(match edition {
        Edition::Community => "mem".to_owned(),
        Edition::Enterprise => "shmem".to_owned(),
    })
}

fn seen_default(context: Context, name: &str) -> Option<Value> {
    let seen = SEEN.iter().find(|row| row.0 == context && row.1 == name);
    seen.map(|row| Value::One(row.2.to_owned()))
}

/// Up to 6.0 a benchmark's line turns it on whatever its value says, and from 6.4 the value counts. Public sources of
/// the time between say both, and which patch release changed it is not known: there `false` in the file may be either.
fn is_a_flag_or_a_boolean(path: &Path, server: &Settings) -> bool {
    server.release.is_from(6, 1)
        && !server.release.is_from(6, 4)
        && path.as_str().starts_with("namespace.")
        && path.last().starts_with("enable-benchmarks-")
}

impl Settings {
    /// Where this source stands on a path that `other` has a setting at.
    pub fn stand(&self, path: &Path, other: &Setting) -> Stand<'_> {
        self.stand_with(self.at(path), path, other)
    }

    /// [`Settings::stand`] for who has looked up the setting already.
    pub fn stand_with<'a>(
        &'a self,
        said: Option<&'a Setting>,
        path: &Path,
        other: &Setting,
    ) -> Stand<'a> {
        match said {
            Some(said) if is_queue(said) && self.may_have_data_in_memory(path) => {
                Stand::Open(Why::Templated)
            }
            Some(said) if self.overrides(path, said) => {
                Stand::Means(Value::One(NO_QUEUE.to_owned()))
            }
            Some(said) if !self.leaves_to_the_machine(said) => Stand::Says(said),
            Some(_) | None => self.silent_on(path, other),
        }
    }

    /// Whether the server takes a line for the queue of blocks and has none all the same: the data of the namespace
    /// are in memory. Of a server that runs it is known whether they are.
    fn overrides(&self, path: &Path, said: &Setting) -> bool {
        let has_none = || match self.implied.get(path) {
            Some(Value::One(started_with)) => started_with == NO_QUEUE,
            Some(Value::Many(_) | Value::Anything) | None => self.has_data_in_memory(path),
        };
        self.origin == Origin::File
            && is_queue(said)
            && said.value != Value::One(NO_QUEUE.to_owned())
            && has_none()
    }

    /// Whether a template decides about [`Settings::has_data_in_memory`].
    fn may_have_data_in_memory(&self, path: &Path) -> bool {
        let in_memory = path.parent().map(|engine| engine.join("data-in-memory"));
        in_memory.is_some_and(|place| {
            let varies = self.at(&place).map(|said| &said.value) == Some(&Value::Anything);
            varies || self.freedom.is_optional(&place)
        })
    }

    /// `mtu 0` asks for the interface's own.
    fn leaves_to_the_machine(&self, said: &Setting) -> bool {
        self.origin == Origin::File
            && said.context == Context::Heartbeat
            && said.row.is_some_and(|row| row.name() == "mtu")
            && said.value == Value::One("0".to_owned())
    }

    fn silent_on(&self, path: &Path, other: &Setting) -> Stand<'_> {
        if self.is_unseen(path) {
            return Stand::Open(Why::Unseen);
        }
        if self.leaves_open(path) {
            return Stand::Open(Why::Templated);
        }
        if let Some(value) = self.implied.get(path) {
            return Stand::Means(value.clone());
        }
        if matches!(other.context, Context::LogSink | Context::LogSyslog) && other.row.is_none() {
            return self.silent_log_context(path);
        }
        let name = match other.row {
            Some(row) => row.name().to_owned(),
            None => path.last(),
        };
        if other.context == Context::Security
            && name == "enable-security"
            && self.release.is_from(5, 7)
        {
            return Stand::Means(Value::One("false".to_owned()));
        }
        if let Some(default) = runtime_default(other.context, &name) {
            return Stand::Means(Value::One(default.to_owned()));
        }
        let context = self.own_context(path, other.context);
        if is_of_an_index(context) && !self.has_mounts(path) {
            return Stand::Open(Why::NoSuchParameter);
        }
        let Some(found) = catalogue::find(context, name.as_bytes(), self.release) else {
            return Stand::Open(Why::NoSuchParameter);
        };
        match self.origin {
            Origin::File => self.silent_file(path, context, found.row, other),
            Origin::Runtime => self.silent_server(context, found.row),
        }
    }

    /// A file's sink has a base level; a server reports every context that it has.
    fn silent_log_context(&self, path: &Path) -> Stand<'_> {
        match self.origin {
            Origin::Runtime => Stand::Open(Why::NotReported),
            Origin::File => {
                let base = path.parent().and_then(|sink| self.at(&sink.join("any")));
                base.map_or(Stand::Open(Why::UnknownDefault), Stand::Says)
            }
        }
    }

    /// The same path stands in another context when this source has another storage engine. A template that chooses from
    /// several has each of them.
    fn own_context(&self, path: &Path, context: Context) -> Context {
        let engines = [
            ("memory", Context::StorageMemory),
            ("pmem", Context::StoragePmem),
            ("device", Context::StorageDevice),
        ];
        let Some((name, _)) = engines.iter().find(|(_, engine)| *engine == context) else {
            return context;
        };
        let Some(engine) = path.parent() else {
            return context;
        };
        let choices = self.freedom.choices(&engine);
        if choices.contains(&Value::One((*name).to_owned())) {
            return context;
        }
        let own = self.one(&engine);
        let own = engines.iter().find(|(name, _)| own == Some(*name));
        own.map_or(context, |(_, own)| *own)
    }

    /// Whether the index that this path stands in is on mounts; one that is not has no parameters.
    fn has_mounts(&self, path: &Path) -> bool {
        let is_on_mounts = |kind: &str| matches!(kind, "pmem" | "flash");
        path.parent().is_some_and(|index| {
            let mut choices = self.freedom.choices(&index).iter();
            self.one(&index).is_some_and(is_on_mounts)
                || choices.any(|kind| matches!(kind, Value::One(kind) if is_on_mounts(kind)))
        })
    }

    fn silent_file(&self, path: &Path, context: Context, row: &Row, other: &Setting) -> Stand<'_> {
        let value = match (context, row.name()) {
            // Nothing is set there, whatever would be usual elsewhere.
            _ if other.line.is_none() && matches!(other.written.as_str(), "null" | "undefined") => {
                other.value.clone()
            }
            (Context::Heartbeat, "address") => self.silent_heartbeat_address(row, other),
            // An enterprise server has transactions where it is strongly consistent, and reports 0 elsewhere.
            (Context::Namespace, "mrt-duration")
                if other.value == Value::One("0".to_owned()) && !self.is_consistent_at(path) =>
            {
                other.value.clone()
            }
            (Context::Namespace, "index-type" | "sindex-type") => usual_index(self.edition),
            (Context::Namespace, "storage-engine") => Value::One("memory".to_owned()),
            (Context::StorageDevice, "post-write-queue") if self.has_data_in_memory(path) => {
                Value::One(NO_QUEUE.to_owned())
            }
            _ => match row.default_for(self.edition) {
                Some(default) => value::from_default(row, default),
                None if row.default == Default::Derived => return Stand::Open(Why::MachineDecides),
                None => match seen_default(context, row.name()) {
                    Some(seen) => seen,
                    None => return Stand::Open(Why::UnknownDefault),
                },
            },
        };
        Stand::Means(value)
    }

    /// A heartbeat without an address is reported at the fabric's address, or not at all.
    fn silent_heartbeat_address(&self, row: &Row, other: &Setting) -> Value {
        let fabric = self.at(&Path::of("network").join("fabric").join(row.name()));
        match fabric {
            Some(fabric) if fabric.value == other.value => fabric.value.clone(),
            _ => Value::Many(Vec::new()),
        }
    }

    /// Whether the device engine that this path stands in keeps its data in memory, too (up to 6.4).
    pub(super) fn has_data_in_memory(&self, path: &Path) -> bool {
        path.parent()
            .is_some_and(|engine| self.one(&engine.join("data-in-memory")) == Some("true"))
    }

    fn silent_server(&self, context: Context, row: &Row) -> Stand<'_> {
        let mode = self.one(&Path::of("network").join("heartbeat").join("mode"));
        let reported = match (context, row.name()) {
            (Context::Heartbeat, "multicast-ttl" | "multicast-group") => mode == Some("multicast"),
            (Context::Heartbeat, "mesh-seed-address-port" | "tls-mesh-seed-address-port") => {
                mode == Some("mesh")
            }
            (Context::Service, "feature-key-file") => false,
            _ => true,
        };
        let default = row
            .default_for(self.edition)
            .map(|default| value::from_default(row, default));
        match default {
            _ if !reported => Stand::Open(Why::NotReported),
            // A set that the server does not know has nothing but defaults.
            Some(default) if context == Context::Set => Stand::Means(default),
            // What is usual is not listed.
            Some(Value::Many(usual)) if !usual.is_empty() => Stand::Open(Why::NotReported),
            _ if row.times == Times::Many || row.kind == Kind::Address => {
                Stand::Means(Value::Many(Vec::new()))
            }
            _ => Stand::Open(Why::NotReported),
        }
    }

    /// Whether two values of a path mean the same, of this source and of another.
    pub fn agrees(&self, path: &Path, mine: &Value, other: &Settings, theirs: &Value) -> bool {
        if mine.agrees_with(theirs) {
            return true;
        }
        if seeds::is_seeds(path) {
            return seeds::agree(path, self, mine, other, theirs);
        }
        if path.as_str().ends_with(".storage-engine") {
            return self.is_backed_memory(path) && other.is_backed_memory(path);
        }
        let (said, server, reported) = match (self.origin, other.origin) {
            (Origin::File, Origin::Runtime) => (mine, other, theirs),
            (Origin::Runtime, Origin::File) => (theirs, self, mine),
            (Origin::File, Origin::File) | (Origin::Runtime, Origin::Runtime) => return false,
        };
        let (Value::One(said), Value::One(reported)) = (said, reported) else {
            return false;
        };
        match path.as_str() {
            // A machine without IPv6 turns it off.
            "service.advertise-ipv6" => {
                said == "true" && reported == "false" && !server.speaks_ipv6()
            }
            _ if is_a_flag_or_a_boolean(path, server) => {
                // Silence is off on all of them.
                let is_written = [self, other]
                    .iter()
                    .any(|one| one.origin == Origin::File && one.at(path).is_some());
                is_written && said == "false" && reported == "true"
            }
            _ if said.starts_with('<') => self.is_name_of_tls(path, said, reported, other),
            // A value with a `;` may read back broken.
            _ => said
                .strip_prefix(reported.as_str())
                .is_some_and(|lost| lost.starts_with(';')),
        }
    }

    /// Whether an engine keeps all data in memory and a copy on a device: `device` with `data-in-memory` became
    /// `memory` with devices or files in 7.0.
    fn is_backed_memory(&self, engine: &Path) -> bool {
        let is_backed = |name: &str| !self.many(&engine.join(name)).is_empty();
        match (self.one(engine), self.release.is_from(7, 0)) {
            (Some("device"), false) => self.one(&engine.join("data-in-memory")) == Some("true"),
            (Some("memory"), true) => is_backed("file") || is_backed("device"),
            _ => false,
        }
    }

    /// Whether a server of this cluster makes the reported `tls-name` of what the file says.
    fn is_name_of_tls(&self, path: &Path, said: &str, reported: &str, other: &Settings) -> bool {
        if !path.as_str().ends_with(".tls-name") {
            return false;
        }
        let cluster = Path::of("service").join("cluster-name");
        match said {
            // The machine decides.
            "<hostname>" => !reported.is_empty(),
            "<cluster-name>" => [self, other]
                .iter()
                .any(|settings| settings.one(&cluster) == Some(reported)),
            _ => false,
        }
    }

    fn speaks_ipv6(&self) -> bool {
        let service = Path::of("network").join("service");
        let addresses = ["address", "access-address"].map(|name| self.many(&service.join(name)));
        addresses
            .iter()
            .any(|list| list.iter().any(|address| address.contains(':')))
    }

    /// Adds what a silent source is known to mean here.
    pub(super) fn imply(&mut self, path: Path, value: Value) {
        self.implied.insert(path, value);
    }
}

fn is_of_an_index(context: Context) -> bool {
    matches!(
        context,
        Context::IndexPmem | Context::IndexFlash | Context::SindexPmem | Context::SindexFlash
    )
}

fn is_queue(said: &Setting) -> bool {
    said.context == Context::StorageDevice
        && said.row.is_some_and(|row| row.name() == "post-write-queue")
}
