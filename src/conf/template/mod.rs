//! Configurations that are templates: what in them is fixed, what varies, what may be missing.
//!
//! ```text
//! {{ … }}  <%= … %>  ${VAR}  ${VAR:-x}  $(…)  $VAR  __NAME__  @NAME@     a value that varies
//! %NAME%  @@NAME@@  %%NAME%%  <<NAME>>                                     the same
//! {% … %}  <% … %>   {{ if … }} {{ range … }}   %{ if … }  {{#x}} {{/x}}  control: Jinja, ERB, Go, Terraform, Mustache
//! {# … #}  <%# … %>  {{/* … */}}  {{! … }}                                comments
//! ```
//! [`read`] masks what is template so that [`super::parse()`] can read the rest. The masked text has the same length
//! and the same lines, so offsets and line numbers are those of the file. Control and comments become spaces; a value
//! becomes a run of [`SUBSTITUTE`], one word for the reader, glued to what it touches (`{{ n }}G`). A line of which
//! nothing but values is left, or whose name is one, is blanked and noted as an insertion: any line may come there, or
//! any parameter where the value stands apart from the name.
//!
//! A comment of nothing but `mesh-seed-placeholder` is where the vendor's scripts for Kubernetes insert seeds. It stays
//! in what they make, so it makes no template.
//!
//! `${un}` and `${dn}` are no template: the server itself replaces them in LDAP patterns.
//!
//! With variables, [`render()`] makes a plain configuration of it. Deliberately absent: reading other files, so
//! `include` and `extends` are insertions here and errors there.

mod ansible;
mod block;
mod marker;
mod mask;
mod render;
mod tag;

use std::borrow::Cow;
use std::ops::Range;

use crate::order;

use super::{ItemId, LONGEST_LINE, Tree};

pub use marker::signs;
pub use render::{TemplateError, VarsFormat, can_render, parse_vars, render};

/// What stands for every byte of a value that varies: ASCII's SUB, which no file holds and no reader splits at.
pub const SUBSTITUTE: u8 = 0x1a;

/// A language of templates.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Dialect {
    /// Jinja, as Ansible and Salt use it.
    Jinja,
    /// Go's text/template, as Helm, confd and consul-template use it.
    Go,
    /// Mustache and Handlebars.
    Mustache,
    /// ERB, as Chef and Puppet use it, and Puppet's own EPP.
    Erb,
    /// Terraform's, as far as it is not written as in a shell: `%{ if … }`.
    Terraform,
    /// Variables as in a shell: envsubst.
    Shell,
    /// `__NAME__`, `@NAME@` and their like, as scripts of sed and configure replace them.
    Marker,
}

impl Dialect {
    /// Its name, for whoever reads a report.
    pub fn name(self) -> &'static str {
        match self {
            Dialect::Jinja => "Jinja",
            Dialect::Go => "Go template",
            Dialect::Mustache => "Mustache",
            Dialect::Erb => "ERB",
            Dialect::Terraform => "Terraform template",
            Dialect::Shell => "shell variables",
            Dialect::Marker => "`__NAME__` or `@NAME@` markers",
        }
    }
}

/// Why a part of a template may be missing or come more than once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// Between `if` and its end: there or not.
    Optional,
    /// The same with an `else`: this or another part of the same region. A value in it is one of several.
    Alternative,
    /// Between `for` and its end: any number of times.
    Repeated,
}

/// What comes in the place of a line that nobody can read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Inserted {
    /// Any lines: `{{ lines }}`.
    Lines,
    /// One parameter of any name: `{{ name }} {{ value }}`.
    Parameter,
    /// Seeds of a mesh: `# mesh-seed-placeholder`.
    Seeds,
}

/// A configuration with its template masked.
#[derive(Clone, Debug)]
pub struct Template<'a> {
    /// What to parse, of the same length as the source; the source itself where there is no template.
    pub text: Cow<'a, [u8]>,
    /// The languages found, in the order of [`Dialect`]; empty for a plain configuration.
    pub dialects: Vec<Dialect>,
    /// The conditional and repeated parts as bytes of the source, outer ones among them.
    pub parts: Vec<(Range<usize>, Part)>,
    /// The parts that were kept in the place of others, which open or close sections as they do.
    pub stand_ins: Vec<Range<usize>>,
    /// The branches of every choice of which one is always taken: it has an `else`.
    pub choices: Vec<Vec<Range<usize>>>,
    /// Where lines were blanked, as bytes of the source, and what they stand for.
    pub insertions: Vec<(usize, Inserted)>,
    /// How many words vary.
    pub varying: usize,
}

impl Template<'_> {
    /// Whether anything of a template was found.
    pub fn is_template(&self) -> bool {
        !self.dialects.is_empty()
    }

    /// The conditional and repeated parts that this byte is in, outer ones first; of them those within which `head`
    /// is not.
    pub fn parts_at(&self, offset: usize, head: Option<usize>) -> impl Iterator<Item = Part> {
        let is_around = move |range: &Range<usize>| {
            range.contains(&offset) && !head.is_some_and(|head| range.contains(&head))
        };
        let parts = self.parts.iter().rev();
        parts.filter_map(move |(range, part)| is_around(range).then_some(*part))
    }

    /// Whether something else may stand in the place of what stands at this byte.
    pub fn stands_for_others(&self, offset: usize) -> bool {
        self.stand_ins.iter().any(|range| range.contains(&offset))
    }

    /// Whether a word of [`Self::text`] is wholly or partly the template's to fill in.
    pub fn varies(&self, word: &[u8]) -> bool {
        self.is_template() && word.contains(&SUBSTITUTE)
    }

    /// The sections into which something may be inserted; `None` is the top. `tree` was parsed from [`Self::text`].
    pub fn open_sections(&self, tree: &Tree<'_>) -> Vec<(Option<ItemId>, Inserted)> {
        let mut insertions = self.insertions.clone();
        order::sort(&mut insertions);
        let mut walk = Walk::default();
        let mut sections: Vec<_> = insertions
            .into_iter()
            .map(|(offset, inserted)| (walk.section_at(tree, offset), inserted))
            .collect();
        order::sort(&mut sections);
        sections.dedup();
        sections
    }
}

/// Goes through a file once, for there may be as many insertions as lines.
#[derive(Default)]
struct Walk {
    /// The last item that was passed.
    item: Option<usize>,
    /// The section that is open where the line begins.
    section: Option<ItemId>,
    /// Where the line begins.
    line: usize,
    /// Up to where the line was looked for its end.
    seen: usize,
}

impl Walk {
    /// The section that is open at this byte: that of the last item before it, less the braces in between. Bytes have to
    /// be asked for in order.
    fn section_at(&mut self, tree: &Tree<'_>, offset: usize) -> Option<ItemId> {
        let before = tree
            .items
            .partition_point(|item| tree.offset(item.name()) < offset);
        let index = before.checked_sub(1)?;
        if self.item != Some(index) {
            let item = &tree.items[index];
            let start = tree.offset(item.name());
            *self = Walk {
                item: Some(index),
                section: match item.opens {
                    Some(_) => Some(ItemId::at(index)),
                    None => item.parent(),
                },
                line: start,
                seen: start,
            };
        }
        let source = tree.source;
        while let Some(end) = source[self.seen..offset].iter().position(|&b| b == b'\n') {
            let end = self.seen + end;
            self.section = after(tree, self.section, &source[self.line..end]);
            (self.line, self.seen) = (end + 1, end + 1);
        }
        self.seen = offset;
        let line = &source[self.line..offset.min(self.line + LONGEST_LINE)];
        after(tree, self.section, line)
    }
}

/// The section that is open behind a line without an item.
fn after(tree: &Tree<'_>, section: Option<ItemId>, line: &[u8]) -> Option<ItemId> {
    let rest = line.trim_ascii_start().strip_prefix(b"}");
    let closes = rest.is_some_and(|rest| rest.first().is_none_or(u8::is_ascii_whitespace));
    match (closes, section) {
        (true, Some(section)) => tree.item(section).parent(),
        (true, None) => None,
        (false, section) => section,
    }
}

/// Finds and masks what is template in a file. A plain configuration comes back as it is: braces of sections,
/// comments that speak of templates and the server's own `${un}` are none.
pub fn read(source: &[u8]) -> Template<'_> {
    let dialects = tag::dialects(source);
    if dialects.is_empty() {
        return Template {
            text: Cow::Borrowed(source),
            dialects,
            parts: Vec::new(),
            stand_ins: Vec::new(),
            choices: Vec::new(),
            insertions: places_for_seeds(source),
            varying: 0,
        };
    }
    let tags = tag::tags(source, &dialects);
    let mut masked = mask::Masked::new(source, &tags);
    block::mask(source, &tags, &mut masked);
    masked.blank_lines();
    Template {
        varying: masked.varying(),
        text: Cow::Owned(masked.text),
        dialects,
        parts: masked.parts,
        stand_ins: masked.stand_ins,
        choices: masked.choices,
        insertions: [masked.insertions, places_for_seeds(source)].concat(),
    }
}

/// Where the comment stands behind which seeds are inserted.
fn places_for_seeds(source: &[u8]) -> Vec<(usize, Inserted)> {
    let is_place = |at: &usize| {
        let (before, after) = source.split_at(*at);
        let before = before.rsplit(|&byte| byte == b'\n').next();
        let after = after[SEEDS.len()..].split(|&byte| byte == b'\n').next();
        before.is_some_and(|before| before.trim_ascii() == b"#")
            && after.is_some_and(|after| after.trim_ascii().is_empty())
    };
    let found = memchr::memmem::find_iter(source, SEEDS).filter(is_place);
    found.map(|at| (at, Inserted::Seeds)).collect()
}

const SEEDS: &[u8] = b"mesh-seed-placeholder";

#[cfg(test)]
mod tests;
