//! What GitLab says in the place of a file.

use super::{GitLab, Place, TokenKind};
use crate::sources::classify;
use crate::sources::http::{self, Fetched};

/// Why GitLab gave no file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reason {
    NoCommit,
    NoFile,
    Other,
}

#[derive(Clone, Debug)]
pub(super) struct Refusal {
    pub(super) reason: Reason,
    pub(super) words: String,
}

impl From<Refusal> for anyhow::Error {
    fn from(refusal: Refusal) -> anyhow::Error {
        anyhow::Error::msg(refusal.words)
    }
}

/// What an answer other than the file means, and what to check.
pub(super) fn refusal(gitlab: &GitLab, place: &Place, fetched: &Fetched) -> Refusal {
    let status = fetched.status;
    let url = gitlab.url();
    let told = classify::json_message(&fetched.bytes).unwrap_or_default();
    let clean = fetched.foreign(&told);
    let said = if clean.is_empty() {
        String::new()
    } else {
        format!(" `{clean}`")
    };
    let advice = advice(gitlab, place, fetched, &told);
    let reason = match status {
        404 if told.contains("Commit Not Found") => Reason::NoCommit,
        404 if told.contains("File Not Found") => Reason::NoFile,
        _ => Reason::Other,
    };
    let status = match advice.is_empty() {
        true => http::status_words(status),
        false => status.to_string(),
    };
    let comma = if advice.is_empty() { "" } else { ": " };
    Refusal {
        reason,
        words: format!("{url} answered {status}{said}{comma}{advice}"),
    }
}

/// What to check, by status and message; empty where nothing is known.
fn advice(gitlab: &GitLab, place: &Place, fetched: &Fetched, told: &str) -> String {
    let project = &place.project;
    let no_token =
        "is a token missing? (ASCAD_GITLAB_TOKEN, GITLAB_TOKEN or `token` of `[gitlab]`)";
    match (fetched.status, &gitlab.token) {
        (401, None) => format!("it wants a token, {no_token}"),
        (401, Some(_)) => "is the token right, and has it not expired?".to_owned(),
        (403, None) => no_token.to_owned(),
        (403, Some(_)) => {
            "has the token the scope `read_repository` or `read_api`, and may its owner read the repository?".to_owned()
        }
        (404, _) if told.contains("Commit Not Found") => format!(
            "`{project}` has no branch, tag or commit {}",
            place.reference_words()
        ),
        (404, _) if told.contains("File Not Found") => format!(
            "`{project}` has no file `{}` at {}",
            place.path,
            place.reference_words()
        ),
        (404, None) => format!("there is no public project `{project}`, {no_token}"),
        (404, Some(token)) if token.kind == TokenKind::Job => format!(
            "is the project's name right, and does `{project}` let this job's token in (CI/CD job token allowlist)?"
        ),
        (404, Some(_)) => format!("is `{project}` right, and is the token's owner a member of it?"),
        (429, _) => match fetched.header("retry-after") {
            Some(seconds) => format!(
                "too many questions, it wants to be asked again after `{}` seconds",
                fetched.foreign(seconds)
            ),
            None => "too many questions".to_owned(),
        },
        _ => String::new(),
    }
}
