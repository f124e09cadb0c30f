//! A node's answers → settings, and what the node says of itself.
//!
//! ```text
//! sets     = set *( ";" set )            set = pair *( ":" pair )
//! logs     = id ":" path *( ";" … )      log = context ":" level *( ";" … )
//! ```
//! Values are not escaped; what can be mended is.

use std::collections::BTreeMap;

use crate::catalogue::{self, Context, Edition, Release};
use crate::wire::{Answers, Refusal};

use super::{Origin, Path, Settings, logging, pairs, racks};

/// What a node says of itself; empty where it does not say.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Node {
    /// The node id, hexadecimal.
    pub id: String,
    /// Its build, as `8.1.2.0`.
    pub build: String,
    /// `community` or `enterprise`.
    pub edition: String,
    /// The cluster's name.
    pub cluster: String,
    /// The addresses at which it says that it is reached.
    pub addresses: Vec<String>,
    /// Seconds since it started.
    pub uptime: Option<u64>,
    /// The machine's free memory, in KiB and in whole percent.
    pub free_memory: Option<(u64, u64)>,
    /// What is worth a word: a rack that waits for `recluster:`.
    pub notes: Vec<String>,
}

/// What was seen of a node.
#[derive(Clone, Debug)]
pub struct Seen {
    /// The settings.
    pub settings: Settings,
    /// The node.
    pub node: Node,
    /// Answers that were needed and not had, each in house style.
    pub failures: Vec<String>,
}

/// What the caller knows where the answers say nothing.
#[derive(Clone, Debug, Default)]
pub struct Hints {
    /// `--server-version`.
    pub release: Option<Release>,
    /// What the files are read for, where nobody says.
    pub guess: Option<Release>,
    /// `--edition`.
    pub edition: Option<Edition>,
    /// Where the file's syslog sink writes to; a server names its sinks by path only.
    pub syslog_path: Option<String>,
}

/// Reads the answers of one node. What is missing is a failure and makes the paths below it unseen.
pub fn settle(answers: &Answers, hints: &Hints) -> Seen {
    let node = node(answers);
    let release = Release::parse(&node.build).or(hints.release);
    let edition = Edition::parse(&node.edition).or(hints.edition);
    let mut settling = Settling {
        answers,
        settings: Settings::new(
            Origin::Runtime,
            release.or(hints.guess).unwrap_or(Release::NEWEST_KNOWN),
            edition.unwrap_or(Edition::Enterprise),
        ),
        failures: Vec::new(),
    };
    if release.is_none() {
        let refusal = answers.value("build").err().unwrap_or(Refusal::Silent);
        settling.fail("build", refusal, None);
    }
    settling.settings.own_addresses.clone_from(&node.addresses);
    settling.service();
    settling.network();
    settling.security();
    settling.namespaces();
    settling.xdr();
    settling.logging(hints);
    settling.settings.order_lists();
    let Settling {
        settings, failures, ..
    } = settling;
    let mut node = node;
    let racks = answers.value("racks:").unwrap_or_default();
    node.notes.extend(racks::notes(racks, &node.id, &settings));
    Seen {
        settings,
        node,
        failures,
    }
}

struct Settling<'a> {
    answers: &'a Answers,
    settings: Settings,
    failures: Vec<String>,
}

impl<'a> Settling<'a> {
    fn service(&mut self) {
        let service = Path::of("service");
        let Some(answer) = self.needed("get-config:context=service", &service) else {
            return;
        };
        for (key, value) in pairs::with_lists(answer) {
            self.add(&service, Context::Service, key, &value);
        }
    }

    fn network(&mut self) {
        let network = Path::of("network");
        let Some(answer) = self.needed("get-config:context=network", &network) else {
            return;
        };
        let mut tls = BTreeMap::<u32, Vec<(&str, &str)>>::new();
        for (key, value) in pairs::of(answer) {
            let Some((section, name)) = key.split_once('.') else {
                self.add(&network, Context::Network, key, value);
                continue;
            };
            if let Some(index) = section.strip_prefix("tls").and_then(pairs::number) {
                tls.entry(index).or_default().push((name, value));
                continue;
            }
            let context =
                Context::Network.opened_by(section.as_bytes(), None, self.settings.release);
            let context = context.unwrap_or(Context::Unknown);
            self.add(&network.join(section), context, name, value);
        }
        for pairs in tls.values() {
            let name = pairs
                .iter()
                .find(|(key, _)| *key == "name")
                .map_or("", |(_, name)| name);
            let path = network.join("tls").join(name);
            self.settings.add_section(path.clone(), None);
            for (key, value) in pairs.iter().filter(|(key, _)| *key != "name") {
                self.add(&path, Context::NetworkTls, key, value);
            }
        }
    }

    fn security(&mut self) {
        let security = Path::of("security");
        let Some(answer) = self.enterprise("get-config:context=security", &security) else {
            return;
        };
        for (key, value) in pairs::with_lists(answer) {
            match key.split_once('.') {
                Some((section, name)) => {
                    let context = Context::Security.opened_by(
                        section.as_bytes(),
                        None,
                        self.settings.release,
                    );
                    let context = context.unwrap_or(Context::Unknown);
                    self.add(&security.join(section), context, name, &value);
                }
                None if key == "enable-security" => {
                    self.settings
                        .add_reported(security.join(key), Context::Security, None, &value);
                }
                None => self.add(&security, Context::Security, key, &value),
            }
        }
    }

    fn namespaces(&mut self) {
        let root = Path::of("namespace");
        let Some(answer) = self.needed("namespaces", &root) else {
            return;
        };
        for namespace in answer.split(';').filter(|name| !name.is_empty()) {
            let path = root.join(namespace);
            self.settings.add_section(path.clone(), None);
            let command = format!("get-config:context=namespace;id={namespace}");
            if let Some(answer) = self.needed(&command, &path) {
                self.namespace(&path, answer);
            }
            let command = format!("sets/{namespace}");
            if let Some(answer) = self.needed(&command, &path.join("set")) {
                self.sets(&path, answer);
            }
        }
    }

    fn namespace(&mut self, path: &Path, answer: &str) {
        let mut heads = BTreeMap::<&str, &str>::new();
        for (key, value) in pairs::of(answer) {
            heads.entry(key).or_insert(value);
        }
        let release = self.settings.release;
        let section = |name: &str| {
            let head = heads.get(name).map(|value| value.as_bytes());
            Context::Namespace.opened_by(name.as_bytes(), head, release)
        };
        for (key, value) in pairs::with_lists(answer) {
            match key.split_once('.') {
                None => self.add(path, Context::Namespace, key, &value),
                Some((place, name)) => {
                    let context = section(place).unwrap_or(Context::Unknown);
                    self.add(&path.join(place), context, name, &value);
                }
            }
        }
    }

    fn sets(&mut self, namespace: &Path, answer: &str) {
        for set in answer.split(';').filter(|set| !set.is_empty()) {
            let mut fields = Vec::<(&str, String)>::new();
            for field in set.split(':') {
                match (field.split_once('='), fields.last_mut()) {
                    (Some((key, value)), _) => fields.push((key, value.to_owned())),
                    // A `:` within a name.
                    (None, Some((_, last))) => {
                        last.push(':');
                        last.push_str(field);
                    }
                    (None, None) => {}
                }
            }
            let Some((_, name)) = fields.iter().find(|(key, _)| *key == "set") else {
                continue;
            };
            let path = namespace.join("set").join(name);
            for (key, value) in &fields {
                if catalogue::find(Context::Set, key.as_bytes(), self.settings.release).is_some() {
                    self.add(&path, Context::Set, key, value);
                }
            }
        }
    }

    fn xdr(&mut self) {
        let xdr = Path::of("xdr");
        let Some(answer) = self.enterprise("get-config:context=xdr", &xdr) else {
            return;
        };
        let mut centres = "";
        for (key, value) in pairs::of(answer) {
            match key {
                "dcs" => centres = value,
                _ => self.add(&xdr, Context::Xdr, key, value),
            }
        }
        for name in centres.split(',').filter(|name| !name.is_empty()) {
            let path = xdr.join("dc").join(name);
            self.settings.add_section(path.clone(), None);
            let command = format!("get-config:context=xdr;dc={name}");
            let Some(answer) = self.needed(&command, &path) else {
                continue;
            };
            let mut namespaces = "";
            for (key, value) in pairs::of(answer) {
                match key {
                    "namespaces" => namespaces = value,
                    _ => self.add(&path, Context::XdrDc, key, value),
                }
            }
            for namespace in namespaces.split(',').filter(|name| !name.is_empty()) {
                self.xdr_namespace(&path, name, namespace);
            }
        }
    }

    fn xdr_namespace(&mut self, centre: &Path, name: &str, namespace: &str) {
        let path = centre.join("namespace").join(namespace);
        self.settings.add_section(path.clone(), None);
        let command = format!("get-config:context=xdr;dc={name};namespace={namespace}");
        let Some(answer) = self.needed(&command, &path) else {
            return;
        };
        for (key, value) in pairs::of(answer) {
            let key = match key {
                "shipped-bins" => "ship-bin",
                "shipped-sets" => "ship-set",
                "ignored-bins" => "ignore-bin",
                "ignored-sets" => "ignore-set",
                // Whether it ships at all follows from its being listed.
                "enabled" => continue,
                key => key,
            };
            self.add(&path, Context::XdrNamespace, key, value);
        }
    }

    fn logging(&mut self, hints: &Hints) {
        let root = Path::of("logging");
        let Some(answer) = self.needed("logs", &root) else {
            return;
        };
        let mut sinks = Vec::<(&str, String)>::new();
        for part in answer.split(';').filter(|part| !part.is_empty()) {
            match (part.split_once(':'), sinks.last_mut()) {
                (Some((id, path)), _)
                    if id.bytes().all(|byte| byte.is_ascii_digit()) && !id.is_empty() =>
                {
                    sinks.push((id, path.to_owned()));
                }
                // A `;` within a path.
                (_, Some((_, last))) => {
                    last.push(';');
                    last.push_str(part);
                }
                (_, None) => {}
            }
        }
        for (id, sink) in sinks {
            let name = match sink.as_str() {
                "stderr" => "console",
                path if self.is_syslog(path, hints) => "syslog",
                path => path,
            };
            let path = logging::path_of(&mut self.settings, name);
            self.settings.add_section(path.clone(), None);
            self.settings.sink_ids.insert(path.clone(), id.to_owned());
            if name == "syslog" {
                self.add(&path, Context::LogSyslog, "path", &sink);
            }
            let Some(answer) = self.needed(&format!("log/{id}"), &path) else {
                continue;
            };
            for (context, level) in answer.split(';').filter_map(|part| part.split_once(':')) {
                self.settings
                    .insert(path.join(context), logging::reported(level));
            }
        }
    }

    /// Nothing but the path tells a syslog sink; where the file names none, it is the usual one.
    fn is_syslog(&self, sink: &str, hints: &Hints) -> bool {
        let is_usual = sink == "/dev/log" && self.settings.release.is_from(6, 3);
        is_usual || hints.syslog_path.as_deref() == Some(sink)
    }

    fn add(&mut self, section: &Path, context: Context, key: &str, value: &str) {
        if is_state(key) {
            return;
        }
        let found = catalogue::find(context, key.as_bytes(), self.settings.release);
        let path = section.join(key);
        let row = found.map(|found| found.row);
        let many = row.is_some_and(|row| row.times == catalogue::Times::Many);
        let is_one_word = matches!(context, Context::XdrDc | Context::XdrNamespace);
        if many && is_one_word && value != "null" {
            for part in value.split([',', ';']) {
                self.settings.add_reported(path.clone(), context, row, part);
            }
            return;
        }
        self.settings.add_reported(path, context, row, value);
    }

    /// An answer without which the comparison would be blind below `path`.
    fn needed(&mut self, command: &str, path: &Path) -> Option<&'a str> {
        match self.answers.value(command) {
            Ok(answer) => Some(answer),
            Err(refusal) => {
                self.fail(command, refusal, Some(path));
                None
            }
        }
    }

    /// An answer that only enterprise servers have.
    fn enterprise(&mut self, command: &str, path: &Path) -> Option<&'a str> {
        match self.settings.edition {
            Edition::Enterprise => self.needed(command, path),
            Edition::Community => self.answers.value(command).ok(),
        }
    }

    fn fail(&mut self, command: &str, refusal: Refusal, path: Option<&Path>) {
        self.failures.push(match refusal {
            Refusal::Silent => format!("`{command}` was not answered"),
            Refusal::Error(error) => format!("`{command}` answered `{error}`"),
        });
        self.settings.unseen.extend(path.cloned());
    }
}

/// What a node reports beside its parameters.
fn is_state(key: &str) -> bool {
    matches!(
        key,
        "downgrading" | "check-single-bin" | "trace-sample" | "stripe"
    )
}

/// What a node says of itself.
fn node(answers: &Answers) -> Node {
    let said = |command: &str| answers.value(command).unwrap_or_default().trim();
    let spelling = [said("edition"), said("release"), said("version")].join(" ");
    let statistic = |name: &str| {
        pairs::of(said("statistics"))
            .find(|(key, _)| *key == name)?
            .1
            .parse::<u64>()
            .ok()
    };
    let named = |name: &&str| !name.is_empty() && *name != "null";
    let services = [
        "service",
        "service-clear-std",
        "service-clear-alt",
        "service-tls-std",
    ];
    let listed = services
        .iter()
        .flat_map(|command| said(command).split([',', ';']));
    let mut addresses: Vec<String> = listed
        .filter_map(|address| Some(address.rsplit_once(':')?.0.to_owned()))
        .collect();
    let endpoints = pairs::of(said("endpoints")).filter(|(key, _)| key.ends_with("addresses"));
    addresses.extend(
        endpoints
            .flat_map(|(_, list)| list.split(','))
            .filter(named)
            .map(str::to_owned),
    );
    addresses.sort_unstable();
    addresses.dedup();
    Node {
        id: said("node").to_owned(),
        build: said("build").to_owned(),
        edition: Edition::parse(&spelling)
            .map(|edition| edition.to_string())
            .unwrap_or_default(),
        cluster: Some(said("cluster-name"))
            .filter(named)
            .unwrap_or_default()
            .to_owned(),
        addresses,
        uptime: statistic("uptime"),
        free_memory: statistic("system_free_mem_kbytes").zip(statistic("system_free_mem_pct")),
        notes: Vec::new(),
    }
}
