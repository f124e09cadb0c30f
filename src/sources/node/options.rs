//! What the user said of the node, on the command line or in a file, and the target that comes of it.

use std::path::PathBuf;

use anyhow::{Context, Result};

use super::target::DEFAULT_PORT;
use super::{Auth, Host, Login, Target, Tls};
use crate::sources::secret::Secret;
use crate::sources::tls::{TlsOptions, client_config};

/// The node's flags, spelt as in the other Aerospike tools; `None` is what nobody said.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NodeOptions {
    /// `-h`: `HOST[:TLS-NAME][:PORT]`, several separated by commas.
    pub host: Option<String>,
    /// `-p`; a port in `host` wins.
    pub port: Option<u16>,
    /// `-U`
    pub user: Option<String>,
    /// `-P`: its spelling (`env:VAR`, `file:PATH`, …), resolved only when the target is made.
    pub password: Option<Secret>,
    /// `--auth`
    pub auth: Option<Auth>,
    /// `--tls-enable`
    pub tls_enable: Option<bool>,
    /// `--tls-name`; it wins over one in `host`.
    pub tls_name: Option<String>,
    /// `--tls-cafile`
    pub tls_cafile: Option<PathBuf>,
    /// `--tls-capath`
    pub tls_capath: Option<PathBuf>,
    /// `--tls-certfile`
    pub tls_certfile: Option<PathBuf>,
    /// `--tls-keyfile`
    pub tls_keyfile: Option<PathBuf>,
    /// `--tls-keyfile-password`: accepted, and of no use to a key that is not encrypted; rustls decrypts none.
    pub tls_keyfile_password: Option<Secret>,
    /// `--services-alternate`
    pub services_alternate: Option<bool>,
}

/// What aerospike.conf tells of where its node listens; empty or `None` where the file is silent.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Described {
    /// `network.service.port`
    pub port: Option<u16>,
    /// `network.service.address`, each: an address, a name, an interface, or `any`
    pub addresses: Vec<String>,
    /// `network.service.access-address`
    pub access_addresses: Vec<String>,
    /// `network.service.tls-port`
    pub tls_port: Option<u16>,
    /// `network.service.tls-address`
    pub tls_addresses: Vec<String>,
    /// `network.service.tls-access-address`
    pub tls_access_addresses: Vec<String>,
    /// `network.service.tls-name`
    pub tls_name: Option<String>,
}

/// Whether the node is spoken to over TLS.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Speech {
    Clear,
    Tls,
}

impl Described {
    /// Whether the file offers TLS and nothing else.
    fn is_tls_only(&self) -> bool {
        // A port of 0 is one that is not set.
        self.port.unwrap_or(0) == 0 && self.tls_port.unwrap_or(0) != 0
    }

    /// Where a process on the same machine reaches the node: the address that it binds, for an access-address may
    /// belong to a NAT in between; localhost where it binds all.
    fn place(&self, speech: Speech) -> Host {
        let (port, addresses, access) = match speech {
            Speech::Clear => (self.port, &self.addresses, &self.access_addresses),
            Speech::Tls => (
                self.tls_port,
                &self.tls_addresses,
                &self.tls_access_addresses,
            ),
        };
        let bound = addresses.first().map_or("any", String::as_str);
        let host = if is_any(bound) {
            "127.0.0.1"
        } else if is_interface(bound) {
            access.first().map_or("127.0.0.1", String::as_str)
        } else {
            bound
        };
        // `<hostname>` and `<cluster-name>` stand for what only the server works out.
        let tls_name = self
            .tls_name
            .as_deref()
            .filter(|name| !name.starts_with('<'));
        Host {
            host: host.trim_matches(['[', ']']).to_owned(),
            tls_name: tls_name.map(str::to_owned),
            port: port.filter(|port| *port != 0),
        }
    }
}

fn is_any(address: &str) -> bool {
    matches!(address, "any" | "0.0.0.0" | "::" | "[::]" | "*")
}

/// `eth0`, `bond0.12` and the like: no address, and no name that anything could look up.
fn is_interface(word: &str) -> bool {
    let stem = word.trim_end_matches(|c: char| c.is_ascii_digit() || c == '.');
    let known = [
        "eth", "en", "bond", "br", "lo", "wl", "team", "vlan", "ib", "veth", "docker", "tun",
    ];
    let is_address = word.parse::<std::net::IpAddr>().is_ok();
    let numbered = stem.len() < word.len() || word == "lo" || stem.starts_with("en");
    !is_address
        && word != "localhost"
        && numbered
        && known.iter().any(|kind| stem.starts_with(kind))
        && stem.len() <= 15
}

impl NodeOptions {
    /// These options, and those `below` where these say nothing: flags over the settings over astools.conf.
    #[must_use]
    pub fn or(self, below: NodeOptions) -> NodeOptions {
        // A whole literal, so that a new option cannot be forgotten here.
        NodeOptions {
            host: self.host.or(below.host),
            port: self.port.or(below.port),
            user: self.user.or(below.user),
            password: self.password.or(below.password),
            auth: self.auth.or(below.auth),
            tls_enable: self.tls_enable.or(below.tls_enable),
            tls_name: self.tls_name.or(below.tls_name),
            tls_cafile: self.tls_cafile.or(below.tls_cafile),
            tls_capath: self.tls_capath.or(below.tls_capath),
            tls_certfile: self.tls_certfile.or(below.tls_certfile),
            tls_keyfile: self.tls_keyfile.or(below.tls_keyfile),
            tls_keyfile_password: self.tls_keyfile_password.or(below.tls_keyfile_password),
            services_alternate: self.services_alternate.or(below.services_alternate),
        }
    }

    /// The node that is meant: the given host, else the one that the file describes, else this machine's.
    ///
    /// `prompt` asks a person for the password of a user (its argument) who has none; it may refuse. Certificates
    /// and secrets are read here, and the errors name their places.
    pub fn target(
        &self,
        described: Option<&Described>,
        prompt: &dyn Fn(&str) -> Result<Secret>,
    ) -> Result<Target> {
        let speech = match (self.tls_enable, described) {
            (Some(true), _) => Speech::Tls,
            (Some(false), _) => Speech::Clear,
            (None, Some(described)) if self.host.is_none() && described.is_tls_only() => {
                Speech::Tls
            }
            (None, _) => Speech::Clear,
        };
        let mut hosts = match (&self.host, described) {
            (Some(host), _) => Host::parse_list(host)?.into_iter(),
            (None, Some(described)) => {
                let mut place = described.place(speech);
                // A flag is nearer than the file, while in `host` a port is part of the flag itself.
                place.port = self.port.or(place.port);
                vec![place].into_iter()
            }
            (None, None) => Host::parse_list("127.0.0.1")?.into_iter(),
        };
        let host = hosts.next().context("expected a host, but found none")?;
        let tls = match speech {
            Speech::Clear => None,
            Speech::Tls => Some(Tls {
                config: client_config(&self.tls_options())?,
                name: self.tls_name.clone().or(host.tls_name),
            }),
        };
        let login = self.login(prompt)?;
        Ok(Target {
            host: host.host,
            port: host.port.or(self.port).unwrap_or(DEFAULT_PORT),
            tls,
            login,
            services_alternate: self.services_alternate.unwrap_or(false),
            more_seeds: hosts
                .map(|seed| Host {
                    port: seed.port.or(self.port),
                    ..seed
                })
                .collect(),
        })
    }

    fn tls_options(&self) -> TlsOptions {
        TlsOptions {
            ca_file: self.tls_cafile.clone(),
            ca_path: self.tls_capath.clone(),
            cert_file: self.tls_certfile.clone(),
            key_file: self.tls_keyfile.clone(),
        }
    }

    /// A password without a user is ignored, as in the other tools.
    fn login(&self, prompt: &dyn Fn(&str) -> Result<Secret>) -> Result<Option<Login>> {
        let auth = self.auth.unwrap_or_default();
        if auth == Auth::Pki {
            return Ok(Some(Login::pki()));
        }
        let Some(user) = &self.user else {
            return Ok(None);
        };
        let password = match &self.password {
            // The one thing that is empty on purpose: a user may have no password.
            Some(spelling) if spelling.expose().is_empty() => spelling.clone(),
            Some(spelling) => Secret::resolve(spelling.expose())
                .with_context(|| format!("the password of user `{user}`"))?,
            None => prompt(user).with_context(|| format!("the password of user `{user}`"))?,
        };
        Ok(Some(Login::new(auth, user.as_str(), password)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn nobody(_: &str) -> Result<Secret> {
        anyhow::bail!("nobody is there to ask")
    }

    fn words(list: &[&str]) -> Vec<String> {
        list.iter().map(|word| (*word).to_owned()).collect()
    }

    #[track_caller]
    fn described(described: Described, expected: &str) {
        let target = NodeOptions::default()
            .target(Some(&described), &nobody)
            .unwrap();
        let name = target.tls.as_ref().and_then(|tls| tls.name.as_deref());
        let speech = match &target.tls {
            Some(_) => format!("tls {} ", name.unwrap_or("-")),
            None => String::new(),
        };
        assert_eq!(format!("{speech}{target}"), expected);
    }

    fn listening(addresses: &[&str], access: &[&str]) -> Described {
        Described {
            port: Some(3010),
            addresses: words(addresses),
            access_addresses: words(access),
            ..Described::default()
        }
    }

    #[test]
    fn the_file_tells_where_its_node_is() {
        described(Described::default(), "127.0.0.1:3000");
        described(listening(&["any"], &["203.0.113.7"]), "127.0.0.1:3010");
        described(
            listening(&["10.0.0.7", "10.0.1.7"], &["203.0.113.7"]),
            "10.0.0.7:3010",
        );
        described(listening(&["eth0"], &["10.0.0.7"]), "10.0.0.7:3010");
        described(listening(&["enp3s0"], &[]), "127.0.0.1:3010");
        described(listening(&["bond0.12"], &[]), "127.0.0.1:3010");
        described(listening(&["db7.example.com"], &[]), "db7.example.com:3010");
        described(listening(&["localhost"], &[]), "localhost:3010");
        described(listening(&["2001:db8::7"], &[]), "[2001:db8::7]:3010");
    }

    #[test]
    fn a_file_with_tls_only_makes_a_tls_target() {
        let folder = tempfile::tempdir().unwrap();
        let bundle = folder.path().join("ca.pem");
        let key = rcgen::KeyPair::generate().unwrap();
        let certificate = rcgen::CertificateParams::default()
            .self_signed(&key)
            .unwrap();
        std::fs::write(&bundle, certificate.pem()).unwrap();
        let options = NodeOptions {
            tls_cafile: Some(bundle),
            ..NodeOptions::default()
        };
        let file = Described {
            tls_port: Some(4333),
            tls_addresses: words(&["10.0.0.7"]),
            tls_name: Some("main".to_owned()),
            ..Described::default()
        };
        let target = options.target(Some(&file), &nobody).unwrap();
        assert_eq!(target.address(), "10.0.0.7:4333");
        assert_eq!(target.tls.unwrap().name.as_deref(), Some("main"));
        let both = Described {
            port: Some(3000),
            ..file
        };
        assert!(options.target(Some(&both), &nobody).unwrap().tls.is_none());
    }

    #[test]
    fn a_host_wins_over_the_file_and_its_port_over_the_flag() {
        let case = |host: Option<&str>, port, expected: &str| {
            let options = NodeOptions {
                host: host.map(str::to_owned),
                port,
                ..NodeOptions::default()
            };
            let file = listening(&["10.0.0.7"], &[]);
            let target = options.target(Some(&file), &nobody).unwrap();
            assert_eq!(target.address(), expected);
        };
        case(None, None, "10.0.0.7:3010");
        case(None, Some(3333), "10.0.0.7:3333");
        case(Some("db9"), None, "db9:3000");
        case(Some("db9"), Some(3333), "db9:3333");
        case(Some("db9:4000"), Some(3333), "db9:4000");
    }

    #[test]
    fn more_hosts_are_more_seeds() {
        let options = NodeOptions {
            host: Some("db1,db2:3001".to_owned()),
            port: Some(3333),
            ..NodeOptions::default()
        };
        let target = options.target(None, &nobody).unwrap();
        let seeds: Vec<(&str, Option<u16>)> = target
            .more_seeds
            .iter()
            .map(|seed| (seed.host.as_str(), seed.port))
            .collect();
        assert_eq!(
            (target.address().as_str(), seeds),
            ("db1:3333", vec![("db2", Some(3001))])
        );
    }

    #[test]
    fn a_user_without_a_password_is_asked_for_it() {
        let options = NodeOptions {
            user: Some("joe".to_owned()),
            ..NodeOptions::default()
        };
        let error = format!("{:#}", options.target(None, &nobody).unwrap_err());
        assert_eq!(error, "the password of user `joe`: nobody is there to ask");
        let typed = |_: &str| Ok(Secret::new("swordfish"));
        let target = options.target(None, &typed).unwrap();
        assert!(!format!("{target:?}").contains("swordfish"));
        assert!(target.login.is_some());
    }

    #[test]
    fn nearer_options_win() {
        let flags = NodeOptions {
            port: Some(1),
            ..NodeOptions::default()
        };
        let file = NodeOptions {
            port: Some(2),
            user: Some("joe".to_owned()),
            tls_enable: Some(true),
            ..NodeOptions::default()
        };
        let merged = flags.or(file);
        assert_eq!(
            (merged.port, merged.user.as_deref(), merged.tls_enable),
            (Some(1), Some("joe"), Some(true))
        );
    }
}
