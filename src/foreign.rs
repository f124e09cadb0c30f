//! What is dangerous in other people's text. How it is made harmless is for whoever writes it to say.

/// Control characters, and those that reorder or hide what stands around them.
pub fn is_harmful(character: char) -> bool {
    character.is_control()
        || matches!(character, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
}
