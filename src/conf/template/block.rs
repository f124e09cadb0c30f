//! What stands between control tags: conditional, repeated, or not there at all.

use crate::bytes::find;
use crate::order;

use super::mask::Masked;
use super::tag::{Tag, TagKind, first_word};
use super::{Dialect, Inserted, Part};

/// Blocks nested deeper are read as if they always came; only hostile files have them.
const DEEPEST: usize = 64;

/// What a block does with what it holds.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Block {
    If,
    For,
    /// Comes exactly once: `block`, `with`, `filter`, `raw`.
    Once,
    /// Comes elsewhere: `macro`, `define`, `set` without `=`.
    Elsewhere,
}

/// What a control tag does.
enum Step {
    Open(Block),
    /// `else` and `elif`.
    Middle,
    Close,
    /// Other text comes here: `include`.
    Insert,
    Nothing,
}

struct Open {
    block: Block,
    tag: usize,
    /// The tags of `else` and `elif`.
    middles: Vec<usize>,
}

/// Marks the parts of a text whose tags are masked already.
pub(super) fn mask(source: &[u8], tags: &[Tag<'_>], masked: &mut Masked) {
    let mut open: Vec<Open> = Vec::new();
    for (at, tag) in tags.iter().enumerate() {
        if tag.kind != TagKind::Control {
            continue;
        }
        match step(tag) {
            Step::Open(block) => open.push(Open {
                block: if open.len() < DEEPEST {
                    block
                } else {
                    Block::Once
                },
                tag: at,
                middles: Vec::new(),
            }),
            Step::Middle => {
                if let Some(innermost) = open.last_mut() {
                    innermost.middles.push(at);
                }
            }
            Step::Close => {
                if let Some(closed) = open.pop() {
                    close(
                        source,
                        tags,
                        masked,
                        &closed,
                        tag.range.start,
                        tag.range.end,
                    );
                }
            }
            Step::Insert => masked.insertions.push((tag.range.start, Inserted::Lines)),
            Step::Nothing => {}
        }
    }
    // What is never closed goes to the end.
    while let Some(closed) = open.pop() {
        close(source, tags, masked, &closed, source.len(), source.len());
    }
    order::sort(&mut masked.insertions);
}

fn close(
    source: &[u8],
    tags: &[Tag<'_>],
    masked: &mut Masked,
    closed: &Open,
    body_end: usize,
    end: usize,
) {
    let opening = &tags[closed.tag].range;
    let body = opening.end..body_end;
    if closed.block == Block::Elsewhere {
        masked.blank(body);
        return;
    }
    if closed.block == Block::Once {
        return;
    }
    let whole = opening.start..end;
    let on_one_line = !source[whole.clone()].contains(&b'\n');
    if on_one_line && !masked.is_alone(&whole) {
        masked.substitute(whole);
        return;
    }
    let part = match (closed.block, closed.middles.is_empty()) {
        (Block::For, _) => Part::Repeated,
        (_, true) => Part::Optional,
        (_, false) => Part::Alternative,
    };
    masked.parts.push((body, part));
    if !closed.middles.is_empty() {
        keep_one_structure(tags, masked, closed, body_end);
    }
}

/// Where the branches open or close sections that they do not close or open, one of them has to do for all: they
/// are said to hold the same place in the structure, and all of them together would break it.
fn keep_one_structure(tags: &[Tag<'_>], masked: &mut Masked, closed: &Open, body_end: usize) {
    let mut starts = vec![tags[closed.tag].range.end];
    starts.extend(closed.middles.iter().map(|&at| tags[at].range.end));
    let mut ends: Vec<usize> = closed
        .middles
        .iter()
        .map(|&at| tags[at].range.start)
        .collect();
    ends.push(body_end);
    let branches: Vec<_> = starts
        .into_iter()
        .zip(ends)
        .map(|(start, end)| start..end)
        .collect();
    if branches
        .iter()
        .any(|branch| masked.braces(branch.clone()) != 0)
    {
        masked.stand_ins.push(branches[0].clone());
        for branch in &branches[1..] {
            // What they say besides may come where the first has opened its sections, or before.
            masked.insertions.push((branch.start, Inserted::Lines));
            if !masked.begins_with_brace(branch.clone()) {
                masked.insertions.push((branches[0].start, Inserted::Lines));
            }
            masked.blank(branch.clone());
        }
    } else if closed.block == Block::If && has_else(tags, closed) {
        masked.choices.push(branches);
    }
}

/// Whether the last branch is taken where no other is.
fn has_else(tags: &[Tag<'_>], closed: &Open) -> bool {
    let last = closed.middles.last().map(|&at| tags[at].code.trim_ascii());
    let word = last.map(|code| code.strip_prefix(b"}").unwrap_or(code));
    let word = word.map(|code| code.strip_suffix(b"{").unwrap_or(code));
    word.is_some_and(|word| word.trim_ascii() == b"else")
}

fn step(tag: &Tag<'_>) -> Step {
    match tag.dialect {
        Dialect::Jinja => step_of_jinja(tag.code),
        Dialect::Go => step_of_go(tag.code),
        Dialect::Mustache => step_of_mustache(tag.code),
        Dialect::Erb => step_of_erb(tag.code),
        Dialect::Terraform => step_of_terraform(tag.code),
        Dialect::Shell | Dialect::Marker => Step::Nothing,
    }
}

fn step_of_jinja(code: &[u8]) -> Step {
    match first_word(code) {
        b"if" => Step::Open(Block::If),
        b"for" => Step::Open(Block::For),
        b"macro" => Step::Open(Block::Elsewhere),
        b"set" if !code.contains(&b'=') => Step::Open(Block::Elsewhere),
        b"block" | b"filter" | b"call" | b"with" | b"autoescape" | b"trans" | b"raw" => {
            Step::Open(Block::Once)
        }
        b"else" | b"elif" => Step::Middle,
        b"include" | b"extends" => Step::Insert,
        word if word.starts_with(b"end") => Step::Close,
        _ => Step::Nothing,
    }
}

fn step_of_go(code: &[u8]) -> Step {
    match first_word(code) {
        b"if" | b"with" => Step::Open(Block::If),
        b"range" => Step::Open(Block::For),
        b"define" => Step::Open(Block::Elsewhere),
        b"block" => Step::Open(Block::Once),
        b"else" => Step::Middle,
        b"end" => Step::Close,
        _ => Step::Nothing,
    }
}

/// Without one of Handlebars' words, what a section names may be a list as well as a condition.
fn step_of_mustache(code: &[u8]) -> Step {
    let Some((sign, rest)) = code.split_first() else {
        return Step::Nothing;
    };
    let rest = rest.trim_ascii();
    match (sign, first_word(rest)) {
        (b'#', b"if" | b"unless" | b"with") => Step::Open(Block::If),
        (b'#', _) => Step::Open(Block::For),
        (b'^', b"") => Step::Middle,
        (b'^', _) => Step::Open(Block::If),
        (b'/', _) => Step::Close,
        (b'>', _) => Step::Insert,
        _ if first_word(code) == b"else" => Step::Middle,
        _ => Step::Nothing,
    }
}

fn step_of_terraform(code: &[u8]) -> Step {
    match first_word(code) {
        b"if" => Step::Open(Block::If),
        b"for" => Step::Open(Block::For),
        b"else" => Step::Middle,
        _ => Step::Close,
    }
}

fn step_of_erb(code: &[u8]) -> Step {
    let has = |word: &[u8]| find(code, word).is_some();
    match first_word(code) {
        b"if" | b"unless" | b"case" => Step::Open(Block::If),
        b"for" | b"while" | b"until" => Step::Open(Block::For),
        b"else" | b"elsif" | b"when" => Step::Middle,
        b"end" => Step::Close,
        // Puppet's EPP: `} else {`.
        _ if code.first() == Some(&b'}') => match first_word(code[1..].trim_ascii()) {
            b"else" | b"elsif" => Step::Middle,
            _ => Step::Close,
        },
        _ if code.ends_with(b" do") || has(b" do |") || code.ends_with(b"{") || has(b"{ |") => {
            Step::Open(Block::For)
        }
        _ => Step::Nothing,
    }
}
