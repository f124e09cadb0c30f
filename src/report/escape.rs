//! Foreign text made harmless: control characters, and the ones that reorder a line, are spelt out.

use std::borrow::Cow;

use crate::foreign::is_harmful;

/// The text on one line, safe for a terminal.
pub fn clean(text: &str) -> Cow<'_, str> {
    if !text.chars().any(is_harmful) {
        return Cow::Borrowed(text);
    }
    let mut safe = String::with_capacity(text.len() + 8);
    for c in text.chars() {
        match c {
            '\n' => safe.push_str("\\n"),
            '\r' => safe.push_str("\\r"),
            '\t' => safe.push_str("\\t"),
            c if is_harmful(c) && u32::from(c) < 0x100 => {
                safe.push_str(&format!("\\x{:02x}", u32::from(c)))
            }
            c if is_harmful(c) => safe.push_str(&format!("\\u{{{:x}}}", u32::from(c))),
            c => safe.push(c),
        }
    }
    Cow::Owned(safe)
}

/// At most `most` characters; what is cut is marked.
pub fn shortened(text: &str, most: usize) -> Cow<'_, str> {
    match text.char_indices().nth(most) {
        None => Cow::Borrowed(text),
        Some(_) => {
            let kept: String = text.chars().take(most.saturating_sub(1)).collect();
            Cow::Owned(kept + "…")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn control_characters_are_spelt_out_and_letters_are_left_alone() {
        assert_eq!(clean("a\x1b[31mb\nc\u{202e}d"), "a\\x1b[31mb\\nc\\u{202e}d");
        assert_eq!(clean("café ‹1›"), "café ‹1›");
    }

    #[test]
    fn long_text_is_cut_at_a_character() {
        assert_eq!(shortened("ééééé", 3), "éé…");
        assert_eq!(shortened("abc", 3), "abc");
    }
}
