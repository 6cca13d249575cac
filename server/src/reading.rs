//! Reading what is published: a law with its references as links, two versions side by side, the history of a record.

pub mod bases;
pub mod compare;
pub mod export;
pub mod facts;
pub mod history;
pub mod in_time;
pub mod links;
pub mod lists;
pub mod parallel;
mod pdf;
pub mod placed;
pub mod reform;
pub mod resting;
pub mod schemes;
pub mod then;
