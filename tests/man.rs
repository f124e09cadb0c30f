//! The manual pages name every option, key, code and exit status, and nothing else that looks like one.

use std::collections::BTreeSet;
use std::fmt::Debug;
use std::fs;
use std::path::Path;

use ascad::cli::Plan;
use ascad::compare::Kind;
use ascad::lint::{Code, Severity};
use ascad::verdict::State;
use clap::{Arg, Command, CommandFactory};

const PAGE: &str = include_str!("../man/ascad.1");
const SETTINGS_PAGE: &str = include_str!("../man/ascad.toml.5");
const SAMPLE: &str = include_str!("../src/install/ascad.toml");

/// The lines between `.Sh TITLE` or `.Ss TITLE` and the next of its kind or above.
fn part<'a>(page: &'a str, heading: &str) -> Vec<&'a str> {
    let starts = |line: &str| line == heading || line.starts_with(&format!("{heading}:"));
    let ends = |line: &&str| {
        line.starts_with(".Sh ") || (heading.starts_with(".Ss ") && line.starts_with(".Ss "))
    };
    let mut lines = page.lines().skip_while(|line| !starts(line));
    assert!(lines.next().is_some(), "the page has no `{heading}`");
    lines.take_while(|line| !ends(line)).collect()
}

/// The words after `.It MACRO`, up to the next macro.
fn items(lines: &[&str], of: &str) -> BTreeSet<String> {
    lines
        .iter()
        .filter_map(|line| line.strip_prefix(&format!(".It {of} ")))
        .map(|rest| rest.split(' ').next().unwrap().to_owned())
        .collect()
}

/// Fails with what a page lacks and what it has too much.
#[track_caller]
fn same<T: Ord + Debug>(what: &str, documented: &BTreeSet<T>, real: &BTreeSet<T>) {
    let missing: Vec<_> = real.difference(documented).collect();
    let superfluous: Vec<_> = documented.difference(real).collect();
    assert!(
        missing.is_empty() && superfluous.is_empty(),
        "{what}: the manual lacks {missing:?} and has {superfluous:?} too much"
    );
}

fn strings<'a>(words: impl IntoIterator<Item = &'a str>) -> BTreeSet<String> {
    words.into_iter().map(str::to_owned).collect()
}

/// All commands with their own options, built as clap shows them.
fn commands() -> Vec<Command> {
    let mut whole = Plan::command();
    whole.build();
    let below: Vec<Command> = whole.get_subcommands().cloned().collect();
    std::iter::once(whole).chain(below).collect()
}

/// Every option once.
fn options() -> Vec<Arg> {
    let mut seen = BTreeSet::new();
    commands()
        .iter()
        .flat_map(|command| command.get_arguments().cloned().collect::<Vec<_>>())
        .filter(|arg| arg.get_long().is_some() && !arg.is_hide_set())
        .filter(|arg| seen.insert(arg.get_long().unwrap().to_owned()))
        .collect()
}

/// `-f --format VALUE`.
fn spelling(arg: &Arg) -> String {
    let short = arg
        .get_short()
        .map(|short| format!("-{short} "))
        .unwrap_or_default();
    let value = if arg.get_action().takes_values() {
        " VALUE"
    } else {
        ""
    };
    format!("{short}--{}{value}", arg.get_long().unwrap())
}

/// The same of `.It Fl f , Fl -format Ar FORMAT`.
fn documented(line: &str) -> String {
    let mut words = line.split(' ');
    let mut flags = Vec::new();
    let mut value = "";
    while let Some(word) = words.next() {
        match word {
            "Fl" => flags.push(format!("-{}", words.next().unwrap())),
            "Ar" | "Cm" => value = " VALUE",
            _ => {}
        }
    }
    format!("{}{value}", flags.join(" "))
}

#[test]
fn every_option_is_described_as_it_is() {
    let section = part(PAGE, ".Sh OPTIONS");
    let entries: Vec<String> = section
        .iter()
        .filter(|line| line.starts_with(".It Fl "))
        .map(|line| documented(line))
        .collect();
    let once: BTreeSet<String> = entries.iter().cloned().collect();
    assert_eq!(once.len(), entries.len(), "an option is described twice");
    same("options", &once, &options().iter().map(spelling).collect());
}

#[test]
fn no_page_mentions_an_option_that_is_none() {
    let known: BTreeSet<String> = options()
        .iter()
        .flat_map(|arg| {
            let long = format!("--{}", arg.get_long().unwrap());
            [Some(long), arg.get_short().map(|short| format!("-{short}"))]
        })
        .flatten()
        .collect();
    let mut unknown = Vec::new();
    for line in PAGE.lines().chain(SETTINGS_PAGE.lines()) {
        let mut words = line.split(' ');
        let mut mentioned = Vec::new();
        while let Some(word) = words.next() {
            match word.trim_start_matches('.') {
                "Fl" => mentioned.push(format!("-{}", words.next().unwrap())),
                // In examples; what stands before is another program's.
                "ascad" => mentioned.extend(words.by_ref().filter_map(option_in_example)),
                _ => {}
            }
        }
        mentioned.retain(|option| !known.contains(option));
        unknown.extend(mentioned.into_iter().map(|option| (option, line)));
    }
    assert!(unknown.is_empty(), "not options of ascad: {unknown:#?}");
}

fn option_in_example(word: &str) -> Option<String> {
    let is_option = word.len() > 1 && word.starts_with('-');
    is_option.then(|| word.split('=').next().unwrap().to_owned())
}

#[test]
fn every_command_and_every_format_is_described() {
    let whole = Plan::command();
    let names = strings(whole.get_subcommands().map(Command::get_name));
    same(
        "commands",
        &items(&part(PAGE, ".Ss Commands"), "Cm"),
        &names,
    );
    let synopsis = part(PAGE, ".Sh SYNOPSIS");
    let shown = synopsis.iter().filter_map(|line| line.strip_prefix(".Cm "));
    same("synopsis", &strings(shown), &names);
    let formats: BTreeSet<String> = options()
        .iter()
        .filter(|arg| arg.get_long() == Some("format"))
        .flat_map(Arg::get_possible_values)
        .map(|format| format.get_name().to_owned())
        .collect();
    same(
        "formats",
        &items(&part(PAGE, ".Sh FORMATS"), "Cm"),
        &formats,
    );
}

#[test]
fn every_exit_status_is_described() {
    let section = part(PAGE, ".Sh EXIT STATUS");
    let entries: BTreeSet<String> = section
        .windows(2)
        .filter_map(|pair| {
            let code = pair[0].strip_prefix(".It ")?;
            let state = pair[1].split(':').next()?;
            Some(format!("{code} {state}"))
        })
        .collect();
    let states = [State::Ok, State::Warning, State::Critical, State::Unknown];
    let real = states.map(|state| format!("{} {}", state.exit_code(), state.name()));
    same("exit status", &entries, &BTreeSet::from(real));
}

#[test]
fn every_lint_code_is_described() {
    let fatal = ".Ss Fatal: the server does not start";
    let warnings = ".Ss Warnings: the server starts, and does something else than one might think";
    for (heading, severity) in [(fatal, Severity::Fatal), (warnings, Severity::Warning)] {
        let codes = Code::ALL
            .iter()
            .filter(|code| code.severity() == severity)
            .map(|code| code.name());
        same(heading, &items(&part(PAGE, heading), "Cm"), &strings(codes));
    }
}

#[test]
fn every_kind_of_difference_is_described() {
    let kinds = strings(Kind::ALL.map(Kind::name));
    same(
        "kinds",
        &items(&part(PAGE, ".Ss Kinds of difference"), "Cm"),
        &kinds,
    );
    same(
        "[severity]",
        &items(&part(SETTINGS_PAGE, ".Ss [severity]"), "Ic"),
        &kinds,
    );
}

/// The sample is proved complete where the settings are read.
#[test]
fn every_key_of_the_settings_is_described() {
    let mut section = String::new();
    let mut real = BTreeSet::new();
    for line in SAMPLE.lines() {
        let line = match line.strip_prefix('#') {
            Some(rest) if rest.starts_with(' ') => continue,
            Some(rest) => rest,
            None => line,
        };
        if line.starts_with('[') {
            section = line.replace("[reference.master]", "[reference.NAME]");
        } else if let Some((key, _)) = line.split_once('=') {
            real.insert(format!("{section} {}", key.trim()));
        }
    }
    // The one is free, and the other holds the kinds, which have a test of their own.
    real.retain(|key| !key.starts_with("[riemann.attributes]") && !key.starts_with("[severity]"));
    let headings = SETTINGS_PAGE
        .lines()
        .filter(|line| line.starts_with(".Ss ["))
        .map(|line| line.split(": ").next().unwrap());
    let mut shown = BTreeSet::new();
    for heading in headings.filter(|heading| *heading != ".Ss [severity]") {
        for key in items(&part(SETTINGS_PAGE, heading), "Ic") {
            shown.insert(format!("{} {key}", heading.trim_start_matches(".Ss ")));
        }
    }
    same("keys", &shown, &real);
}

#[test]
fn the_example_of_the_settings_is_read() {
    let mut lines = SETTINGS_PAGE.lines();
    let example: Vec<&str> = lines
        .by_ref()
        .skip_while(|line| !line.starts_with(".Bd -literal"))
        .skip(1)
        .take_while(|line| *line != ".Ed")
        .collect();
    let file = ascad::settings_file::parse(&example.join("\n"), "the example").unwrap();
    assert_eq!(file.check.against, ["gitlab", "master", "runtime"]);
}

/// Variables that the program asks for by name, and those that anstream knows.
#[test]
fn every_variable_is_described() {
    let mut real = strings(["NO_COLOR", "CLICOLOR_FORCE", "TERM"]);
    let mut sources = String::new();
    read(
        Path::new(env!("CARGO_MANIFEST_DIR")).join("src").as_path(),
        &mut sources,
    );
    for asked in [".variable(\"", "var_os(\"", "env::var(\""] {
        for after in sources.split(asked).skip(1) {
            real.insert(after.split('"').next().unwrap().to_owned());
        }
    }
    for proxy in ["HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY"] {
        assert!(sources.contains(&format!("\"{proxy}\"")), "{proxy}");
        real.insert(proxy.to_owned());
    }
    // It tells a CGI program, where HTTP_PROXY is the visitor's word.
    real.remove("REQUEST_METHOD");
    let section = part(PAGE, ".Sh ENVIRONMENT");
    let shown = section
        .iter()
        .filter(|line| line.starts_with(".It Ev "))
        .flat_map(|line| line.split(' '))
        .filter(|word| word.len() > 2);
    same(
        "environment",
        &strings(shown.filter(|word| *word != ".It")),
        &real,
    );
}

/// Everything below a folder but the tests.
fn read(folder: &Path, text: &mut String) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            read(&path, text);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let file = fs::read_to_string(&path).unwrap();
            text.push_str(file.split("#[cfg(test)]").next().unwrap());
        }
    }
}
