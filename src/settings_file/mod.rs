//! The settings file, `/etc/ascad/ascad.toml`: every flag has its place there, and flags win.
//!
//! ```text
//! [check]           what is compared with what, and how long it may take
//! [output]          what is printed and written
//! [gitlab]          the file that `gitlab` means
//! [reference.NAME]  what NAME means as a SOURCE
//! [node]            how the node is reached; the keys are the flags
//! [riemann]         where the outcome is sent
//! [severity]        kind of difference, or code of a problem → state
//! ```
//! Secrets stay as they are spelt (`env:`, `env-b64:`, `b64:`, `file:`); `sources::secret` resolves them when they
//! are needed. Nothing is read or opened here. An unknown key is an error, for a slip would silently compare less.
//!
//! Not to be confused with the room `settings`, which holds what a *server* is set to.

mod reader;

use anyhow::Result;

use crate::catalogue::Release;

use reader::{Document, Section};

/// Where the settings are when nothing else is said.
pub const DEFAULT_PATH: &str = "/etc/ascad/ascad.toml";

/// The output formats, as `--format` takes them.
pub const FORMATS: [&str; 8] = [
    "text",
    "nagios",
    "checkmk",
    "json",
    "codequality",
    "junit",
    "sarif",
    "prometheus",
];

/// What a SOURCE of this name means already.
const TAKEN: [&str; 4] = ["runtime", "cluster", "gitlab", "-"];

/// The states, as `[severity]` takes them.
pub const STATES: [&str; 4] = ["ok", "warning", "critical", "unknown"];

/// Everything a settings file says; what it leaves out is `None`, empty or false.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SettingsFile {
    /// `[check]`.
    pub check: Check,
    /// `[output]`.
    pub output: Output,
    /// `[gitlab]`.
    pub gitlab: GitLab,
    /// `[reference.NAME]`, by name.
    pub references: Vec<(String, Reference)>,
    /// `[node]`.
    pub node: Node,
    /// `[riemann]`.
    pub riemann: Riemann,
    /// `[severity]`, in alphabetical order. Which kinds there are is not known here.
    pub severity: Vec<Severity>,
}

/// `[check]`: what is compared with what.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Check {
    /// The node's file.
    pub conf: Option<String>,
    /// The SOURCEs of `--against`.
    pub against: Vec<String>,
    /// The patterns of `--ignore`.
    pub ignore: Vec<String>,
    /// `--strict`.
    pub strict: Option<bool>,
    /// `--timeout`, in seconds.
    pub timeout: Option<f64>,
    /// `--splay`, in seconds.
    pub splay: Option<f64>,
    /// `--nice`: `auto`, `always` or `never`.
    pub nice: Option<&'static str>,
    /// `--server-version`, as written.
    pub server_version: Option<Release>,
    /// `--edition`: `ce` or `ee`.
    pub edition: Option<&'static str>,
    /// `--vars`: a file of variables for references that are templates.
    pub vars: Option<String>,
}

/// `[output]`: what is printed and written.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Output {
    /// `--format`, one of [`FORMATS`].
    pub format: Option<&'static str>,
    /// `--output`: FORMAT=PATH each.
    pub files: Vec<String>,
    /// `--quiet`.
    pub quiet: Option<bool>,
    /// `-v`.
    pub verbose: Option<bool>,
    /// `--color`: `auto`, `always` or `never`.
    pub color: Option<&'static str>,
}

/// `[gitlab]`: the file that `gitlab` means. Placeholders are not yet replaced.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct GitLab {
    /// The GitLab's address.
    pub url: Option<String>,
    /// `group/…/project`, or its number.
    pub project: Option<String>,
    /// A branch, a tag or a commit; `None` is the default branch.
    pub reference: Option<String>,
    /// The file's path in the repository.
    pub path: Option<String>,
    /// The token's spelling.
    pub token: Option<String>,
    /// `private`, `bearer` or `job`.
    pub token_kind: Option<&'static str>,
    /// The authorities to believe in the place of the system's.
    pub ca_file: Option<String>,
    /// Variables for the file if it is a template, in the place of `[check]`'s.
    pub vars: Option<String>,
}

/// `[reference.NAME]`: what NAME means as a SOURCE. Placeholders are not yet replaced.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Reference {
    /// The first that answers with a configuration is the master.
    pub urls: Vec<String>,
    /// Basic authentication.
    pub user: Option<String>,
    /// The spelling of the password that goes with `user`.
    pub password: Option<String>,
    /// The spelling of a token.
    pub token: Option<String>,
    /// The header that the token goes into; `None` is `Authorization: Bearer`.
    pub token_header: Option<String>,
    /// The authorities to believe in the place of the system's.
    pub ca_file: Option<String>,
    /// Variables for the file if it is a template, in the place of `[check]`'s.
    pub vars: Option<String>,
}

/// `[node]`: how the node is reached. The keys are the flags.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Node {
    /// `--host`: `HOST[:TLS-NAME][:PORT]`.
    pub host: Option<String>,
    /// `--port`.
    pub port: Option<u16>,
    /// `--user`.
    pub user: Option<String>,
    /// The password's spelling.
    pub password: Option<String>,
    /// `--auth`: `internal`, `external`, `external-insecure` or `pki`.
    pub auth: Option<&'static str>,
    /// `--tls-enable`.
    pub tls_enable: Option<bool>,
    /// `--tls-name`.
    pub tls_name: Option<String>,
    /// `--tls-cafile`.
    pub tls_cafile: Option<String>,
    /// `--tls-capath`.
    pub tls_capath: Option<String>,
    /// `--tls-certfile`.
    pub tls_certfile: Option<String>,
    /// `--tls-keyfile`.
    pub tls_keyfile: Option<String>,
    /// The spelling of the key's password.
    pub tls_keyfile_password: Option<String>,
    /// `--services-alternate`.
    pub services_alternate: Option<bool>,
    /// `--instance`: which `[cluster_NAME]` of astools.conf is read.
    pub instance: Option<String>,
}

/// `[riemann]`: where the outcome is sent.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Riemann {
    /// `tcp://`, `udp://` or `tls://`.
    pub url: Option<String>,
    /// How long an event counts, in seconds.
    pub ttl: Option<u64>,
    /// The tags of every event.
    pub tags: Vec<String>,
    /// What the services' names begin with; `ascad-` unless set.
    pub prefix: Option<String>,
    /// The event's host in the place of this machine's name.
    pub host: Option<String>,
    /// Whether warning and unknown are sent as critical, for streams that know only ok and critical.
    pub fold: Option<bool>,
    /// The authorities to believe in the place of the system's.
    pub ca_file: Option<String>,
    /// The certificate to show.
    pub cert_file: Option<String>,
    /// The certificate's key.
    pub key_file: Option<String>,
    /// `[riemann.attributes]`: further attributes of every event.
    pub attributes: Vec<(String, String)>,
}

/// One line of `[severity]`.
#[derive(Clone, Debug, PartialEq)]
pub struct Severity {
    /// A kind of difference or of failure, as written.
    pub kind: String,
    /// One of [`STATES`].
    pub state: &'static str,
    /// Where it stands, for an error about an unknown kind.
    pub line: u32,
}

/// Reads a settings file; `name` is what errors call it. They have line and column and hold no secret.
pub fn parse(text: &str, name: &str) -> Result<SettingsFile> {
    let mut whole = Section::whole(Document { name, text })?;
    let file = SettingsFile {
        check: check(whole.section("check")?)?,
        output: output(whole.section("output")?)?,
        gitlab: gitlab(whole.section("gitlab")?)?,
        references: whole
            .named_sections("reference", &TAKEN)?
            .into_iter()
            .map(|(name, section)| Ok((name, reference(section)?)))
            .collect::<Result<_>>()?,
        node: node(whole.section("node")?)?,
        riemann: riemann(whole.section("riemann")?)?,
        severity: severity(whole.section("severity")?)?,
    };
    whole.finish()?;
    Ok(file)
}

fn check(mut section: Section<'_>) -> Result<Check> {
    let check = Check {
        conf: section.text("conf")?,
        against: section.texts("against")?,
        ignore: section.texts("ignore")?,
        strict: section.flag("strict")?,
        timeout: section.seconds("timeout", 0.1)?,
        splay: section.seconds("splay", 0.0)?,
        nice: section.word("nice", &["auto", "always", "never"])?,
        server_version: section.release("server-version")?,
        edition: section.word("edition", &["ce", "ee"])?,
        vars: section.text("vars")?,
    };
    section.finish()?;
    Ok(check)
}

fn output(mut section: Section<'_>) -> Result<Output> {
    let output = Output {
        format: section.word("format", &FORMATS)?,
        files: section.texts("files")?,
        quiet: section.flag("quiet")?,
        verbose: section.flag("verbose")?,
        color: section.word("color", &["auto", "always", "never"])?,
    };
    section.finish()?;
    Ok(output)
}

fn gitlab(mut section: Section<'_>) -> Result<GitLab> {
    let gitlab = GitLab {
        url: section.text("url")?,
        project: section.text("project")?,
        reference: section.text("ref")?,
        path: section.text("path")?,
        token: section.text("token")?,
        token_kind: section.word("token-kind", &["private", "bearer", "job"])?,
        ca_file: section.text("ca-file")?,
        vars: section.text("vars")?,
    };
    section.finish()?;
    Ok(gitlab)
}

fn reference(mut section: Section<'_>) -> Result<Reference> {
    let reference = Reference {
        urls: section.texts("urls")?,
        user: section.text("user")?,
        password: section.text("password")?,
        token: section.text("token")?,
        token_header: section.text("token-header")?,
        ca_file: section.text("ca-file")?,
        vars: section.text("vars")?,
    };
    section.finish()?;
    Ok(reference)
}

fn node(mut section: Section<'_>) -> Result<Node> {
    let auth = ["internal", "external", "external-insecure", "pki"];
    let node = Node {
        host: section.text("host")?,
        port: section
            .number("port", u64::from(u16::MAX))?
            .and_then(|port| u16::try_from(port).ok()),
        user: section.text("user")?,
        password: section.text("password")?,
        auth: section.word("auth", &auth)?,
        tls_enable: section.flag("tls-enable")?,
        tls_name: section.text("tls-name")?,
        tls_cafile: section.text("tls-cafile")?,
        tls_capath: section.text("tls-capath")?,
        tls_certfile: section.text("tls-certfile")?,
        tls_keyfile: section.text("tls-keyfile")?,
        tls_keyfile_password: section.text("tls-keyfile-password")?,
        services_alternate: section.flag("services-alternate")?,
        instance: section.text("instance")?,
    };
    section.finish()?;
    Ok(node)
}

fn riemann(mut section: Section<'_>) -> Result<Riemann> {
    let riemann = Riemann {
        url: section.text("url")?,
        ttl: section.number("ttl", u64::from(u32::MAX))?,
        tags: section.texts("tags")?,
        prefix: section.text("prefix")?,
        host: section.text("host")?,
        fold: section.flag("fold")?,
        ca_file: section.text("ca-file")?,
        cert_file: section.text("cert-file")?,
        key_file: section.text("key-file")?,
        attributes: section.section("attributes")?.rest_as_texts()?,
    };
    section.finish()?;
    Ok(riemann)
}

fn severity(section: Section<'_>) -> Result<Vec<Severity>> {
    let words = section.rest_as_words(&STATES)?;
    Ok(words
        .into_iter()
        .map(|(kind, state, line)| Severity { kind, state, line })
        .collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    const SAMPLE: &str = include_str!("../install/ascad.toml");

    #[track_caller]
    fn refused(text: &str, expected: &str) {
        assert_eq!(parse(text, "ascad.toml").unwrap_err().to_string(), expected);
    }

    #[test]
    fn nothing_said_is_nothing_set() {
        assert_eq!(parse("", "ascad.toml").unwrap(), SettingsFile::default());
        assert_eq!(
            parse(SAMPLE, "ascad.toml").unwrap(),
            SettingsFile::default()
        );
    }

    /// The sample with the comment sign of every setting and section removed: `#key = …` and `#[section]`, while
    /// prose begins with `# `.
    #[test]
    fn every_setting_of_the_sample_is_one() {
        let uncommented: String = SAMPLE
            .lines()
            .map(|line| match line.strip_prefix('#') {
                Some(rest) if !rest.starts_with(' ') => format!("{rest}\n"),
                _ => format!("{line}\n"),
            })
            .collect();
        let file = parse(&uncommented, "ascad.toml").unwrap_or_else(|error| panic!("{error:#}"));
        assert_eq!(file.check.against, ["gitlab", "master", "runtime"]);
        assert_eq!(file.references[0].1.urls.len(), 2);
        // Nothing that can be set is missing from the sample.
        let shown = format!("{file:?}");
        for absent in ["None", "[]"] {
            assert!(!shown.contains(absent), "{shown}");
        }
    }

    #[test]
    fn the_example_of_the_manual_is_read() {
        let text = r#"
[check]
against = ["gitlab", "master"]
timeout = 2.5
[gitlab]
ref = "main"
[reference.master]
urls = "https://aero1/aerospike.conf"
[node]
port = 3000
[severity]
drifted = "warning"
"#;
        let file = parse(text, "ascad.toml").unwrap();
        assert_eq!(file.check.timeout, Some(2.5));
        assert_eq!(file.gitlab.reference.as_deref(), Some("main"));
        assert_eq!(file.references[0].0, "master");
        assert_eq!(file.references[0].1.urls, ["https://aero1/aerospike.conf"]);
        assert_eq!(file.node.port, Some(3000));
        let severity = Severity {
            kind: "drifted".into(),
            state: "warning",
            line: 12,
        };
        assert_eq!(file.severity, [severity]);
    }

    #[test]
    fn an_unknown_key_is_an_error_with_the_nearest_name() {
        refused(
            "[check]\nagianst = []\n",
            "ascad.toml:2:1: unknown key `agianst` in `[check]`, did you mean `against`?",
        );
        refused(
            "[chekc]\n",
            "ascad.toml:1:2: unknown section `chekc`, did you mean `check`?",
        );
        refused("zzz = 1\n", "ascad.toml:1:1: unknown key `zzz`");
        refused(
            "[reference.master]\nurl = 'x'\n",
            "ascad.toml:2:1: unknown key `url` in `[reference.master]`, did you mean `urls`?",
        );
    }

    #[test]
    fn a_wrong_type_is_named_in_our_words() {
        refused(
            "[check]\ntimeout = \"10\"\n",
            "ascad.toml:2:11: expected 0.1 to 86400 seconds for `timeout`, but found a text",
        );
        refused(
            "[check]\n  strict = 1\n",
            "ascad.toml:2:12: expected `true` or `false` for `strict`, but found a number",
        );
        refused(
            "[node]\nport = 70000\n",
            "ascad.toml:2:8: expected a whole number up to 65535 for `port`, but found `70000`",
        );
        refused(
            "[node]\nport = -1\n",
            "ascad.toml:2:8: expected a whole number up to 65535 for `port`, but found `-1`",
        );
        refused(
            "[check]\ntimeout = 0.01\n",
            "ascad.toml:2:11: expected 0.1 to 86400 seconds for `timeout`, but found `0.01`",
        );
        refused(
            "[check]\ntimeout = true\n",
            "ascad.toml:2:11: expected 0.1 to 86400 seconds for `timeout`, but found `true`",
        );
        refused(
            "[gitlab]\ntoken = 5\n",
            "ascad.toml:2:9: expected a text in quotes for `token`, but found a number",
        );
        refused(
            "check = 1\n",
            "ascad.toml:1:9: expected a section `[check]`, but found a number",
        );
        refused(
            "[severity]\ndrifted = \"warn\"\n",
            "ascad.toml:2:11: expected `ok`, `warning`, `critical`, `unknown` for `drifted`, but found `warn`",
        );
        refused(
            "[output]\nformat = \"jsn\"\n",
            "ascad.toml:2:10: expected `text`, `nagios`, `checkmk`, `json`, `codequality`, `junit`, `sarif`, `prometheus` for `format`, but found `jsn`, did you mean `json`?",
        );
    }

    #[test]
    fn what_is_no_toml_has_its_place() {
        let error = parse("[check\n", "ascad.toml").unwrap_err().to_string();
        assert!(error.starts_with("ascad.toml:1:"), "{error}");
        assert!(error.contains("this is no TOML: "), "{error}");
        refused(
            "a = 1\na = 2\n",
            "ascad.toml:2:1: this is no TOML: duplicate key",
        );
    }

    proptest::proptest! {
        #[test]
        fn any_text_is_read_or_refused(text in "[\\[\\]a-z.=\"0-9\\n{},-]{0,60}") {
            let _ = parse(&text, "ascad.toml");
        }
    }
}
