//! Files: paths and standard input. An error here says what was wrong with a file; which one it was stands before it,
//! once, and whoever asked for it knows that.

use std::fs::File;
use std::io::{ErrorKind, Read};
use std::path::Path;
use std::time::SystemTime;

use anyhow::{Context, Result, bail};

use crate::bytes::ByteSet;

use super::classify::has_section;

const UNREADABLE: &str = "it cannot be read";

/// No configuration and no recording is larger; 16 MiB.
pub const LARGEST: u64 = 16 * 1024 * 1024;

/// A file, read.
#[derive(Clone, Debug)]
pub struct FileRead {
    /// Its bytes.
    pub bytes: Vec<u8>,
    /// When it was last changed; `None` for standard input.
    pub changed: Option<SystemTime>,
}

/// A file of which reading and comparing takes milliseconds; 1 MiB.
const SMALL: u64 = 1024 * 1024;

/// Whether this is a file that can be read at once, and not a pipe, a device or a very large one.
pub fn is_quick(path: &Path) -> bool {
    std::fs::metadata(path).is_ok_and(|about| about.is_file() && about.len() <= SMALL)
}

/// What is said of a file that is not there.
pub const MISSING: &str = "expected a file, but found none";

/// Reads a file that is not longer than [`LARGEST`].
pub fn read(path: &Path) -> Result<FileRead> {
    let file = match File::open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == ErrorKind::NotFound => {
            bail!(MISSING)
        }
        Err(error) => return Err(error).context(UNREADABLE),
    };
    let about = file.metadata().context(UNREADABLE)?;
    if about.is_dir() {
        bail!("expected a file, but found a directory");
    }
    if about.len() > LARGEST {
        bail!(
            "expected at most 16 MiB, but found {} MiB",
            about.len() / (1024 * 1024)
        );
    }
    let bytes = take(file, about.len()).context(UNREADABLE)?;
    Ok(FileRead {
        bytes,
        changed: about.modified().ok(),
    })
}

/// Reads standard input to its end.
pub fn read_standard_input() -> Result<FileRead> {
    let bytes = take(std::io::stdin().lock(), 0).context(UNREADABLE)?;
    Ok(FileRead {
        bytes,
        changed: None,
    })
}

/// Reads to the end, which is expected after so many bytes.
fn take(source: impl Read, length: u64) -> Result<Vec<u8>> {
    // One byte more, so that the end is seen without a larger buffer.
    let mut bytes = Vec::with_capacity(usize::try_from(length + 1)?);
    source.take(LARGEST + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > LARGEST {
        bail!("expected at most 16 MiB, but found more");
    }
    Ok(bytes)
}

/// Control characters but for white space.
static BINARY: ByteSet = ByteSet::of(b"").and(0, b'\t' - 1).and(b'\r' + 1, b' ' - 1);

/// Refuses what is no configuration at all: nothing, binary data, or text of something else.
pub fn expect_text(bytes: &[u8]) -> Result<()> {
    if bytes.iter().all(u8::is_ascii_whitespace) {
        bail!("expected a configuration, but found an empty file");
    }
    let head = &bytes[..bytes.len().min(1024)];
    let odd = head.iter().filter(|byte| BINARY.has(**byte)).count();
    if odd * 10 > head.len() {
        bail!("expected a configuration, but found binary data");
    }
    if !has_section(bytes) {
        bail!(
            "expected a configuration, but found none of its sections (`service`, `network`, `namespace` …)"
        );
    }
    Ok(())
}
