//! Plain http through a proxy: the whole URL in the request line, as RFC 9112 (3.2.2) asks of clients.
//!
//! ureq opens a tunnel with CONNECT for http, too, which proxies as installed let through to port 443 only. So
//! http is connected to the proxy in the place of the server, and the first line is rewritten on its way out. https,
//! and proxies that are themselves reached by https, keep ureq's tunnel.

use std::fmt;

use base64::Engine;
use ureq::config::Config;
use ureq::http::Uri;
use ureq::unversioned::resolver::{DefaultResolver, ResolvedSocketAddrs, Resolver};
use ureq::unversioned::transport::{
    Buffers, ConnectionDetails, Connector, NextTimeout, TcpConnector, Transport,
};
use ureq::{Agent, Error, Proxy};

use super::url::Url;

/// An agent whose every request goes to `proxy` with the whole URL. `config` must have no proxy of its own.
pub(super) fn agent(config: Config, url: &Url, proxy: &Proxy) -> Agent {
    let login = proxy.username().map(|user| {
        let pair = format!("{user}:{}", proxy.password().unwrap_or_default());
        let encoded = base64::engine::general_purpose::STANDARD.encode(pair);
        format!("proxy-authorization: Basic {encoded}\r\n")
    });
    let connector = TcpConnector::default().chain(Forward {
        origin: url.origin(),
        login: login.unwrap_or_default(),
    });
    let resolver = ToProxy(proxy.uri().clone());
    Agent::with_parts(config, connector, resolver)
}

/// Finds the proxy, whatever server is asked for.
#[derive(Debug)]
struct ToProxy(Uri);

impl Resolver for ToProxy {
    fn resolve(
        &self,
        _: &Uri,
        config: &Config,
        timeout: NextTimeout,
    ) -> Result<ResolvedSocketAddrs, Error> {
        DefaultResolver::default().resolve(&self.0, config, timeout)
    }
}

/// Wraps the connection to the proxy.
struct Forward {
    origin: String,
    /// A whole header line, or nothing.
    login: String,
}

impl fmt::Debug for Forward {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Forward")
    }
}

impl<In: Transport> Connector<In> for Forward {
    type Out = Forwarded<In>;

    fn connect(
        &self,
        _: &ConnectionDetails<'_>,
        chained: Option<In>,
    ) -> Result<Option<Forwarded<In>>, Error> {
        Ok(chained.map(|inner| Forwarded {
            inner,
            first: Some((self.origin.clone(), self.login.clone())),
        }))
    }
}

struct Forwarded<In> {
    inner: In,
    /// Origin and login, until the first line has gone out.
    first: Option<(String, String)>,
}

impl<In> fmt::Debug for Forwarded<In> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Forwarded")
    }
}

impl<In: Transport> Transport for Forwarded<In> {
    fn buffers(&mut self) -> &mut dyn Buffers {
        self.inner.buffers()
    }

    fn transmit_output(&mut self, amount: usize, timeout: NextTimeout) -> Result<(), Error> {
        let mut amount = amount;
        if let Some((origin, login)) = self.first.take() {
            let output = self.inner.buffers().output();
            let head = rewrite(&output[..amount], &origin, &login);
            let Some(room) = output.get_mut(..head.len()) else {
                return Err(Error::BadUri("too long for a proxy".into()));
            };
            room.copy_from_slice(&head);
            amount = head.len();
        }
        self.inner.transmit_output(amount, timeout)
    }

    fn await_input(&mut self, timeout: NextTimeout) -> Result<bool, Error> {
        self.inner.await_input(timeout)
    }

    fn is_open(&mut self) -> bool {
        self.inner.is_open()
    }
}

/// `GET /path HTTP/1.1` becomes `GET http://host/path HTTP/1.1`, and the login follows the line.
fn rewrite(head: &[u8], origin: &str, login: &str) -> Vec<u8> {
    let method = head
        .iter()
        .position(|&byte| byte == b' ')
        .map_or(0, |at| at + 1);
    let line = head
        .windows(2)
        .position(|pair| pair == b"\r\n")
        .map_or(head.len(), |at| at + 2);
    [
        &head[..method],
        origin.as_bytes(),
        &head[method..line],
        login.as_bytes(),
        &head[line..],
    ]
    .concat()
}
