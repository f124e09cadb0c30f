//! What `--explain CODE` says: what a code is, why it matters, how to mend it.

use super::codes::{Code, Explanation};

impl Code {
    /// What it is, why it matters, how to mend it.
    pub const fn explain(self) -> Explanation {
        match self {
            Code::UnknownParameter => say(
                "The server knows no parameter of this name in this section.",
                "It stops at the first name that it does not know, with the line's number, and does not start. Most often the name is misspelt, belongs to another section, or to another release.",
                "Correct the name, move the line to the section that is named, or remove it.",
            ),
            Code::UnknownSection => say(
                "The line was written as the head of a section that no server has.",
                "The server takes it for an unknown parameter and does not start.",
                "Correct the name, or remove the section with everything in it.",
            ),
            Code::ObsoleteParameter => say(
                "The parameter is gone from this release, and the server refuses it by name.",
                "It does not start, even where the value was the default.",
                "Use what replaced it, which the message names, or remove the line.",
            ),
            Code::EnterpriseOnly => say(
                "A community server refuses this parameter, section or word, whatever its value.",
                "It stops at the line and does not start.",
                "Remove it, or say `--edition ee` where the file is meant for an enterprise server.",
            ),
            Code::MissingValue => say(
                "The parameter needs a value and has none; what follows a `#` is a comment, even inside quotes.",
                "The server does not start.",
                "Write the value, or remove the line to have the default.",
            ),
            Code::BadNumber => say(
                "The value is not a number as the server reads numbers: digits, then at most one of k m g t p, which multiply by powers of 1024.",
                "No sign, no fraction, no `KB`, no quotes, no comma, no `0x`: the server does not start.",
                "Write digits and at most one unit.",
            ),
            Code::BadSeconds => say(
                "The value is not a number of seconds: digits, then at most one of s m h d.",
                "Weeks and years, fractions, sums such as `1d12h`, and more than 2^32 - 1 seconds are refused.",
                "Write one number with one unit.",
            ),
            Code::BadHex => say(
                "The value is not a hexadecimal number of at most 64 bits.",
                "The server does not start.",
                "Write up to sixteen hexadecimal digits; `0x` is optional.",
            ),
            Code::BadBoolean => say(
                "The value is neither `true` nor `false`.",
                "`on`, `off`, `1` and `0` were never taken, and `yes` and `no` are refused from 7.2.",
                "Write `true` or `false`.",
            ),
            Code::BadWord => say(
                "The value is none of the words that the parameter takes.",
                "They are compared letter by letter, in lower case.",
                "Write one of the words that the message lists.",
            ),
            Code::BadLogContext => say(
                "The line of a log sink names a context or a level that the server does not have.",
                "Contexts come and go with releases; the server does not start with one that it does not know.",
                "Correct the context or the level; `context any info` sets all.",
            ),
            Code::NumberOverflow => say(
                "The number does not fit into the bits that the parameter has.",
                "The server does not start.",
                "Write a smaller number.",
            ),
            Code::OutOfBounds => say(
                "The value is below the least or above the greatest that this release takes.",
                "The server does not start; bounds move between releases.",
                "Write a value within the bounds.",
            ),
            Code::NotPowerOf2 => say(
                "The value has to be a power of two.",
                "The server does not start.",
                "Take one of the two powers that the message names.",
            ),
            Code::NotMultiple => say(
                "The value has to be a multiple of a number.",
                "The server does not start.",
                "Take the nearest multiple.",
            ),
            Code::NameTooLong => say(
                "A name is longer than the server has room for: 31 bytes for a namespace, 63 for a set, 63 or 64 for a cluster.",
                "The server does not start.",
                "Shorten the name.",
            ),
            Code::BadClusterName => say(
                "The cluster's name is empty, or `null`, which stands for none.",
                "From 7.0 every server needs a cluster name; older ones refuse an empty one.",
                "Write a name.",
            ),
            Code::BadAddress => say(
                "No machine can make an address of this word.",
                "The server looks addresses up after it has read the file, and does not start when one cannot be found. A community server has no IPv6. What only the machine can tell, a host name or an interface, is not judged.",
                "Write an IPv4 address, an interface's name, a host name or `any`.",
            ),
            Code::BraceOnOwnLine => say(
                "An opening brace stands on a line of its own.",
                "The server takes `{` for the name of a parameter, which it does not know. The section is open already: the brace at the end of its head is never looked at.",
                "Put the brace at the end of the line before.",
            ),
            Code::BraceGlued => say(
                "A brace is glued to the name of a section.",
                "The server takes both for one name, which it does not know.",
                "Put a space before the brace.",
            ),
            Code::ExtraBrace => say(
                "A closing brace closes nothing.",
                "At the top level the server takes it for an unknown parameter and does not start. Up to 6.4 `storage-engine memory` opens no section, so its `}` closes the namespace.",
                "Remove the brace, or find the section that was closed too early.",
            ),
            Code::GluedBrace => say(
                "A closing brace is glued to something: `}}`, `};`.",
                "The server takes the word for a parameter, which it does not know.",
                "Write one `}` on each line.",
            ),
            Code::MissingBrace => say(
                "A section is not closed.",
                "The server notices it at the end of the file, or when a section of another level begins inside the open one. A `}` closes only as the first word of its line.",
                "Write the `}` on a line of its own.",
            ),
            Code::DuplicateNamespace => say(
                "Two namespaces have the same name.",
                "Other sections merge when they are repeated; a namespace does not, and the server does not start.",
                "Move everything into one section, or rename one.",
            ),
            Code::DuplicateStorageEngine => say(
                "The namespace has more than one `storage-engine`.",
                "From 7.0 the server does not start; before, the last one wins.",
                "Keep one.",
            ),
            Code::DuplicateStorage => say(
                "A file, device or shadow of a storage engine, a mount of an index or a feature key file is given twice.",
                "The server does not start.",
                "Remove one, or correct its path.",
            ),
            Code::MixedStorage => say(
                "A storage engine has both files and devices, or shadows for some but not for all.",
                "The server does not start.",
                "Use one kind, and give shadows to all or to none.",
            ),
            Code::TooMany => say(
                "There are more namespaces, sets, sinks, seeds, addresses or devices than the server has room for.",
                "A community server has room for two namespaces and eight mesh seeds, and every server for 4095 sets in a namespace, up to 5.7 for 1023. It does not start.",
                "Remove what is too much.",
            ),
            Code::MissingPart => say(
                "Something that every server needs is not configured.",
                "A cluster name from 7.0, a namespace, a storage engine and its size in each, ports for the service, the heartbeat and the fabric: without them the server does not start.",
                "Add what the message names.",
            ),
            Code::Conflict => say(
                "Two settings exclude each other.",
                "The server checks them together when the section ends or when the file is read, and does not start.",
                "Change one of the two as the message says.",
            ),
            Code::Template => say(
                "The line is part of a template that was not rendered: `{{ … }}`, `{% … %}`, `${VAR}`.",
                "The server knows no templates; it takes the words as they stand.",
                "Lint the rendered file, or leave templates out of the list.",
            ),
            Code::LineCut => say(
                "The line is longer than 1023 bytes.",
                "The server reads with a buffer of that size: what is left over is read as a line of its own, so the tail of a long comment can set a parameter, and all later line numbers shift.",
                "Break the line.",
            ),
            Code::ExtraWords => say(
                "There are more words on the line than the server looks at.",
                "They are dropped without a word: `30 d` is 30, and a `}` after a value closes nothing.",
                "Remove them, or make a comment of them with `#`.",
            ),
            Code::TextAfterBrace => say(
                "Something follows a closing brace on its line.",
                "The server drops it, even when it looks like the head of the next section.",
                "Put it on a line of its own.",
            ),
            Code::BraceNotRead => say(
                "The head of a section has no opening brace.",
                "The server never looks at it, so the section is open all the same. Whoever reads the file may think otherwise.",
                "Write ` {` at the end of the line.",
            ),
            Code::RepeatedParameter => say(
                "The parameter is given twice in the same section.",
                "The last line wins, without a word; sections that are repeated are one section.",
                "Keep one.",
            ),
            Code::AlwaysOn => say(
                "Up to 6.0 this parameter has no value: that it is there turns it on.",
                "`enable-benchmarks-read false` turns the benchmarks on.",
                "Remove the line to turn it off.",
            ),
            Code::MebiSuffix => say(
                "The suffix of this number multiplies by powers of 1024, though the name speaks of time.",
                "`ticker-interval 1m` is 1048576 seconds, not a minute; only some parameters have units of time.",
                "Write the number out.",
            ),
            Code::BareUnit => say(
                "The value is a unit without a number.",
                "The server reads it as 0.",
                "Write the number.",
            ),
            Code::NumberWraps => say(
                "The number is greater than 2^64, and the server wraps it silently.",
                "What remains is taken for the value.",
                "Write a number that fits.",
            ),
            Code::Quotes => say(
                "The value is in quotes.",
                "Quotes have no meaning: they become part of the value, and a quoted value ends at its first space.",
                "Remove them.",
            ),
            Code::NoEffect => say(
                "The line or the section does nothing on this server.",
                "The server reads it and goes on, at most with a warning in its log.",
                "Remove it.",
            ),
            Code::EmptySection => say(
                "There is nothing in the section.",
                "It changes nothing, and may be a rest of something that was meant.",
                "Remove it, or fill it.",
            ),
            Code::NoLogging => say(
                "There is no log sink.",
                "Nothing is logged, not even why the server did not start.",
                "Add a `logging` section with a sink and `context any info`.",
            ),
            Code::SilentSink => say(
                "The log sink has no `context` line.",
                "It logs critical messages only.",
                "Add `context any info`.",
            ),
            Code::PerhapsNew => say(
                "No known release has the name, but the server is newer than all of them.",
                "It may be new; where it is misspelt, the server does not start.",
                "Look it up in the reference of the release, or use a newer `ascad`.",
            ),
        }
    }
}

const fn say(what: &'static str, why: &'static str, mend: &'static str) -> Explanation {
    Explanation { what, why, mend }
}
