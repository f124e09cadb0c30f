//! Bytes that are looked for among bytes.

/// A set of bytes: one look in a table for each byte of a file, however little code the compiler was asked for.
pub struct ByteSet([bool; 256]);

impl ByteSet {
    /// These bytes.
    pub const fn of(bytes: &[u8]) -> ByteSet {
        let mut table = [false; 256];
        let mut at = 0;
        while at < bytes.len() {
            table[bytes[at] as usize] = true;
            at += 1;
        }
        ByteSet(table)
    }

    /// And those from `first` to `last`.
    #[must_use]
    pub const fn and(mut self, first: u8, last: u8) -> ByteSet {
        let mut byte = first as usize;
        while byte <= last as usize {
            self.0[byte] = true;
            byte += 1;
        }
        self
    }

    /// All other bytes.
    #[must_use]
    pub const fn inverted(mut self) -> ByteSet {
        let mut byte = 0;
        while byte < 256 {
            self.0[byte] = !self.0[byte];
            byte += 1;
        }
        self
    }

    /// Where the first byte of the set is. It is never a part of its caller, whose own matters would be done for each byte.
    #[inline(never)]
    pub fn find(&self, text: &[u8]) -> Option<usize> {
        text.iter().position(|byte| self.has(*byte))
    }

    /// Whether the set has this byte.
    #[inline(always)]
    pub fn has(&self, byte: u8) -> bool {
        self.0[usize::from(byte)]
    }
}

/// Where `wanted` begins in `text`; nowhere, if it is empty.
pub fn find(text: &[u8], wanted: &[u8]) -> Option<usize> {
    memchr::memchr_iter(*wanted.first()?, text).find(|&at| text[at..].starts_with(wanted))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_set_has_the_ends_of_its_ranges() {
        let set = ByteSet::of(b"\xff").and(b'a', b'c');
        let has = |bytes: &[u8]| bytes.iter().map(|byte| set.has(*byte)).collect::<Vec<_>>();
        assert_eq!(has(b"`abcd\xff"), [false, true, true, true, false, true]);
        let other = set.inverted();
        assert!(other.has(0) && other.has(b'd') && !other.has(b'b'));
    }

    #[track_caller]
    fn case(text: &str, wanted: &str, expected: Option<usize>) {
        assert_eq!(find(text.as_bytes(), wanted.as_bytes()), expected);
    }

    #[test]
    fn the_first_place_is_found() {
        case("a--b--", "--", Some(1));
        case("{ {%", "{%", Some(2));
        case("abc", "bd", None);
        case("a", "ab", None);
        case("a", "", None);
    }
}
