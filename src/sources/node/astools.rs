//! astools.conf, which all the vendor's tools read: TOML with a section `[cluster]` and one `[cluster_INSTANCE]` for
//! every other cluster. What is there is what a flag of the same name would say, and a flag wins.
//!
//! Facts: the public source of asadm (`conf.py`). The home's file wins over the machine's, key by key; an `[include]`
//! wins over the file that has it; with an instance only its own section counts; an empty text is silence, but an
//! empty password is one.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use toml::{Table, Value};

use super::NodeOptions;
use crate::order;
use crate::sources::secret::Secret;

/// Files that include files that include files: no deeper than this.
const DEEPEST: usize = 4;

/// What the files say.
#[derive(Clone, Debug, Default)]
pub struct AsTools {
    /// The section's keys.
    pub options: NodeOptions,
    /// What is worth a word: a file that may not be read, a key that is not used here.
    pub notes: Vec<String>,
}

/// The two places, in the order in which later ones win.
pub fn default_paths(home: Option<&Path>) -> Vec<PathBuf> {
    let mut paths = vec![PathBuf::from("/etc/aerospike/astools.conf")];
    paths.extend(home.map(|home| home.join(".aerospike/astools.conf")));
    paths
}

/// Reads what is there of `paths`, the later winning, and takes the section of `instance`. A missing file is silence;
/// a damaged one and an instance that no file has are errors. `home` stands for `~` in an include.
pub fn read_astools(
    paths: &[PathBuf],
    instance: Option<&str>,
    home: Option<&Path>,
) -> Result<AsTools> {
    let mut notes = Vec::new();
    let mut all = Table::new();
    for path in paths {
        merge(&mut all, load(path, home, DEEPEST, &mut notes)?);
    }
    let section = match instance {
        None => "cluster".to_owned(),
        Some(instance) => format!("cluster_{instance}"),
    };
    let mut options = NodeOptions::default();
    match all.get(&section) {
        Some(Value::Table(table)) => {
            for (key, value) in table {
                set(&mut options, key, value, &mut notes)
                    .with_context(|| format!("astools.conf, `[{section}]`"))?;
            }
        }
        Some(_) => bail!("astools.conf: expected a section `[{section}]`, but found a value"),
        None if instance.is_some() => {
            bail!("expected `[{section}]` in an astools.conf, but no file has it")
        }
        None => {}
    }
    Ok(AsTools { options, notes })
}

fn load(path: &Path, home: Option<&Path>, depth: usize, notes: &mut Vec<String>) -> Result<Table> {
    let text = match std::fs::read_to_string(path) {
        Ok(text) => text,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Table::new()),
        // It may hold the passwords of others; that a monitoring user cannot read it is no fault.
        Err(error) if error.kind() == ErrorKind::PermissionDenied => {
            notes.push(format!("`{}` may not be read", path.display()));
            return Ok(Table::new());
        }
        Err(error) => {
            return Err(error).with_context(|| format!("cannot read `{}`", path.display()));
        }
    };
    let mut table: Table = toml::from_str(&text).map_err(|error| damage(path, &text, &error))?;
    for included in includes(&table, home)? {
        if depth == 0 {
            bail!(
                "`{}` includes files that include files without end",
                path.display()
            );
        }
        let included = load(&included, home, depth - 1, notes)?;
        merge(&mut table, included);
    }
    Ok(table)
}

/// One line of what the TOML parser says in several.
fn damage(path: &Path, text: &str, error: &toml::de::Error) -> anyhow::Error {
    let before = error
        .span()
        .and_then(|span| text.get(..span.start))
        .unwrap_or("");
    let line = before.matches('\n').count() + 1;
    let message = error.message().replace('\n', ", ");
    anyhow::anyhow!("{}:{line}: {message}", path.display())
}

fn includes(table: &Table, home: Option<&Path>) -> Result<Vec<PathBuf>> {
    let Some(include) = table.get("include").and_then(Value::as_table) else {
        return Ok(Vec::new());
    };
    let path = |key: &str| {
        include
            .get(key)
            .and_then(Value::as_str)
            .map(|path| expand(path, home))
    };
    let mut files: Vec<PathBuf> = path("file").into_iter().collect();
    if let Some(folder) = path("directory") {
        let entries = std::fs::read_dir(&folder).with_context(|| {
            format!("cannot read the included directory `{}`", folder.display())
        })?;
        let mut found: Vec<PathBuf> = entries
            .flatten()
            .map(|entry| entry.path())
            .filter(|path| path.is_file())
            .collect();
        order::sort(&mut found);
        files.extend(found);
    }
    Ok(files)
}

fn expand(path: &str, home: Option<&Path>) -> PathBuf {
    match (path.strip_prefix("~/"), home) {
        (Some(rest), Some(home)) => home.join(rest),
        (Some(_), None) | (None, _) => PathBuf::from(path),
    }
}

fn merge(into: &mut Table, from: Table) {
    for (key, value) in from {
        match (into.get_mut(&key), value) {
            (Some(Value::Table(into)), Value::Table(from)) => merge(into, from),
            (_, value) => {
                into.insert(key, value);
            }
        }
    }
}

fn set(options: &mut NodeOptions, key: &str, value: &Value, notes: &mut Vec<String>) -> Result<()> {
    let path = |value| Ok::<_, anyhow::Error>(text(key, value)?.map(PathBuf::from));
    match key {
        "host" => options.host = text(key, value)?,
        "port" => options.port = Some(port(value)?),
        "user" => options.user = text(key, value)?,
        // The one text that may be empty and mean it.
        "password" => options.password = Some(Secret::new(text(key, value)?.unwrap_or_default())),
        "auth" => {
            let auth = text(key, value)?.map(|word| word.parse());
            options.auth = auth.transpose().map_err(anyhow::Error::msg)?;
        }
        "tls-enable" => options.tls_enable = Some(switch(key, value)?),
        "tls-name" => options.tls_name = text(key, value)?,
        "tls-cafile" => options.tls_cafile = path(value)?,
        "tls-capath" => options.tls_capath = path(value)?,
        "tls-certfile" => options.tls_certfile = path(value)?,
        "tls-keyfile" => options.tls_keyfile = path(value)?,
        "tls-keyfile-password" => {
            options.tls_keyfile_password = text(key, value)?.map(Secret::new);
        }
        "services-alternate" => options.services_alternate = Some(switch(key, value)?),
        _ if is_silent(value) => {}
        _ => notes.push(format!("`{key}` of astools.conf is not used here")),
    }
    Ok(())
}

fn is_silent(value: &Value) -> bool {
    value.as_bool() == Some(false) || value.as_str() == Some("")
}

fn text(key: &str, value: &Value) -> Result<Option<String>> {
    let Some(text) = value.as_str() else {
        bail!("expected a text for `{key}`, but found {}", kind(value));
    };
    Ok((!text.is_empty()).then(|| text.to_owned()))
}

fn switch(key: &str, value: &Value) -> Result<bool> {
    let Some(switch) = value.as_bool() else {
        bail!(
            "expected `true` or `false` for `{key}`, but found {}",
            kind(value)
        );
    };
    Ok(switch)
}

/// The value itself is not shown: a secret without quotes may be a number.
fn kind(value: &Value) -> &'static str {
    match value {
        Value::String(_) => "a text",
        Value::Integer(_) | Value::Float(_) => "a number",
        Value::Boolean(_) => "`true` or `false`",
        Value::Datetime(_) => "a date",
        Value::Array(_) => "a list",
        Value::Table(_) => "a section",
    }
}

fn port(value: &Value) -> Result<u16> {
    let Some(number) = value.as_integer() else {
        bail!("expected a port, but found {}", kind(value));
    };
    match u16::try_from(number) {
        Ok(port) if port > 0 => Ok(port),
        Ok(_) | Err(_) => bail!("expected a port from 1 to 65535, but found `{number}`"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sources::node::Auth;

    /// Reads these texts as the files in their order.
    fn read(files: &[&str], instance: Option<&str>) -> Result<AsTools> {
        let folder = tempfile::tempdir().unwrap();
        let write = |(place, text): (usize, &&str)| {
            let path = folder.path().join(format!("{place}.conf"));
            std::fs::write(&path, text).unwrap();
            path
        };
        let paths: Vec<PathBuf> = files.iter().enumerate().map(write).collect();
        read_astools(&paths, instance, Some(folder.path()))
    }

    const BOTH: &str = "
[cluster]
host = \"1.1.1.1:3001,2.2.2.2:3002\"
user = \"default-user\"
password = \"env:SECRET\"
auth = \"EXTERNAL\"
tls-cafile = \"\"

[cluster_tls]
port = 4333
host = \"3.3.3.3\"
tls-name = \"main\"
tls-enable = true
tls-capath = \"/etc/ca/\"
services-alternate = true

[asadm]
timeout = 5
";

    #[test]
    fn the_cluster_section_is_what_flags_would_say() {
        let found = read(&[BOTH], None).unwrap();
        assert_eq!(
            found.options,
            NodeOptions {
                host: Some("1.1.1.1:3001,2.2.2.2:3002".to_owned()),
                user: Some("default-user".to_owned()),
                password: Some(Secret::new("env:SECRET")),
                auth: Some(Auth::External),
                ..NodeOptions::default()
            }
        );
        assert!(found.notes.is_empty(), "{:?}", found.notes);
    }

    #[test]
    fn an_instance_has_its_own_section_and_nothing_of_the_other() {
        let options = read(&[BOTH], Some("tls")).unwrap().options;
        assert_eq!(
            options,
            NodeOptions {
                host: Some("3.3.3.3".to_owned()),
                port: Some(4333),
                tls_name: Some("main".to_owned()),
                tls_enable: Some(true),
                tls_capath: Some(PathBuf::from("/etc/ca/")),
                services_alternate: Some(true),
                ..NodeOptions::default()
            }
        );
        let error = read(&[BOTH], Some("nope")).unwrap_err().to_string();
        assert_eq!(
            error,
            "expected `[cluster_nope]` in an astools.conf, but no file has it"
        );
    }

    #[test]
    fn the_homes_file_wins_key_by_key() {
        let home = "[cluster]\nhost = \"9.9.9.9\"\n";
        let options = read(&[BOTH, home], None).unwrap().options;
        assert_eq!(options.host.as_deref(), Some("9.9.9.9"));
        assert_eq!(options.user.as_deref(), Some("default-user"));
    }

    #[test]
    fn an_include_wins_over_the_file_that_has_it() {
        let first =
            "[cluster]\nhost = \"1.1.1.1\"\nuser = \"joe\"\n[include]\nfile = \"~/1.conf\"\n";
        let second = "[cluster]\nhost = \"2.2.2.2\"\n";
        let options = read(&[first, second], None).unwrap().options;
        assert_eq!(
            (options.host.as_deref(), options.user.as_deref()),
            (Some("2.2.2.2"), Some("joe"))
        );
        let error = read(&["[include]\nfile = \"~/0.conf\"\n"], None)
            .unwrap_err()
            .to_string();
        assert!(error.contains("without end"), "{error}");
    }

    #[test]
    fn a_missing_file_is_silence() {
        let found = read_astools(&[PathBuf::from("/no/such/astools.conf")], None, None).unwrap();
        assert_eq!(found.options, NodeOptions::default());
    }

    #[test]
    fn what_is_not_used_is_said() {
        let found = read(
            &["[cluster]\ntls-crl-check = true\ntls-protocols = \"\"\n"],
            None,
        )
        .unwrap();
        assert_eq!(
            found.notes,
            ["`tls-crl-check` of astools.conf is not used here"]
        );
    }

    #[test]
    fn damage_is_said_with_its_place() {
        let error = read(&["[cluster]\nhost = \n"], None)
            .unwrap_err()
            .to_string();
        assert!(error.contains("0.conf:2: "), "{error}");
        assert!(!error.contains('\n'), "{error}");
        let error = format!(
            "{:#}",
            read(&["[cluster]\nport = 99999\n"], None).unwrap_err()
        );
        assert_eq!(
            error,
            "astools.conf, `[cluster]`: expected a port from 1 to 65535, but found `99999`"
        );
        let error = format!(
            "{:#}",
            read(&["[cluster]\ntls-enable = \"yes\"\n"], None).unwrap_err()
        );
        assert!(error.contains("`tls-enable`"), "{error}");
    }

    #[test]
    fn the_places_are_the_machines_and_the_homes() {
        let paths = default_paths(Some(Path::new("/home/joe")));
        assert_eq!(
            paths,
            [
                PathBuf::from("/etc/aerospike/astools.conf"),
                PathBuf::from("/home/joe/.aerospike/astools.conf")
            ]
        );
    }
}
