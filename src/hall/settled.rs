//! The sources of a check, each read and settled as it comes, and what was noticed on the way.

use std::time::{Duration, SystemTime};

use crate::compare::Role;
use crate::lint::Problem;
use crate::report::{Failure, NodeLine, Source, Wanted};
use crate::settings::answers::{self, Hints, Node, Seen};
use crate::settings::{Path, Settings, Value, Whereabouts};
use crate::sources::machine;

use super::crowd::{self, Opened};
use super::era::{Era, Reading};
use super::gather::Content;
use super::session::Session;

/// Sources that were read, the file first, and what could not be.
pub(super) struct Settled {
    pub(super) era: Era,
    pub(super) parties: Vec<(Source, Settings)>,
    /// What the file was to be compared with.
    pub(super) wanted: Vec<Wanted>,
    pub(super) node: Option<NodeLine>,
    pub(super) problems: Vec<(String, Problem)>,
    pub(super) failures: Vec<Failure>,
    pub(super) notes: Vec<String>,
    /// Marks that are none, or that belong to nothing.
    pub(super) marks: Vec<String>,
    /// Nodes of a cluster that are not the file's own, by their place among the parties.
    pub(super) elsewhere: Vec<usize>,
    /// How many nodes were found.
    nodes: usize,
}

impl Settled {
    pub(super) fn start(session: &Session, era: Era, nodes: usize) -> Settled {
        Settled {
            era,
            parties: Vec::new(),
            wanted: Vec::new(),
            node: None,
            problems: Vec::new(),
            failures: Vec::new(),
            notes: session.notes.clone(),
            marks: Vec::new(),
            elsewhere: Vec::new(),
            nodes,
        }
    }

    /// Takes a source that the file is compared with, or says why it cannot be seen. `changed` is when the file was.
    pub(super) fn add(&mut self, session: &Session, opened: Opened, changed: Option<SystemTime>) {
        let Opened {
            name,
            member,
            content,
        } = opened;
        let is_member = member.is_some();
        let is_node = is_member || matches!(content, Ok(Content::Node { .. }));
        self.wanted.push(Wanted {
            role: match is_node {
                true => Role::Runtime,
                false => crowd::role(session, &name),
            },
            name: name.clone(),
            is_own: !is_member,
        });
        match content {
            Err(error) => self.failures.push(Failure {
                source: name,
                message: format!("{error:#}"),
            }),
            Ok(Content::File {
                bytes,
                commit,
                vars,
                notes,
                ..
            }) => {
                self.notes.extend(notes);
                self.add_reference(name, &bytes, vars.as_ref(), commit);
            }
            Ok(Content::Node {
                answers,
                address,
                whereabouts,
                notes,
            }) => {
                self.notes.extend(notes);
                let file = self.parties.first().map(|(_, settings)| settings);
                let hints = Hints {
                    release: session.release(),
                    guess: Some(self.era.release),
                    edition: Some(self.era.edition),
                    syslog_path: file.and_then(Settings::syslog_path),
                };
                let seen = answers::settle(&answers, &hints);
                let relation = match is_member && !self.is_own(&seen, whereabouts) {
                    true => Relation::Other,
                    false => Relation::Own(changed),
                };
                if let (Relation::Own(_), Some(wanted)) = (&relation, self.wanted.last_mut()) {
                    wanted.is_own = true;
                }
                self.add_node(name, seen, &address, whereabouts, relation);
            }
        }
    }

    /// Takes the node's own file. Of one whose braces are in doubt nothing is compared.
    pub(super) fn add_file(&mut self, name: String, reading: Reading) {
        if !reading.dialects.is_empty() {
            let message = format!(
                "expected the file that the node loads, but found a template ({})",
                reading.dialects.join(", ")
            );
            self.failures.push(Failure {
                source: name,
                message,
            });
            return;
        }
        let problems = reading.problems.into_iter();
        self.problems
            .extend(problems.map(|problem| (name.clone(), problem)));
        if !reading.is_broken {
            self.add_party(Role::File, name, reading.settings, None);
        }
    }

    /// Reads a reference, rendered where there are variables for it.
    fn add_reference(
        &mut self,
        name: String,
        bytes: &[u8],
        vars: Option<&serde_json::Value>,
        commit: Option<String>,
    ) {
        let settings = match self.era.expect_settings(bytes, vars) {
            Ok(settings) => settings,
            Err(error) => {
                let message = format!("{error:#}");
                self.failures.push(Failure {
                    source: name,
                    message,
                });
                return;
            }
        };
        if let Some((values, parts)) = settings.freedom.counts() {
            let values = match values {
                1 => "1 value varies".to_owned(),
                _ => format!("{values} values vary"),
            };
            let parts = match parts {
                1 => "1 setting is optional".to_owned(),
                _ => format!("{parts} settings are optional"),
            };
            self.notes
                .push(format!("{name} is a template: {values}, {parts}"));
        }
        self.add_party(Role::Reference, name, settings, commit);
    }

    fn add_party(&mut self, role: Role, name: String, settings: Settings, commit: Option<String>) {
        self.marks.extend(
            settings
                .freedom
                .faults()
                .iter()
                .map(|fault| format!("{name}: {fault}")),
        );
        self.parties.push((
            Source {
                role,
                name,
                settings: settings.count(),
                commit,
            },
            settings,
        ));
    }

    fn add_node(
        &mut self,
        name: String,
        mut seen: Seen,
        address: &str,
        whereabouts: Whereabouts,
        relation: Relation,
    ) {
        let failures = seen.failures.into_iter().map(|message| Failure {
            source: name.clone(),
            message,
        });
        self.failures.extend(failures);
        self.notes.extend(seen.node.notes.iter().cloned());
        match relation {
            Relation::Other => self.elsewhere.push(self.parties.len()),
            Relation::Own(changed) => {
                if whereabouts != Whereabouts::Recorded {
                    self.notes.extend(changed_since_start(&seen.node, changed));
                }
                self.node.get_or_insert(node_line(&seen.node, address));
            }
        }
        // What the file leaves to the machine is another thing on every node.
        if let Some((_, file)) = self
            .parties
            .first_mut()
            .filter(|(source, _)| source.role == Role::File)
        {
            let machine = machine::look();
            match self.nodes {
                1 => file.learn_from(&seen.settings, &seen.node, &machine, whereabouts),
                _ => seen
                    .settings
                    .expect_from(file, &seen.node, &machine, whereabouts),
            }
        }
        self.add_party(Role::Runtime, name, seen.settings, None);
    }

    /// Whether a node of the cluster is the one that loads the file: it has the id that the file gives it, or it is
    /// on this machine at the file's port.
    fn is_own(&self, seen: &Seen, whereabouts: Whereabouts) -> bool {
        let Some((_, file)) = self
            .parties
            .first()
            .filter(|(source, _)| source.role == Role::File)
        else {
            return false;
        };
        let id = Path::of("service").join("node-id");
        let port = Path::of("network").join("service").join("port");
        let value =
            |settings: &Settings, path: &Path| settings.at(path).map(|said| said.value.clone());
        match value(file, &id) {
            Some(Value::One(id)) => id.eq_ignore_ascii_case(&seen.node.id),
            Some(Value::Many(_) | Value::Anything) | None => {
                whereabouts == Whereabouts::Here
                    && value(file, &port) == value(&seen.settings, &port)
            }
        }
    }
}

/// What a node has to do with the file.
enum Relation {
    /// It loads the file, which was changed then.
    Own(Option<SystemTime>),
    /// It is another node of the cluster.
    Other,
}

/// A file that is newer than the server's start was not read by it.
fn changed_since_start(node: &Node, changed: Option<SystemTime>) -> Option<String> {
    let started = SystemTime::now().checked_sub(Duration::from_secs(node.uptime?))?;
    let late = changed?.duration_since(started).ok()?;
    (late > Duration::from_secs(2)).then(|| {
        "the file was changed after the server started; what is static waits for a restart"
            .to_owned()
    })
}

pub(super) fn node_line(node: &Node, address: &str) -> NodeLine {
    NodeLine {
        id: node.id.clone(),
        build: node.build.clone(),
        edition: node.edition.clone(),
        cluster: node.cluster.clone(),
        host: address.to_owned(),
        uptime: node.uptime,
    }
}
