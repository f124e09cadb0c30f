//! The codes of all problems; what `--explain` says of them stands in `explain`.
//!
//! A code never changes its meaning and is never used again for another; tools filter by it.

use super::Severity;

/// What kind of problem it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[allow(missing_docs)] // `explain` says what each is.
pub enum Code {
    UnknownParameter,
    UnknownSection,
    ObsoleteParameter,
    EnterpriseOnly,
    MissingValue,
    BadNumber,
    BadSeconds,
    BadHex,
    BadBoolean,
    BadWord,
    BadLogContext,
    NumberOverflow,
    OutOfBounds,
    NotPowerOf2,
    NotMultiple,
    NameTooLong,
    BadClusterName,
    BadAddress,
    BraceOnOwnLine,
    BraceGlued,
    ExtraBrace,
    GluedBrace,
    MissingBrace,
    DuplicateNamespace,
    DuplicateStorageEngine,
    DuplicateStorage,
    MixedStorage,
    TooMany,
    MissingPart,
    Conflict,
    Template,
    LineCut,
    ExtraWords,
    TextAfterBrace,
    BraceNotRead,
    RepeatedParameter,
    AlwaysOn,
    MebiSuffix,
    BareUnit,
    NumberWraps,
    Quotes,
    NoEffect,
    EmptySection,
    NoLogging,
    SilentSink,
    PerhapsNew,
}

/// What `--explain` says of a code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Explanation {
    /// What it is.
    pub what: &'static str,
    /// Why it matters.
    pub why: &'static str,
    /// How to mend it.
    pub mend: &'static str,
}

impl Code {
    /// Every code, the fatal ones first.
    pub const ALL: &[Code] = &[
        Code::UnknownParameter,
        Code::UnknownSection,
        Code::ObsoleteParameter,
        Code::EnterpriseOnly,
        Code::MissingValue,
        Code::BadNumber,
        Code::BadSeconds,
        Code::BadHex,
        Code::BadBoolean,
        Code::BadWord,
        Code::BadLogContext,
        Code::NumberOverflow,
        Code::OutOfBounds,
        Code::NotPowerOf2,
        Code::NotMultiple,
        Code::NameTooLong,
        Code::BadClusterName,
        Code::BadAddress,
        Code::BraceOnOwnLine,
        Code::BraceGlued,
        Code::ExtraBrace,
        Code::GluedBrace,
        Code::MissingBrace,
        Code::DuplicateNamespace,
        Code::DuplicateStorageEngine,
        Code::DuplicateStorage,
        Code::MixedStorage,
        Code::TooMany,
        Code::MissingPart,
        Code::Conflict,
        Code::Template,
        Code::LineCut,
        Code::ExtraWords,
        Code::TextAfterBrace,
        Code::BraceNotRead,
        Code::RepeatedParameter,
        Code::AlwaysOn,
        Code::MebiSuffix,
        Code::BareUnit,
        Code::NumberWraps,
        Code::Quotes,
        Code::NoEffect,
        Code::EmptySection,
        Code::NoLogging,
        Code::SilentSink,
        Code::PerhapsNew,
    ];

    /// The code with this name.
    pub fn parse(name: &str) -> Option<Code> {
        Code::ALL.iter().copied().find(|code| code.name() == name)
    }

    /// Its name, in kebab case.
    pub const fn name(self) -> &'static str {
        match self {
            Code::UnknownParameter => "unknown-parameter",
            Code::UnknownSection => "unknown-section",
            Code::ObsoleteParameter => "obsolete-parameter",
            Code::EnterpriseOnly => "enterprise-only",
            Code::MissingValue => "missing-value",
            Code::BadNumber => "bad-number",
            Code::BadSeconds => "bad-seconds",
            Code::BadHex => "bad-hex",
            Code::BadBoolean => "bad-boolean",
            Code::BadWord => "bad-word",
            Code::BadLogContext => "bad-log-context",
            Code::NumberOverflow => "number-overflow",
            Code::OutOfBounds => "out-of-bounds",
            Code::NotPowerOf2 => "not-a-power-of-2",
            Code::NotMultiple => "not-a-multiple",
            Code::NameTooLong => "name-too-long",
            Code::BadClusterName => "bad-cluster-name",
            Code::BadAddress => "bad-address",
            Code::BraceOnOwnLine => "brace-on-own-line",
            Code::BraceGlued => "brace-glued",
            Code::ExtraBrace => "extra-brace",
            Code::GluedBrace => "glued-brace",
            Code::MissingBrace => "missing-brace",
            Code::DuplicateNamespace => "duplicate-namespace",
            Code::DuplicateStorageEngine => "duplicate-storage-engine",
            Code::DuplicateStorage => "duplicate-storage",
            Code::MixedStorage => "mixed-storage",
            Code::TooMany => "too-many",
            Code::MissingPart => "missing-part",
            Code::Conflict => "conflict",
            Code::Template => "template",
            Code::LineCut => "line-cut",
            Code::ExtraWords => "extra-words",
            Code::TextAfterBrace => "text-after-brace",
            Code::BraceNotRead => "brace-not-read",
            Code::RepeatedParameter => "repeated-parameter",
            Code::AlwaysOn => "always-on",
            Code::MebiSuffix => "mebi-suffix",
            Code::BareUnit => "bare-unit",
            Code::NumberWraps => "number-wraps",
            Code::Quotes => "quotes",
            Code::NoEffect => "no-effect",
            Code::EmptySection => "empty-section",
            Code::NoLogging => "no-logging",
            Code::SilentSink => "silent-sink",
            Code::PerhapsNew => "perhaps-new",
        }
    }

    /// How bad it is: the codes stand in order, and [`Code::LineCut`] is the first one that is no fault.
    pub const fn severity(self) -> Severity {
        if (self as u8) < Code::LineCut as u8 {
            Severity::Fatal
        } else {
            Severity::Warning
        }
    }
}
