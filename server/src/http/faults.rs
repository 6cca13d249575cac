//! What is wrong with a form, field by field: told at its top, with links to the fields, and beside each of them.

/// The faults of a form, in the order of its fields.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Faults(Vec<Fault>);

/// What is wrong with a field, and how to mend it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// The id of the field on the page; empty where no single one is to blame.
    pub field: String,
    /// What the page calls it.
    pub label: String,
    pub says: String,
}

impl Faults {
    pub fn of(field: &str, label: &str, says: &str) -> Self {
        [(field, label, says)].into_iter().collect()
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub fn iter(&self) -> impl Iterator<Item = &Fault> {
        self.0.iter()
    }

    /// What is wrong with a field.
    pub fn at(&self, field: &str) -> Option<&str> {
        self.0.iter().find(|fault| fault.field == field).map(|fault| fault.says.as_str())
    }

    /// All of them for whoever reads no form.
    pub fn in_one_line(&self) -> String {
        self.0.iter().map(Fault::in_words).collect::<Vec<_>>().join("；")
    }
}

impl Fault {
    pub fn in_words(&self) -> String {
        if self.label.is_empty() { self.says.clone() } else { format!("{}：{}", self.label, self.says) }
    }
}

impl<F: Into<String>, L: Into<String>, S: Into<String>> FromIterator<(F, L, S)> for Faults {
    fn from_iter<I: IntoIterator<Item = (F, L, S)>>(all: I) -> Self {
        let fault =
            |(field, label, says): (F, L, S)| Fault { field: field.into(), label: label.into(), says: says.into() };
        Self(all.into_iter().map(fault).collect())
    }
}
