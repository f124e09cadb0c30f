//! The end of a check: alerts first, then files, then the main report, so that each can say what became of those before.

use anyhow::{Result, bail};

use crate::cli::Format;
use crate::report::brief::Brief;
use crate::report::escape::clean;
use crate::report::outcome::outcomes;
use crate::report::{checkmk, json, nagios, prometheus, text};
use crate::sinks::stdout;
use crate::verdict::State;

use super::alert::{Alerts, now};
use super::check::Judged;
use super::print::{COMPARED, Reports, no_format, print};
use super::session::Session;

/// Sends, writes and prints. An alert that cannot be sent changes no verdict; a file that was asked for and cannot be
/// written is at least UNKNOWN.
pub(super) fn deliver(
    session: &Session,
    mut judged: Judged,
    alerts: &Alerts,
    reports: &Reports,
) -> Result<State> {
    let check = &mut judged.report;
    let sent = alerts.send(session, &outcomes(check), check.node.as_ref());
    check.undelivered.extend(sent);
    let time = now();
    let unwritten = reports.write_files(|format| render(session, &judged, format, time));
    let check = &mut judged.report;
    if !unwritten.is_empty() {
        check.state = check.state.max(State::Unknown);
    }
    check.undelivered.extend(unwritten);
    for failure in check.failures.iter().chain(&check.undelivered) {
        stdout::complain(&clean(&format!("ascad: {}", failure.line())));
    }
    let report = render(session, &judged, session.format(), time)?;
    print(session, judged.report.state, &report)
}

fn render(session: &Session, judged: &Judged, format: Format, time: u64) -> Result<String> {
    let check = &judged.report;
    Ok(match format {
        Format::Text => text::write(check, session.detail()),
        Format::Nagios => nagios::write(&Brief::of_check(check)),
        Format::Checkmk => checkmk::write(&Brief::of_check(check)),
        Format::Json => json::write(check, judged.edition),
        Format::Prometheus => prometheus::write(check, time),
        other => bail!(no_format(other, "check", &COMPARED)),
    })
}
