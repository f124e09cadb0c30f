//! `ascad check`: one node's file against its runtime and references.

use std::time::{Duration, SystemTime};

use anyhow::{Result, bail};

use crate::catalogue::{Edition, Release};
use crate::cli::{self, DEFAULT_CONF, Format};
use crate::compare::{self, Party, Role};
use crate::conf::{self, template};
use crate::lint::{self, Problem, Severity};
use crate::remedy;
use crate::report::text::Detail;
use crate::report::{Check, Failure, NodeLine, Source, Wanted};
use crate::settings::answers::{self, Hints, Node, Seen};
use crate::settings::{Settings, Whereabouts, tree};
use crate::sources::http::Url;
use crate::sources::machine;
use crate::sources::spec::Spec;
use crate::verdict::{Severities, State, worst};

use super::alert::Alerts;
use super::deliver::{FORMATS, deliver};
use super::gather::{self, Content, Era, Told};
use super::print::{Reports, last_words};
use super::session::Session;

pub(super) fn run(plan: &cli::Check) -> Result<State> {
    let is_checkmk = plan.common.format == Some(Format::Checkmk);
    match check(plan) {
        Err(error) if is_checkmk => {
            let reason = format!("nothing could be compared: {error:#}");
            Ok(last_words(Format::Checkmk, &reason))
        }
        outcome => outcome,
    }
}

fn check(plan: &cli::Check) -> Result<State> {
    let session = Session::start(&plan.common, &plan.node)?;
    let reports = Reports::prepare(&session, "check", &FORMATS)?;
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
        Err(error) => unseen(&session, conf, &error),
    };
    let wanted = against.iter().map(|name| wanted(&session, name)).collect();
    let judged = judge(&session, &severities, settled, wanted);
    deliver(&session, judged, &alerts, &reports)
}

/// A source as reports call it: a URL without its password.
fn called(session: &Session, name: &str) -> String {
    match session.spec(name) {
        Spec::Url(url) => Url::parse(&url).map_or_else(|_| name.to_owned(), |url| url.to_string()),
        _ => name.to_owned(),
    }
}

fn wanted(session: &Session, name: &str) -> Wanted {
    let role = match session.spec(name) {
        Spec::Runtime(_) | Spec::Recording(_) => Role::Runtime,
        _ => Role::Reference,
    };
    Wanted {
        role,
        name: called(session, name),
    }
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
    let told = gather::told_by(
        &Era::of_file(session, &bytes).settle(&bytes),
        &session.environment,
    );
    let progress = session.progress("sources");
    progress.update(0, against.len());
    let others = std::thread::scope(|scope| {
        let open = |name: &String| {
            let spec = session.spec(name);
            let told = &told;
            let progress = &progress;
            let thread = scope.spawn(move || {
                let content = gather::open(session, &spec, told);
                progress.advance();
                content
            });
            (called(session, name), thread)
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
    /// Marks that are none, or that belong to nothing.
    marks: Vec<String>,
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
        marks: Vec::new(),
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
    settled.add_file(gathered.file.name, &gathered.bytes);
    for opened in gathered.others {
        match opened.content {
            Err(error) => settled.failures.push(Failure {
                source: opened.name,
                message: format!("{error:#}"),
            }),
            Ok(Content::File {
                bytes,
                commit,
                vars,
                notes,
                ..
            }) => {
                settled.notes.extend(notes);
                settled.add_reference(opened.name, &bytes, vars.as_ref(), commit);
            }
            Ok(Content::Node {
                answers,
                address,
                whereabouts,
                notes,
            }) => {
                settled.notes.extend(notes);
                let hints = Hints {
                    release: Some(era.release),
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

/// The file itself could not be read, so there is nothing to compare with.
fn unseen(session: &Session, conf: String, error: &anyhow::Error) -> Settled {
    Settled {
        era: Era::of_file(session, b""),
        parties: Vec::new(),
        node: None,
        problems: Vec::new(),
        failures: vec![Failure {
            source: conf,
            message: format!("{error:#}"),
        }],
        notes: session.notes.clone(),
        marks: Vec::new(),
    }
}

/// What the first server that answered says of itself.
fn server_era(session: &Session, others: &[Opened]) -> Option<Era> {
    let hints = Hints {
        release: session.release(),
        edition: session.edition(),
        syslog_path: None,
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
    /// Reads the node's own file. Of one whose braces are in doubt nothing is compared.
    fn add_file(&mut self, name: String, bytes: &[u8]) {
        let template = template::read(bytes);
        if template.is_template() {
            let kinds: Vec<&str> = template
                .dialects
                .iter()
                .map(|dialect| dialect.name())
                .collect();
            let message = format!(
                "expected the file that the node loads, but found a template ({})",
                kinds.join(", ")
            );
            self.failures.push(Failure {
                source: name,
                message,
            });
            return;
        }
        let Era {
            release,
            edition,
            is_known,
        } = self.era;
        let (tree, oddities) = conf::parse(bytes, release);
        let is_broken = oddities.iter().any(|oddity| oddity.kind.breaks_structure());
        let report = lint::problems(&tree, &oddities, release, edition);
        let counts =
            |problem: &Problem| is_known || is_broken || problem.severity == Severity::Warning;
        let problems = report.problems.into_iter().filter(counts);
        self.problems
            .extend(problems.map(|problem| (name.clone(), problem)));
        if !is_broken {
            let settings = tree::settle_template(&tree, &template, release, edition);
            self.add_party(Role::File, name, settings, None);
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
        let rendered = match vars.map(|vars| template::render(bytes, vars)).transpose() {
            Ok(rendered) => rendered,
            Err(error) => {
                let message = format!("its template cannot be rendered: {error}");
                self.failures.push(Failure {
                    source: name,
                    message,
                });
                return;
            }
        };
        let template = template::read(rendered.as_deref().unwrap_or(bytes));
        let (tree, oddities) = conf::parse(&template.text, self.era.release);
        if let Some(broken) = oddities
            .iter()
            .find(|oddity| oddity.kind.breaks_structure())
        {
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
        let settings = tree::settle_template(&tree, &template, self.era.release, self.era.edition);
        if let Some((values, parts)) = settings.freedom.counts() {
            self.notes.push(format!(
                "{name} is a template: {values} values vary, {parts} settings are optional"
            ));
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
            if let Some((source, file)) = self.parties.first_mut()
                && source.role == Role::File
            {
                file.learn_from(&seen.settings, &seen.node, &machine::look(), whereabouts);
            }
        }
        self.add_party(Role::Runtime, name, seen.settings, None);
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

pub(super) struct Judged {
    pub(super) report: Check,
    pub(super) edition: Edition,
}

fn judge(
    session: &Session,
    severities: &Severities,
    mut settled: Settled,
    wanted: Vec<Wanted>,
) -> Judged {
    if session.detail() == Detail::Verbose {
        settled.notes.append(&mut settled.marks);
    }
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
        wanted,
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
        undelivered: Vec::new(),
        notes: settled.notes,
        seconds: session.started.elapsed().as_secs_f64(),
    };
    Judged {
        report,
        edition: settled.era.edition,
    }
}
