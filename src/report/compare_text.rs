//! Many sources for people: the status line, then a table with a row for every value, what most have first.
//!
//! ```text
//! namespace test
//!   default-ttl                      2592000        298 of 300
//!                                    1728000        10.0.0.7:3000, 10.0.0.9:3000
//! ```
//! It is as long for 300 sources as it is for three: whoever agrees with most is counted, and of many outliers with
//! one value the first are named.

use std::fmt::Write;

use crate::compare::{Group, Outlier};
use crate::settings::Value;
use crate::verdict::State;

use super::compared::Compared;
use super::escape::{clean, shortened};
use super::status::{LONGEST_NAME, plural, summary};
use super::text::{
    BOLD, DIM, Detail, LONGEST_VALUE, LeftOut, NAME_WIDTH, WANTED, contexts, explains, failures,
    heading_of, is_log_level, list, name_of, style_of,
};

/// The value column grows with its values up to this.
const WIDEST_VALUE: usize = 40;
const NARROWEST_VALUE: usize = 14;
/// Names that are said before the rest is counted.
const NAMED: usize = 4;
/// Values that are shown of a path before the rest is counted.
const SHOWN_VALUES: usize = 6;

/// The whole report.
pub fn write(compared: &Compared, detail: Detail) -> String {
    let mut text = String::new();
    let style = style_of(compared.state).bold();
    let _ = writeln!(text, "{style}{}{style:#}", status(compared));
    failures(&mut text, "not seen", &compared.failures);
    failures(&mut text, "not delivered", &compared.undelivered);
    table(&mut text, compared);
    if !compared.notes.is_empty() {
        text.push('\n');
    }
    for note in &compared.notes {
        let _ = writeln!(text, "{DIM}note: {}{DIM:#}", clean(note));
    }
    left_out(&mut text, compared, detail);
    text
}

/// State, number, where, the worst thing; one line without its end.
pub fn status(compared: &Compared) -> String {
    let seen = compared.peers.iter().filter(|peer| peer.is_seen).count();
    let all = compared.peers.len();
    let (differing, total) = (
        compared.comparison.differences.len(),
        compared.comparison.compared,
    );
    let mut line = format!("ASCAD {} - ", compared.state.name());
    line.push_str(&match (total, compared.state) {
        (0, State::Ok) => "nothing to compare with".to_owned(),
        (_, _) => summary(differing, total),
    });
    let word = plural(all, compared.noun.word());
    match (seen, all) {
        (0, _) => {}
        (1, 1) => line.push_str(&format!(": it is the only {word}")),
        _ if seen == all => line.push_str(&format!(" among {all} {word}")),
        _ => line.push_str(&format!(" among {seen} of {all} {word}")),
    }
    if !compared.cluster.is_empty() {
        line.push_str(&format!(" of {}", clean(&compared.cluster)));
    }
    if let Some(worst) = worst(compared) {
        line.push_str(": ");
        line.push_str(&worst);
    }
    line
}

/// The first difference that is no log level, else the first; where there is none, what could not be seen.
fn worst(compared: &Compared) -> Option<String> {
    let differences = &compared.comparison.differences;
    let is_log_level = |outlier: &&Outlier| outlier.path.as_str().starts_with("logging.");
    let worst = differences
        .iter()
        .find(|outlier| !is_log_level(outlier))
        .or(differences.first());
    let Some(outlier) = worst else {
        let failures = compared.failures.iter().chain(&compared.undelivered);
        return failures
            .map(|failure| clean(&failure.line()).into_owned())
            .next();
    };
    let path = shortened(outlier.path.as_str(), LONGEST_NAME).into_owned();
    let path = clean(&path);
    let odd = outlier.outliers();
    let count = odd.len();
    Some(match (outlier.majority(), odd.as_slice()) {
        (Some(_), [only]) => {
            let name = names_of(compared)[*only];
            format!("{path} on {}", clean(&shortened(name, LONGEST_NAME)))
        }
        (Some(_), _) => format!("{path} on {count} {}", plural(count, compared.noun.word())),
        (None, _) => format!("{path} has {} values", outlier.groups.len()),
    })
}

fn table(text: &mut String, compared: &Compared) {
    let mut section = None;
    let names = names_of(compared);
    let alike = alike(&compared.comparison.differences);
    let width = alike
        .iter()
        .flat_map(|alike| alike[0].groups.iter().map(|group| (alike[0], group)))
        .map(|(outlier, group)| value_of(outlier, group).chars().count())
        .max()
        .unwrap_or(0)
        .clamp(NARROWEST_VALUE, WIDEST_VALUE);
    for alike in alike {
        let heading = heading_of(&alike[0].path);
        if section.as_ref() != Some(&heading) {
            let _ = writeln!(text, "\n{BOLD}{}{BOLD:#}", clean(&heading));
            section = Some(heading);
        }
        rows(text, compared, &names, &alike, width);
    }
}

/// Contexts of a log sink whose levels differ alike are one.
fn alike(differences: &[Outlier]) -> Vec<Vec<&Outlier>> {
    let is_log_level = |outlier: &Outlier| is_log_level(outlier.row, outlier.context);
    let mut found: Vec<Vec<&Outlier>> = Vec::new();
    let mut sink = 0;
    for outlier in differences {
        let parent = outlier.path.parent();
        // Sorted by path, the contexts of one sink stand together.
        if found
            .last()
            .is_none_or(|last| last[0].path.parent() != parent)
        {
            sink = found.len();
        }
        let home = found[sink..].iter().position(|alike| {
            is_log_level(outlier) && is_log_level(alike[0]) && alike[0].groups == outlier.groups
        });
        match home {
            Some(at) => found[sink + at].push(outlier),
            None => found.push(vec![outlier]),
        }
    }
    found
}

fn rows(text: &mut String, compared: &Compared, names: &[&str], alike: &[&Outlier], width: usize) {
    let outlier = alike[0];
    let contexts = contexts(alike.iter().map(|outlier| name_of(&outlier.path)));
    let mut name = clean(&contexts);
    if name.chars().count() > NAME_WIDTH {
        let _ = writeln!(text, "  {name}");
        name = "".into();
    }
    let majority = outlier.majority();
    let all: usize = outlier.groups.iter().map(|group| group.sources.len()).sum();
    for group in outlier.groups.iter().take(SHOWN_VALUES) {
        let is_most = Some(group.camp) == majority;
        let value = value_of(outlier, group);
        let who = match is_most {
            true => format!("{} of {all}", group.sources.len()),
            false => folded(group.sources.iter().map(|at| names[*at])),
        };
        let style = match is_most {
            true => WANTED,
            false => style_of(compared.severity),
        };
        let _ = writeln!(
            text,
            "  {name:NAME_WIDTH$} {style}{value:width$}{style:#} {}",
            clean(&who)
        );
        name = "".into();
    }
    let rest = &outlier.groups[outlier.groups.len().min(SHOWN_VALUES)..];
    if !rest.is_empty() {
        let sources: usize = rest.iter().map(|group| group.sources.len()).sum();
        let (values, count) = (plural(rest.len(), "value"), rest.len());
        let word = plural(sources, compared.noun.word());
        let _ = writeln!(
            text,
            "  {:NAME_WIDTH$} {DIM}… and {count} more {values} on {sources} {word}{DIM:#}",
            ""
        );
    }
}

/// A value as written, the canonical one where it explains; sections are there or not.
pub(super) fn value_of(outlier: &Outlier, group: &Group) -> String {
    let Some(written) = &group.written else {
        let word = match outlier.context {
            None => "absent",
            Some(_) => "(not set)",
        };
        return word.to_owned();
    };
    let mut value = shortened(&clean(written), LONGEST_VALUE).into_owned();
    match &group.value {
        Some(Value::One(canonical)) if group.explicit && explains(canonical, written) => {
            let canonical = clean(canonical);
            value.push_str(&format!(" = {}", shortened(&canonical, LONGEST_VALUE)));
        }
        Some(_) if !group.explicit => value.push_str(" (default)"),
        Some(_) | None => {}
    }
    value
}

/// The names of the sources without the folders that all of them stand in.
pub(super) fn names_of(compared: &Compared) -> Vec<&str> {
    let names: Vec<&str> = compared
        .peers
        .iter()
        .map(|peer| peer.name.as_str())
        .collect();
    let first = names.first().copied().unwrap_or_default();
    let is_path = |name: &&str| name.contains('/') && !name.contains("://");
    if names.len() < 2 || !names.iter().all(is_path) {
        return names;
    }
    let common = |name: &str| {
        let same = name
            .bytes()
            .zip(first.bytes())
            .take_while(|(one, other)| one == other);
        same.count()
    };
    let shared = names.iter().map(|name| common(name)).min().unwrap_or(0);
    let folder = first.as_bytes()[..shared]
        .iter()
        .rposition(|byte| *byte == b'/');
    let start = folder.map_or(0, |at| at + 1);
    names.into_iter().map(|name| &name[start..]).collect()
}

/// Names on one line, the first of many.
pub fn folded<'a>(names: impl Iterator<Item = &'a str>) -> String {
    let names: Vec<&str> = names.collect();
    if names.len() <= NAMED {
        return names.join(", ");
    }
    let (first, rest) = names.split_at(NAMED - 1);
    format!("{} … and {} others", first.join(", "), rest.len())
}

fn left_out(text: &mut String, compared: &Compared, detail: Detail) {
    let comparison = &compared.comparison;
    let left_out = LeftOut {
        skipped: &comparison.skipped,
        unknown: &comparison.unknown,
        open: &comparison.open,
        ignored: &comparison.ignored,
    };
    if detail == Detail::Normal {
        left_out.count(text, compared.state);
        return;
    }
    let heading = plural(compared.peers.len(), compared.noun.word());
    let peers = compared.peers.iter().map(|peer| {
        let node = peer.node.as_deref().unwrap_or("–");
        let build = match (&peer.build, peer.is_seen) {
            (Some(build), _) => build.as_str(),
            (None, true) => "",
            (None, false) => "not seen",
        };
        format!("{:NAME_WIDTH$} {node:16} {build}", peer.name)
            .trim_end()
            .to_owned()
    });
    list(text, &heading, peers);
    left_out.list(text);
}
