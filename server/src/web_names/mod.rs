//! The read side of 网上名称管理: is this address an official web name, and may this name be registered?

mod check;
mod imitation;
mod reply;
mod spot;
mod validate;

pub use check::{Check, Reason, Verdict, check};
pub use imitation::Imitated;
pub use reply::{
    AddressPart, Answer, BriefCheck, CheckReply, Imitates, ListedName, OwnerPart, ReasonPart, answer, attach, brief,
};
pub use spot::{Spotted, is_one, spot, worst_first};
pub use validate::{Proposal, ValidateReply, Wanted, validate};
