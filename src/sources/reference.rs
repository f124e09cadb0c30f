//! References by URL: one, or several of which the first that answers with a configuration is the master.

use std::path::PathBuf;

use anyhow::{Result, anyhow, bail};

use super::environment::Environment;
use super::gitlab::{self, Choice, GitLab, Place, TokenKind};
use super::http::{self, Credentials, Request, Url};
use super::placeholder::{Facts, Use, expand};
use super::secret::Secret;
use crate::deadline::Deadline;
use crate::settings_file;

/// Where a reference is, with its secrets resolved.
#[derive(Clone, Debug)]
pub struct Reference {
    /// The places, in the order in which they are asked; one at least.
    pub urls: Vec<Url>,
    /// What goes along to each of them.
    pub credentials: Option<Credentials>,
    /// The authorities to believe in the place of the system's.
    pub ca_file: Option<PathBuf>,
}

impl Reference {
    /// A URL by itself, with placeholders.
    pub fn of_url(text: &str, facts: &Facts) -> Result<Reference> {
        Ok(Reference {
            urls: vec![Url::parse(&expand(text, facts, Use::Url)?)?],
            credentials: None,
            ca_file: None,
        })
    }

    /// `[reference.NAME]` of the settings.
    pub fn of_settings(
        name: &str,
        settings: &settings_file::Reference,
        facts: &Facts,
    ) -> Result<Reference> {
        if settings.urls.is_empty() {
            bail!("expected `urls` in `[reference.{name}]`, but found none");
        }
        let urls = settings
            .urls
            .iter()
            .map(|url| Url::parse(&expand(url, facts, Use::Url)?))
            .collect::<Result<_>>()?;
        Ok(Reference {
            urls,
            credentials: credentials(name, settings)?,
            ca_file: settings.ca_file.as_ref().map(PathBuf::from),
        })
    }
}

fn credentials(name: &str, settings: &settings_file::Reference) -> Result<Option<Credentials>> {
    let of =
        |key: &str, error: anyhow::Error| error.context(format!("`{key}` of `[reference.{name}]`"));
    let token = match &settings.token {
        Some(spelling) => Some(Secret::resolve(spelling).map_err(|error| of("token", error))?),
        None => None,
    };
    match (&settings.user, &settings.password, token) {
        (None, None, None) if settings.token_header.is_some() => {
            bail!("expected `token` beside `token-header` in `[reference.{name}]`, but found none")
        }
        (None, None, None) => Ok(None),
        (None, None, Some(value)) => Ok(Some(match &settings.token_header {
            Some(header) => Credentials::Header {
                name: header.clone(),
                value,
            },
            None => Credentials::Bearer(value),
        })),
        (Some(user), Some(spelling), None) => Ok(Some(Credentials::Basic {
            user: user.clone(),
            password: Secret::resolve(spelling).map_err(|error| of("password", error))?,
        })),
        (Some(_), Some(_), Some(_)) => {
            bail!(
                "expected `user` and `password` or `token` in `[reference.{name}]`, but found all of them"
            )
        }
        _ => bail!(
            "expected `user` and `password` in `[reference.{name}]`, but found only one of them"
        ),
    }
}

/// `[gitlab]` of the settings, after flags were laid over it: the GitLab and the file that `gitlab` means. In CI the
/// job's own GitLab and project stand in for what is not said.
pub fn of_gitlab(settings: &settings_file::GitLab, facts: &Facts) -> Result<(GitLab, Place)> {
    let filled = |text: &Option<String>| {
        text.as_ref()
            .map(|text| expand(text, facts, Use::Path))
            .transpose()
    };
    let own = || {
        facts
            .environment
            .variable("CI_PROJECT_PATH")
            .map(str::to_owned)
    };
    let Some(project) = filled(&settings.project)?.or_else(own) else {
        bail!(
            "expected `project` in `[gitlab]`, or `gitlab:GROUP/PROJECT@REF:PATH`, but found none"
        );
    };
    let Some(path) = filled(&settings.path)? else {
        bail!("expected `path` in `[gitlab]`, or `gitlab:GROUP/PROJECT@REF:PATH`, but found none");
    };
    let reference = filled(&settings.reference)?;
    let place = Place::new(&project, reference.as_deref(), &path)?;
    Ok((gitlab_of(settings, facts)?, place))
}

/// The GitLab of `[gitlab]` by itself, for `gitlab:GROUP/PROJECT@REF:PATH` and for URLs of its pages.
pub fn gitlab_of(settings: &settings_file::GitLab, facts: &Facts) -> Result<GitLab> {
    let url = settings
        .url
        .as_ref()
        .map(|url| expand(url, facts, Use::Url))
        .transpose()?;
    let choice = Choice {
        url: url.as_deref(),
        token: settings.token.as_deref(),
        kind: settings.token_kind.and_then(TokenKind::parse),
        ca_file: settings.ca_file.as_ref().map(PathBuf::from),
    };
    GitLab::choose(&choice, &facts.environment)
}

/// A reference as it was fetched.
#[derive(Clone, Debug)]
pub struct Document {
    /// The configuration, or a template of one.
    pub bytes: Vec<u8>,
    /// The URL that answered: the master.
    pub url: Url,
    /// The commit, where GitLab answered.
    pub commit: Option<String>,
    /// The places that were asked before, and what came of it.
    pub missed: Vec<Missed>,
}

/// A place that gave no configuration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Missed {
    /// The place.
    pub url: Url,
    /// Why, on one line; it holds no secret.
    pub why: String,
}

/// Asks the places in turn; the first that answers with a configuration is the master. None of them may take more
/// than its share of the time that is left. Pages of `gitlab` are asked through its API with its token.
///
/// The error tells what came of every place.
pub fn fetch(
    reference: &Reference,
    gitlab: Option<&GitLab>,
    environment: &Environment,
    deadline: Deadline,
) -> Result<Document> {
    let mut missed = Vec::new();
    for (at, url) in reference.urls.iter().enumerate() {
        let after = u32::try_from(reference.urls.len() - at - 1).unwrap_or(u32::MAX);
        let share = match deadline.remaining() {
            Some(left) if after > 0 => Deadline::after(left / (after + 1)),
            _ => deadline,
        };
        match ask(reference, url, gitlab, environment, share) {
            Ok(document) => return Ok(Document { missed, ..document }),
            Err(error) => missed.push(Missed {
                url: url.clone(),
                why: format!("{error:#}"),
            }),
        }
    }
    match missed.as_slice() {
        [] => bail!("expected a URL, but found none"),
        [only] => bail!("{}", only.why),
        all => {
            let reasons: Vec<&str> = all.iter().map(|missed| missed.why.as_str()).collect();
            Err(anyhow!(
                "none of {} URLs answered with a configuration: {}",
                all.len(),
                reasons.join("; ")
            ))
        }
    }
}

fn ask(
    reference: &Reference,
    url: &Url,
    gitlab: Option<&GitLab>,
    environment: &Environment,
    deadline: Deadline,
) -> Result<Document> {
    let of_gitlab = |gitlab: &&GitLab| {
        reference.credentials.is_none()
            && url.login().is_none()
            && (gitlab.answers(url) || !gitlab.places(url).is_empty())
    };
    if let Some(gitlab) = gitlab.filter(of_gitlab) {
        let file = gitlab::fetch_page(gitlab, url, environment, deadline)?;
        return Ok(Document {
            bytes: file.bytes,
            url: file.url,
            commit: file.commit,
            missed: Vec::new(),
        });
    }
    let request = Request {
        credentials: reference.credentials.clone(),
        ca_file: reference.ca_file.clone(),
        ..Request::new(url.clone())
    };
    let fetched = http::fetch(&request, environment, deadline)?;
    Ok(Document {
        url: fetched.final_url.clone(),
        bytes: fetched.expect_configuration()?,
        commit: None,
        missed: Vec::new(),
    })
}
