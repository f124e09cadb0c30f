//! `ascad show`: any source in canonical form.

use std::borrow::Cow;

use anyhow::{Context, Result, bail};

use crate::catalogue::{HIDDEN, is_secret};
use crate::cli::{self, Format};
use crate::compare::Role;
use crate::conf::{self, template};
use crate::report::escape::clean;
use crate::report::show;
use crate::settings::answers::{self, Hints};
use crate::sinks::stdout;
use crate::sources::spec::Spec;
use crate::verdict::State;

use super::crowd;
use super::era::{Era, Reading, rendered};
use super::gather::{self, Content};
use super::print::{Job, Reports, no_format, print};
use super::session::Session;
use super::settled::node_line;

/// What a source can be shown as.
const FORMATS: [Format; 4] = [Format::Text, Format::Json, Format::Conf, Format::Answers];

pub(super) fn run(plan: &cli::Show) -> Result<State> {
    let mut session = Session::start(&plan.common, &plan.node, Job::Other, &FORMATS)?;
    let sources = std::slice::from_ref(&plan.source);
    gather::ask_ahead(&mut session, sources);
    let reports = Reports::prepare(&session, "show", &FORMATS, sources)?;
    let spec = session.spec(&plan.source);
    let name = crowd::called(&session, &plan.source);
    let told = gather::told_unasked(&session, sources);
    let opened = gather::open(&session, &spec, &told);
    let content = match &spec {
        Spec::StandardInput | Spec::File(_) | Spec::Recording(_) => {
            opened.with_context(|| name.clone())?
        }
        // What goes wrong on the way to them says where.
        Spec::Url(_) | Spec::GitLab(_) | Spec::Runtime(_) | Spec::Named(_) | Spec::Cluster(_) => {
            opened?
        }
    };
    let text = match &content {
        Content::File { bytes, vars, .. } => {
            rendered(bytes, vars.as_ref()).with_context(|| name.clone())?
        }
        Content::Node { .. } => Cow::default(),
    };
    let render = |format: Format| match &content {
        Content::File { .. } => file(&session, format, &name, &text),
        Content::Node {
            answers, address, ..
        } => node(&session, format, &name, answers, address),
    };
    let report = render(session.format())?;
    let mut state = State::Ok;
    for failure in reports.write_files(render) {
        stdout::complain(&clean(&format!("ascad: {}", failure.line())));
        state = State::Unknown;
    }
    print(&session, state, &report)
}

fn file(session: &Session, format: Format, name: &str, bytes: &[u8]) -> Result<String> {
    let settled = || Reading::of_file(session, bytes).settings;
    match format {
        Format::Conf => {
            let (tree, _) = conf::parse(bytes, Era::of_file(session, bytes).release);
            let shown = match template::read(bytes).is_template() {
                // The server drops words that a tag cannot do without.
                true => conf::text_hiding(bytes, HIDDEN.as_bytes(), |name| is_secret(name)),
                false => {
                    conf::print_hiding(&tree, HIDDEN.as_bytes(), |item| is_secret(item.name()))
                }
            };
            Ok(String::from_utf8_lossy(&shown).into_owned())
        }
        Format::Json => Ok(show::json(name, Role::File, None, &settled())),
        Format::Text => Ok(show::text(&settled())),
        Format::Answers => bail!("expected a node for `--format answers`, but `{name}` is a file"),
        other => bail!(no_format(other, "show", &FORMATS)),
    }
}

fn node(
    session: &Session,
    format: Format,
    name: &str,
    recorded: &crate::wire::Answers,
    address: &str,
) -> Result<String> {
    if format == Format::Answers {
        return Ok(recorded.to_json() + "\n");
    }
    let hints = Hints {
        release: session.release(),
        edition: session.edition(),
        ..Hints::default()
    };
    let seen = answers::settle(recorded, &hints);
    if let Some(failure) = seen.failures.first() {
        bail!("{address}: {failure}");
    }
    Ok(match format {
        Format::Json => show::json(
            name,
            Role::Runtime,
            Some(&node_line(&seen.node, address)),
            &seen.settings,
        ),
        Format::Conf => crate::report::conf::conf(&seen.settings),
        Format::Text => show::text(&seen.settings),
        other => bail!(no_format(other, "show", &FORMATS)),
    })
}
