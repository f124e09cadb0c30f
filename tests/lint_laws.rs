//! Laws of linting: any bytes at all are judged, quickly.

use ascad::catalogue::{Edition, Release};
use ascad::lint;
use ascad::report::lint_text::{Dye, LintText};
use ascad::report::linted::Linted;
use ascad::report::text::Detail;
use proptest::prelude::*;

fn releases() -> impl Strategy<Value = Release> {
    prop::sample::select(vec![
        "5.0", "5.7", "6.4", "7.0", "7.2", "8.0", "8.1.2", "9.0",
    ])
    .prop_map(|text| Release::parse(text).unwrap())
}

fn editions() -> impl Strategy<Value = Edition> {
    prop::sample::select(vec![Edition::Community, Edition::Enterprise])
}

/// Words of the language, thrown together.
fn sources() -> impl Strategy<Value = Vec<u8>> {
    let words: Vec<&[u8]> = vec![
        b"service",
        b"network",
        b"namespace",
        b"storage-engine",
        b"memory",
        b"device",
        b"{",
        b"}",
        b"}}",
        b"\n",
        b"\n",
        b"\n",
        b" ",
        b"\t",
        b"#",
        b"set",
        b"logging",
        b"file",
        b"console",
        b"context",
        b"any",
        b"info",
        b"heartbeat",
        b"port",
        b"address",
        b"3000",
        b"-1",
        b"1G",
        b"99999999999999999999",
        b"default-ttl",
        b"30d",
        b"xdr",
        b"dc",
        b"security",
        b"index-type",
        b"flash",
        b"\0",
        b"\xff",
        b"\r",
        b"{{ x }}",
        b"data-size",
        b"mesh-seed-address-port",
        b"multicast-group",
        b"fabric",
        b"tls",
    ];
    prop::collection::vec(prop::sample::select(words), 0..200).prop_map(|words| words.join(&b' '))
}

proptest! {
    #[test]
    fn any_bytes_are_judged(source in prop::collection::vec(any::<u8>(), 0..4000), release in releases(), edition in editions()) {
        judge(&source, release, edition);
    }

    #[test]
    fn any_words_are_judged(source in sources(), release in releases(), edition in editions()) {
        judge(&source, release, edition);
    }
}

fn judge(source: &[u8], release: Release, edition: Edition) {
    let report = lint::lint(source, release, edition);
    let fatal = report
        .problems
        .iter()
        .filter(|problem| problem.severity == lint::Severity::Fatal)
        .count();
    assert_eq!(report.starts, fatal == 0);
    let lines = u32::try_from(ascad::conf::lines(source).count()).unwrap();
    for problem in &report.problems {
        assert!(lint::Code::parse(problem.code).is_some());
        assert!(
            problem
                .place()
                .is_none_or(|line| (1..=lines).contains(&line))
        );
        assert!(
            !problem.message.contains(|c: char| c.is_control()),
            "{:?}",
            problem.message
        );
    }
    let linted = Linted {
        file: "a.conf",
        source,
        report: &report,
    };
    let mut text = LintText::start(Detail::Normal, Dye::Plain);
    text.add(linted, &mut std::io::sink()).unwrap();
}

#[test]
fn a_long_file_of_one_pattern_is_judged_to_its_end() {
    let release = Release::NEWEST_KNOWN;
    let patterns: [&[u8]; 8] = [
        b"namespace test {\n",
        b"namespace a {\n}\n",
        b"x",
        b"logging {\n file /a {\n",
        b"namespace t {\n storage-engine device {\n file a b\n",
        b"}}\n",
        b"network {\n heartbeat {\n mesh-seed-address-port a 3000\n",
        b"service {\n cluster-name x\n",
    ];
    for pattern in patterns {
        let source = pattern.repeat(300_000 / pattern.len());
        assert!(!lint::lint(&source, release, Edition::Community).starts);
    }
}
