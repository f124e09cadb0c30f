//! Events to a Riemann, every wait under one deadline. riemann_client's own sockets have none, which is why only its
//! messages are used (`report::riemann`).
//!
//! ```text
//! tcp, tls   length (4 bytes) message ─> and <─ length answer, which has to say ok
//! udp        message ─> of at most 16384 bytes, and nobody says anything
//! ```

use std::fmt;
use std::io::{self, Read, Write};
use std::net::UdpSocket;

use anyhow::{Context, Result, anyhow, bail};
use riemann_client::proto::Event;
use rustls::pki_types::ServerName;
use rustls::{AlertDescription, CertificateError, ClientConnection, StreamOwned};

use crate::deadline::Deadline;
use crate::report::riemann::{decode_answer, encode};
use crate::sources::http::shown;
use crate::sources::socket::{Timed, connect, io_words, look_up, tls_fault};
use crate::sources::tls::{TlsOptions, client_config, explain};

/// Longer datagrams are dropped by Riemann.
const LONGEST_DATAGRAM: usize = 16384;
/// An answer is a few bytes; what claims to be longer is no Riemann.
const LONGEST_ANSWER: usize = 64 * 1024;

/// How events travel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Transport {
    /// In clear, acknowledged.
    Tcp,
    /// In clear, sent and forgotten.
    Udp,
    /// Under TLS, acknowledged.
    Tls,
}

/// Where a Riemann listens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Address {
    transport: Transport,
    /// Without brackets.
    host: String,
    port: u16,
}

impl Address {
    /// Reads `tcp://HOST[:PORT]`, `udp://…`, `tls://…`.
    pub fn parse(text: &str) -> Result<Address> {
        let wanted = || {
            format!(
                "expected tcp://HOST[:PORT], udp://… or tls://… for Riemann, but found `{}`",
                shown(text)
            )
        };
        let (scheme, place) = text.split_once("://").with_context(wanted)?;
        let (transport, default) = match scheme {
            "tcp" => (Transport::Tcp, 5555),
            "udp" => (Transport::Udp, 5555),
            "tls" => (Transport::Tls, 5554),
            _ => bail!(wanted()),
        };
        let place = place.strip_suffix('/').unwrap_or(place);
        let (host, port) = match place.strip_prefix('[') {
            Some(bracketed) => {
                let (host, port) = bracketed.split_once(']').with_context(wanted)?;
                (host, port.strip_prefix(':'))
            }
            None => match place.split_once(':') {
                Some((host, port)) => (host, Some(port)),
                None => (place, None),
            },
        };
        let port = match port {
            Some(port) => port.parse().ok().filter(|port| *port > 0),
            None => Some(default),
        };
        let strange = |c: char| c.is_whitespace() || matches!(c, '/' | '@' | '?' | '#');
        if host.is_empty() || host.contains(strange) {
            bail!(wanted());
        }
        Ok(Address {
            transport,
            host: host.to_owned(),
            port: port.with_context(wanted)?,
        })
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let scheme = match self.transport {
            Transport::Tcp => "tcp",
            Transport::Udp => "udp",
            Transport::Tls => "tls",
        };
        match self.host.contains(':') {
            true => write!(f, "{scheme}://[{}]:{}", self.host, self.port),
            false => write!(f, "{scheme}://{}:{}", self.host, self.port),
        }
    }
}

/// Sends events and waits until the Riemann says ok, if it says anything at all. The error is one line with the
/// address.
pub fn send(
    address: &Address,
    tls: &TlsOptions,
    events: &[Event],
    deadline: Deadline,
) -> Result<()> {
    let sent = match address.transport {
        Transport::Udp => send_datagrams(address, events, deadline),
        Transport::Tcp => open(address, deadline).and_then(|stream| exchange(stream, events)),
        Transport::Tls => open(address, deadline)
            .and_then(|stream| agree(address, tls, stream))
            .and_then(|mut stream| {
                exchange(&mut stream, events)?;
                stream.conn.send_close_notify();
                let _ = stream.flush();
                Ok(())
            }),
    };
    sent.with_context(|| address.to_string())
}

fn open(address: &Address, deadline: Deadline) -> Result<Timed> {
    let places = look_up(&address.host, address.port, deadline).map_err(|words| anyhow!(words))?;
    let stream = connect(&places, deadline).map_err(|words| anyhow!(words))?;
    Ok(Timed { stream, deadline })
}

fn agree(
    address: &Address,
    tls: &TlsOptions,
    mut stream: Timed,
) -> Result<StreamOwned<ClientConnection, Timed>> {
    let name = ServerName::try_from(address.host.clone())
        .map_err(|_| anyhow!("expected a TLS name, but found `{}`", address.host))?;
    let mut connection = ClientConnection::new(client_config(tls)?, name)
        .map_err(|fault| anyhow!(explain(&fault)))?;
    while connection.is_handshaking() {
        connection
            .complete_io(&mut stream)
            .map_err(|error| anyhow!(words(&error, "during the handshake")))?;
    }
    Ok(StreamOwned::new(connection, stream))
}

fn exchange(mut stream: impl Read + Write, events: &[Event]) -> Result<()> {
    for message in encode(events, usize::MAX) {
        let length = u32::try_from(message.len()).context("the events are too many")?;
        let framed = [&length.to_be_bytes(), message.as_slice()].concat();
        let sent = stream.write_all(&framed).and_then(|()| stream.flush());
        if let Err(error) = sent {
            // In TLS 1.3 whoever does not like our certificate says so only now.
            let said = stream.read(&mut [0]).err();
            let error = said
                .filter(|said| tls_fault(said).is_some())
                .unwrap_or(error);
            bail!(words(&error, "before the events were sent"));
        }
        let mut length = [0; 4];
        fill(&mut stream, &mut length)?;
        let length = u32::from_be_bytes(length) as usize;
        if length > LONGEST_ANSWER {
            bail!("expected an answer of Riemann's, but found something else");
        }
        let mut answer = vec![0; length];
        fill(&mut stream, &mut answer)?;
        decode_answer(&answer).map_err(|words| anyhow!(words))?;
    }
    Ok(())
}

fn fill(stream: &mut impl Read, bytes: &mut [u8]) -> Result<()> {
    stream
        .read_exact(bytes)
        .map_err(|error| anyhow!(words(&error, "without an acknowledgement")))
}

fn send_datagrams(address: &Address, events: &[Event], deadline: Deadline) -> Result<()> {
    let places = look_up(&address.host, address.port, deadline).map_err(|words| anyhow!(words))?;
    let place = places.first().context("the name has no address")?;
    let any = if place.is_ipv6() {
        "[::]:0"
    } else {
        "0.0.0.0:0"
    };
    let socket = UdpSocket::bind(any)?;
    socket.set_write_timeout(Some(deadline.remaining().context("time is up")?))?;
    for message in encode(events, LONGEST_DATAGRAM) {
        if message.len() > LONGEST_DATAGRAM {
            bail!(
                "expected events of at most {LONGEST_DATAGRAM} bytes, but found one of {}",
                message.len()
            );
        }
        socket
            .send_to(&message, place)
            .map_err(|error| anyhow!(io_words(&error)))?;
    }
    Ok(())
}

/// What went wrong, and the setting that may mend it.
fn words(error: &io::Error, place: &str) -> String {
    let Some(fault) = tls_fault(error) else {
        return format!("{} {place}", io_words(error));
    };
    let words = explain(fault);
    match fault {
        rustls::Error::InvalidCertificate(
            CertificateError::UnknownIssuer | CertificateError::BadSignature,
        ) => format!("{words}, is `ca-file` missing in `[riemann]`?"),
        rustls::Error::AlertReceived(AlertDescription::CertificateRequired) => {
            format!("{words}, are `cert-file` and `key-file` missing in `[riemann]`?")
        }
        rustls::Error::InvalidMessage(_) => format!("{words}, is this a TLS port?"),
        // What remains has no setting of its own.
        _ => words,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_has_a_transport_and_a_port() {
        let case = |text: &str, expected: &str| {
            assert_eq!(Address::parse(text).unwrap().to_string(), expected);
        };
        case("tcp://riemann", "tcp://riemann:5555");
        case("udp://riemann/", "udp://riemann:5555");
        case(
            "tls://riemann.example.com",
            "tls://riemann.example.com:5554",
        );
        case("tcp://10.0.0.1:15555", "tcp://10.0.0.1:15555");
        case("tcp://[::1]", "tcp://[::1]:5555");
        case("tls://[::1]:1", "tls://[::1]:1");
    }

    #[test]
    fn what_is_no_address_is_named() {
        for text in [
            "riemann",
            "http://r",
            "tcp://",
            "tcp://r:0",
            "tcp://r:x",
            "tcp://r:99999",
            "tcp://a@b",
            "tcp://r/path",
            "tcp://[::1",
            "tcp:// r",
            "tcp://::1",
        ] {
            assert_eq!(
                Address::parse(text).unwrap_err().to_string(),
                format!(
                    "expected tcp://HOST[:PORT], udp://… or tls://… for Riemann, but found `{}`",
                    shown(text)
                )
            );
        }
    }
}
