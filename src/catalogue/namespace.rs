//! `namespace` and its sections but for the storage engines. One row a line, sorted by name and release; the columns are those of [`Row`].

use super::Row;
#[allow(clippy::wildcard_imports)]
use super::row::spell::*;

#[rustfmt::skip]
pub(super) const NAMESPACE: &[Row] = &[
    row("active-rack", from(7, 2), NEWEST, U32, at(0, 0), at(1000000, 1000000), One, Ee, Is("0"), Dynamic, ""),
    row("allow-ttl-without-nsup", OLDEST, NEWEST, Bool, ANY, ANY, One, Ce, Is("false"), Dynamic, ""),
    row("apply-ttl-reductions", exact(8, 1, 0), NEWEST, Bool, ANY, ANY, One, Ce, Is("true"), Dynamic, ""),
    row("auto-revive", from(7, 1), NEWEST, Bool, ANY, ANY, One, Ee, Is("false"), Static, ""),
    row("background-query-max-rps", from(6, 0), NEWEST, U32, at(1, 1), at(1000000, 1000000), One, Ce, Is("10000"), Dynamic, ""),
    row("background-scan-max-rps", OLDEST, thru(5, 7), U32, at(1, 1), at(1000000, 1000000), One, Ce, Is("10000"), Dynamic, ""),
    row("background-scan-max-rps", from(6, 0), NEWEST, Obsolete, ANY, ANY, One, Ce, Unknown, Undocumented, "background-query-max-rps"),
    row("conflict-resolution-policy", OLDEST, thru(5, 5), Enum(&["generation", "last-update-time"]), ANY, ANY, One, Ce, Is("generation"), Static, ""),
    row("conflict-resolution-policy", from(5, 6), NEWEST, Enum(&["generation", "last-update-time"]), ANY, ANY, One, Ce, Is("generation"), Dynamic, ""),
    row("conflict-resolve-writes", from(5, 4), NEWEST, Bool, ANY, ANY, One, Ee, Is("false"), Dynamic, ""),
    row("convert-single-bin", from(6, 4), thru(6, 4), Bool, ANY, ANY, One, Ce, Is("false"), Undocumented, ""),
    row("data-in-index", OLDEST, thru(6, 3), Bool, ANY, ANY, One, Ce, Is("false"), Static, ""),
    row("data-in-index", from(6, 4), NEWEST, Obsolete, ANY, ANY, One, Ce, Unknown, Undocumented, ""),
    row("default-read-touch-ttl-pct", from(7, 1), NEWEST, U32, at(0, 0), at(100, 100), One, Ce, Is("0"), Dynamic, ""),
    row("default-ttl", OLDEST, NEWEST, Seconds, at(0, 0), at(315360000, 315360000), One, Ce, Is("0"), Dynamic, ""),
    row("disable-cold-start-eviction", OLDEST, NEWEST, Bool, ANY, ANY, One, Ce, Is("false"), Static, ""),
    row("disable-mrt-writes", from(8, 0), NEWEST, Bool, ANY, ANY, One, Ee, Is("false"), Dynamic, ""),
    row("disable-nsup", OLDEST, thru(5, 0), Obsolete, ANY, ANY, One, Ce, Unknown, Undocumented, "nsup-period"),
    row("disable-nsup", from(5, 1), NEWEST, Obsolete, ANY, ANY, One, Ce, Unknown, Undocumented, "nsup-period"),
    row("disable-write-dup-res", OLDEST, NEWEST, Bool, ANY, ANY, One, Ce, Is("false"), Dynamic, ""),
    row("disallow-expunge", from(6, 3), NEWEST, Bool, ANY, ANY, One, Ee, Is("false"), Dynamic, ""),
    row("disallow-null-setname", OLDEST, NEWEST, Bool, ANY, ANY, One, Ce, Is("false"), Dynamic, ""),
    row("enable-benchmarks-batch-sub", OLDEST, thru(6, 0), Flag, ANY, ANY, One, Ce, Is("false"), Dynamic, ""),
    row("enable-benchmarks-batch-sub", from(6, 1), NEWEST, Bool, ANY, ANY, One, Ce, Is("false"), Dynamic, ""),
    row("enable-benchmarks-ops-sub", OLDEST, thru(6, 0), Flag, ANY, ANY, One, Ce, Is("false"), Dynamic, ""),
    row("enable-benchmarks-ops-sub", from(6, 1), NEWEST, Bool, ANY, ANY, One, Ce, Is("false"), Dynamic, ""),
    row("enable-benchmarks-read", OLDEST, thru(6, 0), Flag, ANY, ANY, One, Ce, Is("false"), Dynamic, ""),
    row("enable-benchmarks-read", from(6, 1), NEWEST, Bool, ANY, ANY, One, Ce, Is("false"), Dynamic, ""),
    row("enable-benchmarks-udf", OLDEST, thru(6, 0), Flag, ANY, ANY, One, Ce, Is("false"), Dynamic, ""),
    row("enable-benchmarks-udf", from(6, 1), NEWEST, Bool, ANY, ANY, One, Ce, Is("false"), Dynamic, ""),
    row("enable-benchmarks-udf-sub", OLDEST, thru(6, 0), Flag, ANY, ANY, One, Ce, Is("false"), Dynamic, ""),
    row("enable-benchmarks-udf-sub", from(6, 1), NEWEST, Bool, ANY, ANY, One, Ce, Is("false"), Dynamic, ""),
    row("enable-benchmarks-write", OLDEST, thru(6, 0), Flag, ANY, ANY, One, Ce, Is("false"), Dynamic, ""),
    row("enable-benchmarks-write", from(6, 1), NEWEST, Bool, ANY, ANY, One, Ce, Is("false"), Dynamic, ""),
    row("enable-hist-proxy", OLDEST, NEWEST, Bool, ANY, ANY, One, Ce, Is("false"), Dynamic, ""),
    row("evict-hist-buckets", OLDEST, NEWEST, U32, at(100, 100), at(10000000, 10000000), One, Ce, Is("10000"), Dynamic, ""),
    row("evict-indexes-memory-pct", from(7, 1), NEWEST, U32, at(0, 0), at(100, 100), One, Ce, Is("0"), Dynamic, ""),
    row("evict-sys-memory-pct", from(7, 0), thru(7, 0), Text, ANY, ANY, One, Ce, Is("0"), Dynamic, ""),
    row("evict-sys-memory-pct", from(7, 1), thru(7, 1), Text, ANY, ANY, One, Ce, Unknown, Undocumented, ""),
    row("evict-sys-memory-pct", from(7, 2), NEWEST, Obsolete, ANY, ANY, One, Ce, Unknown, Undocumented, "evict-indexes-memory-pct, evict-used-pct"),
    row("evict-tenths-pct", OLDEST, NEWEST, U32, ANY, ANY, One, Ce, Is("5"), Dynamic, ""),
    row("geo2dsphere-within", OLDEST, NEWEST, Section, ANY, ANY, One, Ce, Unknown, Undocumented, ""),
    row("high-water-disk-pct", OLDEST, thru(6, 4), U32, at(0, 0), at(100, 100), One, Ce, Is("0"), Dynamic, ""),
    row("high-water-disk-pct", from(7, 0), NEWEST, Obsolete, ANY, ANY, One, Ce, Unknown, Undocumented, "storage-engine evict-used-pct"),
    row("high-water-memory-pct", OLDEST, thru(6, 4), U32, at(0, 0), at(100, 100), One, Ce, Is("0"), Dynamic, ""),
    row("high-water-memory-pct", from(7, 0), thru(7, 0), Obsolete, ANY, ANY, One, Ce, Unknown, Undocumented, "storage-engine evict-used-pct"),
    row("high-water-memory-pct", from(7, 1), NEWEST, Obsolete, ANY, ANY, One, Ce, Unknown, Undocumented, "evict-indexes-memory-pct, evict-used-pct"),
    row("ignore-migrate-fill-delay", from(5, 2), NEWEST, Bool, ANY, ANY, One, Ee, Is("false"), Dynamic, ""),
    row("index-stage-size", OLDEST, NEWEST, PowerOf2, at(134217728, 134217728), at(17179869184, 1073741824), One, Ce, Is("1073741824"), Static, ""),
    row("index-type", OLDEST, NEWEST, Enum(&["shmem", "pmem", "flash"]), ANY, ANY, One, Ee, Unknown, Undocumented, ""),
    row("indexes-memory-budget", from(7, 1), NEWEST, U64, ANY, ANY, One, Ce, Is("0"), Dynamic, ""),
    row("inline-short-queries", from(6, 3), NEWEST, Bool, ANY, ANY, One, Ce, Is("false"), Dynamic, ""),
    row("max-record-size", from(5, 7), thru(7, 0), U32, ANY, ANY, One, Ce, Is("0"), Dynamic, ""),
    row("max-record-size", from(7, 1), thru(7, 2), U32, at(0, 0), at(8388608, 8388608), One, Ce, Is("1048576"), Dynamic, ""),
    row("max-record-size", from(8, 0), NEWEST, U32, at(64, 64), at(8388608, 8388608), One, Ce, Is("1048576"), Dynamic, ""),
    row("memory-size", OLDEST, thru(6, 4), U64, at(0, 1048576), at(18446744073709551615, 18446744073709551615), One, Ce, Is("0"), Dynamic, ""),
    row("memory-size", from(7, 0), thru(7, 0), Obsolete, ANY, ANY, One, Ce, Unknown, Undocumented, "stop-writes-sys-memory-pct, evict-used-pct"),
    row("memory-size", from(7, 1), NEWEST, Obsolete, ANY, ANY, One, Ce, Unknown, Undocumented, "stop-writes-sys-memory-pct, evict-indexes-memory-pct, evict-used-pct"),
    row("migrate-order", OLDEST, NEWEST, U32, at(1, 1), at(10, 10), One, Ce, Is("5"), Dynamic, ""),
    row("migrate-retransmit-ms", OLDEST, NEWEST, U32, ANY, ANY, One, Ce, Is("5000"), Dynamic, ""),
    row("migrate-skip-unreadable", from(7, 0), thru(7, 2), Bool, ANY, ANY, One, Ce, Unknown, Undocumented, ""),
    row("migrate-skip-unreadable", from(8, 0), NEWEST, Bool, ANY, ANY, One, Ce, Is("false"), Dynamic, ""),
    row("migrate-sleep", OLDEST, NEWEST, U32, ANY, ANY, One, Ce, Is("1"), Dynamic, ""),
    row("mrt-duration", from(8, 0), NEWEST, Seconds, at(1, 1), at(120, 120), One, Ee, ByEdition("10", "0"), Dynamic, ""),
    row("nsup-hist-period", OLDEST, NEWEST, Seconds, ANY, ANY, One, Ce, Is("3600"), Dynamic, ""),
    row("nsup-period", OLDEST, NEWEST, Seconds, ANY, ANY, One, Ce, Is("0"), Dynamic, ""),
    row("nsup-threads", OLDEST, NEWEST, U32, at(1, 1), at(128, 128), One, Ce, Is("1"), Dynamic, ""),
    row("partition-tree-sprigs", OLDEST, thru(7, 0), PowerOf2, at(256, 256), at(268453456, 268435456), One, Ce, Is("256"), Static, ""),
    row("partition-tree-sprigs", from(7, 1), NEWEST, PowerOf2, at(256, 256), at(268435456, 268435456), One, Ce, Is("256"), Static, ""),
    row("prefer-uniform-balance", OLDEST, NEWEST, Bool, ANY, ANY, One, Ee, ByEdition("true", "false"), Dynamic, ""),
    row("rack-id", OLDEST, NEWEST, U32, at(0, 0), at(1000000, 1000000), One, Ee, Is("0"), Dynamic, ""),
    row("read-consistency-level-override", OLDEST, thru(5, 5), Enum(&["all", "off", "one"]), ANY, ANY, One, Ce, Is("off"), Static, ""),
    row("read-consistency-level-override", from(5, 6), NEWEST, Enum(&["all", "off", "one"]), ANY, ANY, One, Ce, Is("off"), Dynamic, ""),
    row("reject-non-xdr-writes", OLDEST, NEWEST, Bool, ANY, ANY, One, Ce, Is("false"), Dynamic, ""),
    row("reject-xdr-writes", OLDEST, NEWEST, Bool, ANY, ANY, One, Ce, Is("false"), Dynamic, ""),
    row("replication-factor", OLDEST, NEWEST, U32, at(1, 1), at(256, 8), One, Ce, Is("2"), Static, ""),
    row("set", OLDEST, NEWEST, Text, ANY, ANY, Many, Ce, Unknown, Undocumented, ""),
    row("sindex", OLDEST, thru(6, 0), Section, ANY, ANY, One, Ce, Unknown, Undocumented, ""),
    row("sindex-stage-size", from(6, 1), NEWEST, PowerOf2, at(134217728, 134217728), at(4294967296, 4294967296), One, Ce, Is("1073741824"), Static, ""),
    row("sindex-type", from(6, 3), thru(6, 3), Enum(&["shmem", "pmem"]), ANY, ANY, One, Ee, Unknown, Undocumented, ""),
    row("sindex-type", from(6, 4), NEWEST, Enum(&["shmem", "pmem", "flash"]), ANY, ANY, One, Ee, Unknown, Undocumented, ""),
    row("single-bin", OLDEST, thru(6, 3), Bool, ANY, ANY, One, Ce, Is("false"), Static, ""),
    row("single-bin", from(6, 4), NEWEST, Obsolete, ANY, ANY, One, Ce, Unknown, Undocumented, ""),
    row("single-query-threads", from(6, 0), NEWEST, U32, at(1, 1), at(128, 128), One, Ce, Is("4"), Dynamic, ""),
    row("single-scan-threads", OLDEST, thru(5, 7), U32, at(1, 1), at(128, 128), One, Ce, Is("4"), Dynamic, ""),
    row("single-scan-threads", from(6, 0), NEWEST, Obsolete, ANY, ANY, One, Ce, Unknown, Undocumented, "single-query-threads"),
    row("stop-writes-pct", OLDEST, thru(6, 4), U32, at(0, 0), at(100, 100), One, Ce, Is("90"), Dynamic, ""),
    row("stop-writes-pct", from(7, 0), NEWEST, Obsolete, ANY, ANY, One, Ce, Unknown, Undocumented, "stop-writes-sys-memory-pct"),
    row("stop-writes-sys-memory-pct", from(6, 3), NEWEST, U32, at(0, 0), at(100, 100), One, Ce, Is("90"), Dynamic, ""),
    row("storage-engine", OLDEST, NEWEST, Enum(&["memory", "pmem", "device"]), ANY, ANY, One, Ce, Unknown, Undocumented, ""),
    row("strong-consistency", OLDEST, NEWEST, Bool, ANY, ANY, One, Ee, Is("false"), Static, ""),
    row("strong-consistency-allow-expunge", OLDEST, NEWEST, Bool, ANY, ANY, One, Ee, Is("false"), Dynamic, ""),
    row("tomb-raider-eligible-age", OLDEST, NEWEST, Seconds, ANY, ANY, One, Ee, Is("86400"), Dynamic, ""),
    row("tomb-raider-period", OLDEST, NEWEST, Seconds, ANY, ANY, One, Ee, Is("86400"), Dynamic, ""),
    row("tomb-raider-unmark-threads", exact(8, 1, 2), NEWEST, U32, at(0, 0), at(128, 128), One, Ee, Is("0"), Undocumented, ""),
    row("transaction-pending-limit", OLDEST, NEWEST, U32, ANY, ANY, One, Ce, Is("20"), Dynamic, ""),
    row("truncate-threads", OLDEST, NEWEST, U32, at(1, 1), at(128, 128), One, Ce, Is("4"), Dynamic, ""),
    row("write-commit-level-override", OLDEST, thru(5, 5), Enum(&["all", "master", "off"]), ANY, ANY, One, Ce, Is("off"), Static, ""),
    row("write-commit-level-override", from(5, 6), NEWEST, Enum(&["all", "master", "off"]), ANY, ANY, One, Ce, Is("off"), Dynamic, ""),
    row("xdr-bin-tombstone-ttl", from(5, 2), thru(5, 2), Seconds, at(0, 0), at(315360000, 315360000), One, Ee, Is("0"), Dynamic, ""),
    row("xdr-bin-tombstone-ttl", from(5, 3), NEWEST, Seconds, at(0, 0), at(315360000, 315360000), One, Ee, Is("86400"), Dynamic, ""),
    row("xdr-tomb-raider-period", OLDEST, NEWEST, Seconds, ANY, ANY, One, Ee, Is("120"), Dynamic, ""),
    row("xdr-tomb-raider-threads", OLDEST, NEWEST, U32, at(1, 1), at(128, 128), One, Ee, Is("1"), Dynamic, ""),
];

#[rustfmt::skip]
pub(super) const SET: &[Row] = &[
    row("default-read-touch-ttl-pct", from(7, 1), NEWEST, PctOrMinus1, ANY, ANY, One, Ce, Is("0"), Dynamic, ""),
    row("default-ttl", from(7, 0), NEWEST, Seconds, ANY, ANY, One, Ce, Is("0"), Dynamic, ""),
    row("disable-eviction", from(5, 6), NEWEST, Bool, ANY, ANY, One, Ce, Is("false"), Dynamic, ""),
    row("enable-index", from(5, 6), NEWEST, Bool, ANY, ANY, One, Ce, Is("false"), Dynamic, ""),
    row("set-disable-eviction", OLDEST, thru(5, 5), Bool, ANY, ANY, One, Ce, Is("false"), Static, ""),
    row("set-stop-writes-count", OLDEST, thru(5, 5), U64, ANY, ANY, One, Ce, Is("0"), Dynamic, ""),
    row("stop-writes-count", from(5, 6), NEWEST, U64, ANY, ANY, One, Ce, Is("0"), Dynamic, ""),
    row("stop-writes-size", from(6, 3), NEWEST, U64, ANY, ANY, One, Ce, Is("0"), Dynamic, ""),
];

#[rustfmt::skip]
pub(super) const SINDEX: &[Row] = &[
    row("num-partitions", OLDEST, thru(6, 0), U32, at(1, 1), at(256, 256), One, Ce, Unknown, Undocumented, ""),
];

#[rustfmt::skip]
pub(super) const GEO2DSPHERE: &[Row] = &[
    row("earth-radius-meters", OLDEST, NEWEST, U32, ANY, ANY, One, Ce, Is("6371000"), Static, ""),
    row("level-mod", OLDEST, NEWEST, U16, at(1, 1), at(3, 3), One, Ce, Is("1"), Static, ""),
    row("max-cells", OLDEST, NEWEST, U16, at(1, 1), at(256, 256), One, Ce, Is("12"), Dynamic, ""),
    row("max-level", OLDEST, thru(5, 5), U16, at(0, 0), at(30, 30), One, Ce, Is("30"), Static, ""),
    row("max-level", from(5, 6), thru(5, 6), U16, at(0, 0), at(30, 30), One, Ce, Is("30"), Dynamic, ""),
    row("max-level", from(5, 7), NEWEST, U16, at(0, 0), at(30, 30), One, Ce, Is("20"), Dynamic, ""),
    row("min-level", OLDEST, thru(5, 5), U16, at(0, 0), at(30, 30), One, Ce, Is("1"), Static, ""),
    row("min-level", from(5, 6), NEWEST, U16, at(0, 0), at(30, 30), One, Ce, Is("1"), Dynamic, ""),
    row("strict", OLDEST, NEWEST, Bool, ANY, ANY, One, Ce, Is("true"), Static, ""),
];

#[rustfmt::skip]
pub(super) const INDEX_PMEM: &[Row] = &[
    row("evict-mounts-pct", from(7, 0), NEWEST, U32, at(0, 0), at(100, 100), One, Ee, Is("0"), Dynamic, ""),
    row("mount", OLDEST, NEWEST, Text, ANY, ANY, Many, Ee, Empty, Static, ""),
    row("mounts-budget", from(7, 0), NEWEST, U64, at(1073741824, 1073741824), at(18446744073709551615, 18446744073709551615), One, Ee, Is("0"), Dynamic, ""),
    row("mounts-high-water-pct", OLDEST, thru(6, 4), U32, at(0, 0), at(100, 100), One, Ee, Is("0"), Dynamic, ""),
    row("mounts-high-water-pct", from(7, 0), NEWEST, Obsolete, ANY, ANY, One, Ee, Unknown, Undocumented, "evict-mounts-pct"),
    row("mounts-size-limit", OLDEST, thru(6, 4), U64, at(1073741824, 1073741824), at(18446744073709551615, 18446744073709551615), One, Ee, Is("0"), Dynamic, ""),
    row("mounts-size-limit", from(7, 0), NEWEST, Obsolete, ANY, ANY, One, Ee, Unknown, Undocumented, "mounts-budget"),
];

#[rustfmt::skip]
pub(super) const INDEX_FLASH: &[Row] = &[
    row("evict-mounts-pct", from(7, 0), NEWEST, U32, at(0, 0), at(100, 100), One, Ee, Is("0"), Dynamic, ""),
    row("mount", OLDEST, NEWEST, Text, ANY, ANY, Many, Ee, Empty, Static, ""),
    row("mounts-budget", from(7, 0), NEWEST, U64, at(4294967296, 4294967296), at(18446744073709551615, 18446744073709551615), One, Ee, Is("0"), Dynamic, ""),
    row("mounts-high-water-pct", OLDEST, thru(6, 4), U32, at(0, 0), at(100, 100), One, Ee, Is("0"), Dynamic, ""),
    row("mounts-high-water-pct", from(7, 0), NEWEST, Obsolete, ANY, ANY, One, Ee, Unknown, Undocumented, "evict-mounts-pct"),
    row("mounts-size-limit", OLDEST, thru(6, 4), U64, at(4294967296, 4294967296), at(18446744073709551615, 18446744073709551615), One, Ee, Is("0"), Dynamic, ""),
    row("mounts-size-limit", from(7, 0), NEWEST, Obsolete, ANY, ANY, One, Ee, Unknown, Undocumented, "mounts-budget"),
];

#[rustfmt::skip]
pub(super) const SINDEX_PMEM: &[Row] = &[
    row("evict-mounts-pct", from(7, 0), NEWEST, U32, at(0, 0), at(100, 100), One, Ee, Is("0"), Dynamic, ""),
    row("mount", from(6, 3), NEWEST, Text, ANY, ANY, Many, Ee, Empty, Static, ""),
    row("mounts-budget", from(7, 0), NEWEST, U64, at(1073741824, 1073741824), at(18446744073709551615, 18446744073709551615), One, Ee, Is("0"), Dynamic, ""),
    row("mounts-high-water-pct", from(6, 3), thru(6, 4), U32, at(0, 0), at(100, 100), One, Ee, Is("0"), Dynamic, ""),
    row("mounts-high-water-pct", from(7, 0), NEWEST, Obsolete, ANY, ANY, One, Ee, Unknown, Undocumented, "evict-mounts-pct"),
    row("mounts-size-limit", from(6, 3), thru(6, 4), U64, at(1073741824, 1073741824), at(18446744073709551615, 18446744073709551615), One, Ee, Is("0"), Dynamic, ""),
    row("mounts-size-limit", from(7, 0), NEWEST, Obsolete, ANY, ANY, One, Ee, Unknown, Undocumented, "mounts-budget"),
];

#[rustfmt::skip]
pub(super) const SINDEX_FLASH: &[Row] = &[
    row("evict-mounts-pct", from(7, 0), NEWEST, U32, at(0, 0), at(100, 100), One, Ee, Is("0"), Dynamic, ""),
    row("mount", from(6, 4), NEWEST, Text, ANY, ANY, Many, Ee, Empty, Static, ""),
    row("mounts-budget", from(7, 0), NEWEST, U64, at(1073741824, 1073741824), at(18446744073709551615, 18446744073709551615), One, Ee, Is("0"), Dynamic, ""),
    row("mounts-high-water-pct", from(6, 4), thru(6, 4), U32, at(0, 0), at(100, 100), One, Ee, Is("0"), Dynamic, ""),
    row("mounts-high-water-pct", from(7, 0), NEWEST, Obsolete, ANY, ANY, One, Ee, Unknown, Undocumented, "evict-mounts-pct"),
    row("mounts-size-limit", from(6, 4), thru(6, 4), U64, at(1073741824, 1073741824), at(18446744073709551615, 18446744073709551615), One, Ee, Is("0"), Dynamic, ""),
    row("mounts-size-limit", from(7, 0), NEWEST, Obsolete, ANY, ANY, One, Ee, Unknown, Undocumented, "mounts-budget"),
];
