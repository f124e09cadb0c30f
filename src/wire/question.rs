//! What may be asked: read-only info commands and nothing else.

use std::fmt;

use super::Answers;

/// A name inside a command: a namespace, a datacenter. It holds nothing that would end the command or begin another.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Name(String);

impl Name {
    /// No name is longer than a line of aerospike.conf.
    const LONGEST: usize = 1023;

    /// A name, unless it is empty, very long, or holds white space, control characters or `;`.
    pub fn new(name: &str) -> Option<Name> {
        let fits = !name.is_empty()
            && name.len() <= Name::LONGEST
            && !name.contains(|c: char| c.is_control() || c.is_whitespace() || c == ';');
        fits.then(|| Name(name.to_owned()))
    }
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A context of `get-config` that takes no name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Section {
    /// `service`.
    Service,
    /// `network`.
    Network,
    /// `security`; empty on a community server.
    Security,
    /// `xdr`; names the datacenters.
    Xdr,
}

/// What carries the connections that an address is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Transport {
    /// Plain TCP.
    Clear,
    /// TLS.
    Tls,
}

/// Who an address is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Audience {
    /// The access-address.
    Standard,
    /// The alternate-access-address, as `--services-alternate` wants it.
    Alternate,
}

/// An info command that reads. There is no variant that could change a server, and no way to build one.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Question {
    /// `build`: the release.
    Build,
    /// `edition`.
    Edition,
    /// `release`, from 8.1.1: build, edition and more in one.
    Release,
    /// `node`: the node id.
    Node,
    /// `cluster-name`; `null` without one.
    ClusterName,
    /// `namespaces`.
    Namespaces,
    /// `statistics`: uptime, cluster_size and more.
    Statistics,
    /// `service`: the node's own addresses.
    Service,
    /// `service-clear-std` and its kin: the addresses that it advertises.
    Advertised(Transport, Audience),
    /// `endpoints`: what it listens on.
    Endpoints,
    /// `peers-clear-std` and its kin.
    Peers(Transport, Audience),
    /// `logs`: the sinks with their ids.
    Logs,
    /// `log/ID`: the levels of one sink.
    Log(u32),
    /// `get-config` of one context.
    Config(Section),
    /// `get-config` of a namespace, in the spelling that all releases know.
    NamespaceConfig(Name),
    /// `sets/NS`: every set, its configuration and its statistics.
    Sets(Name),
    /// `get-config` of a datacenter; names its namespaces.
    Datacenter(Name),
    /// `get-config` of a namespace in a datacenter.
    DatacenterNamespace(Name, Name),
    /// `racks:`: the effective racks of all namespaces.
    Racks,
    /// `rack-ids`: the node's own effective racks.
    RackIds,
}

impl fmt::Display for Question {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Question::Build => f.write_str("build"),
            Question::Edition => f.write_str("edition"),
            Question::Release => f.write_str("release"),
            Question::Node => f.write_str("node"),
            Question::ClusterName => f.write_str("cluster-name"),
            Question::Namespaces => f.write_str("namespaces"),
            Question::Statistics => f.write_str("statistics"),
            Question::Service => f.write_str("service"),
            Question::Advertised(transport, audience) => {
                write!(f, "service-{}-{}", transport.word(), audience.word())
            }
            Question::Endpoints => f.write_str("endpoints"),
            Question::Peers(transport, audience) => {
                write!(f, "peers-{}-{}", transport.word(), audience.word())
            }
            Question::Logs => f.write_str("logs"),
            Question::Log(id) => write!(f, "log/{id}"),
            Question::Config(section) => write!(f, "get-config:context={}", section.word()),
            Question::NamespaceConfig(name) => {
                write!(f, "get-config:context=namespace;id={name}")
            }
            Question::Sets(name) => write!(f, "sets/{name}"),
            Question::Datacenter(dc) => write!(f, "get-config:context=xdr;dc={dc}"),
            Question::DatacenterNamespace(dc, name) => {
                write!(f, "get-config:context=xdr;dc={dc};namespace={name}")
            }
            Question::Racks => f.write_str("racks:"),
            Question::RackIds => f.write_str("rack-ids"),
        }
    }
}

impl Section {
    const fn word(self) -> &'static str {
        match self {
            Section::Service => "service",
            Section::Network => "network",
            Section::Security => "security",
            Section::Xdr => "xdr",
        }
    }
}

impl Transport {
    const fn word(self) -> &'static str {
        match self {
            Transport::Clear => "clear",
            Transport::Tls => "tls",
        }
    }
}

impl Audience {
    const fn word(self) -> &'static str {
        match self {
            Audience::Standard => "std",
            Audience::Alternate => "alt",
        }
    }
}

/// The body of a message that asks all of them, each command ended by its newline: the last one needs it, too.
pub fn encode_questions(questions: &[Question]) -> Vec<u8> {
    let commands = questions.iter().map(|question| format!("{question}\n"));
    commands.collect::<String>().into_bytes()
}

/// What answers make one ask next: the configuration and sets of every namespace, the levels of every sink, every
/// datacenter and its namespaces, and `release` where `build` said nothing. Already answered questions are among
/// them; a name that cannot be asked for is left out.
pub fn revealed(answers: &Answers) -> Vec<Question> {
    let mut questions = Vec::new();
    let value = |command: &str| answers.value(command).unwrap_or("");
    if answers.value("build").is_err() {
        questions.push(Question::Release);
    }
    for name in value("namespaces").split(';').filter_map(Name::new) {
        questions.push(Question::NamespaceConfig(name.clone()));
        questions.push(Question::Sets(name));
    }
    for sink in value("logs").split(';') {
        // `id:path`; a path may hold colons.
        let id = sink.split_once(':').and_then(|(id, _)| id.parse().ok());
        questions.extend(id.map(Question::Log));
    }
    for dc in listed(value("get-config:context=xdr"), "dcs").filter_map(Name::new) {
        let question = Question::Datacenter(dc.clone());
        let config = value(&question.to_string());
        questions.push(question);
        for name in listed(config, "namespaces").filter_map(Name::new) {
            questions.push(Question::DatacenterNamespace(dc.clone(), name));
        }
    }
    questions
}

/// The words of `key=a,b,c` among pairs that `;` separates; `null` is none.
fn listed<'a>(pairs: &'a str, key: &str) -> impl Iterator<Item = &'a str> {
    let list = pairs
        .split(';')
        .filter_map(|pair| pair.split_once('='))
        .find(|(found, _)| *found == key)
        .map_or("", |(_, list)| list);
    list.split(',')
        .filter(|word| !word.is_empty() && *word != "null")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(text: &str) -> Name {
        Name::new(text).unwrap()
    }

    #[track_caller]
    fn case(question: Question, expected: &str) {
        assert_eq!(question.to_string(), expected);
    }

    #[test]
    fn questions_are_spelt_as_servers_of_all_releases_know_them() {
        case(
            Question::Peers(Transport::Tls, Audience::Alternate),
            "peers-tls-alt",
        );
        case(
            Question::Advertised(Transport::Clear, Audience::Standard),
            "service-clear-std",
        );
        case(Question::Log(3), "log/3");
        case(
            Question::Config(Section::Security),
            "get-config:context=security",
        );
        case(
            Question::NamespaceConfig(name("test")),
            "get-config:context=namespace;id=test",
        );
        case(Question::Sets(name("1e5")), "sets/1e5");
        case(
            Question::DatacenterNamespace(name("DC1"), name("test")),
            "get-config:context=xdr;dc=DC1;namespace=test",
        );
        case(Question::Racks, "racks:");
    }

    #[test]
    fn a_name_cannot_smuggle_in_a_second_command() {
        for text in [
            "",
            "a\nset-config:context=service",
            "a;b",
            "a b",
            "a\tb",
            "a\0",
        ] {
            assert_eq!(Name::new(text), None, "{text:?}");
        }
        assert_eq!(Name::new(&"a".repeat(1024)), None);
        assert!(Name::new("über-namespace_1").is_some());
    }

    #[test]
    fn every_command_ends_with_its_newline() {
        assert_eq!(
            encode_questions(&[Question::Build, Question::Log(0)]),
            b"build\nlog/0\n"
        );
    }

    #[test]
    fn answers_reveal_namespaces_sinks_and_datacenters() {
        let mut answers = Answers::default();
        answers.insert("build", "8.1.2.0");
        answers.insert("namespaces", "test;123");
        answers.insert("logs", "0:/var/log/a:b.log;1:stderr;x:y");
        answers.insert("get-config:context=xdr", "dcs=DC1,DC2;src-id=0");
        answers.insert(
            "get-config:context=xdr;dc=DC1",
            "auth-user=null;namespaces=test",
        );
        answers.insert("get-config:context=xdr;dc=DC2", "namespaces=null");
        let commands: Vec<String> = revealed(&answers).iter().map(Question::to_string).collect();
        assert_eq!(
            commands,
            [
                "get-config:context=namespace;id=test",
                "sets/test",
                "get-config:context=namespace;id=123",
                "sets/123",
                "log/0",
                "log/1",
                "get-config:context=xdr;dc=DC1",
                "get-config:context=xdr;dc=DC1;namespace=test",
                "get-config:context=xdr;dc=DC2",
            ]
        );
    }

    #[test]
    fn errors_reveal_nothing_but_the_newer_spelling_of_build() {
        let mut answers = Answers::default();
        answers.insert("namespaces", "ERROR:4:unrecognized command");
        assert_eq!(revealed(&answers), [Question::Release]);
    }
}
