//! A whole cluster, discovered from one node through its peers.
//!
//! ```text
//! seed ─> peers ─> every peer, and whom it knows ─> … until nobody new is named
//! ```
//! Nodes are told apart by their id: several may advertise the same address, and then only one of them answers there.
//! All are asked at once by a bounded number of threads under one deadline, and each in one connection whose first
//! message brings its peers, too. A node that cannot be seen stays in the list with its error.

use std::collections::{HashSet, VecDeque};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

use anyhow::Result;

use super::node::{
    Curiosity, DEFAULT_PORT, Likely, Node, Stage, Target, Unseen, fetch_member, statistic,
};

use crate::deadline::Deadline;
use crate::order;
use crate::wire::{Peers, Question, Refusal};

/// Threads wait for the network most of the time, so there are many for two cores; each costs some pages of stack.
const MOST_THREADS: usize = 96;
const STACK: usize = 256 * 1024;

/// A hostile node cannot name more than this; the largest clusters that the server allows have 256 nodes.
const MOST_NODES: usize = 10_000;

/// A node of the cluster.
#[derive(Debug)]
pub struct Member {
    /// The node id; empty for a seed that never answered, and for what stands for nodes that nobody names.
    pub id: String,
    /// `HOST:PORT` where it answered, else the first at which it was tried.
    pub address: String,
    /// What it said, or why it cannot be seen (an [`Unseen`]).
    pub outcome: Result<Node>,
}

/// Asks every node of the cluster that `seed` belongs to, and returns them sorted by id; at least one, the seed. Where
/// the seed counts more nodes than can be discovered, a last member without id says so.
/// Its `more_seeds` are tried while nobody has answered. `on_progress` hears how many nodes are done and how many
/// are known, from any thread.
///
/// The answers to `peers-…` are not kept but for the seed's: they are as long as the cluster is large, for every node.
pub fn fetch(
    seed: &Target,
    likely: &Likely,
    deadline: Deadline,
    on_progress: &(dyn Fn(usize, usize) + Sync),
) -> Vec<Member> {
    let mut failures = Vec::new();
    let more = seed.more_seeds.iter().map(|host| {
        let port = host.port.unwrap_or(DEFAULT_PORT);
        seed.at(&host.host, port, host.tls_name.as_deref())
    });
    for target in std::iter::once(seed.clone()).chain(more) {
        match fetch_member(&target, likely, Curiosity::Always, deadline) {
            Ok(node) => {
                let likely = learned(&node, likely);
                return spread(&target, node, &likely, deadline, on_progress);
            }
            Err(unseen) => failures.push(Member {
                id: String::new(),
                address: target.address(),
                outcome: Err(unseen.into()),
            }),
        }
    }
    on_progress(failures.len(), failures.len());
    failures
}

/// What the seed has, the others are likely to have, too: then one message brings everything.
fn learned(seed: &Node, likely: &Likely) -> Likely {
    let parts = |command: &str| {
        let answer = seed.answers.value(command).unwrap_or_default();
        answer.split(';').filter(|part| !part.is_empty())
    };
    let mut namespaces = likely.namespaces.clone();
    let more =
        parts("namespaces").filter(|name| !likely.namespaces.iter().any(|known| known == name));
    namespaces.extend(more.map(str::to_owned));
    Likely {
        namespaces,
        sinks: likely.sinks.max(parts("logs").count()),
    }
}

/// From a seed that answered to everybody.
fn spread(
    seed: &Target,
    node: Node,
    likely: &Likely,
    deadline: Deadline,
    on_progress: &(dyn Fn(usize, usize) + Sync),
) -> Vec<Member> {
    let mut shared = Shared {
        seed,
        likely,
        complete: None,
        deadline,
        on_progress,
        board: Mutex::default(),
        changed: Condvar::new(),
    };
    let id = node.answers.value("node").unwrap_or_default().to_owned();
    shared.board().known.insert(id.clone());
    let mut node = node;
    let mut unnamed = None;
    match shared.learn(&node) {
        Ok(()) => shared.complete = shared.key_of_whole_cluster(&node),
        Err(reason) => {
            let note = format!("nobody else can be discovered: {reason}");
            node.notes.push(note);
            unnamed = Some(reason);
        }
    }
    let size = statistic(&node.answers, "cluster_size").and_then(|size| size.parse().ok());
    shared.finish(Member {
        id,
        address: node.address.clone(),
        outcome: Ok(node),
    });
    shared.ask_all();
    let mut board = shared
        .board
        .into_inner()
        .unwrap_or_else(PoisonError::into_inner);
    order::sort_by(&mut board.done, |one, other| one.id.cmp(&other.id));
    board
        .done
        .extend(undiscovered(seed, size, board.known.len(), unnamed));
    board.done
}

/// What stands for the nodes that the seed counts and nobody names: on an admin port (from 8.1) there are no peers, and
/// not every node has an alternate address.
///
/// Where the seed neither counts them nor names them, there may be any number.
fn undiscovered(
    seed: &Target,
    size: Option<usize>,
    known: usize,
    unnamed: Option<String>,
) -> Option<Member> {
    let reason = match (size, unnamed) {
        (Some(size), _) if size <= known => return None,
        (None, None) => return None,
        (Some(size), unnamed) => {
            let reason = unnamed.map_or_else(String::new, |reason| format!(": {reason}"));
            format!(
                "only {known} of the cluster's {size} nodes can be discovered{reason}, is this an admin port?"
            )
        }
        (None, Some(reason)) => {
            format!("nobody else can be discovered: {reason}; `statistics` have no `cluster_size`")
        }
    };
    let unseen = Unseen {
        address: seed.address(),
        stage: Stage::Asking,
        reason,
    };
    Some(Member {
        id: String::new(),
        address: seed.address(),
        outcome: Err(unseen.into()),
    })
}

/// What the threads share.
struct Shared<'a> {
    seed: &'a Target,
    likely: &'a Likely,
    deadline: Deadline,
    on_progress: &'a (dyn Fn(usize, usize) + Sync),
    /// The key of the cluster whose every node the seed has named. A node with this key has nobody to add, so it is
    /// not asked.
    complete: Option<String>,
    board: Mutex<Board>,
    changed: Condvar,
}

#[derive(Default)]
struct Board {
    known: HashSet<String>,
    waiting: VecDeque<Candidate>,
    /// How many are being asked.
    busy: usize,
    done: Vec<Member>,
}

/// A node that was named but not yet asked: its id, and the places where it may be.
struct Candidate {
    id: String,
    targets: Vec<Target>,
}

impl Shared<'_> {
    /// The board. A thread that panicked has left it as it was, for nothing is done half under the lock.
    fn board(&self) -> MutexGuard<'_, Board> {
        self.board.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Asks everybody who waits and whomever they name, in as many threads as the seed has peers.
    fn ask_all(&self) {
        std::thread::scope(|scope| {
            let mut threads = 0;
            let wanted = self.board().waiting.len().min(MOST_THREADS);
            while threads < wanted {
                let thread = std::thread::Builder::new()
                    .name("node".into())
                    .stack_size(STACK);
                if thread.spawn_scoped(scope, || self.work()).is_err() {
                    break;
                }
                threads += 1;
            }
            if threads == 0 {
                self.work();
            }
        });
    }

    /// Asks one node after the other until nobody waits and nobody who is being asked could name anyone.
    fn work(&self) {
        while let Some(candidate) = self.take() {
            let member = self.ask(candidate);
            self.board().busy -= 1;
            self.finish(member);
            self.changed.notify_all();
        }
    }

    fn take(&self) -> Option<Candidate> {
        let mut board = self.board();
        loop {
            if let Some(candidate) = board.waiting.pop_front() {
                board.busy += 1;
                return Some(candidate);
            }
            if board.busy == 0 {
                return None;
            }
            board = self
                .changed
                .wait(board)
                .unwrap_or_else(PoisonError::into_inner);
        }
    }

    fn ask(&self, candidate: Candidate) -> Member {
        let deadline = self.share();
        let mut failure = None;
        let address = candidate
            .targets
            .first()
            .map(Target::address)
            .unwrap_or_default();
        for target in &candidate.targets {
            match self.ask_at(target, &candidate.id, deadline) {
                Ok(mut node) => {
                    let command = self.command();
                    if node.answers.contains(&command)
                        && let Err(reason) = self.learn(&node)
                    {
                        node.notes.push(format!("its peers are unknown: {reason}"));
                    }
                    node.answers.forget(&command);
                    return Member {
                        id: candidate.id,
                        address: node.address.clone(),
                        outcome: Ok(node),
                    };
                }
                Err(unseen) => failure = failure.or(Some(unseen)),
            }
        }
        let failure = failure.unwrap_or_else(|| Unseen {
            address: candidate.id.clone(),
            stage: Stage::LookUp,
            reason: "its peers know no address of it".to_owned(),
        });
        Member {
            id: candidate.id,
            address,
            outcome: Err(failure.into()),
        }
    }

    /// Asks at an address, and makes sure that it is this node who answers there.
    fn ask_at(&self, target: &Target, id: &str, deadline: Deadline) -> Result<Node, Unseen> {
        let curiosity = match &self.complete {
            None => Curiosity::Always,
            Some(key) => Curiosity::UnlessClusterKey(key),
        };
        let node = fetch_member(target, self.likely, curiosity, deadline)?;
        match node.answers.value("node") {
            Ok(found) if found == id => Ok(node),
            Ok(found) => Err(Unseen {
                address: target.address(),
                stage: Stage::Asking,
                reason: format!("expected node `{id}`, but found `{found}` at its address"),
            }),
            Err(refusal) => Err(Unseen {
                address: target.address(),
                stage: Stage::Asking,
                reason: format!("expected node `{id}`, but it {}", words(&refusal)),
            }),
        }
    }

    /// Two thirds of the time that is left: when every thread is busy with silent nodes, the next ones still get
    /// their turn.
    fn share(&self) -> Deadline {
        Deadline::after(self.deadline.remaining().unwrap_or_default() * 2 / 3)
    }

    /// The key of the seed's cluster when it knows as many nodes as that has.
    fn key_of_whole_cluster(&self, seed: &Node) -> Option<String> {
        let size: usize = statistic(&seed.answers, "cluster_size")?.parse().ok()?;
        let key = statistic(&seed.answers, "cluster_key")?;
        (size == self.board().known.len()).then(|| key.to_owned())
    }

    /// Adds the peers that nobody has named before.
    fn learn(&self, node: &Node) -> Result<(), String> {
        let command = self.command();
        let answer = node
            .answers
            .value(&command)
            .map_err(|refusal| format!("`{command}` {}", words(&refusal)))?;
        let peers = Peers::parse(answer).map_err(|error| format!("`{command}`: {error}"))?;
        let default_port = peers.default_port.unwrap_or(DEFAULT_PORT);
        let mut board = self.board();
        let before = board.known.len();
        for peer in peers.nodes {
            if board.known.contains(peer.id) || board.known.len() >= MOST_NODES {
                continue;
            }
            board.known.insert(peer.id.to_owned());
            let tls_name = Some(peer.tls_name).filter(|name| !name.is_empty());
            let at = |place: &crate::wire::Endpoint<'_>| {
                self.seed
                    .at(place.host, place.port.unwrap_or(default_port), tls_name)
            };
            board.waiting.push_back(Candidate {
                id: peer.id.to_owned(),
                targets: peer.addresses.iter().map(at).collect(),
            });
        }
        if board.known.len() > before {
            self.changed.notify_all();
        }
        Ok(())
    }

    /// The command that brings peers which can be reached as the seed was.
    fn command(&self) -> String {
        let (transport, audience) = self.seed.peers();
        Question::Peers(transport, audience).to_string()
    }

    fn finish(&self, member: Member) {
        let (done, known) = {
            let mut board = self.board();
            board.done.push(member);
            (board.done.len(), board.known.len())
        };
        (self.on_progress)(done, known);
    }
}

fn words(refusal: &Refusal) -> String {
    match refusal {
        Refusal::Silent => "was not answered".to_owned(),
        Refusal::Error(error) => format!("answered `{error}`"),
    }
}
