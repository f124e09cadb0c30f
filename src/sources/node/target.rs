//! Which node, and how to reach it.

use std::fmt;
use std::sync::Arc;

use anyhow::{Result, bail};
use rustls::ClientConfig;

use super::Login;
use crate::wire::{Audience, Transport};

/// The port that servers listen on unless they are told otherwise.
pub const DEFAULT_PORT: u16 = 3000;

/// A node that can be asked. Clones share the TLS configuration and the password's hash.
#[derive(Clone, Debug)]
pub struct Target {
    /// A name or an address, IPv6 without brackets.
    pub host: String,
    /// The service port.
    pub port: u16,
    /// TLS, where it is spoken.
    pub tls: Option<Tls>,
    /// The login, where security is on.
    pub login: Option<Login>,
    /// Whether peers are reached at their alternate addresses.
    pub services_alternate: bool,
    /// More places to find the same cluster at; only [`cluster::fetch`](crate::sources::cluster::fetch) tries them.
    pub more_seeds: Vec<Host>,
}

/// How TLS is spoken to one node.
#[derive(Clone, Debug)]
pub struct Tls {
    /// From [`client_config`](crate::sources::tls::client_config).
    pub config: Arc<ClientConfig>,
    /// The name in the node's certificate; the host where it is `None`.
    pub name: Option<String>,
}

impl Target {
    /// A node over plain TCP without login.
    pub fn plain(host: impl Into<String>, port: u16) -> Target {
        Target {
            host: host.into(),
            port,
            tls: None,
            login: None,
            services_alternate: false,
            more_seeds: Vec::new(),
        }
    }

    /// `HOST:PORT`, with brackets around IPv6.
    pub fn address(&self) -> String {
        if self.host.contains(':') {
            format!("[{}]:{}", self.host, self.port)
        } else {
            format!("{}:{}", self.host, self.port)
        }
    }

    /// The kind of peers that can be reached as this node is.
    pub fn peers(&self) -> (Transport, Audience) {
        let transport = match self.tls {
            Some(_) => Transport::Tls,
            None => Transport::Clear,
        };
        let audience = match self.services_alternate {
            true => Audience::Alternate,
            false => Audience::Standard,
        };
        (transport, audience)
    }

    /// The same way to another place. A TLS name of its own wins over the one that is there.
    pub fn at(&self, host: &str, port: u16, tls_name: Option<&str>) -> Target {
        let tls = self.tls.as_ref().map(|tls| Tls {
            config: Arc::clone(&tls.config),
            name: tls_name.map(str::to_owned).or_else(|| tls.name.clone()),
        });
        Target {
            host: host.to_owned(),
            port,
            tls,
            login: self.login.clone(),
            services_alternate: self.services_alternate,
            more_seeds: Vec::new(),
        }
    }
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.address())
    }
}

/// `HOST[:TLS-NAME][:PORT]`, as `-h` and astools.conf spell it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Host {
    /// A name or an address, IPv6 without brackets.
    pub host: String,
    /// The name in the node's certificate.
    pub tls_name: Option<String>,
    /// The service port.
    pub port: Option<u16>,
}

impl Host {
    /// Reads one host.
    ///
    /// ```text
    /// host = (name / ipv4 / "[" ipv6 "]" / ipv6) [":" tls-name] [":" port]
    /// ```
    /// A single word after the host is a port when it is a number, as in all the vendor's tools, and a TLS name
    /// otherwise, as in the newer ones. An IPv6 address without brackets takes neither.
    pub fn parse(text: &str) -> Result<Host> {
        if is_ipv6(text) {
            return Ok(Host::bare(text));
        }
        // It may have a password in it, so it is not repeated.
        if text.contains(['/', '@']) {
            bail!("expected `HOST[:TLS-NAME][:PORT]`, but found a URL");
        }
        let (host, rest) = match text.strip_prefix('[') {
            Some(inner) => match inner.split_once(']') {
                Some((host, rest)) if is_ipv6(host) => (host, rest),
                Some(_) | None => bail!("expected an IPv6 address in brackets, but found `{text}`"),
            },
            None => text.split_at(text.find(':').unwrap_or(text.len())),
        };
        let words = match rest.strip_prefix(':') {
            Some(words) => words.split(':').collect(),
            None if rest.is_empty() => Vec::new(),
            None => bail!("expected `HOST[:TLS-NAME][:PORT]`, but found `{text}`"),
        };
        let port = |word: &str| match word.parse::<u16>() {
            Ok(port) if port > 0 => Ok(Some(port)),
            Ok(_) | Err(_) => {
                bail!("expected a port from 1 to 65535 in `{text}`, but found `{word}`")
            }
        };
        let (tls_name, port) = match words.as_slice() {
            [] => (None, None),
            [word] if word.bytes().all(|byte| byte.is_ascii_digit()) => (None, port(word)?),
            [name] => (Some(*name), None),
            [name, word] => (Some(*name), port(word)?),
            _ => bail!("expected `HOST[:TLS-NAME][:PORT]`, but found `{text}`"),
        };
        if host.is_empty() || host.contains(char::is_whitespace) || tls_name == Some("") {
            bail!("expected `HOST[:TLS-NAME][:PORT]`, but found `{text}`");
        }
        Ok(Host {
            host: host.to_owned(),
            tls_name: tls_name.map(str::to_owned),
            port,
        })
    }

    /// Reads hosts separated by commas, at least one.
    pub fn parse_list(text: &str) -> Result<Vec<Host>> {
        text.split(',')
            .map(|host| Host::parse(host.trim()))
            .collect()
    }

    fn bare(host: &str) -> Host {
        Host {
            host: host.to_owned(),
            tls_name: None,
            port: None,
        }
    }
}

/// `fe80::1%eth0` names the interface, too.
fn is_ipv6(text: &str) -> bool {
    let (address, _) = text.split_once('%').unwrap_or((text, ""));
    address.parse::<std::net::Ipv6Addr>().is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn case(text: &str, host: &str, tls_name: Option<&str>, port: Option<u16>) {
        let expected = Host {
            host: host.to_owned(),
            tls_name: tls_name.map(str::to_owned),
            port,
        };
        assert_eq!(Host::parse(text).unwrap(), expected, "{text}");
    }

    #[test]
    fn a_host_is_read_as_the_other_tools_read_it() {
        case("db7", "db7", None, None);
        case("db7:3000", "db7", None, Some(3000));
        case("10.0.0.7:main:4333", "10.0.0.7", Some("main"), Some(4333));
        case("db7:main", "db7", Some("main"), None);
        case("[::1]", "::1", None, None);
        case("[::1]:3000", "::1", None, Some(3000));
        case(
            "[2001:db8::7]:main:4333",
            "2001:db8::7",
            Some("main"),
            Some(4333),
        );
        case("::1", "::1", None, None);
        case("[fe80::1%eth0]:3000", "fe80::1%eth0", None, Some(3000));
    }

    #[test]
    fn what_is_no_host_is_refused_with_its_words() {
        for text in [
            "",
            ":3000",
            "db7:",
            "db7:0",
            "db7:99999",
            "db7:a:b",
            "db7:a:1:2",
            "[::1",
            "[::1]x",
            "[db7]",
            "a b",
        ] {
            let error = Host::parse(text).unwrap_err().to_string();
            assert!(
                error.starts_with("expected ") && error.contains("found `"),
                "{text}: {error}"
            );
        }
    }

    #[test]
    fn a_list_is_separated_by_commas() {
        let hosts = Host::parse_list("1.1.1.1:3001, 2.2.2.2").unwrap();
        let shown: Vec<(&str, Option<u16>)> = hosts
            .iter()
            .map(|host| (host.host.as_str(), host.port))
            .collect();
        assert_eq!(shown, [("1.1.1.1", Some(3001)), ("2.2.2.2", None)]);
    }

    #[test]
    fn an_address_has_brackets_around_ipv6() {
        assert_eq!(Target::plain("::1", 3000).address(), "[::1]:3000");
        assert_eq!(Target::plain("db7", 3000).address(), "db7:3000");
    }
}
