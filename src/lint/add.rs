//! Lines that add to a list which the server keeps: no line twice, and not too many.

use crate::catalogue::Context;
use crate::conf::Item;

use super::message::quote;
use super::walk::Walk;
use super::{Code, quirks};

impl<'src> Walk<'_, 'src> {
    /// A `file` or a `device` of a storage engine.
    pub(super) fn add_storage(&mut self, item: &Item<'src>, word: &'src [u8]) {
        let shadow = match item.context {
            Context::StorageMemory => None,
            _ => item.values().get(1).copied(),
        };
        let is_file = item.name() == b"file";
        let namespace = &mut self.state.namespace;
        let name = quote(namespace.name);
        let (own, others) = if is_file {
            (&mut namespace.files, &namespace.devices)
        } else {
            (&mut namespace.devices, &namespace.files)
        };
        let kind = if is_file { "file" } else { "device" };
        let problem = if !others.is_empty() {
            Some((Code::MixedStorage, "both files and devices".to_owned()))
        } else if own.len() == quirks::MOST_DEVICES {
            Some((
                Code::TooMany,
                format!("more than {} of `{kind}`", quirks::MOST_DEVICES),
            ))
        } else if own.contains(&word) {
            Some((
                Code::DuplicateStorage,
                format!("`{kind}` {} is given twice", quote(word)),
            ))
        } else if let Some(shadow) = shadow
            && namespace.shadows.contains(&shadow)
        {
            Some((
                Code::DuplicateStorage,
                format!("the shadow {} is given twice", quote(shadow)),
            ))
        } else {
            None
        };
        if own.len() <= quirks::MOST_DEVICES {
            own.push(word);
            namespace.shadows.extend(shadow);
        }
        let count = own.len();
        let shadows = namespace.shadows.len();
        let unshadowed = shadows != 0 && shadows != count;
        if let Some((code, text)) = problem {
            self.about(item, code, format!("namespace {name}: {text}"));
        } else if unshadowed {
            let text = format!(
                "namespace {name}: shadows for some, but none for {}",
                quote(word)
            );
            self.about(item, Code::MixedStorage, text);
        }
    }

    /// A `mount` of an index or of the secondary indexes.
    pub(super) fn add_mount(&mut self, item: &Item<'src>, word: &'src [u8]) {
        let namespace = &mut self.state.namespace;
        let (what, mounts) = match item.context {
            Context::SindexPmem | Context::SindexFlash => {
                ("`sindex-type`", &mut namespace.sindex_mounts)
            }
            _ => ("`index-type`", &mut namespace.index_mounts),
        };
        let problem = add(mounts, word, quirks::MOST_MOUNTS, "mount");
        if let Some((code, text)) = problem {
            let name = quote(namespace.name);
            self.about(item, code, format!("namespace {name}: {what}: {text}"));
        }
    }

    /// A `feature-key-file`. Servers before 6.3 may have read them otherwise.
    pub(super) fn add_feature_key(&mut self, item: &Item<'src>, word: &'src [u8]) {
        if !self.release.is_from(6, 3) {
            return;
        }
        let keys = &mut self.state.feature_keys;
        if let Some((code, text)) = add(keys, word, quirks::MOST_FEATURE_KEYS, "feature-key-file") {
            self.about(item, code, text);
        }
    }
}

/// Adds a word to a list; the problem, if it is there already or if the list is full.
fn add<'src>(
    list: &mut Vec<&'src [u8]>,
    word: &'src [u8],
    most: usize,
    name: &str,
) -> Option<(Code, String)> {
    if list.len() == most {
        return Some((Code::TooMany, format!("more than {most} of `{name}`")));
    }
    if list.contains(&word) {
        let text = format!("`{name}` {} is given twice", quote(word));
        return Some((Code::DuplicateStorage, text));
    }
    list.push(word);
    None
}
