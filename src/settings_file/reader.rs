//! TOML's tables, read key by key: every key must be asked for, and every error has its place.

use anyhow::{Result, anyhow};
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::catalogue::Release;
use crate::nearest::did_you_mean;

/// The text, for places in errors.
#[derive(Clone, Copy)]
pub(super) struct Document<'a> {
    pub(super) name: &'a str,
    pub(super) text: &'a str,
}

impl Document<'_> {
    /// The line of a byte, from 1.
    pub(super) fn line(&self, offset: usize) -> u32 {
        let before = &self.text.as_bytes()[..offset.min(self.text.len())];
        let lines = before.iter().filter(|&&byte| byte == b'\n').count() + 1;
        u32::try_from(lines).unwrap_or(u32::MAX)
    }

    /// `name:line:column: words`.
    pub(super) fn error(&self, offset: usize, words: impl std::fmt::Display) -> anyhow::Error {
        let offset = offset.min(self.text.len());
        let start = self.text.as_bytes()[..offset]
            .iter()
            .rposition(|&byte| byte == b'\n')
            .map_or(0, |at| at + 1);
        let column = offset - start + 1;
        anyhow!("{}:{}:{column}: {words}", self.name, self.line(offset))
    }
}

/// A table from which keys are taken one by one; what is left at the end is unknown.
pub(super) struct Section<'a> {
    document: Document<'a>,
    /// `[check]`, or empty at the top.
    title: String,
    table: DeTable<'a>,
    /// The keys that were asked for.
    known: Vec<&'static str>,
}

impl<'a> Section<'a> {
    pub(super) fn whole(document: Document<'a>) -> Result<Section<'a>> {
        let table = DeTable::parse(document.text).map_err(|error| {
            let offset = error.span().map_or(0, |span| span.start);
            let words = error.message().lines().next().unwrap_or_default();
            document.error(offset, format!("this is no TOML: {words}"))
        })?;
        Ok(Section {
            document,
            title: String::new(),
            table: table.into_inner(),
            known: Vec::new(),
        })
    }

    fn take(&mut self, key: &'static str) -> Option<Spanned<DeValue<'a>>> {
        self.known.push(key);
        self.table.remove(key)
    }

    /// The value itself is not shown: a secret without quotes is a number.
    fn wrong(&self, key: &str, expected: &str, found: &Spanned<DeValue<'_>>) -> anyhow::Error {
        self.unexpected(key, expected, kind(found.get_ref()), found)
    }

    /// Where a number is wanted there is no secret, so one that is out of bounds is shown.
    fn wrong_number(
        &self,
        key: &str,
        expected: &str,
        found: &Spanned<DeValue<'_>>,
    ) -> anyhow::Error {
        let digits = match found.get_ref() {
            DeValue::Integer(digits) if digits.radix() == 10 => digits.as_str(),
            DeValue::Float(digits) => digits.as_str(),
            _ => return self.wrong(key, expected, found),
        };
        self.unexpected(key, expected, &format!("`{digits}`"), found)
    }

    fn unexpected(
        &self,
        key: &str,
        expected: &str,
        found: &str,
        place: &Spanned<DeValue<'_>>,
    ) -> anyhow::Error {
        let words = format!("expected {expected} for `{key}`, but found {found}");
        self.document.error(place.span().start, words)
    }

    /// A table of this one, empty where it is missing.
    pub(super) fn section(&mut self, key: &'static str) -> Result<Section<'a>> {
        let table = match self.take(key) {
            None => DeTable::new(),
            Some(value) => self.expect_table(key, value)?,
        };
        Ok(self.below(key, table))
    }

    /// The tables `[key.NAME]`, each with its name; those that are taken would mean something else.
    pub(super) fn named_sections(
        &mut self,
        key: &'static str,
        taken: &[&str],
    ) -> Result<Vec<(String, Section<'a>)>> {
        let Some(value) = self.take(key) else {
            return Ok(Vec::new());
        };
        let mut sections = Vec::new();
        for (name, value) in self.expect_table(key, value)? {
            let place = name.span().start;
            let name = name.into_inner().into_owned();
            if taken.contains(&name.as_str()) {
                let words =
                    format!("expected another name than `{name}`, which is a source of its own");
                return Err(self.document.error(place, words));
            }
            let full = format!("{key}.{name}");
            let table = self.expect_table(&full, value)?;
            sections.push((name, self.below(&full, table)));
        }
        Ok(sections)
    }

    fn below(&self, key: &str, table: DeTable<'a>) -> Section<'a> {
        Section {
            document: self.document,
            title: format!("[{key}]"),
            table,
            known: Vec::new(),
        }
    }

    fn expect_table(&self, key: &str, value: Spanned<DeValue<'a>>) -> Result<DeTable<'a>> {
        let place = value.span().start;
        match value.into_inner() {
            DeValue::Table(table) => Ok(table),
            other => {
                let found = kind(&other);
                let words = format!("expected a section `[{key}]`, but found {found}");
                Err(self.document.error(place, words))
            }
        }
    }

    /// A text that is not empty.
    pub(super) fn text(&mut self, key: &'static str) -> Result<Option<String>> {
        let Some(value) = self.take(key) else {
            return Ok(None);
        };
        self.expect_text(key, &value).map(Some)
    }

    fn expect_text(&self, key: &str, value: &Spanned<DeValue<'_>>) -> Result<String> {
        match value.get_ref().as_str() {
            Some("") => Err(self.document.error(
                value.span().start,
                format!("expected a text for `{key}`, but found an empty one"),
            )),
            Some(text) => Ok(text.to_owned()),
            None => Err(self.wrong(key, "a text in quotes", value)),
        }
    }

    /// The number of a release.
    pub(super) fn release(&mut self, key: &'static str) -> Result<Option<Release>> {
        let Some(value) = self.take(key) else {
            return Ok(None);
        };
        let text = self.expect_text(key, &value)?;
        let release = Release::parse(&text);
        release.map(Some).ok_or_else(|| {
            let found = format!("`{text}`");
            self.unexpected(key, "a release such as 8.1 or 7.0.0.26", &found, &value)
        })
    }

    /// A list of texts; one text stands for a list of one.
    pub(super) fn texts(&mut self, key: &'static str) -> Result<Vec<String>> {
        let Some(value) = self.take(key) else {
            return Ok(Vec::new());
        };
        match value.get_ref() {
            DeValue::Array(items) => items
                .iter()
                .map(|item| self.expect_text(key, item))
                .collect(),
            DeValue::String(_) => Ok(vec![self.expect_text(key, &value)?]),
            _ => Err(self.wrong(key, "a list of texts", &value)),
        }
    }

    /// One of these words.
    pub(super) fn word(
        &mut self,
        key: &'static str,
        words: &[&'static str],
    ) -> Result<Option<&'static str>> {
        let Some(value) = self.take(key) else {
            return Ok(None);
        };
        self.expect_word(key, &value, words).map(Some)
    }

    fn expect_word(
        &self,
        key: &str,
        value: &Spanned<DeValue<'_>>,
        words: &[&'static str],
    ) -> Result<&'static str> {
        let text = self.expect_text(key, value)?;
        if let Some(word) = words.iter().find(|word| **word == text) {
            return Ok(word);
        }
        let all: Vec<String> = words.iter().map(|word| format!("`{word}`")).collect();
        let near = did_you_mean(&text, words.iter().copied());
        let words = format!(
            "expected {} for `{key}`, but found `{text}`{near}",
            all.join(", ")
        );
        Err(self.document.error(value.span().start, words))
    }

    /// A whole number of at most `most`.
    pub(super) fn number(&mut self, key: &'static str, most: u64) -> Result<Option<u64>> {
        let Some(value) = self.take(key) else {
            return Ok(None);
        };
        let number = value
            .get_ref()
            .as_integer()
            .and_then(|digits| u64::from_str_radix(digits.as_str(), digits.radix()).ok());
        match number {
            Some(number) if number <= most => Ok(Some(number)),
            _ => Err(self.wrong_number(key, &format!("a whole number up to {most}"), &value)),
        }
    }

    /// At least so many seconds, a fraction too.
    pub(super) fn seconds(&mut self, key: &'static str, least: f64) -> Result<Option<f64>> {
        let Some(value) = self.take(key) else {
            return Ok(None);
        };
        let digits = match value.get_ref() {
            DeValue::Integer(digits) if digits.radix() == 10 => digits.as_str(),
            DeValue::Float(digits) => digits.as_str(),
            _ => "",
        };
        match digits.parse::<f64>() {
            // A day; more is a slip, and arithmetic with clocks stays safe.
            Ok(seconds) if (least..=86_400.0).contains(&seconds) => Ok(Some(seconds)),
            _ => Err(self.wrong_number(key, &format!("{least} to 86400 seconds"), &value)),
        }
    }

    /// `true` or `false`.
    pub(super) fn flag(&mut self, key: &'static str) -> Result<Option<bool>> {
        let Some(value) = self.take(key) else {
            return Ok(None);
        };
        match value.get_ref().as_bool() {
            Some(flag) => Ok(Some(flag)),
            None => Err(self.wrong(key, "`true` or `false`", &value)),
        }
    }

    /// All keys that are left, each with one of these words and its line.
    pub(super) fn rest_as_words(
        mut self,
        words: &[&'static str],
    ) -> Result<Vec<(String, &'static str, u32)>> {
        let table = std::mem::take(&mut self.table);
        table
            .iter()
            .map(|(key, value)| {
                let word = self.expect_word(key.get_ref(), value, words)?;
                let line = self.document.line(key.span().start);
                Ok((key.get_ref().to_string(), word, line))
            })
            .collect()
    }

    /// All keys that are left, each with a text.
    pub(super) fn rest_as_texts(mut self) -> Result<Vec<(String, String)>> {
        let table = std::mem::take(&mut self.table);
        table
            .iter()
            .map(|(key, value)| {
                Ok((
                    key.get_ref().to_string(),
                    self.expect_text(key.get_ref(), value)?,
                ))
            })
            .collect()
    }

    /// Nothing may be left; the error names the first unknown key of the file and the nearest known one.
    pub(super) fn finish(self) -> Result<()> {
        let first = self.table.iter().min_by_key(|(key, _)| key.span().start);
        let Some((key, value)) = first else {
            return Ok(());
        };
        let what = if self.title.is_empty() && value.get_ref().is_table() {
            "section"
        } else {
            "key"
        };
        let place = if self.title.is_empty() {
            String::new()
        } else {
            format!(" in `{}`", self.title)
        };
        let name: &str = key.get_ref();
        let near = did_you_mean(name, self.known.iter().copied());
        let words = format!("unknown {what} `{name}`{place}{near}");
        Err(self.document.error(key.span().start, words))
    }
}

fn kind(value: &DeValue<'_>) -> &'static str {
    match value {
        DeValue::String(_) => "a text",
        DeValue::Integer(_) | DeValue::Float(_) => "a number",
        DeValue::Boolean(true) => "`true`",
        DeValue::Boolean(false) => "`false`",
        DeValue::Datetime(_) => "a date",
        DeValue::Array(_) => "a list",
        DeValue::Table(_) => "a section",
    }
}
