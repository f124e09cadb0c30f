//! `ascad show`: any source in canonical form.

use anyhow::{Result, bail};

use crate::cli::{self, Format};
use crate::compare::Role;
use crate::conf;
use crate::report::show;
use crate::settings::answers::{self, Hints};
use crate::verdict::State;

use super::check::node_line;
use super::gather::{self, Content, Era, Told};
use super::print::print;
use super::session::Session;

pub(super) fn run(plan: &cli::Show) -> Result<State> {
    let session = Session::start(&plan.common, &plan.node)?;
    let spec = session.spec(&plan.source);
    let content = gather::open(&session, &spec, &Told::default())?;
    let report = match content {
        Content::File { bytes, .. } => file(&session, &plan.source, &bytes)?,
        Content::Node {
            answers, address, ..
        } => node(&session, &plan.source, &answers, &address)?,
    };
    print(&session, State::Ok, &report)
}

fn file(session: &Session, name: &str, bytes: &[u8]) -> Result<String> {
    let era = Era::of_file(session, bytes);
    match session.format() {
        Format::Conf => {
            let (tree, _) = conf::parse(bytes, era.release);
            Ok(String::from_utf8_lossy(&conf::print(&tree)).into_owned())
        }
        Format::Json => Ok(show::json(name, Role::File, None, &era.settle(bytes))),
        Format::Text => Ok(show::text(&era.settle(bytes))),
        Format::Answers => bail!("expected a node for `--format answers`, but `{name}` is a file"),
    }
}

fn node(
    session: &Session,
    name: &str,
    recorded: &crate::wire::Answers,
    address: &str,
) -> Result<String> {
    if session.format() == Format::Answers {
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
    Ok(match session.format() {
        Format::Json => show::json(
            name,
            Role::Runtime,
            Some(&node_line(&seen.node, address)),
            &seen.settings,
        ),
        Format::Conf => crate::report::conf::conf(&seen.settings),
        Format::Text | Format::Answers => show::text(&seen.settings),
    })
}
