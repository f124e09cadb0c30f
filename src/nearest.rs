//! The known name that a wrong one was probably meant to be.

/// Longer names are nobody's slip of the finger, and comparing them costs the square of their length.
const LONGEST: usize = 64;

/// The candidate with the fewest slips (a letter missing, added, changed or swapped with its neighbour), if they are
/// few enough for the length of the name: one for up to four letters, else a third of them.
pub fn nearest<'a>(name: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    if name.is_empty() || name.len() > LONGEST {
        return None;
    }
    let most = (name.chars().count() / 3).max(1);
    candidates
        .into_iter()
        // Every letter more or less is a slip; a letter has at most four bytes.
        .filter(|candidate| candidate.len().abs_diff(name.len()) <= most * 4)
        .filter(|candidate| candidate.len() <= LONGEST)
        .map(|candidate| (slips(name, candidate), candidate))
        .filter(|(slips, _)| *slips <= most)
        .min_by_key(|(slips, _)| *slips)
        .map(|(_, candidate)| candidate)
}

/// `, did you mean `…`?` for the end of an error, or nothing.
pub fn did_you_mean<'a>(name: &str, candidates: impl IntoIterator<Item = &'a str>) -> String {
    nearest(name, candidates).map_or_else(String::new, |near| format!(", did you mean `{near}`?"))
}

/// The optimal string alignment distance.
fn slips(one: &str, other: &str) -> usize {
    let one: Vec<char> = one.chars().collect();
    let other: Vec<char> = other.chars().collect();
    let mut before: Vec<usize> = Vec::new();
    let mut above: Vec<usize> = (0..=other.len()).collect();
    for (row, letter) in one.iter().enumerate() {
        let mut current = vec![row + 1];
        for (column, wanted) in other.iter().enumerate() {
            let changed = above[column] + usize::from(letter != wanted);
            let mut least = changed.min(above[column + 1] + 1).min(current[column] + 1);
            let swapped =
                row > 0 && column > 0 && *letter == other[column - 1] && one[row - 1] == *wanted;
            if swapped {
                least = least.min(before[column - 1] + 1);
            }
            current.push(least);
        }
        before = std::mem::replace(&mut above, current);
    }
    above[other.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn case(name: &str, expected: Option<&str>) {
        assert_eq!(
            nearest(name, ["against", "ignore", "timeout", "url"]),
            expected
        );
    }

    #[test]
    fn a_slip_of_the_finger_is_understood_and_another_word_is_not() {
        case("agianst", Some("against"));
        case("ignores", Some("ignore"));
        case("time-out", Some("timeout"));
        case("ur", Some("url"));
        case("password", None);
        case("", None);
        case(&"a".repeat(1000), None);
    }

    #[test]
    fn the_question_ends_an_error() {
        assert_eq!(did_you_mean("ulr", ["url"]), ", did you mean `url`?");
        assert_eq!(did_you_mean("xyz", ["url"]), "");
    }
}
