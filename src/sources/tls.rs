//! One way to speak TLS, for nodes, HTTPS and Riemann: rustls with ring, TLS 1.2 and 1.3.
//!
//! The system's authorities are read from their one bundle file (1 ms), never from the directory of single files
//! (5 ms). There is no way to switch verification off.

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context, Result, bail};
use rustls::pki_types::pem::{self, PemObject};
use rustls::pki_types::{CertificateDer, PrivateKeyDer, UnixTime};
use rustls::{AlertDescription, CertificateError, ClientConfig, RootCertStore};

/// Where distributions keep the bundle of the authorities they trust.
const BUNDLES: [&str; 6] = [
    "/etc/ssl/certs/ca-certificates.crt",
    "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",
    "/etc/pki/tls/certs/ca-bundle.crt",
    "/etc/ssl/ca-bundle.pem",
    "/etc/ssl/cert.pem",
    "/usr/local/share/certs/ca-root-nss.crt",
];

/// A bundle of all authorities of the web is 250 KB; more than 16 MiB is a device.
const LONGEST_BUNDLE: u64 = 16 * 1024 * 1024;

/// Whom to trust and who we are. Every file is PEM.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TlsOptions {
    /// The authorities; without it and `ca_path` the system's (`SSL_CERT_FILE`, else the distribution's bundle).
    pub ca_file: Option<PathBuf>,
    /// A directory whose files each hold authorities.
    pub ca_path: Option<PathBuf>,
    /// Our certificate with its chain, where the other side wants one.
    pub cert_file: Option<PathBuf>,
    /// The key of our certificate; without it the key is looked for in `cert_file`. It cannot be encrypted: rustls
    /// does not decrypt keys.
    pub key_file: Option<PathBuf>,
}

/// The configuration that every connection of one kind shares. Errors name the file.
pub fn client_config(options: &TlsOptions) -> Result<Arc<ClientConfig>> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let builder = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()?
        .with_root_certificates(authorities(options)?);
    let config = match (&options.cert_file, &options.key_file) {
        (None, None) => builder.with_no_client_auth(),
        (None, Some(key)) => bail!(
            "expected a certificate beside the key `{}`, but found none",
            key.display()
        ),
        (Some(chain), key) => {
            let key = key.as_ref().unwrap_or(chain);
            builder
                .with_client_auth_cert(certificates(chain)?, private_key(key)?)
                .map_err(|error| anyhow::anyhow!(explain(&error)))
                .with_context(|| {
                    format!(
                        "cannot use the certificate `{}` with the key `{}`",
                        chain.display(),
                        key.display()
                    )
                })?
        }
    };
    Ok(Arc::new(config))
}

fn authorities(options: &TlsOptions) -> Result<RootCertStore> {
    let mut store = RootCertStore::empty();
    for certificate in options
        .ca_file
        .as_deref()
        .map(certificates)
        .transpose()?
        .unwrap_or_default()
    {
        let file = options.ca_file.as_deref().unwrap_or(Path::new(""));
        store
            .add(certificate)
            .map_err(|error| anyhow::anyhow!(explain(&error)))
            .with_context(|| format!("cannot use an authority of `{}`", file.display()))?;
    }
    if let Some(folder) = &options.ca_path {
        let entries = std::fs::read_dir(folder)
            .with_context(|| format!("cannot read the authorities in `{}`", folder.display()))?;
        for entry in entries.flatten() {
            // Such folders hold revocation lists and notes, too.
            store.add_parsable_certificates(certificates(&entry.path()).unwrap_or_default());
        }
        if store.is_empty() {
            bail!(
                "expected authorities in `{}`, but found none",
                folder.display()
            );
        }
    }
    if options.ca_file.is_none() && options.ca_path.is_none() {
        let named = std::env::var("SSL_CERT_FILE").ok();
        // A bundle of a hundred and more has the odd certificate that rustls does not read.
        store.add_parsable_certificates(certificates(&system_bundle(named.as_deref())?)?);
    }
    Ok(store)
}

/// The file of the authorities that the system trusts: the one that `SSL_CERT_FILE` names, else the distribution's.
pub(super) fn system_bundle(named: Option<&str>) -> Result<PathBuf> {
    if let Some(file) = named.filter(|file| !file.is_empty()) {
        return Ok(PathBuf::from(file));
    }
    BUNDLES
        .iter()
        .map(PathBuf::from)
        .find(|path| path.is_file())
        .context("expected the system's certificate bundle, but found none; name a CA file or set `SSL_CERT_FILE`")
}

/// All certificates of a file, at least one.
pub(super) fn certificates(path: &Path) -> Result<Vec<CertificateDer<'static>>> {
    let named = || format!("cannot read certificates from `{}`", path.display());
    let mut bytes = Vec::new();
    File::open(path)
        .and_then(|file| file.take(LONGEST_BUNDLE).read_to_end(&mut bytes))
        .with_context(named)?;
    let found: Result<Vec<_>, pem::Error> = CertificateDer::pem_slice_iter(&bytes).collect();
    let found = found
        .map_err(|error| anyhow::anyhow!("{error}"))
        .with_context(named)?;
    if found.is_empty() {
        bail!(
            "expected certificates (PEM) in `{}`, but found none",
            path.display()
        );
    }
    Ok(found)
}

fn private_key(path: &Path) -> Result<PrivateKeyDer<'static>> {
    let bytes =
        std::fs::read(path).with_context(|| format!("cannot read the key `{}`", path.display()))?;
    match PrivateKeyDer::from_pem_slice(&bytes) {
        Ok(key) => Ok(key),
        Err(_) if holds_encrypted_key(&bytes) => bail!(
            "the key `{0}` is encrypted, which is not supported; `openssl pkey -in {0}` writes it decrypted",
            path.display()
        ),
        Err(_) => bail!(
            "expected a private key (PEM) in `{}`, but found none",
            path.display()
        ),
    }
}

fn holds_encrypted_key(bytes: &[u8]) -> bool {
    let text = String::from_utf8_lossy(bytes);
    text.contains("BEGIN ENCRYPTED PRIVATE KEY") || text.contains("Proc-Type: 4,ENCRYPTED")
}

/// Says in one line what TLS failed at; every fault of a certificate in its own words.
pub fn explain(error: &rustls::Error) -> String {
    match error {
        rustls::Error::InvalidCertificate(fault) => explain_certificate(fault),
        rustls::Error::AlertReceived(alert) => explain_alert(*alert),
        rustls::Error::InvalidMessage(_) => "expected TLS, but found something else".to_owned(),
        rustls::Error::PeerIncompatible(_) => {
            format!("nothing in common with TLS 1.2 and 1.3: {error}")
        }
        rustls::Error::InconsistentKeys(_) => "the key is not the certificate's".to_owned(),
        // The list of faults grows with rustls; the rest is rare enough for its own words.
        other => other.to_string(),
    }
}

fn explain_certificate(fault: &CertificateError) -> String {
    match fault {
        CertificateError::ExpiredContext { time, not_after } => {
            format!("the certificate expired {} ago", span(*not_after, *time))
        }
        CertificateError::Expired => "the certificate has expired".to_owned(),
        CertificateError::NotValidYetContext { time, not_before } => {
            format!(
                "the certificate is valid only in {}",
                span(*time, *not_before)
            )
        }
        CertificateError::NotValidYet => "the certificate is not valid yet".to_owned(),
        CertificateError::UnknownIssuer => "no trusted CA has signed the certificate".to_owned(),
        CertificateError::NotValidForNameContext {
            expected,
            presented,
        } if presented.is_empty() => format!(
            "expected a certificate for `{}`, but found one without subjectAltName: OpenSSL takes the common name, we do not",
            expected.to_str()
        ),
        CertificateError::NotValidForNameContext {
            expected,
            presented,
        } => format!(
            "expected a certificate for `{}`, but found one for {}",
            expected.to_str(),
            listed(presented)
        ),
        CertificateError::NotValidForName => "the certificate is for another name".to_owned(),
        CertificateError::BadSignature => {
            "a trusted CA has the name of the one that signed the certificate, but another key"
                .to_owned()
        }
        CertificateError::BadEncoding => "the certificate cannot be read".to_owned(),
        CertificateError::Other(other) => {
            // The verifier's own error type is not rustls', so only its words can be looked at.
            let words = format!("{other:?}");
            if words.contains("UnsupportedCertVersion") {
                "expected a certificate of X.509 version 3, but found an older one, which OpenSSL takes and we do not".to_owned()
            } else if words.contains("CaUsedAsEndEntity") {
                "expected a server's certificate, but found that of a CA".to_owned()
            } else {
                format!("the certificate cannot be trusted: {other}")
            }
        }
        other => format!("the certificate cannot be trusted: {other}"),
    }
}

fn explain_alert(alert: AlertDescription) -> String {
    match alert {
        AlertDescription::CertificateRequired => "a client certificate is required".to_owned(),
        AlertDescription::BadCertificate
        | AlertDescription::CertificateUnknown
        | AlertDescription::UnsupportedCertificate
        | AlertDescription::AccessDenied => "our client certificate was rejected".to_owned(),
        AlertDescription::CertificateExpired => "our client certificate has expired".to_owned(),
        AlertDescription::CertificateRevoked => "our client certificate is revoked".to_owned(),
        AlertDescription::UnknownCA => {
            "the CA of our client certificate is unknown there".to_owned()
        }
        AlertDescription::UnrecognisedName => "the name is unknown there".to_owned(),
        AlertDescription::HandshakeFailure | AlertDescription::ProtocolVersion => {
            "nothing in common with TLS 1.2 and 1.3, or a client certificate is required".to_owned()
        }
        other => format!("the other side gave up with alert {}", u8::from(other)),
    }
}

/// The names of a certificate, the first few of them.
fn listed(names: &[String]) -> String {
    const SHOWN: usize = 3;
    // rustls shows `DnsName("a.example")` and `IpAddress(10.0.0.1)`.
    let name = |shown: &String| {
        let address = shown.strip_prefix("IpAddress(");
        let address = address.and_then(|rest| rest.strip_suffix(')'));
        let name = shown.split('"').nth(1).or(address);
        format!("`{}`", name.unwrap_or(shown))
    };
    let mut text = names
        .iter()
        .take(SHOWN)
        .map(name)
        .collect::<Vec<String>>()
        .join(", ");
    if names.len() > SHOWN {
        text.push_str(&format!(" and {} more", names.len() - SHOWN));
    }
    text
}

/// The time from one moment to the next in the largest whole unit.
fn span(from: UnixTime, to: UnixTime) -> String {
    let seconds = to.as_secs().saturating_sub(from.as_secs());
    let (count, unit) = match seconds {
        0..60 => (seconds, "second"),
        60..3600 => (seconds / 60, "minute"),
        3600..86400 => (seconds / 3600, "hour"),
        _ => (seconds / 86400, "day"),
    };
    let plural = if count == 1 { "" } else { "s" };
    format!("{count} {unit}{plural}")
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Files {
        folder: tempfile::TempDir,
    }

    impl Files {
        fn new() -> Files {
            Files {
                folder: tempfile::tempdir().unwrap(),
            }
        }

        fn write(&self, name: &str, text: &str) -> PathBuf {
            let path = self.folder.path().join(name);
            std::fs::write(&path, text).unwrap();
            path
        }
    }

    fn identity() -> (String, String) {
        let key = rcgen::KeyPair::generate().unwrap();
        let certificate = rcgen::CertificateParams::default().self_signed(&key);
        (certificate.unwrap().pem(), key.serialize_pem())
    }

    #[track_caller]
    fn fails(options: &TlsOptions, files: &Files, words: &str) {
        let error = format!("{:#}", client_config(options).unwrap_err());
        let folder = files.folder.path().display().to_string();
        assert_eq!(error.replace(&folder, "FOLDER"), words);
    }

    #[test]
    fn authorities_come_from_a_file_or_a_folder() {
        let files = Files::new();
        let (certificate, _) = identity();
        let ca_file = files.write("ca.pem", &format!("a note\n{certificate}{certificate}"));
        files.write("README", "no certificate at all");
        let of_file = TlsOptions {
            ca_file: Some(ca_file),
            ..TlsOptions::default()
        };
        let of_folder = TlsOptions {
            ca_path: Some(files.folder.path().to_owned()),
            ..TlsOptions::default()
        };
        for options in [of_file, of_folder] {
            assert!(client_config(&options).is_ok());
        }
    }

    #[test]
    fn a_file_without_what_is_wanted_is_named() {
        let files = Files::new();
        let (certificate, key) = identity();
        let (good, secret) = (
            files.write("me.pem", &certificate),
            files.write("me.key", &key),
        );
        let (_, other) = identity();
        let other = files.write("other.key", &other);
        let empty = files.write("empty", "");
        let locked = files.write(
            "locked.key",
            "-----BEGIN ENCRYPTED PRIVATE KEY-----\nAAAA\n-----END ENCRYPTED PRIVATE KEY-----\n",
        );
        let ca = |path: &Path| TlsOptions {
            ca_file: Some(path.to_owned()),
            ..TlsOptions::default()
        };
        let me = |chain: Option<&PathBuf>, key: Option<&PathBuf>| TlsOptions {
            cert_file: chain.cloned(),
            key_file: key.cloned(),
            ..ca(&good)
        };
        fails(
            &ca(&files.folder.path().join("none")),
            &files,
            "cannot read certificates from `FOLDER/none`: No such file or directory (os error 2)",
        );
        fails(
            &ca(&empty),
            &files,
            "expected certificates (PEM) in `FOLDER/empty`, but found none",
        );
        fails(
            &me(None, Some(&secret)),
            &files,
            "expected a certificate beside the key `FOLDER/me.key`, but found none",
        );
        fails(
            &me(Some(&good), None),
            &files,
            "expected a private key (PEM) in `FOLDER/me.pem`, but found none",
        );
        fails(
            &me(Some(&good), Some(&locked)),
            &files,
            "the key `FOLDER/locked.key` is encrypted, which is not supported; `openssl pkey -in FOLDER/locked.key` writes it decrypted",
        );
        fails(
            &me(Some(&good), Some(&other)),
            &files,
            "cannot use the certificate `FOLDER/me.pem` with the key `FOLDER/other.key`: the key is not the certificate's",
        );
        assert!(client_config(&me(Some(&good), Some(&secret))).is_ok());
    }

    #[test]
    fn names_of_a_certificate_are_shown_as_they_are() {
        let shown = ["DnsName(\"a.example\")", "IpAddress(10.0.0.1)", "Other"];
        let shown = shown.map(str::to_owned);
        assert_eq!(listed(&shown), "`a.example`, `10.0.0.1`, `Other`");
        let many = [&shown[..], &shown[..]].concat();
        assert_eq!(listed(&many), "`a.example`, `10.0.0.1`, `Other` and 3 more");
    }

    #[test]
    fn a_span_is_said_in_its_largest_unit() {
        let at = |seconds| UnixTime::since_unix_epoch(std::time::Duration::from_secs(seconds));
        let said = |seconds: u64| span(at(1000), at(1000 + seconds));
        assert_eq!(said(1), "1 second");
        assert_eq!(said(7200), "2 hours");
        assert_eq!(said(86400 * 3), "3 days");
        assert_eq!(span(at(9), at(1)), "0 seconds");
    }
}
