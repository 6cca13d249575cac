//! Whether what the store made of its log agrees with it: current revisions, listings, the reverse of the
//! imports and the public's count. The log itself is proven by [`audit::verify`](super::audit::verify).
//!
//! Others may go on writing: a record and what belongs to it are compared while writers wait, one record at a time.

use std::{collections::BTreeMap, ops::ControlFlow};

use record::Record;

use super::{
    RecordStore, StoreError,
    layout::{Current, Head, key},
    listings,
    public_log::{self, Counter, PublicState},
};

/// The last change of each record: sequence and revision.
type Last = BTreeMap<String, (u64, u64)>;

/// Takes a fault, in words for people.
pub type Fault<'a> = dyn FnMut(String) + 'a;

/// Goes on, or is told to end; with how many records of how many are done.
pub type Step<'a> = dyn FnMut(u64, u64) -> Result<(), StoreError> + 'a;

impl RecordStore {
    /// Compares every record's current revision and its entries in the listings with the log and the record.
    pub fn check_current(&self, fault: &mut Fault<'_>, step: &mut Step<'_>) -> Result<(), StoreError> {
        let (mut last, mut read) = (Last::new(), 0);
        self.follow(&mut last, &mut read, u64::MAX)?;
        let mut ids: Vec<String> = last.keys().cloned().collect();
        self.kv.scan(b"c", b"c", &mut |key, _| {
            let id = String::from_utf8_lossy(&key[1..]);
            if !last.contains_key(id.as_ref()) {
                ids.push(id.into_owned());
            }
            ControlFlow::Continue(())
        })?;
        let total = ids.len() as u64;
        for (done, id) in (1..).zip(&ids) {
            {
                let end = self.lock();
                self.follow(&mut last, &mut read, end.head.sequence)?;
                self.check_one(id, last.get(id), fault)?;
            }
            step(done, total)?;
        }
        self.check_strays(fault)?;
        self.check_imports(fault)
    }

    /// Reads the log on.
    fn follow(&self, last: &mut Last, read: &mut u64, upto: u64) -> Result<(), StoreError> {
        if *read >= upto {
            return Ok(());
        }
        self.some_rows(*read, &mut |sequence, id, revision, _| {
            *read = sequence;
            last.insert(id.to_owned(), (sequence, revision));
            Ok(sequence < upto)
        })
    }

    fn check_one(&self, id: &str, last: Option<&(u64, u64)>, fault: &mut Fault<'_>) -> Result<(), StoreError> {
        let current = match (self.current(id), last) {
            (Ok(Some(current)), Some(_)) => current,
            (Ok(Some(_)), None) => return told(fault, format!("{id}：没有任何变更，却有当前版本")),
            (Ok(None), _) => return told(fault, format!("{id}：没有当前版本")),
            (Err(error), _) => return told(fault, error.to_string()),
        };
        let (sequence, revision) = last.copied().unwrap_or_default();
        if current.revision != revision {
            fault(format!("{id}：当前版本是第 {} 次修订，日志中最后的是第 {revision} 次", current.revision));
        }
        match self.info(id, current.revision)? {
            None => fault(format!("{id}：当前版本（第 {} 次修订）没有修订记录", current.revision)),
            Some(info) if info.hash != current.hash => fault(format!("{id}：当前版本的摘要与修订记录不符")),
            Some(_) => {}
        }
        if self.revisions(id)?.iter().zip(1..).any(|(info, n)| info.revision != n) {
            fault(format!("{id}：修订号不连续"));
        }
        let record = match self.load(id, current.revision) {
            Ok(record) if record.id == id => record,
            Ok(record) => return told(fault, format!("{id}：内容是另一条记录（{}）的", record.id)),
            Err(error) => return told(fault, error.to_string()),
        };
        self.check_listed(&record, sequence, &current, fault)
    }

    fn check_listed(
        &self,
        record: &Record,
        sequence: u64,
        current: &Current,
        fault: &mut Fault<'_>,
    ) -> Result<(), StoreError> {
        let due = listings::entries(record, sequence);
        for entry in &due {
            let there = self.kv.get(&key(&[b"x", entry.as_bytes()]))?;
            if there.as_deref() != Some(record.id.as_bytes()) {
                fault(format!("{}：目录缺少一项（{}）", record.id, shown(entry)));
            }
        }
        for entry in current.listed.iter().filter(|entry| !due.contains(entry)) {
            fault(format!("{}：当前版本记有不该有的目录项（{}）", record.id, shown(entry)));
        }
        if due.iter().any(|entry| !current.listed.contains(entry)) {
            fault(format!("{}：当前版本没有记下自己的目录项", record.id));
        }
        Ok(())
    }

    /// Entries of the listings that no record has.
    fn check_strays(&self, fault: &mut Fault<'_>) -> Result<(), StoreError> {
        for (place, id) in self.collect(b"x")? {
            let _end = self.lock();
            let entry = String::from_utf8_lossy(&place[1..]).into_owned();
            // Gone meanwhile.
            if self.kv.get(&place)?.as_deref() != Some(&id[..]) {
                continue;
            }
            let id = String::from_utf8_lossy(&id).into_owned();
            // A damaged pointer has been reported.
            let listed = match self.current(&id) {
                Ok(current) => current.is_some_and(|current| current.listed.contains(&entry)),
                Err(_) => true,
            };
            if !listed {
                fault(format!("{id}：目录多出一项（{}）", shown(&entry)));
            }
        }
        Ok(())
    }

    /// What imports brought and its reverse, while writers wait: an import writes both at once.
    fn check_imports(&self, fault: &mut Fault<'_>) -> Result<(), StoreError> {
        let _end = self.lock();
        let (due, there) = (self.all_imports()?, self.all_imports_reversed()?);
        for (tag, id) in due.difference(&there) {
            fault(format!("{id}：由导入 {tag} 带来，却没有记在这条记录下"));
        }
        for (tag, id) in there.difference(&due) {
            fault(format!("{id}：记作由导入 {tag} 带来，该导入却没有这条记录"));
        }
        Ok(())
    }

    /// Hands out every revision up to now without its articles, as [`each_revision_head`](Self::each_revision_head)
    /// does, and compares the public's count of changes with them. A revision that cannot be read leaves what comes
    /// after it uncounted.
    pub fn check_public_log(
        &self,
        fault: &mut Fault<'_>,
        take: &mut dyn FnMut(u64, u64, &Record) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        let (mut counter, mut read, mut unreadable) = (Counter::default(), 0, Vec::new());
        let mut wrong = Vec::new();
        self.each_revision_head(&mut |what| unreadable.push(what), &mut |sequence, upto, record| {
            read = upto;
            take(sequence, upto, &record)?;
            let number = counter.take(&record);
            let due = public_log::Row(sequence, record.id.clone(), record.revision);
            // Only of what was taken from the public: of what it never knew a row would tell it.
            let was_taken_away = counter.last.get(&due.1).is_some_and(|told| told.hidden);
            if number.is_none() && was_taken_away && self.public_row(counter.count + 1)?.as_ref() == Some(&due) {
                counter.take_needless(&record);
            }
            if let Some(number) = number
                && self.public_row(number)?.as_ref() != Some(&due)
            {
                wrong.push(format!("{}：第 {} 次修订应为公开变更第 {number} 条，却不在那里", due.1, due.2));
            }
            Ok(())
        })?;
        if !unreadable.is_empty() {
            unreadable.into_iter().for_each(fault);
            return Ok(());
        }
        wrong.into_iter().for_each(&mut *fault);
        for (id, PublicState { number, hidden }) in &counter.last {
            // A damaged pointer has been reported; one that moved on meanwhile stands further on.
            let Ok(Some(current)) = self.current(id) else { continue };
            let its_own = self.public_row(current.public_number)?.is_some_and(|public_log::Row(_, of, _)| of == *id);
            if current.public_number < *number || !its_own {
                fault(format!("{id}：最近一条公开变更应为第 {number} 条，记作第 {} 条", current.public_number));
            } else if current.public_number == *number && current.hidden && !hidden {
                // The other way round it was written before this was kept: of its next change it is reported once more.
                fault(format!("{id}：公众看得到，却记作已从公众撤下，以后撤下时公开变更会少一条"));
            }
        }
        // What was written meanwhile, and nothing else, comes after.
        let told = self.public_count()?;
        let mut agrees = told >= counter.count;
        for number in counter.count + 1..=told {
            agrees = self.public_row(number)?.is_some_and(|public_log::Row(at, ..)| at > read);
            if !agrees {
                break;
            }
        }
        if !agrees {
            fault(format!("公开变更应有 {} 条，计有 {told} 条", counter.count));
        }
        Ok(())
    }

    /// Hands out every revision up to now without its articles, in the order of the log; what cannot be read is a
    /// fault.
    pub fn each_revision_head(
        &self,
        fault: &mut Fault<'_>,
        take: &mut dyn FnMut(u64, u64, Record) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        let Head { sequence: upto, .. } = self.head();
        let mut rows = Vec::new();
        self.some_rows(0, &mut |sequence, id, revision, _| {
            rows.push((sequence, id.to_owned(), revision));
            Ok(sequence < upto)
        })?;
        for (sequence, id, revision) in rows {
            match self.load_head(&id, revision) {
                Ok(record) => take(sequence, upto, record)?,
                Err(error) => fault(error.to_string()),
            }
        }
        Ok(())
    }
}

fn told(fault: &mut Fault<'_>, what: String) -> Result<(), StoreError> {
    fault(what);
    Ok(())
}

/// An entry as people can read it.
fn shown(entry: &str) -> String {
    entry.split('\0').collect::<Vec<_>>().join(" ")
}
