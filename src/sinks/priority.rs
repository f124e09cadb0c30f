//! The program's own priority: the server on the same machine comes first.
//!
//! The priority of reading and writing follows on Linux, unless somebody set it apart; ascad reads a few kilobytes.

/// The last in the queue.
const LOWEST: i32 = 19;

/// Lowers it. Where it is refused, nothing changes. It counts for threads that are started afterwards, so it comes
/// first of all.
pub fn lower() {
    let _ = rustix::process::nice(LOWEST);
}
