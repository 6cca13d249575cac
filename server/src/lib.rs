//! 官搜 Guansou: the record store, the query path and the HTTP shell around the index.

pub mod access;
pub mod backup;
mod called;
pub mod cli;
mod clock;
pub mod config;
pub mod control;
pub mod corrections;
mod descriptors;
pub mod desk;
pub mod exchange;
#[cfg(test)]
mod fault_tests;
mod follow;
pub mod fsck;
mod host;
pub mod http;
pub mod intake;
#[cfg(test)]
mod kill_tests;
pub mod meaning;
pub mod naming;
pub mod notices;
pub mod packages;
mod private;
mod progress;
pub mod pull;
mod reading;
pub mod report;
pub mod service;
pub mod sharing;
mod source;
mod threads;
pub mod workflow;

pub use ::{query, store};
pub use query::{urls, web_names};
