//! What a person at a terminal reads while something takes longer than a second: `12 of 30 nodes answered`.
//!
//! Where nobody watches there is no thread and nothing is written.

use std::io::Write;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use super::stdout::is_watched;

/// Nobody needs to be told about what is over sooner.
const PATIENCE: Duration = Duration::from_secs(1);
/// Back to the first column, and the line is empty.
const CLEAR: &str = "\r\x1b[K";

/// A line on standard error that tells how far the work is; it goes away when this is dropped.
#[derive(Debug, Default)]
pub struct Progress {
    shared: Arc<Shared>,
    thread: Option<JoinHandle<()>>,
}

#[derive(Debug, Default)]
struct Shared {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Clone, Copy, Debug, Default)]
struct State {
    done: usize,
    of: usize,
    is_over: bool,
}

impl Progress {
    /// Waits a second, then tells how many of the `nouns` have answered, if somebody watches.
    pub fn start(nouns: &'static str) -> Progress {
        match is_watched() {
            true => Progress::on(nouns, std::io::stderr(), PATIENCE),
            false => Progress::default(),
        }
    }

    fn on(
        nouns: &'static str,
        writer: impl Write + Send + 'static,
        patience: Duration,
    ) -> Progress {
        let shared = Arc::new(Shared::default());
        let drawn = Arc::clone(&shared);
        let thread = std::thread::Builder::new()
            .name("progress".into())
            .stack_size(256 * 1024)
            .spawn(move || draw(&drawn, nouns, writer, patience));
        Progress {
            shared,
            // Without a thread there is no progress to be seen, and the work goes on.
            thread: thread.ok(),
        }
    }

    /// So many are done, so many are known; may be called from any thread.
    pub fn update(&self, done: usize, of: usize) {
        let mut state = self.shared.lock();
        (state.done, state.of) = (done, of);
        self.shared.changed.notify_all();
    }

    /// One more is done.
    pub fn advance(&self) {
        self.shared.lock().done += 1;
        self.shared.changed.notify_all();
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.shared.lock().is_over = true;
        self.shared.changed.notify_all();
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn draw(shared: &Shared, nouns: &str, mut writer: impl Write, patience: Duration) {
    let start = Instant::now();
    let mut state = shared.lock();
    while !state.is_over {
        let Some(left) = patience
            .checked_sub(start.elapsed())
            .filter(|left| !left.is_zero())
        else {
            break;
        };
        let waited = shared.changed.wait_timeout(state, left);
        state = waited.unwrap_or_else(PoisonError::into_inner).0;
    }
    let mut is_drawn = false;
    while !state.is_over {
        let (done, of) = (state.done, state.of);
        if of > 0 {
            is_drawn = true;
            let _ = write!(writer, "{CLEAR}{done} of {of} {nouns} answered")
                .and_then(|()| writer.flush());
        }
        let waited = shared.changed.wait(state);
        state = waited.unwrap_or_else(PoisonError::into_inner);
    }
    if is_drawn {
        let _ = write!(writer, "{CLEAR}").and_then(|()| writer.flush());
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc::{Receiver, Sender, channel};

    use super::*;

    /// Hands on every write.
    struct Heard(Sender<String>);

    impl Write for Heard {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            let _ = self.0.send(String::from_utf8_lossy(bytes).into_owned());
            Ok(bytes.len())
        }

        fn flush(&mut self) -> std::io::Result<()> {
            let _ = self.0.send("\n".to_owned());
            Ok(())
        }
    }

    /// The next whole line.
    fn line(receiver: &Receiver<String>) -> String {
        let pieces = std::iter::from_fn(|| receiver.recv_timeout(Duration::from_secs(10)).ok());
        pieces.take_while(|piece| piece != "\n").collect()
    }

    #[test]
    fn the_line_follows_the_work_and_goes_away() {
        let (sender, receiver) = channel();
        let progress = Progress::on("nodes", Heard(sender), Duration::ZERO);
        progress.update(1, 30);
        assert_eq!(line(&receiver), "\r\x1b[K1 of 30 nodes answered");
        progress.advance();
        assert_eq!(line(&receiver), "\r\x1b[K2 of 30 nodes answered");
        drop(progress);
        assert_eq!(line(&receiver), "\r\x1b[K");
        assert!(receiver.recv().is_err());
    }

    #[test]
    fn what_is_over_soon_is_not_told() {
        let (sender, receiver) = channel();
        let progress = Progress::on("nodes", Heard(sender), Duration::from_secs(3600));
        progress.update(30, 30);
        drop(progress);
        assert!(receiver.recv().is_err());
    }
}
