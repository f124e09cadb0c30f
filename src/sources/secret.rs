//! Passwords and tokens: said by reference, read late, never printed.
//!
//! ```text
//! spelling = "env:" VARIABLE | "env-b64:" VARIABLE | "b64:" BASE64 | "file:" PATH | the secret itself
//! ```
//! As the other Aerospike tools spell them.

use std::fmt;
use std::fs::File;
use std::io::Read;

use anyhow::{Context, Result, bail};
use base64::Engine;

/// Longer secrets are mistakes: a path to a log, a device.
const LONGEST: u64 = 64 * 1024;

/// A secret in clear. It prints as `(hidden)`.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// A secret that was typed or generated.
    pub fn new(clear: impl Into<String>) -> Secret {
        Secret(clear.into())
    }

    /// Fetches what a spelling refers to. The errors name the place and never the content.
    pub fn resolve(spelling: &str) -> Result<Secret> {
        let clear = if let Some(variable) = spelling.strip_prefix("env:") {
            from_environment(variable)?
        } else if let Some(variable) = spelling.strip_prefix("env-b64:") {
            from_base64(&from_environment(variable)?)
                .with_context(|| format!("the variable `{variable}`"))?
        } else if let Some(encoded) = spelling.strip_prefix("b64:") {
            from_base64(encoded).context("a secret given as `b64:`")?
        } else if let Some(path) = spelling.strip_prefix("file:") {
            from_file(path)?
        } else {
            spelling.to_owned()
        };
        if clear.is_empty() {
            bail!("expected a secret, but found an empty one");
        }
        Ok(Secret(clear))
    }

    /// The secret in clear, for the wire only.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("(hidden)")
    }
}

fn from_environment(variable: &str) -> Result<String> {
    match std::env::var(variable) {
        Ok(value) => Ok(value),
        Err(std::env::VarError::NotPresent) => {
            bail!("expected a secret in the variable `{variable}`, but it is not set")
        }
        Err(std::env::VarError::NotUnicode(_)) => {
            bail!("the secret in the variable `{variable}` is not UTF-8")
        }
    }
}

fn from_base64(encoded: &str) -> Result<String> {
    let bytes = base64::engine::general_purpose::STANDARD
        .decode(encoded.trim())
        .ok();
    bytes
        .and_then(|bytes| String::from_utf8(bytes).ok())
        .context("expected base64 of UTF-8, but found something else")
}

fn from_file(path: &str) -> Result<String> {
    let mut text = String::new();
    let file = File::open(path).with_context(|| format!("cannot read the secret in `{path}`"))?;
    file.take(LONGEST + 1)
        .read_to_string(&mut text)
        .with_context(|| format!("cannot read the secret in `{path}`"))?;
    if text.len() as u64 > LONGEST {
        bail!("expected a secret in `{path}`, but found more than 64 KiB");
    }
    // Editors end a file with a newline that nobody means to be part of the secret.
    Ok(text.trim_end_matches(['\r', '\n']).to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_never_prints_itself() {
        let secret = Secret::new("swordfish");
        assert_eq!(
            format!("{secret:?} {:?}", Some(&secret)),
            "(hidden) Some((hidden))"
        );
    }

    #[test]
    fn every_spelling_is_resolved() {
        assert_eq!(Secret::resolve("plain").unwrap().expose(), "plain");
        assert_eq!(
            Secret::resolve("b64:c3dvcmRmaXNo").unwrap().expose(),
            "swordfish"
        );
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("token");
        std::fs::write(&path, "swordfish\n").unwrap();
        assert_eq!(
            Secret::resolve(&format!("file:{}", path.display()))
                .unwrap()
                .expose(),
            "swordfish"
        );
    }

    #[test]
    fn an_error_names_the_place_and_never_the_content() {
        let error = format!("{:#}", Secret::resolve("b64:swordfish!").unwrap_err());
        assert!(!error.contains("swordfish"), "{error}");
        let error = format!(
            "{:#}",
            Secret::resolve("env:ASCAD_NO_SUCH_VARIABLE").unwrap_err()
        );
        assert!(error.contains("`ASCAD_NO_SUCH_VARIABLE`"), "{error}");
        assert!(Secret::resolve("").is_err());
    }
}
