//! Where a command's work is done: here, or by the service that runs over the data directory and has the store for
//! itself.

use anyhow::{Context, Result, anyhow};

use super::{
    chain,
    task::{OpenData, Task},
    terminal::on_terminal,
};
use crate::{
    config::Config,
    control::{self, Listening},
    report::Report,
    service::Service,
    store::RecordStore,
};

/// Does a task where it can be done.
pub fn run(config: &Config, task: Task) -> Result<()> {
    on_terminal(|tell| match control::connect(&config.data) {
        Some(service) => {
            let answer = service.ask(&task, tell).context("与正在运行的服务通信时出错")?;
            answer.map_err(|why| anyhow!(why))
        }
        None => here(config, task, tell),
    })
}

/// A running service has brought in what it serves, and follows what is changed; without one, both are done here.
fn here(config: &Config, task: Task, tell: &mut Report<'_>) -> Result<()> {
    let (before, after) = (matches!(task, Task::UserAdd { .. }), matches!(task, Task::RecordWithdraw { .. }));
    if !before && !after {
        let dir = config.data.join("store");
        // What checks a store tells what is wrong with it, and does not end at it.
        let examines = matches!(task, Task::Fsck | Task::AuditVerify { .. });
        let store = match examines {
            true => RecordStore::open_to_examine(config.store, &dir)?,
            false => RecordStore::open(config.store, &dir)?,
        };
        return task.run(&OpenData { store: &store, data: &config.data }, tell);
    }
    let mut service = Service::open(config)?;
    if before {
        // Divisions and offices are told by the records.
        service.bring_in(false)?;
    }
    task.run(&OpenData { store: &service.store, data: &config.data }, tell)?;
    if after {
        service.generation(false)?;
    }
    Ok(())
}

/// Lets a service do tasks for the command line until what is returned is dropped. Where that cannot be, it is
/// reported, and the service runs all the same.
pub fn listen(service: &Service) -> Option<Listening> {
    let (store, data) = (service.store.clone(), service.config.data.clone());
    let work = move |task: Task, tell: &mut Report<'_>| {
        task.run(&OpenData { store: &store, data: &data }, tell).map_err(|error| chain(&error))
    };
    match control::listen(&service.config.data, work) {
        Ok(listening) => Some(listening),
        Err(error) => {
            tracing::warn!(
                "无法在数据目录中建立控制套接字（{error}）：服务运行期间，backup、fsck、audit、record、user 命令不能用，须先停止服务"
            );
            None
        }
    }
}
