//! What mends a difference: the command in the server's own spelling, the line for the file, a restart.
//!
//! A static parameter never gets a `set-config`, nor does one that the server would refuse.
//!
//! Not here: carrying it out. The program changes nothing.

mod command;
mod condition;

use crate::catalogue::Context;
use crate::compare::{Difference, Kind, Party, Role, Side};
use crate::settings::value::words;
use crate::settings::{Path, Value, is_seeds};

use command::{Change, TIP_CLEAR};

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
    let (Some(wanted_side), Some(runtime_side)) =
        (difference.sides.get(wanted), difference.sides.get(runtime))
    else {
        return Vec::new();
    };
    let change = Change {
        difference,
        runtime: parties[runtime].settings,
        wanted: parties[wanted].settings,
        wanted_side,
        runtime_side,
    };
    // A list of seeds is static, and yet single seeds come and go.
    let is_mended_by_commands = difference.dynamic || is_seeds(&difference.path);
    let commands = is_mended_by_commands.then(|| change.commands()).flatten();
    let Some(commands) = commands.filter(|commands| !commands.is_empty()) else {
        return vec![restart(difference)];
    };
    let note = condition::note(&change);
    let on_server = |command: String| Fix {
        on: Place::Runtime,
        note: match command.starts_with(TIP_CLEAR) {
            true => "or leave it: what `tip` added goes with the next restart",
            false => note,
        },
        command,
    };
    let mut fixes: Vec<Fix> = commands.into_iter().map(on_server).collect();
    if is_taken_up_by_recluster(difference) {
        fixes.push(Fix {
            on: Place::Cluster,
            command: "recluster:".to_owned(),
            note: "takes effect after it",
        });
    }
    fixes
}

/// Whether a new value waits for `recluster:`; the active rack's does as the vendor's operator for Kubernetes has it.
fn is_taken_up_by_recluster(difference: &Difference) -> bool {
    difference.row.is_some_and(|row| {
        matches!(
            row.name(),
            "active-rack" | "rack-id" | "prefer-uniform-balance" | "replication-factor"
        )
    })
}

fn restart(difference: &Difference) -> Fix {
    let note = match difference.row.map(|row| row.name()) {
        Some("data-size") => {
            "a restart is not enough: the shared memory of the namespace has to go first"
        }
        _ => "",
    };
    Fix {
        on: Place::Server,
        command: "restart".to_owned(),
        note,
    }
}

/// Makes the file say what the party at `wanted` says.
fn on_file(difference: &Difference, wanted: Option<usize>) -> Option<Fix> {
    let side = difference.sides.get(wanted?)?;
    let command = match (section_of(difference), side.explicit) {
        (Some(section), true) => format!("add the section `{section}`"),
        (Some(section), false) => format!("remove the section `{section}`"),
        (None, _) => line(difference, side),
    };
    Some(Fix {
        on: Place::File,
        command,
        note: "",
    })
}

/// The section that the file lacks or has too many, if nothing less than a section is the difference. Security is on
/// where its section stands, and no line says so.
fn section_of(difference: &Difference) -> Option<Path> {
    match (difference.context, difference.row) {
        (None, _) => Some(difference.path.clone()),
        (Some(Context::Security), None) if difference.path.last() == "enable-security" => {
            difference.path.parent()
        }
        (Some(_), _) => None,
    }
}

/// The line that makes the file say what a side says, or the one to take out where the side is silent.
fn line(difference: &Difference, side: &Side) -> String {
    let path = &difference.path;
    let section = path.parent().map(|section| section.to_string());
    let section = section.unwrap_or_default();
    let name = match is_log_level(difference) {
        true => format!("context {}", path.last()),
        false => path.last(),
    };
    let Some(written) = side.written.as_deref().filter(|_| side.explicit) else {
        return format!("remove `{name}` from `{section}`");
    };
    match (&side.value, difference.row) {
        (Some(Value::Many(many)), Some(row)) if many.len() > 1 => {
            let values = many.iter().map(|one| format!("`{}`", words(row, one)));
            let values = values.collect::<Vec<_>>().join(", ");
            format!("write `{name}` once for each of {values} into `{section}`")
        }
        // Of a flag the name says all.
        _ if written.is_empty() => format!("write `{name}` into `{section}`"),
        _ => format!("write `{name} {written}` into `{section}`"),
    }
}

fn is_log_level(difference: &Difference) -> bool {
    difference.row.is_none()
        && matches!(
            difference.context,
            Some(Context::LogSink | Context::LogSyslog)
        )
}
