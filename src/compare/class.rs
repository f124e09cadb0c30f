//! Sources that say one value, on the way from single sources to groups.

use std::borrow::Cow;

use crate::catalogue::{HIDDEN, is_secret};
use crate::settings::{Origin, Path, Stand, Value, is_seeds};

use super::{Group, shown, side_of};

/// Sources of one kind that say one value, while the groups are made.
pub(super) struct Class<'a> {
    pub(super) value: &'a Value,
    pub(super) origin: Origin,
    pub(super) is_default: bool,
    pub(super) sources: Vec<usize>,
}

/// A list of one word is that word, and an empty one is nothing.
pub(super) fn plain(value: Cow<'_, Value>) -> Cow<'_, Value> {
    match value.as_ref() {
        Value::Many(many) if many.len() < 2 => {
            Cow::Owned(Value::One(many.first().cloned().unwrap_or_default()))
        }
        Value::Many(_) | Value::One(_) | Value::Anything => value,
    }
}

/// The groups of a camp: one for each value, whoever says it.
pub(super) fn groups_of(
    path: &Path,
    camp: Vec<Class<'_>>,
    stands: &[Option<Stand<'_>>],
) -> Vec<Group> {
    let mut groups: Vec<(&Value, Group)> = Vec::new();
    for class in camp {
        if let Some((_, group)) = groups.iter_mut().find(|(value, _)| *value == class.value) {
            group.sources.extend(class.sources);
            continue;
        }
        let spokesman = class
            .sources
            .iter()
            .filter_map(|at| stands[*at].as_ref())
            .max_by_key(|stand| matches!(stand, Stand::Says(_)));
        let side = spokesman.map(|stand| side_of(path, stand));
        let value = match is_secret(path.as_str()) {
            true => Value::One(HIDDEN.to_owned()),
            false => class.value.clone(),
        };
        // Each of them leaves out another seed, its own: together they mean the whole list.
        let written = match is_seeds(path) && class.sources.len() > 1 {
            true => shown(class.value),
            false => side.as_ref().and_then(|side| side.written.clone()),
        };
        let group = Group {
            written,
            value: Some(value),
            explicit: side.is_some_and(|side| side.explicit),
            sources: class.sources,
            camp: 0,
        };
        groups.push((class.value, group));
    }
    groups
        .into_iter()
        .map(|(_, mut group)| {
            group.sources.sort_unstable();
            group
        })
        .collect()
}
