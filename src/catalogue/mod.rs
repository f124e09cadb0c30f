//! What is known of each parameter of aerospike.conf, from 5.0 to 8.1.2.
//!
//! The tables are written as `const` data and packed by the compiler, sorted and searched in halves; a table that is
//! out of order does not compile. They are the rows of `fixtures/parameters.tsv`, which `tests/catalogue.rs` proves.
//! Nothing is read at start.
//!
//! ```text
//! (context, name, release) ── find ──> row, and whether the release lies within it
//! ```
//!
//! Not here: how a value is read (`settings`) and what a server refuses (`lint`).

use std::ops::Range;

mod context;
mod enterprise;
mod log;
mod namespace;
mod network;
mod packed;
mod release;
mod row;
mod service;
mod spelled;
mod storage;

pub use context::Context;
pub use log::{LOG_FACILITIES, LOG_LEVELS, log_contexts};
use packed::{CONTEXTS, INITIALS, Initials, ROWS, STARTS};
pub use release::{Edition, Release};
pub use row::{Availability, Bound, Change, Default, Kind, Row, Text, Times};
use spelled::Spelled;

/// Every table as it is written, with its context, in the contexts' order.
const TABLES: &[(Context, &[Spelled])] = &[
    (Context::Service, service::SERVICE),
    (Context::Logging, network::LOGGING),
    (Context::LogSink, network::LOG_SINK),
    (Context::LogSyslog, network::LOG_SYSLOG),
    (Context::Network, network::NETWORK),
    (Context::NetworkService, network::NETWORK_SERVICE),
    (Context::Heartbeat, network::HEARTBEAT),
    (Context::Fabric, network::FABRIC),
    (Context::NetworkInfo, network::NETWORK_INFO),
    (Context::NetworkAdmin, network::NETWORK_ADMIN),
    (Context::NetworkTls, network::NETWORK_TLS),
    (Context::Namespace, namespace::NAMESPACE),
    (Context::Set, namespace::SET),
    (Context::Sindex, namespace::SINDEX),
    (Context::Geo2dsphere, namespace::GEO2DSPHERE),
    (Context::IndexPmem, namespace::INDEX_PMEM),
    (Context::IndexFlash, namespace::INDEX_FLASH),
    (Context::SindexPmem, namespace::SINDEX_PMEM),
    (Context::SindexFlash, namespace::SINDEX_FLASH),
    (Context::StorageMemory, storage::STORAGE_MEMORY),
    (Context::StoragePmem, storage::STORAGE_PMEM),
    (Context::StorageDevice, storage::STORAGE_DEVICE),
    (Context::ModLua, network::MOD_LUA),
    (Context::Security, enterprise::SECURITY),
    (Context::Ldap, enterprise::LDAP),
    (Context::SecurityLog, enterprise::SECURITY_LOG),
    (Context::SecuritySyslog, enterprise::SECURITY_SYSLOG),
    (Context::Xdr, enterprise::XDR),
    (Context::XdrDc, enterprise::XDR_DC),
    (Context::XdrNamespace, enterprise::XDR_NAMESPACE),
];

/// A row, and whether it was written for the release that was asked for.
#[derive(Clone, Copy, Debug)]
pub struct Found {
    /// The row.
    pub row: &'static Row,
    /// False where the release lies between two rows or after the newest known release, and the nearest older
    /// row stands in.
    pub exact: bool,
}

/// Every context that has rows, with its rows.
pub fn tables() -> impl Iterator<Item = (Context, &'static [Row])> {
    CONTEXTS.iter().map(|context| (*context, rows(*context)))
}

/// The rows of a context, sorted by name, then by release.
pub fn rows(context: Context) -> &'static [Row] {
    &ROWS[span(context)]
}

fn span(context: Context) -> Range<usize> {
    let at = context as usize;
    usize::from(STARTS[at])..usize::from(STARTS[at + 1])
}

/// What is known of `name` in `context` on a server of `release`.
///
/// Where the release lies between two rows, the nearest older one is taken; after a parameter's last row there is
/// none, it is gone.
pub fn find(context: Context, name: &[u8], release: Release) -> Option<Found> {
    let span = span(context);
    let (rows, known) = (&ROWS[span.clone()], &INITIALS[span]);
    let initials = Initials::of(name);
    let first = known.partition_point(|one| *one < initials);
    let (mut found, mut is_last) = (None, true);
    for (row, one) in rows[first..].iter().zip(&known[first..]) {
        if *one != initials {
            break;
        }
        if row.name.as_bytes() == name {
            if release < row.since {
                is_last = false;
                break;
            }
            found = Some(row);
        }
    }
    let row = found?;
    let within = release <= row.until;
    if !within && is_last {
        return None;
    }
    Some(Found {
        row,
        exact: within && release <= Release::NEWEST_KNOWN,
    })
}

impl Row {
    /// The value that a silent file means on this edition, as the server prints it; `None` where nothing is known
    /// or the machine decides.
    pub fn default_for(&self, edition: Edition) -> Option<&'static str> {
        match self.default {
            Default::Unknown | Default::Derived => None,
            Default::Unset | Default::Empty => Some(""),
            Default::Is(value) => Some(value.as_str()),
            Default::ByEdition(enterprise, community) => Some(match edition {
                Edition::Enterprise => enterprise.as_str(),
                Edition::Community => community.as_str(),
            }),
        }
    }
}

/// Whether a parameter of this name, or at a path that ends with it, holds a secret that no output may show. Parameters
/// that name a file hold none.
pub fn is_secret(name: impl AsRef<[u8]>) -> bool {
    name.as_ref().ends_with(b"-password")
}

/// What is shown in the place of a secret.
pub const HIDDEN: &str = "(hidden)";

const fn is_sorted(rows: &[Spelled]) -> bool {
    let mut at = 1;
    while at < rows.len() {
        let (one, next) = (&rows[at - 1], &rows[at]);
        match compare(one.name.as_bytes(), next.name.as_bytes()) {
            -1 => {}
            0 if one.since.sort_key() < next.since.sort_key() => {}
            _ => return false,
        }
        at += 1;
    }
    true
}

const fn compare(one: &[u8], other: &[u8]) -> i8 {
    let mut at = 0;
    while at < one.len() && at < other.len() {
        if one[at] != other[at] {
            return if one[at] < other[at] { -1 } else { 1 };
        }
        at += 1;
    }
    if one.len() == other.len() {
        0
    } else if one.len() < other.len() {
        -1
    } else {
        1
    }
}

const _: () = {
    let mut at = 0;
    while at < TABLES.len() {
        assert!(
            is_sorted(TABLES[at].1),
            "a table of the catalogue is out of order"
        );
        assert!(
            at == 0 || (TABLES[at - 1].0 as u8) < TABLES[at].0 as u8,
            "the tables are out of order"
        );
        at += 1;
    }
};

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn case(context: Context, name: &str, release: &str, expected: Option<(&str, bool)>) {
        let found = find(context, name.as_bytes(), Release::parse(release).unwrap());
        let seen = found.map(|found| {
            (
                found.row.default_for(Edition::Community).unwrap_or("-"),
                found.exact,
            )
        });
        assert_eq!(seen, expected, "{name} on {release}");
    }

    #[test]
    fn every_row_is_found_by_its_name_from_its_first_release_to_its_last() {
        let mut lost = Vec::new();
        for (context, rows) in tables() {
            for row in rows {
                let found = [row.since, row.until]
                    .map(|release| find(context, row.name().as_bytes(), release));
                if !found
                    .iter()
                    .flatten()
                    .all(|found| std::ptr::eq(found.row, row))
                    || found.iter().flatten().count() != 2
                {
                    lost.push((context, row.name(), row.since));
                }
            }
        }
        assert_eq!(lost, []);
    }

    #[test]
    fn the_row_of_the_release_is_found() {
        case(
            Context::Service,
            "batch-max-requests",
            "6.3.0.1",
            Some(("5000", true)),
        );
        case(
            Context::Service,
            "batch-max-requests",
            "7.1.0.0",
            Some(("0", true)),
        );
        case(
            Context::Service,
            "proto-fd-max",
            "8.1.0.3",
            Some(("15000", true)),
        );
        case(
            Context::Geo2dsphere,
            "max-level",
            "5.6.0.0",
            Some(("30", true)),
        );
        case(
            Context::Geo2dsphere,
            "max-level",
            "5.7.0.0",
            Some(("20", true)),
        );
    }

    #[test]
    fn between_two_rows_the_nearest_older_one_stands_in() {
        case(
            Context::Service,
            "batch-max-requests",
            "7.0.0.26",
            Some(("5000", false)),
        );
    }

    #[test]
    fn a_parameter_is_unknown_before_its_first_row_and_after_its_last() {
        case(Context::Service, "query-max-done", "5.7.0.0", None);
        case(Context::Service, "query-threads", "6.0.0.0", None);
        case(Context::Service, "no-such-name", "8.1.2.0", None);
    }

    #[test]
    fn a_server_newer_than_the_catalogue_gets_the_newest_rows_and_that_is_said() {
        case(
            Context::Service,
            "ticker-interval",
            "8.1.9.0",
            Some(("10", false)),
        );
        case(
            Context::Service,
            "ticker-interval",
            "8.1.2.7",
            Some(("10", true)),
        );
    }

    #[test]
    fn defaults_follow_the_edition() {
        let row = find(Context::Namespace, b"mrt-duration", Release::NEWEST_KNOWN)
            .unwrap()
            .row;
        assert_eq!(row.default_for(Edition::Enterprise), Some("10"));
        assert_eq!(row.default_for(Edition::Community), Some("0"));
    }
}
