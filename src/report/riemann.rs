//! For Riemann: outcomes → events → messages. The sockets are in `sinks::riemann`.
//!
//! ```text
//! host     service    state     metric  description                       ttl    attributes
//! aero1    ascad-ghc  critical  2       ASCAD CRITICAL - 2 differences …  46800  cluster, node, build, reference, commit
//! ```

use protobuf::Message;
use riemann_client::proto::{Attribute, Event, Msg};

use crate::verdict::State;

use super::NodeLine;
use super::escape::{clean, shortened};
use super::nagios::append;
use super::outcome::Outcome;

/// What services begin with unless the settings say otherwise.
pub const DEFAULT_PREFIX: &str = "ascad-";
/// Twice the interval of cron, and an hour: one run may fail before an event expires.
pub const DEFAULT_TTL: u64 = 46800;
/// Attributes with these names overwrite or lose the event's own fields.
pub const RESERVED: [&str; 8] = [
    "host",
    "service",
    "state",
    "description",
    "time",
    "ttl",
    "tags",
    "metric",
];
/// A description in bytes: a few events have to fit into one datagram.
const LONGEST_DESCRIPTION: usize = 1500;
/// One line of it in characters.
const LONGEST_LINE: usize = 200;

/// What events say beside the outcome.
#[derive(Clone, Debug)]
pub struct Policy {
    /// The machine.
    pub host: String,
    /// What services begin with.
    pub prefix: String,
    /// How long an event counts, in seconds.
    pub ttl: u64,
    /// The tags of every event.
    pub tags: Vec<String>,
    /// Further attributes of every event; they win over ours. Reserved names are left out.
    pub attributes: Vec<(String, String)>,
    /// Which states are sent.
    pub states: States,
}

/// Which states are sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum States {
    /// ok, warning, critical and unknown.
    All,
    /// ok and critical, for streams that know no others.
    OkAndCritical,
}

/// One event per outcome; `time` is in seconds since 1970.
pub fn events(
    outcomes: &[Outcome],
    node: Option<&NodeLine>,
    policy: &Policy,
    time: i64,
) -> Vec<Event> {
    outcomes
        .iter()
        .map(|outcome| event(outcome, node, policy, time))
        .collect()
}

fn event(outcome: &Outcome, node: Option<&NodeLine>, policy: &Policy, time: i64) -> Event {
    let mut event = Event::new();
    event.set_time(time);
    event.set_state(word(outcome.state, policy.states).to_owned());
    event.set_service(format!("{}{}", policy.prefix, outcome.name));
    event.set_host(policy.host.clone());
    event.set_description(description(outcome));
    event.tags.clone_from(&policy.tags);
    #[allow(clippy::cast_precision_loss)] // The protocol has a float here.
    event.set_ttl(policy.ttl as f32);
    if let Some(count) = outcome.differences() {
        event.set_metric_sint64(i64::try_from(count).unwrap_or(i64::MAX));
    }
    let ours = ours(outcome, node);
    let is_set = |key: &str| policy.attributes.iter().any(|(set, _)| set == key);
    let ours = ours
        .into_iter()
        .filter(|(key, value)| !value.is_empty() && !is_set(key))
        .map(|(key, value)| (key, value.to_owned()));
    let set = policy
        .attributes
        .iter()
        .filter(|(key, _)| !RESERVED.contains(&key.as_str()))
        .map(|(key, value)| (key.as_str(), value.clone()));
    event.attributes = ours
        .chain(set)
        .map(|(key, value)| attribute(key, &value))
        .collect();
    event
}

fn ours<'a>(outcome: &'a Outcome, node: Option<&'a NodeLine>) -> Vec<(&'static str, &'a str)> {
    let mut ours = Vec::new();
    if let Some(node) = node {
        ours.extend([
            ("cluster", node.cluster.as_str()),
            ("node", node.id.as_str()),
            ("build", node.build.as_str()),
        ]);
    }
    ours.push(("reference", outcome.source.as_str()));
    ours.push(("commit", outcome.commit.as_deref().unwrap_or_default()));
    ours
}

fn attribute(key: &str, value: &str) -> Attribute {
    let mut attribute = Attribute::new();
    attribute.set_key(key.to_owned());
    attribute.set_value(clean(value).into_owned());
    attribute
}

fn word(state: State, states: States) -> &'static str {
    match (state, states) {
        (State::Ok, _) => "ok",
        (State::Critical, _) | (State::Warning | State::Unknown, States::OkAndCritical) => {
            "critical"
        }
        (State::Warning, States::All) => "warning",
        (State::Unknown, States::All) => "unknown",
    }
}

/// The status line and the first of the rest.
fn description(outcome: &Outcome) -> String {
    let mut text = shortened(&outcome.status, LONGEST_LINE).into_owned();
    text.push('\n');
    let lines = outcome
        .lines
        .iter()
        .map(|line| shortened(&clean(line), LONGEST_LINE).into_owned());
    append(&mut text, lines, "\n", LONGEST_DESCRIPTION);
    text.truncate(text.trim_end().len());
    text
}

/// Events → messages of at most `most` bytes each; an event alone may be longer.
pub fn encode(events: &[Event], most: usize) -> Vec<Vec<u8>> {
    let mut messages = Vec::new();
    let mut message = Msg::new();
    for event in events {
        message.events.push(event.clone());
        if message.events.len() > 1 && message.compute_size() > most as u64 {
            message.events.pop();
            messages.push(bytes(&message));
            message = Msg::new();
            message.events.push(event.clone());
        }
    }
    if !message.events.is_empty() {
        messages.push(bytes(&message));
    }
    messages
}

fn bytes(message: &Msg) -> Vec<u8> {
    // Only a missing required field fails, and every attribute has its key.
    message.write_to_bytes().unwrap_or_default()
}

/// What a Riemann answered to a message; the error says what it was in the place of `ok`.
pub fn decode_answer(answer: &[u8]) -> Result<(), String> {
    let Ok(message) = Msg::parse_from_bytes(answer) else {
        let count = answer.len();
        return Err(format!(
            "expected an answer of Riemann's, but found {count} bytes of something else"
        ));
    };
    match (message.ok, message.error.as_deref()) {
        (Some(true), _) => Ok(()),
        (_, Some(error)) if !error.trim().is_empty() => {
            let error = shortened(error.trim(), LONGEST_LINE);
            Err(format!("rejected the events: {}", clean(&error)))
        }
        (_, _) => Err("rejected the events and does not say why".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::compare::Kind;

    fn policy() -> Policy {
        Policy {
            host: "node1".to_owned(),
            prefix: DEFAULT_PREFIX.to_owned(),
            ttl: 64800,
            tags: vec!["ascad".to_owned()],
            attributes: Vec::new(),
            states: States::All,
        }
    }

    fn outcome(state: State, count: Option<usize>) -> Outcome {
        Outcome {
            name: "ghc".to_owned(),
            source: String::new(),
            commit: None,
            state,
            counts: count.map(|count| BTreeMap::from([(Kind::Drifted, count)])),
            status: "2 differences".to_owned(),
            lines: Vec::new(),
        }
    }

    fn node() -> NodeLine {
        NodeLine {
            cluster: "c1".to_owned(),
            ..NodeLine::default()
        }
    }

    /// Written by another implementation of the protocol.
    const KNOWN: &str = "32480880e2cfaa0612026f6b1a0961736361642d67686322056e6f6465312a0d3220646966666572656e6365733a0561736361644500207d474a0d0a07636c7573746572120263316804";

    #[test]
    fn the_known_message_is_met_byte_for_byte() {
        let outcome = outcome(State::Ok, Some(2));
        let events = events(&[outcome], Some(&node()), &policy(), 1_700_000_000);
        let messages = encode(&events, 16384);
        let hex: String = messages[0]
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect();
        assert_eq!((hex.as_str(), messages.len()), (KNOWN, 1));
    }

    #[test]
    fn warning_and_unknown_are_critical_for_streams_that_know_no_others() {
        let folded = Policy {
            states: States::OkAndCritical,
            ..policy()
        };
        let case = |state: State, all: &str, two: &str| {
            let outcomes = [outcome(state, None)];
            let sent = |policy: &Policy| events(&outcomes, None, policy, 0)[0].state().to_owned();
            assert_eq!(
                (sent(&policy()).as_str(), sent(&folded).as_str()),
                (all, two)
            );
        };
        case(State::Ok, "ok", "ok");
        case(State::Warning, "warning", "critical");
        case(State::Unknown, "unknown", "critical");
        case(State::Critical, "critical", "critical");
    }

    #[test]
    fn what_could_not_be_compared_has_no_metric() {
        let events = events(&[outcome(State::Unknown, None)], None, &policy(), 0);
        assert_eq!(events[0].metric_sint64, None);
    }

    #[test]
    fn set_attributes_win_and_reserved_ones_are_left_out() {
        let set = |key: &str| (key.to_owned(), "set".to_owned());
        let mut policy = policy();
        policy.attributes = RESERVED.iter().map(|key| set(key)).collect();
        policy.attributes.extend([set("cluster"), set("rack")]);
        let outcome = Outcome {
            source: "gitlab".to_owned(),
            commit: Some("abc".to_owned()),
            ..outcome(State::Ok, Some(0))
        };
        let events = events(&[outcome], Some(&node()), &policy, 0);
        let pairs: Vec<(&str, &str)> = events[0]
            .attributes
            .iter()
            .map(|attribute| (attribute.key(), attribute.value()))
            .collect();
        let expected = [
            ("reference", "gitlab"),
            ("commit", "abc"),
            ("cluster", "set"),
            ("rack", "set"),
        ];
        assert_eq!(pairs, expected);
    }

    #[test]
    fn messages_are_split_where_a_datagram_is_full() {
        let outcome = Outcome {
            lines: vec!["x".repeat(150); 100],
            ..outcome(State::Critical, Some(100))
        };
        let events = events(&vec![outcome; 30], None, &policy(), 0);
        let messages = encode(&events, 16384);
        assert!(messages.len() > 1 && messages.iter().all(|message| message.len() <= 16384));
        let count: usize = messages
            .iter()
            .map(|message| Msg::parse_from_bytes(message).unwrap().events.len())
            .sum();
        assert_eq!(count, 30);
        assert_eq!(encode(&events, usize::MAX).len(), 1);
        assert_eq!(encode(&[], 16384).len(), 0);
    }

    #[test]
    fn a_description_ends_with_how_much_is_missing() {
        let outcome = Outcome {
            lines: vec!["x".repeat(150); 100],
            ..outcome(State::Critical, Some(100))
        };
        let text = description(&outcome);
        assert!(text.len() <= LONGEST_DESCRIPTION);
        let shown = text.lines().count() - 2;
        assert!(
            text.ends_with(&format!("\n… and {} more", 100 - shown)),
            "{text}"
        );
    }

    #[test]
    fn only_ok_is_ok() {
        let answer = |ok: Option<bool>, error: Option<&str>| {
            let message = Msg {
                ok,
                error: error.map(str::to_owned),
                ..Msg::new()
            };
            decode_answer(&message.write_to_bytes().unwrap())
        };
        assert_eq!(answer(Some(true), None), Ok(()));
        let mute = Err("rejected the events and does not say why".to_owned());
        assert_eq!(answer(Some(false), None), mute);
        assert_eq!(answer(Some(false), Some(" ")), mute);
        assert_eq!(answer(None, None), mute);
        assert_eq!(
            answer(Some(false), Some("no\nroom")),
            Err("rejected the events: no\\nroom".to_owned())
        );
        assert!(decode_answer(b"HTTP/1.1 400 Bad Request").is_err());
    }
}
