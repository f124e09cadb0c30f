//! Reports into files: whole or not at all.
//!
//! ```text
//! prepare   is there a folder that takes a file?          before the work, so that a slip fails at once
//! begin     aside in the same folder                      what is written piece by piece
//! finish    fsync ─> rename                               a reader never sees half a report
//! ```
//! Colours are for terminals and stay out. What is no ordinary file (`/dev/stderr`, a pipe) is written as it is, for it cannot be renamed onto.

use std::fs::{self, File, OpenOptions};
use std::io::{self, BufWriter, Write};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use anstream::adapter::StripBytes;
use anyhow::{Context, Result, bail};

/// Who may read a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Readers {
    /// Who may read what is there already; else whom the umask allows.
    Usual,
    /// Everybody: the node exporter runs as somebody else.
    Everybody,
}

/// A file that will be written.
#[derive(Clone, Debug)]
pub struct Place {
    /// As the user wrote it.
    named: PathBuf,
    /// Where it really is: a symbolic link stays one.
    path: PathBuf,
    readers: Readers,
    is_ordinary: bool,
}

impl Place {
    /// Makes sure that a file can be written there, and leaves nothing behind.
    pub fn prepare(path: &Path, readers: Readers) -> Result<Place> {
        let real = fs::canonicalize(path);
        let is_ordinary = match fs::metadata(path) {
            Ok(found) if found.is_dir() => {
                bail!(
                    "expected a file at `{}`, but found a directory",
                    path.display()
                )
            }
            Ok(found) => found.is_file(),
            Err(_) => true,
        };
        let place = Place {
            named: path.to_owned(),
            path: real.unwrap_or_else(|_| to_be(path)),
            readers,
            is_ordinary,
        };
        if is_ordinary {
            let (aside, _) = place.open_aside()?;
            drop(aside);
        } else {
            OpenOptions::new()
                .write(true)
                .open(path)
                .with_context(|| place.cannot())?;
        }
        Ok(place)
    }

    /// As the user wrote it.
    pub fn name(&self) -> std::path::Display<'_> {
        self.named.display()
    }

    /// Whether it is the file that has this path, however that is spelt.
    pub fn is(&self, path: &Path) -> bool {
        self.is_ordinary && fs::canonicalize(path).is_ok_and(|real| real == self.path)
    }

    /// Whether what is written here is lost when the other is written.
    pub fn is_same(&self, other: &Place) -> bool {
        self.is_ordinary && self.path == other.path
    }

    /// Writes the report in the place of what is there. On an error what was there before is still there.
    pub fn write(&self, text: &str) -> Result<()> {
        let mut whole = self.begin()?;
        // The error is kept for the end.
        let _ = whole.write_all(text.as_bytes());
        whole.finish()
    }

    /// Begins a report that is written piece by piece.
    pub fn begin(&self) -> Result<Whole> {
        let (aside, file) = match self.is_ordinary {
            true => {
                let (aside, file) = self.open_aside()?;
                (Some(aside), file)
            }
            false => {
                let file = OpenOptions::new().write(true).open(&self.path);
                (None, file.with_context(|| self.cannot())?)
            }
        };
        Ok(Whole {
            place: self.clone(),
            aside,
            file: BufWriter::new(file),
            colours: StripBytes::new(),
            fault: None,
        })
    }

    /// A new file in the same folder. Its name has no ending that anybody looks for.
    fn open_aside(&self) -> Result<(Aside, File)> {
        let name = self.path.file_name().with_context(|| {
            format!(
                "expected a file at `{}`, but found a directory",
                self.named.display()
            )
        })?;
        let name = name.to_string_lossy();
        let id = std::process::id();
        for number in 0..100 {
            let path = self
                .path
                .with_file_name(format!(".{name}.{id}-{number}.ascad"));
            match OpenOptions::new().write(true).create_new(true).open(&path) {
                Ok(file) => return Ok((Aside { path }, file)),
                // Somebody of our number did not live to tidy up.
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
                Err(error) => return Err(error).with_context(|| self.cannot()),
            }
        }
        bail!("{}: too many files were left behind", self.cannot())
    }

    fn cannot(&self) -> String {
        format!("cannot write `{}`", self.named.display())
    }
}

/// Where a file will lie that is not there yet.
fn to_be(path: &Path) -> PathBuf {
    let folder = path.parent().filter(|folder| *folder != Path::new(""));
    let folder = fs::canonicalize(folder.unwrap_or(Path::new(".")));
    match (folder, path.file_name()) {
        (Ok(folder), Some(name)) => folder.join(name),
        (Err(_), _) | (_, None) => path.to_owned(),
    }
}

/// A report that is being written. Nobody sees it before [`Whole::finish`], and nobody ever if that is not called.
#[derive(Debug)]
pub struct Whole {
    place: Place,
    aside: Option<Aside>,
    file: BufWriter<File>,
    colours: StripBytes,
    /// What went wrong first: whoever writes piece by piece need not look.
    fault: Option<io::Error>,
}

impl Whole {
    /// Puts the report where it belongs, if all of it was written.
    pub fn finish(mut self) -> Result<()> {
        let written = match self.fault.take() {
            Some(fault) => Err(fault),
            None => self.put(),
        };
        written.with_context(|| self.place.cannot())
    }

    fn put(&mut self) -> io::Result<()> {
        self.file.flush()?;
        let Some(aside) = &self.aside else {
            return Ok(());
        };
        let file = self.file.get_ref();
        match (self.place.readers, fs::metadata(&self.place.path)) {
            (Readers::Everybody, _) => file.set_permissions(fs::Permissions::from_mode(0o644))?,
            (Readers::Usual, Ok(before)) => file.set_permissions(before.permissions())?,
            (Readers::Usual, Err(_)) => {}
        }
        file.sync_all()?;
        fs::rename(&aside.path, &self.place.path)
    }
}

impl Write for Whole {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        for piece in self.colours.strip_next(bytes) {
            if let Err(error) = self.file.write_all(piece) {
                let told = io::Error::from(error.kind());
                self.fault.get_or_insert(error);
                return Err(told);
            }
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

/// A file that vanishes, unless it was renamed.
#[derive(Debug)]
struct Aside {
    path: PathBuf,
}

impl Drop for Aside {
    fn drop(&mut self) {
        // After the rename there is nothing of this name.
        let _ = fs::remove_file(&self.path);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(folder: &Path) -> Vec<String> {
        let entries = fs::read_dir(folder).unwrap();
        entries
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect()
    }

    #[test]
    fn a_file_is_replaced_and_nothing_is_left_beside_it() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("ascad.prom");
        fs::write(&path, "before").unwrap();
        let place = Place::prepare(&path, Readers::Everybody).unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), "before");
        place.write("\x1b[1maftér\x1b[0m\n").unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), "aftér\n");
        assert_eq!(
            fs::metadata(&path).unwrap().permissions().mode() & 0o777,
            0o644
        );
        assert_eq!(names(folder.path()), ["ascad.prom"]);
    }

    #[test]
    fn whoever_may_read_the_file_may_read_its_successor() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("report.json");
        fs::write(&path, "before").unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).unwrap();
        let place = Place::prepare(&path, Readers::Usual).unwrap();
        place.write("after").unwrap();
        let mode = fs::metadata(&path).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o640);
    }

    #[test]
    fn preparing_leaves_nothing() {
        let folder = tempfile::tempdir().unwrap();
        Place::prepare(&folder.path().join("report.json"), Readers::Usual).unwrap();
        assert!(names(folder.path()).is_empty());
    }

    #[test]
    fn what_is_not_finished_was_never_there() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("report");
        fs::write(&path, "before").unwrap();
        let place = Place::prepare(&path, Readers::Usual).unwrap();
        let mut whole = place.begin().unwrap();
        whole.write_all(b"half").unwrap();
        drop(whole);
        assert_eq!(fs::read_to_string(&path).unwrap(), "before");
        assert_eq!(names(folder.path()), ["report"]);
    }

    #[test]
    fn a_link_stays_a_link() {
        let folder = tempfile::tempdir().unwrap();
        let (real, link) = (folder.path().join("real"), folder.path().join("link"));
        fs::write(&real, "before").unwrap();
        std::os::unix::fs::symlink(&real, &link).unwrap();
        let place = Place::prepare(&link, Readers::Usual).unwrap();
        place.write("after").unwrap();
        assert_eq!(fs::read_to_string(&real).unwrap(), "after");
        assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
    }

    #[test]
    fn a_place_that_takes_no_file_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let fails = |path: &Path, words: &str| {
            let error = format!("{:#}", Place::prepare(path, Readers::Usual).unwrap_err());
            let shown = error.replace(&folder.path().display().to_string(), "FOLDER");
            assert_eq!(shown, words);
        };
        fails(
            folder.path(),
            "expected a file at `FOLDER`, but found a directory",
        );
        fails(
            &folder.path().join("none/report"),
            "cannot write `FOLDER/none/report`: No such file or directory (os error 2)",
        );
    }

    #[test]
    fn a_full_disk_is_said() {
        let place = Place::prepare(Path::new("/dev/full"), Readers::Usual).unwrap();
        let error = format!("{:#}", place.write("report").unwrap_err());
        assert_eq!(
            error,
            "cannot write `/dev/full`: No space left on device (os error 28)"
        );
    }
}
