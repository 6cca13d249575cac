//! How far the directory reaches: what is on record, of what evidence, and how many there are where the law says so.

use indexer::{
    index::{
        Generation,
        by_law::{StatutoryInstitution, institution_level},
        catalogue::{CoverageCell, DivisionEntry},
    },
    record::{Evidence, InstitutionLevel},
};

/// What is on record of some institutions. A further fact that can be known of an institution is one more figure here
/// and in [`CoverageCell`].
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Figures {
    pub institutions: u64,
    /// Those of which a phone or an address is known.
    pub with_contact: u64,
    /// Those with a site, each by its best attested one, in the order of [`Evidence::ALL`].
    pub by_evidence: [u64; Evidence::ALL.len()],
}

impl Figures {
    fn add(&mut self, cell: &CoverageCell) {
        self.institutions += u64::from(cell.institutions);
        self.with_contact += u64::from(cell.with_contact);
        for (sum, n) in self.by_evidence.iter_mut().zip(cell.by_evidence) {
            *sum += u64::from(n);
        }
    }

    pub fn with_site(&self) -> u64 {
        self.by_evidence.iter().sum()
    }

    fn of(&self, wanted: impl Fn(Evidence) -> bool) -> u64 {
        Evidence::ALL.into_iter().zip(self.by_evidence).filter(|(e, _)| wanted(*e)).map(|(_, n)| n).sum()
    }

    /// By a register, the institution itself or several lists.
    pub fn attested(&self) -> u64 {
        self.of(Evidence::is_attested)
    }

    pub fn single(&self) -> u64 {
        self.of(|e| e == Evidence::Single)
    }

    pub fn unsettled(&self) -> u64 {
        self.of(|e| matches!(e, Evidence::Claimed | Evidence::Disputed))
    }
}

/// Institutions of which every division of a level has one by law.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ByLaw {
    pub institution: StatutoryInstitution,
    pub level: InstitutionLevel,
    /// How many there are by law.
    pub exist: u64,
    pub figures: Figures,
}

/// The figures of the cells that are wanted.
pub fn figures(generation: &Generation, wanted: impl Fn(&CoverageCell) -> bool) -> Figures {
    let mut figures = Figures::default();
    generation.catalogue.counts().cells.iter().filter(|cell| wanted(cell)).for_each(|cell| figures.add(cell));
    figures
}

/// Whether a cell lies in a province, where one is named.
pub fn lies_in(cell: &CoverageCell, province: Option<&str>) -> bool {
    province.is_none_or(|code| cell.province == code)
}

/// The institutions that divisions have by law, by level, those of which there are none left out.
pub fn by_law(generation: &Generation, province: Option<&str>) -> Vec<ByLaw> {
    let inside = |d: &&DivisionEntry| province.is_none_or(|code| d.code.get(..2) == code.get(..2));
    let divisions: Vec<&DivisionEntry> = generation.catalogue.divisions().iter().filter(inside).collect();
    let mut all = Vec::new();
    for body in StatutoryInstitution::ALL {
        for level in InstitutionLevel::ALL {
            let has =
                |d: &&&DivisionEntry| institution_level(d.level) == level && body.has_one(&d.code, &d.name, d.level);
            let exist = divisions.iter().filter(has).count() as u64;
            if exist > 0 {
                let of =
                    |cell: &CoverageCell| cell.by_law == Some(body) && cell.level == level && lies_in(cell, province);
                all.push(ByLaw { institution: body, level, exist, figures: figures(generation, of) });
            }
        }
    }
    all
}
