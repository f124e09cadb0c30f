//! The flags that commands share.

use std::path::PathBuf;
use std::str::FromStr;

use clap::{Args, ValueEnum};

use crate::catalogue::{Edition, Release};
use crate::settings::Pattern;
use crate::sources::node::Auth;
use crate::verdict::Matter;

/// Flags of every command that reads anything.
#[derive(Clone, Debug, Args)]
#[command(next_help_heading = "Report")]
pub struct Common {
    /// How the report looks [default: text]
    #[arg(short, long, value_name = "FORMAT")]
    pub format: Option<Format>,
    /// Write another report beside the main one, atomically; may be repeated
    #[arg(short, long, value_name = "FORMAT=PATH")]
    pub output: Vec<Output>,
    /// Print nothing when everything is OK
    #[arg(short, long)]
    pub quiet: bool,
    /// List what was left out, too
    #[arg(short, long)]
    pub verbose: bool,
    /// Colour the report [default: auto]
    #[arg(long, value_name = "WHEN")]
    pub color: Option<Colour>,
    /// Leave out these settings: a path with `*` for one step and `**` for any number; may be repeated
    #[arg(short, long, value_name = "PATTERN", value_parser = pattern, help_heading = "Comparison")]
    pub ignore: Vec<Pattern>,
    /// Compare what may differ from node to node, too
    #[arg(long, help_heading = "Comparison")]
    pub strict: bool,
    /// Read files as this release does, where no server says its own
    #[arg(long, value_name = "V", value_parser = release, help_heading = "Comparison")]
    pub server_version: Option<Release>,
    /// Read files as this edition does, where no server says its own: ce or ee
    #[arg(long, value_name = "ce|ee", value_parser = edition, help_heading = "Comparison")]
    pub edition: Option<Edition>,
    /// Kinds of difference, or codes of problems, that are a WARNING, separated by commas
    #[arg(short, long, value_name = "KINDS", value_delimiter = ',', value_parser = Matter::parse, help_heading = "Comparison")]
    pub warning: Vec<Matter>,
    /// Kinds of difference, or codes of problems, that are CRITICAL, separated by commas; unless set otherwise, all
    /// differences and fatal problems are
    #[arg(short, long, value_name = "KINDS", value_delimiter = ',', value_parser = Matter::parse, help_heading = "Comparison")]
    pub critical: Vec<Matter>,
    /// Variables for references that are templates
    #[arg(long, value_name = "FILE.{json,toml}", value_parser = path, help_heading = "Comparison")]
    pub vars: Option<PathBuf>,
    /// Seconds for everything together; the last fifth is kept for reporting [default: 10]
    #[arg(long, value_name = "SECONDS", value_parser = seconds, help_heading = "Time")]
    pub timeout: Option<f64>,
    /// Wait a random time up to this first, so that a cluster's nodes do not ask all at once
    #[arg(long, value_name = "SECONDS", value_parser = splay, help_heading = "Time")]
    pub splay: Option<f64>,
    /// Lower the program's own priority, so that the server never waits for it: auto (unless a terminal waits), always or never [default: auto]
    #[arg(long, value_name = "WHEN", num_args = 0..=1, default_missing_value = "always", require_equals = true, help_heading = "Time")]
    pub nice: Option<Nice>,
    /// Send the outcome to a Riemann, one event per comparison: tcp://HOST:PORT, udp:// or tls://
    #[arg(long, value_name = "URL", value_parser = riemann)]
    pub riemann: Option<String>,
    /// The settings file [default: /etc/ascad/ascad.toml, if it is there]
    #[arg(long, value_name = "FILE", value_parser = path, help_heading = "Settings")]
    pub settings: Option<PathBuf>,
    /// Which GitLab `gitlab` means
    #[command(flatten)]
    pub gitlab: GitLabFlags,
}

/// Which file `gitlab` means.
#[derive(Clone, Debug, Default, Args)]
#[command(next_help_heading = "GitLab")]
pub struct GitLabFlags {
    /// The address of the GitLab
    #[arg(long, value_name = "URL")]
    pub gitlab_url: Option<String>,
    /// The project
    #[arg(long, value_name = "GROUP/PROJECT")]
    pub gitlab_project: Option<String>,
    /// A branch, a tag or a commit
    #[arg(long, value_name = "REF")]
    pub gitlab_ref: Option<String>,
    /// The file in the project
    #[arg(long, value_name = "PATH")]
    pub gitlab_path: Option<String>,
    /// Where the token is: file:PATH, env:VAR or env-b64:VAR; never the token itself
    #[arg(long, value_name = "WHERE", value_parser = place_of_secret)]
    pub gitlab_token: Option<String>,
}

/// How a node is reached, spelt as in the other Aerospike tools.
#[derive(Clone, Debug, Default, Args)]
#[command(next_help_heading = "Node")]
pub struct NodeFlags {
    /// The node; `-h` is a host here, help is `--help`
    #[arg(short = 'h', long, value_name = "HOST[:TLS-NAME][:PORT]", value_parser = host)]
    pub host: Option<String>,
    /// Its port [default: 3000]
    #[arg(short, long)]
    pub port: Option<u16>,
    /// The user
    #[arg(short = 'U', long)]
    pub user: Option<String>,
    /// The password: env:VAR, env-b64:VAR, b64:…, file:PATH; without a value it is asked for
    #[arg(short = 'P', long, num_args = 0..=1, default_missing_value = "")]
    pub password: Option<String>,
    /// How the user is known: internal, external, external-insecure or pki
    #[arg(long)]
    pub auth: Option<Auth>,
    /// Speak TLS
    #[arg(long)]
    pub tls_enable: bool,
    /// The name in the node's certificate
    #[arg(long, value_name = "NAME")]
    pub tls_name: Option<String>,
    /// Authorities to believe, a file
    #[arg(long, value_name = "FILE", value_parser = path)]
    pub tls_cafile: Option<PathBuf>,
    /// Authorities to believe, a directory
    #[arg(long, value_name = "DIR", value_parser = path)]
    pub tls_capath: Option<PathBuf>,
    /// Our certificate
    #[arg(long, value_name = "FILE", value_parser = path)]
    pub tls_certfile: Option<PathBuf>,
    /// Its key
    #[arg(long, value_name = "FILE", value_parser = path)]
    pub tls_keyfile: Option<PathBuf>,
    /// The key's password
    #[arg(long, value_name = "SECRET")]
    pub tls_keyfile_password: Option<String>,
    /// Reach the other nodes at their alternate addresses
    #[arg(long)]
    pub services_alternate: bool,
    /// The section cluster_NAME of astools.conf
    #[arg(long, value_name = "NAME")]
    pub instance: Option<String>,
}

/// How a report looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// For people
    Text,
    /// For Nagios, Icinga and NRPE: a status line with numbers, at most 4000 bytes
    Nagios,
    /// For Checkmk: a local check; the exit code is 0
    Checkmk,
    /// For Prometheus: a textfile of the node exporter
    Prometheus,
    /// For programs
    Json,
    /// A file of configuration (show)
    Conf,
    /// A recording of the node (show runtime)
    Answers,
    /// A GitLab Code Quality report (lint)
    Codequality,
    /// A JUnit report (lint)
    Junit,
    /// A SARIF 2.1.0 report (lint)
    Sarif,
}

impl Format {
    /// Its name on the command line.
    pub fn name(self) -> String {
        self.to_possible_value()
            .map_or_else(String::new, |value| value.get_name().to_owned())
    }
}

/// When to lower the program's own priority.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Nice {
    /// Unless a terminal waits
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

/// When to colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Colour {
    /// On a terminal, unless NO_COLOR says otherwise
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

/// `FORMAT=PATH`.
#[derive(Clone, Debug)]
pub struct Output {
    /// How the report looks.
    pub format: Format,
    /// Where it goes.
    pub path: PathBuf,
}

impl FromStr for Output {
    type Err = String;

    fn from_str(text: &str) -> Result<Output, String> {
        let (format, path) = text.split_once('=').ok_or("expected FORMAT=PATH")?;
        let format =
            Format::from_str(format, true).map_err(|_| format!("there is no format `{format}`"))?;
        match path {
            "" => return Err("expected a path after `=`".to_owned()),
            "-" => {
                return Err(
                    "expected a path after `=`; what goes to standard output is chosen with --format"
                        .to_owned(),
                );
            }
            _ => {}
        }
        Ok(Output {
            format,
            path: file(path)?.into(),
        })
    }
}

fn riemann(text: &str) -> Result<String, String> {
    match crate::sinks::riemann::Address::parse(text) {
        Ok(_) => Ok(text.to_owned()),
        Err(error) => Err(error.to_string()),
    }
}

/// What is opened as a file is no URL; one may have a password in it, and would be repeated wherever files are named.
pub(super) fn file(text: &str) -> Result<String, String> {
    match text.contains("://") {
        true => Err("expected a file, but found a URL".to_owned()),
        false => Ok(text.to_owned()),
    }
}

fn path(text: &str) -> Result<PathBuf, String> {
    file(text).map(PathBuf::from)
}

/// The same of a node.
pub(super) fn host(text: &str) -> Result<String, String> {
    match text.contains(['/', '@']) {
        true => Err("expected a host, but found a URL".to_owned()),
        false => Ok(text.to_owned()),
    }
}

fn pattern(text: &str) -> Result<Pattern, String> {
    if text.is_empty() {
        Err("expected a path or a pattern".to_owned())
    } else {
        Ok(Pattern::new(text))
    }
}

pub(super) fn release(text: &str) -> Result<Release, String> {
    Release::parse(text).ok_or_else(|| "expected a release such as 8.1 or 7.0.0.26".to_owned())
}

fn edition(text: &str) -> Result<Edition, String> {
    Edition::parse(text).ok_or_else(|| "expected `ce` or `ee`".to_owned())
}

fn splay(text: &str) -> Result<f64, String> {
    let seconds: f64 = text.parse().map_err(|_| "expected seconds".to_owned())?;
    if (0.0..=86400.0).contains(&seconds) {
        Ok(seconds)
    } else {
        Err("expected 0 to 86400 seconds".to_owned())
    }
}

/// Arguments are seen by everybody on the machine.
fn place_of_secret(text: &str) -> Result<String, String> {
    let is_place = ["file:", "env:", "env-b64:"]
        .iter()
        .any(|scheme| text.starts_with(scheme));
    if is_place {
        Ok(text.to_owned())
    } else {
        Err("expected file:PATH, env:VAR or env-b64:VAR".to_owned())
    }
}

fn seconds(text: &str) -> Result<f64, String> {
    let seconds: f64 = text.parse().map_err(|_| "expected seconds".to_owned())?;
    if (0.1..=86400.0).contains(&seconds) {
        Ok(seconds)
    } else {
        Err("expected 0.1 to 86400 seconds".to_owned())
    }
}
