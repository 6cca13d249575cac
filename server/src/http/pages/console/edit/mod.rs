//! Changing a record: a form with what it is now, which becomes a submission; changing a draft; taking out; bringing back.

mod draft;
mod form;
mod new;
mod standing;
mod withdraw;

pub use draft::{revise, revise_page};
pub use form::hand_in;
pub use new::{new, new_page};
pub use standing::{page, submit};
pub use withdraw::{restore, withdraw, withdraw_page};
