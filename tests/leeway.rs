//! What a reference leaves open, and what it does not: marks and templates, a file against it.

mod held;

use held::case;

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
fn a_mark_on_a_log_context_holds_however_it_is_spelt() {
    let sink = |line: &str| format!("logging {{\nconsole {{\n{line}\n}}\n}}\n");
    case(
        &sink("context Migrate debug # ascad: ignore"),
        &sink("context migrate info"),
        &[],
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
    let namespaces =
        "{% if old %}\nnamespace a {\n{% else %}\nnamespace b {\n{% endif %}\n\tnsup-period 5\n}\n";
    case(namespaces, "namespace b {\n\tnsup-period 5\n}\n", &[]);
    case(
        namespaces,
        "namespace a {\n\tnsup-period 6\n}\n",
        &["namespace.a.nsup-period: 6 → 5"],
    );
}

#[test]
fn what_is_fixed_in_a_section_whose_name_varies_holds_for_every_such_section() {
    let body = "\treplication-factor 2\n\tdefault-ttl {{ ttl }}\n\tset {{ set }} {\n\t\tdisable-eviction true\n\t}\n}\n";
    let one = format!("namespace {{{{ name }}}} {{\n{body}");
    let each = format!("{{% for name in all %}}\n{one}{{% endfor %}}\n");
    let users = |lines: &str| format!("namespace users {{\n{lines}\n}}\n");
    let right = "default-ttl 5\nset a {\ndisable-eviction true\n}";
    for template in [&one, &each] {
        case(template, &users(right), &[]);
        case(
            template,
            &users("replication-factor 3\nnsup-period 7\nset b {\n}\nset c {\ndefault-ttl 9\n}"),
            &[
                "namespace.users.nsup-period: 7 → 0",
                "namespace.users.replication-factor: 3 → 2",
                "namespace.users.set.c.default-ttl: 9 → 0",
                "namespace.users.set.c.disable-eviction: false → true",
            ],
        );
    }
    let two = users(right) + "namespace b {\n\treplication-factor 1\n}\n";
    case(&each, &two, &["namespace.b.replication-factor: 1 → 2"]);
    // Which of the two is meant is not known.
    case(&one, &two, &[]);
    // Names that are told apart by what is fixed in them.
    let named = "namespace {{ e }}_a {\n\treplication-factor 1\n}\nnamespace {{ e }}_b {\n\treplication-factor 3\n}\n";
    case(
        named,
        "namespace prod_a {\n\treplication-factor 1\n}\nnamespace prod_b {\n\treplication-factor 2\n}\n",
        &["namespace.prod_b.replication-factor: 2 → 3"],
    );
    // Any lines may come there.
    case(&format!("{each}__MORE__\n"), &two, &[]);
}

/// Mustache and the markers of configure; what the server itself replaces, and a `$` in a text, stay what they are.
#[test]
fn placeholders_of_all_kinds_vary_and_what_only_looks_like_one_does_not() {
    service("proto-fd-max @FDS@", "proto-fd-max 20000", &[]);
    service("proto-fd-max {{fds}}", "proto-fd-max 20000", &[]);
    service("proto-fd-max $FDS", "proto-fd-max 20000", &[]);
    for word in [
        "$fds", "@fds@", "%FDS%", "<fds>", "__fds__", "@@fds@@", "[[fds]]", "$(f)", "%(f)s",
    ] {
        service(&format!("proto-fd-max {word}"), "proto-fd-max 20000", &[]);
    }
    service(
        "cluster-name $a",
        "cluster-name b",
        &["service.cluster-name: b → $a"],
    );
    // Not so beside a number that is one.
    service(
        "proto-fd-max $fds\ncluster-name $a",
        "proto-fd-max 20000\ncluster-name b",
        &[],
    );
    service(
        "proto-fd-max __fds__\ncluster-name $a",
        "proto-fd-max 20000\ncluster-name b",
        &["service.cluster-name: b → $a"],
    );
    let section = "{{#big}}\nproto-fd-max 30000\n{{/big}}\nticker-interval 5";
    service(section, "ticker-interval 5", &[]);
    service(section, "proto-fd-max 30000\nticker-interval 5", &[]);
    service(
        section,
        "proto-fd-max 20000\nticker-interval 5",
        &["service.proto-fd-max: 20000 → 30000"],
    );
    service(
        section,
        "ticker-interval 6",
        &["service.ticker-interval: 6 → 5"],
    );
    let ldap = |pattern: &str| format!("security {{\nldap {{\nuser-dn-pattern {pattern}\n}}\n}}\n");
    case(&ldap("uid=${un},dc=a"), &ldap("uid=${un},dc=a"), &[]);
    case(
        &ldap("uid=${un},dc=a"),
        &ldap("uid=${un},dc=b"),
        &["security.ldap.user-dn-pattern: uid=${un},dc=b → uid=${un},dc=a"],
    );
    let device =
        |name: &str| format!("namespace a {{\nstorage-engine device {{\ndevice {name}\n}}\n}}\n");
    case(
        &device("/dev/a@b"),
        &device("/dev/a@c"),
        &["namespace.a.storage-engine.device: /dev/a@c → /dev/a@b"],
    );
    case(&device("/dev/@DISK@"), &device("/dev/sdb"), &[]);
}

/// A set is nothing in itself, so what no section of the template says of it is silent, whichever it was made of.
#[test]
fn what_no_section_says_of_a_set_is_silent_in_all() {
    let sets = |lines: &str| format!("namespace a {{\n{lines}\n}}\n");
    let set = |name: &str, lines: &str| format!("set {name} {{\n{lines}\n}}\n");
    let file = sets(&format!(
        "{}{}",
        set("users", "stop-writes-count 5\ndisable-eviction true"),
        set("b", "stop-writes-count 7\nenable-index true"),
    ));
    let found = [
        "namespace.a.set.b.enable-index: true → false",
        "namespace.a.set.users.disable-eviction: true → false",
    ];
    let users = set("users", "stop-writes-count 5");
    let one = set("{{ x }}", "stop-writes-count 7");
    let each = format!("{{% for x in all %}}\n{one}{{% endfor %}}\n");
    for sections in [&one, &each, &format!("{each}{one}"), &format!("{one}{one}")] {
        case(&sets(&format!("{users}{sections}")), &file, &found);
    }
    case(&sets(&format!("{one}{one}")), &file, &found);
    // One of them may say it, or any lines may come.
    let other = set("{{ y }}", "enable-index true\ndisable-eviction true");
    case(&sets(&format!("{users}{one}{other}")), &file, &[]);
    let open = set("{{ y }}", "{{ more }}");
    case(&sets(&format!("{users}{one}{open}")), &file, &[]);
    case(&sets(&format!("{users}{one}{{{{ more }}}}")), &file, &[]);
    // This one cannot be it.
    let named = set("log_{{ y }}", "enable-index true\ndisable-eviction true");
    case(&sets(&format!("{users}{each}{named}")), &file, &found);
    // The same in a namespace whose own name varies.
    let in_any = |lines: &str| sets(lines).replace("namespace a", "namespace {{ n }}");
    for sections in [&one, &each, &format!("{one}{one}")] {
        case(&in_any(&format!("{users}{sections}")), &file, &found);
    }
    case(&in_any(&format!("{users}{one}{other}")), &file, &[]);
    case(&in_any(&format!("{users}{other}{one}")), &file, &[]);
    case(&in_any(&format!("{users}{one}{open}")), &file, &[]);
}

#[test]
fn a_sink_whose_path_varies_is_a_file() {
    let sinks = |lines: &str| format!("logging {{\n{lines}\n}}\n");
    let template = sinks("file {{ folder }}/asd.log {\ncontext any info\n}");
    let file = "file /var/log/asd.log {\ncontext any info\n}";
    case(&template, &sinks(file), &[]);
    case(
        &template,
        &sinks(&file.replace("info", "debug")),
        &["logging.\"/var/log/asd.log\".any: debug → info"],
    );
    case(
        &template,
        &sinks(&format!("{file}\nconsole {{\ncontext any info\n}}")),
        &["logging.console: present → -"],
    );
}

#[test]
fn a_template_that_chooses_lets_in_what_it_chooses_from() {
    let choice = "{% if big %}\nproto-fd-max 30k\n{% elif small %}\nproto-fd-max 10k\n{% else %}\nproto-fd-max 20k\n{% endif %}";
    for right in ["proto-fd-max 30720", "proto-fd-max 10k", "proto-fd-max 20k"] {
        service(choice, right, &[]);
    }
    service(
        choice,
        "proto-fd-max 40k",
        &["service.proto-fd-max: 40k → 20k"],
    );
    let unknown = choice.replace("proto-fd-max", "whatever");
    service(&unknown, "whatever 10k", &[]);
    service(&unknown, "whatever 1", &["service.whatever: 1 → 20k"]);
    let sink = |lines: &str| format!("logging {{\nconsole {{\ncontext any info\n{lines}\n}}\n}}\n");
    let level = sink("{% if x %}\ncontext RW debug\n{% else %}\ncontext rw detail\n{% endif %}");
    case(&level, &sink("context rw DEBUG"), &[]);
    case(
        &level,
        &sink("context rw warning"),
        &["logging.console.rw: warning → detail"],
    );
    let filled = choice.replace("10k", "{{ small }}");
    service(&filled, "proto-fd-max 40k", &[]);
    let engine = |lines: &str| format!("namespace a {{\n{lines}\n}}\n");
    let engines = "{% if x %}\nstorage-engine memory {\ndata-size 4G\n}\n{% else %}\nstorage-engine device {\ndevice /dev/a\n}\n{% endif %}";
    let memory = |size: &str| engine(&format!("storage-engine memory {{\ndata-size {size}\n}}"));
    case(&engine(engines), &memory("4096M"), &[]);
    case(
        &engine(engines),
        &memory("5G"),
        &["namespace.a.storage-engine.data-size: 5G → 4G"],
    );
    let device = |name: &str| engine(&format!("storage-engine device {{\ndevice {name}\n}}"));
    case(&engine(engines), &device("/dev/a"), &[]);
}

#[test]
fn lines_that_may_come_at_the_top_are_sections_of_their_own() {
    let said = "service {\n\tproto-fd-max 20k\n}\nnamespace a {\n\treplication-factor 2\n}\n";
    let file = |more: &str| {
        said.replace("20k\n", "20k\n\tticker-interval 3\n")
            .replace("2\n}", "2\n\tnsup-period 4\n}")
            + more
    };
    let found = [
        "namespace.a.nsup-period: 4 → 0",
        "service.ticker-interval: 3 → 10",
    ];
    for line in ["{{ ansible_managed | comment }}", "__MORE__", "{{ rest }}"] {
        case(&format!("{line}\n{said}"), &file(""), &found);
    }
    let more = "security {\n}\nnamespace b {\n\tnsup-period 5\n}\nlogging {\n\tconsole {\n\t\tcontext any info\n\t}\n}\n";
    case(&format!("{said}__MORE__\n"), &file(more), &found);
    // What comes of this is a comment.
    case(
        &format!("{{{{ ansible_managed | comment }}}}\n{said}"),
        &(said.to_owned() + "namespace b {\n}\n"),
        &["namespace.b: present → -"],
    );
    case(
        &format!("{{{{ ansible_managed }}}}\n{said}"),
        &(said.to_owned() + "namespace b {\n}\n"),
        &["namespace.b: present → -"],
    );
}

#[test]
fn an_address_of_ipv6_is_the_same_however_it_is_written() {
    let network = |lines: &str| format!("network {{\n\theartbeat {{\n{lines}\n\t}}\n}}\n");
    case(
        &network("mesh-seed-address-port 2001:DB8:0::1 3002"),
        &network("mesh-seed-address-port 2001:db8::1 3002"),
        &[],
    );
    case(
        &network("mesh-seed-address-port DB1.example.com 3002"),
        &network("mesh-seed-address-port db1.example.com 3002"),
        &[],
    );
    case(
        &network("mesh-seed-address-port 2001:db8::1 3002"),
        &network("mesh-seed-address-port 2001:db8::2 3002"),
        &["network.heartbeat.mesh-seed-address-port: 2001:db8::2 3002 → 2001:db8::1 3002"],
    );
}

#[test]
fn an_address_is_a_nodes_own_but_the_group_of_a_multicast_is_everybodys() {
    let heartbeat = |address: &str, group: &str| {
        format!(
            "network {{\nheartbeat {{\nmode multicast\naddress {address}\nmulticast-group {group}\nport 9918\n}}\n}}\n"
        )
    };
    case(
        &heartbeat("10.0.0.1", "239.1.99.2"),
        &heartbeat("10.0.0.2", "239.1.99.3"),
        &["network.heartbeat.multicast-group: 239.1.99.3 → 239.1.99.2"],
    );
}
