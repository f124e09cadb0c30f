//! Server releases, as `build` answers and `# aerospike-server-version:` comments spell them.

use std::fmt;

/// A server release: major, minor and patch. The fourth number of a build changes no parameter and is dropped.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Release {
    major: u16,
    minor: u16,
    patch: u16,
}

impl Release {
    /// Before every release of the catalogue.
    pub const OLDEST: Release = Release::new(0, 0, 0);
    /// The newest release of which the catalogue has rows.
    pub const NEWEST_KNOWN: Release = Release::new(8, 1, 2);
    /// After every release.
    pub(super) const ENDLESS: Release = Release::new(u16::MAX, u16::MAX, u16::MAX);

    /// `major.minor.patch`.
    pub const fn new(major: u16, minor: u16, patch: u16) -> Release {
        Release {
            major,
            minor,
            patch,
        }
    }

    /// The last patch of `major.minor`.
    pub(super) const fn last_of(major: u16, minor: u16) -> Release {
        Release::new(major, minor, u16::MAX)
    }

    /// Reads `8.1.2.0`, `8.1.2`, `7.0`, `v6.4.0-rc4`; a word without at least `major.minor` is no release.
    pub fn parse(text: &str) -> Option<Release> {
        let text = text.trim();
        let text = text.strip_prefix('v').unwrap_or(text);
        let numbers = text.split(['-', ' ', '~', '+']).next()?;
        let mut parts = numbers.split('.').map(|part| part.parse::<u16>().ok());
        let major = parts.next()??;
        let minor = parts.next()??;
        let patch = match parts.next() {
            Some(part) => part?,
            None => 0,
        };
        Some(Release {
            major,
            minor,
            patch,
        })
    }

    /// Whether this release is `major.minor` or later.
    pub const fn is_from(self, major: u16, minor: u16) -> bool {
        self.major > major || (self.major == major && self.minor >= minor)
    }

    pub(super) const fn sort_key(self) -> u64 {
        ((self.major as u64) << 32) | ((self.minor as u64) << 16) | self.patch as u64
    }
}

impl fmt::Display for Release {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.patch {
            u16::MAX => write!(f, "{}.{}", self.major, self.minor),
            patch => write!(f, "{}.{}.{patch}", self.major, self.minor),
        }
    }
}

/// What the server was bought as; some parameters and defaults depend on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Edition {
    /// Refuses every enterprise parameter.
    Community,
    /// Knows everything; the federal edition is one too.
    Enterprise,
}

impl Edition {
    /// Reads the answer to `edition` (`Aerospike Community Edition`) and the flag's `ce` and `ee`.
    pub fn parse(text: &str) -> Option<Edition> {
        let text = text.to_ascii_lowercase();
        if text == "ce" || text.contains("community") {
            Some(Edition::Community)
        } else if text == "ee" || text.contains("enterprise") || text.contains("federal") {
            Some(Edition::Enterprise)
        } else {
            None
        }
    }
}

impl fmt::Display for Edition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Edition::Community => "community",
            Edition::Enterprise => "enterprise",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn case(text: &str, expected: Option<(u16, u16, u16)>) {
        let expected = expected.map(|(major, minor, patch)| Release::new(major, minor, patch));
        assert_eq!(Release::parse(text), expected, "{text}");
    }

    #[test]
    fn releases_are_read_as_builds_spell_them() {
        case("8.1.2.0", Some((8, 1, 2)));
        case("7.0", Some((7, 0, 0)));
        case("6.4.0.0-rc4", Some((6, 4, 0)));
        case("v5.7.0.31", Some((5, 7, 0)));
        case(" 8.0.0.15-2-gabc ", Some((8, 0, 0)));
        case("8", None);
        case("", None);
        case("seven.one", None);
    }

    #[test]
    fn releases_are_ordered_by_number_and_not_by_text() {
        assert!(Release::new(5, 10, 0) > Release::new(5, 7, 0));
        assert!(Release::new(6, 3, 0).is_from(6, 3));
        assert!(!Release::new(6, 2, 9).is_from(6, 3));
    }

    #[test]
    fn editions_are_read_from_answers_and_flags() {
        assert_eq!(
            Edition::parse("Aerospike Community Edition"),
            Some(Edition::Community)
        );
        assert_eq!(
            Edition::parse("Aerospike Enterprise Edition"),
            Some(Edition::Enterprise)
        );
        assert_eq!(Edition::parse("ee"), Some(Edition::Enterprise));
        assert_eq!(Edition::parse("ERROR:4"), None);
    }
}
