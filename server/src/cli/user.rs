//! `guansou user`

use std::io::Read;

use anyhow::{Context, Result};
use clap::Subcommand;
use indexer::record::{DivisionCode, Role, State};

use crate::{
    access::{self, NewAccount},
    config::Config,
    service::Service,
    store::By,
};

/// Whoever has the machine has the command line.
const BY: By<'_> = By { author: "命令行", reason: "" };

#[derive(clap::Args)]
pub struct Args {
    #[command(subcommand)]
    what: What,
}

#[derive(Subcommand)]
enum What {
    /// 开设账户，显示一次性密码；第一个管理员由此而来，其余的由他在工作台里开设
    #[command(
        after_help = "\n例：\n  guansou user add admin --role administrator --office-name 中央编办\n  guansou user add zunyi.bb --role reviewer --division 520300 --office-name 遵义市委编办\n"
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
        /// 机构的名称（没有记录时）
        #[arg(long, value_name = "名称", default_value = "")]
        office_name: String,
        /// 从标准输入读密码，而不是自动生成
        #[arg(long)]
        password_stdin: bool,
    },
    /// 重设密码，显示一次性密码；本人登录后须先改掉
    Password {
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

pub fn run(args: &Args, config: &Config) -> Result<()> {
    let mut service = Service::open(config)?;
    let told = |name: &str, password: &str| {
        println!("账户 {name} 的密码：{password}");
        println!("只显示这一次；第一次登录时须改成自己的密码。登录：/sign-in");
    };
    match &args.what {
        What::Add { name, role, division, office, office_name, password_stdin } => {
            // Divisions and offices are told by the records.
            service.bring_in(false)?;
            let given = if *password_stdin {
                let mut text = String::new();
                std::io::stdin().take(1_000).read_to_string(&mut text).context("标准输入读不出密码")?;
                Some(text.trim_end_matches(['\r', '\n']).to_owned())
            } else {
                None
            };
            let new = NewAccount {
                name: name.clone(),
                office_id: office.clone(),
                office_name: office_name.clone(),
                role: *role,
                division: division.clone(),
            };
            let password = access::create(&service.store, new, given.as_deref(), &BY)?;
            match given {
                None => told(name, &password),
                Some(_) => println!("账户 {name} 已开设；第一次登录时须改密码。登录：/sign-in"),
            }
        }
        What::Password { name } => {
            access::find(&service.store, name)?.with_context(|| format!("没有账户 {name}"))?;
            let password = access::Passwords::make()?;
            access::set_password(&service.store, name, &password, true)?;
            told(name, &password);
        }
        What::Close { name } => {
            access::set_standing(&service.store, name, false, &BY)?;
            println!("账户 {name} 已停用");
        }
        What::List => {
            for (record, a) in access::list(&service.store, &DivisionCode::nation())? {
                let standing = if record.state == State::Approved { "使用中" } else { "已停用" };
                println!("{}　{}　{}　区划 {}　{standing}", a.name, a.role.label(), a.office_name, a.division);
            }
        }
    }
    Ok(())
}
