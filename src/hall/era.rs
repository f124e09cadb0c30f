//! For which server a file is read, and a file as that server reads it.

use std::borrow::Cow;

use anyhow::{Result, anyhow, bail};

use crate::catalogue::{Edition, Release};
use crate::conf::{self, template};
use crate::lint::{self, Code, Problem, Severity};
use crate::settings::{Settings, tree};

use super::session::Session;

/// The release and edition that a file is read for, and whether somebody said so.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Era {
    pub(super) release: Release,
    pub(super) edition: Edition,
    pub(super) is_known: bool,
}

/// The newest release of every minor version that changed the language.
const ERAS: [(u16, u16); 12] = [
    (8, 1),
    (8, 0),
    (7, 2),
    (7, 1),
    (7, 0),
    (6, 4),
    (6, 3),
    (6, 1),
    (6, 0),
    (5, 7),
    (5, 6),
    (5, 5),
];

/// Of a file with so many problems no release is a good guess.
const MOST_PROBLEMS: usize = 200;

/// The newest release that would start with a file, else the one that finds the least wrong with what is there: what a
/// file lacks tells little of its release.
pub(super) fn guess(bytes: &[u8], edition: Edition) -> Release {
    // What a template fills in is wrong for every release alike.
    let template = template::read(bytes);
    let faults = |release: Release| {
        let report = lint::lint(&template.text, release, edition);
        let is_said = |problem: &&Problem| {
            problem.severity == Severity::Fatal && problem.code != Code::MissingPart.name()
        };
        match report.starts {
            true => None,
            false => Some(report.problems.iter().filter(is_said).count()),
        }
    };
    let newest = Release::NEWEST_KNOWN;
    let mut best = (newest, faults(newest));
    for (major, minor) in ERAS {
        match best.1 {
            None => break,
            Some(count) if count > MOST_PROBLEMS => break,
            Some(count) => {
                let release = Release::new(major, minor, 0);
                let found = faults(release);
                if found.is_none_or(|found| found < count) {
                    best = (release, found);
                }
            }
        }
    }
    best.0
}

impl Era {
    /// Where no server says its own: the flag, the file's own comment, else the newest release that would start with
    /// the file, else the newest known.
    pub(super) fn of_file(session: &Session, bytes: &[u8]) -> Era {
        let newest = Era::unless_guessed(session, bytes);
        match newest.is_known {
            true => newest,
            false => newest.guessed(bytes),
        }
    }

    /// The flag, the file's own comment, else the newest known.
    fn unless_guessed(session: &Session, bytes: &[u8]) -> Era {
        let said = session.release().or_else(|| conf::declared_release(bytes));
        Era {
            release: said.unwrap_or(Release::NEWEST_KNOWN),
            edition: session.edition().unwrap_or(Edition::Enterprise),
            is_known: said.is_some(),
        }
    }

    fn guessed(self, bytes: &[u8]) -> Era {
        Era {
            release: guess(bytes, self.edition),
            ..self
        }
    }

    /// What is worth a word of it, if anything.
    pub(super) fn note(self) -> Option<String> {
        let (release, known) = (self.release, Release::NEWEST_KNOWN);
        if release > known {
            return Some(format!(
                "{release} is newer than what is known here; it is taken for {known}"
            ));
        }
        (!self.is_known)
            .then(|| format!("no server says its release; the files are read as {release} would"))
    }

    /// Reads a reference, rendered where there are variables for it and its language is one that is filled in here. Of
    /// one whose braces are in doubt nothing can be compared.
    pub(super) fn expect_settings(
        self,
        bytes: &[u8],
        vars: Option<&serde_json::Value>,
    ) -> Result<Settings> {
        let bytes = rendered(bytes, vars)?;
        let template = template::read(&bytes);
        let (tree, oddities) = conf::parse(&template.text, self.release);
        if let Some(broken) = oddities
            .iter()
            .find(|oddity| oddity.kind.breaks_structure())
        {
            bail!(
                "line {}: its braces do not match, so nothing can be compared with it",
                broken.line
            );
        }
        Ok(tree::settle_template(
            &tree,
            &template,
            self.release,
            self.edition,
        ))
    }
}

/// A file as it is, or filled in where there are variables for it and its language is one that is filled in here.
pub(super) fn rendered<'b>(
    bytes: &'b [u8],
    vars: Option<&serde_json::Value>,
) -> Result<Cow<'b, [u8]>> {
    match vars.filter(|_| template::can_render(bytes)) {
        None => Ok(Cow::Borrowed(bytes)),
        Some(vars) => template::render(bytes, vars)
            .map(Cow::Owned)
            .map_err(|error| anyhow!("its template cannot be rendered: {error}")),
    }
}

/// The node's own file, read, judged and settled; of a template, what is fixed in it.
pub(super) struct Reading {
    pub(super) era: Era,
    /// The languages of templates that it is written in; of such a file nothing is compared.
    pub(super) dialects: Vec<&'static str>,
    /// Whether a server of the era would start with it.
    starts: bool,
    pub(super) problems: Vec<Problem>,
    /// Whether its braces are in doubt, so that nothing in it can be compared.
    pub(super) is_broken: bool,
    pub(super) settings: Settings,
}

impl Reading {
    /// Reads the file for the server that [`Era::of_file`] names.
    pub(super) fn of_file(session: &Session, bytes: &[u8]) -> Reading {
        let newest = Era::unless_guessed(session, bytes);
        let reading = Reading::of(bytes, newest);
        // The newest release is the usual one, and one reading is enough for it.
        if newest.is_known || reading.starts {
            return reading;
        }
        reading.under(bytes, newest.guessed(bytes))
    }

    /// The same file for another server.
    pub(super) fn under(self, bytes: &[u8], era: Era) -> Reading {
        match (era.release, era.edition) == (self.era.release, self.era.edition) {
            true => Reading { era, ..self },
            false => Reading::of(bytes, era),
        }
    }

    fn of(bytes: &[u8], era: Era) -> Reading {
        let Era {
            release, edition, ..
        } = era;
        let template = template::read(bytes);
        let (tree, oddities) = conf::parse(&template.text, release);
        let report = lint::problems(&tree, &oddities, release, edition);
        Reading {
            era,
            dialects: template.dialects.iter().map(|one| one.name()).collect(),
            starts: report.starts,
            problems: report.problems,
            is_broken: oddities.iter().any(|oddity| oddity.kind.breaks_structure()),
            settings: tree::settle_template(&tree, &template, release, edition),
        }
    }
}
