//! What a running server takes where the published table does not tell.
//!
//! The table gives one word for a parameter; the server's cfg_info.c looks at the namespace, too.

use crate::catalogue::{Change, Context, Release, Row};

use super::{Path, Settings};

/// What servers take from this release on although the table calls it static or says nothing of it: recorded, or read
/// in the server's cfg_info.c; seeds of a data centre as the vendor's asadm adds and removes them.
const TAKEN: &[(Context, &str, Release)] = &[
    (
        Context::Service,
        "cgroup-mem-tracking",
        Release::new(8, 1, 2),
    ),
    (
        Context::Namespace,
        "replication-factor",
        Release::new(6, 1, 0),
    ),
    (
        Context::Namespace,
        "tomb-raider-unmark-threads",
        Release::new(8, 1, 2),
    ),
    (Context::XdrDc, "node-address-port", Release::OLDEST),
];

/// Refused where the namespace is strongly consistent.
const NOT_WHERE_CONSISTENT: &[&str] = &[
    "conflict-resolution-policy",
    "disable-write-dup-res",
    "disallow-expunge",
    "read-consistency-level-override",
    "replication-factor",
    "write-commit-level-override",
];

/// Refused where it is not.
const ONLY_WHERE_CONSISTENT: &[&str] = &[
    "disable-mrt-writes",
    "mrt-duration",
    "strong-consistency-allow-expunge",
];

/// Refused where a device's data is kept in memory, too (up to 6.4).
const NOT_WITH_DATA_IN_MEMORY: &[&str] = &["cache-replica-writes", "post-write-queue"];

impl Settings {
    /// Whether servers of this release take a new value of this parameter while they run. The published table has the
    /// last word; what one namespace refuses all the same is for [`Settings::refuses`] to say.
    pub fn takes(&self, path: &Path, context: Context, row: &Row) -> bool {
        let is_taken = |(of, name, since): &(Context, &str, Release)| {
            (*of, *name) == (context, row.name()) && self.release >= *since
        };
        row.change == Change::Dynamic
            || (TAKEN.iter().any(is_taken) && !self.refuses(path, context, row))
    }

    /// Whether a server with these settings refuses every new value of a parameter that others take.
    pub fn refuses(&self, path: &Path, context: Context, row: &Row) -> bool {
        match context {
            Context::Namespace if NOT_WHERE_CONSISTENT.contains(&row.name()) => {
                self.is_consistent_at(path)
            }
            Context::Namespace if ONLY_WHERE_CONSISTENT.contains(&row.name()) => {
                !self.is_consistent_at(path)
            }
            Context::StorageDevice if NOT_WITH_DATA_IN_MEMORY.contains(&row.name()) => {
                self.has_data_in_memory(path)
            }
            _ => false,
        }
    }

    /// Whether the namespace that this parameter stands in is strongly consistent.
    pub(super) fn is_consistent_at(&self, path: &Path) -> bool {
        let namespace = path.parent();
        namespace.is_some_and(|namespace| {
            self.one(&namespace.join("strong-consistency")) == Some("true")
        })
    }
}
