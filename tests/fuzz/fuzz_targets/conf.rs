//! Reading any bytes ends, and what is printed reads back to the same tree.
#![no_main]

use ascad::catalogue::Release;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|source: &[u8]| {
    for release in [Release::new(6, 4, 0), Release::NEWEST_KNOWN] {
        let (tree, _) = ascad::conf::parse(source, release);
        let printed = ascad::conf::print(&tree);
        let _ = ascad::conf::parse(&printed, release);
    }
});
