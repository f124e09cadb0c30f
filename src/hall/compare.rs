//! `ascad compare` and `ascad cluster`: every source with every other.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Result, bail};

use crate::catalogue::Release;
use crate::cli::{self, Common, Format, NodeFlags};
use crate::compare::{self, Kind};
use crate::order;
use crate::report::compared::{Compared, Noun, Peer};
use crate::report::escape::clean;
use crate::report::{
    Failure, NodeLine, checkmk, compare_brief, compare_json, compare_text, nagios,
};
use crate::settings::answers::{self, Hints, Seen};
use crate::settings::{Origin, Settings};
use crate::sinks::stdout;
use crate::sources::spec::Spec;
use crate::verdict::State;

use super::alert::{Alerts, now};
use super::crowd::{self, Opened};
use super::era::Era;
use super::gather::{self, Content};
use super::print::{COMPARED, Job, Reports, no_format, print};
use super::session::Session;
use super::settled::node_line;

pub(super) fn run(plan: &cli::Compare) -> Result<State> {
    let is_cluster = |source: &String| matches!(Spec::parse(source, |_| false), Spec::Cluster(_));
    if plan.sources.len() < 2 && !plan.sources.iter().any(is_cluster) {
        bail!("expected two sources or more to compare with each other, but found one");
    }
    carry_out(&plan.common, &plan.node, &plan.sources, Noun::Source)
}

pub(super) fn run_cluster(plan: &cli::Cluster) -> Result<State> {
    let source = match &plan.seed {
        Some(host) => format!("cluster:{host}"),
        None => "cluster".to_owned(),
    };
    carry_out(&plan.common, &plan.node, &[source], Noun::Node)
}

fn carry_out(common: &Common, node: &NodeFlags, names: &[String], noun: Noun) -> Result<State> {
    let (command, job) = match noun {
        Noun::Node => ("cluster", Job::Cluster),
        Noun::Source => ("compare", Job::Compare),
    };
    let mut session = Session::start(common, node, job, &COMPARED)?;
    gather::ask_ahead(&mut session, names);
    let reports = Reports::prepare(&session, command, &COMPARED, names)?;
    let alerts = Alerts::prepare(&session)?;
    let severity = session.severities()?.of(Kind::Outlier);
    let told = gather::told_unasked(&session, names);
    let opened = crowd::open_all(&session, names, &told);
    let settled = settle(&session, opened);
    let mut report = judge(&session, settled, noun, severity);
    let about = NodeLine {
        cluster: report.cluster.clone(),
        ..NodeLine::default()
    };
    let outcome = compare_brief::outcome(&report);
    let sent = alerts.send(&session, &[outcome], Some(&about));
    report.undelivered.extend(sent);
    let time = now();
    let render = |report: &Compared, format: Format| {
        Ok(match format {
            Format::Text => compare_text::write(report, session.detail()),
            Format::Json => compare_json::write(report),
            Format::Nagios => nagios::write(&compare_brief::brief(report)),
            Format::Checkmk => checkmk::write(&compare_brief::brief(report)),
            Format::Prometheus => compare_brief::prometheus(report, time),
            other => bail!(no_format(other, command, &COMPARED)),
        })
    };
    let unwritten = reports.write_files(|format| render(&report, format));
    if !unwritten.is_empty() {
        report.state = report.state.max(State::Unknown);
    }
    report.undelivered.extend(unwritten);
    for failure in report.failures.iter().chain(&report.undelivered) {
        stdout::complain(&clean(&format!("ascad: {}", failure.line())));
    }
    print(&session, report.state, &render(&report, session.format())?)
}

/// All sources, and the settings of those that could be seen.
struct Settled {
    peers: Vec<Peer>,
    /// With the place of each among the peers.
    settings: Vec<(usize, Settings)>,
    failures: Vec<Failure>,
    /// What is worth a word, and about whom.
    notes: BTreeMap<String, Vec<usize>>,
    clusters: BTreeSet<String>,
}

fn settle(session: &Session, opened: Vec<Opened>) -> Settled {
    let servers = crowd::server_eras(session, &opened);
    let mut settled = Settled {
        peers: Vec::new(),
        settings: Vec::new(),
        failures: Vec::new(),
        notes: BTreeMap::new(),
        clusters: BTreeSet::new(),
    };
    // Files first: a server names its syslog sink by its path only.
    let mut nodes = Vec::new();
    for (place, one) in opened.into_iter().enumerate() {
        settled.peers.push(Peer {
            name: one.name,
            node: one.member.filter(|id| !id.is_empty()),
            build: None,
            is_seen: false,
        });
        match one.content {
            Err(error) => settled.fail(place, format!("{error:#}")),
            Ok(Content::File {
                bytes, vars, notes, ..
            }) => {
                settled.note(place, notes);
                let era = era_of(session, &servers, &bytes);
                settled.add_file(place, era, &bytes, vars.as_ref());
            }
            Ok(Content::Node {
                answers,
                address,
                notes,
                ..
            }) => {
                settled.note(place, notes);
                nodes.push((place, answers, address));
            }
        }
    }
    let mut files = settled.settings.iter();
    let hints = Hints {
        release: session.release(),
        guess: None,
        edition: session.edition(),
        syslog_path: files.find_map(|(_, settings)| settings.syslog_path()),
    };
    for (place, answers, address) in nodes {
        let seen = answers::settle(&answers, &hints);
        drop(answers);
        settled.add_node(place, seen, &address);
    }
    order::sort_by_key(&mut settled.settings, |(place, _)| *place);
    settled
}

/// A file says its release itself, or is for one of the servers that it is compared with: the first that would start
/// with it. Else it is guessed.
fn era_of(session: &Session, servers: &[Era], bytes: &[u8]) -> Era {
    let own = Era::of_file(session, bytes);
    let Some(first) = servers.first() else {
        return own;
    };
    if own.is_known {
        return Era {
            edition: session.edition().unwrap_or(first.edition),
            ..own
        };
    }
    crowd::era_among(servers, bytes).unwrap_or(own)
}

impl Settled {
    fn add_file(&mut self, place: usize, era: Era, bytes: &[u8], vars: Option<&serde_json::Value>) {
        if !era.is_known {
            let release = era.release;
            let note = format!("no server says its release; read as {release} would");
            self.note(place, vec![note]);
        }
        match era.expect_settings(bytes, vars) {
            Ok(settings) => self.add(place, settings),
            Err(error) => self.fail(place, format!("{error:#}")),
        }
    }

    fn add_node(&mut self, place: usize, seen: Seen, address: &str) {
        let node = node_line(&seen.node, address);
        self.note(place, seen.node.notes);
        self.clusters.insert(node.cluster);
        self.peers[place].node = Some(node.id).filter(|id| !id.is_empty());
        self.peers[place].build = Some(node.build).filter(|build| !build.is_empty());
        for failure in seen.failures {
            self.fail(place, failure);
        }
        self.add(place, seen.settings);
    }

    fn add(&mut self, place: usize, mut settings: Settings) {
        if let Some((_, first)) = self.settings.first() {
            settings.share(first);
        }
        self.peers[place].is_seen = true;
        let name = &self.peers[place].name;
        let faults = settings.freedom.faults().iter();
        let faults: Vec<String> = faults.map(|fault| format!("{name}: {fault}")).collect();
        for fault in faults {
            self.notes.entry(fault).or_default();
        }
        self.settings.push((place, settings));
    }

    fn fail(&mut self, place: usize, message: String) {
        let source = self.peers[place].name.clone();
        self.failures.push(Failure { source, message });
    }

    fn note(&mut self, place: usize, notes: Vec<String>) {
        for note in notes {
            self.notes.entry(note).or_default().push(place);
        }
    }

    /// Every note once, with the sources that it is about.
    fn told(&self) -> Vec<String> {
        let mut told: Vec<String> = self
            .notes
            .iter()
            .map(|(note, places)| match places.as_slice() {
                [] => note.clone(),
                places if places.len() == self.peers.len() && places.len() > 1 => note.clone(),
                places => {
                    let names = places.iter().map(|place| self.peers[*place].name.as_str());
                    format!("{}: {note}", compare_text::folded(names))
                }
            })
            .collect();
        told.extend(self.releases());
        told
    }

    /// Nodes of more than one release are worth a word.
    fn releases(&self) -> Option<String> {
        let mut nodes: BTreeMap<(Release, String), usize> = BTreeMap::new();
        for (place, settings) in &self.settings {
            if let (Origin::Runtime, Some(build)) = (settings.origin, &self.peers[*place].build) {
                let server = format!("{build} {}", settings.edition);
                *nodes.entry((settings.release, server)).or_default() += 1;
            }
        }
        let list: Vec<String> = nodes
            .iter()
            .rev()
            .map(|((_, server), count)| format!("{server} on {count}"))
            .collect();
        (list.len() > 1).then(|| format!("the servers differ: {}", list.join(", ")))
    }
}

fn judge(session: &Session, mut settled: Settled, noun: Noun, severity: State) -> Compared {
    for at in 0..settled.settings.len() {
        let (before, rest) = settled.settings.split_at_mut(at);
        let Some(((_, settings), after)) = rest.split_first_mut() else {
            continue;
        };
        for (_, other) in before.iter().chain(after.iter()) {
            settings.take_names_of(other);
        }
    }
    let sources: Vec<&Settings> = settled
        .settings
        .iter()
        .map(|(_, settings)| settings)
        .collect();
    let mut comparison = compare::outliers(&sources, &session.scope());
    for difference in &mut comparison.differences {
        for group in &mut difference.groups {
            for source in &mut group.sources {
                *source = settled.settings[*source].0;
            }
        }
    }
    let mut state = State::Ok;
    if !comparison.differences.is_empty() {
        state = severity;
    }
    let is_alone = settled.peers.len() == 1 && settled.failures.is_empty();
    if !settled.failures.is_empty() || (comparison.compared == 0 && !is_alone) {
        state = state.max(State::Unknown);
    }
    let mut notes = session.notes.clone();
    notes.extend(settled.told());
    let cluster = match settled.clusters.len() {
        1 => settled.clusters.into_iter().next().unwrap_or_default(),
        _ => String::new(),
    };
    Compared {
        state,
        noun,
        cluster: if noun == Noun::Node {
            cluster
        } else {
            String::new()
        },
        peers: settled.peers,
        comparison,
        severity,
        failures: settled.failures,
        undelivered: Vec::new(),
        notes,
        seconds: session.started.elapsed().as_secs_f64(),
    }
}
