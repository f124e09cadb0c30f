//! What a run knows before it asks anybody: flags over the settings file over defaults.

use std::path::Path;
use std::sync::{Mutex, Once, PoisonError};
use std::time::{Duration, Instant};

use anstream::ColorChoice;
use anyhow::{Context, Result, anyhow};

use crate::catalogue::{Edition, Release};
use crate::cli::{Colour, Common, Format, Nice, NodeFlags};
use crate::compare::Scope;
use crate::deadline::Deadline;
use crate::report::text::Detail;
use crate::settings::Pattern;
use crate::settings_file::{self, SettingsFile};
use crate::sinks::progress::Progress;
use crate::sinks::{priority, stdout};
use crate::sources::environment::Environment;
use crate::sources::node::{self, NodeOptions};
use crate::sources::secret::Secret;
use crate::sources::spec::Spec;
use crate::verdict::{Matter, Severities, State};

use super::print::{Job, last_words};

const DEFAULT_TIMEOUT: f64 = 10.0;
/// The longest time that can be given.
const ALL_DAY: f64 = 86400.0;

/// What a run knows before it asks anybody.
pub(super) struct Session {
    pub(super) started: Instant,
    /// For everything together.
    timeout: Duration,
    /// When it is over.
    end: Deadline,
    watchdog: Once,
    job: Job,
    /// How the main report looks.
    format: Format,
    pub(super) environment: Environment,
    pub(super) file: SettingsFile,
    pub(super) common: Common,
    pub(super) node: NodeOptions,
    /// Until then everything has to be fetched.
    pub(super) deadline: Deadline,
    pub(super) notes: Vec<String>,
    /// A password that was asked for, with its user: once for all nodes.
    typed: Mutex<Option<(String, Secret)>>,
}

impl Session {
    /// Reads the settings file and astools.conf, waits out the splay, and starts the clock. The command can write its
    /// report in `formats`.
    pub(super) fn start(
        common: &Common,
        node: &NodeFlags,
        job: Job,
        formats: &'static [Format],
    ) -> Result<Session> {
        let file = read_settings(common.settings.as_deref(), Unreadable::Fails)?;
        let timeout = common.timeout.or(file.check.timeout);
        let timeout = timeout.unwrap_or(DEFAULT_TIMEOUT);
        splay(common.splay.or(file.check.splay).unwrap_or_default());
        let mut session = Session::begin(common, file, job, formats, timeout);
        let (file, environment) = (&session.file, &session.environment);
        session.node = node_options(node, file, environment, &mut session.notes)?;
        Ok(session)
    }

    /// The same of a command that asks nobody: it neither waits nor ends in time unless a flag says so, for what is
    /// set is the time of comparisons, and nothing that it needs is in a settings file it may not read.
    pub(super) fn alone(common: &Common, formats: &'static [Format]) -> Result<Session> {
        let file = read_settings(common.settings.as_deref(), Unreadable::IsPassedOver)?;
        splay(common.splay.unwrap_or_default());
        let timeout = common.timeout.unwrap_or(ALL_DAY);
        let session = Session::begin(common, file, Job::Lint, formats, timeout);
        if common.timeout.is_some() {
            session.watch();
        }
        Ok(session)
    }

    fn begin(
        common: &Common,
        file: SettingsFile,
        job: Job,
        formats: &'static [Format],
        timeout: f64,
    ) -> Session {
        lower_priority(common, &file);
        let whole = Duration::from_secs_f64(timeout);
        Session {
            started: Instant::now(),
            timeout: whole,
            end: Deadline::after(whole),
            watchdog: Once::new(),
            environment: Environment::of_process(),
            job,
            format: format(common, &file, formats),
            file,
            common: common.clone(),
            node: NodeOptions::default(),
            deadline: Deadline::after(whole.mul_f64(0.8)),
            notes: Vec::new(),
            typed: Mutex::default(),
        }
    }

    /// What SOURCE means here.
    pub(super) fn spec(&self, source: &str) -> Spec {
        Spec::parse(source, |name| {
            self.file.references.iter().any(|(known, _)| known == name)
        })
    }

    /// Something comes that may wait for others: when the time is over, whatever still waits is ended. Small files
    /// are read and compared before the watchdog's thread would have begun.
    pub(super) fn watch(&self) {
        let (job, format) = (self.job, self.format);
        let seconds = self.timeout.as_secs_f64();
        self.watchdog.call_once(|| {
            self.end.watch(move || {
                let noun = if seconds == 1.0 { "second" } else { "seconds" };
                let state =
                    last_words(job, format, &format!("not finished after {seconds} {noun}"));
                stdout::complain(&format!(
                    "ascad: expected to finish within {seconds} {noun}, but something still waits"
                ));
                std::process::exit(state.exit_code().into());
            });
        });
    }

    /// Until then everything has to be reported: the fifth of the time that gathering leaves, and no more where
    /// gathering was quick. The watchdog gets the rest.
    pub(super) fn report_by(&self) -> Deadline {
        let left = self
            .timeout
            .mul_f64(0.97)
            .saturating_sub(self.started.elapsed());
        Deadline::after(left.min(self.timeout.mul_f64(0.17)))
    }

    /// Tells whoever watches how far the work is, unless a password is asked for at the same place.
    pub(super) fn progress(&self, nouns: &'static str) -> Progress {
        match self.node.user.is_some() && self.node.password.is_none() {
            true => Progress::default(),
            false => Progress::start(nouns),
        }
    }

    /// The clock begins anew: what was before was a person's time.
    pub(super) fn restart(&mut self) {
        self.started = Instant::now();
        self.end = Deadline::after(self.timeout);
        self.deadline = Deadline::after(self.timeout.mul_f64(0.8));
    }

    /// The password of a user whom nobody has given one, asked for once.
    pub(super) fn typed_password(
        &self,
        user: &str,
        ask: impl FnOnce(&str) -> Result<Secret>,
    ) -> Result<Secret> {
        let mut typed = self.typed.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((known, secret)) = &*typed
            && known == user
        {
            return Ok(secret.clone());
        }
        let secret = ask(user)?;
        *typed = Some((user.to_owned(), secret.clone()));
        Ok(secret)
    }

    pub(super) fn format(&self) -> Format {
        self.format
    }

    pub(super) fn detail(&self) -> Detail {
        if self.common.verbose || self.file.output.verbose == Some(true) {
            Detail::Verbose
        } else {
            Detail::Normal
        }
    }

    /// Whether nobody wants to hear that everything is fine. The settings say so for whoever only waits for bad news,
    /// not for whoever asks for a report that programs read, or to be shown something.
    pub(super) fn is_quiet(&self) -> bool {
        let is_asked = !matches!(self.common.format, None | Some(Format::Text));
        let is_set = self.file.output.quiet == Some(true);
        self.common.quiet || (is_set && !is_asked && self.job != Job::Other)
    }

    pub(super) fn colour(&self) -> ColorChoice {
        let named = self
            .file
            .output
            .color
            .and_then(|name| clap::ValueEnum::from_str(name, true).ok());
        match self.common.color.or(named).unwrap_or(Colour::Auto) {
            Colour::Auto => ColorChoice::Auto,
            Colour::Always => ColorChoice::Always,
            Colour::Never => ColorChoice::Never,
        }
    }

    pub(super) fn release(&self) -> Option<Release> {
        self.common
            .server_version
            .or(self.file.check.server_version)
    }

    pub(super) fn edition(&self) -> Option<Edition> {
        self.common
            .edition
            .or_else(|| self.file.check.edition.and_then(Edition::parse))
    }

    pub(super) fn scope(&self) -> Scope {
        let mut ignore = self.common.ignore.clone();
        ignore.extend(
            self.file
                .check
                .ignore
                .iter()
                .map(|pattern| Pattern::new(pattern)),
        );
        Scope {
            ignore,
            strict: self.common.strict || self.file.check.strict == Some(true),
            elsewhere: Vec::new(),
        }
    }

    pub(super) fn severities(&self) -> Result<Severities> {
        let mut severities = Severities::default();
        for severity in &self.file.severity {
            let path = self.common.settings.as_deref();
            let path = path.unwrap_or(Path::new(settings_file::DEFAULT_PATH));
            let (path, line) = (path.display(), severity.line);
            let matter =
                Matter::parse(&severity.kind).map_err(|words| anyhow!("{path}:{line}: {words}"))?;
            severities.set(
                matter,
                State::parse(severity.state).unwrap_or(State::Critical),
            );
        }
        for matter in &self.common.warning {
            severities.set(*matter, State::Warning);
        }
        for matter in &self.common.critical {
            severities.set(*matter, State::Critical);
        }
        Ok(severities)
    }
}

/// What the settings want of every command is passed over where the command does not have it.
fn format(common: &Common, file: &SettingsFile, formats: &[Format]) -> Format {
    let named = file
        .output
        .format
        .and_then(|name| clap::ValueEnum::from_str(name, true).ok())
        .filter(|format| formats.contains(format));
    common.format.or(named).unwrap_or(Format::Text)
}

/// A person who waits is not made to wait longer.
fn lower_priority(common: &Common, file: &SettingsFile) {
    let named = file
        .check
        .nice
        .and_then(|name| clap::ValueEnum::from_str(name, true).ok());
    match common.nice.or(named).unwrap_or(Nice::Auto) {
        Nice::Always => priority::lower(),
        Nice::Auto if !stdout::is_watched() => priority::lower(),
        Nice::Auto | Nice::Never => {}
    }
}

/// What becomes of a run that may not read the settings which nobody named.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Unreadable {
    Fails,
    IsPassedOver,
}

fn read_settings(path: Option<&Path>, unreadable: Unreadable) -> Result<SettingsFile> {
    let (path, is_wanted) = match path {
        Some(path) => (path, true),
        None => (Path::new(settings_file::DEFAULT_PATH), false),
    };
    let is_passed_over = || match unreadable {
        Unreadable::Fails => !path.exists(),
        Unreadable::IsPassedOver => std::fs::File::open(path).is_err(),
    };
    if !is_wanted && is_passed_over() {
        return Ok(SettingsFile::default());
    }
    let shown = path.display();
    let read =
        crate::sources::file::read(path).with_context(|| format!("the settings `{shown}`"))?;
    let text = String::from_utf8(read.bytes)
        .ok()
        .with_context(|| format!("the settings `{shown}`: expected UTF-8"))?;
    settings_file::parse(&text, &path.display().to_string())
}

/// Waits a random time, so that not every node of a cluster asks at the same second.
fn splay(most: f64) {
    if most > 0.0 {
        // The hasher's keys are the standard library's source of chance.
        use std::hash::{BuildHasher, RandomState};
        let chance = RandomState::new().hash_one(std::process::id());
        #[allow(clippy::cast_precision_loss)] // A wait needs no 64 bits.
        let part = chance as f64 / u64::MAX as f64;
        std::thread::sleep(Duration::from_secs_f64(most * part));
    }
}

fn node_options(
    flags: &NodeFlags,
    file: &SettingsFile,
    environment: &Environment,
    notes: &mut Vec<String>,
) -> Result<NodeOptions> {
    let given = NodeOptions {
        host: flags.host.clone(),
        port: flags.port,
        user: flags.user.clone(),
        password: flags
            .password
            .clone()
            .filter(|spelling| !spelling.is_empty())
            .map(Secret::new),
        auth: flags.auth,
        tls_enable: flags.tls_enable.then_some(true),
        tls_name: flags.tls_name.clone(),
        tls_cafile: flags.tls_cafile.clone(),
        tls_capath: flags.tls_capath.clone(),
        tls_certfile: flags.tls_certfile.clone(),
        tls_keyfile: flags.tls_keyfile.clone(),
        tls_keyfile_password: flags.tls_keyfile_password.clone().map(Secret::new),
        services_alternate: flags.services_alternate.then_some(true),
    };
    let set = &file.node;
    let settings = NodeOptions {
        host: set.host.clone(),
        port: set.port,
        user: set.user.clone(),
        password: set.password.clone().map(Secret::new),
        auth: set.auth.and_then(|auth| auth.parse().ok()),
        tls_enable: set.tls_enable,
        tls_name: set.tls_name.clone(),
        tls_cafile: set.tls_cafile.clone().map(Into::into),
        tls_capath: set.tls_capath.clone().map(Into::into),
        tls_certfile: set.tls_certfile.clone().map(Into::into),
        tls_keyfile: set.tls_keyfile.clone().map(Into::into),
        tls_keyfile_password: set.tls_keyfile_password.clone().map(Secret::new),
        services_alternate: set.services_alternate,
    };
    let home = environment.variable("HOME").map(Path::new);
    let instance = flags.instance.as_deref().or(set.instance.as_deref());
    let astools = node::read_astools(&node::default_paths(home), instance, home)?;
    notes.extend(astools.notes);
    Ok(given.or(settings).or(astools.options))
}
