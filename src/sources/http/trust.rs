//! Whose certificates are believed over https, and why one was not. Nodes and Riemann have the same authorities and
//! the same words; what is of this place is how ureq is told, and what may mend it.

use std::path::Path;
use std::sync::Arc;

use anyhow::Result;
use rustls::{CertificateError, Error as TlsError};
use ureq::tls::{Certificate, RootCerts, TlsConfig};

use crate::sources::environment::Environment;
use crate::sources::tls;

/// TLS with ring, believing the authorities of `ca_file`, else of `SSL_CERT_FILE`, else of the system's bundle.
pub(super) fn tls_config(ca_file: Option<&Path>, environment: &Environment) -> Result<TlsConfig> {
    let bundle = match ca_file {
        Some(path) => path.to_owned(),
        None => tls::system_bundle(environment.variable("SSL_CERT_FILE"))?,
    };
    let authorities = tls::certificates(&bundle)?;
    let authorities: Vec<Certificate<'static>> = authorities
        .iter()
        .map(|der| Certificate::from_der(der).to_owned())
        .collect();
    Ok(TlsConfig::builder()
        .root_certs(RootCerts::Specific(Arc::new(authorities)))
        .unversioned_rustls_crypto_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .build())
}

/// What a failed handshake means, and what may mend it.
pub(super) fn explain(error: &TlsError) -> String {
    use CertificateError as Fault;
    let words = tls::explain(error);
    match error {
        TlsError::InvalidCertificate(Fault::UnknownIssuer | Fault::BadSignature) => {
            format!("{words}, is a CA file missing?")
        }
        TlsError::InvalidCertificate(Fault::NotValidYet | Fault::NotValidYetContext { .. }) => {
            format!("{words}, is the clock right?")
        }
        TlsError::InvalidMessage(_) => format!("{words}, is this a port of http?"),
        _ => words,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
