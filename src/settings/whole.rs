//! Whether an answer is one that a server gives, and gives whole.
//!
//! The protocol says nothing of where an answer ends, and a recording may have been cut. Servers write their
//! parameters in an order of their own: an answer that begins as theirs do, and lacks what stands near their end,
//! breaks off. What is no value of its parameter was never reported.

use crate::catalogue::{Kind, Release, Row, Times};

use super::pairs;

/// The answers that are told apart.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    Service,
    Network,
    Namespace,
    /// A data centre, or a namespace in one.
    Centre,
    /// Anything else that is made of pairs, and may be empty.
    Other,
}

/// What is wrong with an answer, as words that follow the command, and what of it can be used.
pub(super) struct Damage<'a> {
    pub(super) words: String,
    pub(super) sound: &'a str,
}

/// What servers write first and what they never leave out near the end, as the recordings of each release have it.
const SERVICE: &[Shape] = &[
    (
        &[
            "advertise-ipv6",
            "auto-pin",
            "batch-index-threads",
            "batch-max-buffers-per-queue",
        ],
        &["work-directory"],
    ),
    (
        &["paxos-single-replica-limit", "pidfile", "proto-fd-max"],
        &["salt-allocations"],
    ),
];

const NAMESPACE: &[Shape] = &[
    (
        &["replication-factor", "memory-size", "default-ttl"],
        &["geo2dsphere-within.earth-radius-meters"],
    ),
    (
        &[
            "allow-ttl-without-nsup",
            "background-query-max-rps",
            "check-single-bin",
        ],
        &["storage-engine"],
    ),
    (
        &[
            "allow-ttl-without-nsup",
            "background-query-max-rps",
            "conflict-resolution-policy",
        ],
        &["storage-engine"],
    ),
    (
        &[
            "allow-ttl-without-nsup",
            "auto-revive",
            "background-query-max-rps",
        ],
        &["storage-engine"],
    ),
    (
        &["active-rack", "allow-ttl-without-nsup", "auto-revive"],
        &["storage-engine"],
    ),
    (
        &[
            "active-rack",
            "allow-ttl-without-nsup",
            "apply-ttl-reductions",
        ],
        &["storage-engine"],
    ),
];

/// The last of every storage engine but the one in memory of releases up to 6.4.
const LAST_OF_STORAGE: &str = "storage-engine.tomb-raider-sleep";

/// Before the one every server writes the others.
const NETWORK: Shape = (
    &["service.access-port", "service.alternate-access-port"],
    &["fabric.send-threads"],
);

/// The first contexts of a log sink, and the last but those that came with single releases.
const LOG: Shape = (
    &["misc", "alloc", "arenax", "hardware"],
    &["xdr", "xdr-client"],
);

/// What servers write first, and what of the end one at least is there.
type Shape = (&'static [&'static str], &'static [&'static str]);

/// The damage of an answer that is made of pairs.
pub(super) fn of_pairs(part: Part, answer: &str, release: Release) -> Result<&str, Damage<'_>> {
    if !pairs::of(answer).any(|(key, _)| is_name(key)) {
        return match part {
            Part::Other if answer.trim().is_empty() => Ok(answer),
            Part::Service | Part::Network | Part::Namespace | Part::Centre | Part::Other => {
                Err(nothing(answer, "no parameter"))
            }
        };
    }
    let keys: Vec<&str> = pairs::of(answer).map(|(key, _)| key).collect();
    let has = |key: &&str| keys.contains(key);
    let lacks = |shapes: &[Shape]| {
        let breaks_off = |(first, last): &Shape| match keys.len() < first.len() {
            true => first.starts_with(&keys),
            false => keys.starts_with(first) && !last.iter().any(has),
        };
        shapes.iter().any(breaks_off)
    };
    let begins_with = |section: &str| keys.iter().any(|key| key.starts_with(section));
    let is_cut = match part {
        // Newer servers may have left something out.
        _ if release > Release::NEWEST_KNOWN => false,
        Part::Service => lacks(SERVICE),
        Part::Network => {
            let (first, last) = NETWORK;
            // No server is without a heartbeat and a fabric.
            (first.iter().all(has) && !last.iter().any(has))
                || !(begins_with("heartbeat.") || begins_with("fabric."))
        }
        Part::Namespace => lacks(NAMESPACE) || lacks_storage(answer, &keys, release),
        Part::Centre | Part::Other => false,
    };
    if is_cut {
        Err(cut(answer, ';'))
    } else {
        Ok(answer)
    }
}

/// Whether a namespace's answer breaks off within its storage engine, which all but the oldest write at the end.
fn lacks_storage(answer: &str, keys: &[&str], release: Release) -> bool {
    let begins = |(first, _): &Shape| keys.starts_with(first);
    let in_memory = pairs::of(answer).any(|pair| pair == ("storage-engine", "memory"));
    NAMESPACE.iter().skip(1).any(begins)
        && (release.is_from(7, 0) || !in_memory)
        && !keys.contains(&LAST_OF_STORAGE)
}

/// Whether a list of sinks, `id:path` each, breaks off in the last one, or is empty although the node knows the first.
pub(super) fn lacks_sinks(sinks: &[(&str, String)], answer: &str, knows_first: bool) -> bool {
    match sinks.last() {
        Some((_, path)) => path.is_empty() || (path != CONSOLE && CONSOLE.starts_with(path)),
        None => knows_first || !answer.trim().is_empty(),
    }
}

/// What servers call the console in the list of their sinks.
pub(super) const CONSOLE: &str = "stderr";

/// The damage of the levels of a log sink.
pub(super) fn of_levels(answer: &str, release: Release) -> Result<&str, Damage<'_>> {
    let levels: Vec<(&str, &str)> = answer
        .split(';')
        .filter_map(|part| part.split_once(':'))
        .collect();
    if !levels.iter().any(|(_, level)| is_level(level)) {
        return Err(nothing(answer, "no level"));
    }
    let (first, last) = LOG;
    let names: Vec<&str> = levels.iter().map(|(name, _)| *name).collect();
    let is_cut = match names.len() < first.len() {
        _ if release > Release::NEWEST_KNOWN => false,
        true => names.len() > 1 && first.starts_with(&names),
        false => names.starts_with(first) && !last.iter().any(|last| names.contains(last)),
    };
    let end = answer.trim_end_matches(';').rsplit(';').next();
    let is_odd = end
        .and_then(|end| end.split_once(':'))
        .is_none_or(|(_, level)| !is_level(level));
    if is_cut || is_odd {
        Err(cut(answer, ';'))
    } else {
        Ok(answer)
    }
}

/// The damage of the sets of a namespace. A server says the same of every set, in the same order, and ends each with
/// its `;`; what kept an answer may have taken the last one away.
pub(super) fn of_sets(answer: &str) -> Result<&str, Damage<'_>> {
    if !answer.trim().is_empty() && !answer.contains("set=") {
        return Err(nothing(answer, "no set"));
    }
    fn keys(set: &str) -> Vec<&str> {
        let names = set.split(':').filter_map(|field| field.split_once('='));
        names.map(|(name, _)| name).collect()
    }
    let mut sets = answer.rsplit(';');
    let last = sets.next().unwrap_or("").trim();
    let (said, before) = (keys(last), keys(sets.next().unwrap_or("")));
    let is_short = said.len() < before.len() && before.starts_with(&said);
    let ends_in_a_name = last
        .rsplit(':')
        .next()
        .is_some_and(|end| !end.contains('='));
    match !last.is_empty() && (is_short || ends_in_a_name) {
        true => Err(cut(answer, ':')),
        false => Ok(answer),
    }
}

/// Whether a level is one that servers write.
pub(super) fn is_level(level: &str) -> bool {
    ["CRITICAL", "WARNING", "INFO", "DEBUG", "DETAIL"]
        .iter()
        .any(|known| known.eq_ignore_ascii_case(level))
}

/// Whether a server can have reported this value of a parameter.
pub(super) fn is_value(row: &Row, value: &str) -> bool {
    if row.times == Times::Many || matches!(value, "null" | "undefined") {
        return true;
    }
    match row.kind {
        Kind::Bool => matches!(value, "true" | "false"),
        Kind::U8
        | Kind::U16
        | Kind::U32
        | Kind::U64
        | Kind::I32
        | Kind::PowerOf2
        | Kind::Multiple(_)
        | Kind::Seconds
        | Kind::Port
        | Kind::PctOrMinus1 => {
            let digits = value.strip_prefix('-').unwrap_or(value);
            !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit())
        }
        Kind::Text
        | Kind::Address
        | Kind::BoolOrBare
        | Kind::Flag
        | Kind::Enum
        | Kind::Hex
        | Kind::Section
        | Kind::Obsolete => true,
    }
}

fn is_name(key: &str) -> bool {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "-_.[]".contains(c);
    !key.is_empty() && key.chars().all(is_plain)
}

fn nothing<'a>(answer: &str, what: &str) -> Damage<'a> {
    let words = match answer.trim().is_empty() {
        true => "answered nothing".to_owned(),
        false => format!("answered `{}`, which holds {what}", start(answer)),
    };
    Damage { words, sound: "" }
}

/// An answer that breaks off: nobody knows whether its last part is whole, and what would follow in its list.
fn cut(answer: &str, between: char) -> Damage<'_> {
    let whole = answer.strip_suffix(between).unwrap_or(answer);
    let (mut sound, last) = whole.rsplit_once(between).unwrap_or(("", whole));
    while let Some(before) = before_list(sound, between, last) {
        sound = before;
    }
    // The name is enough, for the value may be a secret.
    let name = last.split('=').next().unwrap_or(last);
    let words = format!("answered no more than up to `{}`", start(name));
    Damage { words, sound }
}

/// What stands before the last pair, if that is in the same list as what the answer ends with.
fn before_list<'a>(sound: &'a str, between: char, last: &str) -> Option<&'a str> {
    let (before, pair) = sound.rsplit_once(between)?;
    let name = |pair: &str| pair.split(['=', '[']).next().map(str::to_owned);
    let (name, last) = (name(pair)?, name(last)?);
    (!last.is_empty() && name.starts_with(&last)).then_some(before)
}

/// As much of an answer as a line can hold.
pub(super) fn start(answer: &str) -> &str {
    const LONGEST: usize = 60;
    match answer.char_indices().nth(LONGEST) {
        Some((end, _)) => &answer[..end],
        None => answer,
    }
}
