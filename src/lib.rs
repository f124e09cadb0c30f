//! ascad, the Aerospike config anomaly detector: the map of the house.
//!
//! Two porches where the weather is, a hall where the story is told, and quiet rooms that only turn values into
//! values. A room uses rooms below it, never above; `tests/tidy.rs` holds this.
//!
//! ```text
//! main.rs      door           arguments → run → exit code
//! cli          letterbox      clap → Plan; nothing is opened there
//! hall         hall           one file per command: gather → settle → compare → judge → report
//! sources      porch          file · http · gitlab · node · cluster                          I/O
//! sinks        porch          stdout and files · riemann · progress                          I/O
//! report       writing room   text · nagios · checkmk · json · codequality · junit · sarif · prometheus · riemann fields
//! remedy                      difference → what mends it
//! verdict                     differences + policy → state
//! compare                     settings × n → differences
//! settings                    tree or answers + catalogue → settings (typed, canonical, with origin)
//! lint                        tree + catalogue → problems, in the server's order
//! conf                        bytes → (tree, oddities); one line at a time
//! wire                        questions → bytes, bytes → answers; no sockets
//! settings_file               text of ascad.toml → what it says
//! catalogue                   what is known of each parameter: const data, no start-up cost
//! nearest · deadline          the name that was meant; the moment at which a stage is over
//! foreign                     what is dangerous in other people's text
//! bytes · order               bytes that are looked for; sorting
//! ```
//!
//! The inner rooms cannot fail on input and are not serialisable; every output format has its own frozen structs.
//! Deliberately absent: an async runtime, global state, `unsafe`, and anything that could change a server.

pub mod bytes;
pub mod catalogue;
pub mod cli;
pub mod compare;
pub mod conf;
pub mod deadline;
pub mod foreign;
pub mod hall;
pub mod lint;
pub mod nearest;
pub mod order;
pub mod remedy;
pub mod report;
pub mod settings;
pub mod settings_file;
pub mod sinks;
pub mod sources;
pub mod verdict;
pub mod wire;
