//! A tree back into text: one item a line, a tab for each level, every section with its braces.

use super::line::LONGEST_LINE;
use super::tree::{Item, ItemId, Tree};

/// Deeper sections are indented no further; only hostile files have them.
const DEEPEST_INDENT: usize = 16;

/// Writes the tree as a file that reads back to the same tree.
pub fn print(tree: &Tree<'_>) -> Vec<u8> {
    print_hiding(tree, b"", |_| false)
}

/// Writes the tree with another word in the place of the values of the items that are chosen.
pub fn print_hiding(
    tree: &Tree<'_>,
    with: &[u8],
    is_hidden: impl Fn(&Item<'_>) -> bool,
) -> Vec<u8> {
    let mut text = Vec::with_capacity(tree.source.len());
    let mut open: Vec<ItemId> = Vec::new();
    for (index, item) in tree.items.iter().enumerate() {
        while open.last().copied() != item.parent() && open.pop().is_some() {
            print_line(&mut text, open.len(), &[b"}"]);
        }
        let mut words = words(item);
        if words.len() > 1 && is_hidden(item) {
            words.truncate(1);
            words.push(with);
        }
        print_line(&mut text, open.len(), &words);
        if item.opens.is_some() {
            open.push(ItemId::at(index));
        }
    }
    while open.pop().is_some() {
        print_line(&mut text, open.len(), &[b"}"]);
    }
    text
}

/// The text of a template as it is, without comments on lines of their own, and with another word in the place of what
/// follows the names that are chosen.
pub fn text_hiding(source: &[u8], with: &[u8], is_hidden: impl Fn(&[u8]) -> bool) -> Vec<u8> {
    let mut text = Vec::with_capacity(source.len());
    for line in source.split_inclusive(|byte| *byte == b'\n') {
        let indent = line.len() - line.trim_ascii_start().len();
        let name = line[indent..].split(u8::is_ascii_whitespace).next();
        let name = name.unwrap_or_default();
        if name.starts_with(b"#") {
            continue;
        }
        if is_hidden(name) {
            text.extend_from_slice(&line[..indent + name.len()]);
            text.push(b' ');
            text.extend_from_slice(with);
            text.push(b'\n');
        } else {
            text.extend_from_slice(line);
        }
    }
    text
}

fn words<'src>(item: &Item<'src>) -> Vec<&'src [u8]> {
    let mut words = vec![item.name()];
    if item.opens.is_none() {
        words.extend_from_slice(&item.values());
        return words;
    }
    let title = item.title();
    if !title.is_empty() {
        words.push(title);
    } else if item.takes_a_title() {
        // The server would take the brace for the title.
        return words;
    }
    let length: usize = words.iter().map(|word| word.len() + 1).sum();
    let is_glued = item.name().len() > 1 && item.name().ends_with(b"{");
    if length + 2 <= LONGEST_LINE && !is_glued {
        words.push(b"{");
    }
    words
}

fn print_line(text: &mut Vec<u8>, depth: usize, words: &[&[u8]]) {
    let length: usize = words.iter().map(|word| word.len() + 1).sum();
    let room = LONGEST_LINE.saturating_sub(length);
    text.extend(std::iter::repeat_n(
        b'\t',
        depth.min(DEEPEST_INDENT).min(room),
    ));
    for (at, word) in words.iter().enumerate() {
        if at > 0 {
            text.push(b' ');
        }
        text.extend_from_slice(word);
    }
    text.push(b'\n');
}
