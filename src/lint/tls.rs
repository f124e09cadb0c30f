//! A port with TLS needs a `tls-name` that one of the `tls` sections has.

use super::message::quote;
use super::names::is_template;
use super::state::{Service, State};
use super::{Code, Found, Place};

/// What a `tls-name` or the name of a section stands for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Name<'src> {
    Is(&'src [u8]),
    /// Only the machine or whoever renders the template knows.
    Unknown,
    /// The name of a cluster that has none.
    Nothing,
}

/// Checks the `tls-name` of a service that listens with TLS, and whom it lets in.
pub(super) fn link(state: &State<'_>, service: &Service<'_>, section: &str, found: &mut Found) {
    if !service.port {
        return;
    }
    let Some((word, line)) = service.name else {
        let text =
            format!("`tls-name` in `network.{section}` is missing, which its `tls-port` needs");
        found.add(Code::MissingPart, Place::File, text);
        return;
    };
    let cluster = state.cluster_name;
    let name = resolve(word, cluster);
    let is_linked = state.tls_sections.iter().any(|of| {
        let of = resolve(of, cluster);
        of == name || of == Name::Unknown || name == Name::Unknown
    });
    if name == Name::Nothing {
        let text = "`tls-name <cluster-name>` needs a `cluster-name` in `service`".to_owned();
        found.add(Code::Conflict, Place::About(line), text);
    } else if !is_linked {
        let text = format!(
            "`tls-name` in `network.{section}`: there is no section `tls` {}",
            quote(word)
        );
        found.add(Code::Conflict, Place::About(line), text);
    }
    let stands_alone = |(word, _): &&(&[u8], u32)| matches!(*word, b"any" | b"false");
    if service.peers.len() > 1
        && let Some((word, line)) = service.peers.iter().find(stands_alone)
    {
        let text = format!(
            "`tls-authenticate-client` {} excludes all others",
            quote(word)
        );
        found.add(Code::Conflict, Place::About(*line), text);
    }
}

fn resolve<'src>(word: &'src [u8], cluster: Option<&'src [u8]>) -> Name<'src> {
    match word {
        b"<hostname>" => Name::Unknown,
        b"<cluster-name>" => cluster.map_or(Name::Nothing, Name::Is),
        _ if is_template(word) => Name::Unknown,
        _ => Name::Is(word),
    }
}
