//! Which proxy a URL goes through, as the environment says.
//!
//! ```text
//! http:   http_proxy, HTTP_PROXY (not inside a CGI program, where it is a header of the request), all_proxy, ALL_PROXY
//! https:  https_proxy, HTTPS_PROXY, all_proxy, ALL_PROXY
//! none:   no_proxy, NO_PROXY = "*" | entry *( ( "," | space ) entry )
//! entry   = [ "." | "*." ] domain [ ":" port ] | address [ ":" port ] | address "/" bits
//! ```
//! A domain stands for its subdomains, too. `localhost` and loopback addresses never go through a proxy, as in Go.

use std::net::IpAddr;

use anyhow::{Result, bail};
use ureq::{Proxy, ProxyProtocol};

use super::url::{Scheme, Url};
use crate::sources::environment::Environment;

/// The proxy for this URL; `None` where it is asked directly. Errors name the variable and never its value, which
/// may hold a password.
pub(super) fn choose(url: &Url, environment: &Environment) -> Result<Option<Proxy>> {
    let Some((variable, value)) = setting(url.scheme(), environment) else {
        return Ok(None);
    };
    let exceptions = first(environment, &["no_proxy", "NO_PROXY"]).map_or("", |(_, value)| value);
    if goes_direct(url, exceptions) {
        return Ok(None);
    }
    let Ok(proxy) = Proxy::new(value) else {
        bail!("expected the URL of a proxy in `{variable}`, but found something else");
    };
    match proxy.protocol() {
        ProxyProtocol::Http | ProxyProtocol::Https => Ok(Some(proxy)),
        _ => bail!("expected an http or https proxy in `{variable}`, but found SOCKS"),
    }
}

fn setting(scheme: Scheme, environment: &Environment) -> Option<(&'static str, &str)> {
    let variables: &[&'static str] = match scheme {
        // A CGI program gets the request's `Proxy:` header as HTTP_PROXY.
        Scheme::Http if environment.variable("REQUEST_METHOD").is_some() => {
            &["http_proxy", "all_proxy", "ALL_PROXY"]
        }
        Scheme::Http => &["http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"],
        Scheme::Https => &["https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"],
    };
    first(environment, variables)
}

fn first<'env>(
    environment: &'env Environment,
    variables: &[&'static str],
) -> Option<(&'static str, &'env str)> {
    variables
        .iter()
        .find_map(|&name| Some((name, environment.variable(name)?.trim())))
}

fn goes_direct(url: &Url, exceptions: &str) -> bool {
    let host = url.host().trim_end_matches('.');
    let address: Option<IpAddr> = host.parse().ok();
    host == "localhost"
        || host.ends_with(".localhost")
        || address.is_some_and(|address| address.is_loopback())
        || exceptions
            .split([',', ' ', '\t'])
            .filter(|entry| !entry.is_empty())
            .any(|entry| matches(entry, host, address, url.port()))
}

fn matches(entry: &str, host: &str, address: Option<IpAddr>, port: u16) -> bool {
    if entry == "*" {
        return true;
    }
    if let (Some((network, bits)), Some(address)) = (entry.split_once('/'), address) {
        return in_network(network, bits, address);
    }
    let (name, wanted) = split_port(entry);
    if wanted.is_some_and(|wanted| wanted != port) {
        return false;
    }
    let name = name.trim_start_matches('[').trim_end_matches(']');
    if let (Ok(named), Some(address)) = (name.parse::<IpAddr>(), address) {
        return named == address;
    }
    let domain = name
        .trim_start_matches('*')
        .trim_start_matches('.')
        .trim_end_matches('.')
        .to_ascii_lowercase();
    !domain.is_empty()
        && address.is_none()
        && host
            .strip_suffix(domain.as_str())
            .is_some_and(|before| before.is_empty() || before.ends_with('.'))
}

/// The port of `name:port`, not the end of an IPv6 address.
fn split_port(entry: &str) -> (&str, Option<u16>) {
    if entry.parse::<IpAddr>().is_ok() {
        return (entry, None);
    }
    match entry.rsplit_once(':') {
        Some((name, port)) if !port.contains(']') => (name, port.parse().ok().or(Some(0))),
        _ => (entry, None),
    }
}

fn in_network(network: &str, bits: &str, address: IpAddr) -> bool {
    let (Ok(network), Ok(bits)) = (network.parse::<IpAddr>(), bits.parse::<u32>()) else {
        return false;
    };
    match (network, address) {
        (IpAddr::V4(network), IpAddr::V4(address)) => {
            let mask = u32::MAX
                .checked_shl(32u32.saturating_sub(bits))
                .unwrap_or(0);
            bits <= 32 && network.to_bits() & mask == address.to_bits() & mask
        }
        (IpAddr::V6(network), IpAddr::V6(address)) => {
            let mask = u128::MAX
                .checked_shl(128u32.saturating_sub(bits))
                .unwrap_or(0);
            bits <= 128 && network.to_bits() & mask == address.to_bits() & mask
        }
        (IpAddr::V4(_), IpAddr::V6(_)) | (IpAddr::V6(_), IpAddr::V4(_)) => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn case(url: &str, variables: &[(&str, &str)], expected: Option<&str>) {
        let environment = variables.iter().copied().collect();
        let proxy = choose(&Url::parse(url).unwrap(), &environment).unwrap();
        let host = proxy.as_ref().map(|proxy| proxy.host());
        assert_eq!(host, expected, "{url} {variables:?}");
    }

    #[track_caller]
    fn direct(url: &str, exceptions: &str, expected: bool) {
        let variables = [("ALL_PROXY", "http://p:3128"), ("NO_PROXY", exceptions)];
        case(url, &variables, (!expected).then_some("p"));
    }

    #[test]
    fn the_urls_scheme_chooses_the_variable() {
        let both = [("HTTP_PROXY", "http://p1"), ("HTTPS_PROXY", "http://p2")];
        case("http://a/", &both, Some("p1"));
        case("https://a/", &both, Some("p2"));
        case("https://a/", &[("HTTP_PROXY", "http://p1")], None);
        case("https://a/", &[("all_proxy", "p3:80")], Some("p3"));
        let lower = [("http_proxy", "http://p1"), ("HTTP_PROXY", "http://p2")];
        case("http://a/", &lower, Some("p1"));
        let cgi = [("HTTP_PROXY", "http://p1"), ("REQUEST_METHOD", "GET")];
        case("http://a/", &cgi, None);
        case("http://a/", &[("HTTP_PROXY", "")], None);
    }

    #[test]
    fn no_proxy_knows_domains_ports_and_networks() {
        direct("http://a/", "*", true);
        direct("http://git.example.com/", "example.com", true);
        direct("http://git.example.com/", ".example.com", true);
        direct("http://git.example.com/", "x, *.Example.com", true);
        direct("http://example.com/", ".example.com", true);
        direct("http://badexample.com/", "example.com", false);
        direct("http://a:8080/", "a:8080", true);
        direct("http://a/", "a:8080", false);
        direct("http://10.1.2.3/", "10.0.0.0/8", true);
        direct("http://11.1.2.3/", "10.0.0.0/8", false);
        direct("http://11.1.2.3/", "0.0.0.0/0", true);
        direct("http://[fd00::1]/", "fd00::/8", true);
        direct("http://[fd00::1]:80/", "[fd00::1]:80", true);
        direct("http://10.1.2.3/", "10.1.2.3", true);
        direct("http://10.1.2.3/", "2.3", false);
    }

    #[test]
    fn loopback_never_goes_through_a_proxy() {
        direct("http://localhost:1/", "", true);
        direct("http://127.0.0.2/", "", true);
        direct("http://[::1]/", "", true);
    }

    #[test]
    fn a_bad_proxy_is_named_by_its_variable_only() {
        for (value, expected) in [
            (
                "http://",
                "expected the URL of a proxy in `HTTP_PROXY`, but found something else",
            ),
            (
                "socks5://joe:secret@p",
                "expected an http or https proxy in `HTTP_PROXY`, but found SOCKS",
            ),
        ] {
            let environment = [("HTTP_PROXY", value)].into_iter().collect();
            let error = choose(&Url::parse("http://a/").unwrap(), &environment).unwrap_err();
            assert_eq!(error.to_string(), expected);
        }
    }
}
