//! The formats for CI keep to their public schemas, and fingerprints survive moved lines.

use std::collections::BTreeSet;

use ascad::catalogue::{Edition, Release};
use ascad::lint::{self, Report};
use ascad::report::codequality::CodeQuality;
use ascad::report::junit::JUnit;
use ascad::report::lint_json::LintJson;
use ascad::report::lint_text::{Dye, LintText};
use ascad::report::linted::{Linted, Unread};
use ascad::report::sarif::Sarif;
use ascad::report::text::Detail;
use ascad::verdict::State;
use serde_json::Value;

const BAD: &str = "service {\n\tcluster-name x\n\tlog-millis on\n\tlog-millis on\n\tcaf\u{e9} \u{1b}[31m\"<&>\n}\n";

fn report(source: &str) -> Report {
    lint::lint(
        source.as_bytes(),
        Release::NEWEST_KNOWN,
        Edition::Enterprise,
    )
}

fn unread() -> Vec<Unread> {
    vec![Unread {
        file: "gone.conf".to_owned(),
        message: "cannot be read".to_owned(),
    }]
}

fn codequality(source: &str) -> Vec<Value> {
    let report = report(source);
    let linted = Linted {
        file: "./a b.conf",
        source: source.as_bytes(),
        report: &report,
    };
    let mut out = Vec::new();
    let mut writer = CodeQuality::start(&mut out).unwrap();
    writer.add(linted, &mut out).unwrap();
    writer.finish(&unread(), &mut out).unwrap();
    serde_json::from_slice(&out).unwrap()
}

#[test]
fn code_quality_issues_have_what_gitlab_needs() {
    let issues = codequality(BAD);
    assert!(issues.len() > 5);
    for issue in &issues {
        for field in ["description", "check_name", "fingerprint"] {
            assert!(!issue[field].as_str().unwrap().is_empty());
        }
        let severity = issue["severity"].as_str().unwrap();
        assert!(["info", "minor", "major", "critical", "blocker"].contains(&severity));
        assert!(
            !issue["location"]["path"]
                .as_str()
                .unwrap()
                .starts_with("./")
        );
        assert!(issue["location"]["lines"]["begin"].as_u64().unwrap() >= 1);
    }
    let empty = codequality("# ascad\n");
    assert!(!empty.is_empty());
}

#[test]
fn fingerprints_are_unique_and_survive_moved_lines() {
    let prints = |source: &str| -> Vec<String> {
        codequality(source)
            .iter()
            .map(|issue| issue["fingerprint"].as_str().unwrap().to_owned())
            .collect()
    };
    let before = prints(BAD);
    assert_eq!(before.iter().collect::<BTreeSet<_>>().len(), before.len());
    assert_eq!(
        prints(&format!("# a\n# b\n{}", BAD.replace('\t', "    "))),
        before
    );
}

#[test]
fn sarif_keeps_to_its_schema() {
    let report = report(BAD);
    let linted = Linted {
        file: "a b.conf",
        source: BAD.as_bytes(),
        report: &report,
    };
    let mut out = Vec::new();
    let mut writer = Sarif::start(&mut out).unwrap();
    writer.add(linted, &mut out).unwrap();
    writer.finish(&unread(), &mut out).unwrap();
    let log: Value = serde_json::from_slice(&out).unwrap();
    assert_eq!(log["version"], "2.1.0");
    let run = &log["runs"][0];
    let rules = run["tool"]["driver"]["rules"].as_array().unwrap();
    let results = run["results"].as_array().unwrap();
    assert_eq!(results.len(), report.problems.len());
    for result in results {
        let index = usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap();
        assert_eq!(rules[index]["id"], result["ruleId"]);
        assert!(["error", "warning", "note", "none"].contains(&result["level"].as_str().unwrap()));
        assert!(!result["message"]["text"].as_str().unwrap().is_empty());
        let place = &result["locations"][0]["physicalLocation"];
        assert_eq!(place["artifactLocation"]["uri"], "a%20b.conf");
        if let Some(region) = place["region"].as_object() {
            assert!(region["startLine"].as_u64().unwrap() >= 1);
            if let Some(column) = region.get("startColumn") {
                assert!(column.as_u64().unwrap() >= 1);
                assert!(region["endColumn"].as_u64() > column.as_u64());
            }
        }
    }
    assert_eq!(run["invocations"][0]["executionSuccessful"], false);
}

#[test]
fn lines_after_a_cut_one_are_those_of_an_editor() {
    let source = format!(
        "service {{\n\tcluster-name x\n#{}\n\tnosuch 1\n}}\n",
        " ".repeat(1500)
    );
    let report = report(&source);
    let first = &report.problems[0];
    assert_eq!((first.code, first.line), ("unknown-parameter", Some(5)));
    let issue = &codequality(&source)[0];
    assert_eq!(issue["location"]["lines"]["begin"], 4);
}

#[test]
fn junit_is_well_formed_and_counts() {
    let report = report(BAD);
    let linted = Linted {
        file: "a&b.conf",
        source: BAD.as_bytes(),
        report: &report,
    };
    let mut out = Vec::new();
    let mut writer = JUnit::start(&mut out).unwrap();
    writer.add(linted, &mut out).unwrap();
    writer.finish(&unread(), &mut out).unwrap();
    let text = String::from_utf8(out).unwrap();
    let failures = report
        .problems
        .iter()
        .filter(|problem| problem.severity == lint::Severity::Fatal)
        .count();
    assert!(text.contains(&format!(
        "tests=\"{}\" failures=\"{failures}\"",
        report.problems.len()
    )));
    assert_eq!(text.matches("<failure ").count(), failures);
    assert!(!text.chars().any(|c| c.is_control() && c != '\n'));
    balanced(&text);
}

/// GitLab takes the first of those that have the same name and drops the others.
#[test]
fn every_case_of_junit_has_a_name_of_its_own() {
    // Four parts are missing, none at a line, and one line has words too many twice.
    let source = "service {\n\tproto-fd-max 1 2 3 4 5\n\tcluster-name { a b c }\n}\n";
    let report = report(source);
    let linted = Linted {
        file: "a.conf",
        source: source.as_bytes(),
        report: &report,
    };
    let mut out = Vec::new();
    let mut writer = JUnit::start(&mut out).unwrap();
    writer.add(linted, &mut out).unwrap();
    writer.finish(&[], &mut out).unwrap();
    let text = String::from_utf8(out).unwrap();
    let names = text.lines().filter_map(|line| {
        let rest = line.split_once("<testcase ")?.1;
        Some(rest.split_once(" name=\"")?.1.split_once('"')?.0)
    });
    let names: Vec<&str> = names.collect();
    assert_eq!(names.len(), report.problems.len());
    let distinct: std::collections::BTreeSet<&str> = names.iter().copied().collect();
    assert_eq!(distinct.len(), names.len(), "{names:?}");
}

/// What is said of a line is said of a word on it.
#[test]
fn an_empty_section_is_underlined_at_its_name() {
    let case = |line: &str, code: &str, column: u32, length: u32| {
        let source = format!("network {{\n{line}\n}}\n}}\nlogging {{\n\tconsole {{\n\t}}\n}}\n");
        let report = report(&source);
        let found = report.problems.iter().find(|found| found.code == code);
        let found = found.unwrap_or_else(|| panic!("{report:?}"));
        assert_eq!((found.column, found.length), (column, length));
    };
    case("\tfabric {", "empty-section", 2, 6);
    case("  heartbeat {", "empty-section", 3, 9);
    case("\tfabric {", "silent-sink", 2, 7);
}

/// Every tag is closed in order, and nothing stands unescaped.
#[track_caller]
fn balanced(text: &str) {
    let mut open = Vec::new();
    let body = text
        .strip_prefix("<?xml version=\"1.0\" encoding=\"UTF-8\"?>")
        .unwrap();
    for piece in body.split('<').skip(1) {
        let (tag, after) = piece.split_once('>').unwrap();
        assert!(!after.contains('>'), "{piece}");
        assert!(
            !after
                .replace("&amp;", "")
                .replace("&lt;", "")
                .replace("&gt;", "")
                .replace("&quot;", "")
                .contains('&')
        );
        assert_eq!(tag.matches('"').count() % 2, 0, "{tag}");
        if let Some(name) = tag.strip_prefix('/') {
            assert_eq!(open.pop(), Some(name.to_owned()));
        } else if !tag.ends_with('/') {
            open.push(tag.split(' ').next().unwrap().to_owned());
        }
    }
    assert!(open.is_empty(), "{open:?}");
}

#[test]
fn json_has_the_shape_of_ascad_lint_1() {
    let report = report(BAD);
    let linted = Linted {
        file: "a.conf",
        source: BAD.as_bytes(),
        report: &report,
    };
    let mut out = Vec::new();
    let mut writer = LintJson::start(&mut out).unwrap();
    writer.add(linted, &mut out).unwrap();
    writer.finish(State::Critical, &unread(), &mut out).unwrap();
    let json: Value = serde_json::from_slice(&out).unwrap();
    assert_eq!(json["schema"], "ascad/lint/1");
    assert_eq!(
        (&json["state"], &json["exit"]),
        (&"CRITICAL".into(), &2.into())
    );
    let file = &json["files"][0];
    assert_eq!(
        (&file["file"], &file["starts"]),
        (&"a.conf".into(), &false.into())
    );
    assert_eq!(
        (&file["server_version"], &file["edition"]),
        (&"8.1.2".into(), &"enterprise".into())
    );
    let first = &file["problems"][0];
    assert_eq!(
        (&first["code"], &first["severity"]),
        (&"bad-boolean".into(), &"fatal".into())
    );
    assert_eq!((&first["line"], &first["column"]), (&3.into(), &13.into()));
    let last = file["problems"]
        .as_array()
        .unwrap()
        .iter()
        .find(|problem| problem["line"].is_null())
        .unwrap();
    assert!(last["column"].is_null());
    assert_eq!(json["failures"][0]["source"], "gone.conf");
}

#[test]
fn text_shows_the_line_with_a_mark() {
    let source = "service {\n\tcluster-name x\n\tlog-millis on\n}\n";
    let report = report(source);
    let linted = Linted {
        file: "a.conf",
        source: source.as_bytes(),
        report: &report,
    };
    let mut out = Vec::new();
    let mut writer = LintText::start(Detail::Normal, Dye::Plain);
    writer.add(linted, &mut out).unwrap();
    writer.finish(&[], &mut out).unwrap();
    let text = String::from_utf8(out).unwrap();
    let expected = "a.conf:3:13: fatal: `log-millis`: expected `true` or `false`, but found `on` [bad-boolean]\n   3 | log-millis on\n     |            ^^\n";
    assert!(text.starts_with(expected), "{text}");
    assert!(text.contains("\n1 file: 1 would not start ("), "{text}");
}
