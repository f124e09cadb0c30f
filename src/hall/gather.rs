//! Every source, opened: bytes of a file or answers of a node.

use std::path::{Path, PathBuf};
use std::time::SystemTime;

use anyhow::{Context, Result, anyhow, bail};

use crate::cli::DEFAULT_CONF;
use crate::nearest::did_you_mean;
use crate::settings::{Path as SettingPath, Settings, Value, Whereabouts};
use crate::settings_file;
use crate::sources::environment::Environment;
use crate::sources::file::{self, FileRead};
use crate::sources::gitlab::{self, Place};
use crate::sources::machine;
use crate::sources::node::{self, Auth, Described, Likely, Target};
use crate::sources::placeholder::Facts;
use crate::sources::reference::{self, Reference};
use crate::sources::secret::Secret;
use crate::sources::spec::Spec;
use crate::sources::vars;
use crate::wire::Answers;

use super::era::Reading;
use super::session::Session;

/// A source that was opened.
#[derive(Debug)]
pub(super) enum Content {
    File {
        bytes: Vec<u8>,
        changed: Option<SystemTime>,
        commit: Option<String>,
        /// What fills in the file if it is a template.
        vars: Option<serde_json::Value>,
        notes: Vec<String>,
    },
    Node {
        answers: Answers,
        address: String,
        whereabouts: Whereabouts,
        notes: Vec<String>,
    },
}

/// What the node's own file tells whoever asks its server.
#[derive(Debug, Default)]
pub(super) struct Told {
    pub(super) likely: Likely,
    pub(super) described: Option<Described>,
    pub(super) facts: Facts,
}

/// Opens one source. The error is one line that says what was expected and found; the source's name stands before it.
pub(super) fn open(session: &Session, spec: &Spec, told: &Told) -> Result<Content> {
    match spec {
        Spec::File(path) | Spec::Recording(path) => watch_unless_quick(session, path),
        _ => session.watch(),
    }
    match spec {
        Spec::StandardInput => text(session, file::read_standard_input()?),
        Spec::File(path) => text(session, read(session, path)?),
        Spec::Recording(path) => recording(path),
        Spec::Url(url) => page(session, url, told),
        Spec::GitLab(spelling) => from_gitlab(session, spelling.as_deref(), told),
        Spec::Runtime(host) => runtime(session, host.as_deref(), told),
        Spec::Named(name) => named(session, name, told),
        Spec::Cluster(_) => {
            bail!("expected one source, but `cluster` is many; see `ascad cluster`")
        }
    }
}

/// Reads a file. What is none may be the name of another source with a slip in it.
fn read(session: &Session, path: &Path) -> Result<FileRead> {
    let references = session.file.references.iter();
    let names = references
        .map(|(name, _)| name.as_str())
        .chain(["runtime", "cluster", "gitlab"]);
    file::read(path).map_err(|error| match path.to_str() {
        Some(path) if !path.contains('/') => {
            let names = names.filter(|name| *name != path);
            anyhow!("{error:#}{}", did_you_mean(path, names))
        }
        _ => error,
    })
}

fn watch_unless_quick(session: &Session, path: &Path) {
    if !file::is_quick(path) {
        session.watch();
    }
}

fn text(session: &Session, read: FileRead) -> Result<Content> {
    file::expect_text(&read.bytes)?;
    Ok(Content::File {
        bytes: read.bytes,
        changed: read.changed,
        commit: None,
        vars: vars_of(session, None)?,
        notes: Vec::new(),
    })
}

fn recording(path: &Path) -> Result<Content> {
    let read = file::read(path)?;
    let answers = Answers::from_json(&read.bytes)?;
    Ok(Content::Node {
        answers,
        address: path.display().to_string(),
        whereabouts: Whereabouts::Recorded,
        notes: Vec::new(),
    })
}

fn page(session: &Session, url: &str, told: &Told) -> Result<Content> {
    let reference = Reference::of_url(url, &told.facts)?;
    fetch(session, &reference, told, None)
}

fn named(session: &Session, name: &str, told: &Told) -> Result<Content> {
    let found = session
        .file
        .references
        .iter()
        .find(|(known, _)| known == name);
    let (_, settings) =
        found.with_context(|| format!("there is no `[reference.{name}]` in the settings"))?;
    let reference = Reference::of_settings(name, settings, &told.facts)?;
    fetch(session, &reference, told, settings.vars.as_deref())
}

fn fetch(
    session: &Session,
    reference: &Reference,
    told: &Told,
    vars: Option<&str>,
) -> Result<Content> {
    // Whoever asks no GitLab needs none, and no token that can be read.
    let gitlab = match reference.urls.iter().any(gitlab::may_answer) {
        true => Some(reference::gitlab_of(
            &gitlab_settings(session),
            &told.facts,
        )?),
        false => None,
    };
    let gitlab = gitlab.as_ref().filter(|gitlab| gitlab.has_token());
    let document = reference::fetch(reference, gitlab, &session.environment, session.deadline)?;
    let mut notes: Vec<String> = document
        .missed
        .iter()
        .map(|missed| format!("{} was passed over: {}", missed.url, missed.why))
        .collect();
    if reference.urls.len() > 1 {
        notes.push(format!("the master is {}", document.url));
    }
    Ok(Content::File {
        bytes: document.bytes,
        changed: None,
        commit: document.commit,
        vars: vars_of(session, vars)?,
        notes,
    })
}

/// `[gitlab]` of the settings with the flags laid over it.
fn gitlab_settings(session: &Session) -> settings_file::GitLab {
    let flags = session.common.gitlab.clone();
    let set = session.file.gitlab.clone();
    settings_file::GitLab {
        url: flags.gitlab_url.or(set.url),
        project: flags.gitlab_project.or(set.project),
        reference: flags.gitlab_ref.or(set.reference),
        path: flags.gitlab_path.or(set.path),
        token: flags.gitlab_token.or(set.token),
        token_kind: set.token_kind,
        ca_file: set.ca_file,
        vars: set.vars,
    }
}

fn from_gitlab(session: &Session, spelling: Option<&str>, told: &Told) -> Result<Content> {
    let settings = gitlab_settings(session);
    let (gitlab, place) = match spelling {
        Some(spelling) => (
            reference::gitlab_of(&settings, &told.facts)?,
            Place::parse(spelling)?,
        ),
        None => reference::of_gitlab(&settings, &told.facts)?,
    };
    let file = gitlab::fetch(&gitlab, &place, &session.environment, session.deadline)?;
    Ok(Content::File {
        bytes: file.bytes,
        changed: None,
        commit: file.commit,
        vars: vars_of(session, settings.vars.as_deref())?,
        notes: Vec::new(),
    })
}

/// Variables for a reference that is a template: its own, else those of the flag or of `[check]`.
fn vars_of(session: &Session, own: Option<&str>) -> Result<Option<serde_json::Value>> {
    let common = || {
        session
            .common
            .vars
            .clone()
            .or_else(|| session.file.check.vars.clone().map(Into::into))
    };
    let path: Option<PathBuf> = own.map(Into::into).or_else(common);
    path.map(|path| {
        watch_unless_quick(session, &path);
        vars::read(&path)
    })
    .transpose()
}

fn runtime(session: &Session, host: Option<&str>, told: &Told) -> Result<Content> {
    let target = target(session, host, told)?;
    let node = node::fetch(&target, &told.likely, session.deadline)?;
    Ok(Content::Node {
        answers: node.answers,
        whereabouts: whereabouts(&node.address),
        address: node.address,
        notes: node.notes,
    })
}

/// The node that is meant: `host`, else that of the flags and the settings, else the one that the file describes.
pub(super) fn target(session: &Session, host: Option<&str>, told: &Told) -> Result<Target> {
    let mut options = session.node.clone();
    if let Some(host) = host {
        options.host = Some(host.to_owned());
    }
    options.target(told.described.as_ref(), &|user| {
        session.typed_password(user, ask_password)
    })
}

/// Asks for the password that a node among the sources will want, so that typing it costs nobody's time. Whatever is
/// wrong with that is said where the node is asked.
pub(super) fn ask_ahead(session: &mut Session, sources: &[String]) {
    let node = &session.node;
    let wants_one = node.password.is_none() && node.auth != Some(Auth::Pki);
    let Some(user) = node.user.clone().filter(|_| wants_one) else {
        return;
    };
    let is_node =
        |source: &String| matches!(session.spec(source), Spec::Runtime(_) | Spec::Cluster(_));
    if sources.iter().any(is_node) && session.typed_password(&user, ask_password).is_ok() {
        session.restart();
    }
}

fn ask_password(user: &str) -> Result<Secret> {
    if !crate::sinks::stdout::is_watched() {
        bail!("expected a password for the user `{user}` in -P or the settings, but found none");
    }
    let typed = rpassword::prompt_password(format!("Password for {user}: "))
        .map_err(|error| anyhow!(error))?;
    Ok(Secret::new(typed))
}

/// Whether this machine answered.
pub(super) fn whereabouts(address: &str) -> Whereabouts {
    match machine::is_own(address) {
        true => Whereabouts::Here,
        false => Whereabouts::Elsewhere,
    }
}

/// The same for a command that takes no file: what this machine's own CONF tells, where a source needs it and CONF is
/// there. Nobody asked for it, so nothing is said where it is not.
pub(super) fn told_unasked(session: &Session, sources: &[String]) -> Told {
    let needs_it = |name: &String| match session.spec(name) {
        Spec::Runtime(None) | Spec::Cluster(None) => session.node.host.is_none(),
        Spec::GitLab(_) | Spec::Named(_) => true,
        Spec::Url(url) => url.contains('{'),
        Spec::Runtime(Some(_)) | Spec::Cluster(Some(_)) => false,
        Spec::Recording(_) | Spec::File(_) | Spec::StandardInput => false,
    };
    let conf = Path::new(session.file.check.conf.as_deref().unwrap_or(DEFAULT_CONF));
    let is_wanted = sources.iter().any(needs_it) && file::is_quick(conf);
    let read = is_wanted.then(|| file::read(conf).ok()).flatten();
    match read.filter(|read| file::expect_text(&read.bytes).is_ok()) {
        Some(read) => {
            let settings = Reading::of_file(session, &read.bytes).settings;
            told_by(&settings, &session.environment)
        }
        None => Told {
            facts: facts_of_machine(&session.environment),
            ..Told::default()
        },
    }
}

/// What a file tells of its node: where it listens, and what to ask it.
pub(super) fn told_by(settings: &Settings, environment: &Environment) -> Told {
    let service = SettingPath::of("network").join("service");
    let port = |name: &str| one(settings, &service.join(name)).and_then(|value| value.parse().ok());
    let list = |name: &str| many(settings, &service.join(name));
    let described = Described {
        port: port("port"),
        addresses: list("address"),
        access_addresses: list("access-address"),
        tls_port: port("tls-port"),
        tls_addresses: list("tls-address"),
        tls_access_addresses: list("tls-access-address"),
        tls_name: one(settings, &service.join("tls-name")),
    };
    let below = |root: &'static str| {
        let sections = settings.sections().map(|(path, _)| path.steps());
        sections
            .filter(move |steps| steps.len() == 2 && steps[0] == root)
            .map(|steps| steps[1].to_string())
    };
    let namespaces: Vec<String> = below("namespace").collect();
    let facts = Facts {
        cluster_name: one(settings, &SettingPath::of("service").join("cluster-name")),
        namespaces: namespaces.clone(),
        ..facts_of_machine(environment)
    };
    let likely = Likely {
        namespaces,
        sinks: below("logging").count(),
    };
    Told {
        likely,
        described: Some(described),
        facts,
    }
}

fn facts_of_machine(environment: &Environment) -> Facts {
    Facts {
        hostname: Some(machine::name()).filter(|name| !name.is_empty()),
        environment: environment.clone(),
        ..Facts::default()
    }
}

fn one(settings: &Settings, path: &SettingPath) -> Option<String> {
    match &settings.at(path)?.value {
        Value::One(value) => Some(value.clone()),
        Value::Many(values) => values.first().cloned(),
        Value::Anything => None,
    }
}

fn many(settings: &Settings, path: &SettingPath) -> Vec<String> {
    match settings.at(path).map(|setting| &setting.value) {
        Some(Value::Many(values)) => values.clone(),
        Some(Value::One(value)) => vec![value.clone()],
        Some(Value::Anything) | None => Vec::new(),
    }
}
