//! A file of a GitLab project, through the API.
//!
//! ```text
//! spelling = PROJECT [ "@" REF ] ":" PATH              PROJECT = GROUP/…/PROJECT, or its number
//! question = GET BASE/api/v4/projects/PROJECT/repository/files/PATH/raw?ref=REF     PROJECT and PATH with %2F
//! web page = BASE/PROJECT/-/raw/REF/PATH, BASE/PROJECT/-/blob/REF/PATH              asked through the API, too
//! ```
//! The web pages take no token: for a private project they lead to the sign-in page.

mod place;
mod refusal;

use std::path::PathBuf;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use ring::digest::{SHA256, digest};

use super::environment::Environment;
use super::http::{self, Credentials, Fetched, Request, Url, decode, encode};
use super::secret::Secret;
use crate::deadline::Deadline;

pub use place::Place;
use refusal::{Reason, refusal};

/// A web page's REF may hold slashes, so that it is not clear where PATH begins; so many steps are tried.
const MOST_STEPS_OF_A_REF: usize = 4;

/// How GitLab wants to be shown a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenKind {
    /// A personal, project or group access token: `PRIVATE-TOKEN`.
    Private,
    /// An OAuth token: `Authorization: Bearer`.
    Bearer,
    /// The token of a CI job: `JOB-TOKEN`, taken on exactly the question asked here.
    Job,
}

impl TokenKind {
    /// Reads `private`, `bearer` or `job`.
    pub fn parse(word: &str) -> Option<TokenKind> {
        match word {
            "private" => Some(TokenKind::Private),
            "bearer" => Some(TokenKind::Bearer),
            "job" => Some(TokenKind::Job),
            _ => None,
        }
    }
}

/// A token and how to show it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Token {
    /// Which header it goes into.
    pub kind: TokenKind,
    /// The token itself.
    pub secret: Secret,
}

impl Token {
    fn credentials(&self) -> Credentials {
        let value = self.secret.clone();
        let header = |name: &str, value| Credentials::Header {
            name: name.to_owned(),
            value,
        };
        match self.kind {
            TokenKind::Private => header("PRIVATE-TOKEN", value),
            TokenKind::Job => header("JOB-TOKEN", value),
            TokenKind::Bearer => Credentials::Bearer(value),
        }
    }
}

/// One GitLab and how to be let in. Its token is for this origin and no other.
#[derive(Clone, Debug)]
pub struct GitLab {
    base: Url,
    token: Option<Token>,
    ca_file: Option<PathBuf>,
}

/// What settings and flags say of the GitLab; secrets are spelt as in [`Secret::resolve`].
#[derive(Clone, Debug, Default)]
pub struct Choice<'a> {
    /// `https://gitlab.example.com`, a path below it too.
    pub url: Option<&'a str>,
    /// The token's spelling.
    pub token: Option<&'a str>,
    /// How to show that token; an access token where nothing is said.
    pub kind: Option<TokenKind>,
    /// The authorities to believe in the place of the system's.
    pub ca_file: Option<PathBuf>,
}

impl GitLab {
    /// A GitLab at this address; a path behind it is kept, `/api/v4` is not needed.
    pub fn new(url: &str, token: Option<Token>, ca_file: Option<PathBuf>) -> Result<GitLab> {
        let base = Url::parse(url).context("the URL of the GitLab")?;
        let path = base.path().trim_end_matches('/');
        let path = path.strip_suffix("/api/v4").unwrap_or(path).to_owned();
        Ok(GitLab {
            base: base.with_target(&path).without_login(),
            token,
            ca_file,
        })
    }

    /// The GitLab that settings, flags and environment agree on.
    ///
    /// Address: settings, `ASCAD_GITLAB_URL`, the one that runs the CI job (`CI_API_V4_URL`), gitlab.com.
    /// Token: settings, `ASCAD_GITLAB_TOKEN` (spelt as a secret), `GITLAB_TOKEN`, and `CI_JOB_TOKEN` towards the
    /// GitLab that runs the job and no other, as is its `CI_SERVER_TLS_CA_FILE`.
    pub fn choose(choice: &Choice<'_>, environment: &Environment) -> Result<GitLab> {
        let of_job = environment.variable("CI_API_V4_URL");
        let url = choice
            .url
            .or(environment.variable("ASCAD_GITLAB_URL"))
            .or(of_job)
            .unwrap_or("https://gitlab.com");
        let mut gitlab = GitLab::new(url, None, choice.ca_file.clone())?;
        let at_home = match of_job {
            Some(of_job) => Url::parse(of_job)?.same_origin(&gitlab.base),
            None => false,
        };
        if at_home && gitlab.ca_file.is_none() {
            let bundle = environment.variable("CI_SERVER_TLS_CA_FILE");
            gitlab.ca_file = bundle.map(PathBuf::from);
        }
        let kind = choice.kind.unwrap_or(TokenKind::Private);
        let spelt = choice.token.or(environment.variable("ASCAD_GITLAB_TOKEN"));
        gitlab.token = if let Some(spelling) = spelt {
            let secret = Secret::resolve(spelling).context("the token for the GitLab")?;
            Some(Token { kind, secret })
        } else if let Some(clear) = environment.variable("GITLAB_TOKEN") {
            let secret = Secret::new(clear);
            Some(Token { kind, secret })
        } else {
            environment
                .variable("CI_JOB_TOKEN")
                .filter(|_| at_home)
                .map(|clear| Token {
                    kind: TokenKind::Job,
                    secret: Secret::new(clear),
                })
        };
        Ok(gitlab)
    }

    /// The GitLab's address without a trailing `/`.
    pub fn url(&self) -> String {
        self.base.to_string().trim_end_matches('/').to_owned()
    }

    /// Whether there is a token to show.
    pub fn has_token(&self) -> bool {
        self.token.is_some()
    }

    /// The question for a file.
    pub fn question(&self, place: &Place) -> Url {
        self.base.with_target(&format!(
            "{}/api/v4/projects/{}/repository/files/{}/raw?ref={}",
            self.base.path().trim_end_matches('/'),
            encode(&place.project),
            encode(&place.path),
            encode(place.reference()),
        ))
    }

    /// The file that a web page of this GitLab shows (`/-/raw/`, `/-/blob/`), once for every way to tell its
    /// branch from its path; empty where the URL is another's or no such page.
    pub fn places(&self, page: &Url) -> Vec<Place> {
        let Some(rest) = self.below(page) else {
            return Vec::new();
        };
        let Some((project, after)) = rest.split_once("/-/") else {
            return Vec::new();
        };
        let Some(tail) = ["raw/", "blob/"]
            .iter()
            .find_map(|page| after.strip_prefix(page))
        else {
            return Vec::new();
        };
        let steps: Vec<String> = tail.split('/').map(decode).collect();
        (1..steps.len().min(MOST_STEPS_OF_A_REF + 1))
            .filter_map(|at| {
                let reference = steps[..at].join("/");
                let path = steps[at..].join("/");
                Place::new(&decode(project), Some(&reference), &path).ok()
            })
            .collect()
    }

    /// What of a URL's path stands below this GitLab's address.
    fn below<'url>(&self, url: &'url Url) -> Option<&'url str> {
        if !url.same_origin(&self.base) {
            return None;
        }
        let base = self.base.path().trim_end_matches('/');
        url.path().strip_prefix(base)?.strip_prefix('/')
    }

    /// Whether a URL is one of this GitLab's API, which takes the token.
    pub fn answers(&self, url: &Url) -> bool {
        self.below(url)
            .is_some_and(|path| path.starts_with("api/v4/"))
    }

    fn request(&self, url: Url) -> Request {
        Request {
            credentials: self.token.as_ref().map(Token::credentials),
            ca_file: self.ca_file.clone(),
            ..Request::new(url)
        }
    }
}

/// Whether a URL looks like a GitLab's: a page of a project, or its API.
pub fn may_answer(url: &Url) -> bool {
    ["/-/", "/api/v4/"]
        .iter()
        .any(|part| url.path().contains(part))
}

/// A file as GitLab gave it.
#[derive(Clone, Debug)]
pub struct File {
    /// The file: of the announced size and digest, and a configuration by its looks.
    pub bytes: Vec<u8>,
    /// The commit that it was read at, in full.
    pub commit: Option<String>,
    /// The URL that answered.
    pub url: Url,
}

/// Fetches a file. The errors say what to check and never hold the token.
pub fn fetch(
    gitlab: &GitLab,
    place: &Place,
    environment: &Environment,
    deadline: Deadline,
) -> Result<File> {
    let request = gitlab.request(gitlab.question(place));
    let fetched = ask(&request, environment, deadline)?;
    if fetched.status == 200 {
        return verify(fetched);
    }
    Err(refusal(gitlab, place, &fetched).into())
}

/// Fetches what a URL of this GitLab's API or one of its web pages shows.
pub fn fetch_page(
    gitlab: &GitLab,
    page: &Url,
    environment: &Environment,
    deadline: Deadline,
) -> Result<File> {
    let mut first_refusal = None;
    for place in gitlab.places(page) {
        let request = gitlab.request(gitlab.question(&place));
        let fetched = ask(&request, environment, deadline)?;
        if fetched.status == 200 {
            return verify(fetched);
        }
        let refusal = refusal(gitlab, &place, &fetched);
        let other_ref = matches!(refusal.reason, Reason::NoCommit | Reason::NoFile);
        let first = first_refusal.get_or_insert(refusal);
        if !other_ref {
            return Err(first.clone().into());
        }
    }
    match first_refusal {
        Some(refusal) => Err(refusal.into()),
        None => verify(ask(&gitlab.request(page.clone()), environment, deadline)?),
    }
}

/// One question, and a second one after 429 if it may be asked within the deadline.
fn ask(request: &Request, environment: &Environment, deadline: Deadline) -> Result<Fetched> {
    let fetched = http::fetch(request, environment, deadline)?;
    if fetched.status != 429 {
        return Ok(fetched);
    }
    let seconds = fetched
        .header("retry-after")
        .and_then(|text| text.trim().parse().ok());
    let wait = seconds.map(Duration::from_secs);
    let (Some(wait), Some(left)) = (wait, deadline.remaining()) else {
        return Ok(fetched);
    };
    if wait >= left {
        return Ok(fetched);
    }
    std::thread::sleep(wait);
    http::fetch(request, environment, deadline)
}

fn verify(fetched: Fetched) -> Result<File> {
    let url = fetched.final_url.clone();
    let commit = fetched
        .header("x-gitlab-commit-id")
        .filter(|id| !id.is_empty() && id.bytes().all(|byte| byte.is_ascii_hexdigit()))
        .map(str::to_owned);
    let size: Option<usize> = fetched
        .header("x-gitlab-size")
        .and_then(|size| size.trim().parse().ok());
    let declared = fetched
        .header("x-gitlab-content-sha256")
        .map(|digest| digest.trim().to_ascii_lowercase());
    if let Some(size) = size.filter(|size| *size != fetched.bytes.len()) {
        bail!(
            "{url} announced a file of {size} bytes, but sent {}",
            fetched.bytes.len()
        );
    }
    if declared
        .is_some_and(|declared| declared != hexadecimal(digest(&SHA256, &fetched.bytes).as_ref()))
    {
        bail!("{url} sent a file whose SHA-256 is not the announced one");
    }
    let bytes = fetched.expect_configuration()?;
    Ok(File { bytes, commit, url })
}

fn hexadecimal(bytes: &[u8]) -> String {
    use std::fmt::Write;
    bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_question_has_project_and_path_encoded() {
        let expected = "https://git.example/lab/api/v4/projects/a%2Fb/repository/files/c%2Fd%20e.conf/raw?ref=x%2Fy";
        for base in ["https://git.example/lab/", "https://git.example/lab/api/v4"] {
            let gitlab = GitLab::new(base, None, None).unwrap();
            let place = Place::parse("a/b@x/y:c/d e.conf").unwrap();
            assert_eq!(gitlab.question(&place).to_string(), expected);
            assert_eq!(gitlab.url(), "https://git.example/lab");
        }
    }

    #[track_caller]
    fn page(url: &str, expected: &[&str]) {
        let gitlab = GitLab::new("https://git.example/lab", None, None).unwrap();
        let places: Vec<Place> = expected
            .iter()
            .map(|spelling| Place::parse(spelling).unwrap())
            .collect();
        assert_eq!(gitlab.places(&Url::parse(url).unwrap()), places, "{url}");
    }

    #[test]
    fn web_pages_are_files_of_the_api() {
        page(
            "https://git.example/lab/a/b/-/raw/main/c.conf?inline=false",
            &["a/b@main:c.conf"],
        );
        page(
            "https://git.example/lab/a/b/-/blob/v/x/c%20d",
            &["a/b@v:x/c d", "a/b@v/x:c d"],
        );
        page("https://git.example/a/b/-/raw/main/c.conf", &[]);
        page("https://other.example/lab/a/b/-/raw/main/c.conf", &[]);
        page("http://git.example/lab/a/b/-/raw/main/c.conf", &[]);
        page("https://git.example:8443/lab/a/b/-/raw/main/c.conf", &[]);
        page("https://git.example/lab/a/b/-/tree/main", &[]);
    }

    #[track_caller]
    fn chosen(
        choice: &Choice<'_>,
        variables: &[(&str, &str)],
        url: &str,
        token: Option<(TokenKind, &str)>,
    ) {
        let environment = variables.iter().copied().collect();
        let gitlab = GitLab::choose(choice, &environment).unwrap();
        assert_eq!(gitlab.url(), url);
        let found = gitlab.token.as_ref();
        assert_eq!(
            found.map(|token| (token.kind, token.secret.expose())),
            token
        );
    }

    #[test]
    fn settings_win_over_the_environment_and_job_tokens_stay_at_home() {
        let nothing = Choice::default();
        chosen(&nothing, &[], "https://gitlab.com", None);
        let ours = [("ASCAD_GITLAB_TOKEN", "b64:YQ=="), ("GITLAB_TOKEN", "b")];
        chosen(
            &nothing,
            &ours,
            "https://gitlab.com",
            Some((TokenKind::Private, "a")),
        );
        chosen(
            &nothing,
            &ours[1..],
            "https://gitlab.com",
            Some((TokenKind::Private, "b")),
        );
        let choice = Choice {
            url: Some("https://git.example"),
            token: Some("c"),
            kind: Some(TokenKind::Bearer),
            ca_file: None,
        };
        chosen(
            &choice,
            &ours,
            "https://git.example",
            Some((TokenKind::Bearer, "c")),
        );
        let job = [
            ("CI_API_V4_URL", "https://git.ci/api/v4"),
            ("CI_JOB_TOKEN", "j"),
        ];
        chosen(
            &nothing,
            &job,
            "https://git.ci",
            Some((TokenKind::Job, "j")),
        );
        let elsewhere = Choice {
            token: None,
            ..choice
        };
        chosen(&elsewhere, &job, "https://git.example", None);
    }
}
