//! Variables for templates, read from a file.

use std::io::{ErrorKind, Read};
use std::path::Path;

use anyhow::{Context, Result, anyhow, bail};

use crate::conf::template::{VarsFormat, parse_vars};

/// Variables are small; more than 1 MiB is another file.
const LONGEST: u64 = 1024 * 1024;

/// Reads `FILE.json` or `FILE.toml`; the name's end says which.
pub fn read(path: &Path) -> Result<serde_json::Value> {
    let shown = path.display();
    let extension = path.extension().and_then(|extension| extension.to_str());
    let format = match extension {
        Some("json") => VarsFormat::Json,
        Some("toml") => VarsFormat::Toml,
        _ => bail!(
            "expected a file of variables that ends in `.json` or `.toml`, but found `{shown}`"
        ),
    };
    let mut text = String::new();
    let file = match std::fs::File::open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == ErrorKind::NotFound => {
            bail!("the variables `{shown}`: expected a file, but found none")
        }
        Err(error) => {
            return Err(error).with_context(|| format!("cannot read the variables in `{shown}`"));
        }
    };
    file.take(LONGEST + 1)
        .read_to_string(&mut text)
        .with_context(|| format!("cannot read the variables in `{shown}`"))?;
    if text.len() as u64 > LONGEST {
        bail!("expected variables in `{shown}`, but found more than 1 MiB");
    }
    parse_vars(&text, format).map_err(|error| match error.line {
        Some(line) => anyhow!("{shown}:{line}: {}", error.message),
        None => anyhow!("{shown}: {}", error.message),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_names_end_says_the_format_and_errors_have_their_line() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str, text: &str| {
            let path = folder.path().join(name);
            std::fs::write(&path, text).unwrap();
            read(&path).map_err(|error| format!("{error:#}"))
        };
        assert_eq!(at("a.json", "{\"a\": 1}").unwrap()["a"], 1);
        assert_eq!(at("a.toml", "a = [1]").unwrap()["a"][0], 1);
        assert!(
            at("b.toml", "a = 1\nb")
                .unwrap_err()
                .contains("b.toml:2: this is no TOML")
        );
        assert!(
            at("a.yaml", "a: 1")
                .unwrap_err()
                .contains("`.json` or `.toml`")
        );
        assert!(read(Path::new("/nowhere/a.json")).is_err());
    }
}
