//! Whose certificates are believed, and why one was not.

use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context, Result, bail};
use rustls::pki_types::UnixTime;
use rustls::{CertificateError, Error as TlsError};
use ureq::tls::{Certificate, PemItem, RootCerts, TlsConfig, parse_pem};

use crate::sources::environment::Environment;

/// Where the distributions keep all certificates in one file: Debian, Fedora, openSUSE, RHEL 7, Alpine. The folders
/// of single files beside them hold the same and cost five times as much to read.
const BUNDLES: [&str; 5] = [
    "/etc/ssl/certs/ca-certificates.crt",
    "/etc/pki/tls/certs/ca-bundle.crt",
    "/etc/ssl/ca-bundle.pem",
    "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",
    "/etc/ssl/cert.pem",
];

/// A bundle of all authorities of the web is 250 KB.
const LONGEST_BUNDLE: u64 = 16 * 1024 * 1024;

/// TLS with ring, believing the authorities of `ca_file`, else of `SSL_CERT_FILE`, else of the system's bundle.
pub(super) fn tls_config(ca_file: Option<&Path>, environment: &Environment) -> Result<TlsConfig> {
    let bundle = match ca_file {
        Some(path) => path.to_owned(),
        None => system_bundle(environment)?,
    };
    let certificates = read_certificates(&bundle)?;
    Ok(TlsConfig::builder()
        .root_certs(RootCerts::Specific(Arc::new(certificates)))
        .unversioned_rustls_crypto_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .build())
}

fn system_bundle(environment: &Environment) -> Result<PathBuf> {
    if let Some(path) = environment.variable("SSL_CERT_FILE") {
        return Ok(path.into());
    }
    let found = BUNDLES.iter().map(Path::new).find(|path| path.exists());
    let Some(path) = found else {
        bail!(
            "no bundle of certificate authorities at {}, install `ca-certificates` or name a CA file",
            BUNDLES[0]
        );
    };
    Ok(path.to_owned())
}

fn read_certificates(path: &Path) -> Result<Vec<Certificate<'static>>> {
    let shown = path.display();
    let mut pem = Vec::new();
    std::fs::File::open(path)
        .and_then(|file| file.take(LONGEST_BUNDLE).read_to_end(&mut pem))
        .with_context(|| format!("cannot read the CA file `{shown}`"))?;
    let mut certificates = Vec::new();
    for item in parse_pem(&pem) {
        let Ok(item) = item else {
            bail!("expected certificates in PEM in the CA file `{shown}`, but found broken PEM");
        };
        if let PemItem::Certificate(certificate) = item {
            certificates.push(certificate);
        }
    }
    if certificates.is_empty() {
        bail!("expected certificates in PEM in the CA file `{shown}`, but found none");
    }
    Ok(certificates)
}

/// What a failed TLS handshake means to whoever runs the server.
pub(super) fn explain(error: &TlsError) -> String {
    match error {
        TlsError::InvalidCertificate(reason) => explain_certificate(reason),
        TlsError::InvalidMessage(_) => "it does not speak TLS on this port, is it http?".into(),
        TlsError::AlertReceived(alert) => {
            format!("the server ended the TLS handshake with the alert `{alert:?}`")
        }
        other => format!("TLS failed: {other}"),
    }
}

fn explain_certificate(reason: &CertificateError) -> String {
    use CertificateError as Reason;
    match reason {
        Reason::Expired => "its certificate has expired".into(),
        Reason::ExpiredContext { not_after, .. } => {
            format!("its certificate expired on {}", day(*not_after))
        }
        Reason::NotValidYet => "its certificate is not valid yet, is the clock right?".into(),
        Reason::NotValidYetContext { not_before, .. } => format!(
            "its certificate is not valid before {}, is the clock right?",
            day(*not_before)
        ),
        Reason::UnknownIssuer => {
            "its certificate is signed by an unknown authority, is a CA file missing?".into()
        }
        Reason::BadSignature => {
            "its certificate is not signed by the authority that it names".into()
        }
        Reason::Revoked => "its certificate is revoked".into(),
        Reason::NotValidForName => "its certificate is for another name".into(),
        Reason::NotValidForNameContext {
            expected,
            presented,
        } if presented.is_empty() => format!(
            "its certificate has no subjectAltName, expected one for `{}`: the common name alone counts no more",
            expected.to_str()
        ),
        Reason::NotValidForNameContext {
            expected,
            presented,
        } => format!(
            "its certificate is for {}, not for `{}`",
            names(presented),
            expected.to_str()
        ),
        // webpki's own words arrive as text only.
        other if format!("{other:?}").contains("UnsupportedCertVersion") => {
            "its certificate is X.509 v1, expected v3".into()
        }
        other if format!("{other:?}").contains("CaUsedAsEndEntity") => {
            "its certificate is that of an authority, expected one that an authority signed".into()
        }
        other => format!("its certificate was refused: {other}"),
    }
}

/// `DnsName("a")` as rustls prints a name, without its shell.
fn names(presented: &[String]) -> String {
    let bare: Vec<String> = presented
        .iter()
        .map(|name| {
            let inner = name
                .split_once('(')
                .and_then(|(_, rest)| rest.strip_suffix(')'))
                .unwrap_or(name);
            format!("`{}`", inner.trim_matches('"'))
        })
        .collect();
    bare.join(", ")
}

/// A moment's day in UTC, by Howard Hinnant's `civil_from_days`.
fn day(time: UnixTime) -> String {
    let days = (time.as_secs() / 86_400) + 719_468;
    let era = days / 146_097;
    let of_era = days % 146_097;
    let year = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    let shifted = (5 * of_year + 2) / 153;
    let day = of_year - (153 * shifted + 2) / 5 + 1;
    let month = if shifted < 10 {
        shifted + 3
    } else {
        shifted - 9
    };
    let year = year + era * 400 + u64::from(month <= 2);
    format!("{year:04}-{month:02}-{day:02}")
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[track_caller]
    fn on(seconds: u64, expected: &str) {
        let time = UnixTime::since_unix_epoch(Duration::from_secs(seconds));
        assert_eq!(day(time), expected);
    }

    #[test]
    fn days_are_those_of_the_calendar() {
        on(0, "1970-01-01");
        on(951_782_400, "2000-02-29");
        on(1_700_000_000, "2023-11-14");
        on(4_107_542_400, "2100-03-01");
    }

    #[test]
    fn a_ca_file_without_certificates_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("ca.pem");
        std::fs::write(&path, "not PEM").unwrap();
        let environment = Environment::default();
        let error = tls_config(Some(&path), &environment).unwrap_err();
        assert!(error.to_string().ends_with("but found none"), "{error}");
        let missing = [("SSL_CERT_FILE", "/nowhere/ca.pem")].into_iter().collect();
        let error = tls_config(None, &missing).unwrap_err();
        assert!(error.to_string().contains("`/nowhere/ca.pem`"), "{error}");
    }
}
