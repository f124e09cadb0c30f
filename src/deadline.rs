//! One deadline for everything that waits: name look-ups, connections, TLS, HTTP, Riemann.

use std::time::{Duration, Instant};

/// The moment at which a stage has to be over. Sockets take [`Deadline::remaining`] as their time-out before every
/// single read and write, so a peer that sends one byte a second gains nothing.
#[derive(Clone, Copy, Debug)]
pub struct Deadline {
    end: Instant,
}

impl Deadline {
    /// So much time from now.
    pub fn after(time: Duration) -> Deadline {
        Deadline {
            end: Instant::now() + time,
        }
    }

    /// The time that is left; `None` when it is over. Never zero, which sockets refuse as a time-out.
    pub fn remaining(self) -> Option<Duration> {
        let left = self.end.saturating_duration_since(Instant::now());
        (!left.is_zero()).then_some(left)
    }

    /// Runs `expired` on a thread of its own when the deadline passes and the process is still there. It is for
    /// what takes no time-out, such as looking up a name.
    pub fn watch(self, expired: impl FnOnce() + Send + 'static) {
        let watchdog = move || {
            while let Some(left) = self.remaining() {
                std::thread::sleep(left);
            }
            expired();
        };
        // Without a thread there is no watchdog, and the sockets' own time-outs remain.
        let _ = std::thread::Builder::new()
            .name("deadline".into())
            .stack_size(256 * 1024)
            .spawn(watchdog);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_deadline_that_has_passed_leaves_nothing() {
        assert_eq!(Deadline::after(Duration::ZERO).remaining(), None);
        assert!(
            Deadline::after(Duration::from_secs(60)).remaining() > Some(Duration::from_secs(50))
        );
    }
}
