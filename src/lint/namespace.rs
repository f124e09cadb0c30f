//! What the server remembers of a namespace, and what it checks when its `}` or that of its storage comes.

use crate::catalogue::{Context, Release};

use super::quirks;
use super::state::End;
use super::value::Value;

/// One namespace, from its head to its `}`. Numbers are in the unit of their parameter; what is not given is 0, false
/// or empty, but for what [`Namespace::new`] says.
#[derive(Default)]
pub(super) struct Namespace<'src> {
    pub(super) name: &'src [u8],
    pub(super) engine: Option<Context>,
    pub(super) files: Vec<&'src [u8]>,
    pub(super) devices: Vec<&'src [u8]>,
    pub(super) shadows: Vec<&'src [u8]>,
    pub(super) index_mounts: Vec<&'src [u8]>,
    pub(super) sindex_mounts: Vec<&'src [u8]>,
    has_flash_index: bool,
    /// What the index may take of its mounts: `mounts-budget`, up to 6.4 `mounts-size-limit`.
    index_budget: u64,
    /// The same of the secondary indexes.
    sindex_budget: u64,
    memory_size: u64,
    default_ttl: u64,
    nsup_period: u64,
    allow_ttl_without_nsup: bool,
    max_record_size: u64,
    data_in_index: bool,
    single_bin: bool,
    conflict_resolve_writes: bool,
    strong_consistency: bool,
    /// The overrides of the clients' consistency, where they are not `off`.
    overrides: Vec<&'static str>,
    filesize: u64,
    data_size: u64,
    write_block_size: u64,
    flush_size: u64,
    post_write_queue: u64,
    data_in_memory: bool,
    cache_replica_writes: bool,
    sindex_startup_device_scan: bool,
    commit_to_device: bool,
    disable_odsync: bool,
    has_key_file: bool,
    compression: &'src [u8],
    compression_level: u64,
    compression_acceleration: u64,
}

impl<'src> Namespace<'src> {
    pub(super) fn new(name: &'src [u8]) -> Namespace<'src> {
        Namespace {
            name,
            write_block_size: 1 << 20,
            post_write_queue: DEFAULT_QUEUE,
            ..Namespace::default()
        }
    }

    /// Notes a line that the server has taken, of the namespace, an index or a storage engine.
    pub(super) fn remember(
        &mut self,
        context: Context,
        name: &'static str,
        value: Value,
        word: &'src [u8],
    ) {
        match value {
            Value::Number(number) => {
                if let Some(known) = self.number(context, name) {
                    *known = number;
                }
            }
            Value::Bool(flag) => {
                if let Some(known) = self.flag(name) {
                    *known = flag;
                }
            }
            Value::Word => self.remember_word(name, word),
        }
    }

    /// The number of this name that takes part in checks.
    fn number(&mut self, context: Context, name: &str) -> Option<&mut u64> {
        Some(match name {
            "memory-size" => &mut self.memory_size,
            "default-ttl" => &mut self.default_ttl,
            "nsup-period" => &mut self.nsup_period,
            "max-record-size" => &mut self.max_record_size,
            "filesize" => &mut self.filesize,
            "data-size" => &mut self.data_size,
            "write-block-size" => &mut self.write_block_size,
            "flush-size" => &mut self.flush_size,
            "post-write-queue" => &mut self.post_write_queue,
            "compression-level" => &mut self.compression_level,
            "compression-acceleration" => &mut self.compression_acceleration,
            "mounts-budget" | "mounts-size-limit" => match context {
                Context::SindexPmem | Context::SindexFlash => &mut self.sindex_budget,
                _ => &mut self.index_budget,
            },
            _ => return None,
        })
    }

    /// The boolean of this name that takes part in checks.
    fn flag(&mut self, name: &str) -> Option<&mut bool> {
        Some(match name {
            "allow-ttl-without-nsup" => &mut self.allow_ttl_without_nsup,
            "data-in-index" => &mut self.data_in_index,
            "single-bin" => &mut self.single_bin,
            "conflict-resolve-writes" => &mut self.conflict_resolve_writes,
            "strong-consistency" => &mut self.strong_consistency,
            "data-in-memory" => &mut self.data_in_memory,
            "cache-replica-writes" => &mut self.cache_replica_writes,
            "sindex-startup-device-scan" => &mut self.sindex_startup_device_scan,
            "commit-to-device" => &mut self.commit_to_device,
            "disable-odsync" => &mut self.disable_odsync,
            _ => return None,
        })
    }

    fn remember_word(&mut self, name: &'static str, word: &'src [u8]) {
        match name {
            "index-type" => self.has_flash_index = word == b"flash",
            "compression" => self.compression = word,
            "encryption-key-file" => self.has_key_file = true,
            "read-consistency-level-override" | "write-commit-level-override" => {
                self.overrides.retain(|given| *given != name);
                if word != b"off" {
                    self.overrides.push(name);
                }
            }
            _ => {}
        }
    }
}

impl Namespace<'_> {
    /// The checks at the `}` of the namespace itself.
    pub(super) fn end(&self, release: Release, end: &mut End<'_>) {
        let on_device = self.engine == Some(Context::StorageDevice);
        if release.is_from(7, 0) {
            end.missing_if(self.engine.is_none(), "`storage-engine` is missing");
            end.conflict_if(
                self.has_flash_index && !on_device,
                "`index-type flash` needs `storage-engine device`",
            );
        } else {
            end.missing_if(self.memory_size == 0, "`memory-size` is missing");
        }
        end.conflict_if(
            self.default_ttl != 0 && self.nsup_period == 0 && !self.allow_ttl_without_nsup,
            "`default-ttl` other than 0 needs `nsup-period` or `allow-ttl-without-nsup true`",
        );
        if !release.is_from(7, 1) {
            self.end_up_to_7_0(release, end);
        }
        if self.strong_consistency {
            for name in &self.overrides {
                end.conflict(&format!("`{name}` excludes `strong-consistency true`"));
            }
        }
    }

    fn end_up_to_7_0(&self, release: Release, end: &mut End<'_>) {
        let on_device = self.engine == Some(Context::StorageDevice);
        end.conflict_if(
            self.data_in_index && !(self.single_bin && self.data_in_memory && on_device),
            "`data-in-index true` needs `storage-engine device`, `single-bin true` and `data-in-memory true`",
        );
        end.conflict_if(
            self.engine == Some(Context::StoragePmem) && self.has_flash_index,
            "`storage-engine pmem` excludes `index-type flash`",
        );
        end.conflict_if(
            self.conflict_resolve_writes && self.single_bin,
            "`conflict-resolve-writes true` excludes `single-bin true`",
        );
        let most = match self.engine {
            Some(Context::StorageDevice) => self.write_block_size,
            Some(Context::StoragePmem) => 8 << 20,
            _ if release.is_from(7, 0) => 8 << 20,
            _ => 128 << 20,
        };
        if self.max_record_size > most {
            end.conflict(&format!(
                "`max-record-size` is greater than {most}, the size of a write block"
            ));
        }
    }

    /// The checks at the `}` of `storage-engine memory`.
    pub(super) fn end_memory(&self, end: &mut End<'_>) {
        let is_backed = !self.files.is_empty() || !self.devices.is_empty();
        end.missing_if(
            !is_backed && self.data_size == 0,
            "`storage-engine memory` needs `data-size`, or a `file` or `device` behind it",
        );
        end.conflict_if(
            is_backed && self.data_size != 0,
            "`data-size` excludes a `file` or `device` behind it",
        );
        end.conflict_if(
            !is_backed && self.flush_size != 0,
            "`flush-size` needs a `file` or `device` behind it",
        );
        self.end_files(end);
        end.conflict_if(
            !is_backed && self.has_key_file,
            "`encryption-key-file` needs a `file` or `device` behind it",
        );
        end.conflict_if(
            !is_backed && self.commit_to_device,
            "`commit-to-device` needs a `file` or `device` behind it",
        );
        self.end_engine(end);
    }

    /// The checks at the `}` of `storage-engine pmem` and `device`; `needs` is what it stores in.
    pub(super) fn end_persistent(&self, needs: &str, end: &mut End<'_>) {
        if self.files.is_empty() && self.devices.is_empty() {
            end.missing(&format!("`storage-engine` needs {needs}"));
        }
        self.end_files(end);
        if self.data_in_memory {
            end.conflict_if(
                !matches!(self.post_write_queue, 0 | DEFAULT_QUEUE),
                "`post-write-queue` excludes `data-in-memory true`",
            );
            end.conflict_if(
                self.cache_replica_writes,
                "`cache-replica-writes true` excludes `data-in-memory true`",
            );
            end.conflict_if(
                self.sindex_startup_device_scan,
                "`sindex-startup-device-scan true` excludes `data-in-memory true`",
            );
        }
        self.end_engine(end);
    }

    fn end_files(&self, end: &mut End<'_>) {
        end.missing_if(
            !self.files.is_empty() && self.filesize == 0,
            "a `file` needs `filesize`",
        );
    }

    /// What the server checks of every storage engine.
    fn end_engine(&self, end: &mut End<'_>) {
        end.conflict_if(
            self.commit_to_device && self.disable_odsync,
            "`commit-to-device true` excludes `disable-odsync true`",
        );
        end.conflict_if(
            self.compression_acceleration != 0 && self.compression != b"lz4",
            "`compression-acceleration` needs `compression lz4`",
        );
        end.conflict_if(
            self.compression_level != 0 && self.compression != b"zstd",
            "`compression-level` needs `compression zstd`",
        );
    }

    /// The check at the `}` of an index that is not in memory.
    pub(super) fn end_index(&self, release: Release, end: &mut End<'_>) {
        end_mounts(self.index_budget, release, end);
    }

    /// The same of the secondary indexes.
    pub(super) fn end_sindex(&self, release: Release, end: &mut End<'_>) {
        end_mounts(self.sindex_budget, release, end);
    }

    /// What is wrong with the size of the files when the server opens them. It keeps their first 8 MiB for itself
    /// and uses whole write blocks of the rest; from 7.1 `filesize` has a greater least value.
    pub(super) fn small_files(&self, release: Release) -> Option<String> {
        let size = self.filesize;
        if release.is_from(7, 1) || !release.is_from(5, 0) || self.files.is_empty() || size == 0 {
            return None;
        }
        let block = match self.engine {
            Some(Context::StorageDevice) => self.write_block_size,
            _ => 1,
        };
        let least = quirks::DEVICE_HEADER + block;
        (size < least).then(|| {
            format!("`filesize` is {size}, and after the 8 MiB that the server keeps for itself no write block fits")
        })
    }
}

/// The `post-write-queue` of a namespace that gives none, which the server cannot tell from one that does.
const DEFAULT_QUEUE: u64 = 256;

fn end_mounts(budget: u64, release: Release, end: &mut End<'_>) {
    let text = match release.is_from(7, 0) {
        true => "`mounts-budget` is missing",
        false => "`mounts-size-limit` is missing",
    };
    end.missing_if(budget == 0, text);
}
