//! TCP under a deadline: looking up, connecting, reading and writing. For nodes and for Riemann.

use std::io::{self, Read, Write};
use std::net::{SocketAddr, TcpStream, ToSocketAddrs};
use std::sync::mpsc;
use std::time::Duration;

use crate::deadline::Deadline;

/// A TCP stream that never waits beyond the deadline.
#[derive(Debug)]
pub struct Timed {
    /// The stream.
    pub stream: TcpStream,
    /// When everything has to be over.
    pub deadline: Deadline,
}

impl Timed {
    fn left(&self) -> io::Result<Duration> {
        self.deadline
            .remaining()
            .ok_or_else(|| io::ErrorKind::TimedOut.into())
    }
}

impl Read for Timed {
    fn read(&mut self, bytes: &mut [u8]) -> io::Result<usize> {
        self.stream.set_read_timeout(Some(self.left()?))?;
        self.stream.read(bytes).map_err(timed_out)
    }
}

impl Write for Timed {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.stream.set_write_timeout(Some(self.left()?))?;
        self.stream.write(bytes).map_err(timed_out)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.stream.flush()
    }
}

/// A socket's time-out is called `WouldBlock`, which rustls would take for "later".
fn timed_out(error: io::Error) -> io::Error {
    match error.kind() {
        io::ErrorKind::WouldBlock => io::ErrorKind::TimedOut.into(),
        _ => error,
    }
}

/// The addresses of a host. Looking up takes no time-out, so it gets a thread that is left behind when it is too slow.
pub fn look_up(host: &str, port: u16, deadline: Deadline) -> Result<Vec<SocketAddr>, String> {
    if let Ok(address) = host.parse() {
        return Ok(vec![SocketAddr::new(address, port)]);
    }
    let (sender, receiver) = mpsc::channel();
    let place = (host.to_owned(), port);
    let look = move || {
        // Nobody listens any more when the deadline has passed.
        let _ = sender.send(place.to_socket_addrs().map(Iterator::collect));
    };
    std::thread::Builder::new()
        .name("look-up".into())
        .spawn(look)
        .map_err(|error| error.to_string())?;
    let left = deadline.remaining().unwrap_or_default();
    let found: Vec<SocketAddr> = match receiver.recv_timeout(left) {
        Ok(Ok(found)) => found,
        Ok(Err(error)) => return Err(lookup_words(&error)),
        Err(_) => return Err("time is up, the name server does not answer".to_owned()),
    };
    if found.is_empty() {
        return Err("the name has no address".to_owned());
    }
    Ok(found)
}

/// The resolver's own text is behind a colon: `failed to lookup address information: Name or service not known`.
fn lookup_words(error: &io::Error) -> String {
    let words = error.to_string();
    let words = words.rsplit(": ").next().unwrap_or(&words);
    let mut letters = words.chars();
    match letters.next() {
        Some(first) => first.to_lowercase().chain(letters).collect(),
        None => "the name is unknown".to_owned(),
    }
}

/// The first of the addresses that accepts. Each gets a fair share of the time, so a silent one does not starve the
/// others.
pub fn connect(places: &[SocketAddr], deadline: Deadline) -> Result<TcpStream, String> {
    let mut reasons: Vec<String> = Vec::new();
    for (place, left_over) in places.iter().zip((1..=places.len() as u32).rev()) {
        let Some(left) = deadline.remaining() else {
            reasons.push("time is up".to_owned());
            break;
        };
        // A share may round down to nothing, which sockets refuse.
        let share = (left / left_over).max(Duration::from_micros(1));
        match TcpStream::connect_timeout(place, share) {
            Ok(stream) => {
                // Small messages, each of which is waited for.
                let _ = stream.set_nodelay(true);
                return Ok(stream);
            }
            Err(error) if places.len() == 1 => reasons.push(io_words(&error)),
            Err(error) => reasons.push(format!("{} {}", place.ip(), io_words(&error))),
        }
    }
    reasons.dedup();
    Err(reasons.join(", "))
}

/// The fault of TLS that an error of a stream is, if it is one.
pub fn tls_fault(error: &io::Error) -> Option<&rustls::Error> {
    error.get_ref()?.downcast_ref()
}

/// What an error of a stream is in our words.
pub fn io_words(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::ConnectionRefused => "connection refused".to_owned(),
        io::ErrorKind::TimedOut | io::ErrorKind::WouldBlock => "time is up".to_owned(),
        io::ErrorKind::UnexpectedEof
        | io::ErrorKind::ConnectionReset
        | io::ErrorKind::ConnectionAborted
        | io::ErrorKind::BrokenPipe => "the connection was closed".to_owned(),
        io::ErrorKind::HostUnreachable | io::ErrorKind::NetworkUnreachable => {
            "no way to the host".to_owned()
        }
        _ => error.to_string(),
    }
}
