//! The machine that the program runs on, as Linux tells it; elsewhere nothing is known of it.

use std::fs;
use std::net::{IpAddr, ToSocketAddrs, UdpSocket};
use std::path::Path;

use crate::settings::{Interface, Machine};

/// Looks at the machine. What cannot be read is left out.
pub fn look() -> Machine {
    Machine {
        cpus: fs::read_to_string("/sys/devices/system/cpu/online")
            .ok()
            .and_then(|list| count(&list)),
        interfaces: interfaces(Path::new("/sys/class/net")),
        memory: fs::read_to_string("/proc/meminfo")
            .ok()
            .and_then(|text| memory(&text)),
    }
}

/// The machine's name; empty where it has none.
pub fn name() -> String {
    rustix::system::uname()
        .nodename()
        .to_string_lossy()
        .into_owned()
}

/// Whether `HOST:PORT` is one of this machine's addresses: a socket can be bound to no other.
pub fn is_own(address: &str) -> bool {
    let resolved: Vec<IpAddr> = address
        .to_socket_addrs()
        .map(|all| all.map(|one| one.ip()).collect())
        .unwrap_or_default();
    let is_own = |ip: &IpAddr| UdpSocket::bind((*ip, 0)).is_ok();
    !resolved.is_empty() && resolved.iter().all(is_own)
}

/// How many CPUs a list such as `0-3,8` names.
fn count(list: &str) -> Option<u64> {
    list.trim().split(',').try_fold(0, |sum, part| {
        let (first, last) = part.split_once('-').unwrap_or((part, part));
        let (first, last): (u64, u64) = (first.parse().ok()?, last.parse().ok()?);
        Some(sum + last.checked_sub(first)? + 1)
    })
}

fn memory(text: &str) -> Option<u64> {
    let line = text
        .lines()
        .find_map(|line| line.strip_prefix("MemTotal:"))?;
    line.trim().strip_suffix("kB")?.trim().parse().ok()
}

fn interfaces(folder: &Path) -> Vec<Interface> {
    let Ok(entries) = fs::read_dir(folder) else {
        return Vec::new();
    };
    let read = |path: &Path, name: &str| fs::read_to_string(path.join(name)).ok();
    let interface = |path: &Path| {
        let mtu = read(path, "mtu")?.trim().parse().ok()?;
        let mac = mac(read(path, "address")?.trim()).unwrap_or_default();
        Some(Interface { mac, mtu })
    };
    entries
        .flatten()
        .filter_map(|entry| interface(&entry.path()))
        .collect()
}

fn mac(text: &str) -> Option<[u8; 6]> {
    let mut bytes = [0; 6];
    let mut parts = text.split(':');
    for byte in &mut bytes {
        *byte = u8::from_str_radix(parts.next()?, 16).ok()?;
    }
    parts.next().is_none().then_some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_linux_tells_is_read() {
        assert_eq!(count("0-3,8\n"), Some(5));
        assert_eq!(count("0"), Some(1));
        assert_eq!(count(""), None);
        assert_eq!(
            memory("MemTotal:       24684096 kB\nMemFree: 1 kB\n"),
            Some(24_684_096)
        );
        assert_eq!(mac("02:fc:00:00:00:01"), Some([2, 0xfc, 0, 0, 0, 1]));
        assert_eq!(mac("02:fc"), None);
    }
}
