//! The register of names as a table, as of a day: name, mark, holder, mailbox of its office, state, last day. Nothing of persons
//! stands in it.

use indexer::record::{Body, Date, Record, State, WebName};

use super::flat::line;
use crate::{
    desk::Desk,
    store::{RecordStore, StoreError, listings::List},
};

/// Marks of one name that are looked through.
const MAX_MARKS: usize = 20;

const COLUMNS: [&str; 11] =
    ["名称", "编码形式", "网站标识", "持有单位", "单位编号", "联系邮箱", "状态", "注册", "到期", "主域名", "截至"];

/// Hands out the rows, the header first, until `take` wants no more.
pub fn register(
    store: &RecordStore,
    desk: &Desk,
    today: Date,
    take: &mut dyn FnMut(Vec<u8>) -> bool,
) -> Result<(), StoreError> {
    let header = line(COLUMNS.map(str::to_owned).to_vec())?;
    if !take([b"\xEF\xBB\xBF".to_vec(), header].concat()) {
        return Ok(());
    }
    store.each_until("web_name", &mut |record| {
        let row = match &record.body {
            Body::WebName(name) if record.state == State::Published => row(store, desk, today, &record, name)?,
            _ => None,
        };
        Ok(row.is_none_or(&mut *take))
    })
}

fn row(
    store: &RecordStore,
    desk: &Desk,
    today: Date,
    record: &Record,
    name: &WebName,
) -> Result<Option<Vec<u8>>, StoreError> {
    let Some(life) = &name.life else { return Ok(None) };
    let stage = life.stage(&desk.name_terms.of(&name.ascii).terms, today);
    let day = |day: Option<Date>| day.map(|day| day.to_string()).unwrap_or_default();
    let holder = |text: &str| if stage.is_held() { text.to_owned() } else { String::new() };
    let cells = vec![
        name.name.clone(),
        name.ascii.clone(),
        mark(store, &record.id)?,
        holder(&name.institution_name),
        holder(name.institution_id.as_deref().unwrap_or_default()),
        holder(&life.contact),
        stage.label().to_owned(),
        life.registered.to_string(),
        day(life.expires),
        life.main_name.clone().unwrap_or_default(),
        today.to_string(),
    ];
    line(cells).map(Some)
}

/// The mark that stands for a name, where one does.
fn mark(store: &RecordStore, name: &str) -> Result<String, StoreError> {
    for (_, id) in store.list(&List::RestsOn(name), None, MAX_MARKS)? {
        let marks = store.get(&id)?.filter(Record::is_public).and_then(|record| record.body.vouches());
        if marks.is_some_and(|mark| mark.holds) {
            return Ok(id);
        }
    }
    Ok(String::new())
}
