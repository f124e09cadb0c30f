//! Who else is in the cluster: the answers to `peers-clear-std` and its kin.

use std::fmt;

use nom::branch::alt;
use nom::bytes::complete::{tag, take_while, take_while1};
use nom::character::complete::{char, u16, u64};
use nom::combinator::{all_consuming, opt};
use nom::multi::separated_list0;
use nom::sequence::{delimited, preceded, terminated};
use nom::{IResult, Parser};

/// A place to connect to. IPv6 hosts are kept without their brackets.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Endpoint<'a> {
    /// A name or an address.
    pub host: &'a str,
    /// The port where it is said.
    pub port: Option<u16>,
}

impl<'a> Endpoint<'a> {
    /// Reads `HOST`, `HOST:PORT`, `[IPv6]` and `[IPv6]:PORT`.
    pub fn parse(text: &'a str) -> Option<Endpoint<'a>> {
        let (_, found) = all_consuming(endpoint).parse(text).ok()?;
        Some(found)
    }
}

/// Another node as a node knows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Peer<'a> {
    /// The node id, which tells nodes apart: several may advertise the same address.
    pub id: &'a str,
    /// The name in its certificate; empty where it has none.
    pub tls_name: &'a str,
    /// Where it can be reached.
    pub addresses: Vec<Endpoint<'a>>,
}

/// The peers that one node knows, without itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Peers<'a> {
    /// Counts up whenever the list changes.
    pub generation: u64,
    /// The port of every endpoint that says none; `None` where the answer leaves it empty.
    pub default_port: Option<u16>,
    /// In the node's order.
    pub nodes: Vec<Peer<'a>>,
}

/// The text is no list of peers; it holds the place (in bytes) at which it stopped being one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotPeers(pub usize);

impl fmt::Display for NotPeers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "expected `generation,port,[[id,tls-name,[address,…]],…]`, but found something else at byte {}",
            self.0
        )
    }
}

impl std::error::Error for NotPeers {}

impl<'a> Peers<'a> {
    /// Reads an answer.
    ///
    /// ```text
    /// peers    = generation "," [port] "," "[" [peer *("," peer)] "]"
    /// peer     = "[" id "," [tls-name] "," "[" [endpoint *("," endpoint)] "]" "]"
    /// endpoint = (host / "[" ipv6 "]") [":" port]
    /// ```
    pub fn parse(text: &'a str) -> Result<Peers<'a>, NotPeers> {
        match all_consuming(peers).parse(text) {
            Ok((_, peers)) => Ok(peers),
            Err(nom::Err::Error(error) | nom::Err::Failure(error)) => {
                Err(NotPeers(text.len() - error.input.len()))
            }
            // The parsers are complete ones, which never want more.
            Err(nom::Err::Incomplete(_)) => Err(NotPeers(text.len())),
        }
    }
}

fn peers(text: &str) -> IResult<&str, Peers<'_>> {
    let nodes = delimited(char('['), separated_list0(char(','), peer), char(']'));
    let (rest, (generation, default_port, nodes)) = (
        terminated(u64, char(',')),
        terminated(opt(u16), char(',')),
        nodes,
    )
        .parse(text)?;
    let peers = Peers {
        generation,
        default_port,
        nodes,
    };
    Ok((rest, peers))
}

fn peer(text: &str) -> IResult<&str, Peer<'_>> {
    let word = |c: char| !matches!(c, ',' | '[' | ']');
    let addresses = delimited(char('['), separated_list0(char(','), endpoint), char(']'));
    let fields = (
        terminated(take_while1(word), char(',')),
        terminated(take_while(word), char(',')),
        addresses,
    );
    let (rest, (id, tls_name, addresses)) = delimited(char('['), fields, char(']')).parse(text)?;
    let peer = Peer {
        id,
        tls_name,
        addresses,
    };
    Ok((rest, peer))
}

fn endpoint(text: &str) -> IResult<&str, Endpoint<'_>> {
    let ipv6 = delimited(tag("["), take_while1(|c| c != ']'), tag("]"));
    let host = take_while1(|c| !matches!(c, ',' | ':' | '[' | ']' | ';'));
    let (rest, host) = alt((ipv6, host)).parse(text)?;
    let (rest, port) = opt(preceded(char(':'), u16)).parse(rest)?;
    Ok((rest, Endpoint { host, port }))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// `ID@TLS-NAME HOST:PORT HOST:PORT`, one peer after the other.
    #[track_caller]
    fn case(text: &str, expected: Result<&[&str], usize>) {
        let shown = Peers::parse(text).map(|peers| {
            let show = |peer: &Peer<'_>| {
                let addresses = peer.addresses.iter().map(|endpoint| {
                    let port = endpoint.port.or(peers.default_port).unwrap_or(0);
                    format!(" {}:{port}", endpoint.host)
                });
                format!(
                    "{}@{}{}",
                    peer.id,
                    peer.tls_name,
                    addresses.collect::<String>()
                )
            };
            peers.nodes.iter().map(show).collect::<Vec<String>>()
        });
        let expected = expected.map_err(NotPeers);
        let shown = shown
            .as_ref()
            .map(|peers| peers.iter().map(String::as_str).collect::<Vec<&str>>());
        assert_eq!(
            shown.as_deref().map_err(|error| **error),
            expected,
            "{text}"
        );
    }

    #[test]
    fn peers_are_read_as_servers_spell_them() {
        case("0,3000,[]", Ok(&[]));
        case(
            "4,3000,[[A2,,[127.0.0.12]],[A3,,[127.0.0.13]]]",
            Ok(&["A2@ 127.0.0.12:3000", "A3@ 127.0.0.13:3000"]),
        );
        case(
            "4,3000,[[A1,,[127.0.0.1:3010]],[A3,,[127.0.0.1:3030]]]",
            Ok(&["A1@ 127.0.0.1:3010", "A3@ 127.0.0.1:3030"]),
        );
        case(
            "7,4333,[[BB9,main,[db-1.example.com,[2001:db8::1],[::1]:4334]]]",
            Ok(&["BB9@main db-1.example.com:4333 2001:db8::1:4333 ::1:4334"]),
        );
        case("1,,[[A,,[h:1]]]", Ok(&["A@ h:1"]));
        case("1,3000,[[A,,[]]]", Ok(&["A@"]));
    }

    #[test]
    fn what_is_no_list_of_peers_is_said_with_its_place() {
        case("", Err(0));
        case("4,3000,", Err(7));
        case("4,3000,[[A2,,[127.0.0.12]]", Err(26));
        case("4,3000,[] ", Err(9));
        case("4,99999,[]", Err(2));
        case("ERROR:25:enterprise only", Err(0));
    }

    #[test]
    fn endpoints_are_read_with_and_without_brackets_and_port() {
        let parse = |text| Endpoint::parse(text).map(|found| (found.host, found.port));
        assert_eq!(parse("db1:3000"), Some(("db1", Some(3000))));
        assert_eq!(parse("[fe80::1]"), Some(("fe80::1", None)));
        assert_eq!(parse("[fe80::1]:3000"), Some(("fe80::1", Some(3000))));
        assert_eq!(parse("::1"), None);
        assert_eq!(parse("db1:"), None);
    }

    proptest! {
        #[test]
        fn any_text_is_read_without_panic(text in "[0-9A-F,\\[\\]:.]{0,60}") {
            let _ = Peers::parse(&text);
        }
    }
}
