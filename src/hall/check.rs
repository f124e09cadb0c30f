//! `ascad check`: one node's file against its runtime and references.

use std::time::{Duration, SystemTime};

use anyhow::{Result, bail};

use crate::catalogue::{Edition, Release};
use crate::cli::{self, DEFAULT_CONF, Format};
use crate::compare::{self, Party, Role};
use crate::conf;
use crate::lint::{self, Problem, Severity};
use crate::remedy;
use crate::report::{Check, Failure, NodeLine, Source, json, text};
use crate::settings::answers::{self, Hints, Node, Seen};
use crate::settings::{Settings, Whereabouts, tree};
use crate::sinks::stdout;
use crate::sources::machine;
use crate::sources::spec::Spec;
use crate::verdict::{State, worst};

use super::gather::{self, Content, Era, Told};
use super::print::print;
use super::session::Session;

pub(super) fn run(plan: &cli::Check) -> Result<State> {
    let session = Session::start(&plan.common, &plan.node)?;
    let conf = plan
        .conf
        .clone()
        .or_else(|| session.file.check.conf.clone());
    let conf = conf.unwrap_or_else(|| DEFAULT_CONF.to_owned());
    let against = against(&session, &plan.against);
    let gathered = gather(&session, &conf, &against)?;
    let settled = settle(&session, gathered);
    let check = judge(&session, settled)?;
    for failure in &check.report.failures {
        let line = format!("ascad: {}: {}", failure.source, failure.message);
        stdout::complain(&crate::report::escape::clean(&line));
    }
    let edition = check.edition;
    let report = match session.format() {
        Format::Text => text::write(&check.report, session.detail()),
        Format::Json => json::write(&check.report, edition),
        Format::Conf | Format::Answers => {
            bail!("expected `text` or `json`: `check` has no such format")
        }
    };
    print(&session, check.report.state, &report)
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

/// A source with what became of opening it.
struct Opened {
    name: String,
    content: Result<Content>,
}

struct Gathered {
    file: Opened,
    bytes: Vec<u8>,
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
    let Content::File { bytes, .. } = &content else {
        bail!("expected a file of configuration at `{conf}`")
    };
    let bytes = bytes.clone();
    let told = gather::told_by(&Era::of_file(session, &bytes).settle(&bytes));
    let others = std::thread::scope(|scope| {
        let open = |name: &String| {
            let spec = session.spec(name);
            let told = &told;
            let thread = scope.spawn(move || gather::open(session, &spec, told));
            (name.clone(), thread)
        };
        let threads: Vec<_> = against.iter().map(open).collect();
        let join =
            |(name, thread): (String, std::thread::ScopedJoinHandle<'_, Result<Content>>)| {
                let content = thread
                    .join()
                    .unwrap_or_else(|_| bail!("ascad itself failed"));
                Opened { name, content }
            };
        threads.into_iter().map(join).collect()
    });
    Ok(Gathered {
        file: Opened {
            name: conf.to_owned(),
            content: Ok(content),
        },
        bytes,
        others,
    })
}

/// Sources that were read, the file first, and what could not be.
struct Settled {
    era: Era,
    parties: Vec<(Source, Settings)>,
    node: Option<NodeLine>,
    problems: Vec<(String, Problem)>,
    failures: Vec<Failure>,
    notes: Vec<String>,
}

fn settle(session: &Session, gathered: Gathered) -> Settled {
    let era = server_era(session, &gathered.others)
        .unwrap_or_else(|| Era::of_file(session, &gathered.bytes));
    let mut settled = Settled {
        era,
        parties: Vec::new(),
        node: None,
        problems: Vec::new(),
        failures: Vec::new(),
        notes: session.notes.clone(),
    };
    if !era.is_known {
        settled.notes.push(format!(
            "no server says its release; the files are read as {} would",
            era.release
        ));
    }
    if era.release > Release::NEWEST_KNOWN {
        let (release, known) = (era.release, Release::NEWEST_KNOWN);
        settled.notes.push(format!(
            "{release} is newer than what is known here; it is taken for {known}"
        ));
    }
    let changed = match &gathered.file.content {
        Ok(Content::File { changed, .. }) => *changed,
        Ok(Content::Node { .. }) | Err(_) => None,
    };
    settled.add_file(Role::File, gathered.file.name, &gathered.bytes, None);
    for opened in gathered.others {
        match opened.content {
            Err(error) => settled.failures.push(Failure {
                source: opened.name,
                message: format!("{error:#}"),
            }),
            Ok(Content::File { bytes, commit, .. }) => {
                settled.add_file(Role::Reference, opened.name, &bytes, commit);
            }
            Ok(Content::Node {
                answers,
                address,
                whereabouts,
                notes,
            }) => {
                settled.notes.extend(notes);
                let hints = Hints {
                    release: session.release(),
                    guess: Some(era.release),
                    edition: Some(era.edition),
                    syslog_path: settled
                        .parties
                        .first()
                        .and_then(|(_, file)| file.syslog_path()),
                };
                let seen = answers::settle(&answers, &hints);
                settled.add_node(opened.name, seen, &address, whereabouts, changed);
            }
        }
    }
    settled
}

/// What the first server that answered says of itself.
fn server_era(session: &Session, others: &[Opened]) -> Option<Era> {
    let hints = Hints {
        release: session.release(),
        edition: session.edition(),
        ..Hints::default()
    };
    others.iter().find_map(|opened| match &opened.content {
        Ok(Content::Node { answers, .. }) => {
            let node = answers::settle(answers, &hints);
            let is_known = Release::parse(&node.node.build).is_some();
            is_known.then_some(Era {
                release: node.settings.release,
                edition: node.settings.edition,
                is_known,
            })
        }
        Ok(Content::File { .. }) | Err(_) => None,
    })
}

impl Settled {
    /// Reads a file. Of one whose braces are in doubt nothing is compared.
    fn add_file(&mut self, role: Role, name: String, bytes: &[u8], commit: Option<String>) {
        let (tree, oddities) = conf::parse(bytes, self.era.release);
        let broken = oddities
            .iter()
            .find(|oddity| oddity.kind.breaks_structure());
        if role == Role::File {
            let report = lint::problems(&tree, &oddities, self.era.release, self.era.edition);
            let counts = |problem: &Problem| {
                self.era.is_known || broken.is_some() || problem.severity == Severity::Warning
            };
            let problems = report.problems.into_iter().filter(counts);
            self.problems
                .extend(problems.map(|problem| (name.clone(), problem)));
        }
        if let (Some(broken), Role::Reference) = (broken, role) {
            let message = format!(
                "line {}: its braces do not match, so nothing can be compared with it",
                broken.line
            );
            self.failures.push(Failure {
                source: name,
                message,
            });
            return;
        }
        if broken.is_some() {
            return;
        }
        let settings = tree::settle(&tree, self.era.release, self.era.edition);
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
        seen: Seen,
        address: &str,
        whereabouts: Whereabouts,
        changed: Option<SystemTime>,
    ) {
        let failures = seen.failures.into_iter().map(|message| Failure {
            source: name.clone(),
            message,
        });
        self.failures.extend(failures);
        self.notes.extend(seen.node.notes.iter().cloned());
        if whereabouts != Whereabouts::Recorded {
            self.notes.extend(changed_since_start(&seen.node, changed));
        }
        if self.node.is_none() {
            self.node = Some(node_line(&seen.node, address));
            if let Some((source, file)) = self.parties.first_mut() {
                if source.role == Role::File {
                    file.learn_from(&seen.settings, &seen.node, &machine::look(), whereabouts);
                }
            }
        }
        let count = seen.settings.count();
        self.parties.push((
            Source {
                role: Role::Runtime,
                name,
                settings: count,
                commit: None,
            },
            seen.settings,
        ));
    }
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
    }
}

struct Judged {
    report: Check,
    edition: Edition,
}

fn judge(session: &Session, settled: Settled) -> Result<Judged> {
    let severities = session.severities()?;
    let has_file = settled
        .parties
        .first()
        .is_some_and(|(source, _)| source.role == Role::File);
    let parties: Vec<Party<'_>> = match has_file {
        true => settled
            .parties
            .iter()
            .map(|(source, settings)| Party {
                role: source.role,
                settings,
            })
            .collect(),
        // Without the file there is nothing to compare the others with.
        false => Vec::new(),
    };
    let comparison = compare::compare(&parties, &session.scope());
    let fixes = comparison
        .differences
        .iter()
        .map(|difference| remedy::remedy(difference, &parties))
        .collect();
    let states: Vec<State> = comparison
        .differences
        .iter()
        .map(|difference| severities.of(difference.kind))
        .collect();
    let fatal = settled
        .problems
        .iter()
        .any(|(_, problem)| problem.severity == Severity::Fatal);
    let mut state = worst(states.iter().copied());
    if fatal {
        state = state.max(State::Critical);
    }
    if !settled.failures.is_empty() || (comparison.compared == 0 && !fatal) {
        state = state.max(State::Unknown);
    }
    let report = Check {
        state,
        node: settled.node,
        sources: settled
            .parties
            .into_iter()
            .map(|(source, _)| source)
            .collect(),
        comparison,
        fixes,
        states,
        problems: settled.problems,
        failures: settled.failures,
        notes: settled.notes,
        seconds: session.started.elapsed().as_secs_f64(),
    };
    Ok(Judged {
        report,
        edition: settled.era.edition,
    })
}
