//! A query walks one way: understand → plan → run → present.

pub mod reply;
