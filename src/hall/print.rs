//! The end of every command: the main report, and those beside it.
//!
//! ```text
//! Reports::prepare     before the work: wrong formats and bad paths fail at once
//! Reports::write_files after it: every `-o`, quiet or not
//! print                the main report
//! ```

use std::path::Path;

use anyhow::{Context, Result, anyhow, bail};

use crate::catalogue::Edition;
use crate::cli::{Format, Output};
use crate::report::brief::Brief;
use crate::report::compared::Noun;
use crate::report::escape::clean;
use crate::report::{
    Failure, checkmk, compare_brief, compare_json, json, nagios, prometheus, undone,
};
use crate::sinks::files::{Place, Readers};
use crate::sinks::stdout;
use crate::sources::spec::Spec;
use crate::verdict::State;

use super::alert::now;
use super::session::Session;

/// How a comparison can be written, of one node or of many sources.
pub(super) const COMPARED: [Format; 5] = [
    Format::Text,
    Format::Nagios,
    Format::Checkmk,
    Format::Json,
    Format::Prometheus,
];

/// Prints the main report, unless nobody wants to hear that everything is fine.
pub(super) fn print(session: &Session, state: State, report: &str) -> Result<State> {
    // Checkmk wants to hear it, too.
    let is_state_inside = session.format() == Format::Checkmk;
    if state != State::Ok || is_state_inside || !session.is_quiet() {
        if !stdout::is_quick() {
            session.watch();
        }
        let delivered = stdout::deliver(report, session.colour());
        // What is known to be wrong stays so, though nobody can read it.
        if let (Err(error), State::Critical) = (&delivered, state) {
            stdout::complain(&clean(&format!("ascad: {error:#}")));
            return Ok(state);
        }
        delivered?;
    }
    match is_state_inside {
        true => Ok(State::Ok),
        false => Ok(state),
    }
}

/// The files of `-o` and of the settings.
pub(super) struct Reports {
    files: Vec<(Format, Place)>,
}

impl Reports {
    /// Makes sure that the command has all formats that are wanted, that every file can be written, and that none of
    /// them is one of the sources that are to be read.
    pub(super) fn prepare(
        session: &Session,
        command: &str,
        formats: &[Format],
        sources: &[String],
    ) -> Result<Reports> {
        expect_format(session.format(), command, formats)?;
        let mut files = Vec::new();
        for output in outputs(session, formats)? {
            session.watch();
            expect_format(output.format, command, formats)?;
            let readers = match output.format {
                Format::Prometheus => Readers::Everybody,
                _ => Readers::Usual,
            };
            files.push((output.format, Place::prepare(&output.path, readers)?));
        }
        let read = sources.iter().filter_map(|name| match session.spec(name) {
            Spec::File(path) | Spec::Recording(path) => Some(path),
            Spec::StandardInput | Spec::Url(_) | Spec::GitLab(_) => None,
            Spec::Runtime(_) | Spec::Cluster(_) | Spec::Named(_) => None,
        });
        expect_own_files(files.iter().map(|(_, place)| place), read)?;
        expect_one_standard_input(sources)?;
        Ok(Reports { files })
    }

    /// Writes every file, without colours. Which could not be written is returned.
    pub(super) fn write_files(
        &self,
        mut render: impl FnMut(Format) -> Result<String>,
    ) -> Vec<Failure> {
        let mut failures = Vec::new();
        for (format, place) in &self.files {
            let report = render(*format);
            let written = report.and_then(|report| place.write(&report));
            failures.extend(written.err().map(|error| Failure {
                source: format!("-o {}", format.name()),
                message: format!("{error:#}"),
            }));
        }
        failures
    }
}

/// An error where a report would take the place of a file that is read, or of another report: a slip that costs the
/// node its configuration.
pub(super) fn expect_own_files<'p>(
    places: impl Iterator<Item = &'p Place>,
    read: impl Iterator<Item = impl AsRef<Path>>,
) -> Result<()> {
    let places: Vec<&Place> = places.collect();
    if places.is_empty() {
        return Ok(());
    }
    for path in read {
        if let Some(place) = places.iter().find(|place| place.is(path.as_ref())) {
            let name = place.name();
            bail!("expected a file of its own for the report, but `{name}` is read");
        }
    }
    for (at, place) in places.iter().enumerate() {
        if places[..at].iter().any(|other| place.is_same(other)) {
            let name = place.name();
            bail!("expected a file of its own for each report, but `{name}` is written twice");
        }
    }
    Ok(())
}

/// An error where standard input is meant twice: the second would find nothing there.
pub(super) fn expect_one_standard_input(sources: &[String]) -> Result<()> {
    if sources.iter().filter(|name| *name == "-").count() > 1 {
        bail!("expected one `-` at most, for standard input can be read only once");
    }
    Ok(())
}

/// The flags, else the settings. Of those, a command that compares writes what it can, and one that does not what no
/// comparison writes: the settings are those of the checks that cron runs, and their files are not to be overwritten.
pub(super) fn outputs(session: &Session, formats: &[Format]) -> Result<Vec<Output>> {
    if !session.common.output.is_empty() {
        return Ok(session.common.output.clone());
    }
    let is_meant = |output: &Output| {
        formats.contains(&output.format)
            && (formats == COMPARED || !COMPARED.contains(&output.format))
    };
    let mut outputs = Vec::new();
    for text in &session.file.output.files {
        let output: Output = text
            .parse()
            .map_err(|words: String| anyhow!(words))
            .with_context(|| format!("the settings, `files`, `{text}`"))?;
        if is_meant(&output) {
            outputs.push(output);
        }
    }
    Ok(outputs)
}

/// An error that names the formats which the command has.
pub(super) fn expect_format(format: Format, command: &str, formats: &[Format]) -> Result<()> {
    match formats.contains(&format) {
        true => Ok(()),
        false => Err(anyhow!(no_format(format, command, formats))),
    }
}

/// What is said of a format that a command lacks.
pub(super) fn no_format(format: Format, command: &str, formats: &[Format]) -> String {
    let names: Vec<String> = formats
        .iter()
        .map(|format| format!("`{}`", format.name()))
        .collect();
    format!(
        "expected {} for `ascad {command}`, but found `{}`",
        names.join(", "),
        format.name()
    )
}

/// What the program was asked to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Job {
    Check,
    Compare,
    Cluster,
    Lint,
    /// Whatever judges nothing.
    Other,
}

/// Where there is no report: the reason, in the format's own way, and what the program exits with.
pub(super) fn last_words(job: Job, format: Format, reason: &str) -> State {
    let compared = |noun| undone::compared(noun, reason);
    let text = match (format, job) {
        (Format::Json, Job::Check) => json::write(&undone::check(reason), Edition::Enterprise),
        (Format::Json, Job::Compare) => compare_json::write(&compared(Noun::Source)),
        (Format::Json, Job::Cluster) => compare_json::write(&compared(Noun::Node)),
        (Format::Json, Job::Lint) => undone::lint_json(reason),
        (Format::Prometheus, Job::Check) => prometheus::write(&undone::check(reason), now()),
        (Format::Prometheus, Job::Compare) => {
            compare_brief::prometheus(&compared(Noun::Source), now())
        }
        (Format::Prometheus, Job::Cluster) => {
            compare_brief::prometheus(&compared(Noun::Node), now())
        }
        (Format::Checkmk, _) => checkmk::write(&Brief::unknown(reason)),
        (_, _) => nagios::write(&Brief::unknown(reason)),
    };
    stdout::print(&text, anstream::ColorChoice::Never);
    match format {
        Format::Checkmk => State::Ok,
        _ => State::Unknown,
    }
}
