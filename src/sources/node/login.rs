//! Who asks.

use std::fmt;
use std::str::FromStr;
use std::sync::{Arc, OnceLock};

use crate::sources::secret::Secret;
use crate::wire::login::{Credentials, encode_login, hash_password};

/// How a user is known, as `--auth` spells it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Auth {
    /// The server knows the user.
    #[default]
    Internal,
    /// LDAP knows the user. The password goes over the wire in clear, so only over TLS.
    External,
    /// The same without TLS.
    ExternalInsecure,
    /// The client certificate is the user.
    Pki,
}

impl FromStr for Auth {
    type Err = String;

    /// Reads the flag's words and the upper-case ones of astools.conf (`EXTERNAL_INSECURE`).
    fn from_str(text: &str) -> Result<Auth, String> {
        match text.to_ascii_lowercase().replace('_', "-").as_str() {
            "internal" => Ok(Auth::Internal),
            "external" => Ok(Auth::External),
            "external-insecure" => Ok(Auth::ExternalInsecure),
            "pki" => Ok(Auth::Pki),
            _ => Err(format!(
                "expected `internal`, `external`, `external-insecure` or `pki`, but found `{text}`"
            )),
        }
    }
}

impl fmt::Display for Auth {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Auth::Internal => "internal",
            Auth::External => "external",
            Auth::ExternalInsecure => "external-insecure",
            Auth::Pki => "pki",
        })
    }
}

/// A user with what proves it. The password's hash is worked out once for all connections that share the login.
#[derive(Clone, Debug)]
pub struct Login {
    proof: Proof,
}

#[derive(Clone, Debug)]
enum Proof {
    Password {
        user: String,
        password: Secret,
        hash: Arc<OnceLock<Secret>>,
        place: Place,
    },
    Certificate,
}

/// Who knows the password.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    Server,
    LdapOverTls,
    Ldap,
}

impl Login {
    /// A user with a password; with [`Auth::Pki`] both are ignored, for the certificate says it all.
    pub fn new(auth: Auth, user: impl Into<String>, password: Secret) -> Login {
        let place = match auth {
            Auth::Internal => Place::Server,
            Auth::External => Place::LdapOverTls,
            Auth::ExternalInsecure => Place::Ldap,
            Auth::Pki => return Login::pki(),
        };
        Login {
            proof: Proof::Password {
                user: user.into(),
                password,
                hash: Arc::new(OnceLock::new()),
                place,
            },
        }
    }

    /// The client certificate of the TLS connection.
    pub fn pki() -> Login {
        Login {
            proof: Proof::Certificate,
        }
    }

    /// Whether it may only be sent over TLS.
    pub fn needs_tls(&self) -> bool {
        match &self.proof {
            Proof::Password { place, .. } => *place == Place::LdapOverTls,
            Proof::Certificate => true,
        }
    }

    /// Who it is, for a message.
    pub fn whom(&self) -> String {
        match &self.proof {
            Proof::Password { user, .. } => format!("user `{user}`"),
            Proof::Certificate => "the client certificate".to_owned(),
        }
    }

    /// The bytes that log in. The first call with a password takes some 60 ms.
    pub(super) fn message(&self) -> Vec<u8> {
        let Proof::Password {
            user,
            password,
            hash,
            place,
        } = &self.proof
        else {
            return encode_login(Credentials::Pki);
        };
        let hash = hash
            .get_or_init(|| Secret::new(hash_password(password.expose())))
            .expose();
        encode_login(match place {
            Place::Server => Credentials::Internal { user, hash },
            Place::LdapOverTls | Place::Ldap => Credentials::External {
                user,
                hash,
                clear: password.expose(),
            },
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn auth_is_read_as_flags_and_astools_spell_it() {
        assert_eq!("internal".parse(), Ok(Auth::Internal));
        assert_eq!("EXTERNAL".parse(), Ok(Auth::External));
        assert_eq!("EXTERNAL_INSECURE".parse(), Ok(Auth::ExternalInsecure));
        assert_eq!("pki".parse(), Ok(Auth::Pki));
        assert!(
            "kerberos"
                .parse::<Auth>()
                .unwrap_err()
                .contains("`kerberos`")
        );
    }

    #[test]
    fn a_login_never_prints_its_password_or_hash() {
        let login = Login::new(Auth::Internal, "joe", Secret::new("swordfish"));
        let message = login.message();
        assert!(message.windows(4).any(|bytes| bytes == b"$2a$"));
        let shown = format!("{login:?}");
        assert!(
            !shown.contains("swordfish") && !shown.contains("$2a$"),
            "{shown}"
        );
    }

    #[test]
    fn a_clear_password_is_for_tls_only_unless_that_is_meant() {
        let login = |auth| Login::new(auth, "joe", Secret::new("x"));
        assert!(!login(Auth::Internal).needs_tls());
        assert!(login(Auth::External).needs_tls());
        assert!(!login(Auth::ExternalInsecure).needs_tls());
        assert!(login(Auth::Pki).needs_tls());
    }
}
