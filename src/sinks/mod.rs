//! The porch where reports go to. All writing to the outside is here.

pub mod stdout;
