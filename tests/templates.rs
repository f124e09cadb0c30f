//! Templates as they are found in public repositories.
#![allow(clippy::print_stdout)]

use ascad::catalogue::Release;
use ascad::conf::{parse, template};

/// The files of the corpus, where it lies: `ASCAD_CORPUS`, else beside the repository. Whatever their dialect, what is
/// left of them has the structure of a configuration, and plain files are never taken for templates.
#[test]
fn the_corpus_is_told_apart() {
    let folder = std::env::var("ASCAD_CORPUS").unwrap_or_else(|_| "../shared/corpus".into());
    let Ok(index) = std::fs::read_to_string(format!("{folder}/INDEX.tsv")) else {
        println!("skipped: no corpus at `{folder}`, ASCAD_CORPUS names another place");
        return;
    };
    for row in index.lines().skip(1) {
        let columns: Vec<&str> = row.split('\t').collect();
        let bytes = std::fs::read(format!("{folder}/{}", columns[0])).unwrap();
        let template = template::read(&bytes);
        assert_eq!(template.is_template(), columns[2] == "yes", "{row}");
        if !template.is_template() {
            continue;
        }
        let whole = [(4, 9), (6, 4), (8, 0)].iter().any(|&(major, minor)| {
            let (_, oddities) = parse(&template.text, Release::new(major, minor, 0));
            !oddities.iter().any(|oddity| oddity.kind.breaks_structure())
        });
        assert!(whole, "{row}");
    }
}
