//! Placeholders in URLs, projects, branches and paths: one settings file for all clusters and nodes.
//!
//! ```text
//! placeholder = "{" ( "cluster-name" | "hostname" | "namespaces" | "env:" NAME ) "}"
//! ```

use anyhow::{Result, bail};

use super::environment::Environment;
use super::http::encode;
use crate::nearest::did_you_mean;

const KNOWN: [&str; 4] = ["cluster-name", "hostname", "namespaces", "env:NAME"];

/// What placeholders stand for.
#[derive(Clone, Debug, Default)]
pub struct Facts {
    /// `cluster-name` of the node's file, else of its answers.
    pub cluster_name: Option<String>,
    /// This machine's name.
    pub hostname: Option<String>,
    /// The namespaces in the order of the node's file; `{namespaces}` joins them with `-`.
    pub namespaces: Vec<String>,
    /// For `{env:NAME}`.
    pub environment: Environment,
}

/// Where the values go, and so how they are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Use {
    /// A URL: values are percent-encoded, but for those in the host, which have to be a part of one.
    Url,
    /// A path, a project or a branch: as they are, but they may not lead upwards.
    Path,
}

/// Replaces the placeholders of a text.
pub fn expand(text: &str, facts: &Facts, used: Use) -> Result<String> {
    let mut expanded = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('{') {
        expanded.push_str(before);
        let Some((name, after)) = after.split_once('}') else {
            bail!("expected `}}` after `{{{after}` in `{text}`");
        };
        let value = value(name, facts)?;
        match used {
            Use::Url if in_host(&expanded) && !in_login(after) => {
                expanded.push_str(expect_host(name, &value)?)
            }
            Use::Url => expanded.push_str(&encode(&value)),
            Use::Path => expanded.push_str(expect_inside(name, &value)?),
        }
        rest = after;
    }
    expanded.push_str(rest);
    Ok(expanded)
}

/// Whether a text has placeholders, so that CONF has to be read before it can be used.
pub fn has_placeholders(text: &str) -> bool {
    text.contains('{')
}

fn value(name: &str, facts: &Facts) -> Result<String> {
    let found = match name {
        "cluster-name" => facts.cluster_name.clone(),
        "hostname" => facts.hostname.clone(),
        "namespaces" => Some(facts.namespaces.join("-")).filter(|names| !names.is_empty()),
        _ => {
            let Some(variable) = name.strip_prefix("env:") else {
                let known: Vec<String> =
                    KNOWN.iter().map(|known| format!("`{{{known}}}`")).collect();
                bail!(
                    "unknown placeholder `{{{name}}}`{}, known are {}",
                    did_you_mean(name, KNOWN).trim_end_matches('?'),
                    known.join(", ")
                );
            };
            let Some(value) = facts.environment.variable(variable) else {
                bail!("`{{{name}}}` stands for nothing: the variable `{variable}` is not set");
            };
            Some(value.to_owned())
        }
    };
    match found {
        Some(value) => Ok(value),
        None => {
            bail!("`{{{name}}}` stands for nothing: neither aerospike.conf nor the machine says it")
        }
    }
}

/// Whether what was written so far ends within scheme, user or host.
fn in_host(before: &str) -> bool {
    match before.split_once("://") {
        Some((_, rest)) => !rest.contains(['/', '?', '#']),
        None => true,
    }
}

/// Whether what follows within scheme, user and host says that this is still the user or the password.
fn in_login(after: &str) -> bool {
    let end = after.find(['/', '?', '#']).unwrap_or(after.len());
    after[..end].contains('@')
}

fn expect_host<'a>(name: &str, value: &'a str) -> Result<&'a str> {
    let fits = |byte: u8| byte.is_ascii_alphanumeric() || b"-._".contains(&byte);
    if !value.bytes().all(fits) {
        // The value of a variable may be a secret.
        bail!(
            "expected letters, digits, `-`, `.` and `_` for `{{{name}}}` in a host's name, but found others"
        );
    }
    Ok(value)
}

/// A cluster called `../other` must not choose another cluster's file.
fn expect_inside<'a>(name: &str, value: &'a str) -> Result<&'a str> {
    let upwards = value.split('/').any(|step| step == ".." || step == ".");
    if upwards || value.starts_with('/') {
        bail!("expected a part of a path for `{{{name}}}`, but found one that leads elsewhere");
    }
    if value.contains(char::is_control) {
        bail!("expected a part of a path for `{{{name}}}`, but found control characters");
    }
    Ok(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn facts() -> Facts {
        Facts {
            cluster_name: Some("main é".into()),
            hostname: Some("aero1".into()),
            namespaces: vec!["test".into(), "bar".into()],
            environment: [("DC", "fra/1"), ("UP", "../x")].into_iter().collect(),
        }
    }

    #[track_caller]
    fn case(text: &str, used: Use, expected: Result<&str, &str>) {
        let result = expand(text, &facts(), used).map_err(|error| error.to_string());
        let expected = expected.map(str::to_owned).map_err(str::to_owned);
        assert_eq!(result, expected);
    }

    #[test]
    fn placeholders_are_replaced() {
        case(
            "a/{cluster-name}/{hostname}.conf",
            Use::Path,
            Ok("a/main é/aero1.conf"),
        );
        case("{namespaces}-{env:DC}", Use::Path, Ok("test-bar-fra/1"));
        case(
            "http://{hostname}:8080/{env:DC}?c={cluster-name}",
            Use::Url,
            Ok("http://aero1:8080/fra%2F1?c=main%20%C3%A9"),
        );
        case("nothing", Use::Url, Ok("nothing"));
    }

    #[test]
    fn what_cannot_be_replaced_is_named() {
        case(
            "{cluster}",
            Use::Path,
            Err(
                "unknown placeholder `{cluster}`, known are `{cluster-name}`, `{hostname}`, `{namespaces}`, `{env:NAME}`",
            ),
        );
        case(
            "{hostnam}",
            Use::Path,
            Err(
                "unknown placeholder `{hostnam}`, did you mean `hostname`, known are `{cluster-name}`, `{hostname}`, `{namespaces}`, `{env:NAME}`",
            ),
        );
        case(
            "{env:NO}",
            Use::Path,
            Err("`{env:NO}` stands for nothing: the variable `NO` is not set"),
        );
        case(
            "a{hostname",
            Use::Path,
            Err("expected `}` after `{hostname` in `a{hostname`"),
        );
        case(
            "http://joe:{env:DC}@host/{env:DC}",
            Use::Url,
            Ok("http://joe:fra%2F1@host/fra%2F1"),
        );
        case(
            "http://{env:DC}/",
            Use::Url,
            Err(
                "expected letters, digits, `-`, `.` and `_` for `{env:DC}` in a host's name, but found others",
            ),
        );
        case(
            "{env:UP}",
            Use::Path,
            Err("expected a part of a path for `{env:UP}`, but found one that leads elsewhere"),
        );
        let error = expand("{cluster-name}", &Facts::default(), Use::Path).unwrap_err();
        assert!(
            error
                .to_string()
                .starts_with("`{cluster-name}` stands for nothing")
        );
    }
}
