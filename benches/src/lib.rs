//! What the micro benches and the instruction counts share: a small service's worth of data and the operations over it.

pub mod fixture;
mod laws;
pub mod operations;
