//! Where a file is: project, branch, path.

use anyhow::{Result, bail};

/// The default branch, as the API names it.
const DEFAULT_REF: &str = "HEAD";

/// Where a file is, within one GitLab.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// `group/…/project`, or the project's number.
    pub project: String,
    /// A branch, a tag or a commit; `None` is the default branch.
    pub reference: Option<String>,
    /// The file's path in the repository, without a leading `/`.
    pub path: String,
}

impl Place {
    /// Reads `GROUP/…/PROJECT@REF:PATH`, the spelling without its `gitlab:`.
    pub fn parse(spelling: &str) -> Result<Place> {
        let Some((left, path)) = spelling.split_once(':') else {
            bail!(
                "expected `gitlab:GROUP/PROJECT@REF:PATH`, but found `gitlab:{spelling}` without a path"
            );
        };
        let (project, reference) = match left.split_once('@') {
            Some((project, reference)) => (project, Some(reference)),
            None => (left, None),
        };
        Place::new(project, reference, path)
    }

    /// From its parts, as the settings name them.
    pub fn new(project: &str, reference: Option<&str>, path: &str) -> Result<Place> {
        let project = project.trim_matches('/');
        let path = path.trim_start_matches('/');
        let numbered = !project.is_empty() && project.bytes().all(|byte| byte.is_ascii_digit());
        if !numbered && (!project.contains('/') || project.split('/').any(str::is_empty)) {
            bail!("expected a project such as `group/project`, but found `{project}`");
        }
        if reference.is_some_and(str::is_empty) {
            bail!("expected a branch, a tag or a commit after `@`, but found nothing");
        }
        if path.is_empty() || path.ends_with('/') {
            bail!("expected the path of a file in `{project}`, but found `{path}`");
        }
        if path.split('/').any(|step| step == "..") {
            bail!("expected a path inside `{project}`, but found `{path}`");
        }
        Ok(Place {
            project: project.to_owned(),
            reference: reference.map(str::to_owned),
            path: path.to_owned(),
        })
    }

    /// As the API names it.
    pub(super) fn reference(&self) -> &str {
        self.reference.as_deref().unwrap_or(DEFAULT_REF)
    }

    /// For a sentence.
    pub(super) fn reference_words(&self) -> String {
        match &self.reference {
            Some(reference) => format!("`{reference}`"),
            None => "the default branch".to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn place(spelling: &str, project: &str, reference: Option<&str>, path: &str) {
        let expected = Place {
            project: project.to_owned(),
            reference: reference.map(str::to_owned),
            path: path.to_owned(),
        };
        assert_eq!(Place::parse(spelling).unwrap(), expected);
    }

    #[track_caller]
    fn refused(spelling: &str, expected: &str) {
        assert_eq!(Place::parse(spelling).unwrap_err().to_string(), expected);
    }

    #[test]
    fn places_are_read() {
        place("a/b:c", "a/b", None, "c");
        place("a/b/c@v1/x:d/e.conf", "a/b/c", Some("v1/x"), "d/e.conf");
        place("42@main:/a", "42", Some("main"), "a");
        place("a/b@x@y:c:d", "a/b", Some("x@y"), "c:d");
    }

    #[test]
    fn what_is_no_place_is_named() {
        refused(
            "a/b",
            "expected `gitlab:GROUP/PROJECT@REF:PATH`, but found `gitlab:a/b` without a path",
        );
        refused(
            "a:b",
            "expected a project such as `group/project`, but found `a`",
        );
        refused(
            "a/b@:c",
            "expected a branch, a tag or a commit after `@`, but found nothing",
        );
        refused("a/b:", "expected the path of a file in `a/b`, but found ``");
        refused("a/b:../c", "expected a path inside `a/b`, but found `../c`");
    }
}
