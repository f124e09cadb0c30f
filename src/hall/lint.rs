//! `ascad lint`: would the server start with these files? One file is in memory at a time.

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use anstream::ColorChoice;
use anyhow::{Context, Result, bail};

use crate::catalogue::{Edition, Release};
use crate::cli::{self, Format};
use crate::conf;
use crate::lint::{self, Code, Report};
use crate::nearest::did_you_mean;
use crate::order;
use crate::report::codequality::CodeQuality;
use crate::report::escape::clean;
use crate::report::junit::JUnit;
use crate::report::lint_json::LintJson;
use crate::report::lint_text::{Dye, LintText};
use crate::report::linted::{Linted, Unread};
use crate::report::sarif::Sarif;
use crate::report::text::Detail;
use crate::sinks::files::{Place, Readers, Whole};
use crate::sinks::stdout;
use crate::sources::file;
use crate::verdict::State;

use super::era::guess;
use super::print::{self, expect_format, expect_one_standard_input, expect_own_files, no_format};
use super::session::Session;

/// How the verdict on files can be written.
const FORMATS: [Format; 5] = [
    Format::Text,
    Format::Json,
    Format::Codequality,
    Format::Junit,
    Format::Sarif,
];

pub(super) fn run(plan: &cli::Lint) -> Result<State> {
    if let Some(code) = &plan.explain {
        return explain(code);
    }
    let session = Session::alone(&plan.common, &FORMATS)?;
    let severities = session.severities()?;
    let main = if session.is_quiet() {
        Sink::Held(Vec::new(), session.colour())
    } else {
        Sink::Stream(Box::new(stdout::stream(session.colour())))
    };
    expect_one_standard_input(&plan.files)?;
    let mut unread = Vec::new();
    let names = files(&plan.files, &mut unread);
    let places = places(&session, &names)?;
    let mut outputs = vec![Output::open(session.format(), session.detail(), main)?];
    for (format, place) in places {
        let file = Sink::File(place.begin()?);
        outputs.push(Output::open(format, session.detail(), file)?);
    }
    let mut state = State::Ok;
    for name in names {
        match read(&name) {
            Ok(source) => {
                let report = judge(&session, plan.upgrade_to, &source);
                let linted = Linted {
                    file: &name,
                    source: &source,
                    report: &report,
                };
                state = state.max(linted.state(&severities));
                for output in &mut outputs {
                    output.add(linted);
                }
            }
            Err(error) => unread.push(Unread {
                file: name,
                message: format!("{error:#}"),
            }),
        }
    }
    for failure in &unread {
        let line = format!("ascad: {}: {}", failure.file, failure.message);
        stdout::complain(&clean(&line));
        state = state.max(State::Unknown);
    }
    // The main report comes last, so that it knows what became of the others.
    let found = state;
    for (at, output) in outputs.into_iter().enumerate().rev() {
        let seen = if at == 0 { state } else { found };
        if let Err(error) = output.finish(seen, &unread) {
            stdout::complain(&clean(&format!("ascad: {error:#}")));
            state = state.max(State::Unknown);
        }
    }
    Ok(state)
}

/// Where the reports beside the main one go.
fn places(session: &Session, read: &[String]) -> Result<Vec<(Format, Place)>> {
    let mut places = Vec::new();
    for output in print::outputs(session, &FORMATS)? {
        expect_format(output.format, "lint", &FORMATS)?;
        places.push((output.format, Place::prepare(&output.path, Readers::Usual)?));
    }
    expect_own_files(places.iter().map(|(_, place)| place), read.iter())?;
    Ok(places)
}

fn explain(name: &str) -> Result<State> {
    let Some(code) = Code::parse(name) else {
        let near = did_you_mean(name, Code::ALL.iter().map(|code| code.name()));
        bail!("there is no code `{name}`{near}");
    };
    let explanation = code.explain();
    let text = format!(
        "{}\n\n{}\n{}\n{}\n",
        code.name(),
        explanation.what,
        explanation.why,
        explanation.mend
    );
    stdout::print(&text, ColorChoice::Auto);
    Ok(State::Ok)
}

/// The flag wins over what the file says of itself, and that over the settings, which know nothing of the file.
fn judge(session: &Session, upgrade_to: Option<Release>, source: &[u8]) -> Report {
    let known = session
        .common
        .server_version
        .or_else(|| conf::declared_release(source))
        .or_else(|| session.release());
    let edition = session.edition().unwrap_or(Edition::Enterprise);
    match upgrade_to {
        // Nobody upgrades to the release that the file is for already.
        Some(to) => {
            let from = known.unwrap_or_else(|| guess(source, edition));
            lint::upgrade(source, from, to, edition)
        }
        None => lint::lint(source, known.unwrap_or(Release::NEWEST_KNOWN), edition),
    }
}

/// The files that are meant, in the order given; those of a directory by name.
fn files(given: &[String], unread: &mut Vec<Unread>) -> Vec<String> {
    let mut files = Vec::new();
    for name in given {
        if !Path::new(name).is_dir() {
            files.push(name.clone());
            continue;
        }
        match within(Path::new(name)) {
            Ok(found) => files.extend(found.into_iter().map(|path| path.display().to_string())),
            Err(error) => unread.push(Unread {
                file: name.clone(),
                message: format!("{error:#}"),
            }),
        }
    }
    files
}

fn within(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).context("cannot read the directory")? {
        let path = entry.context("cannot read the directory")?.path();
        if path
            .extension()
            .is_some_and(|extension| extension == "conf")
            && path.is_file()
        {
            found.push(path);
        }
    }
    if found.is_empty() {
        bail!("expected a *.conf in the directory itself, but found none");
    }
    order::sort(&mut found);
    Ok(found)
}

fn read(name: &str) -> Result<Vec<u8>> {
    let read = if name == "-" {
        file::read_standard_input()?
    } else {
        file::read(Path::new(name))?
    };
    Ok(read.bytes)
}

/// A report that is being written. A reader that went away changes nothing.
struct Output {
    writing: Writing,
    out: Sink,
}

/// Where a report goes.
enum Sink {
    /// Straight out, so that memory does not grow with the number of files.
    Stream(Box<dyn Write>),
    /// Held back until it is known whether anybody wants to hear it.
    Held(Vec<u8>, ColorChoice),
    /// Into a file, without colours.
    File(Whole),
}

impl Sink {
    fn writer(&mut self) -> &mut dyn Write {
        match self {
            Sink::Stream(out) => out,
            Sink::Held(bytes, _) => bytes,
            Sink::File(file) => file,
        }
    }

    fn close(self, state: State) -> Result<()> {
        match self {
            Sink::Stream(mut out) => stdout::arrived(out.flush())?,
            Sink::Held(bytes, choice) if state != State::Ok => {
                stdout::deliver(&String::from_utf8_lossy(&bytes), choice)?;
            }
            Sink::Held(..) => {}
            Sink::File(file) => file.finish().context("-o")?,
        }
        Ok(())
    }
}

enum Writing {
    Text(LintText),
    Json(LintJson),
    CodeQuality(CodeQuality),
    JUnit(JUnit),
    Sarif(Sarif),
}

impl Output {
    fn open(format: Format, detail: Detail, mut sink: Sink) -> Result<Output> {
        let dye = match &sink {
            Sink::File(_) => Dye::Plain,
            Sink::Stream(_) | Sink::Held(..) => Dye::Coloured,
        };
        let mut out = sink.writer();
        let writing = match format {
            Format::Text => Ok(Writing::Text(LintText::start(detail, dye))),
            Format::Json => LintJson::start(&mut out).map(Writing::Json),
            Format::Codequality => CodeQuality::start(&mut out).map(Writing::CodeQuality),
            Format::Junit => JUnit::start(&mut out).map(Writing::JUnit),
            Format::Sarif => Sarif::start(&mut out).map(Writing::Sarif),
            Format::Nagios
            | Format::Checkmk
            | Format::Prometheus
            | Format::Conf
            | Format::Answers => bail!(no_format(format, "lint", &FORMATS)),
        };
        Ok(Output {
            writing: writing.context("cannot write the report")?,
            out: sink,
        })
    }

    fn add(&mut self, linted: Linted<'_>) {
        let out = self.out.writer();
        let _: io::Result<()> = match &mut self.writing {
            Writing::Text(report) => report.add(linted, out),
            Writing::Json(report) => report.add(linted, out),
            Writing::CodeQuality(report) => report.add(linted, out),
            Writing::JUnit(report) => report.add(linted, out),
            Writing::Sarif(report) => report.add(linted, out),
        };
    }

    fn finish(mut self, state: State, unread: &[Unread]) -> Result<()> {
        let out = self.out.writer();
        let _: io::Result<()> = match self.writing {
            Writing::Text(report) => report.finish(unread, out),
            Writing::Json(report) => report.finish(state, unread, out),
            Writing::CodeQuality(report) => report.finish(unread, out),
            Writing::JUnit(report) => report.finish(unread, out),
            Writing::Sarif(report) => report.finish(unread, out),
        };
        self.out.close(state)
    }
}
