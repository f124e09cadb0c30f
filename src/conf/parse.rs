//! From lines to a tree.

use nom::Offset;

use crate::catalogue::{self, Context, Kind, Release};

use super::line::{self, LONGEST_LINE, Line};
use super::template::SUBSTITUTE;
use super::tree::{Item, ItemId, Mark, Tree};

/// Something that the reader noticed about the form of the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Oddity<'src> {
    /// What it is.
    pub kind: OddityKind,
    /// The bytes it is about, a part of the source; empty at the end of the file.
    pub what: &'src [u8],
    /// The line's number as the server counts, from 1.
    pub line: u32,
    /// The column of `what` in its line, in bytes from 1.
    pub column: u32,
}

/// What can be odd about the form of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OddityKind {
    /// The line is longer than 1023 bytes; what is left is read as a line of its own.
    LineCut,
    /// Words after the third value, which the server drops.
    WordsDropped,
    /// Words after a closing brace, which the server drops.
    TextAfterBrace,
    /// A brace that closes nothing.
    ExtraBrace,
    /// `}}` or `};`: meant to close, but a name to the server.
    GluedBrace,
    /// A section of another level begins while this one, opened at the line, is still open.
    SectionNotClosed(u32),
    /// The file ends while the section opened at the line is still open.
    MissingBrace(u32),
}

impl OddityKind {
    /// Whether the structure of the file is in doubt, so that nothing in it can be compared.
    pub fn breaks_structure(self) -> bool {
        match self {
            OddityKind::LineCut | OddityKind::WordsDropped | OddityKind::TextAfterBrace => false,
            OddityKind::ExtraBrace
            | OddityKind::GluedBrace
            | OddityKind::SectionNotClosed(_)
            | OddityKind::MissingBrace(_) => true,
        }
    }
}

/// The lines of a file as the server counts them: one longer than 1023 bytes is several.
pub fn lines(source: &[u8]) -> impl Iterator<Item = &[u8]> {
    let mut rest = source;
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        let (line, after) = line::split_first(rest);
        rest = after;
        Some(line)
    })
}

/// Reads a file as a server of this release does.
pub fn parse(source: &[u8], release: Release) -> (Tree<'_>, Vec<Oddity<'_>>) {
    let mut reader = Reader::new(source, release);
    lines(source).for_each(|line| reader.take(line));
    reader.finish()
}

/// The release that a `# aerospike-server-version: 7.0` comment names.
pub fn declared_release(source: &[u8]) -> Option<Release> {
    memchr::memchr_iter(b'#', source).find_map(|at| {
        let is_on_line = |byte: &&u8| **byte != b'\n';
        let mut before = source[..at].iter().rev().take_while(is_on_line);
        let (line, _) = line::split_first(&source[at + 1..]);
        let named = line
            .trim_ascii()
            .strip_prefix(b"aerospike-server-version:")?;
        let named = std::str::from_utf8(named).ok()?;
        Release::parse(named).filter(|_| before.all(u8::is_ascii_whitespace))
    })
}

struct Reader<'src> {
    release: Release,
    tree: Tree<'src>,
    oddities: Vec<Oddity<'src>>,
    /// The open sections, outermost first.
    open: Vec<(Context, ItemId)>,
    /// How many of `open`, from the outermost, are sections that servers know.
    known: usize,
    line: u32,
    /// The line itself.
    text: &'src [u8],
    /// The first of `tree.marks` that still waits for its item.
    waiting: usize,
}

impl<'src> Reader<'src> {
    fn new(source: &'src [u8], release: Release) -> Reader<'src> {
        let tree = Tree {
            source,
            items: Vec::with_capacity(source.len() / 16),
            marks: Vec::new(),
        };
        Reader {
            release,
            tree,
            oddities: Vec::new(),
            open: Vec::new(),
            known: 0,
            line: 0,
            text: b"",
            waiting: 0,
        }
    }

    fn take(&mut self, bytes: &'src [u8]) {
        self.line += 1;
        self.text = bytes;
        let is_cut = bytes.len() == LONGEST_LINE && bytes.last() != Some(&b'\n');
        if is_cut && self.tree.offset(bytes) + bytes.len() < self.tree.source.len() {
            self.note(OddityKind::LineCut, bytes);
        }
        let mut line = Line::default();
        line.read(bytes);
        let is_of = match line.name {
            b"" => None,
            b"}" => self.close(&line),
            _ if line.name[0] == b'}' && !self.is_ignored() => self.close_glued(&line),
            _ => Some(self.add(&line)),
        };
        if let Some(text) = mark_in(line.comment, line.name) {
            self.mark(text.trim_ascii(), is_of);
        }
        if line.name.first() == Some(&b'}') {
            // What follows is another section's: a mark that waited, or one behind a brace that closes nothing.
            self.waiting = self.tree.marks.len();
        }
    }

    /// Closes a section, and tells which.
    fn close(&mut self, line: &Line<'src>) -> Option<ItemId> {
        let closed = self.pop().map(|(_, id)| id);
        match closed {
            Some(id) => self.tree.items[id.index()].end = self.line,
            None => self.note(OddityKind::ExtraBrace, line.name),
        }
        if let Some(first) = line.values().first() {
            self.note(OddityKind::TextAfterBrace, first);
        }
        closed
    }

    /// The server would stop here; whoever wrote it meant to close as many sections as there are braces. Tells which
    /// was the outermost.
    fn close_glued(&mut self, line: &Line<'src>) -> Option<ItemId> {
        self.note(OddityKind::GluedBrace, line.name);
        let braces = line.name.iter().take_while(|&&byte| byte == b'}');
        let closed = braces.filter_map(|_| self.pop()).last();
        closed.map(|(_, id)| id)
    }

    /// Adds an item, and tells which it is.
    fn add(&mut self, line: &Line<'src>) -> ItemId {
        if !line.dropped.is_empty() {
            self.note(OddityKind::WordsDropped, line.dropped);
        }
        let value = line.values().first().copied();
        let mut context = self.context();
        let mut opens = context.opened_by(line.name, value, self.release);
        if opens.is_none() && !self.is_ignored() && self.looks_like_a_section(line, context) {
            opens = Some(match self.enclosing(line.name, value) {
                Some((depth, opened)) => {
                    self.close_down_to(depth, line);
                    context = self.context();
                    opened
                }
                None => context
                    .opened_by(bare(line.name), value, self.release)
                    .or_else(|| opened_by_any(context, line.name, value?))
                    .unwrap_or(Context::Unknown),
            });
        }
        let id = ItemId::at(self.tree.items.len());
        let parent = self.open.last().map_or(ItemId::NONE, |(_, id)| *id);
        let place = (self.line, parent);
        self.tree
            .items
            .push(Item::new(self.text, line, place, context, opens));
        if let Some(opened) = opens {
            if opened != Context::Unknown && self.known == self.open.len() {
                self.known += 1;
            }
            self.open.push((opened, id));
        }
        for mark in &mut self.tree.marks[self.waiting..] {
            mark.item = Some(id);
        }
        self.waiting = self.tree.marks.len();
        id
    }

    /// Whether the server passes over everything but the `}` of the open section.
    fn is_ignored(&self) -> bool {
        self.context().is_ignored(self.release)
    }

    /// A line that the server would refuse, but that was written as the head of a section.
    fn looks_like_a_section(&self, line: &Line<'src>, context: Context) -> bool {
        let is_glued = line.name.len() > 1 && line.name.ends_with(b"{");
        let last = line.values().last().copied().unwrap_or_default();
        if !is_glued && !last.ends_with(b"{") {
            return false;
        }
        let row = catalogue::find(context, line.name, self.release).map(|found| found.row);
        match row.map(|row| row.kind) {
            // From 6.3 `syslog` in `security` is obsolete, which was a section before.
            None | Some(Kind::Section | Kind::Obsolete) => is_glued || last == b"{",
            // `storage-engine devise {`, `storage-engine {`, `storage-engine device{`.
            Some(Kind::Enum) => {
                line.count <= 2 && !row.is_some_and(|row| row.takes(line.values[0]))
            }
            Some(_) => false,
        }
    }

    /// The innermost enclosing section in which this line would open one, and what it would open.
    fn enclosing(&self, name: &[u8], value: Option<&[u8]>) -> Option<(usize, Context)> {
        (0..self.known.min(self.open.len()))
            .rev()
            .find_map(|depth| {
                let outer = depth
                    .checked_sub(1)
                    .map_or(Context::Top, |at| self.open[at].0);
                Some((depth, outer.opened_by(name, value, self.release)?))
            })
    }

    fn close_down_to(&mut self, depth: usize, line: &Line<'src>) {
        while self.open.len() > depth {
            if let Some((_, id)) = self.pop() {
                let opened = self.tree.item(id).line;
                self.note(OddityKind::SectionNotClosed(opened), line.name);
            }
        }
    }

    fn pop(&mut self) -> Option<(Context, ItemId)> {
        let closed = self.open.pop()?;
        self.known = self.known.min(self.open.len());
        Some(closed)
    }

    fn context(&self) -> Context {
        self.open
            .last()
            .map_or(Context::Top, |(context, _)| *context)
    }

    /// A mark that is of no item waits for the next one.
    fn mark(&mut self, text: &'src [u8], item: Option<ItemId>) {
        let mark = Mark {
            text,
            line: self.line,
            item,
        };
        match item {
            Some(_) => {
                self.tree.marks.insert(self.waiting, mark);
                self.waiting += 1;
            }
            None => self.tree.marks.push(mark),
        }
    }

    fn note(&mut self, kind: OddityKind, what: &'src [u8]) {
        let column = self.text.offset(what) + 1;
        self.oddities.push(Oddity {
            kind,
            what,
            line: self.line,
            column: u32::try_from(column).unwrap_or(u32::MAX),
        });
    }

    fn finish(mut self) -> (Tree<'src>, Vec<Oddity<'src>>) {
        while let Some((_, id)) = self.pop() {
            let opened = self.tree.item(id).line;
            let end = &self.tree.source[self.tree.source.len()..];
            self.note(OddityKind::MissingBrace(opened), end);
        }
        (self.tree, self.oddities)
    }
}

/// The mark in a comment: at its beginning, or behind words and a `#` of its own where the line is about something. A
/// comment alone may speak of marks.
fn mark_in<'src>(comment: &'src [u8], name: &[u8]) -> Option<&'src [u8]> {
    let mut rest = comment;
    loop {
        if let Some(mark) = rest.trim_ascii_start().strip_prefix(b"ascad:") {
            return Some(mark);
        }
        let next = rest.iter().position(|&byte| byte == b'#')?;
        if name.is_empty() && !rest[..next].trim_ascii().is_empty() {
            return None;
        }
        rest = &rest[next + 1..];
    }
}

/// What a template opens that fills in the kind of an engine or an index: the kind with the most parameters stands for
/// all.
fn opened_by_any(context: Context, name: &[u8], value: &[u8]) -> Option<Context> {
    match (context, name) {
        _ if !value.contains(&SUBSTITUTE) => None,
        (Context::Namespace, b"storage-engine") => Some(Context::StorageDevice),
        (Context::Namespace, b"index-type") => Some(Context::IndexFlash),
        (Context::Namespace, b"sindex-type") => Some(Context::SindexFlash),
        _ => None,
    }
}

/// `service` of `service{`.
fn bare(name: &[u8]) -> &[u8] {
    name.strip_suffix(b"{").unwrap_or(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn case(source: &str, expected: &[OddityKind]) {
        let (_, oddities) = parse(source.as_bytes(), Release::NEWEST_KNOWN);
        let kinds: Vec<OddityKind> = oddities.iter().map(|odd| odd.kind).collect();
        assert_eq!(kinds, expected);
    }

    #[test]
    fn a_line_is_cut_where_something_is_left_of_it() {
        let longest = "#".repeat(LONGEST_LINE);
        case(&longest, &[]);
        case(&format!("{}\n", &longest[1..]), &[]);
        case(&format!("{longest}\n"), &[OddityKind::LineCut]);
        case(&format!("{longest}x"), &[OddityKind::LineCut]);
        case(
            &longest.repeat(3),
            &[OddityKind::LineCut, OddityKind::LineCut],
        );
    }

    #[track_caller]
    fn marked(source: &str, expected: &[Option<&str>]) {
        let (tree, _) = parse(source.as_bytes(), Release::NEWEST_KNOWN);
        let name = |id: ItemId| std::str::from_utf8(tree.item(id).name()).unwrap();
        let names: Vec<Option<&str>> = tree.marks.iter().map(|mark| mark.item.map(name)).collect();
        assert_eq!(names, expected);
    }

    #[test]
    fn a_mark_belongs_to_its_line_or_the_next_one() {
        let first = Some("service");
        marked("service { # ascad: ignore\nuser a\n}\n", &[first]);
        marked("# ascad: ignore\n\nservice {\nuser a\n}\n", &[first]);
        marked("service {\nuser a # ascad: ignore\n}\n", &[Some("user")]);
        marked(
            "service {\n# ascad: ignore\nuser a # ascad: per-node\n}\n",
            &[Some("user"), Some("user")],
        );
        marked("service {\n}\n# ascad: ignore\n", &[None]);
        let behind = "service {\nuser a # who runs it # ascad: ignore\n}\n";
        marked(behind, &[Some("user")]);
        marked("## ascad: ignore\nservice {\n}\n", &[first]);
        marked("# write # ascad: ignore\nservice {\n}\n", &[]);
    }

    #[test]
    fn a_mark_behind_a_closing_brace_belongs_to_the_section() {
        marked(
            "service {\nuser a\n} # ascad: ignore\nnetwork {\n}\n",
            &[Some("service")],
        );
        marked(
            "network {\ninfo {\nport 1\n} # ascad: ignore\n}\n",
            &[Some("info")],
        );
        marked("} # ascad: ignore\nnetwork {\n}\n", &[None]);
    }

    #[test]
    fn a_mark_before_a_closing_brace_belongs_to_nothing() {
        marked(
            "service {\nuser a\n# ascad: ignore\n}\nnetwork {\n}\n",
            &[None],
        );
        marked(
            "service {\nuser a\n# ascad: ignore\n}}\nnetwork {\n}\n",
            &[None],
        );
    }
}
