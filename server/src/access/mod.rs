//! Who may do what: accounts of offices, keys of other systems, and the one function that decides.
//!
//! Everything is denied but what [`may`] allows. Pages and interfaces ask it, and nothing else does the deciding.

mod accounts;
mod allowances;
mod attempts;
mod keys;
mod links;
mod password_hashes;
mod passwords;
mod quotas;
mod session_table;
mod sessions;
mod tokens;

use indexer::record::{COMMAND_LINE, DivisionCode, Role, Scope};

pub use accounts::{
    AccountError, Maker, NewAccount, account_id, actor, actor_of, author, confirm, create, decline, find, list,
    new_link, office, set_role, set_standing,
};
pub use allowances::{Allowances, Exceeded, Submitted};
pub use attempts::Attempts;
pub use keys::{KeyError, NewKey, create as create_key, find as find_key, list as list_keys, withdraw as withdraw_key};
pub use links::{LINK_HOURS, LinkError, account_of, set_password};
pub use password_hashes::{NotHashed, has_password, now_known_password};
pub use passwords::{Passwords, WeakPassword};
pub use quotas::Quotas;
pub use session_table::{DEVICE_DAYS, SESSION_HOURS, Tokens};
pub use sessions::{
    ChangeError, Session, SignInError, by_token, canonical, change_password, is_form_of, sign_in, sign_out,
};
pub use tokens::{hash as token_hash, token};

/// Somebody who is known: an account that has signed in, or a key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Actor {
    /// As the log names it.
    pub name: String,
    pub office_id: Option<String>,
    pub office_name: String,
    pub division: DivisionCode,
    pub rights: Rights,
    /// Accounts whose work this is too: those that made or hold a key.
    pub behind: Vec<String>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Rights {
    Account(Role),
    Key(Vec<Scope>),
}

impl Actor {
    /// What its office is distinguished by. A name that somebody gave says nothing beyond the division that gave it.
    pub fn office(&self) -> String {
        self.office_id.clone().unwrap_or_else(|| format!("{}/{}", self.division, self.office_name))
    }

    /// Whoever works on the command line, and could write the data directory by any other program too.
    pub fn operator() -> Self {
        Self {
            name: COMMAND_LINE.to_owned(),
            office_id: None,
            office_name: "命令行".to_owned(),
            division: DivisionCode::nation(),
            rights: Rights::Account(Role::Reviewer),
            behind: Vec::new(),
        }
    }

    pub fn role(&self) -> Option<Role> {
        match self.rights {
            Rights::Account(role) => Some(role),
            Rights::Key(_) => None,
        }
    }
}

/// What is done. Reading what is public is open to everyone and is no act.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Act {
    /// Reading drafts, queues, suggestions of readers and how they went.
    Read,
    /// Writing a submission, changing it, handing it in, taking it back.
    Submit,
    /// Saying that a submission is right.
    Approve,
    /// Giving it back, publishing what was approved, withdrawing what was published.
    Review,
    /// Taking a submission in hand for its review, and giving it back to the others.
    Take,
    /// Giving a submission to a colleague for its review.
    Assign,
    /// Reading and writing what writers and reviewers say to each other about a submission.
    Comment,
    /// Answering a reader's suggestion.
    Answer,
    /// Making a task for an office, ending one, closing it with a reason.
    Settle,
    /// Making, changing and closing accounts and keys.
    Manage,
    /// Confirming a role that another administrator asked for.
    Confirm,
    /// Reading the whole log of changes.
    Audit,
    /// Reading what offices share with each other and not with the public.
    Consult,
}

impl Act {
    pub const ALL: [Act; 13] = [
        Self::Read,
        Self::Submit,
        Self::Approve,
        Self::Review,
        Self::Take,
        Self::Assign,
        Self::Comment,
        Self::Answer,
        Self::Settle,
        Self::Manage,
        Self::Confirm,
        Self::Audit,
        Self::Consult,
    ];

    fn label(self) -> &'static str {
        match self {
            Self::Read => "查看",
            Self::Submit => "报送",
            Self::Approve => "核准",
            Self::Review => "审核",
            Self::Take => "取走办理",
            Self::Assign => "交给同事办理",
            Self::Comment => "留言",
            Self::Answer => "答复",
            Self::Settle => "办理任务",
            Self::Manage => "管理账户和密钥",
            Self::Confirm => "确认别的管理员给出的角色",
            Self::Audit => "核对变更日志",
            Self::Consult => "查阅内部资料",
        }
    }
}

/// An act as a type, by which a handler says what whoever calls it has to be allowed to do.
pub trait Needed: Send + Sync + 'static {
    const ACT: Act;
}

/// Every [`Act`] as a type.
pub mod acts {
    macro_rules! acts {
        ($($name:ident),*) => {$(
            #[doc = concat!("See [`Act::", stringify!($name), "`](super::Act::", stringify!($name), ").")]
            pub struct $name;

            impl super::Needed for $name {
                const ACT: super::Act = super::Act::$name;
            }
        )*};
    }
    acts!(Read, Submit, Approve, Review, Take, Assign, Comment, Answer, Settle, Manage, Audit, Consult);
}

/// What it is done to.
#[derive(Debug, Clone, Copy)]
pub struct Subject<'a> {
    /// The division that the record belongs to.
    pub division: &'a DivisionCode,
    /// The office whose draft it is; `None`: nobody's yet.
    pub office: Option<&'a str>,
    /// Accounts that wrote it, or asked for it.
    pub authors: &'a [String],
}

impl<'a> Subject<'a> {
    /// Something of a division that nobody has written.
    pub fn of(division: &'a DivisionCode) -> Self {
        Self { division, office: None, authors: &[] }
    }
}

/// Why not.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Denied {
    #[error("请先登录")]
    NotSignedIn,
    #[error("{label}需要{needed}的账户，您的账户是{own}")]
    Role { label: &'static str, needed: String, own: &'static str },
    #[error("这个密钥没有“{0}”的权限")]
    Scope(&'static str),
    #[error("此事属于区划 {division}，不在您的账户所管的 {own} 之内")]
    Division { division: DivisionCode, own: DivisionCode },
    #[error("这份报送是别的机构的，只有它自己的报送员可以改动")]
    Office,
    #[error("这份报送是别的机构的，只有它自己的报送员和管到它的审核员可以留言")]
    OthersTalk,
    #[error("您参与了这份报送的撰写，须由另一位审核员核准")]
    FourEyes,
    #[error("这个角色是您自己给出的，须由另一位管理员确认")]
    SecondAdministrator,
    #[error("{0} 不是本机构或下级的账户，或者不能审核这份报送")]
    NoColleague(String),
}

/// One row of the rules: who may do an act.
struct Rule {
    act: Act,
    roles: &'static [Role],
    scope: Option<Scope>,
    whose: Whose,
    /// Nobody who wrote it.
    four_eyes: bool,
}

/// Whose drafts an act may be done to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Whose {
    Anyones,
    /// Only those of one's own office.
    OwnOffices,
    /// Those of one's own office; a reviewer's are all that come before them.
    OwnOfficesOrReviewed,
}

/// Every act within one's division and below it, but for what offices share. No role contains another: whoever gives
/// out accounts approves nothing, and a key never approves, since a system is not a second pair of eyes.
const RULES: [Rule; 13] = [
    Rule { act: Act::Read, roles: &Role::ALL, scope: Some(Scope::Submit), whose: Whose::Anyones, four_eyes: false },
    Rule {
        act: Act::Submit,
        roles: &[Role::Contributor, Role::Reviewer],
        scope: Some(Scope::Submit),
        whose: Whose::OwnOffices,
        four_eyes: false,
    },
    Rule { act: Act::Approve, roles: &[Role::Reviewer], scope: None, whose: Whose::Anyones, four_eyes: true },
    Rule { act: Act::Review, roles: &[Role::Reviewer], scope: None, whose: Whose::Anyones, four_eyes: false },
    Rule { act: Act::Take, roles: &[Role::Reviewer], scope: None, whose: Whose::Anyones, four_eyes: true },
    // Whoever wrote it does not choose who reviews it either.
    Rule {
        act: Act::Assign,
        roles: &[Role::Reviewer, Role::Administrator],
        scope: None,
        whose: Whose::Anyones,
        four_eyes: true,
    },
    Rule {
        act: Act::Comment,
        roles: &[Role::Contributor, Role::Reviewer],
        scope: None,
        whose: Whose::OwnOfficesOrReviewed,
        four_eyes: false,
    },
    Rule {
        act: Act::Answer,
        roles: &[Role::Contributor, Role::Reviewer],
        scope: None,
        whose: Whose::Anyones,
        four_eyes: false,
    },
    Rule {
        act: Act::Settle,
        roles: &[Role::Contributor, Role::Reviewer],
        scope: None,
        whose: Whose::Anyones,
        four_eyes: false,
    },
    Rule { act: Act::Manage, roles: &[Role::Administrator], scope: None, whose: Whose::Anyones, four_eyes: false },
    Rule { act: Act::Confirm, roles: &[Role::Administrator], scope: None, whose: Whose::Anyones, four_eyes: true },
    Rule { act: Act::Audit, roles: &[Role::Administrator], scope: None, whose: Whose::Anyones, four_eyes: false },
    Rule { act: Act::Consult, roles: &Role::ALL, scope: Some(Scope::Consult), whose: Whose::Anyones, four_eyes: false },
];

/// Whether `who` may give this to `colleague` for its review: one of the same office, or of a division below, who may
/// take it in hand.
pub fn may_give(who: &Actor, colleague: &Actor, on: &Subject<'_>) -> Result<(), Denied> {
    may(Some(who), Act::Assign, on)?;
    let below = who.division != colleague.division && who.division.covers(&colleague.division);
    let near = who.name != colleague.name && (who.office() == colleague.office() || below);
    if near && may(Some(colleague), Act::Take, on).is_ok() {
        Ok(())
    } else {
        Err(Denied::NoColleague(colleague.name.clone()))
    }
}

/// Whether `who` may do this to that; the one place that decides.
pub fn may(who: Option<&Actor>, act: Act, on: &Subject<'_>) -> Result<(), Denied> {
    let who = who.ok_or(Denied::NotSignedIn)?;
    // Every act has its row; an act without one is denied to all.
    let rule = RULES.iter().find(|rule| rule.act == act).ok_or(Denied::NotSignedIn)?;
    match &who.rights {
        Rights::Account(role) if !rule.roles.contains(role) => {
            let needed = rule.roles.iter().map(|r| r.label()).collect::<Vec<_>>().join("或");
            return Err(Denied::Role { label: act.label(), needed, own: role.label() });
        }
        Rights::Key(scopes) if rule.scope.is_none_or(|scope| !scopes.contains(&scope)) => {
            return Err(Denied::Scope(act.label()));
        }
        Rights::Account(_) | Rights::Key(_) => {}
    }
    // What offices share goes up and down the line of divisions; all other acts are for one's own and those below.
    let shared = act == Act::Consult && on.division.covers(&who.division);
    if !who.division.covers(on.division) && !shared {
        return Err(Denied::Division { division: on.division.clone(), own: who.division.clone() });
    }
    let foreign = on.office.is_some_and(|office| *office != who.office());
    match rule.whose {
        Whose::OwnOffices if foreign => return Err(Denied::Office),
        Whose::OwnOfficesOrReviewed if foreign && who.role() != Some(Role::Reviewer) => return Err(Denied::OthersTalk),
        _ => {}
    }
    if rule.four_eyes && on.authors.contains(&who.name) {
        return Err(if act == Act::Confirm { Denied::SecondAdministrator } else { Denied::FourEyes });
    }
    Ok(())
}

#[cfg(test)]
pub(crate) mod samples {
    use super::{Actor, Rights, Role};

    /// Somebody of an office of a division, who signed in.
    pub fn actor(name: &str, role: Role, division: &str) -> Actor {
        Actor {
            name: name.into(),
            office_id: None,
            office_name: format!("{name}的机构"),
            division: division.parse().unwrap(),
            rights: Rights::Account(role),
            behind: Vec::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(text: &str) -> DivisionCode {
        text.parse().unwrap()
    }

    fn actor(rights: Rights, division: &str) -> Actor {
        Actor {
            name: "甲".into(),
            office_id: None,
            office_name: "遵义市委编办".into(),
            division: code(division),
            rights,
            behind: Vec::new(),
        }
    }

    /// Every role and act, in one's own division: the table that the rules must agree with, written out by hand.
    #[test]
    fn each_role_may_do_what_the_table_says() {
        use Act::*;
        let table: [(Role, [(Act, bool); 13]); 4] = [
            (
                Role::Reader,
                [
                    (Read, true),
                    (Submit, false),
                    (Approve, false),
                    (Review, false),
                    (Take, false),
                    (Assign, false),
                    (Comment, false),
                    (Answer, false),
                    (Settle, false),
                    (Manage, false),
                    (Confirm, false),
                    (Audit, false),
                    (Consult, true),
                ],
            ),
            (
                Role::Contributor,
                [
                    (Read, true),
                    (Submit, true),
                    (Approve, false),
                    (Review, false),
                    (Take, false),
                    (Assign, false),
                    (Comment, true),
                    (Answer, true),
                    (Settle, true),
                    (Manage, false),
                    (Confirm, false),
                    (Audit, false),
                    (Consult, true),
                ],
            ),
            (
                Role::Reviewer,
                [
                    (Read, true),
                    (Submit, true),
                    (Approve, true),
                    (Review, true),
                    (Take, true),
                    (Assign, true),
                    (Comment, true),
                    (Answer, true),
                    (Settle, true),
                    (Manage, false),
                    (Confirm, false),
                    (Audit, false),
                    (Consult, true),
                ],
            ),
            (
                Role::Administrator,
                [
                    (Read, true),
                    (Submit, false),
                    (Approve, false),
                    (Review, false),
                    (Take, false),
                    (Assign, true),
                    (Comment, false),
                    (Answer, false),
                    (Settle, false),
                    (Manage, true),
                    (Confirm, true),
                    (Audit, true),
                    (Consult, true),
                ],
            ),
        ];
        for (role, cells) in table {
            assert_eq!(cells.map(|(act, _)| act), Act::ALL, "every act has its cell");
            for (act, allowed) in cells {
                let who = actor(Rights::Account(role), "520300");
                // In and below the division: as the table says. Above, beside and for the nation: never, but that what
                // offices share is read from below.
                for (division, inside) in [
                    ("520300", true),
                    ("520302", true),
                    ("520302001", true),
                    ("520000", false),
                    ("520400", false),
                    ("000000", false),
                ] {
                    let told = may(Some(&who), act, &Subject::of(&code(division)));
                    let shared = act == Consult && division != "520400";
                    assert_eq!(told.is_ok(), allowed && (inside || shared), "{role:?} {act:?} {division}: {told:?}");
                }
            }
        }
    }

    /// What offices are told of the roles is what the rules say: a row an act, a column a role.
    #[test]
    fn the_table_for_offices_says_what_the_rules_say() {
        let manual = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/office.md");
        let manual = std::fs::read_to_string(manual).unwrap();
        let rows: Vec<Vec<&str>> = manual
            .lines()
            .skip_while(|line| !line.starts_with("| 做什么 |"))
            .take_while(|line| line.starts_with('|'))
            .map(|line| line.trim_matches('|').split('|').map(str::trim).collect())
            .collect();
        let roles: Vec<Role> =
            rows[0][1..].iter().map(|label| *Role::ALL.iter().find(|role| role.label() == *label).unwrap()).collect();
        assert_eq!(roles, Role::ALL);
        let acts: Vec<&Vec<&str>> = rows.iter().skip(2).collect();
        assert_eq!(acts.len(), Act::ALL.len());
        for act in Act::ALL {
            let row = acts.iter().find(|row| row[0].split('：').next() == Some(act.label()));
            let row = row.unwrap_or_else(|| panic!("no row for {}", act.label()));
            let own = code("000000");
            for (role, told) in roles.iter().zip(&row[1..]) {
                let allowed = may(Some(&actor(Rights::Account(*role), "000000")), act, &Subject::of(&own)).is_ok();
                assert_eq!(*told, if allowed { "是" } else { "" }, "{role:?} {act:?}");
            }
        }
    }

    #[test]
    fn nobody_may_do_anything_unknown_and_keys_only_hand_in_and_consult() {
        let division = code("520300");
        let on = Subject::of(&division);
        for act in Act::ALL {
            assert_eq!(may(None, act, &on), Err(Denied::NotSignedIn));
            assert!(may(Some(&actor(Rights::Key(vec![Scope::Search]), "000000")), act, &on).is_err());
            let hands_in = may(Some(&actor(Rights::Key(Scope::ALL.to_vec()), "000000")), act, &on).is_ok();
            assert_eq!(hands_in, matches!(act, Act::Read | Act::Submit | Act::Consult), "{act:?}");
        }
    }

    #[test]
    fn drafts_are_their_offices_and_nobody_approves_what_they_wrote() {
        let division = code("520300");
        let who = actor(Rights::Account(Role::Reviewer), "520000");
        let authors = ["甲".to_owned()];
        let own = Subject { division: &division, office: Some("520000/遵义市委编办"), authors: &authors };
        assert_eq!(may(Some(&who), Act::Submit, &own), Ok(()));
        assert_eq!(may(Some(&who), Act::Approve, &own), Err(Denied::FourEyes));
        assert_eq!(may(Some(&who), Act::Take, &own), Err(Denied::FourEyes));
        assert_eq!(may(Some(&who), Act::Comment, &own), Ok(()));
        assert_eq!(
            may(Some(&who), Act::Review, &own),
            Ok(()),
            "giving back and withdrawing need no second pair of eyes"
        );
        let other = Subject { office: Some("520300/遵义市委编办"), ..own };
        assert_eq!(may(Some(&who), Act::Submit, &other), Err(Denied::Office));
        assert_eq!(may(Some(&who), Act::Comment, &other), Ok(()), "it comes before the reviewer");
        let writes = actor(Rights::Account(Role::Contributor), "520000");
        assert_eq!(may(Some(&writes), Act::Comment, &own), Ok(()));
        assert_eq!(may(Some(&writes), Act::Comment, &other), Err(Denied::OthersTalk));
        assert_eq!(may(Some(&who), Act::Approve, &Subject { authors: &[], ..other }), Ok(()));
        let first = actor(Rights::Account(Role::Administrator), "520300");
        assert_eq!(may(Some(&first), Act::Confirm, &own), Err(Denied::SecondAdministrator));
        assert_eq!(may(Some(&first), Act::Confirm, &Subject { authors: &["乙".to_owned()], ..own }), Ok(()));
    }

    #[test]
    fn submissions_are_given_to_colleagues_of_the_office_or_below_who_may_review_them() {
        let named = |name: &str, office: &str, role: Role, division: &str| Actor {
            name: name.into(),
            office_name: office.into(),
            ..actor(Rights::Account(role), division)
        };
        let division = code("520302");
        let authors = ["写".to_owned()];
        let on = Subject { division: &division, office: Some("520302/甲局"), authors: &authors };
        for role in [Role::Reviewer, Role::Administrator] {
            let who = named("甲", "市委编办", role, "520300");
            for (colleague, may) in [
                (named("乙", "市委编办", Role::Reviewer, "520300"), true),
                (named("区", "区委编办", Role::Reviewer, "520302"), true),
                // Themselves, another office of the division, one above, one beside, one who may not review, one who
                // wrote it.
                (named("甲", "市委编办", Role::Reviewer, "520300"), false),
                (named("乙", "市公安局", Role::Reviewer, "520300"), false),
                (named("乙", "省委编办", Role::Reviewer, "520000"), false),
                (named("乙", "汇川区委编办", Role::Reviewer, "520303"), false),
                (named("乙", "市委编办", Role::Contributor, "520300"), false),
                (named("写", "市委编办", Role::Reviewer, "520300"), false),
            ] {
                let told = may_give(&who, &colleague, &on);
                assert_eq!(told.is_ok(), may, "{role:?} {colleague:?}: {told:?}");
            }
        }
        let colleague = named("乙", "市委编办", Role::Reviewer, "520300");
        for role in [Role::Reader, Role::Contributor] {
            assert!(may_give(&named("甲", "市委编办", role, "520300"), &colleague, &on).is_err(), "{role:?}");
        }
        let wrote = named("写", "市委编办", Role::Reviewer, "520300");
        assert_eq!(may_give(&wrote, &colleague, &on), Err(Denied::FourEyes), "nobody chooses who reviews their own");
    }

    #[test]
    fn what_offices_share_goes_up_and_down_the_line_of_divisions() {
        let reader = actor(Rights::Account(Role::Reader), "520300");
        let may = |who: &Actor, division: &str| may(Some(who), Act::Consult, &Subject::of(&code(division))).is_ok();
        for (division, right) in [("520300", true), ("520302", true), ("520000", true), ("000000", true)] {
            assert_eq!(may(&reader, division), right, "{division}");
        }
        for division in ["520100", "520102", "530000", "110000"] {
            assert!(!may(&reader, division), "{division}");
        }
        assert!(may(&actor(Rights::Key(vec![Scope::Consult]), "520300"), "520300"));
        assert!(!may(&actor(Rights::Key(vec![Scope::Submit, Scope::Search]), "520300"), "520300"));
    }
}
