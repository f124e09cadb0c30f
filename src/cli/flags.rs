//! The flags that commands share.

use std::path::PathBuf;
use std::str::FromStr;

use clap::{Args, ValueEnum};

use crate::catalogue::{Edition, Release};
use crate::compare::Kind;
use crate::settings::Pattern;

/// Flags of every command that reads sources.
#[derive(Clone, Debug, Args)]
#[command(next_help_heading = "Report")]
pub struct Common {
    /// How the report looks
    #[arg(short, long, value_name = "FORMAT", default_value = "text")]
    pub format: Format,
    /// Write another report beside the main one, atomically; may be repeated
    #[arg(short, long, value_name = "FORMAT=PATH")]
    pub output: Vec<Output>,
    /// Print nothing when everything is OK
    #[arg(short, long)]
    pub quiet: bool,
    /// List what was left out, too
    #[arg(short, long)]
    pub verbose: bool,
    /// Colour the report
    #[arg(long, value_name = "WHEN", default_value = "auto")]
    pub color: Colour,
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
    /// Kinds of difference that are a WARNING, separated by commas
    #[arg(short, long, value_name = "KINDS", value_delimiter = ',', value_parser = kind, help_heading = "Comparison")]
    pub warning: Vec<Kind>,
    /// Kinds of difference that are CRITICAL, separated by commas (unless set otherwise, all are)
    #[arg(short, long, value_name = "KINDS", value_delimiter = ',', value_parser = kind, help_heading = "Comparison")]
    pub critical: Vec<Kind>,
    /// Seconds for everything together; the last fifth is kept for reporting
    #[arg(long, value_name = "SECONDS", default_value = "10", value_parser = seconds, help_heading = "Time")]
    pub timeout: f64,
}

/// How a node is reached, spelt as in the other Aerospike tools.
#[derive(Clone, Debug, Default, Args)]
#[command(next_help_heading = "Node")]
pub struct NodeFlags {
    /// The node; `-h` is a host here, help is `--help`
    #[arg(short = 'h', long, value_name = "HOST[:TLS-NAME][:PORT]")]
    pub host: Option<String>,
}

/// How a report looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// For people
    Text,
    /// For programs
    Json,
    /// A file of configuration (show)
    Conf,
    /// A recording of the node (show runtime)
    Answers,
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
        if path.is_empty() {
            return Err("expected a path after `=`".to_owned());
        }
        Ok(Output {
            format,
            path: path.into(),
        })
    }
}

fn pattern(text: &str) -> Result<Pattern, String> {
    if text.is_empty() {
        Err("expected a path or a pattern".to_owned())
    } else {
        Ok(Pattern::new(text))
    }
}

fn release(text: &str) -> Result<Release, String> {
    Release::parse(text).ok_or_else(|| "expected a release such as 8.1 or 7.0.0.26".to_owned())
}

fn edition(text: &str) -> Result<Edition, String> {
    Edition::parse(text).ok_or_else(|| "expected `ce` or `ee`".to_owned())
}

fn kind(name: &str) -> Result<Kind, String> {
    let names = Kind::ALL.map(Kind::name).join(", ");
    Kind::parse(name).ok_or_else(|| format!("expected one of {names}"))
}

fn seconds(text: &str) -> Result<f64, String> {
    let seconds: f64 = text.parse().map_err(|_| "expected seconds".to_owned())?;
    if (0.1..=86400.0).contains(&seconds) {
        Ok(seconds)
    } else {
        Err("expected 0.1 to 86400 seconds".to_owned())
    }
}
