//! Whether what a file or a server gave is a configuration, or what else it is.

use std::fmt;

use crate::bytes::find;
use crate::sources::printable;

/// No aerospike.conf is longer: 1 MiB.
pub const LONGEST_CONFIGURATION: u64 = 1024 * 1024;

/// What was sent in the place of a configuration. It prints as what stands after "… answered 200 ".
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Stranger {
    /// Nothing, or nothing but white space.
    Empty,
    /// A page that asks for a password.
    SignInPage,
    /// Any other page.
    Html,
    /// XML, as storage services answer errors.
    Xml,
    /// JSON; its message where it has one.
    Json(Option<String>),
    /// The pointer that Git keeps in the place of a file in large file storage.
    LfsPointer,
    /// Bytes of which no text is made, with a word for what they look like.
    Binary(&'static str),
    /// More than 1 MiB.
    TooLong,
    /// Text without any section of aerospike.conf.
    OtherText,
}

impl fmt::Display for Stranger {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Stranger::Empty => f.write_str("with nothing"),
            Stranger::SignInPage => f.write_str("with a sign-in page, is the token missing?"),
            Stranger::Html => f.write_str("with an HTML page, is the token missing?"),
            Stranger::Xml => f.write_str("with an XML document, expected an aerospike.conf"),
            Stranger::Json(None) => f.write_str("with JSON, expected an aerospike.conf"),
            Stranger::Json(Some(message)) => {
                write!(f, "with JSON that says `{}`", printable(message))
            }
            Stranger::LfsPointer => {
                f.write_str("with a Git LFS pointer, the file itself is kept in large file storage")
            }
            Stranger::Binary(kind) => write!(f, "with {kind}, expected an aerospike.conf"),
            Stranger::TooLong => f.write_str("with more than 1 MiB, which is no aerospike.conf"),
            Stranger::OtherText => f.write_str(
                "with text that has none of the sections of an aerospike.conf (`service`, `network`, `namespace` …)",
            ),
        }
    }
}

impl std::error::Error for Stranger {}

/// Tells a configuration (or a template of one) from everything that servers send in its place.
///
/// `content_type` is the header of that name; it plays a part only where the bytes alone leave a doubt.
pub fn classify(bytes: &[u8], content_type: Option<&str>) -> Result<(), Stranger> {
    if bytes.len() as u64 > LONGEST_CONFIGURATION {
        return Err(Stranger::TooLong);
    }
    if let Some(kind) = binary(bytes) {
        return Err(Stranger::Binary(kind));
    }
    let text = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let text = text.trim_ascii();
    if text.is_empty() {
        return Err(Stranger::Empty);
    }
    if text.starts_with(b"version https://git-lfs.github.com/spec/") {
        return Err(Stranger::LfsPointer);
    }
    let media = content_type
        .and_then(|header| header.split(';').next())
        .unwrap_or_default()
        .trim()
        .to_ascii_lowercase();
    if let Some(stranger) = page(text, &media).or_else(|| json(text, &media)) {
        return Err(stranger);
    }
    if !has_section(text) {
        return Err(Stranger::OtherText);
    }
    Ok(())
}

/// The message of a JSON error, as GitLab and most others write it: `message`, `error_description` or `error`.
pub fn json_message(bytes: &[u8]) -> Option<String> {
    let value: serde_json::Value = serde_json::from_slice(bytes).ok()?;
    ["message", "error_description", "error"]
        .iter()
        .find_map(|name| value.get(name)?.as_str().map(str::to_owned))
}

fn binary(bytes: &[u8]) -> Option<&'static str> {
    match bytes {
        [0x1f, 0x8b, ..] => Some("a gzip archive"),
        [b'P', b'K', 3, 4, ..] => Some("a zip archive"),
        [0x28, 0xb5, 0x2f, 0xfd, ..] => Some("a zstd archive"),
        [0xff, 0xfe, ..] | [0xfe, 0xff, ..] => Some("UTF-16 text"),
        _ => bytes.contains(&0).then_some("binary data"),
    }
}

fn page(text: &[u8], media: &str) -> Option<Stranger> {
    let head: Vec<u8> = text[..text.len().min(4096)].to_ascii_lowercase();
    let mut start = head.as_slice();
    while let Some(comment) = start.strip_prefix(b"<!--") {
        start = find(comment, b"-->")
            .map_or(&[][..], |at| &comment[at + 3..])
            .trim_ascii_start();
    }
    let begins = |tag: &[u8]| start.starts_with(tag);
    let html = begins(b"<!doctype html")
        || begins(b"<html")
        || begins(b"<head")
        || begins(b"<body")
        || (begins(b"<?xml") && find(&head, b"<html").is_some())
        || (matches!(media, "text/html" | "application/xhtml+xml")
            && begins(b"<")
            && !begins(b"<%"));
    if html {
        let whole = text.to_ascii_lowercase();
        let asks = [
            &b"/users/sign_in"[..],
            b"user[password]",
            b"type=\"password\"",
        ]
        .iter()
        .any(|sign| find(&whole, sign).is_some());
        return Some(if asks {
            Stranger::SignInPage
        } else {
            Stranger::Html
        });
    }
    begins(b"<?xml").then_some(Stranger::Xml)
}

fn json(text: &[u8], media: &str) -> Option<Stranger> {
    let could_be = matches!(text.first(), Some(b'{' | b'[' | b'"'));
    let is = serde_json::from_slice::<serde::de::IgnoredAny>(text).is_ok();
    let is_cut = media == "application/json" || media.ends_with("+json");
    (could_be && (is || is_cut)).then(|| Stranger::Json(json_message(text)))
}

/// Whether any line begins as a section of the top level does, or tags of a template may stand for one.
pub fn has_section(text: &[u8]) -> bool {
    let mut lines = text.split(|&byte| byte == b'\n');
    lines.any(begins_section)
        || [&b"{%"[..], b"{{", b"<%", b"${"]
            .iter()
            .any(|tag| find(text, tag).is_some())
}

fn begins_section(line: &[u8]) -> bool {
    let line = line.trim_ascii_start();
    let end = line
        .iter()
        .position(|byte| byte.is_ascii_whitespace() || *byte == b'{')
        .unwrap_or(line.len());
    matches!(
        &line[..end],
        b"service"
            | b"network"
            | b"namespace"
            | b"logging"
            | b"security"
            | b"xdr"
            | b"mod-lua"
            | b"cluster"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn case(bytes: &[u8], content_type: &str, expected: Result<(), Stranger>) {
        assert_eq!(classify(bytes, Some(content_type)), expected);
    }

    #[test]
    fn a_configuration_is_one_whatever_the_header_says() {
        case(b"service {\n}\n", "text/html", Ok(()));
        case(b"# x\r\n\tnamespace test{\n}", "application/json", Ok(()));
        case(b"{{ macro() }}\nnetwork {\n}", "text/plain", Ok(()));
        case(b"{% include 'x' %}", "text/plain", Ok(()));
        case(b"<% x %>\nservice {\n}\n", "text/html", Ok(()));
        case(b"\xef\xbb\xbfservice {\n}", "", Ok(()));
        case(b"service {\n# \xff\n}", "", Ok(()));
    }

    #[test]
    fn pages_are_named() {
        case(b"<!DOCTYPE html>\n<html>", "text/html", Err(Stranger::Html));
        case(b"  <!-- x -->\n<HTML>", "text/plain", Err(Stranger::Html));
        case(
            b"<p>gone</p>",
            "text/html; charset=utf-8",
            Err(Stranger::Html),
        );
        case(
            b"<html><form action=\"/users/sign_in\">",
            "text/html",
            Err(Stranger::SignInPage),
        );
        case(b"<?xml version='1.0'?><Error/>", "", Err(Stranger::Xml));
    }

    #[test]
    fn what_else_servers_send_is_named() {
        case(b" \n", "", Err(Stranger::Empty));
        case(b"", "", Err(Stranger::Empty));
        case(
            br#"{"message":"404 Project Not Found"}"#,
            "application/json",
            Err(Stranger::Json(Some("404 Project Not Found".into()))),
        );
        case(b"[1, 2]", "", Err(Stranger::Json(None)));
        case(
            b"version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 9\n",
            "text/plain",
            Err(Stranger::LfsPointer),
        );
        case(b"\x1f\x8b\x08", "", Err(Stranger::Binary("a gzip archive")));
        case(b"service\0", "", Err(Stranger::Binary("binary data")));
        case(b"not found\n", "text/plain", Err(Stranger::OtherText));
        let long = vec![b'#'; 1024 * 1024 + 1];
        case(&long, "", Err(Stranger::TooLong));
    }

    #[test]
    fn a_message_of_json_cannot_break_the_line() {
        let stranger = Stranger::Json(Some("a\nb\u{1b}[31m`".into()));
        assert!(!stranger.to_string().contains(['\n', '\u{1b}']));
    }

    proptest::proptest! {
        #[test]
        fn any_bytes_are_something(bytes in proptest::collection::vec(proptest::prelude::any::<u8>(), 0..200)) {
            let _ = classify(&bytes, None);
            let _ = classify(&bytes, Some("text/html"));
        }
    }
}
