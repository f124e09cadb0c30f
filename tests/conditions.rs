//! What a reference's conditions leave open: what stands in a conditional section, and choices of which one is taken.

mod held;

use ascad::catalogue::{Edition, Release};
use ascad::compare::{self, Party, Role, Scope, outliers};
use ascad::conf::{parse, template};
use ascad::settings::{Settings, tree};

use held::case;

fn namespace(lines: &str) -> String {
    format!("namespace a {{\nreplication-factor 1\n{lines}\n}}\n")
}

#[test]
fn a_section_that_may_be_missing_is_whole_where_it_is() {
    let geo = "geo2dsphere-within {\nmax-cells 16\n}";
    let optional = |lines: &str| format!("{{% if x %}}\n{lines}\n{{% endif %}}\n");
    let security =
        optional("security {\nprivilege-refresh-period 60\nlog {\nreport-violation true\n}\n}");
    case(&security, "", &[]);
    case(
        &security,
        "security {\nlog {\nreport-sys-admin true\n}\n}\n",
        &[
            "security.log.report-sys-admin: true → false",
            "security.log.report-violation: false → true",
            "security.privilege-refresh-period: 300 → 60",
        ],
    );
    let in_it = optional(&namespace(&format!("nsup-period 5\n{geo}")));
    case(&in_it, "", &[]);
    case(&in_it, &namespace(&format!("nsup-period 5\n{geo}")), &[]);
    case(
        &in_it,
        &namespace(""),
        &[
            "namespace.a.geo2dsphere-within.max-cells: 12 → 16",
            "namespace.a.nsup-period: 0 → 5",
        ],
    );
    let nested = optional(&namespace(&optional(geo)));
    case(&nested, &namespace(""), &[]);
    // What another place of the same section adds may be missing.
    let twice = format!("{}{}", namespace(""), optional(&namespace("nsup-period 5")));
    case(&twice, &namespace(""), &[]);
    let either = "{% if x %}\nsecurity {\nsession-ttl 600\n}\n{% else %}\nsecurity {\ntps-weight 3\n}\n{% endif %}\n";
    case(either, "security {\nsession-ttl 600\n}\n", &[]);
    case(either, "security {\ntps-weight 3\n}\n", &[]);
    let centre = optional("xdr {\ndc A {\nnamespace a {\n}\nnamespace b {\n}\n}\n}");
    case(&centre, "", &[]);
    case(
        &centre,
        "xdr {\ndc A {\nnamespace a {\n}\n}\n}\n",
        &["xdr.dc.A.namespace.b: - → present"],
    );
}

#[test]
fn one_of_several_always_comes_where_there_is_an_else() {
    let chosen = "{% if x %}\nnsup-period 5\n{% elif y %}\nnsup-period 6\n{% else %}\nnsup-period 7\n{% endif %}";
    for period in [5, 6, 7] {
        case(
            &namespace(chosen),
            &namespace(&format!("nsup-period {period}")),
            &[],
        );
    }
    case(
        &namespace(chosen),
        &namespace(""),
        &["namespace.a.nsup-period: 0 → 7"],
    );
    let without = chosen.replace("{% else %}\nnsup-period 7\n", "");
    case(&namespace(&without), &namespace(""), &[]);
    let half = chosen.replace("nsup-period 6", "nsup-threads 6");
    case(&namespace(&half), &namespace(""), &[]);
    let deeper = chosen.replace("nsup-period 6", "{% if z %}\nnsup-period 6\n{% endif %}");
    case(&namespace(&deeper), &namespace(""), &[]);
}

fn settle(text: &str) -> Settings {
    let release = Release::new(8, 1, 2);
    let template = template::read(text.as_bytes());
    let (tree, _) = parse(&template.text, release);
    tree::settle_template(&tree, &template, release, Edition::Enterprise)
}

#[test]
fn so_it_is_where_every_source_is_compared_with_every_other() {
    let security = settle("{% if x %}\nsecurity {\nprivilege-refresh-period 60\n}\n{% endif %}\n");
    let differing = |others: &[&str]| {
        let others: Vec<Settings> = others.iter().map(|text| settle(text)).collect();
        let sources: Vec<&Settings> = std::iter::once(&security).chain(&others).collect();
        let found = outliers(&sources, &Scope::default()).differences;
        let paths = found.iter().map(|difference| difference.path.to_string());
        paths.collect::<Vec<_>>()
    };
    assert_eq!(differing(&[""]), Vec::<String>::new());
    assert_eq!(
        differing(&["security {\n}\n"]),
        ["security.privilege-refresh-period"]
    );
}

#[test]
fn what_is_repeated_is_the_same_each_time() {
    let looped = "{% for x in all %}\nnsup-period 5\n{% endfor %}";
    case(&namespace(looped), &namespace(""), &[]);
    case(&namespace(looped), &namespace("nsup-period 5"), &[]);
    case(
        &namespace(looped),
        &namespace("nsup-period 6"),
        &["namespace.a.nsup-period: 6 → 5"],
    );
    let centre = |set: &str| {
        format!(
            "xdr {{\n{{{{#A}}}}\ndc A {{\nnamespace a {{\nship-set {set}\nship-set b\n}}\n}}\n{{{{/A}}}}\n}}\n"
        )
    };
    let plain = centre("c").replace("{{#A}}\n", "").replace("{{/A}}\n", "");
    case(&centre("c"), &plain, &[]);
    case(
        &centre("a"),
        &plain,
        &["xdr.dc.A.namespace.a.ship-set: c, b → a, b"],
    );
    let varying = looped.replace("period 5", "period {{ x }}");
    case(&namespace(&varying), &namespace("nsup-period 6"), &[]);
    let guarded = "{% for x in all %}\n{% if x == 1 %}\nnsup-period 5\n{% else %}\nnsup-period 6\n{% endif %}\n{% endfor %}";
    for period in ["nsup-period 5", "nsup-period 6", ""] {
        case(&namespace(guarded), &namespace(period), &[]);
    }
}

#[test]
fn a_list_has_what_is_fixed_in_it_and_what_is_conditional_or_not() {
    let engine = |lines: &str| namespace(&format!("storage-engine device {{\n{lines}\n}}"));
    let path = "namespace.a.storage-engine.device";
    let disks = "device /a\n{% if big %}\ndevice /b\n{% endif %}\ndevice /c";
    case(&engine(disks), &engine("device /a\ndevice /c"), &[]);
    case(
        &engine(disks),
        &engine("device /a\ndevice /b\ndevice /c"),
        &[],
    );
    case(
        &engine(disks),
        &engine("device /a\ndevice /b"),
        &[&format!("{path}: /a, /b → /a, /b, /c")],
    );
    case(
        &engine(disks),
        &engine("device /c\ndevice /a"),
        &[&format!("{path}: /c, /a → /a, /b, /c")],
    );
    let varying = disks.replace("/b", "{{ b }}");
    case(&engine(&varying), &engine("device /x"), &[]);
    let looped = disks
        .replace("if big", "for x in y")
        .replace("endif", "endfor");
    case(&engine(&looped), &engine("device /x"), &[]);
    let centre = |lines: &str| format!("xdr {{\ndc A {{\nnamespace a {{\n{lines}\n}}\n}}\n}}\n");
    let either = "{% if x %}\nship-set a\nship-set b\n{% else %}\nship-set c\n{% endif %}";
    for sets in ["ship-set b\nship-set a", "ship-set c", ""] {
        case(&centre(either), &centre(sets), &[]);
    }
    case(
        &centre(either),
        &centre("ship-set d"),
        &["xdr.dc.A.namespace.a.ship-set: d → a, b, c"],
    );
    case(
        &centre(&either.replace("ship-set c", "ship-set {{ c }}")),
        &centre("ship-set d"),
        &[],
    );
}

/// The kind of the difference of `nsup-period` in a namespace: of a reference, the file, and the running value.
#[track_caller]
fn kind(reference: &str, file: &str, running: &str, expected: Option<&str>) {
    let settings = [file, reference, running].map(|lines| settle(&namespace(lines)));
    let roles = [Role::File, Role::Reference, Role::Runtime];
    let parties: Vec<Party<'_>> = roles
        .into_iter()
        .zip(&settings)
        .map(|(role, settings)| Party { role, settings })
        .collect();
    let found = compare::compare(&parties, &Scope::default()).differences;
    let kinds: Vec<&str> = found
        .iter()
        .map(|difference| difference.kind.name())
        .collect();
    assert_eq!(kinds, expected.into_iter().collect::<Vec<_>>());
}

#[test]
fn a_choice_of_the_reference_is_none_between_the_file_and_the_server() {
    let chosen = "{% if x %}\nnsup-period 5\n{% else %}\nnsup-period 6\n{% endif %}";
    kind(chosen, "nsup-period 5", "nsup-period 5", None);
    kind(chosen, "nsup-period 5", "nsup-period 6", Some("drifted"));
    kind(chosen, "nsup-period 5", "nsup-period 7", Some("drifted"));
    kind(chosen, "nsup-period 7", "nsup-period 6", Some("latent"));
    kind(chosen, "nsup-period 7", "nsup-period 7", Some("undeployed"));
    kind(chosen, "nsup-period 7", "nsup-period 8", Some("diverged"));
    let section = "{% if x %}\ngeo2dsphere-within {\nmax-cells 16\n}\n{% endif %}";
    let geo = "geo2dsphere-within {\nmax-cells 16\n}";
    kind(section, "", geo, Some("drifted"));
}
