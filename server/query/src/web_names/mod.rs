//! The read side of 网上名称管理: is this address an official web name, and may this name be registered?

mod check;
mod imitation;
mod reason;
mod reply;
mod spot;
mod standing;
mod validate;

pub use check::{Check, Verdict, check};
pub use imitation::Imitated;
pub use reason::Reason;
pub use reply::{AddressPart, BriefCheck, Imitates, ListedName, OwnerPart, ReasonPart, brief, owners, shown};
pub use spot::{Spotted, is_one, spot, worst_first};
pub use standing::{Standing, standing};
pub use validate::{Proposal, ValidateReply, Wanted, validate};
