//! What a reference leaves open, and what it does not: marks and templates, a file against it.

use ascad::catalogue::{Edition, Release};
use ascad::compare::{self, Difference, Party, Role, Scope};
use ascad::conf::{parse, template};
use ascad::settings::{Settings, tree};

const RELEASE: Release = Release::new(8, 1, 2);


fn settings(text: &str) -> Settings {
    let template = template::read(text.as_bytes());
    let (tree, _) = parse(&template.text, RELEASE);
    tree::settle_template(&tree, &template, RELEASE, Edition::Enterprise)
}

/// The differences of a file from a reference: `path: file → reference`.
#[track_caller]
fn case(reference: &str, file: &str, expected: &[&str]) {
    let (reference, file) = (settings(reference), settings(file));
    let parties = [(Role::File, &file), (Role::Reference, &reference)]
        .map(|(role, settings)| Party { role, settings });
    let compared = compare::compare(&parties, &Scope::default());
    let lines: Vec<String> = compared.differences.iter().map(line).collect();
    assert_eq!(lines, expected);
}

fn line(difference: &Difference) -> String {
    let side = |at: usize| difference.sides[at].written.clone();
    let [file, reference] = [0, 1].map(|at| side(at).unwrap_or_else(|| "-".to_owned()));
    format!("{}: {file} → {reference}", difference.path)
}

/// `lines` in `service`.
#[track_caller]
fn service(reference: &str, file: &str, expected: &[&str]) {
    let within = |lines: &str| format!("service {{\n{lines}\n}}\n");
    case(&within(reference), &within(file), expected);
}

#[test]
fn one_of_lets_in_what_it_names_and_nothing_else() {
    let reference = "proto-fd-max 15k # ascad: one-of 15k|20000";
    service(reference, "proto-fd-max 20000", &[]);
    service(reference, "proto-fd-max 15360", &[]);
    service(
        reference,
        "proto-fd-max 17k",
        &["service.proto-fd-max: 17k → 15k"],
    );
    service(reference, "", &["service.proto-fd-max: 15000 → 15k"]);
    // The value on the marked line is right, too, whatever the mark names.
    let others = "proto-fd-max 10k # ascad: one-of 15k|20000";
    service(others, "proto-fd-max 10240", &[]);
    service(others, "proto-fd-max 15k", &[]);
    // A mark of the file's says what is right as well.
    let file = "proto-fd-max 20000 # ascad: one-of 15k|20000";
    service("proto-fd-max 15k", file, &[]);
    service(
        "proto-fd-max 17k",
        file,
        &["service.proto-fd-max: 20000 → 17k"],
    );
}

#[test]
fn nothing_in_a_conditional_section_is_missed_by_a_file_without_it() {
    let security = "{% if enterprise %}\nsecurity {\n\tsession-ttl 600\n}\n{% endif %}\n";
    case(security, "", &[]);
    case(
        security,
        "security {\n\tsession-ttl 700\n}\n",
        &["security.session-ttl: 700 → 600"],
    );
    case(
        "{% if x %}\nnamespace a {\n{% endif %}\n\treplication-factor 3\n\tnsup-period 5\n}\n",
        "",
        &[],
    );
}

#[test]
fn a_line_that_always_comes_later_is_not_optional() {
    let twice = "{% if x %}\nproto-fd-max 1024\n{% endif %}\nproto-fd-max 2048";
    service(twice, "proto-fd-max 2048", &[]);
    service(twice, "", &["service.proto-fd-max: 15000 → 2048"]);
    service(
        twice,
        "proto-fd-max 4096",
        &["service.proto-fd-max: 4096 → 2048"],
    );
    let never = "proto-fd-max 2048\n{% if x %}\nproto-fd-max 1024\n{% endif %}";
    service(never, "proto-fd-max 1024", &[]);
}

#[test]
fn a_log_context_whose_name_varies_may_be_any() {
    let sink = |lines: &str| format!("logging {{\nconsole {{\ncontext any info\n{lines}\n}}\n}}\n");
    let file = sink("context migrate debug");
    let looped = "{% for c, l in levels %}\ncontext {{ c }} {{ l }}\n{% endfor %}";
    case(&sink(looped), &file, &[]);
    case(&sink("context ${CONTEXT} debug"), &file, &[]);
    case(
        &sink("context rw ${LEVEL}"),
        &file,
        &["logging.console.migrate: debug → info"],
    );
}

#[test]
fn branches_that_open_different_sections_allow_both() {
    let engine = |head: &str, lines: &str| {
        format!("namespace a {{\n\tnsup-period 5\n{head}\n{lines}\n\t}}\n}}\n")
    };
    let heads = "{% if memory %}\n\tstorage-engine memory {\n\t\tdata-size 4G\n{% else %}\n\tstorage-engine device {\n\t\tdevice {{ device }}\n\t\tflush-max-ms 100\n{% endif %}";
    let reference = engine(heads, "evict-used-pct 60");
    case(
        &reference,
        &engine("storage-engine memory {", "data-size 4G\nevict-used-pct 60"),
        &[],
    );
    case(
        &reference,
        &engine(
            "storage-engine device {",
            "device /dev/a\nflush-max-ms 100\nevict-used-pct 65",
        ),
        &["namespace.a.storage-engine.evict-used-pct: 65 → 60"],
    );
    let namespaces = "{% if old %}\nnamespace a {\n{% else %}\nnamespace b {\n{% endif %}\n\tnsup-period 5\n}\n";
    case(namespaces, "namespace b {\n\tnsup-period 5\n}\n", &[]);
    case(
        namespaces,
        "namespace a {\n\tnsup-period 6\n}\n",
        &["namespace.a.nsup-period: 6 → 5"],
    );
}
