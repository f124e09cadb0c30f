//! A difference → the info commands that mend it while the server runs.
//!
//! ```text
//! set-config:context=C;…;name=value                        one parameter a command
//! set-config:context=xdr;dc=D;node-address-port=H:P;action=add|remove
//! set-config:context=xdr;dc=D;action=create|delete         a data centre
//! set-config:context=xdr;dc=D;namespace=N;action=add|remove
//! set-config:context=xdr;dc=D;namespace=N;ship-set=S       adds; what was added cannot be taken away again
//! set-config:context=security;log.report-data-op=true|false;namespace=N[;set=S] | ;user=U | ;role=R
//! log-set:id=N;context=level
//! tip:host=H;port=P[;tls=true]                             a mesh seed
//! tip-clear:host-port-list=H:P,[H6]:P                      no longer one
//! ```
//! Spellings: facts about the runtime; lists as the vendor's asadm and aerospike-management-lib say them; seeds as the
//! server's thr_info.c reads them and the vendor's operator for Kubernetes says them.

use crate::catalogue::{Context, Edition, Kind, Row, Times};
use crate::compare::{Difference, Side};
use crate::settings::{Path, Setting, Settings, Value, is_own_seed, is_seeds};

/// What a command is made from.
pub(super) struct Change<'a> {
    pub(super) difference: &'a Difference,
    /// The settings of the running server.
    pub(super) runtime: &'a Settings,
    /// The settings of the party that is right.
    pub(super) wanted: &'a Settings,
    pub(super) wanted_side: &'a Side,
    pub(super) runtime_side: &'a Side,
}

impl Change<'_> {
    /// The commands, in order; `None` where only a restart mends it.
    pub(super) fn commands(&self) -> Option<Vec<String>> {
        let path = &self.difference.path;
        let Some(context) = self.difference.context else {
            return self.section();
        };
        let Some(row) = self.difference.row else {
            let value = plain(None, self.runtime, self.wanted_side.value.as_ref()?)?;
            return Some(vec![command(self.runtime, path, &value)?]);
        };
        if self.runtime.refuses(path, context, row) {
            return None;
        }
        let (wanted, reported) = (list(self.wanted_side), list(self.runtime_side));
        if is_seeds(path) {
            return self.seeds(&wanted, &reported);
        }
        match (context, row.name()) {
            (Context::XdrDc | Context::XdrNamespace, _) if row.times == Times::Many => {
                members(path, row, &wanted, &reported)
            }
            (Context::SecurityLog | Context::SecuritySyslog, _) if row.times == Times::Many => {
                audited(path, row, &wanted, &reported)
            }
            _ => {
                let value = plain(
                    Some((context, row)),
                    self.runtime,
                    self.wanted_side.value.as_ref()?,
                )?;
                Some(vec![command(self.runtime, path, &value)?])
            }
        }
    }

    /// Mesh seeds, which come and go by commands of their own. A node needs no tip of itself.
    fn seeds(&self, wanted: &[String], reported: &[String]) -> Option<Vec<String>> {
        let path = &self.difference.path;
        let mode = Path::of("network").join("heartbeat").join("mode");
        let is_mesh = |mode: &Setting| mode.value == Value::One("mesh".to_owned());
        if !self.runtime.at(&mode).is_some_and(is_mesh) {
            return None;
        }
        let tls = match path.last().starts_with("tls-") {
            true => ";tls=true",
            false => "",
        };
        let mut commands = Vec::new();
        for seed in beyond(wanted, reported) {
            let (host, port) = host_and_port(seed)?;
            if !is_own_seed(path, &[self.wanted, self.runtime], seed) {
                commands.push(format!("tip:host={host};port={port}{tls}"));
            }
        }
        let mut gone = Vec::new();
        for seed in beyond(reported, wanted) {
            let (host, port) = host_and_port(seed)?;
            gone.push(match host.contains(':') {
                true => format!("[{host}]:{port}"),
                false => format!("{host}:{port}"),
            });
        }
        if !gone.is_empty() {
            commands.push(format!("{TIP_CLEAR}{}", gone.join(",")));
        }
        Some(commands)
    }

    /// A data centre, or a namespace that is shipped to one, with all that the party says of it.
    fn section(&self) -> Option<Vec<String>> {
        let path = &self.difference.path;
        let (target, adds, removes) = target_of(path)?;
        if !self.wanted.has_section(path) {
            return Some(vec![format!("set-config:{target};action={removes}")]);
        }
        let mut commands = vec![format!("set-config:{target};action={adds}")];
        let says = |setting: &Setting| setting.explicit && setting.row.is_some();
        let below: Vec<(&Path, &Setting)> = self
            .wanted
            .iter()
            .filter(|(other, setting)| other.is_within(path) && says(setting))
            .collect();
        let (fields, seeds): (Vec<_>, Vec<_>) = below
            .into_iter()
            .filter(|(other, _)| other.parent().as_ref() == Some(path))
            .partition(|(_, setting)| !is_seed(setting));
        // A seed is refused before the fields that say how it is reached.
        for (other, setting) in fields.into_iter().chain(seeds) {
            commands.extend(self.said(other, setting)?);
        }
        let inner = self.wanted.sections().map(|(inner, _)| inner);
        for namespace in inner.filter(|inner| *inner != path && inner.is_within(path)) {
            let (target, adds, _) = target_of(namespace)?;
            commands.push(format!("set-config:{target};action={adds}"));
            for (other, setting) in self.wanted.iter() {
                if other.is_within(namespace) && says(setting) {
                    commands.extend(self.said(other, setting)?);
                }
            }
        }
        Some(commands)
    }

    /// Makes a server that has none of it say a setting.
    fn said(&self, path: &Path, setting: &Setting) -> Option<Vec<String>> {
        let row = setting.row?;
        if let Value::Many(wanted) = &setting.value {
            return members(path, row, wanted, &[]);
        }
        let value = plain(Some((setting.context, row)), self.runtime, &setting.value)?;
        Some(vec![command(self.runtime, path, &value)?])
    }
}

/// How the command begins that takes mesh seeds away.
pub(super) const TIP_CLEAR: &str = "tip-clear:host-port-list=";

/// A mesh seed in its two parts; `None` where a command could not say it.
fn host_and_port(seed: &str) -> Option<(&str, &str)> {
    let (host, port) = speakable(seed)?.rsplit_once(':')?;
    let host = host.trim_start_matches('[').trim_end_matches(']');
    let is_plain = !host.is_empty() && !host.contains(['=', ',', ' ', '[', ']']);
    (is_plain && port.parse::<u16>().is_ok()).then_some((host, port))
}

fn is_seed(setting: &Setting) -> bool {
    setting
        .row
        .is_some_and(|row| row.name() == "node-address-port")
}

/// Where a section of XDR is said, and the words with which it comes and goes.
fn target_of(path: &Path) -> Option<(String, &'static str, &'static str)> {
    let steps = path.steps();
    let steps: Vec<&str> = steps.iter().map(AsRef::as_ref).collect();
    if !steps.iter().all(|step| is_speakable(step)) {
        return None;
    }
    match steps.as_slice() {
        ["xdr", "dc", centre] => Some((format!("context=xdr;dc={centre}"), "create", "delete")),
        ["xdr", "dc", centre, "namespace", namespace] => Some((
            format!("context=xdr;dc={centre};namespace={namespace}"),
            "add",
            "remove",
        )),
        _ => None,
    }
}

fn list(side: &Side) -> Vec<String> {
    match &side.value {
        Some(Value::Many(many)) => many.clone(),
        Some(Value::One(one)) if !one.is_empty() => vec![one.clone()],
        Some(Value::One(_) | Value::Anything) | None => Vec::new(),
    }
}

/// What the one has and the other lacks.
fn beyond<'a>(one: &'a [String], other: &'a [String]) -> impl Iterator<Item = &'a String> {
    one.iter().filter(|value| !other.contains(value))
}

/// The members of a list of XDR.
fn members(path: &Path, row: &Row, wanted: &[String], reported: &[String]) -> Option<Vec<String>> {
    let (target, _, _) = target_of(&path.parent()?)?;
    let name = row.name();
    let mut commands = Vec::new();
    if name != "node-address-port" {
        // Taking one away is no command.
        if beyond(reported, wanted).next().is_some() {
            return None;
        }
        for value in beyond(wanted, reported) {
            commands.push(format!("set-config:{target};{name}={}", speakable(value)?));
        }
        return Some(commands);
    }
    for (seeds, others, action) in [(wanted, reported, "add"), (reported, wanted, "remove")] {
        for seed in beyond(seeds, others) {
            // The colons of an IPv6 address cannot be told from the port's without its brackets.
            let seed = speakable(seed).filter(|seed| seed.matches(':').count() < 3)?;
            commands.push(format!("set-config:{target};{name}={seed};action={action}"));
        }
    }
    Some(commands)
}

/// What is audited: namespaces and sets, users, roles.
fn audited(path: &Path, row: &Row, wanted: &[String], reported: &[String]) -> Option<Vec<String>> {
    let steps = path.steps();
    let log = steps.get(1)?;
    let mut commands = Vec::new();
    for (values, others, word) in [(wanted, reported, "true"), (reported, wanted, "false")] {
        for value in beyond(values, others) {
            let value = speakable(value)?;
            let what = match (row.name(), value.split_once(':')) {
                ("report-data-op-user", _) => format!("user={value}"),
                ("report-data-op-role", _) => format!("role={value}"),
                (_, Some((namespace, set))) => format!("namespace={namespace};set={set}"),
                (_, None) => format!("namespace={value}"),
            };
            commands.push(format!(
                "set-config:context=security;{log}.report-data-op={word};{what}"
            ));
        }
    }
    Some(commands)
}

/// The value as `set-config` takes it: plain integers, lower case; `None` where it cannot be said, or where the server
/// would refuse it.
fn plain(row: Option<(Context, &Row)>, runtime: &Settings, value: &Value) -> Option<String> {
    let Value::One(value) = value else {
        return None;
    };
    let Some((context, row)) = row else {
        return speakable(value).map(str::to_owned);
    };
    if value.is_empty() {
        let is_unset_by_a_word = match context {
            Context::XdrDc | Context::XdrNamespace => row.kind == Kind::Text,
            // From 7.0 every cluster has a name.
            Context::Service => row.name() == "cluster-name" && !runtime.release.is_from(7, 0),
            _ => false,
        };
        return is_unset_by_a_word.then(|| "null".to_owned());
    }
    let value = speakable(value)?;
    match row.kind {
        Kind::PctOrMinus1 | Kind::Seconds if value == "4294967295" => Some("-1".to_owned()),
        _ => is_within_bounds(row, runtime.edition, value).then(|| value.to_owned()),
    }
}

/// A default may lie where nothing can be set to.
fn is_within_bounds(row: &Row, edition: Edition, value: &str) -> bool {
    let Ok(number) = value.parse::<u64>() else {
        return true;
    };
    row.min.of(edition).is_none_or(|least| number >= least)
        && row.max.of(edition).is_none_or(|most| number <= most)
}

fn speakable(value: &str) -> Option<&str> {
    (!value.is_empty() && !value.contains([';', '\n'])).then_some(value)
}

fn is_speakable(step: &str) -> bool {
    !step.contains([';', '=', '\n', '\t'])
}

fn command(runtime: &Settings, path: &Path, value: &str) -> Option<String> {
    let steps = path.steps();
    let steps: Vec<&str> = steps.iter().map(AsRef::as_ref).collect();
    if let ["logging", _, context] = steps.as_slice() {
        let id = runtime.sink_id(&path.parent()?)?;
        return Some(format!("log-set:id={id};{context}={value}"));
    }
    if !steps.iter().all(|step| is_speakable(step)) {
        return None;
    }
    let command = match steps.as_slice() {
        ["service", name] => format!("context=service;{name}={value}"),
        ["network", section, name] => format!("context=network;{section}.{name}={value}"),
        ["namespace", namespace, name] => {
            format!("context=namespace;id={namespace};{name}={value}")
        }
        ["namespace", namespace, "set", set, name] => {
            format!("context=namespace;id={namespace};set={set};{name}={value}")
        }
        ["namespace", namespace, "storage-engine", name] => {
            format!("context=namespace;id={namespace};{name}={value}")
        }
        // Until both kinds of index had them, their parameters stood alone.
        ["namespace", namespace, "index-type", name] if !runtime.release.is_from(7, 0) => {
            format!("context=namespace;id={namespace};{name}={value}")
        }
        ["namespace", namespace, "geo2dsphere-within", name] => {
            format!("context=namespace;id={namespace};geo2dsphere-within-{name}={value}")
        }
        ["namespace", namespace, section, name] => {
            format!("context=namespace;id={namespace};{section}.{name}={value}")
        }
        ["security", name] => format!("context=security;{name}={value}"),
        ["security", section, name] => format!("context=security;{section}.{name}={value}"),
        ["xdr", name] => format!("context=xdr;{name}={value}"),
        ["xdr", "dc", centre, name] => format!("context=xdr;dc={centre};{name}={value}"),
        ["xdr", "dc", centre, "namespace", namespace, name] => {
            format!("context=xdr;dc={centre};namespace={namespace};{name}={value}")
        }
        _ => return None,
    };
    Some(format!("set-config:{command}"))
}
