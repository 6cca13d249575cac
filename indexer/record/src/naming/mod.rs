//! May a name be had, which others could be instead, and what do the rules say of a site's names and of its measurements?
//!
//! Pure: what is registered and which places there are is asked of the [`Known`] that the caller brings. The rules themselves
//! stand in [`registration`](crate::registration), each with its source.

mod alternatives;
mod parallel;
mod precheck;
mod reachable;
mod reconcile;

pub use alternatives::{Alternative, MAX as MAX_ALTERNATIVES, alternatives};
pub use parallel::parallel;
pub use precheck::{Known, Likelihood, Precheck, Taken, precheck};
pub use reachable::{Day, Reachable, reachable};
pub use reconcile::{Here, RegistryRow, Settlement, Sides, Where};
