//! `ascad check`: one node's file against its runtime and references.

use std::slice;
use std::time::SystemTime;

use anyhow::{Result, bail};

use crate::catalogue::Edition;
use crate::cli::{self, DEFAULT_CONF};
use crate::compare::{self, Comparison, Party, Role, Scope};
use crate::lint::{Problem, Severity};
use crate::remedy::{self, Fix, Place};
use crate::report::text::Detail;
use crate::report::{Check, Failure, FileProblem, Source, Wanted};
use crate::settings::Settings;
use crate::sources::spec::Spec;
use crate::verdict::{Severities, State, worst};

use super::alert::Alerts;
use super::crowd::{self, Opened};
use super::deliver::deliver;
use super::era::{Era, Reading};
use super::gather::{self, Content, Told};
use super::print::{COMPARED, Job, Reports};
use super::session::Session;
use super::settled::Settled;

pub(super) fn run(plan: &cli::Check) -> Result<State> {
    let mut session = Session::start(&plan.common, &plan.node, Job::Check, &COMPARED)?;
    let conf = plan
        .conf
        .clone()
        .or_else(|| session.file.check.conf.clone());
    let conf = conf.unwrap_or_else(|| DEFAULT_CONF.to_owned());
    let against = against(&session, &plan.against);
    gather::ask_ahead(&mut session, &against);
    let sources = [slice::from_ref(&conf), &against].concat();
    let reports = Reports::prepare(&session, "check", &COMPARED, &sources)?;
    let alerts = Alerts::prepare(&session)?;
    let severities = session.severities()?;
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
    let sources = settled.parties.into_iter().map(|(source, settings)| {
        // The process ends with the report, which gives all settings back at once.
        std::mem::forget(settings);
        source
    });
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
