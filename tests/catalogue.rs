//! The tables of the catalogue are the rows of `fixtures/parameters.tsv`, no more and no less.

use std::collections::BTreeSet;

use ascad::catalogue::{self, Availability, Change, Default, Edition, Kind, Release, Row, Times};

/// The columns of the table as the row's fields say them.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Line([String; 13]);

const COLUMNS: [&str; 13] = [
    "context", "name", "since", "until", "kind", "values", "min", "max", "times", "edition",
    "default", "dynamic", "instead",
];

#[test]
fn every_row_of_the_table_stands_in_the_catalogue_and_every_row_of_the_catalogue_in_the_table() {
    let text = include_str!("../fixtures/parameters.tsv");
    let mut lines = text.lines();
    assert_eq!(
        lines.next().unwrap().split('\t').collect::<Vec<_>>(),
        COLUMNS
    );
    let written: BTreeSet<Line> = lines.map(line_of_table).collect();
    let known: Vec<Line> = catalogue::tables()
        .flat_map(|(context, rows)| rows.iter().map(move |row| line_of_row(context.name(), row)))
        .collect();
    assert_eq!(known.len(), text.lines().count() - 1, "rows");
    let distinct: BTreeSet<Line> = known.iter().cloned().collect();
    assert_eq!(distinct.len(), known.len(), "a row stands twice");
    let missing = written.difference(&distinct).next();
    let invented = distinct.difference(&written).next();
    assert!(
        missing.is_none() && invented.is_none(),
        "only in the table:     {missing:?}\nonly in the catalogue: {invented:?}"
    );
}

/// The table writes releases as `5.7`, `8.1.0`, or not at all, and may leave a bound or a default blank.
fn line_of_table(line: &str) -> Line {
    let mut fields: Vec<String> = line.split('\t').map(str::to_owned).collect();
    assert_eq!(fields.len(), COLUMNS.len(), "{line}");
    for (at, is_last) in [(2, false), (3, true)] {
        fields[at] = release(&fields[at], is_last);
    }
    // One number stands for both editions.
    for at in [6, 7] {
        if !fields[at].is_empty() && !fields[at].contains('/') {
            fields[at] = format!("{0}/{0}", fields[at]);
        }
    }
    Line(fields.try_into().unwrap())
}

/// The row's bound as numbers: a release without a patch means all of its patches.
fn release(text: &str, is_last: bool) -> String {
    let numbers: Vec<u16> = text
        .split('.')
        .filter(|part| !part.is_empty())
        .map(|part| part.parse().unwrap())
        .collect();
    match (numbers.as_slice(), is_last) {
        ([], false) => shown(Release::OLDEST),
        ([], true) => String::new(),
        ([major, minor], false) => shown(Release::new(*major, *minor, 0)),
        ([major, minor], true) => shown(Release::new(*major, *minor, u16::MAX)),
        ([major, minor, patch], _) => shown(Release::new(*major, *minor, *patch)),
        _ => panic!("{text} is no release"),
    }
}

fn shown(release: Release) -> String {
    format!("{release:?}")
}

fn line_of_row(context: &str, row: &Row) -> Line {
    let (kind, values) = kind(row);
    let endless = row.until > Release::new(u16::MAX, 0, 0);
    let bound = |of: ascad::catalogue::Bound| {
        let [published, community] =
            [Edition::Enterprise, Edition::Community].map(|edition| of.of(edition));
        match (published, community) {
            (Some(published), Some(community)) => format!("{published}/{community}"),
            _ => String::new(),
        }
    };
    Line([
        context.to_owned(),
        row.name().to_owned(),
        shown(row.since),
        if endless {
            String::new()
        } else {
            shown(row.until)
        },
        kind.to_owned(),
        values,
        bound(row.min),
        bound(row.max),
        match row.times {
            Times::One => "one",
            Times::Many => "many",
        }
        .to_owned(),
        match row.edition {
            Availability::Everywhere => "ce",
            Availability::EnterpriseOnly => "ee",
        }
        .to_owned(),
        match row.default {
            Default::Unknown => "-".to_owned(),
            Default::Derived => "derived".to_owned(),
            Default::Unset => "\"\"".to_owned(),
            Default::Empty => "[]".to_owned(),
            Default::Is(value) => value.as_str().to_owned(),
            Default::ByEdition(enterprise, community) => {
                format!("{}/{}", enterprise.as_str(), community.as_str())
            }
        },
        match row.change {
            Change::Dynamic => "yes",
            Change::Static => "no",
            Change::Undocumented => "-",
        }
        .to_owned(),
        row.instead().to_owned(),
    ])
}

fn kind(row: &Row) -> (&'static str, String) {
    let plain = match row.kind {
        Kind::Enum => return ("enum", row.words().collect::<Vec<_>>().join("|")),
        Kind::Multiple(of) => return ("multiple", of.to_string()),
        Kind::Text => "string",
        Kind::Address => "address",
        Kind::Bool => "bool",
        Kind::BoolOrBare => "bool-or-bare",
        Kind::Flag => "flag",
        Kind::U8 => "u8",
        Kind::U16 => "u16",
        Kind::U32 => "u32",
        Kind::U64 => "u64",
        Kind::I32 => "i32",
        Kind::PowerOf2 => "power-of-2",
        Kind::Seconds => "seconds",
        Kind::Port => "port",
        Kind::Hex => "hex",
        Kind::PctOrMinus1 => "pct-or-minus-1",
        Kind::Section => "section",
        Kind::Obsolete => "obsolete",
    };
    (plain, String::new())
}
