//! Where servers do otherwise than the catalogue says, as their verdicts show.

use crate::catalogue::{self, Availability, Context, Edition, Kind, Release, Row};

/// The row of a parameter as the server has it.
pub(super) fn row(context: Context, name: &[u8], release: Release) -> Option<Row> {
    // Between two rows a parameter was away: `batch-max-requests` from 6.4 to 7.0.
    let found = catalogue::find(context, name, release).filter(|found| release <= found.row.until);
    match (context, name) {
        // Published as text, but refused by name on every release that has them.
        (Context::NetworkService, b"alternate-address" | b"network-interface-name")
        | (Context::Heartbeat, b"interface-address") => found.map(|found| Row {
            kind: Kind::Obsolete,
            ..*found.row
        }),
        // Published as enterprise's; a community server reads it.
        (Context::Heartbeat, b"tls-mesh-seed-address-port") => found.map(|found| Row {
            edition: Availability::Everywhere,
            ..*found.row
        }),
        _ => found.map(|found| *found.row),
    }
}

/// Whether the server reads the line and does nothing with it.
pub(super) fn is_ignored(context: Context, name: &[u8]) -> bool {
    matches!(
        (context, name),
        (Context::Namespace, b"evict-sys-memory-pct")
    )
}

/// Whether a line of this parameter may go without a value.
pub(super) fn may_be_empty(context: Context, name: &[u8]) -> bool {
    matches!(
        (context, name),
        (Context::LogSyslog, b"facility" | b"path" | b"tag")
            | (Context::Namespace, b"evict-sys-memory-pct")
            | (
                Context::NetworkService | Context::NetworkAdmin,
                b"tls-authenticate-client"
            )
            | (
                Context::SecurityLog | Context::SecuritySyslog,
                b"report-data-op" | b"report-data-op-role" | b"report-data-op-user"
            )
    )
}

/// How many values of the line the server looks at.
pub(super) fn values_read(context: Context, name: &[u8]) -> usize {
    match (context, name) {
        (Context::LogSink | Context::LogSyslog, b"context")
        | (Context::Heartbeat, b"mesh-seed-address-port" | b"tls-mesh-seed-address-port")
        | (Context::StorageDevice | Context::StoragePmem, b"file" | b"device")
        | (Context::SecurityLog | Context::SecuritySyslog, b"report-data-op") => 2,
        (Context::XdrDc, b"node-address-port") | (Context::Service, b"secrets-address-port") => 3,
        _ => 1,
    }
}

/// The bytes that a name has to stay below.
pub(super) fn longest(context: Context, name: &[u8]) -> Option<usize> {
    match (context, name) {
        (Context::Namespace, b"set") | (Context::XdrDc, b"auth-user") => Some(64),
        (Context::XdrNamespace, b"ship-set" | b"ignore-set") => Some(64),
        (Context::XdrNamespace, b"ship-bin" | b"ignore-bin") => Some(16),
        (Context::XdrNamespace, b"remote-namespace") => Some(32),
        (Context::ModLua, b"user-path") => Some(256),
        _ => None,
    }
}

/// How many lines of a parameter the server has room for in one section, where more of them keep it from starting and
/// it names no line. A set that is given twice counts twice. The numbers are those of its public headers.
pub(super) fn most_lines(context: Context, name: &[u8], release: Release) -> Option<u32> {
    use Context as C;
    match (context, name) {
        // Twelve bits for the number of a set, 0 being none; ten in 5.7. When it changed is not known.
        (C::Namespace, b"set") if !release.is_from(6, 0) => Some(1023),
        (C::Namespace, b"set") => Some(4095),
        (C::Network, b"tls") => Some(10),
        (C::Ldap, b"role-query-pattern") => Some(64),
        (C::Heartbeat, b"multicast-group")
        | (
            C::NetworkService | C::Heartbeat | C::Fabric | C::NetworkInfo | C::NetworkAdmin,
            b"address" | b"tls-address",
        )
        | (
            C::NetworkService,
            b"access-address"
            | b"alternate-access-address"
            | b"tls-access-address"
            | b"tls-alternate-access-address",
        )
        | (C::NetworkService | C::NetworkAdmin, b"tls-authenticate-client") => Some(250),
        _ => None,
    }
}

/// The words that a parameter takes though the catalogue calls it text.
pub(super) fn words(context: Context, name: &[u8]) -> Option<&'static [&'static str]> {
    match (context, name) {
        (Context::StorageDevice, b"scheduler-mode") => {
            Some(&["anticipatory", "cfq", "deadline", "noop"])
        }
        (Context::LogSyslog, b"facility") => Some(catalogue::LOG_FACILITIES),
        _ => None,
    }
}

/// How many namespaces a server has room for.
pub(super) fn most_namespaces(edition: Edition) -> usize {
    match edition {
        Edition::Community => 2,
        Edition::Enterprise => 32,
    }
}

/// How many nodes a cluster may have, and so how many seeds.
pub(super) fn most_nodes(edition: Edition) -> usize {
    match edition {
        Edition::Community => 8,
        Edition::Enterprise => 256,
    }
}

/// A namespace's name is shorter than this.
pub(super) const NAMESPACE_SIZE: usize = 32;
/// Log sinks, of whatever kind.
pub(super) const MOST_SINKS: usize = 8;
/// Devices or files of a namespace.
pub(super) const MOST_DEVICES: usize = 128;
/// Mounts of an index, and of the secondary indexes.
pub(super) const MOST_MOUNTS: usize = 16;
/// Feature key files.
pub(super) const MOST_FEATURE_KEYS: usize = 32;
/// What the server keeps for itself at the start of a file or a device.
pub(super) const DEVICE_HEADER: u64 = 8 << 20;
/// The greatest `default-ttl` of a set: ten years.
pub(super) const LONGEST_TTL: u64 = 315_360_000;
