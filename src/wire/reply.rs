//! The body of a reply: lines back to the commands that they answer.

use std::fmt;

use nom::bytes::complete::take_till;
use nom::character::complete::char;
use nom::combinator::opt;
use nom::sequence::preceded;
use nom::{IResult, Parser};

use super::answers::is_error;
use super::{Answers, Question};

/// The node refused the whole message, in these words and without repeating a command: `ERROR:80:not authenticated`
/// where security is on and nobody has logged in, `ERROR:9:timeout` where it was too busy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refused(pub String);

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "answered `{}` to everything", self.0)?;
        if self.0.contains("not authenticated") {
            f.write_str(", are `--user` and `--password` missing?")?;
        }
        Ok(())
    }
}

impl std::error::Error for Refused {}

/// Adds what `body` answers to the questions that were `asked`, each found by the text of its command: up to 7.0 an
/// unknown command gets no line, some empty values come without the tab, and nothing promises an order. A line that
/// nobody asked for is passed over. Bytes that are no UTF-8 become `U+FFFD`.
///
/// An error without a command stands for every command that got no line of its own; when that is all there is, the
/// whole reply is [`Refused`].
pub fn decode_reply(asked: &[Question], body: &[u8], answers: &mut Answers) -> Result<(), Refused> {
    let body = String::from_utf8_lossy(body);
    let commands: Vec<String> = asked.iter().map(Question::to_string).collect();
    let mut open: std::collections::HashSet<&str> = commands.iter().map(String::as_str).collect();
    let mut refusal = None;
    let mut rest = &*body;
    while !rest.is_empty() {
        // Every text has a first line; a remainder that had none would end the loop.
        let Ok((after, (command, value))) = line(rest) else {
            break;
        };
        rest = after;
        if open.remove(command) {
            answers.insert(command, value.unwrap_or(""));
        } else if is_error(command) || command.contains("not authenticated") {
            refusal.get_or_insert_with(|| command.to_owned());
        }
    }
    let Some(refusal) = refusal else {
        return Ok(());
    };
    if open.len() == commands.len() {
        return Err(Refused(refusal));
    }
    for command in commands
        .iter()
        .filter(|command| open.contains(command.as_str()))
    {
        answers.insert(command, refusal.clone());
    }
    Ok(())
}

/// `line = command [TAB value] [LF]`; only the last line of a reply may lack its newline.
fn line(text: &str) -> IResult<&str, (&str, Option<&str>)> {
    let command = take_till(|c| c == '\t' || c == '\n');
    let value = preceded(char('\t'), take_till(|c| c == '\n'));
    let (rest, found) = (command, opt(value)).parse(text)?;
    let (rest, _) = opt(char('\n')).parse(rest)?;
    Ok((rest, found))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::wire::{Name, Refusal, encode_questions};

    const ASKED: [Question; 3] = [Question::Build, Question::Logs, Question::Node];

    #[track_caller]
    fn case(body: &str, expected: Result<&[(&str, &str)], &str>) {
        let mut answers = Answers::default();
        let result = decode_reply(&ASKED, body.as_bytes(), &mut answers);
        let found: Vec<(&str, &str)> = answers.iter().collect();
        match expected {
            Ok(expected) => {
                assert_eq!(result, Ok(()), "{body:?}");
                assert_eq!(found, expected, "{body:?}");
            }
            Err(words) => {
                assert_eq!(result, Err(Refused(words.to_owned())), "{body:?}");
                assert!(found.is_empty(), "{body:?}");
            }
        }
    }

    #[test]
    fn answers_are_found_by_their_command_and_not_by_their_place() {
        let in_order = [("build", "8.1.2.0"), ("logs", "0:a"), ("node", "A1")];
        case("build\t8.1.2.0\nlogs\t0:a\nnode\tA1\n", Ok(&in_order));
        case("node\tA1\nbuild\t8.1.2.0\nlogs\t0:a\n", Ok(&in_order));
        case(
            "node\tA1\nlogs\t0:a\nget-sl:\tx\ny\nbuild\t8.1.2.0\n",
            Ok(&in_order),
        );
    }

    #[test]
    fn an_unknown_command_may_get_no_line_and_an_empty_value_no_tab() {
        case(
            "build\t5.7.0.31\nlogs\n",
            Ok(&[("build", "5.7.0.31"), ("logs", "")]),
        );
        case(
            "build\t5.7.0.31\nlogs\t\n",
            Ok(&[("build", "5.7.0.31"), ("logs", "")]),
        );
        case("build\t5.7.0.31", Ok(&[("build", "5.7.0.31")]));
        case("", Ok(&[]));
        case("\n\n\t\n", Ok(&[]));
    }

    #[test]
    fn a_value_may_hold_tabs() {
        case("build\ta\tb\n", Ok(&[("build", "a\tb")]));
    }

    #[test]
    fn an_error_without_a_command_is_the_whole_replys() {
        case(
            "ERROR:80:not authenticated\n",
            Err("ERROR:80:not authenticated"),
        );
        case(
            "ERROR:80:not authenticated\t\n",
            Err("ERROR:80:not authenticated"),
        );
        case("ERROR:9:timeout", Err("ERROR:9:timeout"));
        case("not authenticated\n", Err("not authenticated"));
    }

    #[test]
    fn an_error_after_some_answers_stands_for_the_missing_ones() {
        case(
            "build\t8.1.2.0\nERROR:9:timeout\n",
            Ok(&[
                ("build", "8.1.2.0"),
                ("logs", "ERROR:9:timeout"),
                ("node", "ERROR:9:timeout"),
            ]),
        );
    }

    #[test]
    fn an_error_of_one_command_is_kept_as_its_answer() {
        let mut answers = Answers::default();
        let body = b"build\t8.1.2.0\nlogs\tERROR:4:unrecognized command\nnode\tA1\n";
        decode_reply(&ASKED, body, &mut answers).unwrap();
        assert_eq!(
            answers.value("logs"),
            Err(Refusal::Error("ERROR:4:unrecognized command".to_owned()))
        );
    }

    #[test]
    fn bytes_that_are_no_text_are_replaced() {
        let mut answers = Answers::default();
        decode_reply(&ASKED, b"node\t\xff1\n", &mut answers).unwrap();
        assert_eq!(answers.value("node"), Ok("\u{fffd}1"));
    }

    proptest! {
        #[test]
        fn any_bytes_are_decoded_without_panic(body in proptest::collection::vec(any::<u8>(), 0..300)) {
            let _ = decode_reply(&ASKED, &body, &mut Answers::default());
        }

        #[test]
        fn what_a_node_says_is_what_is_heard(values in proptest::collection::vec("[^\n]{0,20}", 1..8)) {
            let asked: Vec<Question> = (0..values.len())
                .filter_map(|place| Name::new(&format!("ns{place}")).map(Question::Sets))
                .collect();
            let commands = String::from_utf8(encode_questions(&asked)).unwrap();
            let body: String = commands
                .lines()
                .zip(&values)
                .map(|(command, value)| format!("{command}\t{value}\n"))
                .collect();
            let mut answers = Answers::default();
            decode_reply(&asked, body.as_bytes(), &mut answers).unwrap();
            for (command, value) in commands.lines().zip(&values) {
                prop_assert!(answers.iter().any(|pair| pair == (command, value.as_str())));
            }
        }
    }
}
