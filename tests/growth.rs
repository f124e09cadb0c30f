//! What comes out is no longer than what went in deserves, however much of it there is. How long it takes is measured
//! by `make bench`.

mod shapes;

use std::fmt::Write;

use ascad::conf;
use ascad::report::conf as written;
use ascad::settings::answers::{self, Hints};
use shapes::{ANSWERS, FILES, RELEASE, compared, repeated, settled};

#[test]
fn what_is_shown_of_a_file_grows_with_its_size_and_no_faster() {
    for (name, count, text) in FILES {
        let lengths = [count, count * 10].map(|count| {
            let text = text(count);
            let file = settled(&text);
            assert_eq!(compared(&file, &file), 0, "{name}");
            let shown = written::conf(&file);
            assert!(shown.len() < 100 * text.len(), "{name}");
            let (tree, _) = conf::parse(text.as_bytes(), RELEASE);
            assert!(conf::print(&tree).len() < 100 * text.len(), "{name}");
            shown.len()
        });
        // Numbers get longer, too.
        assert!(lengths[1] <= 20 * lengths[0] + 1000, "{name}: {lengths:?}");
    }
}

#[test]
fn what_is_shown_of_answers_grows_with_their_size_and_no_faster() {
    for (command, part) in ANSWERS {
        let lengths = [1000, 10_000].map(|count| {
            let answers = shapes::answers(command, repeated(count, part));
            let seen = answers::settle(&answers, &Hints::default());
            written::conf(&seen.settings).len()
        });
        assert!(
            lengths[1] <= 20 * lengths[0] + 1000,
            "{command}: {lengths:?}"
        );
    }
}

#[test]
fn a_hundred_thousand_settings_are_compared_one_by_one() {
    let file = |value: u32| {
        let mut text = String::new();
        for namespace in 0..100 {
            let _ = writeln!(text, "namespace n{namespace} {{");
            for set in 0..500 {
                let _ = writeln!(
                    text,
                    "set s{set} {{\nstop-writes-count {value}\nenable-index true\n}}"
                );
            }
            text.push_str("}\n");
        }
        settled(&text)
    };
    let (one, other) = (file(1), file(2));
    assert_eq!(one.count(), 100_000);
    assert_eq!(compared(&one, &one), 0);
    assert_eq!(compared(&one, &other), 50_000);
}
