//! One line, as the server's parser sees it.

use crate::catalogue::{self, Availability, Context, Edition, Kind, Release, Row};
use crate::conf::Item;

use super::message::{self, one_of, quote};
use super::names::Advice;
use super::value::{self, Fault, Value};
use super::walk::Walk;
use super::{Code, names, quirks};

impl<'src> Walk<'_, 'src> {
    /// Judges a line; false where the server refuses it, so that what stands in its section is not worth a word.
    pub(super) fn judge(&mut self, item: &Item<'src>, merged: u32) -> bool {
        if item.context.is_ignored(self.release) {
            return true;
        }
        if let Some(bare) = self.name_before_brace(item) {
            return self.refuse_brace(item, bare);
        }
        if item.context == Context::Top {
            return self.judge_top(item);
        }
        let Some(row) = quirks::row(item.context, item.name(), self.release) else {
            return self.unknown(item);
        };
        let taken = self.judge_parameter(item, &row, merged);
        if taken {
            self.warn_parameter(item, &row, merged);
        }
        taken
    }

    /// `service` of `service{`, and nothing of a lone `{`, where the server knows no name with a brace.
    fn name_before_brace(&self, item: &Item<'src>) -> Option<&'src [u8]> {
        let bare = item.name().strip_suffix(b"{")?;
        let opens = |name: &[u8]| {
            let opened = item.context.opened_by(name, first(item), self.release);
            opened.is_some()
        };
        (!opens(item.name()) && (bare.is_empty() || opens(bare))).then_some(bare)
    }

    /// A brace that the server takes for a name, or for a part of one. The section of a glued one is read all the same.
    fn refuse_brace(&mut self, item: &Item<'src>, bare: &[u8]) -> bool {
        if bare.is_empty() {
            let text = "the server takes `{` for a name that it does not know".to_owned();
            self.say(item, item.name(), Code::BraceOnOwnLine, text);
            return false;
        }
        let text = format!(
            "expected {} and a space, but found {}",
            quote(bare),
            quote(item.name())
        );
        self.say(item, item.name(), Code::BraceGlued, text);
        true
    }

    fn judge_top(&mut self, item: &Item<'src>) -> bool {
        match item.opens {
            None | Some(Context::Unknown) => return self.unknown(item),
            Some(Context::Security | Context::Xdr) if self.edition == Edition::Community => {
                return self.enterprise_only(item);
            }
            Some(Context::Namespace) => self.begin_namespace(item),
            Some(_) => {}
        }
        self.warn_head(item);
        true
    }

    fn unknown(&mut self, item: &Item<'src>) -> bool {
        let advice = match self.found.is_crowded() {
            true => Advice::Spared,
            false => Advice::Wanted,
        };
        let (code, text) = names::unknown(item, self.release, advice);
        self.say(item, item.name(), code, text);
        false
    }

    fn enterprise_only(&mut self, item: &Item<'src>) -> bool {
        let text = format!("{} is for enterprise servers only", quote(item.name()));
        self.say(item, item.name(), Code::EnterpriseOnly, text);
        false
    }

    fn begin_namespace(&mut self, item: &Item<'src>) {
        let name = first(item).unwrap_or_default();
        let most = quirks::most_namespaces(self.edition);
        let problem = if name.len() >= quirks::NAMESPACE_SIZE {
            let text = format!(": expected at most 31 bytes, but found {}", name.len());
            Some((Code::NameTooLong, text))
        } else if self.state.namespaces.len() == most {
            let server = server(self.edition);
            let text = format!(" is one too many: {server} has room for {most}");
            Some((Code::TooMany, text))
        } else if self.state.namespaces.contains(&name) {
            Some((Code::DuplicateNamespace, " is given twice".to_owned()))
        } else {
            None
        };
        if let Some((code, text)) = problem {
            self.about(item, code, format!("namespace {}{text}", quote(name)));
        }
        self.state.begin_namespace(name);
    }

    /// A line whose name the server knows.
    fn judge_parameter(&mut self, item: &Item<'src>, row: &Row, merged: u32) -> bool {
        let word = first(item).unwrap_or_default();
        if row.kind == Kind::Obsolete {
            let text = names::obsolete(row, self.release);
            self.say(item, item.name(), Code::ObsoleteParameter, text);
            return false;
        }
        if row.edition == Availability::EnterpriseOnly && self.edition == Edition::Community {
            return self.enterprise_only(item);
        }
        if row.name() == "storage-engine" && !self.begin_engine(item, word) {
            return false;
        }
        self.check_room(item, row, merged);
        let value = match self.judge_special(item, row, word) {
            Some(taken) => taken.then_some(Value::Word),
            None => match value::read(row, word, self.release, self.edition) {
                Ok(value) => Some(value),
                Err(fault) => {
                    self.refuse(item, row, fault, word);
                    None
                }
            },
        };
        let Some(value) = value else {
            // The section is open all the same.
            return row.kind == Kind::Section;
        };
        self.check_set_ttl(item, row, value);
        self.state
            .remember(item.context, row.name(), value, (word, item.line));
        true
    }

    /// Whether the server has room for one more line of the parameter; the first that is too much is named.
    fn check_room(&mut self, item: &Item<'src>, row: &Row, merged: u32) {
        let name = item.name();
        if let Some(most) = quirks::most_lines(item.context, name, self.release)
            && self.count(merged, name) == most + 1
        {
            let text = format!("more than {most} of `{}`", row.name());
            self.about(item, Code::TooMany, text);
        }
    }

    fn refuse(&mut self, item: &Item<'src>, row: &Row, fault: Fault, word: &'src [u8]) {
        let (mut code, mut text) = message::refused(row, fault, word);
        if names::is_template(word) {
            code = Code::Template;
            text = format!(
                "`{}`: {} is a template that was not rendered",
                row.name(),
                quote(word)
            );
        } else if let (Fault::UnknownWord, Kind::Enum) = (fault, row.kind)
            && let Some(near) = names::nearest(word, row.words())
        {
            text.push_str(&format!(", did you mean `{near}`?"));
        }
        let at = if word.is_empty() { item.name() } else { word };
        self.say(item, at, code, text);
    }

    /// Parameters that the server reads in a way of their own; `None` where the kind says it all.
    fn judge_special(&mut self, item: &Item<'src>, row: &Row, word: &'src [u8]) -> Option<bool> {
        if let Some(words) = quirks::words(item.context, item.name()) {
            return Some(self.judge_word(item, row, word, words));
        }
        match (item.context, item.name()) {
            (Context::Service, b"cluster-name") => {
                self.judge_cluster_name(item, word);
                Some(true)
            }
            (Context::LogSink | Context::LogSyslog, b"context") => {
                Some(self.judge_log_context(item, word))
            }
            (Context::Heartbeat, b"mesh-seed-address-port" | b"tls-mesh-seed-address-port") => {
                Some(self.judge_seed(item, row))
            }
            (
                Context::StorageMemory | Context::StoragePmem | Context::StorageDevice,
                b"file" | b"device",
            ) if !word.is_empty() => {
                self.add_storage(item, word);
                Some(true)
            }
            (
                Context::IndexPmem
                | Context::IndexFlash
                | Context::SindexPmem
                | Context::SindexFlash,
                b"mount",
            ) if !word.is_empty() => {
                self.add_mount(item, word);
                Some(true)
            }
            (Context::Service, b"feature-key-file") if !word.is_empty() => {
                self.add_feature_key(item, word);
                Some(true)
            }
            (Context::XdrDc, b"node-address-port")
            | (Context::Service, b"secrets-address-port")
                if item.values().len() == 1 =>
            {
                let text = format!(
                    "`{}`: expected an address and a port as two words, but found no port",
                    row.name()
                );
                self.say(item, item.name(), Code::MissingValue, text);
                Some(false)
            }
            (Context::Logging, _) => {
                self.begin_sink(item, word);
                self.judge_text(item, row, word)
            }
            _ => self.judge_text(item, row, word),
        }
    }

    fn begin_sink(&mut self, item: &Item<'src>, path: &[u8]) {
        if item.name() == b"file" && path.is_empty() {
            self.state.nameless_sink.get_or_insert(item.line);
        }
        self.state.sinks += 1;
        if self.state.sinks == quirks::MOST_SINKS + 1 {
            let text = format!("more than {} log sinks", quirks::MOST_SINKS);
            self.about(item, Code::TooMany, text);
        }
    }

    /// A word of which the server knows all in this place.
    fn judge_word(
        &mut self,
        item: &Item<'src>,
        row: &Row,
        word: &'src [u8],
        words: &[&str],
    ) -> bool {
        let may_be_empty = word.is_empty() && quirks::may_be_empty(item.context, item.name());
        let is_known = may_be_empty || words.iter().any(|known| known.as_bytes() == word);
        if !is_known {
            let (name, expected, found) = (row.name(), one_of(words), quote(word));
            let text = format!("`{name}`: expected {expected}, but found {found}");
            let at = if word.is_empty() { item.name() } else { word };
            self.say(item, at, Code::BadWord, text);
        }
        is_known
    }

    /// A text that has to be there, and may be too long for the server's room; `None` where anything is taken.
    fn judge_text(&mut self, item: &Item<'src>, row: &Row, word: &'src [u8]) -> Option<bool> {
        let context = item.context;
        if row.kind != Kind::Text || (word.is_empty() && quirks::may_be_empty(context, item.name()))
        {
            return None;
        }
        if word.is_empty() {
            self.refuse(item, row, Fault::Missing, word);
            return Some(false);
        }
        let longest = quirks::longest(context, item.name())?;
        if word.len() >= longest {
            let text = format!(
                "`{}`: expected at most {} bytes, but found {}",
                row.name(),
                longest - 1,
                word.len()
            );
            self.say(item, word, Code::NameTooLong, text);
            return Some(false);
        }
        Some(true)
    }

    /// The server checks the name while it reads, but names no line.
    fn judge_cluster_name(&mut self, item: &Item<'src>, name: &'src [u8]) {
        let most = if self.release.is_from(7, 0) { 63 } else { 64 };
        if name.is_empty() {
            self.about(
                item,
                Code::BadClusterName,
                "`cluster-name` is empty".to_owned(),
            );
        } else if name.len() > most {
            let text = format!(
                "`cluster-name`: expected at most {most} bytes, but found {}",
                name.len()
            );
            self.about(item, Code::NameTooLong, text);
        }
        // Up to 6.4 `null` stands for none.
        let is_none = name.is_empty() || (name == b"null" && !self.release.is_from(7, 0));
        self.state.cluster_name = (!is_none).then_some(name);
    }

    fn judge_log_context(&mut self, item: &Item<'src>, context: &'src [u8]) -> bool {
        let level = item.values().get(1).copied().unwrap_or_default();
        // The server compares both in any case.
        let is = |known: &str, word: &[u8]| known.as_bytes().eq_ignore_ascii_case(word);
        if !catalogue::LOG_LEVELS.iter().any(|known| is(known, level)) {
            let levels = one_of(catalogue::LOG_LEVELS);
            let (at, text) = if level.is_empty() {
                (
                    item.name(),
                    format!(
                        "`context`: expected a context and {levels}, but found {} only",
                        quote(context)
                    ),
                )
            } else {
                (
                    level,
                    format!("`context`: expected {levels}, but found {}", quote(level)),
                )
            };
            self.say(item, at, Code::BadLogContext, text);
            return false;
        }
        let known = is("any", context)
            || catalogue::log_contexts(self.release).any(|known| is(known, context));
        if known {
            return true;
        }
        let near = names::nearest(context, catalogue::log_contexts(self.release));
        if self.release > Release::NEWEST_KNOWN && near.is_none() && !context.is_empty() {
            let what = format!("log context {}", quote(context));
            let (code, text) = names::perhaps_new(&what, self.release);
            self.say(item, context, code, text);
            return true;
        }
        let mut text = format!(
            "a server of {} has no log context {}",
            self.release,
            quote(context)
        );
        if let Some(near) = near {
            text.push_str(&format!(", did you mean `{near}`?"));
        }
        self.say(item, context, Code::BadLogContext, text);
        false
    }

    fn judge_seed(&mut self, item: &Item<'src>, row: &Row) -> bool {
        let port = item.values().get(1).copied().unwrap_or_default();
        let Some(rule) = quirks::row(Context::Heartbeat, b"port", self.release) else {
            return true;
        };
        if let Err(fault) = value::read(&rule, port, self.release, self.edition) {
            let rule = Row {
                name: row.name,
                ..rule
            };
            if port.is_empty() {
                let text = format!(
                    "`{}`: expected an address and a port as two words, but found no port",
                    row.name()
                );
                self.say(item, item.name(), Code::MissingValue, text);
            } else {
                self.refuse(item, &rule, fault, port);
            }
            return false;
        }
        let most = quirks::most_nodes(self.edition);
        if self.state.heartbeat.seeds.len() == most {
            let text = format!("more than {most} mesh seeds, which is the size of a cluster");
            self.about(item, Code::TooMany, text);
        }
        true
    }

    /// The storage engine of a namespace; false where it is another one and the server takes only one.
    fn begin_engine(&mut self, item: &Item<'src>, word: &'src [u8]) -> bool {
        if self.release.is_from(7, 0) && self.state.namespace.engine.is_some() {
            let name = quote(self.state.namespace.name);
            let text = format!("namespace {name}: a second `storage-engine`");
            self.about(item, Code::DuplicateStorageEngine, text);
            return false;
        }
        if word == b"pmem" && self.edition == Edition::Community {
            let text = "`storage-engine pmem` is for enterprise servers only".to_owned();
            self.say(item, word, Code::EnterpriseOnly, text);
            return false;
        }
        self.state.namespace.engine = match word {
            b"device" => Some(Context::StorageDevice),
            b"pmem" => Some(Context::StoragePmem),
            b"memory" => Some(Context::StorageMemory),
            // Refused for its word; that an engine is missing would be said twice.
            _ => Some(Context::Unknown),
        };
        true
    }

    /// The bound that the server holds a set to without naming a line.
    fn check_set_ttl(&mut self, item: &Item<'src>, row: &Row, value: Value) {
        if let (Context::Set, "default-ttl", Value::Number(seconds)) =
            (item.context, row.name(), value)
            && seconds > quirks::LONGEST_TTL
            && seconds != u64::from(u32::MAX)
        {
            let text = format!(
                "`default-ttl`: expected at most {} seconds, but found {seconds}",
                quirks::LONGEST_TTL
            );
            self.about(item, Code::OutOfBounds, text);
        }
    }
}

/// The first value of a line.
pub(super) fn first<'src>(item: &Item<'src>) -> Option<&'src [u8]> {
    item.values().first().copied()
}

fn server(edition: Edition) -> &'static str {
    match edition {
        Edition::Community => "a community server",
        Edition::Enterprise => "a server",
    }
}
