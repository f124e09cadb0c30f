//! What Ansible adds to Jinja and templates for it use, and the methods of Python that they call.

use std::cmp::Ordering;
use std::collections::BTreeSet;

use minijinja::value::{Value, ValueKind};
use minijinja::{Environment, Error, ErrorKind, State, context};

/// Teaches an engine Ansible's filters and tests.
pub(super) fn teach(engine: &mut Environment<'_>) {
    engine.add_filter("bool", is_yes);
    engine.add_filter("comment", comment);
    engine.add_filter("dict2items", items_of);
    engine.add_filter("difference", |list: Vec<Value>, other: Vec<Value>| {
        let other = BTreeSet::from_iter(other);
        filtered(list, |value| !other.contains(value))
    });
    engine.add_filter("intersect", |list: Vec<Value>, other: Vec<Value>| {
        let other = BTreeSet::from_iter(other);
        filtered(list, |value| other.contains(value))
    });
    engine.add_filter("union", |list: Vec<Value>, other: Vec<Value>| {
        filtered([list, other].concat(), |_| true)
    });
    engine.add_filter("ternary", ternary);
    engine.add_test("version", is_version);
    // Who wrote the file, which nobody gives as a variable.
    engine.add_global("ansible_managed", "Ansible managed");
    engine.set_unknown_method_callback(method_of_python);
}

/// `'no' | bool` is false, as it is for Ansible and not for Jinja, where no text but the empty one is.
fn is_yes(value: &Value) -> bool {
    match value.as_str() {
        Some(text) => {
            let yes = ["yes", "on", "1", "true", "y", "t"];
            yes.iter().any(|word| text.eq_ignore_ascii_case(word))
        }
        None => value.is_true(),
    }
}

fn comment(text: &str) -> String {
    let lines: Vec<String> = text.lines().map(|line| format!("# {line}")).collect();
    lines.join("\n")
}

fn items_of(dictionary: &Value) -> Result<Vec<Value>, Error> {
    let mut items = Vec::new();
    for key in dictionary.try_iter()? {
        let value = dictionary.get_item(&key)?;
        items.push(context! { key, value });
    }
    Ok(items)
}

/// What is wanted of a list, each value once.
fn filtered(mut list: Vec<Value>, is_wanted: impl Fn(&Value) -> bool) -> Vec<Value> {
    let mut kept = BTreeSet::new();
    list.retain(|value| is_wanted(value) && kept.insert(value.clone()));
    list
}

fn ternary(value: &Value, yes: Value, no: Value, none: Option<Value>) -> Value {
    match none {
        Some(none) if value.is_none() => none,
        _ if value.is_true() => yes,
        _ => no,
    }
}

/// `is version('7.0', '>=')`: by their numbers, part by part.
fn is_version(value: &Value, other: &Value, sign: Option<&str>) -> Result<bool, Error> {
    let order = expect_version(value)?.cmp(&expect_version(other)?);
    match sign.unwrap_or("==") {
        "==" | "=" | "eq" => Ok(order == Ordering::Equal),
        "!=" | "<>" | "ne" => Ok(order != Ordering::Equal),
        "<" | "lt" => Ok(order == Ordering::Less),
        "<=" | "le" => Ok(order != Ordering::Greater),
        ">" | "gt" => Ok(order == Ordering::Greater),
        ">=" | "ge" => Ok(order != Ordering::Less),
        other => Err(Error::new(
            ErrorKind::InvalidOperation,
            format!("expected a sign such as `>=`, but found `{other}`"),
        )),
    }
}

fn expect_version(value: &Value) -> Result<Vec<u64>, Error> {
    let text = value.to_string();
    let numbers = text.split('.').map(str::parse).collect::<Result<_, _>>();
    numbers.map_err(|_| {
        let message = format!("expected a version such as `8.1`, but found `{text}`");
        Error::new(ErrorKind::InvalidOperation, message)
    })
}

/// `items`, `keys`, `values` and `get` of dictionaries and the usual ones of texts, which templates for Ansible and Salt
/// call as Python's.
fn method_of_python(
    state: &mut State<'_, '_>,
    value: &Value,
    method: &str,
    arguments: &[Value],
) -> Result<Value, Error> {
    match (value.kind(), method, arguments) {
        (ValueKind::Map, "items", []) => state.apply_filter("items", std::slice::from_ref(value)),
        (ValueKind::Map, "keys", []) => state.apply_filter("list", std::slice::from_ref(value)),
        (ValueKind::Map, "values", []) => {
            let mut values = Vec::new();
            for key in value.try_iter()? {
                values.push(value.get_item(&key)?);
            }
            Ok(Value::from(values))
        }
        (ValueKind::Map, "get", [key]) | (ValueKind::Map, "get", [key, _]) => {
            let found = value.get_item(key)?;
            let fallback = arguments.get(1).cloned().unwrap_or(Value::from(()));
            Ok(if found.is_undefined() {
                fallback
            } else {
                found
            })
        }
        // The engine's own filters ask for the room first: what they make may be far larger than the text.
        (ValueKind::String, "replace" | "split", _) => {
            let text = std::slice::from_ref(value);
            state.apply_filter(method, &[text, arguments].concat())
        }
        (ValueKind::String, _, _) => {
            let words: Option<Vec<&str>> = arguments.iter().map(Value::as_str).collect();
            let text = value.as_str().unwrap_or_default();
            method_of_text(text, method, words.as_deref().unwrap_or(&["", "", ""]))
        }
        _ => Err(Error::from(ErrorKind::UnknownMethod)),
    }
}

fn method_of_text(text: &str, method: &str, arguments: &[&str]) -> Result<Value, Error> {
    let value = match (method, arguments) {
        ("lower", []) => text.to_lowercase().into(),
        ("upper", []) => text.to_uppercase().into(),
        ("strip", []) => text.trim().into(),
        ("startswith", [start]) => text.starts_with(start).into(),
        ("endswith", [end]) => text.ends_with(end).into(),
        _ => return Err(Error::from(ErrorKind::UnknownMethod)),
    };
    Ok(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn case(template: &str, expected: &str) {
        let mut engine = Environment::new();
        teach(&mut engine);
        let rendered = engine.render_str(template, ()).unwrap();
        assert_eq!(rendered, expected, "{template}");
    }

    #[test]
    fn words_are_true_or_false_as_for_ansible() {
        case("{{ 'no' | bool }} {{ 'YES' | bool }}", "False True");
        case("{{ 'false' | bool }} {{ 1 | bool }}", "False True");
        case("{{ ('no' | bool) | ternary(1, 2) }}", "2");
        case("{{ none | ternary(1, 2, 3) }}", "3");
    }

    #[test]
    fn lists_and_dictionaries_are_taken_apart() {
        case("{{ [1, 2, 2] | difference([1]) }}", "[2]");
        case("{{ [1, 2] | intersect([2, 3]) }}", "[2]");
        case("{{ [1, 2] | union([2, 3]) }}", "[1, 2, 3]");
        case(
            "{% for i in {'a': 1} | dict2items %}{{ i.key }} {{ i.value }}{% endfor %}",
            "a 1",
        );
        case("{{ 'a\nb' | comment }}", "# a\n# b");
        case("{{ ansible_managed | comment }}", "# Ansible managed");
    }

    #[test]
    fn versions_are_compared_by_their_numbers() {
        case("{{ '8.1' is version('8.0.0.15', '>=') }}", "True");
        case("{{ '10.0' is version('9.0', 'lt') }}", "False");
        case("{{ 7.0 is version('7.0') }}", "True");
    }

    #[test]
    fn texts_have_methods() {
        case(
            "{{ 'a,b'.split(',')[1] }} {{ ' a  b'.split()[1] }} {{ 'A'.lower() }} {{ 'a'.upper() }}",
            "b b a A",
        );
        case("{{ ' a b '.strip().replace(' ', '-') }}", "a-b");
        case(
            "{{ 'abc'.startswith('ab') and 'abc'.endswith('bc') }}",
            "True",
        );
    }
}
