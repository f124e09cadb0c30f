//! `ascad check`: one node's file against its runtime and references.

use std::time::{Duration, SystemTime};

use anyhow::{Result, bail};

use crate::catalogue::Edition;
use crate::cli::{self, DEFAULT_CONF};
use crate::compare::{self, Comparison, Party, Role, Scope};
use crate::lint::{Problem, Severity};
use crate::remedy::{self, Fix, Place};
use crate::report::text::Detail;
use crate::report::{Check, Failure, FileProblem, NodeLine, Source, Wanted};
use crate::settings::answers::{self, Hints, Node, Seen};
use crate::settings::{Path, Settings, Value, Whereabouts};
use crate::sources::machine;
use crate::sources::spec::Spec;
use crate::verdict::{Severities, State, worst};

use super::alert::Alerts;
use super::crowd::{self, Opened};
use super::deliver::deliver;
use super::era::{Era, Reading};
use super::gather::{self, Content, Told};
use super::print::{COMPARED, Reports};
use super::session::Session;

pub(super) fn run(plan: &cli::Check) -> Result<State> {
    let session = Session::start(&plan.common, &plan.node, &COMPARED)?;
    let reports = Reports::prepare(&session, "check", &COMPARED)?;
    let alerts = Alerts::prepare(&session)?;
    let severities = session.severities()?;
    let conf = plan
        .conf
        .clone()
        .or_else(|| session.file.check.conf.clone());
    let conf = conf.unwrap_or_else(|| DEFAULT_CONF.to_owned());
    let against = against(&session, &plan.against);
    let settled = match gather(&session, &conf, &against) {
        Ok(gathered) => settle(&session, gathered),
        Err(error) => unseen(&session, conf, &error, &against),
    };
    let judged = judge(&session, &severities, settled);
    deliver(&session, judged, &alerts, &reports)
}

/// The flags, else the settings, else the running server.
fn against(session: &Session, flags: &[String]) -> Vec<String> {
    if !flags.is_empty() {
        return flags.to_vec();
    }
    if !session.file.check.against.is_empty() {
        return session.file.check.against.clone();
    }
    vec!["runtime".to_owned()]
}

struct Gathered {
    name: String,
    changed: Option<SystemTime>,
    bytes: Vec<u8>,
    /// The file as the server reads it that it seems to be for.
    reading: Reading,
    others: Vec<Opened>,
}

/// Opens the file, then everything else at once.
fn gather(session: &Session, conf: &str, against: &[String]) -> Result<Gathered> {
    let spec = if conf == "-" {
        Spec::StandardInput
    } else {
        Spec::File(conf.into())
    };
    let content = gather::open(session, &spec, &Told::default())?;
    let Content::File { bytes, changed, .. } = content else {
        bail!("expected a file of configuration at `{conf}`")
    };
    let reading = Reading::of_file(session, &bytes);
    let told = gather::told_by(&reading.settings, &session.environment);
    Ok(Gathered {
        name: conf.to_owned(),
        changed,
        bytes,
        reading,
        others: crowd::open_all(session, against, &told),
    })
}

/// Sources that were read, the file first, and what could not be.
struct Settled {
    era: Era,
    parties: Vec<(Source, Settings)>,
    /// What the file was to be compared with.
    wanted: Vec<Wanted>,
    node: Option<NodeLine>,
    problems: Vec<(String, Problem)>,
    failures: Vec<Failure>,
    notes: Vec<String>,
    /// Marks that are none, or that belong to nothing.
    marks: Vec<String>,
    /// Nodes of a cluster that are not the file's own, by their place among the parties.
    elsewhere: Vec<usize>,
    /// How many nodes were found.
    nodes: usize,
}

fn settle(session: &Session, gathered: Gathered) -> Settled {
    let servers = crowd::server_eras(session, &gathered.others);
    let own = gathered.reading.era;
    let era = crowd::era_among(&servers, &gathered.bytes).unwrap_or(Era {
        edition: (session.edition())
            .or(crowd::edition_of(&gathered.others))
            .unwrap_or(own.edition),
        ..own
    });
    let nodes = gathered.others.iter().filter(|one| is_node(one)).count();
    let mut settled = Settled::start(session, era, nodes);
    settled.notes.extend(era.note());
    settled.add_file(gathered.name, gathered.reading.under(&gathered.bytes, era));
    for opened in gathered.others {
        settled.add(session, opened, gathered.changed);
    }
    if let Some(((_, file), others)) = settled.parties.split_first_mut() {
        for (_, settings) in others {
            settings.take_names_of(file);
        }
    }
    if session.detail() == Detail::Verbose {
        settled.notes.append(&mut settled.marks);
    }
    settled
}

/// The file itself could not be read, so there is nothing to compare with.
fn unseen(session: &Session, conf: String, error: &anyhow::Error, against: &[String]) -> Settled {
    let wanted = against.iter().map(|name| Wanted {
        role: crowd::role(session, name),
        name: crowd::called(session, name),
        is_own: true,
    });
    let mut settled = Settled::start(session, Era::of_file(session, b""), 0);
    settled.wanted = wanted.collect();
    settled.failures.push(Failure {
        source: conf,
        message: format!("{error:#}"),
    });
    settled
}

fn is_node(opened: &Opened) -> bool {
    matches!(opened.content, Ok(Content::Node { .. }))
}

impl Settled {
    fn start(session: &Session, era: Era, nodes: usize) -> Settled {
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
    fn add(&mut self, session: &Session, opened: Opened, changed: Option<SystemTime>) {
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
    fn add_file(&mut self, name: String, reading: Reading) {
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

pub(super) struct Judged {
    pub(super) report: Check,
    pub(super) edition: Edition,
}

fn judge(session: &Session, severities: &Severities, mut settled: Settled) -> Judged {
    let scope = Scope {
        elsewhere: std::mem::take(&mut settled.elsewhere),
        ..session.scope()
    };
    let (comparison, mut fixes) = compare(&settled.parties, &scope);
    let mut own = settled.problems.iter();
    if own.any(|(_, problem)| problem.severity == Severity::Fatal) {
        warn_of_restarts(&mut fixes);
    }
    let differences = comparison.differences.iter();
    let states: Vec<State> = differences
        .map(|difference| severities.of(difference.kind))
        .collect();
    let problems: Vec<FileProblem> = settled
        .problems
        .into_iter()
        .map(|(file, problem)| FileProblem {
            file,
            state: state_of(&problem, severities),
            problem,
        })
        .collect();
    let of_file = problems.iter().map(|found| found.state);
    let mut state = worst(states.iter().copied().chain(of_file));
    if !settled.failures.is_empty() || comparison.compared == 0 {
        state = state.max(State::Unknown);
    }
    let sources = settled.parties.into_iter().map(|(source, _)| source);
    let report = Check {
        state,
        node: settled.node,
        wanted: settled.wanted,
        sources: sources.collect(),
        comparison,
        fixes,
        states,
        release: settled.era.release,
        problems,
        failures: settled.failures,
        undelivered: Vec::new(),
        notes: settled.notes,
        seconds: session.started.elapsed().as_secs_f64(),
    };
    Judged {
        report,
        edition: settled.era.edition,
    }
}

/// What differs, and what mends each difference. Without the file there is nothing to compare the others with.
fn compare(sources: &[(Source, Settings)], scope: &Scope) -> (Comparison, Vec<Vec<Fix>>) {
    let has_file = matches!(sources, [(first, _), ..] if first.role == Role::File);
    let parties: Vec<Party<'_>> = sources
        .iter()
        .filter(|_| has_file)
        .map(|(source, settings)| Party {
            role: source.role,
            settings,
        })
        .collect();
    let comparison = compare::compare(&parties, scope);
    let differences = comparison.differences.iter();
    let fixes = differences
        .map(|difference| remedy::remedy(difference, &parties))
        .collect();
    (comparison, fixes)
}

/// Whoever restarts the server with a file that it refuses loses the node.
fn warn_of_restarts(fixes: &mut [Vec<Fix>]) {
    let restarts = fixes
        .iter_mut()
        .flatten()
        .filter(|fix| fix.on == Place::Server);
    for fix in restarts.filter(|fix| fix.note.is_empty()) {
        fix.note = "not before the file is mended: the server would not start with it";
    }
}

/// What keeps a server from starting is critical, and what `lint` warns of is only listed, unless set otherwise:
/// every file that has run for years has its oddities.
fn state_of(problem: &Problem, severities: &Severities) -> State {
    let unset = || match problem.severity {
        Severity::Fatal => State::Critical,
        Severity::Warning => State::Ok,
    };
    severities.of_problem(problem).unwrap_or_else(unset)
}
