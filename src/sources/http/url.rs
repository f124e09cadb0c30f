//! URLs of http and https, no more of them than is needed.
//!
//! ```text
//! url       = ( "http" | "https" ) "://" [ user [ ":" password ] "@" ] host [ ":" port ] [ path ] [ "?" query ] [ "#" … ]
//! reference = url | "//" authority path | "/" path | path | "?" query          in a Location header
//! ```

use std::fmt;
use std::fmt::Write as _;

use anyhow::{Result, bail};

use crate::sources::secret::Secret;

/// How the bytes travel.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Scheme {
    /// In clear.
    Http,
    /// Under TLS.
    Https,
}

impl Scheme {
    /// `http` or `https`.
    pub fn as_str(self) -> &'static str {
        match self {
            Scheme::Http => "http",
            Scheme::Https => "https",
        }
    }

    fn default_port(self) -> u16 {
        match self {
            Scheme::Http => 80,
            Scheme::Https => 443,
        }
    }
}

/// A URL that was checked. It prints without user and password, and with the values of telling query parameters
/// (`private_token=…`) hidden, so that it can stand in any error.
#[derive(Clone, PartialEq, Eq)]
pub struct Url {
    scheme: Scheme,
    /// Lower case; an IPv6 address in brackets.
    host: String,
    port: u16,
    /// Path and query, percent-encoded; begins with `/`.
    target: String,
    login: Option<(String, Secret)>,
}

impl Url {
    /// Reads a URL; what may not stand in one, such as spaces and letters beyond ASCII, is percent-encoded.
    pub fn parse(text: &str) -> Result<Url> {
        let (scheme, rest) = match text.split_once("://") {
            Some((name, rest)) if name.eq_ignore_ascii_case("https") => (Scheme::Https, rest),
            Some((name, rest)) if name.eq_ignore_ascii_case("http") => (Scheme::Http, rest),
            _ => bail!(
                "expected a URL of http or https, but found `{}`",
                shown(text)
            ),
        };
        let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
        let (authority, target) = rest.split_at(end);
        let (login, address) = match authority.rsplit_once('@') {
            Some((login, address)) => (Some(read_login(login)), address),
            None => (None, authority),
        };
        let (host, port) = read_address(address, scheme)?;
        Ok(Url {
            scheme,
            host,
            port,
            target: read_target(target),
            login,
        })
    }

    /// How the bytes travel.
    pub fn scheme(&self) -> Scheme {
        self.scheme
    }

    /// The host in lower case, an IPv6 address without its brackets.
    pub fn host(&self) -> &str {
        self.host.trim_start_matches('[').trim_end_matches(']')
    }

    /// The port, the scheme's own where none is written.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// The path with its leading `/` and without the query.
    pub fn path(&self) -> &str {
        self.target.split('?').next().unwrap_or_default()
    }

    /// The query without its `?`.
    pub fn query(&self) -> Option<&str> {
        self.target.split_once('?').map(|(_, query)| query)
    }

    /// User and password written into the URL.
    pub fn login(&self) -> Option<&(String, Secret)> {
        self.login.as_ref()
    }

    /// The same place without user and password.
    pub fn without_login(mut self) -> Url {
        self.login = None;
        self
    }

    /// The same server, asked for another path and query.
    pub fn with_target(&self, target: &str) -> Url {
        Url {
            target: read_target(target),
            ..self.clone()
        }
    }

    /// Whether both are answered by the same party: same scheme, host and port.
    pub fn same_origin(&self, other: &Url) -> bool {
        (self.scheme, &self.host, self.port) == (other.scheme, &other.host, other.port)
    }

    /// `scheme://host[:port]`.
    pub fn origin(&self) -> String {
        let scheme = self.scheme.as_str();
        if self.port == self.scheme.default_port() {
            format!("{scheme}://{}", self.host)
        } else {
            format!("{scheme}://{}:{}", self.host, self.port)
        }
    }

    /// Where a Location header of this URL's answer leads. User and password never go along.
    pub fn join(&self, location: &str) -> Result<Url> {
        let here = self.clone().without_login();
        if let Some(rest) = location.strip_prefix("//") {
            return Url::parse(&format!("{}://{rest}", self.scheme.as_str()));
        }
        if location.starts_with('/') {
            return Ok(here.with_target(location));
        }
        if location.starts_with('?') {
            return Ok(here.with_target(&format!("{}{location}", self.path())));
        }
        let name = location.split(['/', '?', '#']).next().unwrap_or_default();
        if name.contains(':') {
            return Url::parse(location).map(Url::without_login);
        }
        let folder = self
            .path()
            .rsplit_once('/')
            .map_or("", |(folder, _)| folder);
        Ok(here.with_target(&format!("{folder}/{location}")))
    }

    /// The whole URL for the wire, secrets of the query included, user and password not.
    pub(super) fn wire(&self) -> String {
        format!("{}{}", self.origin(), self.target)
    }
}

impl fmt::Display for Url {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.origin())?;
        f.write_str(self.path())?;
        let Some(query) = self.query() else {
            return Ok(());
        };
        for (at, pair) in query.split('&').enumerate() {
            f.write_char(if at == 0 { '?' } else { '&' })?;
            match pair.split_once('=') {
                Some((name, _)) if tells(name) => write!(f, "{name}=(hidden)")?,
                _ => f.write_str(pair)?,
            }
        }
        Ok(())
    }
}

impl fmt::Debug for Url {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}

/// Percent-encodes everything but letters, digits, `-`, `.`, `_` and `~`: one step of a path, `/` included, or one
/// value of a query.
pub fn encode(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            let _ = write!(encoded, "%{byte:02X}");
        }
    }
    encoded
}

/// Undoes percent-encoding; `%` before anything but two hexadecimal digits stays, what is no UTF-8 is replaced.
pub fn decode(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&first, after)) = rest.split_first() {
        let hex = (first == b'%').then(|| after.get(..2)).flatten();
        let byte = hex
            .filter(|hex| hex.iter().all(u8::is_ascii_hexdigit))
            .and_then(|hex| std::str::from_utf8(hex).ok())
            .and_then(|hex| u8::from_str_radix(hex, 16).ok());
        bytes.push(byte.unwrap_or(first));
        rest = if byte.is_some() { &after[2..] } else { after };
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// Whether a query parameter's value is a secret by its name.
fn tells(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    [
        "token",
        "secret",
        "password",
        "signature",
        "credential",
        "key",
        "sig",
    ]
    .iter()
    .any(|word| name.contains(word))
}

/// What may be said of a text that is no URL: it may still hold a password.
pub fn shown(text: &str) -> &str {
    let end = text.find(['?', '#']).unwrap_or(text.len());
    text[..end]
        .rsplit_once('@')
        .map_or(&text[..end], |(_, address)| address)
}

fn read_login(login: &str) -> (String, Secret) {
    let (user, password) = login.split_once(':').unwrap_or((login, ""));
    (decode(user), Secret::new(decode(password)))
}

fn read_address(address: &str, scheme: Scheme) -> Result<(String, u16)> {
    let (host, port) = match address.rsplit_once(':') {
        Some((host, port)) if !port.contains(']') => (host, Some(port)),
        _ => (address, None),
    };
    let port = match port {
        None | Some("") => scheme.default_port(),
        Some(digits) => match digits.parse() {
            Ok(port) if port > 0 => port,
            // A password with a slash in it ends up here.
            _ if !digits.bytes().all(|byte| byte.is_ascii_digit()) => {
                bail!("expected a port from 1 to 65535, but found no number")
            }
            _ => bail!("expected a port from 1 to 65535, but found `{digits}`"),
        },
    };
    let bracketed = host
        .strip_prefix('[')
        .and_then(|host| host.strip_suffix(']'));
    let valid = match bracketed {
        Some(address) => address.parse::<std::net::Ipv6Addr>().is_ok(),
        None => host
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"-._".contains(&byte)),
    };
    if host.is_empty() || !valid {
        bail!("expected a host, but found `{}`", shown(host));
    }
    Ok((host.to_ascii_lowercase(), port))
}

/// Path and query: without fragment, with a leading `/`, without `.` and `..`, and encoded where it has to be.
fn read_target(target: &str) -> String {
    let target = target.split('#').next().unwrap_or_default();
    let (path, query) = match target.split_once('?') {
        Some((path, query)) => (path, Some(query)),
        None => (target, None),
    };
    let mut steps: Vec<&str> = Vec::new();
    let relative = path.strip_prefix('/').unwrap_or(path);
    for step in relative.split('/') {
        match step {
            "." => {}
            ".." => drop(steps.pop()),
            _ => steps.push(step),
        }
    }
    if relative.ends_with("/.") || relative.ends_with("/..") {
        steps.push("");
    }
    let mut read = String::with_capacity(target.len() + 1);
    for step in &steps {
        read.push('/');
        push_encoded(&mut read, step);
    }
    if read.is_empty() {
        read.push('/');
    }
    if let Some(query) = query {
        read.push('?');
        push_encoded(&mut read, query);
    }
    read
}

fn push_encoded(read: &mut String, text: &str) {
    for byte in text.bytes() {
        if byte.is_ascii_graphic() && !b"\"<>\\^`{|}".contains(&byte) {
            read.push(char::from(byte));
        } else {
            let _ = write!(read, "%{byte:02X}");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn case(text: &str, expected: &str) {
        let read = Url::parse(text).unwrap_or_else(|error| panic!("{text}: {error:#}"));
        assert_eq!(read.wire(), expected, "{text}");
    }

    #[track_caller]
    fn refused(text: &str, expected: &str) {
        assert_eq!(format!("{:#}", Url::parse(text).unwrap_err()), expected);
    }

    #[test]
    fn urls_are_read_and_put_in_order() {
        case("http://a", "http://a/");
        case(
            "HTTPS://Git.Example:443/a?b=c#d",
            "https://git.example/a?b=c",
        );
        case("http://a:8080/x y/é", "http://a:8080/x%20y/%C3%A9");
        case("http://[::1]:8080/", "http://[::1]:8080/");
        case("http://a/b/../c/./d", "http://a/c/d");
        case("http://a?b", "http://a/?b");
        case("http://a/%2F{x}", "http://a/%2F%7Bx%7D");
    }

    #[test]
    fn what_is_no_url_is_named_without_its_password() {
        refused(
            "ftp://a/",
            "expected a URL of http or https, but found `ftp://a/`",
        );
        refused(
            "joe:secret@a",
            "expected a URL of http or https, but found `a`",
        );
        refused("http:///x", "expected a host, but found ``");
        refused("http://a b/", "expected a host, but found `a b`");
        refused(
            "http://a:0/",
            "expected a port from 1 to 65535, but found `0`",
        );
        refused("http://[::g]/", "expected a host, but found `[::g]`");
    }

    #[test]
    fn secrets_are_hidden_when_it_prints() {
        let url = Url::parse("https://joe:pa%3Ass@a/b?ref=x&private_token=abc").unwrap();
        assert_eq!(format!("{url}"), "https://a/b?ref=x&private_token=(hidden)");
        assert_eq!(format!("{url:?}"), format!("{url}"));
        let (user, password) = url.login().unwrap();
        assert_eq!((user.as_str(), password.expose()), ("joe", "pa:ss"));
    }

    #[test]
    fn a_location_is_followed_as_browsers_do_and_without_login() {
        let url = Url::parse("https://joe:x@a:8443/b/c?d").unwrap();
        for (location, expected) in [
            ("/e", "https://a:8443/e"),
            ("e", "https://a:8443/b/e"),
            ("../e", "https://a:8443/e"),
            ("?e", "https://a:8443/b/c?e"),
            ("//o/e", "https://o/e"),
            ("http://a:8443/e", "http://a:8443/e"),
        ] {
            let next = url.join(location).unwrap();
            assert_eq!(next.wire(), expected, "{location}");
            assert!(next.login().is_none());
        }
        assert!(url.join("mailto:joe").is_err());
    }

    #[test]
    fn a_step_of_a_path_is_encoded_whole() {
        assert_eq!(encode("infra/aerospike é"), "infra%2Faerospike%20%C3%A9");
        assert_eq!(decode("infra%2Faerospike%20%C3%A9%"), "infra/aerospike é%");
    }

    proptest::proptest! {
        #[test]
        fn reading_what_was_written_changes_nothing(path in ".{0,40}", text in ".{0,20}") {
            let url = Url::parse(&format!("http://a/{path}")).unwrap();
            let wire = url.wire();
            proptest::prop_assert!(wire.parse::<ureq::http::Uri>().is_ok(), "{}", wire);
            proptest::prop_assert_eq!(Url::parse(&wire).unwrap().wire(), wire);
            proptest::prop_assert_eq!(decode(&encode(&text)), text.clone());
            let _ = Url::parse(&text);
            let _ = url.join(&text);
        }
    }
}
