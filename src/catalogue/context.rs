//! The sections of aerospike.conf and what opens them.

use super::release::Release;

/// Where a parameter stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
#[allow(missing_docs)] // Each is the section that its name says; `name` spells it as the table does.
pub enum Context {
    Top,
    Service,
    Logging,
    /// `file PATH` and `console`.
    LogSink,
    LogSyslog,
    Network,
    NetworkService,
    Heartbeat,
    Fabric,
    NetworkInfo,
    NetworkAdmin,
    NetworkTls,
    Namespace,
    Set,
    Sindex,
    Geo2dsphere,
    IndexPmem,
    IndexFlash,
    SindexPmem,
    SindexFlash,
    StorageMemory,
    StoragePmem,
    StorageDevice,
    ModLua,
    Security,
    Ldap,
    SecurityLog,
    SecuritySyslog,
    Xdr,
    XdrDc,
    XdrNamespace,
    /// A section that no known server has; it is read to its end and that is all.
    Unknown,
}

impl Context {
    /// The context's name in `parameters.tsv`.
    pub const fn name(self) -> &'static str {
        match self {
            Context::Top => "",
            Context::Service => "service",
            Context::Logging => "logging",
            Context::LogSink => "logging.file",
            Context::LogSyslog => "logging.syslog",
            Context::Network => "network",
            Context::NetworkService => "network.service",
            Context::Heartbeat => "network.heartbeat",
            Context::Fabric => "network.fabric",
            Context::NetworkInfo => "network.info",
            Context::NetworkAdmin => "network.admin",
            Context::NetworkTls => "network.tls",
            Context::Namespace => "namespace",
            Context::Set => "namespace.set",
            Context::Sindex => "namespace.sindex",
            Context::Geo2dsphere => "namespace.geo2dsphere-within",
            Context::IndexPmem => "namespace.index-type.pmem",
            Context::IndexFlash => "namespace.index-type.flash",
            Context::SindexPmem => "namespace.sindex-type.pmem",
            Context::SindexFlash => "namespace.sindex-type.flash",
            Context::StorageMemory => "namespace.storage-engine.memory",
            Context::StoragePmem => "namespace.storage-engine.pmem",
            Context::StorageDevice => "namespace.storage-engine.device",
            Context::ModLua => "mod-lua",
            Context::Security => "security",
            Context::Ldap => "security.ldap",
            Context::SecurityLog => "security.log",
            Context::SecuritySyslog => "security.syslog",
            Context::Xdr => "xdr",
            Context::XdrDc => "xdr.dc",
            Context::XdrNamespace => "xdr.dc.namespace",
            Context::Unknown => "?",
        }
    }

    /// Whether servers of this release pass over every line of the section but its `}`, whatever it says: from 8.1
    /// there is no info port any more.
    pub const fn is_ignored(self, release: Release) -> bool {
        matches!(self, Context::NetworkInfo) && release.is_from(8, 1)
    }

    /// The section that a line `name value …` opens here on a server of this release; `None` where it is a
    /// parameter or unknown. The opening brace plays no part: the server never looks at it.
    pub fn opened_by(self, name: &[u8], value: Option<&[u8]>, release: Release) -> Option<Context> {
        use Context as C;
        let opened = match (self, name) {
            (C::Top, b"service") => C::Service,
            (C::Top, b"logging") => C::Logging,
            (C::Top, b"network") => C::Network,
            (C::Top, b"namespace") => C::Namespace,
            (C::Top, b"mod-lua") => C::ModLua,
            (C::Top, b"security") => C::Security,
            (C::Top, b"xdr") => C::Xdr,
            (C::Logging, b"file" | b"console") => C::LogSink,
            (C::Logging, b"syslog") if release.is_from(6, 3) => C::LogSyslog,
            (C::Network, b"service") => C::NetworkService,
            (C::Network, b"heartbeat") => C::Heartbeat,
            (C::Network, b"fabric") => C::Fabric,
            (C::Network, b"info") => C::NetworkInfo,
            (C::Network, b"admin") if release.is_from(8, 1) => C::NetworkAdmin,
            (C::Network, b"tls") => C::NetworkTls,
            (C::Namespace, b"set") => C::Set,
            (C::Namespace, b"sindex") if !release.is_from(6, 1) => C::Sindex,
            (C::Namespace, b"geo2dsphere-within") => C::Geo2dsphere,
            (C::Namespace, b"storage-engine") => match value? {
                b"memory" if release.is_from(7, 0) => C::StorageMemory,
                b"pmem" => C::StoragePmem,
                b"device" => C::StorageDevice,
                _ => return None,
            },
            (C::Namespace, b"index-type") => match value? {
                b"pmem" => C::IndexPmem,
                b"flash" => C::IndexFlash,
                _ => return None,
            },
            (C::Namespace, b"sindex-type") if release.is_from(6, 3) => match value? {
                b"pmem" => C::SindexPmem,
                b"flash" if release.is_from(6, 4) => C::SindexFlash,
                _ => return None,
            },
            (C::Security, b"ldap") => C::Ldap,
            (C::Security, b"log") => C::SecurityLog,
            (C::Security, b"syslog") if !release.is_from(6, 3) => C::SecuritySyslog,
            (C::Xdr, b"dc") => C::XdrDc,
            (C::XdrDc, b"namespace") => C::XdrNamespace,
            _ => return None,
        };
        Some(opened)
    }
}
