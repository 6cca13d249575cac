//! 从这里开始: the three first steps of each role, with what it can do here.

use askama::Template;
use axum::{extract::State, http::StatusCode, response::Response};
use indexer::record::Role;

use super::{super::private, Me};
use crate::{
    access::{Actor, acts},
    http::{App, Problem, signed::SignedIn},
    urls,
};

/// A step: what to do, why, and where.
pub struct FirstStep {
    pub title: &'static str,
    pub says: &'static str,
    pub url: String,
    pub link: &'static str,
}

/// What somebody's role can do here, and where to begin.
pub struct Start {
    pub role: &'static str,
    pub meaning: &'static str,
    pub steps: Vec<FirstStep>,
}

impl Start {
    pub fn new(who: &Actor) -> Self {
        let role = who.role().unwrap_or(Role::Reader);
        let step = |title, says, url: &str, link| FirstStep { title, says, url: url.to_owned(), link };
        let steps = match role {
            Role::Reader => vec![
                step("看本地区的报送", "报送到了哪一步、谁在办、依据什么。", "/console/queue", "报送情况"),
                step("查内部资料", "只在机构之间共享的口径、答复、统计。", "/console/shared", "内部资料"),
                step("看要办的任务", "法规和机构变动之后要核对的记录，按期限排列。", "/console/tasks", "任务"),
            ],
            Role::Contributor => vec![
                match &who.office_id {
                    Some(id) => step(
                        "核对本机构的页面",
                        "名称、网址、电话有误的，在页面上点“更正”。",
                        &urls::institution(id),
                        "本机构的页面",
                    ),
                    None => step(
                        "找到本机构的页面",
                        "有误的点“更正”；没有的，新建一个。",
                        "/console/new/institutions",
                        "新的机构",
                    ),
                },
                step(
                    "上传一份文件",
                    "先读出标题、文号、日期和条文，核对之后提交审核；公布以前可以预览。",
                    "/console/upload",
                    "上传文件",
                ),
                step(
                    "看报送到哪一步",
                    "退回的写着理由；审核员的留言在报送的页面上。",
                    "/console/queue?tab=own",
                    "本机构报送",
                ),
            ],
            Role::Reviewer => vec![
                step("看待办的报送", "等得最久的在前；可以先取走，别人看得到是您在办。", "/console/queue", "待办"),
                step(
                    "打开一份，预览，再核准或退回",
                    "改动逐项对照；“预览”是公布以后的样子；自己参与撰写的须由别人核准。",
                    "/console/queue?tab=taken",
                    "我取走的",
                ),
                step(
                    "答复读者的建议",
                    "采纳的点“更正”一并报送，不采纳的选一个理由。",
                    "/console/corrections",
                    "纠错建议",
                ),
            ],
            Role::Administrator => vec![
                step(
                    "给报送员、审核员开设账户",
                    "把只显示一次的链接交给本人，由本人设置密码。",
                    "/console/accounts",
                    "账户",
                ),
                step(
                    "请另一位管理员确认角色",
                    "审核员和管理员要由第二位管理员确认；您也可以确认别人给出的。",
                    "/console/accounts",
                    "待确认的角色",
                ),
                step("给机构的系统开设密钥", "按用途给最少的权限，写明保管人和有效期。", "/console/keys", "接口密钥"),
            ],
        };
        Self { role: role.label(), meaning: role.meaning(), steps }
    }
}

#[derive(Template)]
#[template(path = "console/start.html")]
struct Page {
    q: String,
    me: Me,
    start: Start,
}

pub async fn page(State(_): State<App>, SignedIn(session, _): SignedIn<acts::Read>) -> Result<Response, Problem> {
    private(StatusCode::OK, &Page { q: String::new(), me: Me::new(&session), start: Start::new(&session.actor) })
}
