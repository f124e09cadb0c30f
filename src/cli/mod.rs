//! The letterbox: arguments → plan. Nothing is opened here, and a wrong flag is no CRITICAL: it exits 3.
//!
//! ```text
//! arguments ──parse──> Plan, or NoPlan: help (0), version (0), what is wrong (3)
//! ```
//! Not here: the settings file, over which flags win (`hall::session` lays them on it).

mod flags;
mod later;

use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{Parser, Subcommand, ValueEnum};

pub use flags::{Colour, Common, Format, GitLabFlags, Nice, NodeFlags, Output};
pub use later::Later;

use crate::catalogue::Release;
use crate::sources::http::shown;
use crate::verdict::State;

/// The file that a node loads unless told otherwise.
pub const DEFAULT_CONF: &str = "/etc/aerospike/aerospike.conf";

/// What the user asked for.
#[derive(Debug, Parser)]
#[command(
    name = "ascad",
    version,
    propagate_version = true,
    about = "Tells whether an Aerospike node is configured as it should be",
    long_about = "Tells whether an Aerospike node is configured as it should be: compares aerospike.conf, a reference \
                  (a file in GitLab or behind any URL) and the running server, and says what differs, what that \
                  means and what mends it. It reads, it never changes anything.",
    after_long_help = EXAMPLES,
    disable_help_flag = true,
    disable_help_subcommand = true
)]
pub struct Plan {
    /// Print help
    #[arg(long, action = clap::ArgAction::Help, global = true)]
    help: Option<bool>,
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

const EXAMPLES: &str = "\
SOURCE is one of
  runtime, runtime:HOST[:PORT]   a running server; without a host the one that CONF describes
  cluster, cluster:HOST[:PORT]   every node of the cluster
  gitlab, gitlab:GROUP/PROJECT@REF:PATH
  http://…, https://…            any URL
  a name                         a [reference.NAME] of the settings file
  a path                         a .conf, or a .json: a recorded node (show runtime --format answers)

Examples
  ascad check                                        this node: its file against its running server
  ascad check --against gitlab --against runtime     reference, file and server at once
  ascad check aerospike.conf --against node.json     a file against a recorded node
  ascad cluster 10.0.0.1 -U monitor -P file:/etc/ascad/password --tls-enable
  ascad lint *.conf --server-version 8.1             would the server start with these?

Exit codes: 0 OK, 1 WARNING, 2 CRITICAL (something differs), 3 UNKNOWN (something could not be seen)";

/// Options that are about comparing. `lint` takes them, as every command does, and they have nothing to do there.
const COMPARING: [&str; 9] = [
    "ignore",
    "strict",
    "vars",
    "riemann",
    "gitlab_url",
    "gitlab_project",
    "gitlab_ref",
    "gitlab_path",
    "gitlab_token",
];

/// What to do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Compare one node's file with its running server and with references
    Check(Later<Check>),
    /// Compare files, pages and nodes with each other
    Compare(Later<Compare>),
    /// Compare all nodes of a cluster with each other, discovered from one
    Cluster(Later<Cluster>),
    /// Tell whether the server would start with these files; no network
    Lint(Later<Lint>),
    /// Show any source in canonical form, or record a node
    Show(Later<Show>),
    /// Print a completion script
    #[command(display_name = env!("CARGO_PKG_NAME"))]
    Completions {
        /// For which shell
        shell: Shell,
    },
}

/// The shells that complete what is typed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
#[allow(missing_docs)] // Their names say what they are.
pub enum Shell {
    Bash,
    Zsh,
    Fish,
}

/// `ascad check`.
#[derive(Debug, clap::Args)]
pub struct Check {
    /// The file that the node would load; `-` is standard input [default: /etc/aerospike/aerospike.conf]
    #[arg(value_name = "CONF", value_parser = flags::file)]
    pub conf: Option<String>,
    /// What to compare it with; may be repeated
    #[arg(long, value_name = "SOURCE")]
    pub against: Vec<String>,
    /// Shared by all commands.
    #[command(flatten)]
    pub common: Common,
    /// How the node is reached.
    #[command(flatten)]
    pub node: NodeFlags,
}

/// `ascad compare`.
#[derive(Debug, clap::Args)]
pub struct Compare {
    /// What to compare: two at least, or a cluster, which stands for its nodes
    #[arg(value_name = "SOURCE", required = true)]
    pub sources: Vec<String>,
    /// Shared by all commands.
    #[command(flatten)]
    pub common: Common,
    /// How nodes are reached.
    #[command(flatten)]
    pub node: NodeFlags,
}

/// `ascad cluster`.
#[derive(Debug, clap::Args)]
pub struct Cluster {
    /// One of its nodes [default: --host, else the settings, else this machine's, whose file tells its port]
    #[arg(value_name = "HOST[:PORT]", value_parser = flags::host)]
    pub seed: Option<String>,
    /// Shared by all commands.
    #[command(flatten)]
    pub common: Common,
    /// How nodes are reached.
    #[command(flatten)]
    pub node: NodeFlags,
}

/// `ascad lint`.
#[derive(Debug, clap::Args)]
#[command(
    mut_arg("format", |arg| arg.help("How the report looks: text, json, codequality, junit or sarif [default: text]")),
    mut_arg("verbose", |arg| arg.help("Name every file, and the release and edition it is judged for")),
    mut_arg("server_version", |arg| arg.help("The release that would start [default: a `# aerospike-server-version:` comment, else the settings, else the newest known]")),
    mut_arg("edition", |arg| arg.help("The edition that would start: ce or ee [default: the settings, else ee]")),
    mut_arg("warning", |arg| arg.help("Codes of problems that are a WARNING, separated by commas")),
    mut_arg("critical", |arg| arg.help("Codes of problems that are CRITICAL, separated by commas; unless set otherwise, the fatal ones are")),
    mut_arg("timeout", |arg| arg.help("Seconds for everything together [default: no limit]")),
    mut_args(|arg| match COMPARING.contains(&arg.get_id().as_str()) {
        true => arg.hide(true),
        false => arg,
    })
)]
pub struct Lint {
    /// Files; a directory means its *.conf; `-` is standard input
    #[arg(required_unless_present = "explain", value_name = "CONF", value_parser = flags::file)]
    pub files: Vec<String>,
    /// Only what has to change before an upgrade to this release
    #[arg(long, value_name = "V", value_parser = flags::release)]
    pub upgrade_to: Option<Release>,
    /// Say what a code means, why it matters and how to mend it
    #[arg(long, value_name = "CODE")]
    pub explain: Option<String>,
    /// Shared by all commands.
    #[command(flatten)]
    pub common: Common,
}

/// `ascad show`.
#[derive(Debug, clap::Args)]
pub struct Show {
    /// What to show
    pub source: String,
    /// Shared by all commands.
    #[command(flatten)]
    pub common: Common,
    /// How the node is reached.
    #[command(flatten)]
    pub node: NodeFlags,
}

/// Why there is no plan.
#[derive(Debug)]
pub struct NoPlan {
    /// What to print.
    pub text: String,
    /// What is wrong, on one line; empty after help and version.
    pub summary: String,
    /// Whether it belongs on standard error.
    pub is_error: bool,
    /// What the program exits with: 0 after help and version, 3 after a wrong flag.
    pub exit_code: u8,
}

/// Reads the arguments, the program's name first.
pub fn parse(arguments: impl IntoIterator<Item = std::ffi::OsString>) -> Result<Plan, NoPlan> {
    Plan::try_parse_from(arguments).map_err(|mut error| {
        // A secret that was written where only its place may stand.
        let is_secret = matches!(error.get(ContextKind::InvalidArg),
            Some(ContextValue::String(flag)) if flag.starts_with("--gitlab-token"));
        if is_secret {
            let hidden = ContextValue::String("(hidden)".to_owned());
            error.insert(ContextKind::InvalidValue, hidden);
        }
        // A word that is not understood may be an address with a password in it.
        for kind in [ContextKind::InvalidValue, ContextKind::InvalidArg] {
            if let Some(ContextValue::String(word)) = error.get(kind)
                && word.contains('@')
            {
                let word = shown(word).to_owned();
                error.insert(kind, ContextValue::String(word));
            }
        }
        let is_error = error.use_stderr();
        let exit_code = if is_error { State::Unknown } else { State::Ok }.exit_code();
        let text = error.render();
        NoPlan {
            summary: summary(&error, &text.to_string()),
            text: text.ansi().to_string(),
            is_error,
            exit_code,
        }
    })
}

/// The first paragraph of what clap says, for the status line.
fn summary(error: &clap::Error, text: &str) -> String {
    if error.kind() == ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand {
        return "expected a command".to_owned();
    }
    let first = text.split("\n\n").next().unwrap_or_default();
    let words: Vec<&str> = first.split_whitespace().collect();
    words.join(" ").trim_start_matches("error: ").to_owned()
}
