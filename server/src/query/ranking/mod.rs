//! What makes one hit better than another: one factor a file, each with the origin of its weight.
//!
//! A factor is a number that the text score is multiplied with; 1 means that it has no opinion.

pub mod body_level;
pub mod citations;
pub mod evidence;
pub mod norm_level;
pub mod passage;
pub mod similarity;
pub mod validity;
