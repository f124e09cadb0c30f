//! What the server remembers of a namespace, and what it checks when its `}` or that of its storage comes.

use crate::catalogue::{Context, Release};

use super::value::Value;
use super::{Code, quirks};

/// One namespace, from its head to its `}`.
#[derive(Default)]
pub(super) struct Namespace<'src> {
    pub(super) name: &'src [u8],
    pub(super) engine: Option<Context>,
    pub(super) files: Vec<&'src [u8]>,
    pub(super) devices: Vec<&'src [u8]>,
    pub(super) shadows: Vec<&'src [u8]>,
    pub(super) flash_index: bool,
    pub(super) index_mounts: Vec<&'src [u8]>,
    pub(super) sindex_mounts: Vec<&'src [u8]>,
    numbers: [u64; NUMBERS.len()],
    flags: [bool; FLAGS.len()],
    compression: &'src [u8],
    key_file: bool,
}

/// The numbers of a namespace that take part in checks.
const NUMBERS: &[&str] = &[
    "memory-size",
    "default-ttl",
    "nsup-period",
    "max-record-size",
    "write-block-size",
    "post-write-queue",
    "filesize",
    "data-size",
    "flush-size",
    "compression-level",
    "compression-acceleration",
    "mounts-size-limit",
    "mounts-budget",
    "sindex mounts-size-limit",
    "sindex mounts-budget",
];

/// The booleans of a namespace that take part in checks.
const FLAGS: &[&str] = &[
    "allow-ttl-without-nsup",
    "data-in-index",
    "single-bin",
    "conflict-resolve-writes",
    "data-in-memory",
    "cache-replica-writes",
    "sindex-startup-device-scan",
    "commit-to-device",
    "disable-odsync",
];

impl<'src> Namespace<'src> {
    fn number(&self, name: &str) -> u64 {
        NUMBERS
            .iter()
            .position(|known| *known == name)
            .map_or(0, |at| self.numbers[at])
    }

    fn flag(&self, name: &str) -> bool {
        FLAGS
            .iter()
            .position(|known| *known == name)
            .is_some_and(|at| self.flags[at])
    }

    pub(super) fn new(name: &'src [u8]) -> Namespace<'src> {
        let mut namespace = Namespace {
            name,
            ..Namespace::default()
        };
        for (name, default) in [("write-block-size", 1 << 20), ("post-write-queue", 256)] {
            namespace.remember(name, Value::Number(default), b"");
        }
        namespace
    }

    pub(super) fn remember(&mut self, name: &str, value: Value, word: &'src [u8]) {
        match (name, value) {
            ("compression", _) => self.compression = word,
            ("encryption-key-file", _) => self.key_file = true,
            (_, Value::Number(number)) => {
                if let Some(at) = NUMBERS.iter().position(|known| *known == name) {
                    self.numbers[at] = number;
                }
            }
            (_, Value::Bool(flag)) => {
                if let Some(at) = FLAGS.iter().position(|known| *known == name) {
                    self.flags[at] = flag;
                }
            }
            (_, Value::Word) => {}
        }
    }
}

impl Namespace<'_> {
    pub(super) fn end(&self, release: Release, say: &mut dyn FnMut(Code, &str)) {
        if release.is_from(7, 0) {
            if self.engine.is_none() {
                say(Code::MissingPart, "`storage-engine` is missing");
            }
            if self.flash_index && self.engine != Some(Context::StorageDevice) {
                say(
                    Code::Conflict,
                    "`index-type flash` needs `storage-engine device`",
                );
            }
        } else if self.number("memory-size") == 0 {
            say(Code::MissingPart, "`memory-size` is missing");
        }
        if self.number("default-ttl") != 0
            && self.number("nsup-period") == 0
            && !self.flag("allow-ttl-without-nsup")
        {
            say(
                Code::Conflict,
                "`default-ttl` other than 0 needs `nsup-period` or `allow-ttl-without-nsup true`",
            );
        }
        if release.is_from(7, 1) {
            return;
        }
        let device = self.engine == Some(Context::StorageDevice);
        if self.flag("data-in-index")
            && !(self.flag("single-bin") && self.flag("data-in-memory") && device)
        {
            say(
                Code::Conflict,
                "`data-in-index true` needs `storage-engine device`, `single-bin true` and `data-in-memory true`",
            );
        }
        if self.engine == Some(Context::StoragePmem) && self.flash_index {
            say(
                Code::Conflict,
                "`storage-engine pmem` excludes `index-type flash`",
            );
        }
        if self.flag("conflict-resolve-writes") && self.flag("single-bin") {
            say(
                Code::Conflict,
                "`conflict-resolve-writes true` excludes `single-bin true`",
            );
        }
        let most = match self.engine {
            Some(Context::StorageDevice) => self.number("write-block-size"),
            Some(Context::StoragePmem) => 8 << 20,
            _ if release.is_from(7, 0) => 8 << 20,
            _ => 128 << 20,
        };
        if self.number("max-record-size") > most {
            say(
                Code::Conflict,
                &format!("`max-record-size` is greater than {most}, the size of a write block"),
            );
        }
    }

    pub(super) fn end_memory(&self, say: &mut dyn FnMut(Code, &str)) {
        let backed = !self.files.is_empty() || !self.devices.is_empty();
        let sized = self.number("data-size") != 0;
        if !backed && !sized {
            say(
                Code::MissingPart,
                "`storage-engine memory` needs `data-size`, or a `file` or `device` behind it",
            );
        }
        if backed && sized {
            say(
                Code::Conflict,
                "`data-size` excludes a `file` or `device` behind it",
            );
        }
        if !backed && self.number("flush-size") != 0 {
            say(
                Code::Conflict,
                "`flush-size` needs a `file` or `device` behind it",
            );
        }
        self.end_files(say);
        if !backed && self.key_file {
            say(
                Code::Conflict,
                "`encryption-key-file` needs a `file` or `device` behind it",
            );
        }
        if !backed && self.flag("commit-to-device") {
            say(
                Code::Conflict,
                "`commit-to-device` needs a `file` or `device` behind it",
            );
        }
        self.end_common(say);
    }

    pub(super) fn end_persistent(&self, device: bool, say: &mut dyn FnMut(Code, &str)) {
        if self.files.is_empty() && self.devices.is_empty() {
            let needs = if device {
                "a `device` or a `file`"
            } else {
                "a `file`"
            };
            say(
                Code::MissingPart,
                &format!("`storage-engine` needs {needs}"),
            );
        }
        self.end_files(say);
        if self.flag("data-in-memory") {
            if !matches!(self.number("post-write-queue"), 0 | 256) {
                say(
                    Code::Conflict,
                    "`post-write-queue` excludes `data-in-memory true`",
                );
            }
            for other in ["cache-replica-writes", "sindex-startup-device-scan"] {
                if self.flag(other) {
                    say(
                        Code::Conflict,
                        &format!("`{other} true` excludes `data-in-memory true`"),
                    );
                }
            }
        }
        self.end_common(say);
    }

    pub(super) fn end_files(&self, say: &mut dyn FnMut(Code, &str)) {
        if !self.files.is_empty() && self.number("filesize") == 0 {
            say(Code::MissingPart, "a `file` needs `filesize`");
        }
    }

    pub(super) fn end_common(&self, say: &mut dyn FnMut(Code, &str)) {
        if self.flag("commit-to-device") && self.flag("disable-odsync") {
            say(
                Code::Conflict,
                "`commit-to-device true` excludes `disable-odsync true`",
            );
        }
        if self.number("compression-acceleration") != 0 && self.compression != b"lz4" {
            say(
                Code::Conflict,
                "`compression-acceleration` needs `compression lz4`",
            );
        }
        if self.number("compression-level") != 0 && self.compression != b"zstd" {
            say(
                Code::Conflict,
                "`compression-level` needs `compression zstd`",
            );
        }
    }

    /// `of` is empty for the index, and `sindex ` for the secondary indexes, which have a budget of their own.
    pub(super) fn end_mounts(&self, of: &str, release: Release, say: &mut dyn FnMut(Code, &str)) {
        let name = if release.is_from(7, 0) {
            "mounts-budget"
        } else {
            "mounts-size-limit"
        };
        if self.number(&format!("{of}{name}")) == 0 {
            say(Code::MissingPart, &format!("`{name}` is missing"));
        }
    }

    /// What is wrong with the size of the files when the server opens them. It keeps their first 8 MiB for itself
    /// and uses whole write blocks of the rest; from 7.1 `filesize` has a greater least value.
    pub(super) fn small_files(&self, release: Release) -> Option<String> {
        let size = self.number("filesize");
        if release.is_from(7, 1) || !release.is_from(5, 0) || self.files.is_empty() || size == 0 {
            return None;
        }
        let block = match self.engine {
            Some(Context::StorageDevice) => self.number("write-block-size"),
            _ => 1,
        };
        let least = quirks::DEVICE_HEADER + block;
        (size < least).then(|| {
            format!("`filesize` is {size}, and after the 8 MiB that the server keeps for itself no write block fits")
        })
    }
}
