//! Where the tags of a template are.

use std::ops::Range;

use crate::bytes::{ByteSet, find};
use crate::order;

use super::Dialect;
use super::marker::marker;

/// What a tag does to the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum TagKind {
    /// Puts a text in its place.
    Value,
    /// Decides whether and how often other text comes.
    Control,
    /// Nothing.
    Comment,
}

/// One tag.
#[derive(Clone, Debug)]
pub(super) struct Tag<'a> {
    pub(super) range: Range<usize>,
    pub(super) kind: TagKind,
    pub(super) dialect: Dialect,
    /// What stands between the delimiters, without the signs of whitespace control.
    pub(super) code: &'a [u8],
}

/// A tag of shells or markers, and a quoted text within others, is no longer than this.
pub(super) const LONGEST_SEARCH: usize = 1024;

/// The languages that a file is written in, by what stands outside of its comments.
pub(super) fn dialects(source: &[u8]) -> Vec<Dialect> {
    let all = [
        Dialect::Jinja,
        Dialect::Go,
        Dialect::Erb,
        Dialect::Terraform,
        Dialect::Shell,
        Dialect::Marker,
    ];
    let mut scanner = Scanner::new(source, &all);
    let mut found: Vec<Dialect> = Vec::new();
    let mut blocks_of_go = false;
    let mut blocks_of_mustache = false;
    while let Some(tag) = scanner.next() {
        let start = tag.range.start;
        if scanner.in_comment(start) {
            scanner.at = scanner.line.1;
            continue;
        }
        match tag.kind {
            // `service {# text` opens a section with a comment behind it.
            TagKind::Comment if tag.dialect == Dialect::Jinja && !scanner.begins_line(start) => {
                scanner.at = start + 1;
                continue;
            }
            // Braces of two sections in a row, if such a file could be.
            TagKind::Value if begins_with_a_line_end(&source[tag.range.clone()]) => {
                scanner.at = scanner.line.1;
                continue;
            }
            TagKind::Comment | TagKind::Value | TagKind::Control => {}
        }
        let is_in_braces = source[tag.range].starts_with(b"{{");
        blocks_of_go |= is_in_braces && tag.code == b"end";
        blocks_of_mustache |= is_in_braces && is_head_of_mustache(tag.code);
        if !found.contains(&tag.dialect) {
            found.push(tag.dialect);
        }
    }
    if blocks_of_go && find(source, b"{%").is_none() {
        found.retain(|dialect| *dialect != Dialect::Jinja);
        found.push(Dialect::Go);
    } else if blocks_of_mustache && find(source, b"{%").is_none() {
        found.retain(|dialect| *dialect != Dialect::Jinja);
        found.push(Dialect::Mustache);
    }
    order::sort(&mut found);
    found
}

/// Whether nothing but a comment stands behind a tag's beginning on its line.
fn begins_with_a_line_end(tag: &[u8]) -> bool {
    let mut lines = tag.split(|&byte| byte == b'\n');
    let first = lines.next().unwrap_or_default();
    let is_of_delimiter = |byte: &u8| b"{<%=-~+".contains(byte) || byte.is_ascii_whitespace();
    let said = first.iter().find(|byte| !is_of_delimiter(byte));
    lines.next().is_some() && said.is_none_or(|&byte| byte == b'#')
}

/// All tags of these languages, in order; they do not overlap.
pub(super) fn tags<'a>(source: &'a [u8], dialects: &[Dialect]) -> Vec<Tag<'a>> {
    let mut scanner = Scanner::new(source, dialects);
    let mut tags: Vec<Tag<'a>> = Vec::new();
    let mut raw = false;
    while let Some(tag) = scanner.next() {
        let textual = matches!(tag.dialect, Dialect::Shell | Dialect::Marker);
        if textual && scanner.in_comment(tag.range.start) {
            continue;
        }
        let control = tag.dialect == Dialect::Jinja && tag.kind == TagKind::Control;
        if raw && !(control && tag.code == b"endraw") {
            // Between `raw` and `endraw`, tags are text.
            scanner.at = tag.range.start + 1;
            continue;
        }
        raw = control && tag.code == b"raw";
        tags.push(tag);
    }
    tags
}

/// What a tag can begin with: the bytes that [`Scanner::tag`] knows.
static BEGINS: ByteSet = ByteSet::of(b"{<%$_@");

/// The delimiters that end a tag anywhere behind it.
const CLOSERS: [&[u8; 2]; 6] = [b"}}", b"%}", b"#}", b"%>", b"*/", b"--"];

/// Goes through a file once; what was looked for and found far ahead is remembered.
struct Scanner<'a, 'd> {
    source: &'a [u8],
    dialects: &'d [Dialect],
    at: usize,
    /// Where the next of each of [`CLOSERS`] is, as far as it was looked for; the source's length where there is none.
    closers: [usize; 6],
    /// The line last asked about: its first byte, its newline, and its first `#` that begins a comment.
    line: (usize, usize, usize),
}

impl<'a, 'd> Scanner<'a, 'd> {
    fn new(source: &'a [u8], dialects: &'d [Dialect]) -> Scanner<'a, 'd> {
        Scanner {
            source,
            dialects,
            at: 0,
            closers: [0; 6],
            line: (1, 0, 0),
        }
    }

    /// The next tag.
    fn next(&mut self) -> Option<Tag<'a>> {
        while let Some(ahead) = BEGINS.find(&self.source[self.at..]) {
            self.at += ahead;
            if let Some(tag) = self.tag() {
                self.at = tag.range.end;
                return Some(tag);
            }
            self.at += 1;
        }
        None
    }

    /// The tag that begins here.
    fn tag(&mut self) -> Option<Tag<'a>> {
        let has = |dialect: Dialect| self.dialects.contains(&dialect);
        let follows = |byte: u8| self.source.get(self.at + 1) == Some(&byte);
        match self.source[self.at] {
            b'{' if has(Dialect::Jinja) => self.braces(Dialect::Jinja),
            b'{' if has(Dialect::Go) => self.braces(Dialect::Go),
            b'{' if has(Dialect::Mustache) => self.braces(Dialect::Mustache),
            b'<' if has(Dialect::Erb) && follows(b'%') => self.erb(),
            b'%' if has(Dialect::Terraform) && follows(b'{') => terraform(self.source, self.at),
            b'$' if has(Dialect::Shell) => shell(self.source, self.at),
            b'_' | b'@' | b'%' | b'<' if has(Dialect::Marker) => marker(self.source, self.at),
            _ => None,
        }
    }

    fn braces(&mut self, dialect: Dialect) -> Option<Tag<'a>> {
        let start = self.at + 2;
        let (kind, closer) = match self.source.get(self.at + 1)? {
            b'{' => (TagKind::Value, 0),
            b'%' if dialect == Dialect::Jinja => (TagKind::Control, 1),
            b'#' if dialect == Dialect::Jinja => (TagKind::Comment, 2),
            _ => return None,
        };
        let comment = match kind {
            TagKind::Value => self.end_of_comment(start),
            TagKind::Control | TagKind::Comment => None,
        };
        let first = self.closer(closer, comment.unwrap_or(start))?;
        let end = match kind {
            _ if comment.is_some() => first,
            TagKind::Comment => first,
            TagKind::Value | TagKind::Control => {
                let window = &self.source[start..self.source.len().min(start + LONGEST_SEARCH)];
                find_outside_quotes(window, CLOSERS[closer]).map_or(first, |found| start + found)
            }
        };
        let code = bare(&self.source[start..end], b"-+~");
        if kind == TagKind::Value && code.is_empty() {
            return None;
        }
        let kind = match kind {
            TagKind::Value if dialect == Dialect::Go && code.starts_with(b"/*") => TagKind::Comment,
            TagKind::Value if dialect == Dialect::Go && is_control_of_go(code) => TagKind::Control,
            TagKind::Value if dialect == Dialect::Mustache => kind_of_mustache(code),
            TagKind::Value if dialect == Dialect::Jinja && is_comment_of_ansible(code) => {
                TagKind::Comment
            }
            kind => kind,
        };
        // `{{{ name }}}` is a value, too.
        let has_three = dialect == Dialect::Mustache && self.source[start..].starts_with(b"{");
        let end = end + usize::from(has_three && self.source.get(end + 2) == Some(&b'}'));
        Some(Tag {
            range: self.at..end + 2,
            kind,
            dialect,
            code,
        })
    }

    /// Where the text of a comment ends that stands between two braces: `/* … */` of Go, `!-- … --` and `! …` of
    /// Mustache. What is in it is no code, so that quotes mean nothing there.
    fn end_of_comment(&mut self, start: usize) -> Option<usize> {
        let inner = &self.source[start..];
        let code = match inner.first() {
            Some(b'-' | b'~') => &inner[1..],
            _ => inner,
        };
        let code = code.trim_ascii_start();
        let text = start + inner.len() - code.len() + 2;
        match code {
            [b'/', b'*', ..] => self.closer(4, text),
            [b'!', b'-', b'-', ..] => self.closer(5, text),
            [b'!', ..] => Some(start),
            _ => None,
        }
    }

    fn erb(&mut self) -> Option<Tag<'a>> {
        if self.source.get(self.at + 1) != Some(&b'%') {
            return None;
        }
        let start = self.at + 2;
        let end = self.closer(3, start)?;
        let (kind, code) = match self.source[start..end].split_first() {
            Some((b'=', code)) => (TagKind::Value, code),
            Some((b'#', code)) => (TagKind::Comment, code),
            _ => (TagKind::Control, &self.source[start..end]),
        };
        Some(Tag {
            range: self.at..end + 2,
            kind,
            dialect: Dialect::Erb,
            code: bare(code, b"-"),
        })
    }

    /// Where the next closer of this kind begins, at or after `from`.
    fn closer(&mut self, which: usize, from: usize) -> Option<usize> {
        if self.closers[which] < from || self.closers[which] == 0 {
            let rest = self.source.get(from..).unwrap_or_default();
            let found = find(rest, CLOSERS[which]).map(|found| from + found);
            self.closers[which] = found.unwrap_or(self.source.len());
        }
        Some(self.closers[which]).filter(|found| *found < self.source.len())
    }

    /// Whether a `#` stands before this byte on its line. Tags may hold one; to be wrong there costs a detection.
    fn in_comment(&mut self, at: usize) -> bool {
        self.look_at_line(at);
        self.line.2 < at
    }

    fn begins_line(&mut self, at: usize) -> bool {
        self.look_at_line(at);
        let before = &self.source[self.line.0..at];
        before.len() < LONGEST_SEARCH && before.trim_ascii().is_empty()
    }

    fn look_at_line(&mut self, at: usize) {
        let (start, end, _) = self.line;
        if (start..=end).contains(&at) {
            return;
        }
        let start = line_start(self.source, at);
        let end = line_end(self.source, at);
        let line = &self.source[start..end];
        let comment = (0..line.len())
            .find(|&at| line[at] == b'#' && (at == 0 || !b"{%".contains(&line[at - 1])))
            .unwrap_or(line.len());
        self.line = (start, end, start + comment);
    }
}

/// `{{ ansible_managed }}` says who wrote the file; `{{ … | comment }}` makes a comment of anything.
fn is_comment_of_ansible(code: &[u8]) -> bool {
    let filters = match code.len() {
        0..LONGEST_SEARCH => code.rsplit(|&byte| byte == b'|'),
        _ => return false,
    };
    let mut words = filters.map(|word| first_word(word.trim_ascii()));
    first_word(code) == b"ansible_managed"
        || words.next() == Some(b"comment") && words.next().is_some()
}

fn is_control_of_go(code: &[u8]) -> bool {
    let word = first_word(code);
    let words: [&[u8]; 9] = [
        b"if",
        b"range",
        b"with",
        b"else",
        b"end",
        b"define",
        b"block",
        b"break",
        b"continue",
    ];
    words.contains(&word) || code.starts_with(b"$") && find(code, b":=").is_some()
}

/// Whether a tag begins a section of Mustache: `{{#name}}`, `{{^name}}`.
fn is_head_of_mustache(code: &[u8]) -> bool {
    code.split_first().is_some_and(|(sign, rest)| {
        matches!(sign, b'#' | b'^') && name_length(rest.trim_ascii_start()) > 0
    })
}

fn kind_of_mustache(code: &[u8]) -> TagKind {
    match code.first() {
        Some(b'!') => TagKind::Comment,
        Some(b'#' | b'^' | b'/' | b'>') => TagKind::Control,
        _ if first_word(code) == b"else" => TagKind::Control,
        _ => TagKind::Value,
    }
}

/// `%{ for … ~}`, on one line; a `~` is its sign of whitespace control.
fn terraform(source: &[u8], at: usize) -> Option<Tag<'_>> {
    let inner = source[at..source.len().min(at + LONGEST_SEARCH)].strip_prefix(b"%{")?;
    let length = inner.iter().position(|byte| b"}\n".contains(byte))?;
    let code = bare(&inner[..length], b"~");
    let words: [&[u8]; 5] = [b"if", b"else", b"endif", b"for", b"endfor"];
    (inner[length] == b'}' && words.contains(&first_word(code))).then(|| Tag {
        range: at..at + length + 3,
        kind: TagKind::Control,
        dialect: Dialect::Terraform,
        code,
    })
}

fn shell(source: &[u8], at: usize) -> Option<Tag<'_>> {
    let inner = &source[at + 1..source.len().min(at + LONGEST_SEARCH)];
    let line = &inner[..inner
        .iter()
        .position(|&byte| byte == b'\n')
        .unwrap_or(inner.len())];
    let (length, code) = match line.first()? {
        b'{' => {
            let length = line.iter().position(|&byte| byte == b'}')?;
            let code = &line[1..length];
            // The server's own, in `user-dn-pattern` and `role-query-pattern`.
            if name_length(code.trim_ascii()) == 0 || code == b"un" || code == b"dn" {
                return None;
            }
            (length + 1, code)
        }
        b'(' => {
            let length = line.iter().position(|&byte| byte == b')')?;
            (length + 1, &line[1..length])
        }
        // Lower case only in braces: a `$` may belong to a password or a pattern.
        b'A'..=b'Z' | b'_' => {
            let length = line
                .iter()
                .position(|byte| {
                    !(byte.is_ascii_uppercase() || byte.is_ascii_digit() || *byte == b'_')
                })
                .unwrap_or(line.len());
            (length, &line[..length])
        }
        _ => return None,
    };
    (code.len() > 1 || line.first() == Some(&b'{')).then(|| Tag {
        range: at..at + 1 + length,
        kind: TagKind::Value,
        dialect: Dialect::Shell,
        code,
    })
}

/// The length of the name that a text begins with.
pub(super) fn name_length(text: &[u8]) -> usize {
    match text.first() {
        Some(first) if first.is_ascii_alphabetic() || *first == b'_' => text
            .iter()
            .position(|byte| !(byte.is_ascii_alphanumeric() || *byte == b'_'))
            .unwrap_or(text.len()),
        _ => 0,
    }
}

/// The first word of a tag's code.
pub(super) fn first_word(code: &[u8]) -> &[u8] {
    &code[..name_length(code)]
}

/// Without the signs of whitespace control and white space at both ends.
fn bare<'a>(code: &'a [u8], signs: &[u8]) -> &'a [u8] {
    let code = match code.split_first() {
        Some((first, rest)) if signs.contains(first) => rest,
        _ => code,
    };
    let code = match code.split_last() {
        Some((last, rest)) if signs.contains(last) => rest,
        _ => code,
    };
    code.trim_ascii()
}

/// The first byte of the line that this byte is part of.
pub(super) fn line_start(source: &[u8], at: usize) -> usize {
    source[..at]
        .iter()
        .rposition(|&byte| byte == b'\n')
        .map_or(0, |newline| newline + 1)
}

/// The newline of the line that this byte is part of, or the end.
pub(super) fn line_end(source: &[u8], at: usize) -> usize {
    source[at..]
        .iter()
        .position(|&byte| byte == b'\n')
        .map_or(source.len(), |newline| at + newline)
}

fn find_outside_quotes(text: &[u8], wanted: &[u8]) -> Option<usize> {
    let mut quote = None;
    let mut escaped = false;
    for (at, &byte) in text.iter().enumerate() {
        match quote {
            None if text[at..].starts_with(wanted) => return Some(at),
            None if matches!(byte, b'"' | b'\'' | b'`') => quote = Some(byte),
            None => {}
            Some(_) if escaped => escaped = false,
            Some(_) if byte == b'\\' => escaped = true,
            Some(open) if byte == open => quote = None,
            Some(_) => {}
        }
    }
    None
}
