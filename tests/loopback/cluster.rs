//! A cluster of any size in one listener: every node has an address of its own in 127.1.0.0/16, all share one port,
//! and the address that was connected to says which node is meant.

use std::io::Write;
use std::net::{IpAddr, Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use super::{Recording, heard};

/// So many nodes share the third byte of their addresses.
const PER_SUBNET: usize = 250;

/// `nodes` nodes that answer alike but for what makes each itself.
pub struct Simulated {
    pub port: u16,
    messages: Arc<AtomicUsize>,
    ends: Arc<AtomicBool>,
}

struct Shared {
    answers: Recording,
    nodes: usize,
    /// `,[ID,,[ADDRESS]]` of every node, and where each begins and ends.
    peers: String,
    places: Vec<(usize, usize)>,
}

impl Simulated {
    pub fn start(nodes: usize, answers: Recording) -> Simulated {
        let listener = TcpListener::bind("0.0.0.0:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let mut peers = String::new();
        let mut places = Vec::new();
        for node in 0..nodes {
            let start = peers.len();
            peers.push_str(&format!(
                ",[{},,[{}]]",
                Simulated::id(node),
                Simulated::host(node)
            ));
            places.push((start, peers.len()));
        }
        let mut answers = answers;
        let size = format!("cluster_size={nodes}");
        let statistics = answers["statistics"].replace("cluster_size=1", &size);
        answers.insert("statistics".into(), statistics);
        let shared = Arc::new(Shared {
            answers,
            nodes,
            peers,
            places,
        });
        let cluster = Simulated {
            port,
            messages: Arc::default(),
            ends: Arc::default(),
        };
        let (messages, ends) = (Arc::clone(&cluster.messages), Arc::clone(&cluster.ends));
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                if ends.load(Ordering::SeqCst) {
                    break;
                }
                let (shared, messages) = (Arc::clone(&shared), Arc::clone(&messages));
                let serve = move || drop(serve(&shared, stream, port, &messages));
                std::thread::Builder::new()
                    .stack_size(64 * 1024)
                    .spawn(serve)
                    .unwrap();
            }
        });
        cluster
    }

    pub fn id(node: usize) -> String {
        format!("A{:X}", node + 1)
    }

    pub fn host(node: usize) -> Ipv4Addr {
        Ipv4Addr::new(
            127,
            1,
            (node / PER_SUBNET) as u8,
            (node % PER_SUBNET) as u8 + 1,
        )
    }

    pub fn messages(&self) -> usize {
        self.messages.load(Ordering::SeqCst)
    }
}

impl Drop for Simulated {
    fn drop(&mut self) {
        self.ends.store(true, Ordering::SeqCst);
        drop(TcpStream::connect(SocketAddr::from((
            Ipv4Addr::LOCALHOST,
            self.port,
        ))));
    }
}

fn serve(
    shared: &Shared,
    mut stream: TcpStream,
    port: u16,
    messages: &AtomicUsize,
) -> std::io::Result<()> {
    stream.set_nodelay(true)?;
    let IpAddr::V4(address) = stream.local_addr()?.ip() else {
        return Ok(());
    };
    let [_, _, subnet, host] = address.octets();
    let node = usize::from(subnet) * PER_SUBNET + usize::from(host).saturating_sub(1);
    if node >= shared.nodes {
        return Ok(());
    }
    loop {
        let (_, body) = heard(&mut stream)?;
        messages.fetch_add(1, Ordering::SeqCst);
        let mut reply = vec![0; 8];
        for command in std::str::from_utf8(&body).unwrap().lines() {
            reply.extend_from_slice(command.as_bytes());
            reply.push(b'\t');
            match command {
                "node" => reply.extend_from_slice(Simulated::id(node).as_bytes()),
                "service" => reply.extend_from_slice(format!("{address}:{port}").as_bytes()),
                "peers-clear-std" => shared.say_peers(node, port, &mut reply),
                _ => match shared.answers.get(command) {
                    Some(value) => reply.extend_from_slice(value.as_bytes()),
                    None => reply.extend_from_slice(b"ERROR:4:unrecognized command"),
                },
            }
            reply.push(b'\n');
        }
        let length = reply.len() as u64 - 8;
        reply[..8].copy_from_slice(&length.to_be_bytes());
        reply[..2].copy_from_slice(&[2, 1]);
        stream.write_all(&reply)?;
    }
}

impl Shared {
    /// Everybody but the node itself.
    fn say_peers(&self, node: usize, port: u16, reply: &mut Vec<u8>) {
        let (start, end) = self.places[node];
        let others = [&self.peers[..start], &self.peers[end..]].concat();
        let others = others.strip_prefix(',').unwrap_or(&others);
        reply.extend_from_slice(format!("1,{port},[{others}]").as_bytes());
    }
}
