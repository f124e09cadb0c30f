//! One GET over http or https: under a deadline, capped, and with credentials that go to one origin only.
//!
//! ureq speaks the protocol; what is decided here is whom to trust, which proxy to take, where to follow
//! (redirects are ours, for ureq strips only `Authorization` when another host is reached) and when to stop.
//!
//! ```text
//! fetch: Request → Fetched, whatever the status
//! Fetched::expect_configuration → the bytes of a configuration, or what the server sent in its place
//! ```

mod forward;
mod proxy;
mod trust;
mod url;

use std::io::Read;
use std::path::PathBuf;

use anyhow::{Context, Result, anyhow, bail};
use base64::Engine;
use ureq::{Agent, Proxy, ProxyProtocol};

use super::classify::{LONGEST_CONFIGURATION, Stranger, classify};
use super::environment::Environment;
use super::printable;
use super::secret::Secret;
use crate::deadline::Deadline;

pub use url::{Scheme, Url, decode, encode, shown};

/// More hops than this are a loop.
const MOST_REDIRECTS: usize = 5;

/// What goes along to prove who asks. It prints without its secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Credentials {
    /// `Authorization: Basic`.
    Basic {
        /// The user's name.
        user: String,
        /// The user's password.
        password: Secret,
    },
    /// `Authorization: Bearer`.
    Bearer(Secret),
    /// A header of its own, such as `PRIVATE-TOKEN`.
    Header {
        /// The header's name.
        name: String,
        /// The header's value.
        value: Secret,
    },
}

impl Credentials {
    fn header(&self) -> (&str, String) {
        match self {
            Credentials::Basic { user, password } => {
                let pair = format!("{user}:{}", password.expose());
                let encoded = base64::engine::general_purpose::STANDARD.encode(pair);
                ("authorization", format!("Basic {encoded}"))
            }
            Credentials::Bearer(token) => ("authorization", format!("Bearer {}", token.expose())),
            Credentials::Header { name, value } => (name, value.expose().to_owned()),
        }
    }

    /// A text of somebody else without the secret in it: a server may send back what it was sent.
    pub fn redact(&self, text: &str) -> String {
        let secret = match self {
            Credentials::Basic { password, .. } => password,
            Credentials::Bearer(token) => token,
            Credentials::Header { value, .. } => value,
        };
        let (_, header) = self.header();
        let encoded = header.rsplit(' ').next().unwrap_or_default();
        let mut text = text.to_owned();
        for hidden in [secret.expose(), encoded, &encode(secret.expose())] {
            if !hidden.is_empty() {
                text = text.replace(hidden, "(hidden)");
            }
        }
        text
    }
}

/// What to fetch.
#[derive(Clone, Debug)]
pub struct Request {
    /// Where. User and password written into it count as basic credentials where there are no others.
    pub url: Url,
    /// What goes along, to this URL's origin only.
    pub credentials: Option<Credentials>,
    /// The authorities to believe in the place of the system's, a file in PEM.
    pub ca_file: Option<PathBuf>,
    /// The most bytes of a body, as they are on the wire; see [`LONGEST_CONFIGURATION`].
    pub limit: u64,
}

impl Request {
    /// A request for a configuration, without credentials.
    pub fn new(url: Url) -> Request {
        Request {
            url,
            credentials: None,
            ca_file: None,
            limit: LONGEST_CONFIGURATION,
        }
    }
}

/// What was answered.
#[derive(Clone, Debug)]
pub struct Fetched {
    /// The status, no redirect.
    pub status: u16,
    /// The body, whole: neither cut short nor longer than the request's limit.
    pub bytes: Vec<u8>,
    /// The URL that answered, after redirects.
    pub final_url: Url,
    headers: ureq::http::HeaderMap,
    credentials: Option<Credentials>,
}

impl Fetched {
    /// A header's value; `None` where it is missing or not ASCII. The name in any case.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// The bytes of a configuration; else an error that names what was sent in its place.
    pub fn expect_configuration(self) -> Result<Vec<u8>> {
        let url = &self.final_url;
        match self.status {
            200 => {}
            401 => bail!("{url} answered 401, are user and password or token given, and right?"),
            403 => bail!("{url} answered 403, may this user or token read it?"),
            404 => bail!("{url} answered 404, is the path right?"),
            status => bail!("{url} answered {}", status_words(status)),
        }
        match classify(&self.bytes, self.header("content-type")) {
            Ok(()) => Ok(self.bytes),
            Err(Stranger::Json(Some(message))) => {
                let stranger = Stranger::Json(Some(self.foreign(&message)));
                bail!("{url} answered 200 {stranger}")
            }
            Err(stranger) => bail!("{url} answered 200 {stranger}"),
        }
    }

    /// A text of this answer, fit for an error: on one line, and without what was sent along.
    pub(super) fn foreign(&self, text: &str) -> String {
        foreign(text, self.credentials.as_ref())
    }
}

fn foreign(text: &str, credentials: Option<&Credentials>) -> String {
    match credentials {
        Some(own) => printable(&own.redact(text)),
        None => printable(text),
    }
}

/// Fetches; every status but a redirect is an answer. The errors begin with the URL and hold no secret.
pub fn fetch(request: &Request, environment: &Environment, deadline: Deadline) -> Result<Fetched> {
    let from_url = request
        .url
        .login()
        .map(|(user, password)| Credentials::Basic {
            user: user.clone(),
            password: password.clone(),
        });
    let credentials = request.credentials.clone().or(from_url);
    let mut url = request.url.clone().without_login();
    for _ in 0..=MOST_REDIRECTS {
        let answer = get(&url, credentials.as_ref(), request, environment, deadline)
            .with_context(|| url.to_string())?;
        match answer {
            Answer::Fetched(fetched) => return Ok(*fetched),
            Answer::Redirect(location) => {
                url = follow(&url, &location, credentials.as_ref())?;
            }
        }
    }
    bail!("{} redirects more than {MOST_REDIRECTS} times", request.url)
}

enum Answer {
    Fetched(Box<Fetched>),
    Redirect(String),
}

fn get(
    url: &Url,
    credentials: Option<&Credentials>,
    request: &Request,
    environment: &Environment,
    deadline: Deadline,
) -> Result<Answer> {
    let proxy = proxy::choose(url, environment)?;
    let agent = agent(url, request, proxy.as_ref(), environment, deadline)?;
    let mut call = agent.get(url.wire());
    if let Some(credentials) = credentials {
        let (name, value) = credentials.header();
        let mut value = ureq::http::HeaderValue::from_str(&value)
            .map_err(|_| anyhow!("expected a secret that fits into a header, but found one with line ends or letters beyond ASCII"))?;
        value.set_sensitive(true);
        call = call.header(name, value);
    }
    let response = call.call().map_err(|error| match &proxy {
        Some(proxy) => explain(error, 0).context(format!(
            "through the proxy `{}:{}`",
            proxy.host(),
            proxy.port()
        )),
        None => explain(error, 0),
    })?;
    let (head, body) = response.into_parts();
    let status = head.status.as_u16();
    if matches!(status, 301 | 302 | 303 | 307 | 308) {
        let Some(location) = head.headers.get("location") else {
            bail!("answered {status} and says not where to");
        };
        return Ok(Answer::Redirect(
            String::from_utf8_lossy(location.as_bytes()).into_owned(),
        ));
    }
    if let Some(encoding) = head.headers.get("content-encoding") {
        let encoding = String::from_utf8_lossy(encoding.as_bytes());
        if !encoding.trim().is_empty() && !encoding.trim().eq_ignore_ascii_case("identity") {
            bail!(
                "answered {status} with the content encoding `{}`, which was not asked for",
                foreign(&encoding, credentials)
            );
        }
    }
    let bytes = read_body(body, request.limit)?;
    Ok(Answer::Fetched(Box::new(Fetched {
        status,
        bytes,
        final_url: url.clone(),
        headers: head.headers,
        credentials: credentials.cloned(),
    })))
}

fn agent(
    url: &Url,
    request: &Request,
    proxy: Option<&Proxy>,
    environment: &Environment,
    deadline: Deadline,
) -> Result<Agent> {
    let Some(left) = deadline.remaining() else {
        bail!("no time left to ask");
    };
    let mut config = Agent::config_builder()
        .http_status_as_error(false)
        .max_redirects(0)
        .proxy(None)
        .timeout_global(Some(left))
        .user_agent(concat!("ascad/", env!("CARGO_PKG_VERSION")))
        .accept_encoding("identity")
        .max_idle_connections(0);
    let tunnels =
        |proxy: &Proxy| url.scheme() == Scheme::Https || proxy.protocol() == ProxyProtocol::Https;
    match proxy {
        Some(proxy) if tunnels(proxy) => config = config.proxy(Some(proxy.clone())),
        Some(proxy) => return Ok(forward::agent(config.build(), url, proxy)),
        None if url.scheme() == Scheme::Http => return Ok(config.build().new_agent()),
        None => {}
    }
    let tls = trust::tls_config(request.ca_file.as_deref(), environment)?;
    Ok(config.tls_config(tls).build().new_agent())
}

fn read_body(body: ureq::Body, limit: u64) -> Result<Vec<u8>> {
    let announced = body.content_length();
    if announced.is_some_and(|length| length > limit) {
        bail!("answered with more than {}", size(limit));
    }
    let mut bytes = Vec::new();
    let mut reader = body.into_reader().take(limit + 1);
    if let Err(error) = reader.read_to_end(&mut bytes) {
        if error.kind() == std::io::ErrorKind::UnexpectedEof {
            let announced = announced.map_or_else(
                || "without the end that was announced".to_owned(),
                |length| format!("of {length}"),
            );
            bail!(
                "the answer was cut short after {} bytes {announced}",
                bytes.len()
            );
        }
        return Err(explain(ureq::Error::from(error), bytes.len()));
    }
    if bytes.len() as u64 > limit {
        bail!("answered with more than {}", size(limit));
    }
    Ok(bytes)
}

fn size(bytes: u64) -> String {
    if bytes.is_multiple_of(1024 * 1024) {
        format!("{} MiB", bytes / (1024 * 1024))
    } else {
        format!("{bytes} bytes")
    }
}

/// The next URL, where following is safe: with credentials only on the same origin, and never from https to http.
fn follow(url: &Url, location: &str, credentials: Option<&Credentials>) -> Result<Url> {
    // The reason may quote the location, so it is not passed on.
    let Ok(next) = url.join(location) else {
        bail!(
            "{url} redirects to `{}`, which is no URL of http or https",
            foreign(location, credentials)
        );
    };
    let shown = foreign(&next.to_string(), credentials);
    if next.scheme() < url.scheme() {
        bail!(
            "{url} redirects to `{shown}`, from https to http, which is not followed, was it moved or renamed?"
        );
    }
    if credentials.is_some() && !next.same_origin(url) {
        bail!(
            "{url} redirects to `{shown}`, another origin, which gets no credentials, was it moved or renamed?"
        );
    }
    if credentials.is_some_and(|own| own.redact(&next.wire()) != next.wire()) {
        bail!("{url} redirects to `{shown}`, which holds what was sent to prove who asks");
    }
    Ok(next)
}

/// `received`: bytes of the body that had come before.
fn explain(error: ureq::Error, received: usize) -> anyhow::Error {
    use ureq::Error;
    match error {
        Error::Timeout(_) if received == 0 => anyhow!("did not answer in time"),
        Error::Timeout(_) => anyhow!("answered too slowly: {received} bytes in the time there was"),
        Error::Rustls(tls) => anyhow!(trust::explain(&tls)),
        Error::Io(io) => match io
            .get_ref()
            .and_then(|inner| inner.downcast_ref::<rustls::Error>())
        {
            Some(tls) => anyhow!(trust::explain(tls)),
            None => explain_io(&io),
        },
        Error::HostNotFound => anyhow!("cannot find the host"),
        Error::ConnectProxyFailed(reason) => {
            anyhow!("it let nobody through: {}", printable(&reason))
        }
        Error::LargeResponseHeader(..) => anyhow!("answered with headers of more than 64 KiB"),
        Error::Protocol(reason) => anyhow!("does not speak HTTP/1.1: {reason}"),
        other => anyhow!("cannot be asked: {other}"),
    }
}

fn explain_io(error: &std::io::Error) -> anyhow::Error {
    use std::io::ErrorKind;
    match error.kind() {
        ErrorKind::ConnectionRefused => anyhow!("the connection was refused"),
        ErrorKind::ConnectionReset | ErrorKind::ConnectionAborted | ErrorKind::BrokenPipe => {
            anyhow!("the server ended the connection")
        }
        ErrorKind::UnexpectedEof => anyhow!("the server ended the connection without an answer"),
        ErrorKind::TimedOut | ErrorKind::WouldBlock => anyhow!("did not answer in time"),
        _ => anyhow!("cannot be asked: {error}"),
    }
}

/// `502 Bad Gateway`.
pub(super) fn status_words(status: u16) -> String {
    let reason = ureq::http::StatusCode::from_u16(status)
        .ok()
        .and_then(|status| status.canonical_reason());
    match reason {
        Some(reason) => format!("{status} {reason}"),
        None => status.to_string(),
    }
}
