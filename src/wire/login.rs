//! Login, byte by byte as the vendor's clients do it.
//!
//! ```text
//! message = header(security) 0 0 command fields 12×0 *field         command 20 = LOGIN; fields = how many follow
//! field   = length:u32 id data                                     the length counts the id
//! answer  = header(security) 0 result 0 fields 12×0 *field
//! ```
//! The connection that carried an accepted login is authenticated: AUTHENTICATE with the token of the answer would
//! serve further connections to the same node, and one connection is all that is ever opened.

use std::fmt;

use nom::bytes::complete::take;
use nom::number::complete::u8;
use nom::{IResult, Parser};

use super::{Kind, encode};

const LOGIN: u8 = 20;
const FIELD_USER: u8 = 0;
const FIELD_CREDENTIAL: u8 = 3;
const FIELD_CLEAR_PASSWORD: u8 = 4;

/// The body's fixed part.
const FIXED: usize = 16;

/// `7EqJtq98hPqEX7fNZaFWoO` in bcrypt's base64: the salt of every password of every cluster.
const SALT: [u8; 16] = [
    0xf4, 0x6b, 0x0b, 0xbe, 0xcf, 0xfe, 0x8d, 0x1b, 0x06, 0x67, 0xd8, 0x4f, 0x6d, 0xc1, 0xd8, 0xa9,
];

/// Who logs in, and with what.
#[derive(Clone, Copy)]
pub enum Credentials<'a> {
    /// The server itself knows the user and the hash of the password.
    Internal {
        /// The user's name.
        user: &'a str,
        /// What [`hash_password`] made of the password.
        hash: &'a str,
    },
    /// An LDAP server knows the user; the password goes over the wire in clear.
    External {
        /// The user's name.
        user: &'a str,
        /// What [`hash_password`] made of the password.
        hash: &'a str,
        /// The password.
        clear: &'a str,
    },
    /// The client certificate of the TLS connection says who it is.
    Pki,
}

/// The message that logs in.
pub fn encode_login(credentials: Credentials<'_>) -> Vec<u8> {
    let fields = match credentials {
        Credentials::Internal { user, hash } => {
            vec![(FIELD_USER, user), (FIELD_CREDENTIAL, hash)]
        }
        Credentials::External { user, hash, clear } => vec![
            (FIELD_USER, user),
            (FIELD_CREDENTIAL, hash),
            (FIELD_CLEAR_PASSWORD, clear),
        ],
        Credentials::Pki => Vec::new(),
    };
    let mut body = vec![0; FIXED];
    body[2] = LOGIN;
    body[3] = fields.len() as u8;
    for (id, data) in fields {
        let length = u32::try_from(data.len() + 1).unwrap_or(u32::MAX);
        body.extend_from_slice(&length.to_be_bytes());
        body.push(id);
        body.extend_from_slice(data.as_bytes());
    }
    encode(Kind::Security, &body)
}

/// What the server stores instead of a password: bcrypt with a salt that is the same everywhere. It takes some 60 ms.
pub fn hash_password(clear: &str) -> String {
    // The cost is a fixed one that bcrypt allows, so there is always a hash.
    bcrypt::hash_with_salt(clear, 10, SALT)
        .map(|parts| parts.format_for_version(bcrypt::Version::TwoA))
        .unwrap_or_default()
}

/// What became of a login, by the result codes of the vendor's clients.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LoginResult {
    /// Code 0.
    Accepted,
    /// Codes 51 and 52: security is off, so everybody is welcome; the credentials were not needed.
    NotNeeded,
    /// Code 60.
    UnknownUser,
    /// Codes 61 and 62.
    WrongPassword(u8),
    /// Code 63.
    ExpiredPassword,
    /// Code 64: the default password has to be changed first.
    ForbiddenPassword,
    /// Code 65.
    WrongCredential,
    /// Code 66.
    ExpiredSession,
    /// Code 80.
    NotAuthenticated,
    /// Code 81.
    RoleViolation,
    /// Code 82.
    AddressNotAllowed,
    /// Codes 90 to 94: of the LDAP server that should know the user.
    Ldap(u8),
    /// Any other code.
    Other(u8),
}

impl LoginResult {
    /// Tells the codes apart.
    pub fn of(code: u8) -> LoginResult {
        match code {
            0 => LoginResult::Accepted,
            51 | 52 => LoginResult::NotNeeded,
            60 => LoginResult::UnknownUser,
            61 | 62 => LoginResult::WrongPassword(code),
            63 => LoginResult::ExpiredPassword,
            64 => LoginResult::ForbiddenPassword,
            65 => LoginResult::WrongCredential,
            66 => LoginResult::ExpiredSession,
            80 => LoginResult::NotAuthenticated,
            81 => LoginResult::RoleViolation,
            82 => LoginResult::AddressNotAllowed,
            90..=94 => LoginResult::Ldap(code),
            _ => LoginResult::Other(code),
        }
    }
}

impl fmt::Display for LoginResult {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            LoginResult::Accepted => f.write_str("the login was accepted"),
            LoginResult::NotNeeded => {
                f.write_str("security is off, the credentials were not needed")
            }
            LoginResult::UnknownUser => f.write_str("the user is unknown (60)"),
            LoginResult::WrongPassword(code) => write!(f, "the password is wrong ({code})"),
            LoginResult::ExpiredPassword => f.write_str("the password has expired (63)"),
            LoginResult::ForbiddenPassword => {
                f.write_str("the password is forbidden and has to be changed first (64)")
            }
            LoginResult::WrongCredential => f.write_str("the user or the password is wrong (65)"),
            LoginResult::ExpiredSession => f.write_str("the session has expired (66)"),
            LoginResult::NotAuthenticated => f.write_str("the node does not know who asks (80)"),
            LoginResult::RoleViolation => f.write_str("the user's role does not allow it (81)"),
            LoginResult::AddressNotAllowed => {
                f.write_str("the user may not come from this address (82)")
            }
            LoginResult::Ldap(90) => f.write_str("LDAP is not enabled on the node (90)"),
            LoginResult::Ldap(91) => f.write_str("the node's LDAP setup is wrong (91)"),
            LoginResult::Ldap(92) => f.write_str("the node's LDAP TLS setup is wrong (92)"),
            LoginResult::Ldap(93) => {
                f.write_str("the LDAP server rejected the user or the password (93)")
            }
            LoginResult::Ldap(code) => write!(f, "the node could not ask its LDAP server ({code})"),
            LoginResult::Other(code) => write!(f, "the node rejected the login ({code})"),
        }
    }
}

/// Reads the body of the answer; `None` when it is too short to hold a result. The session token and its time to
/// live, which may follow, are of no use here.
pub fn decode_login(body: &[u8]) -> Option<LoginResult> {
    let (_, (_, code, _)) = fixed(body).ok()?;
    Some(LoginResult::of(code))
}

fn fixed(body: &[u8]) -> IResult<&[u8], (u8, u8, &[u8])> {
    (u8, u8, take(FIXED - 2)).parse(body)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Bytes from hexadecimal digits, for reading a test beside the facts.
    fn hex(digits: &str) -> Vec<u8> {
        let digits: Vec<u8> = digits.bytes().filter(|byte| *byte != b' ').collect();
        let pairs = digits
            .chunks(2)
            .map(|pair| std::str::from_utf8(pair).unwrap());
        pairs
            .map(|pair| u8::from_str_radix(pair, 16).unwrap())
            .collect()
    }

    const HASH_OF_X: &str = "$2a$10$7EqJtq98hPqEX7fNZaFWoOl/OaAHV3bhcb1xfHyphKLaLJ4Ac02Xi";

    #[track_caller]
    fn hashed(password: &str, tail: &str) {
        assert_eq!(
            hash_password(password),
            format!("$2a$10$7EqJtq98hPqEX7fNZaFWo{tail}")
        );
    }

    #[test]
    fn passwords_are_hashed_as_the_clients_do() {
        hashed("x", "Ol/OaAHV3bhcb1xfHyphKLaLJ4Ac02Xi");
        hashed("", "OLCkFexA7A9eoJ0Ew.mTDdk.E60D.9zS");
        hashed("password", "OqUH6KN8IKy3Yk5Kz..RHGKNAUCoP/LG");
        hashed("aerospike", "Og3vLO9BrDMi.IgzR5fG6wXhnUUDTrIG");
    }

    #[test]
    fn an_internal_login_is_the_known_message() {
        let mut expected = hex("0202000000000059 00001402 00000000 0000000000000000");
        expected.extend(hex("00000004 00 6a6f65 0000003d 03"));
        expected.extend_from_slice(HASH_OF_X.as_bytes());
        let message = encode_login(Credentials::Internal {
            user: "joe",
            hash: HASH_OF_X,
        });
        assert_eq!(message, expected);
    }

    #[test]
    fn an_external_login_adds_the_clear_password() {
        let mut expected = hex("020200000000005f 00001403 00000000 0000000000000000");
        expected.extend(hex("00000004 00 6a6f65 0000003d 03"));
        expected.extend_from_slice(HASH_OF_X.as_bytes());
        expected.extend(hex("00000002 04 78"));
        let message = encode_login(Credentials::External {
            user: "joe",
            hash: HASH_OF_X,
            clear: "x",
        });
        assert_eq!(message, expected);
    }

    #[test]
    fn a_pki_login_says_nothing_the_certificate_does() {
        assert_eq!(
            encode_login(Credentials::Pki),
            hex("0202000000000010 00001400 000000000000000000000000")
        );
    }

    #[test]
    fn a_refusal_is_said_with_the_code_that_was_answered() {
        #[track_caller]
        fn case(code: u8, expected: &str) {
            assert_eq!(LoginResult::of(code).to_string(), expected);
        }
        case(60, "the user is unknown (60)");
        case(61, "the password is wrong (61)");
        case(62, "the password is wrong (62)");
        case(92, "the node's LDAP TLS setup is wrong (92)");
        case(94, "the node could not ask its LDAP server (94)");
        case(200, "the node rejected the login (200)");
    }

    #[test]
    fn the_result_is_the_second_byte_of_the_answer() {
        let answer = |code: u8| {
            let mut body = [0; 16];
            body[1] = code;
            decode_login(&body)
        };
        assert_eq!(answer(0), Some(LoginResult::Accepted));
        assert_eq!(answer(51), Some(LoginResult::NotNeeded));
        assert_eq!(answer(52), Some(LoginResult::NotNeeded));
        assert_eq!(answer(60), Some(LoginResult::UnknownUser));
        assert_eq!(answer(61), Some(LoginResult::WrongPassword(61)));
        assert_eq!(answer(62), Some(LoginResult::WrongPassword(62)));
        assert_eq!(answer(81), Some(LoginResult::RoleViolation));
        assert_eq!(answer(94), Some(LoginResult::Ldap(94)));
        assert_eq!(answer(200), Some(LoginResult::Other(200)));
        assert_eq!(decode_login(&[0; 15]), None);
    }
}
