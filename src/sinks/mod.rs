//! The porch where reports go to. All writing to the outside is here.

pub mod files;
pub mod priority;
pub mod progress;
pub mod riemann;
pub mod stdout;
