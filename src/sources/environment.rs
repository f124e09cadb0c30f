//! The environment's variables as a value, so that whoever reads them can be tested without touching the process.

use std::collections::BTreeMap;

/// Variables and their values. A variable that is set to nothing counts as not set, as most programs take it.
#[derive(Clone, Default)]
pub struct Environment(BTreeMap<String, String>);

impl Environment {
    /// The variables of this process; those that are not UTF-8 are left out.
    pub fn of_process() -> Environment {
        std::env::vars_os()
            .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
            .collect()
    }

    /// The value of a variable; `None` where it is not set or empty.
    pub fn variable(&self, name: &str) -> Option<&str> {
        self.0
            .get(name)
            .map(String::as_str)
            .filter(|value| !value.is_empty())
    }
}

impl<N: Into<String>, V: Into<String>> FromIterator<(N, V)> for Environment {
    fn from_iter<I: IntoIterator<Item = (N, V)>>(variables: I) -> Environment {
        let mut environment = Environment::default();
        for (name, value) in variables {
            environment.0.insert(name.into(), value.into());
        }
        environment
    }
}

/// Only the names, for tokens stand among the values.
impl std::fmt::Debug for Environment {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_set().entries(self.0.keys()).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_empty_variable_is_not_set_and_no_value_is_printed() {
        let environment: Environment = [("EMPTY", ""), ("TOKEN", "swordfish")]
            .into_iter()
            .collect();
        assert_eq!(environment.variable("EMPTY"), None);
        assert_eq!(environment.variable("TOKEN"), Some("swordfish"));
        assert_eq!(format!("{environment:?}"), r#"{"EMPTY", "TOKEN"}"#);
    }
}
