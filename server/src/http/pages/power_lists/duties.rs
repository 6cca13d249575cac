//! A draft of an institution's duties: a line for each item and each stage of its kind of power that has none yet, as a
//! table that is edited and handed in. Nothing of it is published by itself.

use axum::response::Response;
use indexer::record::{
    Body, KINDS, Record,
    lists::{ListRow, PowerSort},
};

use super::asked::{Asking, answered};
use crate::{
    exchange::flat,
    http::{Problem, cache::Rendered},
    reading::lists::findings::{Duties, items},
};

pub async fn table(asking: Asking) -> Result<Response, Problem> {
    answered(asking, |app, _, _, asked| {
        let duties = Duties::of(asked.rows);
        let kind = KINDS
            .iter()
            .copied()
            .find(|kind| matches!(Body::blank(kind.name).and_then(|body| body.listed()), Some(ListRow::Duty(_))));
        let kind = kind.ok_or_else(|| Problem::not_found("没有责任事项这一类记录"))?;
        let mut csv = flat::header(kind)?;
        for (id, item) in items(asked.rows).filter(|(_, item)| item.is_exercised() && item.sort != PowerSort::Service) {
            let there = duties.belonging_to(id, item);
            for stage in app.desk.duty_stages.of(item.sort) {
                if there.iter().any(|duty| duty.stage == stage.stage) {
                    continue;
                }
                let Some(mut body) = Body::blank(kind.name) else { continue };
                let title = format!("{}：{}", item.name, stage.stage);
                let typed = |column: &'static indexer::record::Column| match column.name {
                    "title" => Some(title.as_str()),
                    "power" => Some(item.name.as_str()),
                    "power_ids" => Some(id),
                    "owner_name" => Some(item.owner.name.as_str()),
                    "owner_id" => item.owner.id.as_deref(),
                    "division" => Some(item.owner.division.as_str()),
                    "stage" => Some(stage.stage.as_str()),
                    "text" => Some(stage.duty.as_str()),
                    "duties_basis" => Some(stage.source.as_str()),
                    "list_version" => Some(item.version.as_str()),
                    _ => None,
                };
                // A name that no form would take is left to whoever mends it.
                if body.fill(typed).is_ok() {
                    let draft = Record::published(String::new(), Some(asked.division.clone()), Vec::new(), body);
                    csv.extend(flat::row(&draft, None)?);
                }
            }
        }
        Ok(Rendered::new(csv, "text/csv; charset=utf-8"))
    })
    .await
}
