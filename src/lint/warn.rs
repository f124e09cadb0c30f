//! What the server takes in silence, though it is hardly meant.

use crate::catalogue::{Context, Edition, Kind, Row, Times};
use crate::conf::Item;

use super::judge::first;
use super::message::{quote, quote_of};
use super::walk::Walk;
use super::{Code, Place, quirks, value};

impl<'src> Walk<'_, 'src> {
    /// The head of a section of the top level.
    pub(super) fn warn_head(&mut self, item: &Item<'src>) {
        let titles = usize::from(item.opens == Some(Context::Namespace));
        self.warn_brace(item, titles);
    }

    /// A line that the server takes.
    pub(super) fn warn_parameter(&mut self, item: &Item<'src>, row: &Row, merged: u32) {
        let word = first(item).unwrap_or_default();
        if let Some(opened) = item.opens {
            let titles = match opened {
                Context::LogSink => usize::from(item.name() == b"file"),
                _ => usize::from(!item.title().is_empty()),
            };
            self.warn_brace(item, titles);
            if opened == Context::NetworkInfo && self.release.is_from(8, 1) {
                self.say(
                    item,
                    item.name(),
                    Code::NoEffect,
                    "servers ignore `info` from 8.1".to_owned(),
                );
            }
            return;
        }
        if quirks::is_ignored(item.context, item.name()) {
            let text = format!("the server ignores `{}`", row.name());
            self.say(item, item.name(), Code::NoEffect, text);
        }
        if row.times == Times::One
            && let Some(line) = self.note_seen(merged, item.name(), item.line)
        {
            let text = format!(
                "`{}` was given on line {line} already, and the last one wins",
                row.name()
            );
            self.say(item, item.name(), Code::RepeatedParameter, text);
        }
        self.warn_extra(item, quirks::values_read(item.context, item.name()));
        self.warn_value(item, row, word);
    }

    fn warn_value(&mut self, item: &Item<'src>, row: &Row, word: &'src [u8]) {
        let name = row.name();
        match row.kind {
            Kind::Flag if value::read_bool(word, self.release) == Ok(false) => {
                let text = format!(
                    "`{name}` has no value up to 6.0: {} turns it on",
                    quote(word)
                );
                self.say(item, word, Code::AlwaysOn, text);
            }
            Kind::U8
            | Kind::U16
            | Kind::U32
            | Kind::U64
            | Kind::I32
            | Kind::PowerOf2
            | Kind::Multiple(_)
            | Kind::Port => self.warn_integer(item, name, word),
            Kind::Seconds if word.len() == 1 && !word[0].is_ascii_digit() => {
                self.warn_bare_unit(item, name, word);
            }
            Kind::Text | Kind::Address if word.len() > 1 && matches!(word[0], b'"' | b'\'') => {
                let text = format!(
                    "`{name}`: the quotes of {} become part of the value",
                    quote_of(item.name(), word)
                );
                self.say(item, word, Code::Quotes, text);
            }
            Kind::Bool if name == "advertise-ipv6" && self.edition == Edition::Community => {
                let text = "`advertise-ipv6` does something on enterprise servers only".to_owned();
                self.say(item, item.name(), Code::NoEffect, text);
            }
            Kind::Text
            | Kind::Address
            | Kind::Bool
            | Kind::BoolOrBare
            | Kind::Flag
            | Kind::Enum
            | Kind::Seconds
            | Kind::Hex
            | Kind::PctOrMinus1
            | Kind::Section
            | Kind::Obsolete => {}
        }
    }

    fn warn_integer(&mut self, item: &Item<'src>, name: &str, word: &'src [u8]) {
        let read = || {
            let number = match word.strip_prefix(b"-") {
                Some(_) => value::read_signed(word).map(|number| number.to_string()),
                None => value::read_integer(word).map(|number| number.to_string()),
            };
            number.unwrap_or_default()
        };
        if value::wraps(word) {
            let text = format!(
                "`{name}`: {} is greater than 2^64, and the server reads {}",
                quote(word),
                read()
            );
            self.say(item, word, Code::NumberWraps, text);
        } else if word.len() == 1 && !word[0].is_ascii_digit() {
            self.warn_bare_unit(item, name, word);
        } else if word.last().is_some_and(u8::is_ascii_alphabetic) && is_time(name) {
            let text = format!(
                "`{name}`: {} is {}, for the suffix multiplies by powers of 1024",
                quote(word),
                read()
            );
            self.say(item, word, Code::MebiSuffix, text);
        }
    }

    fn warn_bare_unit(&mut self, item: &Item<'src>, name: &str, word: &'src [u8]) {
        let text = format!(
            "`{name}`: {} is a unit without a number, which the server reads as 0",
            quote(word)
        );
        self.say(item, word, Code::BareUnit, text);
    }

    /// A head needs its titles and then a brace; the server looks at the titles only.
    fn warn_brace(&mut self, item: &Item<'src>, titles: usize) {
        match item.values().get(titles..).unwrap_or_default() {
            [] => self.say(
                item,
                item.name(),
                Code::BraceNotRead,
                format!(
                    "expected `{{` after {}, which the server opens all the same",
                    quote(item.name())
                ),
            ),
            [brace] if *brace == b"{" => {}
            [brace, extra, ..] if *brace == b"{" => self.warn_word(item, extra),
            [extra, ..] => self.warn_word(item, extra),
        }
    }

    fn warn_extra(&mut self, item: &Item<'src>, read: usize) {
        if let Some(extra) = item.values().get(read) {
            self.warn_word(item, extra);
        }
    }

    fn warn_word(&mut self, item: &Item<'src>, extra: &'src [u8]) {
        let text = if item.name() == b"storage-engine" && item.opens.is_none() {
            "up to 6.4 `storage-engine memory` opens no section".to_owned()
        } else if extra.starts_with(b"}") {
            format!(
                "{} closes nothing: `}}` closes as the first word of its line only",
                quote(extra)
            )
        } else {
            format!(
                "the server does not look at {}",
                quote_of(item.name(), extra)
            )
        };
        self.say(item, extra, Code::ExtraWords, text);
    }

    /// A section with nothing in it. Some say something all the same: a set makes a set, `security` turns it on; others
    /// are faults without what they need.
    pub(super) fn warn_empty(&mut self, context: Context, place: Place) {
        match context {
            Context::LogSink | Context::LogSyslog => self.found.add(
                Code::SilentSink,
                place,
                "the sink has no `context`, so it logs critical messages only".to_owned(),
            ),
            Context::Service
            | Context::Network
            | Context::Logging
            | Context::NetworkService
            | Context::Heartbeat
            | Context::Fabric
            | Context::NetworkInfo
            | Context::NetworkAdmin
            | Context::Geo2dsphere
            | Context::Sindex
            | Context::ModLua
            | Context::Xdr => self.found.add(
                Code::EmptySection,
                place,
                format!("there is nothing in `{}`", context.name()),
            ),
            Context::Top
            | Context::NetworkTls
            | Context::Namespace
            | Context::Set
            | Context::IndexPmem
            | Context::IndexFlash
            | Context::SindexPmem
            | Context::SindexFlash
            | Context::StorageMemory
            | Context::StoragePmem
            | Context::StorageDevice
            | Context::Security
            | Context::Ldap
            | Context::SecurityLog
            | Context::SecuritySyslog
            | Context::XdrDc
            | Context::XdrNamespace
            | Context::Unknown => {}
        }
    }
}

/// Whether a name speaks of time, though its value has no units of time.
fn is_time(name: &str) -> bool {
    [
        "-ms", "-us", "interval", "timeout", "period", "sleep", "-time", "delay",
    ]
    .iter()
    .any(|part| name.contains(part))
}
