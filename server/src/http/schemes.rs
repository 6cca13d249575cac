//! A scheme of organization by its id, for whoever may read it.

use indexer::record::{Record, kind_named, kinds::staffing_scheme::comparison::Held, staffing};

use super::{App, Problem, records::absent};
use crate::reading::schemes::{MaySee, is_read_by, the_public};

/// A published scheme.
pub fn find_scheme(app: &App, id: &str) -> Result<Record, Problem> {
    find_scheme_read(app, id, &the_public)
}

/// A published scheme that somebody reads; else it is as if it were not there.
pub fn find_scheme_read(app: &App, id: &str, may_see: MaySee<'_>) -> Result<Record, Problem> {
    let kind = kind_named(staffing::SCHEME).map_or("", |kind| kind.label);
    let record =
        app.store.get(id)?.filter(|record| is_read_by(record, may_see)).filter(|record| Held::of(record).is_some());
    record.ok_or_else(|| absent(app, id, kind))
}
