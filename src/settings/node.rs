//! What a node says of itself.

use crate::catalogue::{Edition, Release};
use crate::wire::Answers;

use super::pairs;

/// What a node says of itself; empty where it does not say.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Node {
    /// The node id, hexadecimal.
    pub id: String,
    /// Its build, as `8.1.2.0`.
    pub build: String,
    /// `community` or `enterprise`.
    pub edition: String,
    /// The cluster's name.
    pub cluster: String,
    /// The addresses at which it says that it is reached.
    pub addresses: Vec<String>,
    /// Seconds since it started.
    pub uptime: Option<u64>,
    /// The machine's free memory, in KiB and in whole percent.
    pub free_memory: Option<(u64, u64)>,
    /// What is worth a word: a rack that waits for `recluster:`.
    pub notes: Vec<String>,
}

/// The release of a node: of its build, else of the version that recordings have beside it.
pub fn release_of(answers: &Answers) -> Option<Release> {
    let version = answers.value("version").unwrap_or_default();
    let of_version = || Release::parse(version.rsplit_once("build ")?.1);
    Release::parse(build_of(answers)).or_else(of_version)
}

/// The edition of a node, if it says so anywhere: a community server refuses what only enterprise servers have.
pub fn edition_of(answers: &Answers) -> Option<Edition> {
    let commands = ["edition", "release", "version"];
    let said = commands.map(|command| answers.value(command).unwrap_or_default());
    let refuses = |(_, answer): (&str, &str)| {
        ["enterprise only", "enterprise-only"]
            .iter()
            .any(|words| answer.trim_end().ends_with(words))
    };
    let refused = || answers.iter().any(refuses).then_some(Edition::Community);
    Edition::parse(&said.join(" ")).or_else(refused)
}

/// The build that a node says it has, in one answer or in the other; empty where it breaks off.
fn build_of(answers: &Answers) -> &str {
    let said = |command: &str| answers.value(command).unwrap_or_default().trim();
    let is_whole = |build: &&str| Release::parse(build).is_some() && build.split('.').count() > 2;
    let of_release = || {
        let mut pairs = pairs::of(said("release"));
        let build = pairs.find(|(key, _)| matches!(*key, "version" | "build"));
        build.map(|(_, build)| build).filter(is_whole)
    };
    let build = Some(said("build")).filter(is_whole);
    build.or_else(of_release).unwrap_or_default()
}

impl Node {
    /// What a node says of itself in these answers.
    pub(super) fn of(answers: &Answers) -> Node {
        let said = |command: &str| answers.value(command).unwrap_or_default().trim();
        let statistic = |name: &str| {
            pairs::of(said("statistics"))
                .find(|(key, _)| *key == name)?
                .1
                .parse::<u64>()
                .ok()
        };
        let named = |name: &&str| !name.is_empty() && *name != "null";
        let services = [
            "service",
            "service-clear-std",
            "service-clear-alt",
            "service-tls-std",
        ];
        let listed = services
            .iter()
            .flat_map(|command| said(command).split([',', ';']));
        let mut addresses: Vec<String> = listed
            .filter_map(|address| Some(address.rsplit_once(':')?.0.to_owned()))
            .collect();
        let endpoints = pairs::of(said("endpoints")).filter(|(key, _)| key.ends_with("addresses"));
        addresses.extend(
            endpoints
                .flat_map(|(_, list)| list.split(','))
                .filter(named)
                .map(str::to_owned),
        );
        addresses.sort_unstable();
        addresses.dedup();
        Node {
            id: said("node").to_owned(),
            build: build_of(answers).to_owned(),
            edition: edition_of(answers)
                .map(|edition| edition.to_string())
                .unwrap_or_default(),
            cluster: Some(said("cluster-name"))
                .filter(named)
                .unwrap_or_default()
                .to_owned(),
            addresses,
            uptime: statistic("uptime"),
            free_memory: statistic("system_free_mem_kbytes").zip(statistic("system_free_mem_pct")),
            notes: Vec::new(),
        }
    }
}
