//! The masked text: same length, same lines.

use std::ops::Range;

use super::tag::{Tag, TagKind, line_end};
use super::{Inserted, Part, SUBSTITUTE};
use crate::conf::LONGEST_LINE;

/// The text while it is being masked.
pub(super) struct Masked {
    pub(super) text: Vec<u8>,
    pub(super) parts: Vec<(Range<usize>, Part)>,
    pub(super) stand_ins: Vec<Range<usize>>,
    pub(super) choices: Vec<Vec<Range<usize>>>,
    pub(super) insertions: Vec<(usize, Inserted)>,
}

impl Masked {
    /// Every tag masked: values as substitutes, the rest as spaces.
    pub(super) fn new(source: &[u8], tags: &[Tag<'_>]) -> Masked {
        let mut masked = Masked {
            text: source.to_vec(),
            parts: Vec::new(),
            stand_ins: Vec::new(),
            choices: Vec::new(),
            insertions: Vec::new(),
        };
        for tag in tags {
            match tag.kind {
                TagKind::Value => masked.substitute(tag.range.clone()),
                TagKind::Control | TagKind::Comment => masked.blank(tag.range.clone()),
            }
        }
        masked
    }

    /// Spaces, with the newlines kept.
    pub(super) fn blank(&mut self, range: Range<usize>) {
        for byte in &mut self.text[range] {
            if *byte != b'\n' {
                *byte = b' ';
            }
        }
    }

    /// One word. Where it spans lines, the word is on the first, and the others are blanked to the end of the last:
    /// what follows there belongs to the first line and has no place of its own.
    pub(super) fn substitute(&mut self, range: Range<usize>) {
        let newline = self.text[range.clone()]
            .iter()
            .position(|&byte| byte == b'\n');
        let first_end = newline.map_or(range.end, |at| range.start + at);
        self.text[range.start..first_end].fill(SUBSTITUTE);
        if first_end < range.end {
            let last_end = line_end(&self.text, range.end);
            self.blank(first_end..last_end);
        }
    }

    /// Whether a range has its line for itself but for comments, as far as a line may be long.
    pub(super) fn is_alone(&self, range: &Range<usize>) -> bool {
        let before = &self.text[range.start.saturating_sub(LONGEST_LINE)..range.start];
        let after = &self.text[range.end..self.text.len().min(range.end + LONGEST_LINE)];
        let before = before.rsplit(|&byte| byte == b'\n').next();
        let after = after.split(|&byte| byte == b'\n').next();
        let after = after.unwrap_or_default().trim_ascii();
        before.unwrap_or_default().trim_ascii().is_empty()
            && (after.is_empty() || after.starts_with(b"#"))
    }

    /// Blanks the lines that nobody can read: those of nothing but substitutes, and parameters whose name is one.
    /// Heads of sections stay, for they carry the structure.
    pub(super) fn blank_lines(&mut self) {
        let mut start = 0;
        while start < self.text.len() {
            let end = line_end(&self.text, start);
            let code = without_comment(&self.text[start..end]);
            let length = code.len() - closing(code);
            if let Some(inserted) = hidden(&code[..length]) {
                self.insertions.push((start, inserted));
                self.blank(start..start + length);
            }
            start = end + 1;
        }
    }

    /// How many words outside of comments hold a substitute.
    pub(super) fn varying(&self) -> usize {
        self.text
            .split(|&byte| byte == b'\n')
            .flat_map(|line| words(without_comment(line)))
            .filter(|word| word.contains(&SUBSTITUTE))
            .count()
    }

    /// Whether the first line of a range that says anything opens or closes a section.
    pub(super) fn begins_with_brace(&self, range: Range<usize>) -> bool {
        let mut lines = self.text[range].split(|&byte| byte == b'\n');
        let first = lines.find_map(|line| {
            let mut words = words(without_comment(line));
            let first = words.next()?;
            Some((first, words.next_back().unwrap_or(first)))
        });
        first.is_none_or(|(first, last)| first == b"}" || last.ends_with(b"{"))
    }

    /// Sections opened less sections closed within a range, as whoever wrote it counts: by the braces.
    pub(super) fn braces(&self, range: Range<usize>) -> i64 {
        self.text[range]
            .split(|&byte| byte == b'\n')
            .map(|line| {
                let mut words = words(without_comment(line));
                let first = words.next();
                let last = words.next_back().or(first);
                match (first, last) {
                    (Some(b"}"), _) => -1,
                    (_, Some(last)) if last.ends_with(b"{") => 1,
                    _ => 0,
                }
            })
            .sum()
    }
}

/// What stands in a line whose name varies, unless the line is a section's head.
fn hidden(line: &[u8]) -> Option<Inserted> {
    let mut words = words(line);
    let varies = words.next().is_some_and(|name| name.contains(&SUBSTITUTE));
    match words.next_back() {
        _ if !varies => None,
        None => Some(Inserted::Lines),
        Some(b"{") => None,
        Some(_) => Some(Inserted::Parameter),
    }
}

/// How long the end of a line is that closes a section: in `${LINES} }` the last of the lines ends before the brace.
fn closing(line: &[u8]) -> usize {
    let mut words = words(line);
    let lines = words.next().is_some_and(|name| name.contains(&SUBSTITUTE));
    match (words.next(), words.next()) {
        (Some(b"}"), None) if lines => {
            line.len()
                - line
                    .iter()
                    .rposition(|&byte| byte == b'}')
                    .unwrap_or(line.len())
        }
        _ => 0,
    }
}

fn words(line: &[u8]) -> impl DoubleEndedIterator<Item = &[u8]> {
    line.split(u8::is_ascii_whitespace)
        .filter(|word| !word.is_empty())
}

fn without_comment(line: &[u8]) -> &[u8] {
    let end = line
        .iter()
        .position(|&byte| byte == b'#')
        .unwrap_or(line.len());
    &line[..end]
}
