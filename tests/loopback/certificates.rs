//! Certificates made in the test that uses them.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use rcgen::{
    BasicConstraints, CertificateParams, CertifiedIssuer, DnType, ExtendedKeyUsagePurpose, IsCa,
    KeyPair, date_time_ymd,
};
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::server::WebPkiClientVerifier;
use rustls::sign::{CertifiedKey, SingleCertAndKey};
use rustls::{RootCertStore, ServerConfig};

/// An authority, and a folder for what has to be a file.
pub struct Authority {
    issuer: CertifiedIssuer<'static, KeyPair>,
    folder: tempfile::TempDir,
}

/// A certificate with its key.
pub struct Identity {
    chain: Vec<CertificateDer<'static>>,
    key: KeyPair,
    pem: String,
}

/// What is wrong with a certificate, if anything.
#[derive(Clone, Copy, PartialEq)]
pub enum Blemish {
    None,
    /// Its time was in 2020.
    Expired,
    /// Its time will be in 2090.
    Early,
    /// It has a common name and no subjectAltName.
    Nameless,
}

impl Authority {
    /// An authority that calls itself so.
    pub fn named(name: &str) -> Authority {
        let mut params = CertificateParams::default();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.distinguished_name.push(DnType::CommonName, name);
        let issuer = CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap();
        Authority {
            issuer,
            folder: tempfile::tempdir().unwrap(),
        }
    }

    /// Its own certificate as a file.
    pub fn file(&self) -> PathBuf {
        self.write("ca.pem", &self.issuer.pem())
    }

    /// The folder that holds what was written so far.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    pub fn write(&self, name: &str, text: &str) -> PathBuf {
        let path = self.folder.path().join(name);
        std::fs::write(&path, text).unwrap();
        path
    }

    /// Signs a certificate for a name.
    pub fn sign(&self, name: &str, blemish: Blemish) -> Identity {
        let names = match blemish {
            Blemish::Nameless => Vec::new(),
            Blemish::None | Blemish::Expired | Blemish::Early => vec![name.to_owned()],
        };
        let mut params = CertificateParams::new(names).unwrap();
        params.distinguished_name.push(DnType::CommonName, name);
        params.extended_key_usages = vec![
            ExtendedKeyUsagePurpose::ServerAuth,
            ExtendedKeyUsagePurpose::ClientAuth,
        ];
        if blemish == Blemish::Expired {
            params.not_before = date_time_ymd(2020, 1, 1);
            params.not_after = date_time_ymd(2020, 12, 31);
        }
        if blemish == Blemish::Early {
            params.not_before = date_time_ymd(2090, 1, 1);
            params.not_after = date_time_ymd(2090, 12, 31);
        }
        let key = KeyPair::generate().unwrap();
        let certificate = params.signed_by(&key, &self.issuer).unwrap();
        Identity {
            chain: vec![certificate.der().clone()],
            key,
            pem: certificate.pem(),
        }
    }

    /// A server that shows this identity to everybody.
    pub fn server(&self, identity: &Identity) -> Arc<ServerConfig> {
        let builder = ServerConfig::builder_with_provider(provider())
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth();
        let key = PrivateKeyDer::try_from(identity.key.serialize_der()).unwrap();
        let key = provider().key_provider.load_private_key(key).unwrap();
        // Made by hand, for rustls would not take a damaged certificate.
        let shown = CertifiedKey::new(identity.chain.clone(), key);
        Arc::new(builder.with_cert_resolver(Arc::new(SingleCertAndKey::from(shown))))
    }

    /// A server that wants a client certificate of this authority.
    pub fn mutual_server(&self, identity: &Identity) -> Arc<ServerConfig> {
        let mut roots = RootCertStore::empty();
        roots.add(self.issuer.der().clone()).unwrap();
        let verifier = WebPkiClientVerifier::builder_with_provider(Arc::new(roots), provider());
        let builder = ServerConfig::builder_with_provider(provider())
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_client_cert_verifier(verifier.build().unwrap());
        let key = PrivateKeyDer::try_from(identity.key.serialize_der()).unwrap();
        Arc::new(
            builder
                .with_single_cert(identity.chain.clone(), key)
                .unwrap(),
        )
    }
}

impl Identity {
    /// The same certificate as X.509 v1 had them: without the field of the version and without extensions. The
    /// signature no longer fits, which nobody comes to look at.
    pub fn of_the_first_version(self) -> Identity {
        let (whole, _) = element(&self.chain[0]);
        let (to_be_signed, signature) = element(whole);
        let mut fields = Vec::new();
        let mut rest = to_be_signed;
        while !rest.is_empty() {
            let (_, after) = element(rest);
            let field = &rest[..rest.len() - after.len()];
            // [0] is the version, [3] the extensions.
            if !matches!(field[0], 0xa0 | 0xa3) {
                fields.extend_from_slice(field);
            }
            rest = after;
        }
        let mut body = sequence(&fields);
        body.extend_from_slice(signature);
        Identity {
            chain: vec![CertificateDer::from(sequence(&body))],
            ..self
        }
    }

    pub fn certificate_pem(&self) -> &str {
        &self.pem
    }

    pub fn key_pem(&self) -> String {
        self.key.serialize_pem()
    }
}

fn provider() -> Arc<rustls::crypto::CryptoProvider> {
    Arc::new(rustls::crypto::ring::default_provider())
}

/// A DER element: its content, and what follows it.
fn element(der: &[u8]) -> (&[u8], &[u8]) {
    let (start, length) = match der[1] {
        0x81 => (3, usize::from(der[2])),
        0x82 => (4, usize::from(der[2]) << 8 | usize::from(der[3])),
        short => (2, usize::from(short)),
    };
    der[start..].split_at(length)
}

/// A DER sequence of up to 65535 bytes.
fn sequence(content: &[u8]) -> Vec<u8> {
    let mut der = match content.len() {
        short @ 0..128 => vec![0x30, short as u8],
        middle @ 128..256 => vec![0x30, 0x81, middle as u8],
        long => vec![0x30, 0x82, (long >> 8) as u8, long as u8],
    };
    der.extend_from_slice(content);
    der
}
