use super::*;
use crate::catalogue::Release;
use crate::conf::parse;

/// Masks, with substitutes shown as `?`; blanked ends of lines are cut to keep the cases readable.
#[track_caller]
fn case(source: &str, expected: &str) {
    let template = read(source.as_bytes());
    assert_eq!(template.text.len(), source.len());
    let shown: Vec<String> = String::from_utf8_lossy(&template.text)
        .replace(char::from(SUBSTITUTE), "?")
        .lines()
        .map(|line| line.trim_end().to_owned())
        .collect();
    assert_eq!(shown.join("\n"), expected, "{source}");
    let newlines =
        |text: &[u8]| -> Vec<usize> { (0..text.len()).filter(|&at| text[at] == b'\n').collect() };
    assert_eq!(newlines(&template.text), newlines(source.as_bytes()));
}

#[track_caller]
fn plain(source: &str) {
    let template = read(source.as_bytes());
    assert_eq!(template.dialects, [], "{source}");
    assert!(matches!(template.text, Cow::Borrowed(_)));
}

#[track_caller]
fn dialect(source: &str, expected: &[Dialect]) {
    assert_eq!(read(source.as_bytes()).dialects, expected, "{source}");
}

#[test]
fn a_plain_configuration_is_none() {
    plain("service {\n\tproto-fd-max 15000\n}\n");
    plain("service {# comment #}\n}\n");
    plain("service{\n}}\n");
    plain("namespace {{ {\n}}\n");
    plain("# {{ ansible_managed }} ${VAR} {% if %}\nservice {\n}\n");
    plain("a 1 # was ${VAR}\n");
    plain("user-dn-pattern uid=${un},ou=people,dc=example\nrole-query-pattern (${dn})\n");
    plain("file /var/__pycache__/x\nname __x__ a__B__\n");
    plain("mail a@B_C@d x@HOST@\nuser @b@ @A@ @A_B\ntls-password @SECRET@\n# @NAME@\n");
    plain("a 100%AB% %a% <B> <HOST> %AB\ntls-password %SECRET%\n");
    plain("# {\n# }} {{\nx $ $1 $x ${} $A ${1}\n");
    plain("");
}

#[test]
fn the_language_is_told() {
    dialect("a {{ b }}", &[Dialect::Jinja]);
    dialect("{# a #}\nb", &[Dialect::Jinja]);
    dialect("{%- if a -%}\n{% endif %}", &[Dialect::Jinja]);
    dialect("{{ if .A }}\na {{ .B }}\n{{ end }}", &[Dialect::Go]);
    dialect("{{#a}}\nb {{ c }}\n{{/a}}", &[Dialect::Mustache]);
    dialect("a <%= b %>", &[Dialect::Erb]);
    dialect("port @PORT@\n", &[Dialect::Marker]);
    dialect("a ${B}\nc __D__", &[Dialect::Shell, Dialect::Marker]);
    dialect("a {{ b }}/${C}", &[Dialect::Jinja, Dialect::Shell]);
}

#[test]
fn values_become_one_word_of_the_same_length() {
    case("a {{ b }}", "a ???????");
    case(
        "a {{ b | default('}}') }}G # c",
        "a ???????????????????????G # c",
    );
    case("a x${B}y$(c d)", "a x????y??????");
    case("a $B_C/d", "a ????/d");
    case("seed {{ ip }} 3002", "seed ???????? 3002");
    case("namespace {{ n }} {\n}", "namespace ??????? {\n}");
    case("a {{ b\n }} c\nd {{ e }}", "a ????\n\nd ???????");
    case("a __B_C__/d", "a ???????/d");
    case("a @B_C@/d", "a ?????/d");
    case("seed @HOST@:@PORT@", "seed ??????:??????");
    case("a @@B_C@@/d %E1% %%FF%%", "a ???????/d ???? ??????");
    case("seed <<HOST>>:<<PORT>>", "seed ????????:????????");
}

#[test]
fn control_and_comments_become_spaces() {
    case("a 1\n{% set b = 2 %}\n{# c\n d 3 #}\ne 4", "a 1\n\n\n\ne 4");
    case("{%- if a +%}\n  b 1\n{%+ endif -%}", "\n  b 1\n");
    case(
        "{% raw %}\na {{ b }}\n{% endraw %}\nc {{ d }}",
        "\na {{ b }}\n\nc ???????",
    );
    case("{% macro m(x) %}\na 1\n{% endmacro %}\nb 2", "\n\n\nb 2");
}

#[test]
fn lines_that_nobody_can_read_are_insertions() {
    case(
        "service {\n  ${ALL}\n  {{ a }} {{ b }}\n  __X__\n}",
        "service {\n\n\n\n}",
    );
    case("{{ name }} 3000 # c", "                # c");
    case("{{ head }} {\n}", "?????????? {\n}");
    // What scripts put there ends with a line end of its own.
    case(
        "heartbeat {\n${SEED_LINES}    } # end\n}",
        "heartbeat {\n                 } # end\n}",
    );
    let source = "service {\n\ta 1\n\t{{ a }} 2\n}\nnetwork {\n\theartbeat {\n\t\t${PEERS}\n\t}\n}\n${REST}\n";
    let template = read(source.as_bytes());
    let (tree, _) = parse(&template.text, Release::new(8, 0, 0));
    let sections: Vec<_> = template
        .open_sections(&tree)
        .into_iter()
        .map(|(section, inserted)| (section.map(|id| tree.item(id).name()), inserted))
        .collect();
    assert_eq!(
        sections,
        [
            (None, Inserted::Lines),
            (Some(&b"service"[..]), Inserted::Parameter),
            (Some(&b"heartbeat"[..]), Inserted::Lines),
        ]
    );
}

#[test]
fn a_value_of_several_lines_makes_a_template_and_braces_of_sections_do_not() {
    case("a {{ b\n| c }} 1", "a ????\n");
    for plain in ["a {{\nb 1\n}}\n", "a {{ # x\nb 1\n}}\n", "a { {\nb\n} }\n"] {
        assert!(!read(plain.as_bytes()).is_template(), "{plain}");
    }
}

#[test]
fn a_block_within_a_line_is_a_value() {
    case(
        "a {% if b %}1{% else %}2{% endif %}",
        "a ?????????????????????????????????",
    );
    case("{% if b %}a 1{% endif %}", "          a 1");
    case(
        "s {% for x in y %}{{ x }} {% endfor %}",
        "s ????????????????????????????????????",
    );
}

#[test]
fn parts_are_told_apart() {
    let source = "a 1\n{% if b %}\nc 2\n{% endif %}\n{% if d %}\ne 3\n{% else %}\nf 4\n{% endif %}\n{% for g in h %}\ni {{ g }}\n{% endfor %}\n";
    let template = read(source.as_bytes());
    let told = |word: &str| {
        let at = source.find(word).unwrap();
        template.parts_at(at, None).collect::<Vec<Part>>()
    };
    assert_eq!(told("a 1"), []);
    assert_eq!(told("c 2"), [Part::Optional]);
    assert_eq!(told("e 3"), [Part::Alternative]);
    assert_eq!(told("f 4"), [Part::Alternative]);
    assert_eq!(told("i {"), [Part::Repeated]);
    assert_eq!(template.varying, 1);
    assert!(template.varies(b"\x1aG") && !template.varies(b"G"));
}

#[test]
fn branches_that_share_a_brace_are_reduced_to_the_first() {
    case(
        "{% if a %}\nnamespace b {\n{% else %}\nnamespace c {\n{% endif %}\n}",
        "\nnamespace b {\n\n\n\n}",
    );
    case(
        "{% if a %}\nx {\n}\n{% else %}\ny 1\n{% endif %}",
        "\nx {\n}\n\ny 1\n",
    );
}

#[test]
fn erb_and_go_are_read() {
    case(
        "<% @n.each do |name, o| %>\nnamespace <%= name %> {\n<%= gen(o) %>\n}\n<% end %>",
        "\nnamespace ??????????? {\n\n}\n",
    );
    case(
        "{{- range service \"a\" }}\nseed {{ .Address }} 3002{{ end }}\nb {{ key \"c\" }}",
        "\nseed ?????????????? 3002\nb ?????????????",
    );
    let template = read(b"<%- unless x.empty? %>\na 1\n<%- end %>\n");
    assert_eq!(template.parts_at(23, None).next(), Some(Part::Optional));
}

#[test]
fn comments_in_braces_hold_anything() {
    let go = "{{ if .A }}{{/* don't }} */}}\na 1\n{{ end }}\n{{- /* can't */ -}}\nb {{ .B }}\n";
    case(go, "\na 1\n\n\nb ????????");
    let mustache = "{{#a}}\nb 1\n{{! don't }}\nc 2\n{{! can't }}\n{{/a}}\n";
    case(mustache, "\nb 1\n\nc 2\n\n");
    let handlebars = "{{#if a}}\nb 1\n{{!-- {{ x }} --}}\n{{~!-- y --~}}\n{{/if}}\n";
    case(handlebars, "\nb 1\n\n\n");
}

#[test]
fn mustache_and_handlebars_are_read() {
    case(
        "{{! x }}\nnamespace {{n}} {\n{{#sets}}\nset {{{ name }}} {\n}\n{{/sets}}\n{{> more}}\n}",
        "\nnamespace ????? {\n\nset ???????????? {\n}\n\n\n}",
    );
    for (source, part) in [
        ("{{#x}}\na 1\n{{/x}}\n", Part::Repeated),
        ("{{^x}}\na 1\n{{/x}}\n", Part::Optional),
        ("{{#each x}}\na 1\n{{/each}}\n", Part::Repeated),
        ("{{#if x}}\na 1\n{{/if}}\n", Part::Optional),
        ("{{~#if x~}}\na 1\n{{~/if~}}\n", Part::Optional),
        (
            "{{#if x}}\na 1\n{{else}}\na 2\n{{/if}}\n",
            Part::Alternative,
        ),
        ("{{#if x}}\na 1\n{{^}}\na 2\n{{/if}}\n", Part::Alternative),
    ] {
        let template = read(source.as_bytes());
        let at = source.find("a 1").unwrap();
        assert_eq!(template.parts_at(at, None).next(), Some(part), "{source}");
    }
    let template = read(b"service {\n{{> more}}\n{{#x}}\n{{/x}}\n}\n");
    assert_eq!(template.insertions, [(10, Inserted::Lines)]);
}

#[test]
fn terraform_and_epp_are_read() {
    dialect(
        "%{ if a }\nb ${c}\n%{ endif }",
        &[Dialect::Terraform, Dialect::Shell],
    );
    plain("a 100%{x}\nb %{ whatever }\n");
    case(
        "%{ for ip in ips ~}\nseed ${ip.v4} 3002\n%{ endfor ~}\nb ${join(\",\", c)}",
        "\nseed ???????? 3002\n\nb ???????????????",
    );
    let template = read(b"%{ for a in b ~}\na 1\n%{ endfor ~}\n");
    assert_eq!(template.parts_at(17, None).next(), Some(Part::Repeated));
    let epp = "<% if $a { -%>\na 1\n<% } else { -%>\na 2\n<% } -%>\nb 3\n";
    let template = read(epp.as_bytes());
    let told = |word: &str| template.parts_at(epp.find(word).unwrap(), None).next();
    assert_eq!(told("a 1"), Some(Part::Alternative));
    assert_eq!(told("a 2"), Some(Part::Alternative));
    assert_eq!(told("b 3"), None);
}

/// What would cost the square of its length to a reader that looks again and again.
#[test]
fn hostile_files_are_read_to_their_end() {
    for piece in [
        "{{",
        "{#",
        "{% if a %}",
        "{% if a %}{% else %}",
        "${A:",
        "$(",
        "_",
        "__A",
        "x__A__",
        "<%",
        "{{ '",
        "{{ a }}",
        "{% if a %}{% endif %}",
        "{% include a %}",
        "a {{ b\n}} ",
        "#{{",
        "{%",
        "{{ a\n",
        "__A__\n",
        "{% if a %}\n{% else %}\n",
        "%{ if a }",
        "%{ if ",
        "{{/*",
        "{{!--",
        "{{! a",
    ] {
        let mut source = piece.repeat(200_000 / piece.len());
        source.push_str("}}#}%}%>\n{{ a }}\n{% raw %}");
        let template = read(source.as_bytes());
        assert_eq!(template.text.len(), source.len(), "{piece}");
        let (tree, _) = parse(&template.text, Release::new(8, 0, 0));
        template.open_sections(&tree);
    }
}

proptest::proptest! {
    #[test]
    fn any_bytes_keep_their_length_and_lines(
        pieces in proptest::collection::vec(0..19usize, 0..40),
        bytes in proptest::collection::vec(proptest::prelude::any::<u8>(), 0..8),
    ) {
        const PIECES: [&str; 18] = [
            "{{", "}}", "{%", "%}", "{#", "#}", "if ", "else", "endif", "for x", "endfor", "raw", "endraw", "\n", "a ", "${A}", "'", "<%",
        ];
        let mut source = Vec::new();
        for piece in pieces {
            source.extend_from_slice(PIECES.get(piece).map_or(&bytes[..], |piece| piece.as_bytes()));
        }
        let template = read(&source);
        proptest::prop_assert_eq!(template.text.len(), source.len());
        for (at, byte) in source.iter().enumerate() {
            proptest::prop_assert_eq!(*byte == b'\n', template.text[at] == b'\n');
        }
        let (tree, _) = parse(&template.text, Release::new(8, 0, 0));
        template.open_sections(&tree);
        let _ = render(&source, &serde_json::json!({"A": "b"}));
    }
}
