//! Makes the inputs that fuzzing starts from, out of the fixtures, into the folder that `make fuzz` names.

use std::fs;
use std::path::Path;

use serde_json::Value as Json;

#[test]
fn the_inputs_that_fuzzing_starts_from_are_made() -> std::io::Result<()> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let elsewhere = tempfile::tempdir()?;
    // Only `make fuzz` wants them to stay.
    let corpus = match std::env::var_os("ASCAD_FUZZ_CORPUS") {
        Some(folder) => &root.join(folder),
        None => elsewhere.path(),
    };
    let fixtures = &root.join("fixtures");
    let put = |target: &str, name: String, bytes: &[u8]| {
        let folder = corpus.join(target);
        fs::create_dir_all(&folder)?;
        fs::write(folder.join(name), bytes)
    };
    let node: Json =
        serde_json::from_slice(&fs::read(fixtures.join("nodes/8.1.2.0-minimal.json"))?)?;
    let commands = node.as_object().into_iter().flatten();
    let answers: String = commands
        .filter_map(|(command, answer)| Some(format!("{command}\t{}\n", answer.as_str()?)))
        .collect();
    let mut frame = vec![2, 1];
    frame.extend_from_slice(&(answers.len() as u64).to_be_bytes()[2..]);
    put(
        "wire",
        "frame".into(),
        &[&frame, answers.as_bytes()].concat(),
    )?;
    put("wire", "reply".into(), answers.as_bytes())?;
    put(
        "wire",
        "peers".into(),
        b"2,3000,[[A1,,[10.0.0.1]],[A2,name,[[::1]:3100,10.0.0.2]]]",
    )?;
    put(
        "settings_file",
        "sample".into(),
        &fs::read(fixtures.join("../src/install/ascad.toml"))?,
    )?;
    put(
        "settings_file",
        "node".into(),
        b"[check]\nagainst = ['runtime']\n[node]\nhost = 'a'\n[riemann]\nttl = 5\n",
    )?;
    put("templates", "jinja".into(), b"service {\n proto-fd-max {{ a|default(5) }}\n{% for x in y %}\n a {{ x }}\n{% endfor %}\n}\n\0{\"a\":1,\"y\":[1]}")?;
    put(
        "templates",
        "places".into(),
        b"namespace ${NS} {\n__CLUSTER__\n}\n",
    )?;
    for (at, line) in fs::read_to_string(fixtures.join("grammar.jsonl"))?
        .lines()
        .enumerate()
    {
        let row: Json = serde_json::from_str(line)?;
        let Some(source) = row["conf"].as_str().or_else(|| row["config"].as_str()) else {
            continue;
        };
        for target in ["conf", "lint", "settings"] {
            put(target, format!("{at}"), source.as_bytes())?;
        }
        if at % 8 == 0 {
            put(
                "check",
                format!("{at}"),
                [source, source, &answers].join("\0").as_bytes(),
            )?;
        }
    }
    Ok(())
}
