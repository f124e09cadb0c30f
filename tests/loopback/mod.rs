//! A node on loopback: it speaks the info protocol from a recording, over TLS and with every kind of login where a
//! test wants it, and it misbehaves on request. It counts the messages that it is sent.
//!
//! It listens on a port of its own and ends with the test.
//! Beside it live the others that ascad talks to: a web server, a Riemann, a cluster of any size.

#![allow(dead_code, unreachable_pub)] // Each test program uses its own part.

pub mod asking;
pub mod certificates;
pub mod cluster;
pub mod riemann;
pub mod web;

use std::collections::BTreeMap;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use rustls::{ServerConfig, ServerConnection, StreamOwned};

/// Info command → answer.
pub type Recording = BTreeMap<String, String>;

/// A recording of `fixtures/nodes`.
pub fn recording(name: &str) -> Recording {
    let path = format!("{}/fixtures/nodes/{name}.json", env!("CARGO_MANIFEST_DIR"));
    serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap()
}

/// Who may ask.
#[derive(Clone, Debug)]
pub enum Door {
    /// Everybody; a login is answered with 52, security is not enabled.
    Open,
    /// A user whose password hashes to this.
    Internal(&'static str, String),
    /// A user with this clear password, which LDAP would check.
    External(&'static str, &'static str),
    /// Whoever has a client certificate.
    Certificate,
    /// Nobody: every login is answered with this code.
    Refuses(u8),
}

/// What goes wrong.
#[derive(Clone, Debug)]
pub enum Fault {
    /// Nothing.
    None,
    /// It accepts and says nothing.
    Silent,
    /// It closes as soon as it is asked.
    Closes,
    /// It sends a byte of every answer each so often.
    Drips(Duration),
    /// It closes after so many bytes of an answer.
    Cuts(usize),
    /// It announces an answer of so many bytes.
    Announces(u64),
    /// It answers everything with these bytes.
    Says(Vec<u8>),
    /// It sends the lines of its answers backwards.
    Reverses,
    /// Its whole answer is this line.
    Refuses(&'static str),
    /// It sends its answers in pieces of so many bytes.
    Pieces(usize),
}

/// All that a node does.
#[derive(Clone)]
pub struct Play {
    pub answers: Recording,
    pub tls: Option<Arc<ServerConfig>>,
    pub door: Door,
    pub fault: Fault,
}

impl Play {
    /// An open, healthy node that answers as recorded.
    pub fn of(answers: Recording) -> Play {
        Play {
            answers,
            tls: None,
            door: Door::Open,
            fault: Fault::None,
        }
    }

    pub fn with_fault(self, fault: Fault) -> Play {
        Play { fault, ..self }
    }

    pub fn with_door(self, door: Door) -> Play {
        Play { door, ..self }
    }

    pub fn with_tls(self, config: Arc<ServerConfig>) -> Play {
        Play {
            tls: Some(config),
            ..self
        }
    }
}

/// A node that listens until it is dropped.
pub struct Loopback {
    pub address: SocketAddr,
    messages: Arc<AtomicUsize>,
    connections: Arc<AtomicUsize>,
    ends: Arc<AtomicBool>,
}

impl Loopback {
    /// Starts on a free port of 127.0.0.1.
    pub fn start(play: Play) -> Loopback {
        Loopback::start_at("127.0.0.1:0", play)
    }

    /// Starts at an address, such as `[::1]:0`.
    pub fn start_at(address: &str, play: Play) -> Loopback {
        Loopback::on(TcpListener::bind(address).unwrap(), play)
    }

    /// Starts on a listener, whose port may already stand in the recording.
    pub fn on(listener: TcpListener, play: Play) -> Loopback {
        let address = listener.local_addr().unwrap();
        let node = Loopback {
            address,
            messages: Arc::default(),
            connections: Arc::default(),
            ends: Arc::default(),
        };
        let play = Arc::new(play);
        let (messages, connections) = (Arc::clone(&node.messages), Arc::clone(&node.connections));
        let ends = Arc::clone(&node.ends);
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                if ends.load(Ordering::SeqCst) {
                    break;
                }
                connections.fetch_add(1, Ordering::SeqCst);
                let (play, messages) = (Arc::clone(&play), Arc::clone(&messages));
                // The peer may be gone at any moment, which is no fault of the test's.
                std::thread::spawn(move || drop(receive(&play, stream, &messages)));
            }
        });
        node
    }

    pub fn port(&self) -> u16 {
        self.address.port()
    }

    /// How many messages it was sent, logins included.
    pub fn messages(&self) -> usize {
        self.messages.load(Ordering::SeqCst)
    }

    pub fn connections(&self) -> usize {
        self.connections.load(Ordering::SeqCst)
    }
}

impl Drop for Loopback {
    fn drop(&mut self) {
        self.ends.store(true, Ordering::SeqCst);
        // Wakes the listener, which then ends.
        drop(TcpStream::connect(self.address));
    }
}

fn receive(play: &Play, stream: TcpStream, messages: &AtomicUsize) -> std::io::Result<()> {
    stream.set_nodelay(true)?;
    match &play.tls {
        None => serve(play, stream, Guest::Stranger, messages),
        Some(config) => {
            let mut stream = stream;
            let mut tls = ServerConnection::new(Arc::clone(config)).unwrap();
            while tls.is_handshaking() {
                tls.complete_io(&mut stream)?;
            }
            let guest = match tls.peer_certificates() {
                Some(_) => Guest::Certified,
                None => Guest::Stranger,
            };
            serve(play, StreamOwned::new(tls, stream), guest, messages)
        }
    }
}

#[derive(PartialEq)]
enum Guest {
    Stranger,
    Certified,
    LoggedIn,
}

fn serve(
    play: &Play,
    mut stream: impl Read + Write,
    mut guest: Guest,
    messages: &AtomicUsize,
) -> std::io::Result<()> {
    loop {
        let (kind, body) = heard(&mut stream)?;
        messages.fetch_add(1, Ordering::SeqCst);
        let reply = match kind {
            2 => {
                let result = admit(&play.door, &guest, &body);
                if result == 0 {
                    guest = Guest::LoggedIn;
                }
                let mut reply = vec![0; 16];
                reply[1] = result;
                message(2, &reply)
            }
            _ => match (&play.door, &guest) {
                (Door::Open, _) | (_, Guest::LoggedIn) => {
                    message(1, answer(play, &body).as_bytes())
                }
                _ => message(1, b"ERROR:80:not authenticated\n"),
            },
        };
        if !send(play, &mut stream, &reply)? {
            return Ok(());
        }
    }
}

/// A message's kind and body. A real server resets whoever does not begin with its version.
fn heard(stream: &mut impl Read) -> std::io::Result<(u8, Vec<u8>)> {
    let mut header = [0; 8];
    stream.read_exact(&mut header)?;
    if header[0] != 2 {
        return Err(std::io::ErrorKind::InvalidData.into());
    }
    let length = header[2..]
        .iter()
        .fold(0usize, |sum, byte| sum << 8 | usize::from(*byte));
    let mut body = vec![0; length];
    stream.read_exact(&mut body)?;
    Ok((header[1], body))
}

fn message(kind: u8, body: &[u8]) -> Vec<u8> {
    let mut message = vec![2, kind];
    message.extend_from_slice(&(body.len() as u64).to_be_bytes()[2..]);
    message.extend_from_slice(body);
    message
}

/// The result code of a login, and only of one: command 20.
fn admit(door: &Door, guest: &Guest, body: &[u8]) -> u8 {
    let fields = fields(body);
    let field = |id: u8| {
        let found = fields.iter().find(|(found, _)| *found == id);
        found.map_or("", |(_, text)| text.as_str())
    };
    assert_eq!(body[2], 20, "expected a LOGIN");
    assert_eq!(usize::from(body[3]), fields.len(), "fields are counted");
    match door {
        Door::Open => 52,
        Door::Refuses(code) => *code,
        Door::Certificate if *guest == Guest::Certified => 0,
        Door::Certificate => 65,
        Door::Internal(user, _) | Door::External(user, _) if field(0) != *user => 60,
        Door::Internal(_, hash) if field(3) == *hash && field(4).is_empty() => 0,
        Door::External(_, clear) if field(4) == *clear => 0,
        Door::Internal(..) => 62,
        Door::External(..) => 93,
    }
}

fn fields(body: &[u8]) -> Vec<(u8, String)> {
    let mut fields = Vec::new();
    let mut rest = &body[16..];
    while let Some((length, after)) = rest.split_first_chunk::<4>() {
        let (field, after) = after.split_at(u32::from_be_bytes(*length) as usize);
        fields.push((field[0], String::from_utf8(field[1..].to_vec()).unwrap()));
        rest = after;
    }
    fields
}

/// The lines that a server of the recorded release would answer with.
fn answer(play: &Play, body: &[u8]) -> String {
    let body = std::str::from_utf8(body).unwrap();
    assert!(body.ends_with('\n'), "the last command needs its newline");
    // Up to 7.0 an unknown command gets no line at all.
    let release = play
        .answers
        .get("build")
        .and_then(|build| build.split_once('.'));
    let is_silent =
        release.is_some_and(|(major, _)| major.parse::<u8>().is_ok_and(|major| major < 7));
    let mut lines: Vec<String> = Vec::new();
    for command in body.lines() {
        match play.answers.get(command) {
            Some(value) => lines.push(format!("{command}\t{value}\n")),
            None if is_silent => {}
            None => lines.push(format!("{command}\tERROR:4:unrecognized command\n")),
        }
    }
    if let Fault::Reverses = play.fault {
        lines.reverse();
    }
    lines.concat()
}

/// Sends a reply as the fault has it; `false` when the connection is to be closed.
fn send(play: &Play, stream: &mut (impl Read + Write), reply: &[u8]) -> std::io::Result<bool> {
    match &play.fault {
        Fault::None | Fault::Reverses => stream.write_all(reply)?,
        Fault::Silent => {
            // Until the other side gives up.
            let _ = stream.read(&mut [0]);
            return Ok(false);
        }
        Fault::Closes => return Ok(false),
        Fault::Drips(pause) => {
            for byte in reply.chunks(1) {
                stream.write_all(byte)?;
                stream.flush()?;
                std::thread::sleep(*pause);
            }
        }
        Fault::Cuts(count) => {
            stream.write_all(&reply[..*count])?;
            stream.flush()?;
            return Ok(false);
        }
        Fault::Announces(length) => {
            let mut header = vec![2, 1];
            header.extend_from_slice(&length.to_be_bytes()[2..]);
            stream.write_all(&header)?;
            stream.write_all(&reply[8..])?;
        }
        Fault::Says(bytes) => stream.write_all(bytes)?,
        Fault::Refuses(line) => stream.write_all(&message(1, format!("{line}\n").as_bytes()))?,
        Fault::Pieces(size) => {
            for piece in reply.chunks(*size) {
                stream.write_all(piece)?;
                stream.flush()?;
            }
        }
    }
    stream.flush()?;
    Ok(true)
}
