//! An answer → its pairs, and lists that servers number.
//!
//! ```text
//! answer  = pair *( ";" pair )                  pair = key "=" value, split at its first "="
//! element = list "[" number "]" [ ".shadow" ]   numbers count, not texts: 10 comes after 9
//! ```
//! Values are not escaped. A part without an equals sign belongs to the value before it, which held a `;`; where what
//! follows the `;` looks like a pair, the value reads back broken.

use std::borrow::Cow;
use std::collections::BTreeMap;

/// The pairs of an answer as they stand.
pub(super) fn of(answer: &str) -> impl Iterator<Item = (&str, &str)> {
    let mut rest = answer;
    std::iter::from_fn(move || {
        loop {
            if rest.is_empty() {
                return None;
            }
            let pair = first(rest);
            rest = rest[pair.len()..].trim_start_matches(';');
            if let Some(split) = pair.split_once('=') {
                return Some(split);
            }
        }
    })
}

/// The text up to the `;` behind which another pair begins.
fn first(text: &str) -> &str {
    let mut end = text.find(';').unwrap_or(text.len());
    while end < text.len() {
        let next = &text[end + 1..];
        let next = &next[..next.find(';').unwrap_or(next.len())];
        if next.is_empty() || next.contains('=') {
            break;
        }
        end += 1 + next.len();
    }
    &text[..end]
}

/// The pairs of an answer: a numbered list stands as its name, repeated in the order of the numbers, each element
/// with its shadow behind it.
pub(super) fn with_lists(answer: &str) -> Vec<(&str, Cow<'_, str>)> {
    let mut lists = BTreeMap::<&str, BTreeMap<u32, Element<'_>>>::new();
    let mut flat = Vec::new();
    for (key, value) in of(answer) {
        let Some((list, number)) = element(key) else {
            flat.push((key, Cow::Borrowed(value)));
            continue;
        };
        let element = lists.entry(list).or_default().entry(number).or_default();
        if key.ends_with(SHADOW) {
            element.shadow = Some(value);
        } else {
            element.value = value;
        }
    }
    for (list, elements) in lists {
        flat.extend(
            elements
                .into_values()
                .map(|element| (list, element.whole())),
        );
    }
    flat
}

#[derive(Default)]
struct Element<'a> {
    value: &'a str,
    shadow: Option<&'a str>,
}

impl<'a> Element<'a> {
    fn whole(self) -> Cow<'a, str> {
        match self.shadow {
            None => Cow::Borrowed(self.value),
            Some(shadow) => Cow::Owned(format!("{} {shadow}", self.value)),
        }
    }
}

const SHADOW: &str = ".shadow";

/// `storage-engine.file` and 10 of `storage-engine.file[10].shadow`.
fn element(key: &str) -> Option<(&str, u32)> {
    let key = key.strip_suffix(SHADOW).unwrap_or(key);
    let (list, number) = key.strip_suffix(']')?.rsplit_once('[')?;
    Some((list, number.parse().ok()?))
}

/// The `n` of `[n]`.
pub(super) fn number(text: &str) -> Option<u32> {
    text.strip_prefix('[')?.strip_suffix(']')?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn case(answer: &str, expected: &[(&str, &str)]) {
        let seen = with_lists(answer);
        let seen: Vec<(&str, &str)> = seen
            .iter()
            .map(|(key, value)| (*key, value.as_ref()))
            .collect();
        assert_eq!(seen, expected, "{answer}");
    }

    #[test]
    fn a_pair_is_split_at_its_first_equals_sign() {
        case("a=b;c=d=e;f=;", &[("a", "b"), ("c", "d=e"), ("f", "")]);
        case("", &[]);
        case(";;a=b;;c=d;;", &[("a", "b"), ("c", "d")]);
        case("alone", &[]);
    }

    #[test]
    fn a_part_without_an_equals_sign_belongs_to_the_value_before_it() {
        case("a=b;c;d=e", &[("a", "b;c"), ("d", "e")]);
        case("a=1:2;3:4;5:6", &[("a", "1:2;3:4;5:6")]);
        case("a=b;c=d;e", &[("a", "b"), ("c", "d;e")]);
    }

    #[test]
    fn numbers_of_a_list_count_and_shadows_follow_their_devices() {
        case(
            "s.file[10]=k;s.file[9]=j;s.file[9].shadow=J;a=1",
            &[("a", "1"), ("s.file", "j J"), ("s.file", "k")],
        );
        case("a[x]=1;b[0].age=2", &[("a[x]", "1"), ("b[0].age", "2")]);
    }
}
