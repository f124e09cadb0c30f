//! A node's answers → settings, and what the node says of itself.
//!
//! ```text
//! sets     = set *( ";" set )            set = pair *( ":" pair )
//! logs     = id ":" path *( ";" … )      log = context ":" level *( ";" … )
//! ```
//! Values are not escaped; what can be mended is.

use std::collections::BTreeMap;

use crate::catalogue::{self, Context, Edition, Release};
use crate::wire::{Answers, Name, Refusal};

pub use super::node::{Node, edition_of, release_of};
use super::whole::{self, Damage, Part};
use super::{Origin, Path, Settings, logging, pairs, racks};

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
    let node = Node::of(answers);
    let release = release_of(answers).or(hints.release);
    let edition = Edition::parse(&node.edition).or(hints.edition);
    let mut settling = Settling {
        answers,
        settings: Settings::new(
            Origin::Runtime,
            release.or(hints.guess).unwrap_or(Release::NEWEST_KNOWN),
            edition.unwrap_or(Edition::Enterprise),
        ),
        failures: Vec::new(),
        odd: Vec::new(),
    };
    if node.build.is_empty() && hints.release.is_none() {
        let refusal = match answers.value("build") {
            Ok("") => Refusal::Silent,
            Ok(build) => Refusal::Error(whole::start(build).to_owned()),
            Err(refusal) => refusal,
        };
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
    /// Pairs of the answer at hand that no server reports.
    odd: Vec<String>,
}

impl<'a> Settling<'a> {
    fn service(&mut self) {
        let service = Path::of("service");
        let command = "get-config:context=service";
        let Some(answer) = self.pairs(command, &service, Part::Service) else {
            return;
        };
        for (key, value) in pairs::with_lists(answer) {
            self.add(&service, Context::Service, key, &value);
        }
        self.fail_for_odd(command);
    }

    fn network(&mut self) {
        let network = Path::of("network");
        let command = "get-config:context=network";
        let Some(answer) = self.pairs(command, &network, Part::Network) else {
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
        self.fail_for_odd(command);
    }

    fn security(&mut self) {
        let security = Path::of("security");
        let command = "get-config:context=security";
        let Some(answer) = self.enterprise(command, &security) else {
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
        self.fail_for_odd(command);
    }

    fn namespaces(&mut self) {
        let root = Path::of("namespace");
        let Some(answer) = self.needed("namespaces", &root) else {
            return;
        };
        for namespace in self.listed(answer) {
            let path = root.join(namespace);
            self.settings.add_section(path.clone(), None);
            let command = format!("get-config:context=namespace;id={namespace}");
            if let Some(answer) = self.pairs(&command, &path, Part::Namespace) {
                self.namespace(&path, answer);
                self.fail_for_odd(&command);
            }
            let command = format!("sets/{namespace}");
            let sets = path.join("set");
            let Some(answer) = self.needed(&command, &sets) else {
                continue;
            };
            if let Some(answer) = self.sound(&command, &sets, whole::of_sets(answer)) {
                self.sets(&path, answer);
                self.fail_for_odd(&command);
            }
        }
    }

    /// The namespaces of the list. No server is without one. A list with one that the node cannot tell anything of, while
    /// it tells of one that is not listed, is damaged, and so is one with what is no name.
    fn listed(&mut self, answer: &'a str) -> Vec<&'a str> {
        let names = answer.split(';').filter(|name| !name.is_empty());
        let config = |name: &str| format!("get-config:context=namespace;id={name}");
        let tells = |name: &&str| self.answers.value(&config(name)).is_ok();
        let (told, others): (Vec<&str>, Vec<&str>) = names.partition(tells);
        let is_unlisted = |(command, _): (&str, &str)| {
            let name = command.strip_prefix("get-config:context=namespace;id=");
            name.is_some_and(|name| !name.contains(';') && tells(&name) && !told.contains(&name))
        };
        let is_damaged = told.is_empty() && others.is_empty()
            || others
                .iter()
                .any(|name| Name::new(name).is_none() || name.contains('='))
            || !others.is_empty() && self.answers.iter().any(is_unlisted);
        if !is_damaged {
            return told.into_iter().chain(others).collect();
        }
        let words = match answer.trim().is_empty() {
            true => "answered nothing".to_owned(),
            false => format!("answered `{}`", whole::start(answer)),
        };
        self.failures.push(format!("`namespaces` {words}"));
        self.settings.unseen.push(Path::of("namespace"));
        told
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
            if let Some((_, other)) = fields.iter().find(|(key, _)| *key == "ns")
                && *other != namespace.last()
            {
                self.odd.push(format!("ns={other}"));
                continue;
            }
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
        for name in listed(centres) {
            let path = xdr.join("dc").join(name);
            self.settings.add_section(path.clone(), None);
            let command = format!("get-config:context=xdr;dc={name}");
            let Some(answer) = self.pairs(&command, &path, Part::Centre) else {
                continue;
            };
            let mut namespaces = "";
            for (key, value) in pairs::of(answer) {
                match key {
                    "namespaces" => namespaces = value,
                    _ => self.add(&path, Context::XdrDc, key, value),
                }
            }
            for namespace in listed(namespaces) {
                self.xdr_namespace(&path, name, namespace);
            }
        }
    }

    fn xdr_namespace(&mut self, centre: &Path, name: &str, namespace: &str) {
        let path = centre.join("namespace").join(namespace);
        self.settings.add_section(path.clone(), None);
        let command = format!("get-config:context=xdr;dc={name};namespace={namespace}");
        let Some(answer) = self.pairs(&command, &path, Part::Centre) else {
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
        let knows_first = self.answers.value("log/0").is_ok();
        if whole::lacks_sinks(&sinks, answer, knows_first) {
            let error = Refusal::Error(whole::start(answer).to_owned());
            self.fail("logs", error, Some(&root));
            sinks.pop();
        }
        for (id, sink) in sinks {
            let name = match sink.as_str() {
                whole::CONSOLE => "console",
                path if self.is_syslog(path, hints) => "syslog",
                path => path,
            };
            let path = logging::path_of(&mut self.settings, name);
            self.settings.add_section(path.clone(), None);
            self.settings.sink_ids.insert(path.clone(), id.to_owned());
            if name == "syslog" {
                self.add(&path, Context::LogSyslog, "path", &sink);
            }
            let command = format!("log/{id}");
            let Some(answer) = self.needed(&command, &path) else {
                continue;
            };
            let levels = whole::of_levels(answer, self.settings.release);
            let Some(answer) = self.sound(&command, &path, levels) else {
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
        if row.is_some_and(|row| !whole::is_value(row, value)) {
            self.odd.push(format!("{key}={value}"));
            self.settings.unseen.push(path);
            return;
        }
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
            // A server's words end where a NUL is. They are not repeated, for a secret may be among them.
            Ok(answer) if answer.contains('\0') => {
                self.failures
                    .push(format!("`{command}` answered with a NUL in it"));
                self.settings.unseen.push(path.clone());
                None
            }
            Ok(answer) => Some(answer),
            Err(refusal) => {
                self.fail(command, refusal, Some(path));
                None
            }
        }
    }

    /// A needed answer that is made of pairs, as far as it is sound.
    fn pairs(&mut self, command: &str, path: &Path, part: Part) -> Option<&'a str> {
        let answer = self.needed(command, path)?;
        let checked = whole::of_pairs(part, answer, self.settings.release);
        self.sound(command, path, checked)
    }

    /// What can be used of an answer; what it does not hold is unseen where it is damaged.
    fn sound(
        &mut self,
        command: &str,
        path: &Path,
        checked: Result<&'a str, Damage<'a>>,
    ) -> Option<&'a str> {
        match checked {
            Ok(answer) => Some(answer),
            Err(Damage { words, sound }) => {
                self.failures.push(format!("`{command}` {words}"));
                self.settings.unseen.push(path.clone());
                Some(sound).filter(|sound| !sound.is_empty())
            }
        }
    }

    /// An answer that only enterprise servers have.
    fn enterprise(&mut self, command: &str, path: &Path) -> Option<&'a str> {
        match self.settings.edition {
            Edition::Enterprise => self.pairs(command, path, Part::Other),
            Edition::Community => self.answers.value(command).ok(),
        }
    }

    /// What no server reports was damaged on its way.
    fn fail_for_odd(&mut self, command: &str) {
        let odd = std::mem::take(&mut self.odd);
        if let Some(first) = odd.first() {
            let words = whole::start(first);
            let failure = format!("`{command}` answered `{words}`, which no server reports");
            self.failures.push(failure);
        }
    }

    fn fail(&mut self, command: &str, refusal: Refusal, path: Option<&Path>) {
        self.failures.push(match refusal {
            Refusal::Silent => format!("`{command}` was not answered"),
            Refusal::Error(error) if error.is_empty() => format!("`{command}` answered nothing"),
            Refusal::Error(error) => format!("`{command}` answered `{error}`"),
        });
        self.settings.unseen.extend(path.cloned());
    }
}

/// The names of a list; `null` is none.
fn listed(names: &str) -> impl Iterator<Item = &str> {
    names
        .split(',')
        .filter(|name| !name.is_empty() && *name != "null")
}

/// What a node reports beside its parameters.
fn is_state(key: &str) -> bool {
    matches!(
        key,
        "downgrading" | "check-single-bin" | "trace-sample" | "stripe"
    )
}
