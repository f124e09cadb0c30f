//! A running server, asked over its info protocol.
//!
//! ```text
//! look-up ─> connect ─> [TLS] ─> [login] ─> asking: everything likely ─> what that revealed ─> … ─> Node
//! ```
//! One connection and at most two round trips for a whole node: the file already tells the namespaces and sinks, so
//! the first message asks for all of them; a second is for what only the first revealed, and xdr costs one more per
//! level. Every wait is under the deadline, and a failure names its stage.

mod astools;
mod connection;
mod login;
mod options;
mod target;

use std::collections::HashSet;
use std::fmt;

use anyhow::Result;

pub use astools::{AsTools, default_paths, read_astools};
pub use login::{Auth, Login};
pub use options::{Described, NodeOptions};
pub use target::{DEFAULT_PORT, Host, Target, Tls};

use crate::deadline::Deadline;
use crate::wire::{Answers, Audience, Name, Question, Section, Transport, revealed};
use connection::Connection;

/// What the file tells of the node, to be asked at once.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Likely {
    /// The namespaces of the file. One that cannot be asked for is left out.
    pub namespaces: Vec<String>,
    /// How many log sinks the file has.
    pub sinks: usize,
}

/// A node that answered.
#[derive(Clone, Debug)]
pub struct Node {
    /// What it said, keyed as in a recording. An error for a command is kept as its answer.
    pub answers: Answers,
    /// `HOST:PORT` where it was asked.
    pub address: String,
    /// What is worth a word: it is still starting, the credentials were not needed.
    pub notes: Vec<String>,
}

/// How far a node was reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// The name was looked up.
    LookUp,
    /// A TCP connection was opened.
    Connect,
    /// TLS was agreed on.
    Tls,
    /// The login was sent.
    Login,
    /// Questions were sent.
    Asking,
}

/// Why a node cannot be seen: one line with its address and the stage.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unseen {
    /// `HOST:PORT`.
    pub address: String,
    /// What was being done.
    pub stage: Stage,
    /// What went wrong, in words.
    pub reason: String,
}

impl fmt::Display for Unseen {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let stage = match self.stage {
            Stage::LookUp => "look-up",
            Stage::Connect => "connect",
            Stage::Tls => "TLS",
            Stage::Login => "login",
            Stage::Asking => "asking",
        };
        write!(f, "{}: {stage}: {}", self.address, self.reason)
    }
}

impl std::error::Error for Unseen {}

/// No sane server has more sinks or levels of xdr than this; it bounds what an insane one can make us ask.
const MOST_SINKS: usize = 64;
const MOST_ROUND_TRIPS: usize = 4;
const MOST_QUESTIONS: usize = 20_000;

/// Asks one node everything. The error is an [`Unseen`].
pub fn fetch(target: &Target, likely: &Likely, deadline: Deadline) -> Result<Node> {
    Ok(fetch_unless_unseen(target, likely, deadline)?)
}

/// [`fetch`] with its error typed.
pub(super) fn fetch_unless_unseen(
    target: &Target,
    likely: &Likely,
    deadline: Deadline,
) -> Result<Node, Unseen> {
    let (mut connection, mut notes) = Connection::open(target, deadline)?;
    let mut answers = Answers::default();
    let mut questions = first_questions(target, likely);
    let mut asked: HashSet<Question> = HashSet::new();
    for _ in 0..MOST_ROUND_TRIPS {
        connection.ask(&questions, &mut answers)?;
        asked.extend(questions);
        questions = revealed(&answers);
        questions.retain(|question| !asked.contains(question));
        questions.truncate(MOST_QUESTIONS);
        if questions.is_empty() {
            break;
        }
    }
    connection.close();
    forget_wrong_guesses(likely, &mut answers);
    if is_starting(&answers) {
        notes.push("the node is still starting: its cluster size is 0".to_owned());
    }
    Ok(Node {
        answers,
        address: target.address(),
        notes,
    })
}

fn first_questions(target: &Target, likely: &Likely) -> Vec<Question> {
    let (transport, audience) = target.peers();
    let mut questions = vec![
        Question::Build,
        Question::Edition,
        Question::Node,
        Question::ClusterName,
        Question::Namespaces,
        Question::Statistics,
        Question::Service,
        Question::Advertised(Transport::Clear, Audience::Standard),
        Question::Advertised(Transport::Clear, Audience::Alternate),
        Question::Advertised(Transport::Tls, Audience::Standard),
        Question::Advertised(Transport::Tls, Audience::Alternate),
        Question::Endpoints,
        Question::Peers(transport, audience),
        Question::Config(Section::Service),
        Question::Config(Section::Network),
        Question::Config(Section::Security),
        Question::Config(Section::Xdr),
        Question::Racks,
        Question::RackIds,
        Question::Logs,
    ];
    questions.extend(likely_sinks(likely).map(Question::Log));
    for name in likely.namespaces.iter().filter_map(|name| Name::new(name)) {
        questions.push(Question::NamespaceConfig(name.clone()));
        questions.push(Question::Sets(name));
    }
    questions
}

fn likely_sinks(likely: &Likely) -> impl Iterator<Item = u32> + use<> {
    (0..).take(likely.sinks.min(MOST_SINKS))
}

/// A namespace or sink of the file that the node does not have was answered with an error, which is no failure to
/// see: the node's own list says that it is not there.
fn forget_wrong_guesses(likely: &Likely, answers: &mut Answers) {
    let real: HashSet<Question> = revealed(answers).into_iter().collect();
    let names = likely.namespaces.iter().filter_map(|name| Name::new(name));
    let of_namespaces = names.flat_map(|name| {
        [
            Question::NamespaceConfig(name.clone()),
            Question::Sets(name),
        ]
    });
    let mut guesses: Vec<Question> = Vec::new();
    if answers.value("namespaces").is_ok() {
        guesses.extend(of_namespaces);
    }
    if answers.value("logs").is_ok() {
        guesses.extend(likely_sinks(likely).map(Question::Log));
    }
    for guess in guesses.iter().filter(|guess| !real.contains(guess)) {
        answers.forget(&guess.to_string());
    }
}

/// A node that has just started says `status=ok` while it has no cluster yet, not even of itself.
fn is_starting(answers: &Answers) -> bool {
    let statistics = answers.value("statistics").unwrap_or("");
    statistics.split(';').any(|pair| pair == "cluster_size=0")
}
