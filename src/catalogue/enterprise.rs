//! `security` and `xdr`. One row a line, sorted by name and release; the columns are those of [`Row`](super::Row).

#[allow(clippy::wildcard_imports)]
use super::spelled::*;

#[rustfmt::skip]
pub(super) const SECURITY: &[Spelled] = &[
    row("default-password-file", from(7, 1), NEWEST, Text, ANY, ANY, One, Ee, Unset, Static, ""),
    row("enable-ldap", OLDEST, thru(5, 6), Bool, ANY, ANY, One, Ee, Is("false"), Static, ""),
    row("enable-ldap", from(5, 7), NEWEST, Obsolete, ANY, ANY, One, Ee, Unknown, Undocumented, "ldap"),
    row("enable-quotas", from(5, 6), NEWEST, Bool, ANY, ANY, One, Ee, Is("false"), Static, ""),
    row("enable-security", OLDEST, thru(5, 6), Bool, ANY, ANY, One, Ee, Is("false"), Static, ""),
    row("enable-security", from(5, 7), NEWEST, Obsolete, ANY, ANY, One, Ee, Unknown, Undocumented, "security"),
    row("ldap", OLDEST, NEWEST, Section, ANY, ANY, One, Ee, Unknown, Undocumented, ""),
    row("ldap-login-threads", OLDEST, thru(5, 5), U32, at(1, 1), at(64, 64), One, Ee, Is("8"), Dynamic, ""),
    row("ldap-login-threads", from(5, 6), thru(5, 6), U32, at(1, 1), at(64, 64), One, Ee, Is("8"), Static, ""),
    row("log", OLDEST, NEWEST, Section, ANY, ANY, One, Ee, Unknown, Undocumented, ""),
    row("privilege-refresh-period", OLDEST, NEWEST, Seconds, at(10, 10), at(86400, 86400), One, Ee, Is("300"), Dynamic, ""),
    row("session-ttl", from(5, 7), thru(5, 7), Seconds, at(60, 120), at(86400, 864000), One, Ee, Is("86400"), Dynamic, ""),
    row("session-ttl", from(6, 0), NEWEST, Seconds, at(120, 120), at(864000, 864000), One, Ee, Is("86400"), Dynamic, ""),
    row("syslog", OLDEST, thru(6, 2), Section, ANY, ANY, One, Ee, Unknown, Undocumented, ""),
    row("syslog", from(6, 3), NEWEST, Obsolete, ANY, ANY, One, Ee, Unknown, Undocumented, "syslog"),
    row("tps-weight", from(5, 6), NEWEST, U32, at(2, 2), at(20, 20), One, Ee, Is("2"), Dynamic, ""),
];

#[rustfmt::skip]
pub(super) const LDAP: &[Spelled] = &[
    row("disable-tls", OLDEST, NEWEST, Bool, ANY, ANY, One, Ee, Is("false"), Static, ""),
    row("login-threads", from(5, 7), NEWEST, U32, at(1, 1), at(64, 64), One, Ee, Is("8"), Static, ""),
    row("polling-period", OLDEST, NEWEST, Seconds, at(0, 0), at(86400, 86400), One, Ee, Is("300"), Dynamic, ""),
    row("query-base-dn", OLDEST, NEWEST, Text, ANY, ANY, One, Ee, Unset, Static, ""),
    row("query-user-dn", OLDEST, NEWEST, Text, ANY, ANY, One, Ee, Unset, Static, ""),
    row("query-user-password-file", OLDEST, NEWEST, Text, ANY, ANY, One, Ee, Unset, Static, ""),
    row("role-query-base-dn", OLDEST, NEWEST, Text, ANY, ANY, One, Ee, Unset, Static, ""),
    row("role-query-pattern", OLDEST, NEWEST, Text, ANY, ANY, Many, Ee, Empty, Static, ""),
    row("role-query-search-ou", OLDEST, NEWEST, Bool, ANY, ANY, One, Ee, Is("false"), Static, ""),
    row("server", OLDEST, NEWEST, Text, ANY, ANY, One, Ee, Unset, Static, ""),
    row("session-ttl", OLDEST, thru(5, 6), Seconds, at(120, 120), at(864000, 864000), One, Ee, Is("86400"), Dynamic, ""),
    row("tls-ca-file", OLDEST, NEWEST, Text, ANY, ANY, One, Ee, Unset, Static, ""),
    row("token-hash-method", OLDEST, NEWEST, Enum, ANY, ANY, One, Ee, Is("sha-256"), Static, "").of("sha-256|sha-512"),
    row("user-dn-pattern", OLDEST, NEWEST, Text, ANY, ANY, One, Ee, Unset, Static, ""),
    row("user-query-pattern", OLDEST, NEWEST, Text, ANY, ANY, One, Ee, Unset, Static, ""),
];

#[rustfmt::skip]
pub(super) const SECURITY_LOG: &[Spelled] = &[
    row("report-authentication", OLDEST, thru(5, 5), Bool, ANY, ANY, One, Ee, Is("false"), Static, ""),
    row("report-authentication", from(5, 6), NEWEST, Bool, ANY, ANY, One, Ee, Is("false"), Dynamic, ""),
    row("report-data-op", OLDEST, NEWEST, Text, ANY, ANY, Many, Ee, Empty, Dynamic, ""),
    row("report-data-op-role", from(5, 6), NEWEST, Text, ANY, ANY, Many, Ee, Empty, Dynamic, ""),
    row("report-data-op-user", from(5, 6), NEWEST, Text, ANY, ANY, Many, Ee, Empty, Dynamic, ""),
    row("report-sys-admin", OLDEST, thru(5, 5), Bool, ANY, ANY, One, Ee, Is("false"), Static, ""),
    row("report-sys-admin", from(5, 6), NEWEST, Bool, ANY, ANY, One, Ee, Is("false"), Dynamic, ""),
    row("report-user-admin", OLDEST, thru(5, 5), Bool, ANY, ANY, One, Ee, Is("false"), Static, ""),
    row("report-user-admin", from(5, 6), NEWEST, Bool, ANY, ANY, One, Ee, Is("false"), Dynamic, ""),
    row("report-violation", OLDEST, thru(5, 5), Bool, ANY, ANY, One, Ee, Is("false"), Static, ""),
    row("report-violation", from(5, 6), NEWEST, Bool, ANY, ANY, One, Ee, Is("false"), Dynamic, ""),
];

#[rustfmt::skip]
pub(super) const SECURITY_SYSLOG: &[Spelled] = &[
    row("local", OLDEST, thru(6, 2), I32, at(0, 0), at(7, 7), One, Ee, Is("-1"), Static, ""),
    row("report-authentication", OLDEST, thru(5, 5), Bool, ANY, ANY, One, Ee, Is("false"), Static, ""),
    row("report-authentication", from(5, 6), thru(6, 2), Bool, ANY, ANY, One, Ee, Is("false"), Dynamic, ""),
    row("report-data-op", OLDEST, thru(6, 2), Text, ANY, ANY, Many, Ee, Empty, Dynamic, ""),
    row("report-data-op-role", from(5, 6), thru(6, 2), Text, ANY, ANY, Many, Ee, Empty, Dynamic, ""),
    row("report-data-op-user", from(5, 6), thru(6, 2), Text, ANY, ANY, Many, Ee, Empty, Dynamic, ""),
    row("report-sys-admin", OLDEST, thru(5, 5), Bool, ANY, ANY, One, Ee, Is("false"), Static, ""),
    row("report-sys-admin", from(5, 6), thru(6, 2), Bool, ANY, ANY, One, Ee, Is("false"), Dynamic, ""),
    row("report-user-admin", OLDEST, thru(5, 5), Bool, ANY, ANY, One, Ee, Is("false"), Static, ""),
    row("report-user-admin", from(5, 6), thru(6, 2), Bool, ANY, ANY, One, Ee, Is("false"), Dynamic, ""),
    row("report-violation", OLDEST, thru(5, 5), Bool, ANY, ANY, One, Ee, Is("false"), Static, ""),
    row("report-violation", from(5, 6), thru(6, 2), Bool, ANY, ANY, One, Ee, Is("false"), Dynamic, ""),
];

#[rustfmt::skip]
pub(super) const XDR: &[Spelled] = &[
    row("dc", OLDEST, NEWEST, Section, ANY, ANY, One, Ee, Unknown, Undocumented, ""),
    row("src-id", from(5, 4), NEWEST, U8, at(0, 1), at(255, 255), One, Ee, Is("0"), Dynamic, ""),
];

#[rustfmt::skip]
pub(super) const XDR_DC: &[Spelled] = &[
    row("auth-mode", OLDEST, thru(5, 5), Enum, ANY, ANY, One, Ee, Is("internal"), Static, "").of("internal|external|external-insecure"),
    row("auth-mode", from(5, 6), thru(5, 6), Enum, ANY, ANY, One, Ee, Is("internal"), Dynamic, "").of("internal|external|external-insecure"),
    row("auth-mode", from(5, 7), NEWEST, Enum, ANY, ANY, One, Ee, Is("none"), Dynamic, "").of("none|internal|external|external-insecure|pki"),
    row("auth-password-file", OLDEST, NEWEST, Text, ANY, ANY, One, Ee, Unset, Dynamic, ""),
    row("auth-user", OLDEST, NEWEST, Text, ANY, ANY, One, Ee, Unset, Dynamic, ""),
    row("connector", OLDEST, NEWEST, Bool, ANY, ANY, One, Ee, Is("false"), Dynamic, ""),
    row("max-recoveries-interleaved", from(5, 5), NEWEST, U32, ANY, ANY, One, Ee, Is("0"), Dynamic, ""),
    row("max-used-service-threads", from(5, 3), thru(6, 3), U32, at(0, 0), at(4096, 4096), One, Ee, Is("0"), Dynamic, ""),
    row("namespace", OLDEST, NEWEST, Section, ANY, ANY, One, Ee, Unknown, Undocumented, ""),
    row("node-address-port", OLDEST, NEWEST, Text, ANY, ANY, Many, Ee, Empty, Static, ""),
    row("period-ms", from(5, 1), NEWEST, U32, at(5, 5), at(1000, 1000), One, Ee, Is("100"), Dynamic, ""),
    row("recovery-threads", exact(8, 1, 1), NEWEST, U32, at(1, 1), at(32, 32), One, Ee, Is("1"), Dynamic, ""),
    row("tls-name", OLDEST, NEWEST, Text, ANY, ANY, One, Ee, Unset, Dynamic, ""),
    row("use-alternate-access-address", OLDEST, NEWEST, Bool, ANY, ANY, One, Ee, Is("false"), Dynamic, ""),
];

#[rustfmt::skip]
pub(super) const XDR_NAMESPACE: &[Spelled] = &[
    row("bin-policy", from(5, 2), thru(5, 2), Enum, ANY, ANY, One, Ee, Is("all"), Dynamic, "").of("all|only-changed|only-specified|changed-and-specified|changed-or-specified"),
    row("bin-policy", from(5, 3), thru(5, 7), Enum, ANY, ANY, One, Ee, Is("all"), Dynamic, "").of("all|only-changed|changed-and-specified|changed-or-specified"),
    row("bin-policy", from(6, 0), NEWEST, Enum, ANY, ANY, One, Ee, Is("all"), Dynamic, "").of("all|no-bins|only-changed|changed-and-specified|changed-or-specified"),
    row("compression-level", from(5, 1), NEWEST, U32, at(1, 1), at(9, 9), One, Ee, Is("1"), Dynamic, ""),
    row("compression-threshold", from(6, 0), NEWEST, U32, at(128, 128), at(4294967295, 4294967295), One, Ee, Is("128"), Dynamic, ""),
    row("delay-ms", OLDEST, NEWEST, U32, at(0, 0), at(5000, 5000), One, Ee, Is("0"), Dynamic, ""),
    row("enable-compression", OLDEST, NEWEST, Bool, ANY, ANY, One, Ee, Is("false"), Dynamic, ""),
    row("forward", OLDEST, NEWEST, Bool, ANY, ANY, One, Ee, Is("false"), Dynamic, ""),
    row("hot-key-ms", OLDEST, NEWEST, U32, at(0, 0), at(5000, 5000), One, Ee, Is("100"), Dynamic, ""),
    row("ignore-bin", OLDEST, NEWEST, Text, ANY, ANY, Many, Ee, Empty, Dynamic, ""),
    row("ignore-expunges", OLDEST, NEWEST, Bool, ANY, ANY, One, Ee, Is("false"), Dynamic, ""),
    row("ignore-set", OLDEST, NEWEST, Text, ANY, ANY, Many, Ee, Empty, Dynamic, ""),
    row("max-throughput", OLDEST, NEWEST, Multiple(100), ANY, ANY, One, Ee, Is("100000"), Dynamic, ""),
    row("remote-namespace", from(5, 2), NEWEST, Text, ANY, ANY, One, Ee, Unset, Dynamic, ""),
    row("sc-replication-wait-ms", from(5, 1), NEWEST, U32, at(5, 5), at(1000, 1000), One, Ee, Is("100"), Dynamic, ""),
    row("ship-bin", OLDEST, NEWEST, Text, ANY, ANY, Many, Ee, Empty, Dynamic, ""),
    row("ship-bin-luts", from(5, 4), NEWEST, Bool, ANY, ANY, One, Ee, Is("false"), Dynamic, ""),
    row("ship-nsup-deletes", OLDEST, NEWEST, Bool, ANY, ANY, One, Ee, Is("false"), Dynamic, ""),
    row("ship-only-specified-bins", OLDEST, thru(5, 1), Bool, ANY, ANY, One, Ee, Is("false"), Dynamic, ""),
    row("ship-only-specified-sets", OLDEST, NEWEST, Bool, ANY, ANY, One, Ee, Is("false"), Dynamic, ""),
    row("ship-set", OLDEST, NEWEST, Text, ANY, ANY, Many, Ee, Empty, Dynamic, ""),
    row("ship-versions-interval", from(7, 2), NEWEST, Seconds, at(1, 1), at(3600, 3600), One, Ee, Is("60"), Dynamic, ""),
    row("ship-versions-policy", from(7, 2), NEWEST, Enum, ANY, ANY, One, Ee, Is("latest"), Dynamic, "").of("latest|all|interval"),
    row("transaction-queue-limit", OLDEST, NEWEST, PowerOf2, at(1024, 1024), at(1048576, 1048576), One, Ee, Is("16384"), Dynamic, ""),
    row("write-policy", from(5, 1), NEWEST, Enum, ANY, ANY, One, Ee, Is("auto"), Dynamic, "").of("auto|update|replace"),
];
