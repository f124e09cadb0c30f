//! Riemann: who it is, what it is told, and what becomes of it. A Riemann that does not answer changes no verdict.

use std::time::{SystemTime, UNIX_EPOCH};

use anyhow::{Result, bail};

use crate::report::outcome::Outcome;
use crate::report::riemann::{DEFAULT_PREFIX, DEFAULT_TTL, Policy, RESERVED, States, events};
use crate::report::{Failure, NodeLine};
use crate::sinks::riemann::{Address, send};
use crate::sources::tls::TlsOptions;

use super::session::Session;

/// Where outcomes are sent, if anywhere.
pub(super) struct Alerts {
    riemann: Option<(Address, TlsOptions, Policy)>,
}

impl Alerts {
    /// Reads the flag and the settings; nothing is opened.
    pub(super) fn prepare(session: &Session) -> Result<Alerts> {
        let set = &session.file.riemann;
        let flag = session.common.riemann.as_deref();
        let Some(url) = flag.or(set.url.as_deref()) else {
            return Ok(Alerts { riemann: None });
        };
        let reserved = set
            .attributes
            .iter()
            .find(|(key, _)| RESERVED.contains(&key.as_str()));
        if let Some((key, _)) = reserved {
            bail!(
                "the settings: expected another name in `[riemann.attributes]` than `{key}`, which is a field of every event"
            );
        }
        let tls = TlsOptions {
            ca_file: set.ca_file.clone().map(Into::into),
            ca_path: None,
            cert_file: set.cert_file.clone().map(Into::into),
            key_file: set.key_file.clone().map(Into::into),
        };
        let policy = Policy {
            host: set
                .host
                .clone()
                .unwrap_or_else(crate::sources::machine::name),
            prefix: set
                .prefix
                .clone()
                .unwrap_or_else(|| DEFAULT_PREFIX.to_owned()),
            ttl: set.ttl.unwrap_or(DEFAULT_TTL),
            tags: set.tags.clone(),
            attributes: set.attributes.clone(),
            states: match set.fold {
                Some(true) => States::OkAndCritical,
                Some(false) | None => States::All,
            },
        };
        Ok(Alerts {
            riemann: Some((Address::parse(url)?, tls, policy)),
        })
    }

    /// Sends one event per outcome. What went wrong is returned.
    pub(super) fn send(
        &self,
        session: &Session,
        outcomes: &[Outcome],
        node: Option<&NodeLine>,
    ) -> Option<Failure> {
        let (address, tls, policy) = self.riemann.as_ref()?;
        session.watch();
        let time = i64::try_from(now()).unwrap_or(i64::MAX);
        let events = events(outcomes, node, policy, time);
        let sent = send(address, tls, &events, session.report_by());
        sent.err().map(|error| Failure {
            source: "riemann".to_owned(),
            message: format!("{error:#}"),
        })
    }
}

/// Seconds since 1970.
pub(super) fn now() -> u64 {
    SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .map_or(0, |time| time.as_secs())
}
