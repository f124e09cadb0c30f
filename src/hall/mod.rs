//! The hall.
