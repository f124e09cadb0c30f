//! The contexts of a log sink and the levels that it can have, as servers list them in `log/N`.

use super::release::Release;

/// A log context with the first release that has it and the first that has it no more.
struct LogContext(&'static str, (u16, u16), (u16, u16));

const FIRST: (u16, u16) = (0, 0);
const NEVER: (u16, u16) = (u16::MAX, 0);

/// Sorted by name. Recorded on 5.7, 6.4, 7.0, 7.1, 7.2, 8.0 and 8.1.2.
const CONTEXTS: &[LogContext] = &[
    LogContext("aggr", FIRST, NEVER),
    LogContext("alloc", FIRST, NEVER),
    LogContext("appeal", FIRST, NEVER),
    LogContext("arenax", FIRST, NEVER),
    LogContext("as", FIRST, NEVER),
    LogContext("audit", FIRST, NEVER),
    LogContext("batch", FIRST, NEVER),
    LogContext("batch-sub", (6, 0), NEVER),
    LogContext("bin", FIRST, NEVER),
    LogContext("clustering", FIRST, NEVER),
    LogContext("config", FIRST, NEVER),
    LogContext("deprecation", (8, 1), NEVER),
    LogContext("drv-mem", (7, 0), NEVER),
    LogContext("drv_pmem", FIRST, NEVER),
    LogContext("drv_ssd", FIRST, NEVER),
    LogContext("exchange", FIRST, NEVER),
    LogContext("exp", FIRST, NEVER),
    LogContext("fabric", FIRST, NEVER),
    LogContext("flat", FIRST, NEVER),
    LogContext("geo", FIRST, NEVER),
    LogContext("hardware", FIRST, NEVER),
    LogContext("hb", FIRST, NEVER),
    LogContext("health", FIRST, NEVER),
    LogContext("hlc", FIRST, NEVER),
    LogContext("index", FIRST, NEVER),
    LogContext("info", FIRST, NEVER),
    LogContext("info-command", (7, 1), NEVER),
    LogContext("info-port", FIRST, (8, 1)),
    LogContext("job", FIRST, (6, 0)),
    LogContext("key-busy", (6, 0), NEVER),
    LogContext("masking", (8, 1), NEVER),
    LogContext("migrate", FIRST, NEVER),
    LogContext("misc", FIRST, NEVER),
    LogContext("mon", FIRST, (6, 0)),
    LogContext("mrt-audit", (8, 0), NEVER),
    LogContext("mrt-monitor", (8, 0), NEVER),
    LogContext("msg", FIRST, NEVER),
    LogContext("namespace", FIRST, NEVER),
    LogContext("nsup", FIRST, NEVER),
    LogContext("os", FIRST, NEVER),
    LogContext("particle", FIRST, NEVER),
    LogContext("partition", FIRST, NEVER),
    LogContext("paxos", FIRST, (6, 0)),
    LogContext("proto", FIRST, NEVER),
    LogContext("proxy", FIRST, NEVER),
    LogContext("proxy-divert", FIRST, NEVER),
    LogContext("query", FIRST, NEVER),
    LogContext("rbuffer", FIRST, (6, 0)),
    LogContext("record", FIRST, NEVER),
    LogContext("roster", FIRST, NEVER),
    LogContext("rw", FIRST, NEVER),
    LogContext("rw-client", FIRST, NEVER),
    LogContext("scan", FIRST, (6, 0)),
    LogContext("secrets", (6, 4), NEVER),
    LogContext("security", FIRST, NEVER),
    LogContext("service", FIRST, NEVER),
    LogContext("service-list", FIRST, NEVER),
    LogContext("sindex", FIRST, NEVER),
    LogContext("skew", FIRST, NEVER),
    LogContext("smd", FIRST, NEVER),
    LogContext("socket", FIRST, NEVER),
    LogContext("storage", FIRST, NEVER),
    LogContext("tls", FIRST, NEVER),
    LogContext("truncate", FIRST, NEVER),
    LogContext("tsvc", FIRST, NEVER),
    LogContext("udf", FIRST, NEVER),
    LogContext("vault", FIRST, NEVER),
    LogContext("vmapx", FIRST, NEVER),
    LogContext("xdr", FIRST, NEVER),
    LogContext("xdr-client", FIRST, NEVER),
    LogContext("xmem", FIRST, NEVER),
];

/// The levels of a log context, from the quietest; the server takes any case.
pub const LOG_LEVELS: &[&str] = &["critical", "warning", "info", "debug", "detail"];

/// The facilities of a syslog sink.
pub const LOG_FACILITIES: &[&str] = &[
    "auth", "authpriv", "cron", "daemon", "ftp", "kern", "lpr", "mail", "news", "syslog", "user",
    "uucp", "local0", "local1", "local2", "local3", "local4", "local5", "local6", "local7",
];

/// The log contexts of a release, sorted by name; `any` stands for all of them and is not one.
pub fn log_contexts(release: Release) -> impl Iterator<Item = &'static str> {
    CONTEXTS
        .iter()
        .filter(move |LogContext(_, (major, minor), (until, until_minor))| {
            release.is_from(*major, *minor) && !release.is_from(*until, *until_minor)
        })
        .map(|LogContext(name, _, _)| *name)
}
