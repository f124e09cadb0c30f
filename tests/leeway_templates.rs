//! What templates leave open in sinks, in engines and where parameters of any name come.

mod held;

use held::case;

#[test]
fn a_sink_in_two_branches_is_one_sink() {
    let logging = |lines: &str| format!("logging {{\n{lines}\n}}\n");
    let sink = |lines: &str| logging(&format!("console {{\n{lines}\n}}"));
    let branches = logging(
        "{% if debug %}\nconsole {\ncontext any info\ncontext migrate debug\n}\n{% else %}\nconsole {\ncontext any warning\n}\n{% endif %}",
    );
    case(
        &branches,
        &sink("context any info\ncontext migrate debug"),
        &[],
    );
    case(&branches, &sink("context any warning"), &[]);
    case(
        &branches,
        &sink("context any detail"),
        &["logging.console.any: detail → warning"],
    );
    case(
        &branches,
        &sink("context any warning\ncontext rw debug"),
        &["logging.console.rw: debug → warning"],
    );
    let turns = logging(
        "{{#a}}\nfile /x {\ncontext any info\n}\n{{/a}}\n{{^a}}\nfile /x {\ncontext any debug\n}\n{{/a}}",
    );
    case(&turns, &logging("file /x {\ncontext any info\n}"), &[]);
    // Two sinks that always come are two.
    case(
        &logging("console {\n}\nconsole {\n}"),
        &logging("console {\n}"),
        &["logging.\"console (2)\": - → present"],
    );
}

#[test]
fn a_parameter_of_any_name_lets_in_no_section() {
    let namespace = |lines: &str| format!("namespace a {{\n{lines}\n}}\n");
    let engine = |lines: &str| format!("storage-engine memory {{\ndata-size 4G\n{lines}\n}}");
    let any = "{% for name, value in options.items() %}\n{{ name }} {{ value }}\n{% endfor %}";
    let reference = namespace(&format!("{any}\n{}", engine("")));
    let file = |inside: &str| namespace(&format!("nsup-period 5\n{}", engine(inside)));
    case(&reference, &file(""), &[]);
    case(
        &reference,
        &file("evict-used-pct 60"),
        &["namespace.a.storage-engine.evict-used-pct: 60 → 0"],
    );
    let lines = namespace(&format!("{{{{ lines }}}}\n{}", engine("")));
    case(&lines, &file("evict-used-pct 60"), &[]);
}

#[test]
fn what_a_sink_logs_into_which_lines_may_come_is_not_known() {
    let sink = |lines: &str| format!("logging {{\nconsole {{\n{lines}\n}}\n}}\n");
    let file = sink("context any info\ncontext rw debug");
    case(&sink("{{ contexts }}"), &file, &[]);
    case(&sink("context {{ name }} {{ level }}"), &file, &[]);
    case(&sink("{{ line }} info"), &file, &[]);
    case(
        &sink("{% if x %}\ncontext any info\n{% endif %}"),
        &sink(""),
        &[],
    );
    case(
        &sink("{% if x %}\ncontext rw info\n{% endif %}"),
        &file,
        &[
            "logging.console.any: info → critical",
            "logging.console.rw: debug → info",
        ],
    );
}

#[test]
fn the_kind_of_an_engine_may_be_filled_in() {
    let engine = |kind: &str, lines: &str| {
        format!("namespace a {{\nstorage-engine {kind} {{\n{lines}\n}}\n}}\n")
    };
    let reference = engine(
        "{{ kind }}",
        "{% if kind == 'memory' %}\ndata-size 4G\n{% else %}\ndevice {{ device }}\n{% endif %}\nflush-max-ms 100",
    );
    case(
        &reference,
        &engine("memory", "data-size 4096M\nflush-max-ms 100"),
        &[],
    );
    case(
        &reference,
        &engine("memory", "data-size 5G\nflush-max-ms 200"),
        &[
            "namespace.a.storage-engine.data-size: 5G → 4G",
            "namespace.a.storage-engine.flush-max-ms: 200 → 100",
        ],
    );
    case(
        &reference,
        &engine("device", "device /dev/a\nflush-max-ms 100\ndefrag-sleep 5"),
        &["namespace.a.storage-engine.defrag-sleep: 5 → 1000"],
    );
    let index = |kind: &str, lines: &str| {
        format!("namespace a {{\nindex-type {kind} {{\n{lines}\n}}\n}}\n")
    };
    let reference = index("${KIND}", "mount /mnt/a\nmounts-budget 4G");
    case(
        &reference,
        &index("flash", "mount /mnt/a\nmounts-budget 4096M"),
        &[],
    );
    case(
        &reference,
        &index("pmem", "mount /mnt/a\nmounts-budget 5G"),
        &["namespace.a.index-type.mounts-budget: 5G → 4G"],
    );
}

#[test]
fn a_default_written_out_is_silence_where_a_line_is_optional() {
    let set = |line: &str| format!("namespace a {{\nset s {{\n{line}\n}}\n}}\n");
    let optional = set("{% if kept %}\ndisable-eviction true\n{% endif %}");
    case(&optional, &set(""), &[]);
    case(&optional, &set("disable-eviction false"), &[]);
    case(&optional, &set("disable-eviction true"), &[]);
    let sink = |line: &str| format!("logging {{\nconsole {{\ncontext any info\n{line}\n}}\n}}\n");
    let optional = sink("{% if loud %}\ncontext migrate debug\n{% endif %}");
    case(&optional, &sink("context migrate info"), &[]);
    case(
        &optional,
        &sink("context migrate detail"),
        &["logging.console.migrate: detail → debug"],
    );
}

#[test]
fn a_section_whose_keyword_varies_may_be_any_that_the_template_has_not() {
    let namespace = |lines: &str| format!("namespace a {{\nnsup-period 5\n{lines}\n}}\n");
    let kinds = "{% for kind in kinds %}\n{{ kind }} {\n{{ lines }}\n}\n{% endfor %}";
    let (any, sets) = (namespace(kinds), "set s {\ndisable-eviction true\n}");
    let engine = "storage-engine device {\nfile /x\nfilesize 4G\n}";
    case(&any, &namespace(sets), &[]);
    case(&any, &namespace(engine), &[]);
    case(
        &any,
        &namespace("rack-id 1\nreplication-factor 3"),
        &["namespace.a.replication-factor: 3 → 2"],
    );
    let with_engine = namespace(&format!(
        "storage-engine memory {{\ndata-size 4G\n}}\n{kinds}"
    ));
    let memory = |size: &str| namespace(&format!("storage-engine memory {{\ndata-size {size}\n}}"));
    case(&with_engine, &memory("4G"), &[]);
    case(
        &with_engine,
        &memory("8G"),
        &["namespace.a.storage-engine.data-size: 8G → 4G"],
    );
    case(kinds, "mod-lua {\nuser-path /x\n}\n", &[]);
    case(
        &format!("mod-lua {{\n}}\nservice {{\nproto-fd-max 20000\n}}\n{kinds}"),
        "service {\nproto-fd-max 15000\n}\n",
        &["service.proto-fd-max: 15000 → 20000"],
    );
}

#[test]
fn an_engine_that_a_template_chooses_has_all_its_parameters() {
    let namespace = |lines: &str| format!("namespace a {{\n{lines}\n}}\n");
    let device =
        |lines: &str| format!("storage-engine device {{\nfile /x\nfilesize 4G\n{lines}\n}}");
    let (on_files, in_memory) = (device(""), "storage-engine memory {\ndata-size 4G\n}");
    for (one, other) in [(on_files.as_str(), in_memory), (in_memory, &on_files)] {
        let chosen = format!("{{% if big %}}\n{one}\n{{% else %}}\n{other}\n{{% endif %}}");
        case(&namespace(&chosen), &namespace(&device("")), &[]);
        case(
            &namespace(&chosen),
            &namespace(&device("cache-replica-writes true")),
            &["namespace.a.storage-engine.cache-replica-writes: true → false"],
        );
    }
    let index =
        |lines: &str| format!("index-type flash {{\nmount /x\nmounts-budget 4G\n{lines}\n}}");
    let on_flash = index("");
    let chosen =
        format!("{{% if big %}}\n{on_flash}\n{{% else %}}\nindex-type shmem\n{{% endif %}}");
    case(
        &namespace(&chosen),
        &namespace(&index("evict-mounts-pct 80")),
        &["namespace.a.index-type.evict-mounts-pct: 80 → 0"],
    );
    case(&namespace(&chosen), &namespace("index-type shmem"), &[]);
}

#[test]
fn seeds_may_come_where_the_vendors_scripts_put_them() {
    let heartbeat = |lines: &str| format!("network {{\nheartbeat {{\nmode mesh\n{lines}\n}}\n}}\n");
    let reference = heartbeat("# mesh-seed-placeholder\ninterval 150");
    let seeds = "mesh-seed-address-port a 3002\nmesh-seed-address-port b 3002";
    case(&reference, &heartbeat(seeds), &[]);
    case(
        &reference,
        &heartbeat(&format!("{seeds}\ntimeout 20")),
        &["network.heartbeat.timeout: 20 → 10"],
    );
    let rendered = heartbeat("# mesh-seed-placeholder\nmesh-seed-address-port c 3002");
    case(
        &rendered,
        &rendered.replace("port c", "port d"),
        &["network.heartbeat.mesh-seed-address-port: d 3002 → c 3002"],
    );
    case(
        &heartbeat("# no mesh-seed-placeholder here"),
        &heartbeat("mesh-seed-address-port a 3002"),
        &["network.heartbeat.mesh-seed-address-port: a 3002 → -"],
    );
}
