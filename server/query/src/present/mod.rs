//! What was found → the reply: cards, highlights, facets, why.

mod cards;
mod echo;
mod facets;
mod order;

pub use cards::Presenter;
pub use echo::{canonical, echo, explain};
pub use facets::facets;
pub use order::{merge, sort};
