//! A configuration as a file, plain or as odd as a file can be.

use ascad::catalogue::{Context, Kind};
use ascad::settings::value;

use super::{Config, Dice, Said, Section};

impl Config {
    /// One item a line, in order.
    pub fn plain(&self) -> String {
        let mut text = String::new();
        for section in &self.top.sections {
            write(&mut text, section, None);
        }
        text
    }

    /// The same, respelt and reordered: comments, white space, units, case, sections torn in two.
    pub fn odd(&self, dice: &mut Dice) -> String {
        let mut text = String::new();
        let mut sections = self.top.sections.clone();
        dice.shuffle(&mut sections);
        for section in &sections {
            write(&mut text, section, Some(dice));
        }
        text
    }
}

fn write(text: &mut String, section: &Section, mut dice: Option<&mut Dice>) {
    let mut sections = section.sections.clone();
    let mut lines: Vec<Vec<String>> = section
        .said
        .iter()
        .map(|said| lines_of(said, dice.as_deref_mut()))
        .collect();
    if let Some(dice) = dice.as_deref_mut() {
        // The order of sinks numbers them; that of everything else plays no part.
        if section.context != Context::Logging {
            dice.shuffle(&mut sections);
        }
        dice.shuffle(&mut lines);
    }
    let levels = section
        .levels
        .iter()
        .map(|(context, level)| format!("context {context} {level}"));
    lines.push(levels.collect());
    let lines: Vec<String> = lines.into_iter().flatten().collect();
    let is_torn = dice.as_deref_mut().is_some_and(|dice| dice.once_in(3))
        && matches!(
            section.context,
            Context::Service
                | Context::Network
                | Context::Set
                | Context::NetworkService
                | Context::Heartbeat
                | Context::Security
                | Context::Geo2dsphere
        );
    let torn = if is_torn {
        lines.len() / 2
    } else {
        lines.len()
    };
    let head = [
        section.name,
        &section.title,
        if section.is_block { "{" } else { "" },
    ];
    let head: Vec<&str> = head.into_iter().filter(|word| !word.is_empty()).collect();
    line(text, &head.join(" "), dice.as_deref_mut());
    if !section.is_block {
        return;
    }
    for one in &lines[..torn] {
        line(text, one, dice.as_deref_mut());
    }
    if is_torn {
        line(text, "}", dice.as_deref_mut());
        line(text, &head.join(" "), dice.as_deref_mut());
    }
    for section in &sections {
        write(text, section, dice.as_deref_mut());
    }
    for one in &lines[torn..] {
        line(text, one, dice.as_deref_mut());
    }
    line(text, "}", dice);
}

fn line(text: &mut String, line: &str, dice: Option<&mut Dice>) {
    let Some(dice) = dice else {
        text.push_str(line);
        text.push('\n');
        return;
    };
    if dice.once_in(8) {
        text.push_str(dice.word(&["\n", "# } {\n", "\t # service {\n", "\r\n"]));
    }
    text.push_str(dice.word(&["", "\t", "    ", "\u{b}"]));
    text.push_str(&line.replace(' ', dice.word(&[" ", "\t", "   "])));
    text.push_str(dice.word(&["", " ", "# glued", " # } x"]));
    text.push_str(dice.word(&["\n", "\r\n"]));
}

fn lines_of(said: &Said, dice: Option<&mut Dice>) -> Vec<String> {
    let name = said.row.name();
    let words: Vec<String> = said
        .values
        .iter()
        .map(|value| value::words(said.row, value))
        .collect();
    let Some(dice) = dice else {
        return words
            .iter()
            .map(|words| format!("{name} {words}"))
            .collect();
    };
    let mut words: Vec<String> = words
        .iter()
        .map(|words| respelt(said, words, dice))
        .collect();
    if value::order_of(said.row) == value::Order::Free {
        dice.shuffle(&mut words);
        if dice.once_in(3) && words.len() > 1 {
            words.push(words[0].clone());
        }
    }
    words
        .iter()
        .map(|words| format!("{name} {words}"))
        .collect()
}

fn respelt(said: &Said, word: &str, dice: &mut Dice) -> String {
    let number = word.parse::<u64>().ok();
    match (said.row.kind, number) {
        (Kind::Bool | Kind::BoolOrBare, _) => match dice.below(3) {
            0 => word.to_uppercase(),
            1 => format!("{}{}", word[..1].to_uppercase(), &word[1..]),
            _ => word.to_owned(),
        },
        (Kind::Flag, _) => dice.word(&["", "true", "false"]).to_owned(),
        (Kind::Seconds, Some(number)) => with_unit(
            number,
            &[('d', 86400), ('H', 3600), ('m', 60), ('s', 1)],
            dice,
        ),
        (
            Kind::U8
            | Kind::U16
            | Kind::U32
            | Kind::U64
            | Kind::PowerOf2
            | Kind::Multiple(_)
            | Kind::I32,
            Some(number),
        ) => with_unit(
            number,
            &[('g', 1 << 30), ('M', 1 << 20), ('k', 1 << 10)],
            dice,
        ),
        (Kind::Hex, _) => match dice.below(3) {
            0 => format!("0x{}", word.to_lowercase()),
            1 => format!("00{word}"),
            _ => word.to_owned(),
        },
        _ => word.to_owned(),
    }
}

fn with_unit(number: u64, units: &[(char, u64)], dice: &mut Dice) -> String {
    let fitting: Vec<&(char, u64)> = units
        .iter()
        .filter(|(_, unit)| number.is_multiple_of(*unit))
        .collect();
    if fitting.is_empty() || dice.once_in(2) {
        return number.to_string();
    }
    let (name, unit) = dice.one_of(&fitting);
    format!("{}{name}", number / unit)
}
