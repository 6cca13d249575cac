//! What the measurements share: a small service's worth of data, the operations over it, and the vectors of a data
//! directory.

pub mod fixture;
mod laws;
pub mod meanings;
pub mod operations;
