//! What mends a difference: the command in the server's own spelling, the line for the file, a restart.
//!
//! Spellings: facts about the runtime, set-config. One parameter a command, plain integers, no `storage-engine.`
//! before a name, `geo2dsphere-within-` with dashes. A static parameter never gets a `set-config`.
//!
//! Not here: carrying it out. The program changes nothing.

use crate::catalogue::{Context, Kind as ValueKind};
use crate::compare::{Difference, Kind, Party, Role, Side};
use crate::settings::{Path, Settings, Value};

/// One step that mends a difference.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fix {
    /// Where it is done.
    pub on: Place,
    /// The info command, the line to write, or `restart`.
    pub command: String,
    /// What else has to be known; empty where nothing has.
    pub note: &'static str,
}

/// Where a fix is done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// An info command for the running server.
    Runtime,
    /// A line of the file.
    File,
    /// The server as a whole.
    Server,
    /// The cluster as a whole.
    Cluster,
}

impl Place {
    /// The word for it in every output.
    pub fn word(self) -> &'static str {
        match self {
            Place::Runtime => "runtime",
            Place::File => "file",
            Place::Server => "server",
            Place::Cluster => "cluster",
        }
    }
}

/// The steps that mend a difference, in order. The file comes first among the parties.
pub fn remedy(difference: &Difference, parties: &[Party<'_>]) -> Vec<Fix> {
    let with_role = |role: Role| {
        difference
            .disagreeing
            .iter()
            .copied()
            .find(|at| parties[*at].role == role)
    };
    let runtime = with_role(Role::Runtime)
        .or_else(|| parties.iter().position(|party| party.role == Role::Runtime));
    let mut fixes = Vec::new();
    match difference.kind {
        Kind::Drifted | Kind::PendingRestart => {
            fixes.extend(on_runtime(difference, parties, 0, runtime))
        }
        Kind::Latent => fixes.extend(on_file(difference, with_role(Role::Reference))),
        Kind::Undeployed | Kind::Diverged => {
            let reference = with_role(Role::Reference);
            fixes.extend(on_file(difference, reference));
            if let Some(reference) = reference {
                fixes.extend(on_runtime(difference, parties, reference, runtime));
            }
        }
        Kind::Outlier => {}
    }
    if parties
        .iter()
        .filter(|party| party.role == Role::Runtime)
        .nth(1)
        .is_some()
    {
        let note = note_for_nodes(difference, parties);
        let of_nodes = |fix: &&mut Fix| matches!(fix.on, Place::Runtime | Place::Server);
        for fix in fixes
            .iter_mut()
            .filter(of_nodes)
            .filter(|fix| fix.note.is_empty())
        {
            fix.note = note;
        }
    }
    fixes
}

/// Several nodes are mended one by one, and each numbers its log sinks by itself.
fn note_for_nodes(difference: &Difference, parties: &[Party<'_>]) -> &'static str {
    let sink = difference
        .path
        .parent()
        .filter(|_| is_log_level(difference));
    let nodes = difference.disagreeing.iter().map(|at| parties[*at]);
    let mut ids = nodes
        .filter(|party| party.role == Role::Runtime)
        .map(|party| sink.as_ref().and_then(|sink| party.settings.sink_id(sink)));
    let first = ids.next();
    match ids.all(|id| Some(id) == first) {
        true => "on each node that differs",
        false => "on each node that differs; `logs` tells its id of the sink",
    }
}

/// Makes the server do what the party at `wanted` says.
fn on_runtime(
    difference: &Difference,
    parties: &[Party<'_>],
    wanted: usize,
    runtime: Option<usize>,
) -> Vec<Fix> {
    let Some(runtime) = runtime else {
        return Vec::new();
    };
    let settings = parties[runtime].settings;
    if !difference.dynamic {
        return vec![restart(difference)];
    }
    let value = difference
        .sides
        .get(wanted)
        .and_then(|side| set_config_value(difference, side));
    let command = value.and_then(|value| set_config(difference, settings, &value));
    let Some(command) = command else {
        return vec![restart(difference)];
    };
    let mut fixes = vec![Fix {
        on: Place::Runtime,
        command,
        note: "",
    }];
    let name = difference.row.map_or("", |row| row.name);
    if matches!(
        name,
        "rack-id" | "prefer-uniform-balance" | "replication-factor"
    ) {
        fixes.push(Fix {
            on: Place::Cluster,
            command: "recluster:".to_owned(),
            note: "takes effect after it",
        });
    }
    fixes
}

fn restart(difference: &Difference) -> Fix {
    let note = match difference.row.map(|row| row.name) {
        Some("data-size") => {
            "a restart is not enough: the shared memory of the namespace has to go first"
        }
        Some("mesh-seed-address-port" | "tls-mesh-seed-address-port")
            if has_more_than_the_file(difference) =>
        {
            "a seed that `tip` added goes with it; it can be left"
        }
        _ => "",
    };
    Fix {
        on: Place::Server,
        command: "restart".to_owned(),
        note,
    }
}

fn has_more_than_the_file(difference: &Difference) -> bool {
    let values = |side: &Side| match &side.value {
        Some(Value::Many(values)) => values.clone(),
        Some(Value::One(_) | Value::Anything) | None => Vec::new(),
    };
    let file = difference.sides.first().map(values).unwrap_or_default();
    let others = difference.sides.iter().skip(1).flat_map(values);
    others.into_iter().any(|seed| !file.contains(&seed))
}

/// Makes the file say what the party at `wanted` says.
fn on_file(difference: &Difference, wanted: Option<usize>) -> Option<Fix> {
    let side = difference.sides.get(wanted?)?;
    let section = difference
        .path
        .parent()
        .map(|path| path.to_string())
        .unwrap_or_default();
    let name = difference.path.last();
    let command = match (difference.context, &side.written, side.explicit) {
        (None, Some(_), _) => format!("add the section `{}`", difference.path),
        (None, None, _) => format!("remove the section `{}`", difference.path),
        (Some(_), Some(written), true) if is_log_level(difference) => {
            format!("write `context {name} {written}` into `{section}`")
        }
        (Some(_), Some(written), true) => match &side.value {
            Some(Value::Many(many)) if many.len() > 1 => {
                format!(
                    "write `{name}` once for each of {} into `{section}`",
                    quoted(many)
                )
            }
            _ => format!("write `{name} {written}` into `{section}`"),
        },
        (Some(_), _, _) => format!("remove `{name}` from `{section}`"),
    };
    Some(Fix {
        on: Place::File,
        command,
        note: "",
    })
}

fn quoted(values: &[String]) -> String {
    let values: Vec<String> = values.iter().map(|value| format!("`{value}`")).collect();
    values.join(", ")
}

fn is_log_level(difference: &Difference) -> bool {
    difference.row.is_none()
        && matches!(
            difference.context,
            Some(Context::LogSink | Context::LogSyslog)
        )
}

/// The value as `set-config` takes it: plain integers, lower case. A value with a `;` cannot be said.
fn set_config_value(difference: &Difference, side: &Side) -> Option<String> {
    let Some(Value::One(value)) = &side.value else {
        return None;
    };
    if value.is_empty() || value.contains([';', '\n']) {
        return None;
    }
    match difference.row.map(|row| row.kind) {
        Some(ValueKind::PctOrMinus1) if value == "4294967295" => Some("-1".to_owned()),
        _ => Some(value.clone()),
    }
}

fn set_config(difference: &Difference, runtime: &Settings, value: &str) -> Option<String> {
    let steps = difference.path.steps();
    let steps: Vec<&str> = steps.iter().map(AsRef::as_ref).collect();
    let speakable = |step: &&str| !step.contains([';', '=', '\n', '\t']);
    if !steps.iter().all(speakable) {
        let sink = difference.path.parent()?;
        return is_log_level(difference)
            .then(|| log_set(runtime, &sink, &steps, value))
            .flatten();
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
        ["namespace", namespace, "geo2dsphere-within", name] => {
            format!("context=namespace;id={namespace};geo2dsphere-within-{name}={value}")
        }
        // Both kinds of index have parameters of the same names.
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
        ["logging", _, _] => return log_set(runtime, &difference.path.parent()?, &steps, value),
        _ => return None,
    };
    Some(format!("set-config:{command}"))
}

fn log_set(runtime: &Settings, sink: &Path, steps: &[&str], value: &str) -> Option<String> {
    let id = runtime.sink_id(sink)?;
    Some(format!("log-set:id={id};{}={value}", steps.last()?))
}
