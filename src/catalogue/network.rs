//! `network` and its sections, `logging`, `mod-lua`. One row a line, sorted by name and release; the columns are those of [`Row`](super::Row).

#[allow(clippy::wildcard_imports)]
use super::spelled::*;

#[rustfmt::skip]
pub(super) const LOGGING: &[Spelled] = &[
    row("console", OLDEST, NEWEST, Section, ANY, ANY, One, Ce, Unknown, Undocumented, ""),
    row("file", OLDEST, NEWEST, Section, ANY, ANY, One, Ce, Unknown, Undocumented, ""),
    row("syslog", from(6, 3), NEWEST, Section, ANY, ANY, One, Ce, Unknown, Undocumented, ""),
];

#[rustfmt::skip]
pub(super) const LOG_SINK: &[Spelled] = &[
    row("context", OLDEST, NEWEST, Text, ANY, ANY, Many, Ce, Unknown, Undocumented, ""),
];

#[rustfmt::skip]
pub(super) const LOG_SYSLOG: &[Spelled] = &[
    row("context", from(6, 3), NEWEST, Text, ANY, ANY, Many, Ce, Unknown, Undocumented, ""),
    row("facility", from(6, 3), NEWEST, Text, ANY, ANY, One, Ce, Is("local0"), Static, ""),
    row("path", from(6, 3), NEWEST, Text, ANY, ANY, One, Ce, Is("/dev/log"), Static, ""),
    row("tag", from(6, 3), NEWEST, Text, ANY, ANY, One, Ce, Is("asd"), Static, ""),
];

#[rustfmt::skip]
pub(super) const NETWORK: &[Spelled] = &[
    row("admin", exact(8, 1, 0), NEWEST, Section, ANY, ANY, One, Ce, Unknown, Undocumented, ""),
    row("fabric", OLDEST, NEWEST, Section, ANY, ANY, One, Ce, Unknown, Undocumented, ""),
    row("heartbeat", OLDEST, NEWEST, Section, ANY, ANY, One, Ce, Unknown, Undocumented, ""),
    row("info", OLDEST, NEWEST, Section, ANY, ANY, One, Ce, Unknown, Undocumented, ""),
    row("service", OLDEST, NEWEST, Section, ANY, ANY, One, Ce, Unknown, Undocumented, ""),
    row("tls", OLDEST, NEWEST, Section, ANY, ANY, One, Ee, Unknown, Undocumented, ""),
];

#[rustfmt::skip]
pub(super) const NETWORK_SERVICE: &[Spelled] = &[
    row("access-address", OLDEST, NEWEST, Address, ANY, ANY, Many, Ce, Empty, Static, ""),
    row("access-port", OLDEST, NEWEST, Port, at(1024, 1024), at(65535, 65535), One, Ce, Is("0"), Static, ""),
    row("address", OLDEST, NEWEST, Address, ANY, ANY, Many, Ce, Empty, Static, ""),
    row("alternate-access-address", OLDEST, NEWEST, Address, ANY, ANY, Many, Ce, Empty, Static, ""),
    row("alternate-access-port", OLDEST, NEWEST, Port, at(1024, 1024), at(65535, 65535), One, Ce, Is("0"), Static, ""),
    row("alternate-address", OLDEST, thru(8, 0), Text, ANY, ANY, One, Ce, Unknown, Undocumented, ""),
    row("disable-localhost", from(5, 6), NEWEST, Bool, ANY, ANY, One, Ce, Is("false"), Static, ""),
    row("external-address", OLDEST, thru(8, 0), Obsolete, ANY, ANY, One, Ce, Unknown, Undocumented, "access-address"),
    row("external-address", exact(8, 1, 0), NEWEST, Obsolete, ANY, ANY, One, Ce, Unknown, Undocumented, "access-address"),
    row("network-interface-name", OLDEST, thru(8, 0), Text, ANY, ANY, One, Ce, Unknown, Undocumented, ""),
    row("port", OLDEST, NEWEST, Port, at(1024, 1024), at(65535, 65535), One, Ce, Is("0"), Static, ""),
    row("tls-access-address", OLDEST, NEWEST, Address, ANY, ANY, Many, Ee, Empty, Static, ""),
    row("tls-access-port", OLDEST, NEWEST, Port, at(1024, 1024), at(65535, 65535), One, Ee, Is("0"), Static, ""),
    row("tls-address", OLDEST, NEWEST, Address, ANY, ANY, Many, Ee, Empty, Static, ""),
    row("tls-alternate-access-address", OLDEST, NEWEST, Address, ANY, ANY, Many, Ee, Empty, Static, ""),
    row("tls-alternate-access-port", OLDEST, NEWEST, Port, at(1024, 1024), at(65535, 65535), One, Ee, Is("0"), Static, ""),
    row("tls-authenticate-client", OLDEST, NEWEST, Text, ANY, ANY, Many, Ee, Is("any"), Static, ""),
    row("tls-name", OLDEST, NEWEST, Text, ANY, ANY, One, Ee, Unset, Static, ""),
    row("tls-port", OLDEST, NEWEST, Port, at(1024, 1024), at(65535, 65535), One, Ee, Is("0"), Static, ""),
];

#[rustfmt::skip]
pub(super) const HEARTBEAT: &[Spelled] = &[
    row("address", OLDEST, NEWEST, Address, ANY, ANY, Many, Ce, Empty, Static, ""),
    row("connect-timeout-ms", from(5, 3), NEWEST, U32, at(50, 50), at(4294967295, 4294967295), One, Ce, Is("500"), Dynamic, ""),
    row("interface-address", OLDEST, thru(8, 0), Text, ANY, ANY, One, Ce, Unknown, Undocumented, ""),
    row("interval", OLDEST, thru(5, 5), U32, at(50, 50), at(600000, 600000), One, Ce, Is("150"), Static, ""),
    row("interval", from(5, 6), NEWEST, U32, at(50, 50), at(600000, 600000), One, Ce, Is("150"), Dynamic, ""),
    row("mcast-ttl", OLDEST, NEWEST, Obsolete, ANY, ANY, One, Ce, Unknown, Undocumented, "multicast-ttl"),
    row("mesh-seed-address-port", OLDEST, NEWEST, Text, ANY, ANY, Many, Ce, Empty, Static, ""),
    row("mode", OLDEST, NEWEST, Enum, ANY, ANY, One, Ce, Unset, Static, "").of("mesh|multicast"),
    row("mtu", OLDEST, thru(5, 5), U32, ANY, ANY, One, Ce, Derived, Static, ""),
    row("mtu", from(5, 6), NEWEST, U32, ANY, ANY, One, Ce, Derived, Dynamic, ""),
    row("multicast-group", OLDEST, NEWEST, Address, ANY, ANY, Many, Ce, Empty, Static, ""),
    row("multicast-ttl", OLDEST, NEWEST, U8, ANY, ANY, One, Ce, Is("0"), Static, ""),
    row("port", OLDEST, NEWEST, Port, at(1024, 1024), at(65535, 65535), One, Ce, Is("0"), Static, ""),
    row("protocol", OLDEST, thru(5, 5), Enum, ANY, ANY, One, Ce, Is("v3"), Static, "").of("none|v3"),
    row("protocol", from(5, 6), NEWEST, Enum, ANY, ANY, One, Ce, Is("v3"), Dynamic, "").of("none|v3"),
    row("timeout", OLDEST, thru(5, 5), U32, at(3, 3), at(4294967295, 4294967295), One, Ce, Is("10"), Static, ""),
    row("timeout", from(5, 6), NEWEST, U32, at(3, 3), at(4294967295, 4294967295), One, Ce, Is("10"), Dynamic, ""),
    row("tls-address", OLDEST, NEWEST, Address, ANY, ANY, Many, Ee, Empty, Static, ""),
    row("tls-mesh-seed-address-port", OLDEST, thru(6, 4), Text, ANY, ANY, Many, Ce, Empty, Static, ""),
    row("tls-mesh-seed-address-port", from(7, 0), NEWEST, Text, ANY, ANY, Many, Ee, Empty, Static, ""),
    row("tls-name", OLDEST, NEWEST, Text, ANY, ANY, One, Ee, Unset, Static, ""),
    row("tls-port", OLDEST, NEWEST, Port, at(1024, 1024), at(65535, 65535), One, Ee, Is("0"), Static, ""),
];

#[rustfmt::skip]
pub(super) const FABRIC: &[Spelled] = &[
    row("address", OLDEST, NEWEST, Address, ANY, ANY, Many, Ce, Empty, Static, ""),
    row("channel-bulk-fds", OLDEST, NEWEST, U32, at(1, 1), at(128, 128), One, Ce, Is("2"), Static, ""),
    row("channel-bulk-recv-threads", OLDEST, thru(5, 5), U32, at(1, 1), at(128, 128), One, Ce, Is("4"), Static, ""),
    row("channel-bulk-recv-threads", from(5, 6), NEWEST, U32, at(1, 1), at(128, 128), One, Ce, Is("4"), Dynamic, ""),
    row("channel-ctrl-fds", OLDEST, NEWEST, U32, at(1, 1), at(128, 128), One, Ce, Is("1"), Static, ""),
    row("channel-ctrl-recv-threads", OLDEST, thru(5, 5), U32, at(1, 1), at(128, 128), One, Ce, Is("4"), Static, ""),
    row("channel-ctrl-recv-threads", from(5, 6), NEWEST, U32, at(1, 1), at(128, 128), One, Ce, Is("4"), Dynamic, ""),
    row("channel-meta-fds", OLDEST, NEWEST, U32, at(1, 1), at(128, 128), One, Ce, Is("1"), Static, ""),
    row("channel-meta-recv-threads", OLDEST, thru(5, 5), U32, at(1, 1), at(128, 128), One, Ce, Is("4"), Static, ""),
    row("channel-meta-recv-threads", from(5, 6), NEWEST, U32, at(1, 1), at(128, 128), One, Ce, Is("4"), Dynamic, ""),
    row("channel-rw-fds", OLDEST, NEWEST, U32, at(1, 1), at(128, 128), One, Ce, Is("8"), Static, ""),
    row("channel-rw-recv-pools", from(5, 1), NEWEST, U32, at(1, 1), at(16, 16), One, Ce, Is("1"), Static, ""),
    row("channel-rw-recv-threads", OLDEST, thru(5, 5), U32, at(1, 1), at(128, 128), One, Ce, Is("16"), Static, ""),
    row("channel-rw-recv-threads", from(5, 6), NEWEST, U32, at(1, 1), at(128, 128), One, Ce, Is("16"), Dynamic, ""),
    row("keepalive-enabled", OLDEST, NEWEST, Bool, ANY, ANY, One, Ce, Is("true"), Static, ""),
    row("keepalive-intvl", OLDEST, thru(6, 3), I32, ANY, ANY, One, Ce, Is("1"), Static, ""),
    row("keepalive-intvl", from(6, 4), NEWEST, U32, ANY, ANY, One, Ce, Is("1"), Static, ""),
    row("keepalive-probes", OLDEST, thru(6, 3), I32, ANY, ANY, One, Ce, Is("10"), Static, ""),
    row("keepalive-probes", from(6, 4), NEWEST, U32, ANY, ANY, One, Ce, Is("10"), Static, ""),
    row("keepalive-time", OLDEST, thru(6, 3), I32, ANY, ANY, One, Ce, Is("1"), Static, ""),
    row("keepalive-time", from(6, 4), NEWEST, U32, ANY, ANY, One, Ce, Is("1"), Static, ""),
    row("latency-max-ms", OLDEST, thru(6, 3), I32, at(0, 0), at(1000, 1000), One, Ce, Is("5"), Static, ""),
    row("latency-max-ms", from(6, 4), NEWEST, U32, at(0, 0), at(1000, 1000), One, Ce, Is("5"), Static, ""),
    row("port", OLDEST, NEWEST, Port, at(1024, 1024), at(65535, 65535), One, Ce, Is("0"), Static, ""),
    row("recv-rearm-threshold", OLDEST, thru(5, 5), U32, at(0, 0), at(1048576, 1048576), One, Ce, Is("1024"), Static, ""),
    row("recv-rearm-threshold", from(5, 6), NEWEST, U32, at(0, 0), at(1048576, 1048576), One, Ce, Is("1024"), Dynamic, ""),
    row("send-threads", OLDEST, NEWEST, U32, at(1, 1), at(128, 128), One, Ce, Is("8"), Static, ""),
    row("tls-address", OLDEST, NEWEST, Address, ANY, ANY, Many, Ee, Empty, Static, ""),
    row("tls-name", OLDEST, NEWEST, Text, ANY, ANY, One, Ee, Unset, Static, ""),
    row("tls-port", OLDEST, NEWEST, Port, at(1024, 1024), at(65535, 65535), One, Ee, Is("0"), Static, ""),
];

#[rustfmt::skip]
pub(super) const NETWORK_INFO: &[Spelled] = &[
    row("address", OLDEST, thru(8, 0), Address, ANY, ANY, Many, Ce, Empty, Static, ""),
    row("port", OLDEST, thru(8, 0), Port, at(1024, 1024), at(65535, 65535), One, Ce, Is("0"), Static, ""),
];

#[rustfmt::skip]
pub(super) const NETWORK_ADMIN: &[Spelled] = &[
    row("address", exact(8, 1, 0), NEWEST, Address, ANY, ANY, Many, Ce, Empty, Static, ""),
    row("disable-localhost", exact(8, 1, 0), NEWEST, Bool, ANY, ANY, One, Ce, Is("false"), Static, ""),
    row("port", exact(8, 1, 0), NEWEST, Port, at(1024, 1024), at(65535, 65535), One, Ce, Is("0"), Static, ""),
    row("tls-address", exact(8, 1, 0), NEWEST, Address, ANY, ANY, Many, Ee, Empty, Static, ""),
    row("tls-authenticate-client", exact(8, 1, 0), NEWEST, Text, ANY, ANY, Many, Ee, Is("any"), Static, ""),
    row("tls-name", exact(8, 1, 0), NEWEST, Text, ANY, ANY, One, Ee, Unset, Static, ""),
    row("tls-port", exact(8, 1, 0), NEWEST, Port, at(1024, 1024), at(65535, 65535), One, Ee, Is("0"), Static, ""),
];

#[rustfmt::skip]
pub(super) const NETWORK_TLS: &[Spelled] = &[
    row("ca-file", OLDEST, NEWEST, Text, ANY, ANY, One, Ee, Unset, Static, ""),
    row("ca-path", OLDEST, NEWEST, Text, ANY, ANY, One, Ee, Unset, Static, ""),
    row("cert-blacklist", OLDEST, NEWEST, Text, ANY, ANY, One, Ee, Unset, Static, ""),
    row("cert-file", OLDEST, NEWEST, Text, ANY, ANY, One, Ee, Unset, Static, ""),
    row("cipher-suite", OLDEST, NEWEST, Text, ANY, ANY, One, Ee, Unset, Static, ""),
    row("key-file", OLDEST, NEWEST, Text, ANY, ANY, One, Ee, Unset, Static, ""),
    row("key-file-password", OLDEST, NEWEST, Text, ANY, ANY, One, Ee, Unset, Static, ""),
    row("pki-user-append-ou", exact(8, 1, 0), NEWEST, Bool, ANY, ANY, One, Ee, Is("false"), Static, ""),
    row("protocols", OLDEST, NEWEST, Text, ANY, ANY, One, Ee, Is("TLSv1.2"), Static, ""),
];

#[rustfmt::skip]
pub(super) const MOD_LUA: &[Spelled] = &[
    row("cache-enabled", OLDEST, NEWEST, Bool, ANY, ANY, One, Ce, Is("true"), Static, ""),
    row("user-path", OLDEST, NEWEST, Text, ANY, ANY, One, Ce, Is("/opt/aerospike/usr/udf/lua"), Static, ""),
];
