//! `guansou user`

use std::io::Read;

use anyhow::{Context, Result};
use clap::Subcommand;
use indexer::record::{DivisionCode, Role, State};

use super::task::{AUTHOR, Task, line};
use crate::{
    access::{self, LINK_HOURS, Maker, NewAccount},
    report::Report,
    store::{By, RecordStore},
};

/// Accounts read at once.
const PER_PAGE: usize = 500;
const BY: By<'_> = By { author: AUTHOR, reason: "" };

#[derive(clap::Args)]
pub struct Args {
    #[command(subcommand)]
    what: What,
}

#[derive(Subcommand)]
enum What {
    /// 开设账户，显示本人设置密码的一次性链接；头两个管理员由此而来，其余的由他们在工作台里开设
    #[command(
        after_help = "\n机构须是库里的：写编号，或写全称。只有库里还没有任何机构时，全称可以是没有记录的。\n链接前面加上本站的网址，交给本人打开。\n\n例：\n  guansou user add admin --role administrator --office-name 中央机构编制委员会办公室\n  guansou user add zunyi.bb --role reviewer --division 520300 --office 520300-bb\n"
    )]
    Add {
        /// 账户名：小写字母、数字或 . _ -
        #[arg(value_name = "账户名")]
        name: String,
        /// 角色：reader 查阅员、contributor 报送员、reviewer 审核员、administrator 管理员
        #[arg(long, value_name = "角色", value_parser = role)]
        role: Role,
        /// 角色在此区划和下级有效；不写为全国
        #[arg(long, value_name = "代码", value_parser = division, default_value = "000000")]
        division: DivisionCode,
        /// 机构的编号，即机构页面地址的最后一段
        #[arg(long, value_name = "编号", conflicts_with = "office_name")]
        office: Option<String>,
        /// 机构的全称（须是库里的机构）
        #[arg(long, value_name = "名称", default_value = "")]
        office_name: String,
        /// 从标准输入读第一个密码，本人登录后须先改掉；不写则显示链接
        #[arg(long)]
        password_stdin: bool,
    },
    /// 重设密码：原密码作废，显示本人设置新密码的一次性链接
    Password {
        #[arg(value_name = "账户名")]
        name: String,
    },
    /// 确认一位管理员给出的角色（没有第二位管理员时）
    Confirm {
        #[arg(value_name = "账户名")]
        name: String,
    },
    /// 停用账户
    Close {
        #[arg(value_name = "账户名")]
        name: String,
    },
    /// 列出账户
    List,
}

fn role(text: &str) -> Result<Role, String> {
    let known = Role::ALL.into_iter().find(|r| r.name() == text || r.label() == text);
    known.ok_or_else(|| format!("可用：{}", Role::ALL.map(Role::name).join("、")))
}

fn division(text: &str) -> Result<DivisionCode, String> {
    text.parse().map_err(|e| format!("{e}"))
}

pub fn task(args: Args) -> Result<Task> {
    Ok(match args.what {
        What::Add { name, role, division, office, office_name, password_stdin } => {
            let password = password_stdin.then(read_password).transpose()?;
            Task::UserAdd { name, role, division, office, office_name, password }
        }
        What::Password { name } => Task::UserPassword { name },
        What::Confirm { name } => Task::UserConfirm { name },
        What::Close { name } => Task::UserClose { name },
        What::List => Task::UserList,
    })
}

fn read_password() -> Result<String> {
    let mut text = String::new();
    std::io::stdin().take(1_000).read_to_string(&mut text).context("标准输入读不出密码")?;
    Ok(text.trim_end_matches(['\r', '\n']).to_owned())
}

pub fn add(store: &RecordStore, new: NewAccount, given: Option<&str>, tell: &mut Report<'_>) -> Result<()> {
    let name = new.name.clone();
    match access::create(store, new, given, Maker::Operator, &BY)? {
        Some(token) => show_once(&name, &token, tell),
        None => line(tell, format!("账户 {name} 已开设；第一次登录时须改密码。登录：/sign-in")),
    }
}

pub fn password(store: &RecordStore, name: &str, tell: &mut Report<'_>) -> Result<()> {
    let token = access::new_link(store, name, Maker::Operator, &BY)?;
    show_once(name, &token, tell)
}

pub fn confirm(store: &RecordStore, name: &str, tell: &mut Report<'_>) -> Result<()> {
    let role = access::confirm(store, name, &BY)?;
    line(tell, format!("账户 {name} 现在是{}", role.label()))
}

pub fn close(store: &RecordStore, name: &str, tell: &mut Report<'_>) -> Result<()> {
    access::set_standing(store, name, false, &BY)?;
    line(tell, format!("账户 {name} 已停用"))
}

pub fn list(store: &RecordStore, tell: &mut Report<'_>) -> Result<()> {
    let mut after = None;
    loop {
        let page = access::list(store, &DivisionCode::nation(), after.as_deref(), PER_PAGE)?;
        for (record, a) in page.records {
            let standing = if record.state == State::Approved { "使用中" } else { "已停用" };
            let asked = a.asked.map_or_else(String::new, |asked| format!("　待确认：{}", asked.role.label()));
            let (role, office) = (a.role.label(), a.office_name);
            line(tell, format!("{}　{role}　{office}　区划 {}　{standing}{asked}", a.name, a.division))?;
        }
        after = page.next;
        if after.is_none() {
            return Ok(());
        }
    }
}

fn show_once(name: &str, token: &str, tell: &mut Report<'_>) -> Result<()> {
    line(tell, format!("账户 {name} 的本人设置密码的链接：/set-password/{token}"))?;
    line(tell, format!("前面加上本站的网址，交给本人打开；只显示这一次，{LINK_HOURS} 小时内有效，用过即失效"))
}
