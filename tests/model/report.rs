//! What a server reports of its configuration; the facts about the runtime are the judge.

use std::collections::BTreeMap;

use ascad::catalogue::{Context, Default, Edition, Kind, Row, Times};
use ascad::settings::Path;

use super::{Config, Section, rows};

/// One reported parameter.
#[derive(Clone, Debug)]
pub struct Reported {
    pub path: Path,
    pub row: &'static Row,
    /// The info command that reports it, and the key there.
    pub command: String,
    pub key: String,
    pub values: Vec<String>,
    pub is_silent: bool,
}

/// What a server reports, before it is put into words.
#[derive(Clone, Debug)]
pub struct Server {
    release: String,
    edition: Edition,
    pub reported: Vec<Reported>,
    /// What is no parameter of a file: command → text, whole or what comes first.
    fixed: BTreeMap<String, Vec<String>>,
    sets: BTreeMap<String, Vec<String>>,
}

const CPUS: u64 = 8;
const CONTEXTS: [&str; 6] = ["misc", "audit", "migrate", "tls", "rw", "xdr"];

impl Server {
    pub fn of(config: &Config) -> Server {
        let mut server = Server {
            release: format!("{}.0", config.release),
            edition: config.edition,
            reported: Vec::new(),
            fixed: BTreeMap::new(),
            sets: BTreeMap::new(),
        };
        let mut namespaces = Vec::new();
        server.fix("logs", "");
        for section in &config.top.sections {
            match section.context {
                Context::Service => server.service(config, section),
                Context::Network => server.network(config, section),
                Context::Logging => server.logging(section),
                Context::Security => server.security(config, section),
                Context::Xdr => server.xdr(config, section),
                Context::Namespace => {
                    namespaces.push(section.title.clone());
                    server.namespace(config, section);
                }
                _ => unreachable!(),
            }
        }
        server.fix("namespaces", &namespaces.join(";"));
        for (command, nothing) in [("security", ""), ("xdr", "dcs=;src-id=0;trace-sample=0")] {
            let command = format!("get-config:context={command}");
            let is_known = server.reported.iter().any(|one| one.command == command);
            if !is_known
                && !server.fixed.contains_key(&command)
                && config.edition == Edition::Enterprise
            {
                server.fix(&command, nothing);
            }
        }
        server
    }

    fn fix(&mut self, command: &str, text: &str) {
        let parts = self.fixed.entry(command.to_owned()).or_default();
        if !text.is_empty() {
            parts.push(text.to_owned());
        }
    }

    /// Every parameter of a context as the server reports it, from its section or from silence.
    fn context(
        &mut self,
        config: &Config,
        context: Context,
        section: Option<&Section>,
        path: &Path,
        command: &str,
        prefix: &str,
    ) {
        for row in rows(context, config.release) {
            let said = section.and_then(|section| section.says(row.name()));
            let Some(values) = reported_values(config, context, section, row, said) else {
                continue;
            };
            self.reported.push(Reported {
                path: path.join(row.name()),
                row,
                command: command.to_owned(),
                key: format!("{prefix}{}", row.name()),
                values,
                is_silent: said.is_none(),
            });
        }
    }

    fn service(&mut self, config: &Config, section: &Section) {
        let command = "get-config:context=service";
        self.context(
            config,
            Context::Service,
            Some(section),
            &Path::of("service"),
            command,
            "",
        );
        let waits = |section: &Section| section.waits_for_devices(config.release);
        let on_devices = config.top.sections.iter().any(waits);
        let threads = if on_devices { 5 * CPUS } else { CPUS };
        for (name, value) in [("service-threads", threads), ("batch-index-threads", CPUS)] {
            if section.says(name).is_none() {
                self.fix(command, &format!("{name}={value}"));
            }
        }
        if section.says("node-id").is_none() {
            self.fix(command, "node-id=BB9000000000000");
        }
    }

    fn network(&mut self, config: &Config, section: &Section) {
        let command = "get-config:context=network";
        let root = Path::of("network");
        let sections = [
            (Context::NetworkService, "service"),
            (Context::Heartbeat, "heartbeat"),
            (Context::Fabric, "fabric"),
            (Context::NetworkAdmin, "admin"),
        ];
        for (context, name) in sections {
            let said = section.section(context);
            self.context(
                config,
                context,
                said,
                &root.join(name),
                command,
                &format!("{name}."),
            );
        }
        let heartbeat = section.section(Context::Heartbeat);
        if heartbeat.is_some_and(|heartbeat| heartbeat.says("mtu").is_none()) {
            self.fix(command, "heartbeat.mtu=1500");
        }
        let fabric = section
            .section(Context::Fabric)
            .and_then(|fabric| fabric.says("address"));
        if heartbeat.is_some_and(|heartbeat| heartbeat.says("address").is_none()) {
            for address in fabric.unwrap_or_default() {
                self.fix(command, &format!("heartbeat.address={address}"));
            }
        }
        let tls = section
            .sections
            .iter()
            .filter(|section| section.context == Context::NetworkTls);
        for (index, section) in tls.enumerate() {
            let path = root.join("tls").join(&section.title);
            let prefix = format!("tls[{index}].");
            self.fix(command, &format!("{prefix}name={}", section.title));
            self.context(
                config,
                Context::NetworkTls,
                Some(section),
                &path,
                command,
                &prefix,
            );
        }
    }

    fn logging(&mut self, section: &Section) {
        let mut sinks = Vec::new();
        for (id, sink) in section.sections.iter().enumerate() {
            sinks.push(match sink.name {
                "console" => format!("{id}:stderr"),
                "syslog" => {
                    let path = sink
                        .says("path")
                        .map_or("/dev/log", |path| path[0].as_str());
                    format!("{id}:{path}")
                }
                _ => format!("{id}:{}", sink.title),
            });
            let mut levels: BTreeMap<&str, &str> = CONTEXTS
                .iter()
                .map(|context| (*context, "critical"))
                .collect();
            for (context, level) in &sink.levels {
                match context.as_str() {
                    "any" => levels.values_mut().for_each(|now| *now = level),
                    context => *levels.get_mut(context).unwrap() = level,
                }
            }
            let levels: Vec<String> = levels
                .iter()
                .map(|(context, level)| format!("{context}:{}", level.to_uppercase()))
                .collect();
            self.fix(&format!("log/{id}"), &levels.join(";"));
        }
        self.fix("logs", &sinks.join(";"));
    }

    fn namespace(&mut self, config: &Config, section: &Section) {
        let path = Path::of("namespace").join(&section.title);
        let command = format!("get-config:context=namespace;id={}", section.title);
        self.context(
            config,
            Context::Namespace,
            Some(section),
            &path,
            &command,
            "",
        );
        let geo = section.section(Context::Geo2dsphere);
        let at = path.join("geo2dsphere-within");
        self.context(
            config,
            Context::Geo2dsphere,
            geo,
            &at,
            &command,
            "geo2dsphere-within.",
        );
        let community = config.edition == Edition::Community;
        for (name, since) in [("index-type", (5, 0)), ("sindex-type", (6, 3))] {
            if !config.release.is_from(since.0, since.1) {
                continue;
            }
            match section.sections.iter().find(|section| section.name == name) {
                Some(index) => {
                    self.fix(&command, &format!("{name}={}", index.title));
                    let prefix = format!("{name}.");
                    self.context(
                        config,
                        index.context,
                        Some(index),
                        &path.join(name),
                        &command,
                        &prefix,
                    );
                }
                None => self.fix(
                    &command,
                    &format!("{name}={}", if community { "mem" } else { "shmem" }),
                ),
            }
        }
        for storage in section
            .sections
            .iter()
            .filter(|section| section.name == "storage-engine")
        {
            self.fix(&command, &format!("storage-engine={}", storage.title));
            if storage.context == Context::StorageMemory && !config.release.is_from(7, 0) {
                continue;
            }
            self.fix(&command, "storage-engine.stripe[0]=stripe-0");
            let at = path.join("storage-engine");
            self.context(
                config,
                storage.context,
                Some(storage),
                &at,
                &command,
                "storage-engine.",
            );
        }
        let sets = section
            .sections
            .iter()
            .filter(|section| section.context == Context::Set);
        let command = format!("sets/{}", section.title);
        self.sets.entry(command.clone()).or_default();
        for set in sets {
            let at = path.join("set").join(&set.title);
            self.sets
                .entry(command.clone())
                .or_default()
                .push(set.title.clone());
            let of_set = format!("{command}/{}", set.title);
            self.context(config, Context::Set, Some(set), &at, &of_set, "");
        }
    }

    fn security(&mut self, config: &Config, section: &Section) {
        let command = "get-config:context=security";
        self.fix(command, "enable-security=true");
        let root = Path::of("security");
        self.context(config, Context::Security, Some(section), &root, command, "");
        for part in &section.sections {
            let prefix = format!("{}.", part.name);
            self.context(
                config,
                part.context,
                Some(part),
                &root.join(part.name),
                command,
                &prefix,
            );
        }
    }

    fn xdr(&mut self, config: &Config, section: &Section) {
        let command = "get-config:context=xdr";
        let root = Path::of("xdr");
        let names = |section: &Section| {
            let titles: Vec<&str> = section
                .sections
                .iter()
                .map(|one| one.title.as_str())
                .collect();
            titles.join(",")
        };
        self.fix(command, &format!("dcs={}", names(section)));
        self.fix(command, "trace-sample=0");
        self.context(config, Context::Xdr, Some(section), &root, command, "");
        for centre in &section.sections {
            let command = format!("{command};dc={}", centre.title);
            let path = root.join("dc").join(&centre.title);
            self.fix(&command, &format!("namespaces={}", names(centre)));
            self.context(config, Context::XdrDc, Some(centre), &path, &command, "");
            for namespace in &centre.sections {
                let command = format!("{command};namespace={}", namespace.title);
                let path = path.join("namespace").join(&namespace.title);
                self.fix(&command, "enabled=true");
                self.context(
                    config,
                    Context::XdrNamespace,
                    Some(namespace),
                    &path,
                    &command,
                    "",
                );
            }
        }
    }

    /// The answers, command by command.
    pub fn answers(&self) -> BTreeMap<String, String> {
        let mut parts = self.fixed.clone();
        let mut of_sets = BTreeMap::<String, Vec<String>>::new();
        for one in &self.reported {
            let pairs = pairs(one);
            match one.row.name() {
                _ if one.command.starts_with("sets/") => of_sets
                    .entry(one.command.clone())
                    .or_default()
                    .extend(pairs),
                _ => parts.entry(one.command.clone()).or_default().extend(pairs),
            }
        }
        let mut answers: BTreeMap<String, String> = parts
            .into_iter()
            .map(|(command, parts)| (command, parts.join(";")))
            .collect();
        for (command, sets) in &self.sets {
            let namespace = command.trim_start_matches("sets/");
            let sets = sets.iter().map(|set| {
                let pairs = of_sets
                    .get(&format!("{command}/{set}"))
                    .cloned()
                    .unwrap_or_default();
                format!(
                    "ns={namespace}:set={set}:objects=0:tombstones=0:{};",
                    pairs.join(":")
                )
            });
            answers.insert(command.clone(), sets.collect());
        }
        let edition = match self.edition {
            Edition::Community => "Aerospike Community Edition",
            Edition::Enterprise => "Aerospike Enterprise Edition",
        };
        for (command, answer) in [
            ("build", self.release.as_str()),
            ("edition", edition),
            ("node", "A1"),
        ] {
            answers.insert(command.to_owned(), answer.to_owned());
        }
        answers
    }
}

/// What silence or the file's words come to; `None` where the server says nothing.
fn reported_values(
    config: &Config,
    context: Context,
    section: Option<&Section>,
    row: &Row,
    said: Option<&[String]>,
) -> Option<Vec<String>> {
    let is_community = config.edition == Edition::Community;
    match row.name() {
        "user" | "group" | "evict-sys-memory-pct" => return None,
        "feature-key-file" if is_community => return None,
        "facility" | "path" | "tag" | "context" => return None,
        "encryption" if said.is_none() => return None,
        "multicast-ttl" | "multicast-group" if context == Context::Heartbeat => {
            section?
                .says("mode")
                .filter(|mode| *mode == ["multicast"])?;
        }
        // The server takes the line and does as it likes.
        "post-write-queue" if section?.says("data-in-memory") == Some(&["true".to_owned()]) => {
            return Some(vec!["0".to_owned()]);
        }
        "flush-size" if context == Context::StorageMemory => {
            section?.says("file").or(section?.says("device"))?;
        }
        _ => {}
    }
    if let Some(said) = said {
        return Some(said.to_vec());
    }
    match (row.default, row.times) {
        (Default::Unknown | Default::Derived, _) => None,
        (_, Times::Many) if row.name() == "secrets-address-port" => Some(vec!["null".to_owned()]),
        (_, Times::Many) if context == Context::XdrNamespace || context == Context::XdrDc => {
            Some(Vec::new())
        }
        (_, Times::Many) => None,
        (Default::Unset | Default::Empty, _) => Some(vec!["null".to_owned()]),
        (Default::Is(default), _) => Some(vec![default.as_str().to_owned()]),
        (Default::ByEdition(enterprise, community), _) => Some(vec![
            if is_community { community } else { enterprise }
                .as_str()
                .to_owned(),
        ]),
    }
}

/// A parameter's pairs as the answers spell them.
fn pairs(one: &Reported) -> Vec<String> {
    let key = &one.key;
    if one.row.times == Times::One || one.values == ["null"] {
        let value = one.values.first().map_or("", String::as_str);
        return vec![format!("{key}={value}")];
    }
    match (one.row.name(), one.row.kind) {
        ("ship-bin" | "ship-set" | "ignore-bin" | "ignore-set", _) => {
            let key = key
                .replace("ship-", "shipped-")
                .replace("ignore-", "ignored-")
                + "s";
            vec![format!("{key}={}", one.values.join(","))]
        }
        ("node-address-port", _) => vec![format!("{key}={}", one.values.join(","))],
        (name, _) if is_numbered(name) => {
            let numbered = one.values.iter().enumerate().flat_map(|(at, value)| {
                let (value, shadow) = value
                    .split_once(' ')
                    .map_or((value.as_str(), None), |(value, shadow)| {
                        (value, Some(shadow))
                    });
                let shadow = shadow.map(|shadow| format!("{key}[{at}].shadow={shadow}"));
                std::iter::once(format!("{key}[{at}]={value}")).chain(shadow)
            });
            let mut numbered: Vec<String> = numbered.collect();
            // As a text sorts them: 10 before 9.
            numbered.sort();
            numbered
        }
        (_, Kind::Address | Kind::Text) => one
            .values
            .iter()
            .map(|value| format!("{key}={value}"))
            .collect(),
        (name, kind) => unreachable!("{name} {kind:?}"),
    }
}

fn is_numbered(name: &str) -> bool {
    matches!(
        name,
        "device"
            | "file"
            | "mount"
            | "feature-key-file"
            | "role-query-pattern"
            | "report-data-op"
            | "report-data-op-user"
            | "report-data-op-role"
    )
}
