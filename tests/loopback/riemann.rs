//! A Riemann on loopback: it keeps what it is sent, and answers as the test says.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream, UdpSocket};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use protobuf::Message;
use riemann_client::proto::{Event, Msg};
use rustls::{ServerConfig, ServerConnection, StreamOwned};

/// What it says when it was sent a message.
#[derive(Clone)]
pub enum Manner {
    /// Yes.
    Kind,
    /// No, perhaps with a reason.
    Rejects(Option<&'static str>),
    /// Nothing, and it keeps the connection.
    Silent,
    /// Yes, but one byte a second.
    Slow,
    /// These bytes.
    Says(Vec<u8>),
    /// It hangs up.
    HangsUp,
}

/// The server; its threads end with the process.
pub struct Riemann {
    port: u16,
    messages: Receiver<Msg>,
    /// What a silent one keeps open.
    _kept: Arc<Mutex<Vec<TcpStream>>>,
}

impl Riemann {
    pub fn tcp(manner: Manner) -> Riemann {
        Riemann::listening(manner, None)
    }

    pub fn tls(manner: Manner, config: Arc<ServerConfig>) -> Riemann {
        Riemann::listening(manner, Some(config))
    }

    fn listening(manner: Manner, config: Option<Arc<ServerConfig>>) -> Riemann {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let (sender, messages) = channel();
        let kept = Arc::new(Mutex::new(Vec::new()));
        let keep = Arc::clone(&kept);
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                keep.lock().unwrap().push(stream.try_clone().unwrap());
                match &config {
                    None => serve(stream, &manner, &sender),
                    Some(config) => {
                        let connection = ServerConnection::new(Arc::clone(config)).unwrap();
                        serve(StreamOwned::new(connection, stream), &manner, &sender);
                    }
                }
                if !matches!(manner, Manner::Silent) {
                    keep.lock().unwrap().clear();
                }
            }
        });
        Riemann {
            port,
            messages,
            _kept: kept,
        }
    }

    pub fn udp() -> Riemann {
        let socket = UdpSocket::bind("127.0.0.1:0").unwrap();
        let port = socket.local_addr().unwrap().port();
        let (sender, messages) = channel();
        std::thread::spawn(move || {
            let mut bytes = vec![0; 65536];
            while let Ok(count) = socket.recv(&mut bytes) {
                assert!(count <= 16384, "a datagram of {count} bytes");
                let _ = sender.send(Msg::parse_from_bytes(&bytes[..count]).unwrap());
            }
        });
        Riemann {
            port,
            messages,
            _kept: Arc::default(),
        }
    }

    pub fn url(&self, scheme: &str) -> String {
        format!("{scheme}://localhost:{}", self.port)
    }

    /// The events of the next message.
    pub fn events(&self) -> Vec<Event> {
        let message = self.messages.recv_timeout(Duration::from_secs(20));
        message.expect("a message").events
    }

    /// Whether no message came; to be asked when the client is gone.
    pub fn heard_nothing(&self) -> bool {
        self.messages.try_recv().is_err()
    }
}

fn serve(mut stream: impl Read + Write, manner: &Manner, sender: &Sender<Msg>) {
    let mut length = [0; 4];
    // A client that does not like our certificate goes at once.
    let Ok(()) = stream.read_exact(&mut length) else {
        return;
    };
    let mut bytes = vec![0; u32::from_be_bytes(length) as usize];
    stream.read_exact(&mut bytes).unwrap();
    sender.send(Msg::parse_from_bytes(&bytes).unwrap()).unwrap();
    // The client may have given up before it was answered.
    match manner {
        Manner::Kind => drop(stream.write_all(&framed(&answer(true, None)))),
        Manner::Rejects(why) => drop(stream.write_all(&framed(&answer(false, *why)))),
        Manner::Says(bytes) => drop(stream.write_all(bytes)),
        Manner::Silent | Manner::HangsUp => {}
        Manner::Slow => {
            for byte in framed(&answer(true, None)) {
                if stream.write_all(&[byte]).is_err() {
                    return;
                }
                std::thread::sleep(Duration::from_secs(1));
            }
        }
    }
    let _ = stream.flush();
}

fn answer(ok: bool, error: Option<&str>) -> Vec<u8> {
    let message = Msg {
        ok: Some(ok),
        error: error.map(str::to_owned),
        ..Msg::new()
    };
    message.write_to_bytes().unwrap()
}

/// A message behind its length.
pub fn framed(message: &[u8]) -> Vec<u8> {
    let mut bytes = u32::try_from(message.len()).unwrap().to_be_bytes().to_vec();
    bytes.extend_from_slice(message);
    bytes
}
