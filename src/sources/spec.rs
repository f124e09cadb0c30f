//! What a SOURCE on the command line means.

use std::path::PathBuf;

/// A source, named and not yet opened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Spec {
    /// `runtime`, `runtime:HOST[:PORT]`.
    Runtime(Option<String>),
    /// `cluster`, `cluster:HOST[:PORT]`.
    Cluster(Option<String>),
    /// `gitlab`, `gitlab:GROUP/…/PROJECT@REF:PATH`.
    GitLab(Option<String>),
    /// `http://…`, `https://…`.
    Url(String),
    /// A `[reference.NAME]` of the settings file.
    Named(String),
    /// A recorded node, `….json`.
    Recording(PathBuf),
    /// A file of configuration.
    File(PathBuf),
    /// `-`.
    StandardInput,
}

impl Spec {
    /// Reads a SOURCE; every text is one. `is_named` tells whether the settings file has a reference of that name.
    pub fn parse(text: &str, is_named: impl Fn(&str) -> bool) -> Spec {
        let (scheme, rest) = match text.split_once(':') {
            Some((scheme, rest)) => (scheme, Some(rest.to_owned())),
            None => (text, None),
        };
        match scheme {
            "-" if rest.is_none() => Spec::StandardInput,
            "runtime" => Spec::Runtime(rest),
            "cluster" => Spec::Cluster(rest),
            "gitlab" => Spec::GitLab(rest),
            "http" | "https" if rest.is_some() => Spec::Url(text.to_owned()),
            _ if is_named(text) => Spec::Named(text.to_owned()),
            _ if text.ends_with(".json") => Spec::Recording(text.into()),
            _ => Spec::File(text.into()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn case(text: &str, expected: Spec) {
        assert_eq!(Spec::parse(text, |name| name == "master"), expected);
    }

    #[test]
    fn every_spelling_is_told_apart() {
        case("runtime", Spec::Runtime(None));
        case(
            "runtime:db1:3000",
            Spec::Runtime(Some("db1:3000".to_owned())),
        );
        case("cluster:db1", Spec::Cluster(Some("db1".to_owned())));
        case("gitlab", Spec::GitLab(None));
        case(
            "gitlab:a/b@main:c.conf",
            Spec::GitLab(Some("a/b@main:c.conf".to_owned())),
        );
        case(
            "https://host/a.conf",
            Spec::Url("https://host/a.conf".to_owned()),
        );
        case("master", Spec::Named("master".to_owned()));
        case("node.json", Spec::Recording("node.json".into()));
        case("./master", Spec::File("./master".into()));
        case("a:b.conf", Spec::File("a:b.conf".into()));
        case("-", Spec::StandardInput);
    }
}
