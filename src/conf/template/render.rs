//! A template with its variables filled in.
//!
//! Jinja is left to minijinja, strict about what is undefined, with a limit on steps and size, and without access to
//! files. Variables of shells and markers are replaced by those of the same name. Go templates, ERB and Terraform's are
//! not rendered.

use std::fmt;
use std::io::Write;

use minijinja::syntax::SyntaxConfig;
use minijinja::value::{Serde, Value};
use minijinja::{Environment, ErrorKind, UndefinedBehavior};

use super::tag::{self, name_length};
use super::{Dialect, ansible};

/// As large as a configuration may be: 1 MiB.
const MOST_BYTES: usize = 1024 * 1024;

/// Steps of the engine, each with the room for 64 bytes: 128 MiB. A template of a thousand namespaces takes some hundred
/// thousand.
const MOST_STEPS: u64 = 2 * 1024 * 1024;

/// Why a template could not be rendered, or its variables not be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TemplateError {
    /// The line of the template, from 1; `None` where it is about no line.
    pub line: Option<u32>,
    /// What is wrong, on one line.
    pub message: String,
}

impl TemplateError {
    fn new(line: Option<u32>, message: impl Into<String>) -> TemplateError {
        TemplateError {
            line,
            message: message.into(),
        }
    }
}

impl fmt::Display for TemplateError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(line) = self.line {
            write!(f, "line {line}: ")?;
        }
        f.write_str(&self.message)
    }
}

impl std::error::Error for TemplateError {}

/// How variables are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum VarsFormat {
    /// An object.
    Json,
    /// A document.
    Toml,
}

/// Reads variables: names with values of any depth.
pub fn parse_vars(text: &str, format: VarsFormat) -> Result<serde_json::Value, TemplateError> {
    match format {
        VarsFormat::Json => {
            let value: serde_json::Value = serde_json::from_str(text).map_err(|error| {
                let line = u32::try_from(error.line()).ok();
                TemplateError::new(line, format!("this is no JSON: {error}"))
            })?;
            if value.is_object() {
                Ok(value)
            } else {
                let message = "expected a JSON object of variables, but found another value";
                Err(TemplateError::new(None, message))
            }
        }
        VarsFormat::Toml => toml::from_str(text).map_err(|error| {
            let line = error
                .span()
                .map(|span| line_of(text.as_bytes(), span.start));
            TemplateError::new(line, format!("this is no TOML: {}", error.message()))
        }),
    }
}

/// Whether [`render`] speaks every language that a file is written in.
pub fn can_render(source: &[u8]) -> bool {
    !tag::dialects(source).iter().any(is_foreign)
}

/// Whether a language is not filled in here.
fn is_foreign(dialect: &Dialect) -> bool {
    match dialect {
        Dialect::Go | Dialect::Mustache | Dialect::Erb | Dialect::Terraform => true,
        Dialect::Jinja | Dialect::Shell | Dialect::Marker => false,
    }
}

/// Fills in the variables. A plain configuration comes back as it is.
pub fn render(source: &[u8], vars: &serde_json::Value) -> Result<Vec<u8>, TemplateError> {
    let dialects = tag::dialects(source);
    if let Some(other) = dialects.iter().find(|dialect| is_foreign(dialect)) {
        let message = format!(
            "expected a Jinja template to fill in, but found {}",
            other.name()
        );
        return Err(TemplateError::new(None, message));
    }
    let replaced = replace(source, &dialects, vars)?;
    if dialects.contains(&Dialect::Jinja) {
        jinja(&replaced, vars)
    } else {
        Ok(replaced)
    }
}

/// Replaces what stands outside of Jinja's tags.
fn replace(
    source: &[u8],
    dialects: &[Dialect],
    vars: &serde_json::Value,
) -> Result<Vec<u8>, TemplateError> {
    let mut text = Vec::with_capacity(source.len());
    let mut done = 0;
    for tag in tag::tags(source, dialects) {
        let value = match tag.dialect {
            Dialect::Shell if source[tag.range.clone()].starts_with(b"$(") => Err(format!(
                "expected a variable, but found the command `{}`",
                String::from_utf8_lossy(tag.code)
            )),
            Dialect::Shell => shell_value(tag.code, vars),
            Dialect::Marker => marker_value(tag.code, vars),
            Dialect::Jinja
            | Dialect::Go
            | Dialect::Mustache
            | Dialect::Erb
            | Dialect::Terraform => continue,
        };
        let value = value.map_err(|message| {
            TemplateError::new(Some(line_of(source, tag.range.start)), message)
        })?;
        text.extend_from_slice(&source[done..tag.range.start]);
        text.extend_from_slice(value.as_bytes());
        done = tag.range.end;
    }
    text.extend_from_slice(&source[done..]);
    Ok(text)
}

/// `NAME`, `NAME.KEY`, `NAME:-default`, `NAME-default`, `NAME:?message`; nothing else of what shells can do.
fn shell_value(code: &[u8], vars: &serde_json::Value) -> Result<String, String> {
    let code = String::from_utf8_lossy(code);
    let code = code.trim();
    let is_name = |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '_' | '.');
    let (name, rest) = code.split_at(code.find(|letter| !is_name(letter)).unwrap_or(code.len()));
    if name_length(name.as_bytes()) == 0 {
        return Err(format!(
            "expected a variable, but found the command `{code}`"
        ));
    }
    let known = variable(vars, name);
    let default = rest.strip_prefix(":-").or(rest.strip_prefix('-'));
    match (known, default) {
        (Some(value), Some(default)) if value.is_empty() && rest.starts_with(':') => {
            Ok(default.to_owned())
        }
        (Some(value), Some(_)) => Ok(value),
        (None, Some(default)) => Ok(default.to_owned()),
        (Some(value), None) if rest.trim_start_matches(':').starts_with('?') || rest.is_empty() => {
            Ok(value)
        }
        (Some(_), None) => Err(format!(
            "expected `${{{name}}}` or `${{{name}:-default}}`, but found `${{{code}}}`"
        )),
        (None, None) => Err(format!("the variable `{name}` is not given")),
    }
}

fn marker_value(code: &[u8], vars: &serde_json::Value) -> Result<String, String> {
    let name = String::from_utf8_lossy(code);
    variable(vars, &name)
        .or_else(|| variable(vars, &format!("__{name}__")))
        .ok_or_else(|| format!("the variable `{name}` is not given"))
}

fn variable(vars: &serde_json::Value, name: &str) -> Option<String> {
    let mut keys = name.split('.');
    let value = keys.try_fold(vars, |value, key| value.get(key))?;
    match value {
        serde_json::Value::String(text) => Some(text.clone()),
        serde_json::Value::Number(number) => Some(number.to_string()),
        serde_json::Value::Bool(flag) => Some(flag.to_string()),
        serde_json::Value::Null | serde_json::Value::Array(_) | serde_json::Value::Object(_) => {
            None
        }
    }
}

fn jinja(source: &[u8], vars: &serde_json::Value) -> Result<Vec<u8>, TemplateError> {
    let text = std::str::from_utf8(source).map_err(|error| {
        let line = line_of(source, error.valid_up_to());
        TemplateError::new(Some(line), "expected UTF-8 in a Jinja template")
    })?;
    let syntax = SyntaxConfig::builder()
        .keep_trailing_newline(true)
        .build()
        .map_err(|error| explain(text, &error))?;
    let mut engine = Environment::new();
    engine.set_undefined_behavior(UndefinedBehavior::Strict);
    engine.set_syntax(syntax);
    engine.set_fuel(Some(MOST_STEPS));
    engine.set_debug(true);
    ansible::teach(&mut engine);
    let failed = |error: minijinja::Error| explain(text, &error);
    let template = engine.template_from_str(text).map_err(failed)?;
    let mut output = Capped(Vec::with_capacity(source.len()));
    template
        .render_captured_to(Value::from(Serde(vars)), &mut output)
        .map_err(failed)?;
    Ok(output.0)
}

fn explain(text: &str, error: &minijinja::Error) -> TemplateError {
    let line = error.line().and_then(|line| u32::try_from(line).ok());
    let code = error
        .range()
        .and_then(|range| text.get(range))
        .and_then(|code| code.lines().next())
        .filter(|code| !code.is_empty() && code.len() <= 80);
    let what = match (error.kind(), code) {
        (ErrorKind::UndefinedError, Some(code)) => format!("`{code}` is not given"),
        (ErrorKind::OutOfFuel, _) => "the template takes too many steps".to_owned(),
        (ErrorKind::WriteFailure, _) => "the template grows beyond 1 MiB".to_owned(),
        (kind, _) => match error.detail() {
            Some(detail) => format!("{kind}: {detail}"),
            None => kind.to_string(),
        },
    };
    TemplateError::new(line, what.replace(['\n', '\r'], " "))
}

/// Text of at most [`MOST_BYTES`].
struct Capped(Vec<u8>);

impl Write for Capped {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        if self.0.len() + bytes.len() > MOST_BYTES {
            return Err(std::io::Error::other("too much"));
        }
        self.0.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

fn line_of(source: &[u8], offset: usize) -> u32 {
    let lines = source[..offset.min(source.len())]
        .iter()
        .filter(|&&byte| byte == b'\n')
        .count();
    u32::try_from(lines + 1).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn vars() -> serde_json::Value {
        parse_vars(
            "NS = 'test'\nEMPTY = ''\nfds = 15000\nnames = ['a', 'b']\n[limits]\nread = 1\n",
            VarsFormat::Toml,
        )
        .unwrap()
    }

    #[track_caller]
    fn case(source: &str, expected: Result<&str, &str>) {
        let rendered = render(source.as_bytes(), &vars())
            .map(|bytes| String::from_utf8(bytes).unwrap())
            .map_err(|error| error.to_string());
        let expected = expected.map(str::to_owned).map_err(str::to_owned);
        assert_eq!(rendered, expected, "{source}");
    }

    #[test]
    fn jinja_is_filled_in() {
        case("proto-fd-max {{ fds }}\n", Ok("proto-fd-max 15000\n"));
        case(
            "{% for n in names %}set {{ n }}\n{% endfor %}",
            Ok("set a\nset b\n"),
        );
        case("x {{ y | default(5) }}", Ok("x 5"));
        case(
            "{% if z is defined %}z{% else %}x {{ limits.get('read') }}{% endif %}",
            Ok("x 1"),
        );
        case(
            "{% for k, v in limits.items() %}{{ k }} {{ v }}{% endfor %}",
            Ok("read 1"),
        );
    }

    #[test]
    fn what_is_undefined_is_named_with_its_line() {
        case(
            "a 1\nb {{ nothing }}\n",
            Err("line 2: `nothing` is not given"),
        );
        case(
            "a 1\n\nb ${NOTHING}\n",
            Err("line 3: the variable `NOTHING` is not given"),
        );
        case(
            "a __NOTHING__\n",
            Err("line 1: the variable `NOTHING` is not given"),
        );
    }

    #[test]
    fn shell_variables_and_markers_are_replaced() {
        case(
            "namespace ${NS} {\n# ${X}\n}",
            Ok("namespace test {\n# ${X}\n}"),
        );
        case(
            "a ${X:-5}${EMPTY:-6}${EMPTY-7} $NS __NS__",
            Ok("a 56 test test"),
        );
        case("a ${limits.read} ${NS:?none}", Ok("a 1 test"));
        case(
            "a ${NS%t}",
            Err("line 1: expected `${NS}` or `${NS:-default}`, but found `${NS%t}`"),
        );
        case(
            "a $(hostname)",
            Err("line 1: expected a variable, but found the command `hostname`"),
        );
        case("user-dn-pattern uid=${un}", Ok("user-dn-pattern uid=${un}"));
    }

    #[test]
    fn hostile_templates_end() {
        case(
            "{% for a in range(9999) %}{% for b in range(9999) %}{% endfor %}{% endfor %}",
            Err("line 1: the template takes too many steps"),
        );
        case(
            "{% for a in range(99999) %}0123456789abcdef{% endfor %}",
            Err("the template grows beyond 1 MiB"),
        );
        // Nothing of this is written, and every one would take gigabytes.
        for huge in [
            "{{ ('x' * 99999).replace('', 'y' * 99999) | length }}",
            "{{ ('x' * 99999) | replace('x', 'y' * 99999) | length }}",
            "{{ ('x,' * 99999999).split(',') | length }}",
            "{% set all = namespace(a='x') %}{% for a in range(40) %}{% set all.a = all.a ~ all.a %}{% endfor %}",
        ] {
            case(huge, Err("line 1: the template takes too many steps"));
        }
        let error = render(b"a {{ x", &vars());
        assert_eq!(error, Ok(b"a {{ x".to_vec()));
        let error = render(b"a {{ fds }}\n{% include '/etc/passwd' %}", &vars()).unwrap_err();
        assert_eq!(error.line, Some(2), "{error}");
    }

    #[test]
    fn other_languages_are_named() {
        case(
            "<% x %>",
            Err("expected a Jinja template to fill in, but found ERB"),
        );
    }

    #[test]
    fn variables_are_an_object() {
        assert!(parse_vars("{\"a\": 1}", VarsFormat::Json).is_ok());
        assert!(parse_vars("[1]", VarsFormat::Json).is_err());
        assert_eq!(
            parse_vars("{\n,", VarsFormat::Json).unwrap_err().line,
            Some(2)
        );
        assert_eq!(
            parse_vars("a = 1\nb", VarsFormat::Toml).unwrap_err().line,
            Some(2)
        );
    }
}
