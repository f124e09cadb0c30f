//! Every source, opened: bytes of a file or answers of a node.

use std::net::{IpAddr, ToSocketAddrs, UdpSocket};
use std::path::Path;
use std::time::SystemTime;

use anyhow::{Context, Result, anyhow, bail};

use crate::catalogue::{Edition, Release};
use crate::conf;
use crate::lint;
use crate::settings::{Path as SettingPath, Settings, Value, Whereabouts, tree};
use crate::sources::file::{self, FileRead};
use crate::sources::gitlab::{self, Choice, GitLab, Place, TokenKind};
use crate::sources::http::{self, Request, Url};
use crate::sources::node::{self, Described, Likely};
use crate::sources::secret::Secret;
use crate::sources::spec::Spec;
use crate::wire::Answers;

use super::session::Session;

/// A source that was opened.
#[derive(Debug)]
pub(super) enum Content {
    File {
        bytes: Vec<u8>,
        changed: Option<SystemTime>,
        commit: Option<String>,
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
}

/// Opens one source. The error is one line that names what was expected and found.
pub(super) fn open(session: &Session, spec: &Spec, told: &Told) -> Result<Content> {
    match spec {
        Spec::StandardInput => text(file::read_standard_input()?, "standard input"),
        Spec::File(path) => text(file::read(path)?, &path.display().to_string()),
        Spec::Recording(path) => recording(path),
        Spec::Url(url) => page(session, url),
        Spec::GitLab(spelling) => from_gitlab(session, spelling.as_deref()),
        Spec::Runtime(host) => runtime(session, host.as_deref(), told),
        Spec::Named(name) => bail!("the reference `{name}` has no url"),
        Spec::Cluster(_) => {
            bail!("expected one source, but `cluster` is many; see `ascad cluster`")
        }
    }
}

fn text(read: FileRead, name: &str) -> Result<Content> {
    file::expect_text(&read.bytes, name)?;
    Ok(Content::File {
        bytes: read.bytes,
        changed: read.changed,
        commit: None,
    })
}

fn recording(path: &Path) -> Result<Content> {
    let read = file::read(path)?;
    let answers =
        Answers::from_json(&read.bytes).with_context(|| format!("`{}`", path.display()))?;
    Ok(Content::Node {
        answers,
        address: path.display().to_string(),
        whereabouts: Whereabouts::Recorded,
        notes: Vec::new(),
    })
}

fn page(session: &Session, url: &str) -> Result<Content> {
    let url = Url::parse(url)?;
    let gitlab = known_gitlab(session)?;
    if let Some(gitlab) = gitlab.filter(|gitlab| gitlab.has_token()) {
        if gitlab.answers(&url) || !gitlab.places(&url).is_empty() {
            return Ok(from_file(gitlab::fetch_page(
                &gitlab,
                &url,
                &session.environment,
                session.deadline,
            )?));
        }
    }
    let fetched = http::fetch(&Request::new(url), &session.environment, session.deadline)?;
    Ok(Content::File {
        bytes: fetched.expect_configuration()?,
        changed: None,
        commit: None,
    })
}

/// The GitLab of the flags, the settings or the environment; `None` where none of them names one.
fn known_gitlab(session: &Session) -> Result<Option<GitLab>> {
    let flags = &session.common.gitlab;
    let set = &session.file.gitlab;
    let url = flags.gitlab_url.as_deref().or(set.url.as_deref());
    let is_named = url.is_some()
        || ["ASCAD_GITLAB_URL", "CI_API_V4_URL"]
            .iter()
            .any(|name| session.environment.variable(name).is_some());
    if !is_named && flags.gitlab_project.is_none() && set.project.is_none() {
        return Ok(None);
    }
    let choice = Choice {
        url,
        token: flags.gitlab_token.as_deref().or(set.token.as_deref()),
        kind: set.token_kind.and_then(TokenKind::parse),
        ca_file: set.ca_file.clone().map(Into::into),
    };
    GitLab::choose(&choice, &session.environment).map(Some)
}

fn from_gitlab(session: &Session, spelling: Option<&str>) -> Result<Content> {
    let flags = &session.common.gitlab;
    let set = &session.file.gitlab;
    let place = match spelling {
        Some(spelling) => Place::parse(spelling)?,
        None => {
            let project = flags.gitlab_project.as_deref().or(set.project.as_deref());
            let path = flags.gitlab_path.as_deref().or(set.path.as_deref());
            let project = project
                .context("expected a project for `gitlab` in --gitlab-project or the settings")?;
            let path =
                path.context("expected a path for `gitlab` in --gitlab-path or the settings")?;
            Place::new(
                project,
                flags.gitlab_ref.as_deref().or(set.reference.as_deref()),
                path,
            )?
        }
    };
    let gitlab = match known_gitlab(session)? {
        Some(gitlab) => gitlab,
        None => GitLab::choose(&Choice::default(), &session.environment)?,
    };
    Ok(from_file(gitlab::fetch(
        &gitlab,
        &place,
        &session.environment,
        session.deadline,
    )?))
}

fn from_file(file: gitlab::File) -> Content {
    Content::File {
        bytes: file.bytes,
        changed: None,
        commit: file.commit,
    }
}

fn runtime(session: &Session, host: Option<&str>, told: &Told) -> Result<Content> {
    let mut options = session.node.clone();
    if let Some(host) = host {
        options.host = Some(host.to_owned());
    }
    let target = options.target(told.described.as_ref(), &ask_password)?;
    let node = node::fetch(&target, &told.likely, session.deadline)?;
    Ok(Content::Node {
        answers: node.answers,
        whereabouts: whereabouts(&node.address),
        address: node.address,
        notes: node.notes,
    })
}

fn ask_password(user: &str) -> Result<Secret> {
    if !crate::sinks::stdout::is_watched() {
        bail!("expected a password for the user `{user}` in -P or the settings, but found none");
    }
    let typed = rpassword::prompt_password(format!("Password for {user}: "))
        .map_err(|error| anyhow!(error))?;
    Ok(Secret::new(typed))
}

/// A socket can be bound to this machine's own addresses only.
fn whereabouts(address: &str) -> Whereabouts {
    let resolved: Vec<IpAddr> = address
        .to_socket_addrs()
        .map(|all| all.map(|one| one.ip()).collect())
        .unwrap_or_default();
    let is_own = |ip: &IpAddr| UdpSocket::bind((*ip, 0)).is_ok();
    if !resolved.is_empty() && resolved.iter().all(is_own) {
        Whereabouts::Here
    } else {
        Whereabouts::Elsewhere
    }
}

/// What a file tells of its node: where it listens, and what to ask it.
pub(super) fn told_by(settings: &Settings) -> Told {
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
    let likely = Likely {
        namespaces: below("namespace").collect(),
        sinks: below("logging").count(),
    };
    Told {
        likely,
        described: Some(described),
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

/// The release and edition that a file is read for, and whether somebody said so.
#[derive(Clone, Copy, Debug)]
pub(super) struct Era {
    pub(super) release: Release,
    pub(super) edition: Edition,
    pub(super) is_known: bool,
}

/// The newest release of every minor version that changed the language.
const ERAS: [(u16, u16); 12] = [
    (8, 1),
    (8, 0),
    (7, 2),
    (7, 1),
    (7, 0),
    (6, 4),
    (6, 3),
    (6, 1),
    (6, 0),
    (5, 7),
    (5, 6),
    (5, 5),
];

impl Era {
    /// Where no server says its own: the flag, the file's own comment, else the newest release that would start with
    /// the file, else the newest known.
    pub(super) fn of_file(session: &Session, bytes: &[u8]) -> Era {
        let edition = session.edition().unwrap_or(Edition::Enterprise);
        if let Some(release) = session.release().or_else(|| conf::declared_release(bytes)) {
            return Era {
                release,
                edition,
                is_known: true,
            };
        }
        let candidates = std::iter::once(Release::NEWEST_KNOWN).chain(
            ERAS.into_iter()
                .map(|(major, minor)| Release::new(major, minor, 0)),
        );
        let starts = candidates
            .into_iter()
            .find(|release| lint::lint(bytes, *release, edition).starts);
        Era {
            release: starts.unwrap_or(Release::NEWEST_KNOWN),
            edition,
            is_known: false,
        }
    }

    /// Reads a file.
    pub(super) fn settle(self, bytes: &[u8]) -> Settings {
        let (tree, _) = conf::parse(bytes, self.release);
        tree::settle(&tree, self.release, self.edition)
    }
}
