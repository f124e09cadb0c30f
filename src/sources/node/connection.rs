//! The driver: one connection to one node, every wait under the deadline.

use std::io::{self, Read, Write};

use rustls::pki_types::ServerName;
use rustls::{AlertDescription, CertificateError, ClientConnection, StreamOwned};

use super::{Stage, Target, Tls, Unseen};
use crate::deadline::Deadline;
use crate::sources::socket::{Timed, connect, io_words, look_up, tls_fault};
use crate::sources::tls::explain;
use crate::wire::login::{LoginResult, decode_login};
use crate::wire::{Answers, Decoder, Kind, Question, decode_reply, encode, encode_questions};

/// So much is read at once.
const PIECE: usize = 64 * 1024;

/// A connection that may be asked.
pub(super) struct Connection {
    address: String,
    stream: Stream,
}

enum Stream {
    Plain(Timed),
    Tls(Box<StreamOwned<ClientConnection, Timed>>),
}

impl Connection {
    /// Looks up, connects, agrees on TLS and logs in, as far as the target wants it. The second value is what is
    /// worth a word.
    pub(super) fn open(
        target: &Target,
        deadline: Deadline,
    ) -> Result<(Connection, Vec<String>), Unseen> {
        let fail = |stage, reason| Unseen {
            address: target.address(),
            stage,
            reason,
        };
        if let (Some(login), None) = (&target.login, &target.tls)
            && login.needs_tls()
        {
            let reason = format!(
                "{} may only be sent over TLS, which `--tls-enable` switches on",
                login.whom()
            );
            return Err(fail(Stage::Login, reason));
        }
        let places = look_up(&target.host, target.port, deadline)
            .map_err(|reason| fail(Stage::LookUp, reason))?;
        let stream = connect(&places, deadline).map_err(|reason| fail(Stage::Connect, reason))?;
        let timed = Timed { stream, deadline };
        let stream = match &target.tls {
            None => Stream::Plain(timed),
            Some(tls) => agree(target, tls, timed).map_err(|reason| fail(Stage::Tls, reason))?,
        };
        let mut connection = Connection {
            address: target.address(),
            stream,
        };
        let mut notes = Vec::new();
        if let Some(login) = &target.login {
            let body = connection.exchange(Stage::Login, Kind::Security, &login.message())?;
            match decode_login(&body) {
                Some(LoginResult::Accepted) => {}
                Some(result @ LoginResult::NotNeeded) => notes.push(result.to_string()),
                Some(result) => {
                    let reason = format!("{}: {result}", login.whom());
                    return Err(fail(Stage::Login, reason));
                }
                None => {
                    let reason = format!(
                        "expected an answer of at least 16 bytes, but found {}",
                        body.len()
                    );
                    return Err(fail(Stage::Login, reason));
                }
            }
        }
        Ok((connection, notes))
    }

    /// Asks questions in one message and adds what is answered.
    pub(super) fn ask(
        &mut self,
        questions: &[Question],
        answers: &mut Answers,
    ) -> Result<(), Unseen> {
        let message = encode(Kind::Info, &encode_questions(questions));
        let body = self.exchange(Stage::Asking, Kind::Info, &message)?;
        let known = answers.iter().count();
        decode_reply(questions, &body, answers)
            .map_err(|refused| self.fail(Stage::Asking, refused.to_string()))?;
        if known == 0 && answers.iter().next().is_none() {
            let reason = "answered none of the questions".to_owned();
            return Err(self.fail(Stage::Asking, reason));
        }
        Ok(())
    }

    /// Says good-bye where TLS wants it; whether it is heard does not matter any more.
    pub(super) fn close(mut self) {
        if let Stream::Tls(stream) = &mut self.stream {
            stream.conn.send_close_notify();
            let _ = stream.flush();
        }
    }

    fn exchange(&mut self, stage: Stage, kind: Kind, message: &[u8]) -> Result<Vec<u8>, Unseen> {
        self.send(message)
            .map_err(|error| self.fail_io(stage, &error, "before the question was sent"))?;
        let mut decoder = Decoder::new(kind);
        let mut piece = vec![0; PIECE];
        while decoder.missing() > 0 {
            // Never more than is missing, so a talkative peer cannot run ahead of the next question.
            let wanted = decoder.missing().min(PIECE);
            let read = match &mut self.stream {
                Stream::Plain(stream) => stream.read(&mut piece[..wanted]),
                Stream::Tls(stream) => stream.read(&mut piece[..wanted]),
            };
            let count = match read {
                Ok(0) => Err(io::ErrorKind::UnexpectedEof.into()),
                other => other,
            };
            let count = count.map_err(|error| {
                let (have, of) = decoder.progress();
                let place = match have {
                    0 => "without an answer".to_owned(),
                    _ => format!("after {have} of {of} bytes of the answer"),
                };
                self.fail_io(stage, &error, &place)
            })?;
            decoder
                .push(&piece[..count])
                .map_err(|error| self.fail(stage, error.to_string()))?;
        }
        Ok(decoder.finish().unwrap_or_default())
    }

    fn send(&mut self, message: &[u8]) -> io::Result<()> {
        match &mut self.stream {
            Stream::Plain(stream) => stream.write_all(message),
            Stream::Tls(stream) => {
                let sent = stream.write_all(message).and_then(|()| stream.flush());
                sent.map_err(|error| match stream.read(&mut [0]) {
                    // Whoever hung up has said why: in TLS 1.3 a client certificate is rejected only now.
                    Err(alert) if tls_fault(&alert).is_some() => alert,
                    Ok(_) | Err(_) => error,
                })
            }
        }
    }

    fn fail(&self, stage: Stage, reason: String) -> Unseen {
        Unseen {
            address: self.address.clone(),
            stage,
            reason,
        }
    }

    /// A TLS fault that shows only now, such as a rejected client certificate, is still one of TLS.
    fn fail_io(&self, stage: Stage, error: &io::Error, place: &str) -> Unseen {
        match tls_fault(error) {
            Some(fault) => self.fail(Stage::Tls, advise(fault)),
            None => self.fail(stage, format!("{} {place}", io_words(error))),
        }
    }
}

fn agree(target: &Target, tls: &Tls, mut timed: Timed) -> Result<Stream, String> {
    let name = tls.name.as_deref().unwrap_or(&target.host);
    let server_name = ServerName::try_from(name.to_owned())
        .map_err(|_| format!("expected a TLS name, but found `{name}`"))?;
    let mut connection =
        ClientConnection::new(tls.config.clone(), server_name).map_err(|error| explain(&error))?;
    while connection.is_handshaking() {
        connection
            .complete_io(&mut timed)
            .map_err(|error| match tls_fault(&error) {
                Some(fault) => advise(fault),
                None => match error.kind() {
                    // Aerospike's plain port resets whoever does not begin with its version.
                    io::ErrorKind::UnexpectedEof
                    | io::ErrorKind::ConnectionReset
                    | io::ErrorKind::ConnectionAborted
                    | io::ErrorKind::BrokenPipe => format!(
                        "{} during the handshake, is TLS spoken on this port?",
                        io_words(&error)
                    ),
                    _ => format!("{} during the handshake", io_words(&error)),
                },
            })?;
    }
    Ok(Stream::Tls(Box::new(StreamOwned::new(connection, timed))))
}

/// What went wrong, and the flag that may mend it.
fn advise(fault: &rustls::Error) -> String {
    let words = explain(fault);
    match fault {
        rustls::Error::InvalidCertificate(
            CertificateError::UnknownIssuer | CertificateError::BadSignature,
        ) => {
            format!("{words}, is `--tls-cafile` missing?")
        }
        rustls::Error::InvalidCertificate(CertificateError::NotValidForNameContext {
            presented,
            ..
        }) if !presented.is_empty() => format!("{words}, is `--tls-name` missing or wrong?"),
        rustls::Error::AlertReceived(AlertDescription::CertificateRequired) => {
            format!("{words}, are `--tls-certfile` and `--tls-keyfile` missing?")
        }
        rustls::Error::InvalidMessage(_) => format!("{words}, is this a TLS port?"),
        _ => words,
    }
}
