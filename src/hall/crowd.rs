//! Many sources at once: every SOURCE opened by a bounded number of threads, and every cluster taken apart into its
//! nodes. Nobody who cannot be seen is left out.

use std::collections::HashSet;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use anyhow::{Result, anyhow};

use crate::catalogue::Edition;
use crate::compare::Role;
use crate::lint;
use crate::order;
use crate::settings::{Whereabouts, answers};
use crate::sinks::progress::Progress;
use crate::sources::cluster::{self, Member};
use crate::sources::file;
use crate::sources::http::{Url, shown};
use crate::sources::spec::Spec;

use super::era::Era;
use super::gather::{self, Content, Told};
use super::session::Session;

/// Threads wait for the network most of the time; each costs some pages of stack.
const MOST_THREADS: usize = 32;
const STACK: usize = 512 * 1024;

/// A source with what became of opening it.
pub(super) struct Opened {
    /// As the user calls it; the address of a cluster's node. No two have the same.
    pub(super) name: String,
    /// Whether it was found as a node of a cluster, with the id by which its peers know it.
    pub(super) member: Option<String>,
    pub(super) content: Result<Content>,
}

/// Opens all sources, in the order in which they are named.
pub(super) fn open_all(session: &Session, names: &[String], told: &Told) -> Vec<Opened> {
    let found: Vec<Mutex<Vec<Opened>>> = names.iter().map(|_| Mutex::default()).collect();
    let next = AtomicUsize::new(0);
    // A cluster tells of its nodes, which are more.
    let is_cluster = |name: &String| matches!(session.spec(name), Spec::Cluster(_));
    let progress = match names.iter().any(is_cluster) {
        true => Progress::default(),
        false => session.progress("sources"),
    };
    progress.update(0, names.len());
    let work = || {
        loop {
            let at = next.fetch_add(1, Ordering::Relaxed);
            let (Some(name), Some(place)) = (names.get(at), found.get(at)) else {
                return;
            };
            let opened = open(session, name, told);
            progress.advance();
            if let Ok(mut place) = place.lock() {
                *place = opened;
            }
        }
    };
    std::thread::scope(|scope| {
        // The first is opened here, so that everything works where there are no threads to be had.
        for _ in 1..names.len().min(MOST_THREADS) {
            let thread = std::thread::Builder::new()
                .name("source".into())
                .stack_size(STACK);
            if thread.spawn_scoped(scope, work).is_err() {
                break;
            }
        }
        work();
    });
    let opened = found
        .into_iter()
        .zip(names)
        .flat_map(|(place, name)| match place.into_inner() {
            Ok(opened) if !opened.is_empty() => opened,
            Ok(_) | Err(_) => vec![failed(name, anyhow!("ascad itself failed"))],
        });
    told_apart(opened.collect())
}

fn open(session: &Session, name: &str, told: &Told) -> Vec<Opened> {
    let spec = session.spec(name);
    let Spec::Cluster(host) = &spec else {
        return vec![Opened {
            name: called(session, name),
            member: None,
            content: gather::open(session, &spec, told).map_err(|error| perhaps_named(name, error)),
        }];
    };
    match members(session, host.as_deref(), told) {
        Ok(members) => members,
        Err(error) => vec![failed(&called(session, name), error)],
    }
}

/// What looks like a name and is no file may be one that the settings lack.
fn perhaps_named(name: &str, error: anyhow::Error) -> anyhow::Error {
    let is_missing = error.to_string() == file::MISSING;
    match is_missing && !name.contains(['.', '/']) {
        true => {
            anyhow!("expected a file or a `[reference.{name}]` of the settings, but found neither")
        }
        false => error,
    }
}

/// A source as reports call it: a URL without its password, in whatever place it was written.
pub(super) fn called(session: &Session, name: &str) -> String {
    match session.spec(name) {
        Spec::Url(url) => match Url::parse(&url) {
            Ok(url) => url.to_string(),
            Err(_) => shown(&url).to_owned(),
        },
        Spec::Runtime(Some(host)) => format!("runtime:{}", shown(&host)),
        Spec::Cluster(Some(host)) => format!("cluster:{}", shown(&host)),
        Spec::GitLab(Some(place)) if place.contains("://") => format!("gitlab:{}", shown(&place)),
        Spec::StandardInput
        | Spec::File(_)
        | Spec::Recording(_)
        | Spec::GitLab(_)
        | Spec::Runtime(None)
        | Spec::Named(_)
        | Spec::Cluster(None) => name.to_owned(),
    }
}

/// What a source stands for, before it was opened.
pub(super) fn role(session: &Session, name: &str) -> Role {
    match session.spec(name) {
        Spec::Runtime(_) | Spec::Recording(_) | Spec::Cluster(_) => Role::Runtime,
        Spec::StandardInput | Spec::File(_) | Spec::Url(_) | Spec::GitLab(_) | Spec::Named(_) => {
            Role::Reference
        }
    }
}

fn failed(name: &str, error: anyhow::Error) -> Opened {
    Opened {
        name: name.to_owned(),
        member: None,
        content: Err(error),
    }
}

/// Every node of a cluster, found from one of them.
fn members(session: &Session, host: Option<&str>, told: &Told) -> Result<Vec<Opened>> {
    session.watch();
    let target = gather::target(session, host, told)?;
    let progress = session.progress("nodes");
    let on_progress = |done: usize, known: usize| progress.update(done, known);
    let members = cluster::fetch(&target, &told.likely, session.deadline, &on_progress);
    Ok(members.into_iter().map(opened).collect())
}

fn opened(member: Member) -> Opened {
    let content = member.outcome.map(|node| Content::Node {
        answers: node.answers,
        whereabouts: gather::whereabouts(&node.address),
        address: node.address,
        notes: node.notes,
    });
    let name = match member.address.is_empty() {
        // Its peers know no address of it.
        true => member.id.clone(),
        false => member.address,
    };
    Opened {
        name,
        member: Some(member.id),
        content,
    }
}

/// Gives each a name of its own: nodes that advertise one address have their ids, other sources are numbered.
fn told_apart(mut opened: Vec<Opened>) -> Vec<Opened> {
    let mut taken = HashSet::new();
    for one in &mut opened {
        let name = one.name.clone();
        let mut tries = match one.member.as_deref() {
            Some("") => Some("not discovered".to_owned()),
            Some(id) => Some(id.to_owned()),
            None => None,
        };
        let mut number = 1;
        while taken.contains(&one.name) {
            number += 1;
            let mark = tries.take().unwrap_or_else(|| number.to_string());
            one.name = format!("{name} ({mark})");
        }
        taken.insert(one.name.clone());
    }
    opened
}

/// What the servers that answered say of themselves, each release and edition once; those on this machine and those
/// that were named come first.
pub(super) fn server_eras(session: &Session, opened: &[Opened]) -> Vec<Era> {
    let mut eras: Vec<(bool, Era)> = Vec::new();
    for one in opened {
        let Ok(Content::Node {
            answers,
            whereabouts,
            ..
        }) = &one.content
        else {
            continue;
        };
        let Some(release) = answers::release_of(answers) else {
            continue;
        };
        let edition = answers::edition_of(answers).or(session.edition());
        let era = Era {
            release,
            edition: edition.unwrap_or(Edition::Enterprise),
            is_known: true,
        };
        let is_far = one.member.is_some() && *whereabouts != Whereabouts::Here;
        if !eras.contains(&(is_far, era)) {
            eras.push((is_far, era));
        }
    }
    order::sort_by_key(&mut eras, |(is_far, _)| *is_far);
    eras.into_iter().map(|(_, era)| era).collect()
}

/// The edition that all servers have which say it.
pub(super) fn edition_of(opened: &[Opened]) -> Option<Edition> {
    let mut editions = opened.iter().filter_map(|one| match &one.content {
        Ok(Content::Node { answers, .. }) => answers::edition_of(answers),
        Ok(Content::File { .. }) | Err(_) => None,
    });
    let first = editions.next()?;
    editions.all(|edition| edition == first).then_some(first)
}

/// The server that a file is for, where there are several: the first that would start with it.
pub(super) fn era_among(servers: &[Era], bytes: &[u8]) -> Option<Era> {
    let starts = |era: &&Era| lint::lint(bytes, era.release, era.edition).starts;
    match servers {
        [] | [_] => servers.first().copied(),
        [first, ..] => servers.iter().find(starts).or(Some(first)).copied(),
    }
}
