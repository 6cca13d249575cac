//! Tables of the kinds that are made of their columns alone: `<path of the kind>.csv`, with the names of its columns, and
//! where the facts and the addresses come from.

use super::{Reader, one_of, required, table::each_row};
use crate::{ReadError, Report};
use record::{Body, Evidence, Info, KINDS, Record};

impl Reader<'_> {
    /// Reads the table of every general kind. A corpus without the table of a kind has no records of it.
    pub(super) fn general(&self, report: &mut Report) -> Result<Vec<Record>, ReadError> {
        let mut all = Vec::new();
        for kind in KINDS.iter().copied().filter(|kind| kind.general) {
            let file = format!("{}.csv", kind.path);
            if !self.dir.join(&file).exists() {
                continue;
            }
            all.extend(self.records_of(kind, &file, report)?);
        }
        Ok(all)
    }

    fn records_of(&self, kind: &'static Info, file: &str, report: &mut Report) -> Result<Vec<Record>, ReadError> {
        let given = kind.columns.iter().filter(|column| column.given).map(|column| column.name);
        let columns: Vec<&str> = given.chain(["evidence", "sources"]).collect();
        let mut records: Vec<Record> = Vec::new();
        each_row(self.dir, file, &columns, &[], report, &mut |row| {
            let mut body = Body::blank(kind.name).ok_or("这类记录不能从表中读取")?;
            body.fill(|column| Some(row.get(column.name))).map_err(|faults| {
                let told = faults.iter().map(|(column, fault)| format!("{}：{fault}", column.name));
                told.collect::<Vec<_>>().join("；")
            })?;
            let sources = row.list("sources");
            if sources.is_empty() {
                return Err("sources 为空：每条事实都要有来源".into());
            }
            self.not_bound_alone(&sources)?;
            let provenance = sources.iter().map(|s| self.known(s).map(|s| self.provenance(&s.id, row.location())));
            let provenance = provenance.collect::<Result<_, _>>()?;
            if !body.sites().is_empty() {
                required(&row, "evidence")?;
                let evidence = one_of(&row, "evidence", &Evidence::ALL, Evidence::name)?;
                for site in body.sites_mut().into_iter().flatten() {
                    (site.evidence, site.sources) = (evidence, sources.clone());
                }
            }
            let id = body.id().ok_or("这类记录没有由内容而来的编号")?;
            if records.iter().any(|known| known.id == id) {
                return Err(format!("{}在同一区划出现了两次", body.title()));
            }
            let owner = body.division().filter(|division| !division.is_nation()).cloned();
            records.push(Record::published(id, owner, provenance, body));
            Ok(())
        })?;
        Ok(records)
    }
}
