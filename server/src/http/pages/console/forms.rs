//! The forms by which a record's facts are given, filled in from what is there and read back.

use std::sync::LazyLock;

use indexer::record::{Body, Column, Info, KINDS, Shape, Word};

use super::picker::{self, Asks, Picker};
use crate::{
    http::{App, Problem, faults::Faults, signed::Fields},
    urls,
};

/// What whoever fills a form in says of it; no column is called so.
pub const NOTE: &str = "_note";

/// Columns from which on a form folds up those that few fill in: some screens of a phone.
const LONG_FORM: usize = 30;

/// The title over what came later and has none of its own.
const MORE: &str = "更多各项";

/// Every field that the form of a record, or the one that confirms an upload, has, whatever its kind.
pub static ANY: LazyLock<Vec<&'static str>> = LazyLock::new(|| {
    let own = ["revision", NOTE, "name", "answers", "then", "seen", picker::LOOK, picker::PICK];
    let by_columns = KINDS.iter().filter(|kind| has_form(kind)).flat_map(|kind| kind.columns).map(|column| column.name);
    let mut all: Vec<&'static str> = own.into_iter().chain(by_columns).collect();
    all.sort_unstable();
    all.dedup();
    all
});

/// The kinds whose records begin with an empty form, in the order of the list of kinds: where it is, and what it is of.
/// A regulation begins with its text, which is uploaded.
pub fn beginnings() -> Vec<(String, &'static str)> {
    let begins = |kind: &&Info| has_form(kind) && (kind.general || !kind.versions);
    KINDS.iter().copied().filter(begins).map(|kind| (urls::console::new_record(kind), kind.label)).collect()
}

/// Whether the form of a kind is made of its columns.
pub fn has_form(kind: &Info) -> bool {
    Body::blank(kind.name).is_some()
}

/// A form made of the columns of its kind.
#[derive(Debug, Clone)]
pub struct GeneralFields {
    pub inputs: Vec<Input>,
    /// What is to be mended.
    pub faults: Faults,
}

/// A column with what was typed, or with what is there.
#[derive(Debug, Clone)]
pub struct Input {
    pub column: &'static Column,
    pub text: String,
    /// How its code or id is found, on pages that offer that.
    pub picker: Option<Picker>,
}

/// Inputs that stand together on a form.
#[derive(Debug, Default)]
pub struct Group<'a> {
    /// Empty for those that are in sight.
    pub title: &'static str,
    pub inputs: Vec<&'a Input>,
    /// How many of them hold something.
    pub given: usize,
    /// Whether something is in them to see from the start: a value, a fault, candidates.
    pub is_open: bool,
}

impl Input {
    /// Whether nothing is chosen yet of the words to choose from.
    pub fn is_open(&self) -> bool {
        self.text.is_empty()
    }

    /// Words to choose from, each with whether it is chosen.
    pub fn choices(&self) -> Vec<(&'static str, bool)> {
        match self.column.shape {
            Shape::Choice(words) => words().into_iter().map(|word| (word, word == self.text)).collect(),
            _ => Vec::new(),
        }
    }

    pub fn is_long(&self) -> bool {
        matches!(self.column.shape, Shape::Lines { .. } | Shape::Text(_))
    }

    /// What to write, as a form asks for it: where a table has semicolons, a form has lines.
    pub fn hint(&self) -> String {
        const IN_TABLES: &str = "多个用分号隔开";
        const IN_FORMS: &str = "每行一个";
        let hint = self.column.hint;
        match self.column.shape {
            Shape::Lines { .. } if hint.contains(IN_TABLES) => hint.replace(IN_TABLES, IN_FORMS),
            Shape::Lines { .. } if !hint.is_empty() => format!("{hint}（{IN_FORMS}）"),
            _ => hint.to_owned(),
        }
    }

    /// How a line of several parts is written, which no hint tells as well.
    pub fn sample(&self) -> Option<&'static str> {
        let parted = matches!(self.column.shape, Shape::Lines { .. }) && self.column.example.contains('｜');
        parted.then_some(self.column.example)
    }

    pub fn is_day(&self) -> bool {
        matches!(self.column.shape, Shape::Day)
    }
}

impl GeneralFields {
    pub fn of(body: &Body) -> Self {
        let given = body.facts().filter(|(column, _)| column.given);
        let inputs = given.map(|(column, values)| Input { column, text: values.join("\n"), picker: None });
        Self { inputs: inputs.collect(), faults: Faults::default() }
    }

    /// The columns that ask for a code or an id.
    pub fn asking(&self) -> Vec<(&'static str, Asks)> {
        self.inputs.iter().filter_map(|input| Some((input.column.name, Asks::of(input.column)?))).collect()
    }

    /// The form with the means to find what such columns ask for; `fields`: what it was sent with.
    pub fn with_pickers(mut self, app: &App, fields: Option<&Fields>) -> Result<Self, Problem> {
        let wanted = fields.and_then(picker::wanted);
        for input in &mut self.inputs {
            if let Some(asks) = Asks::of(input.column) {
                input.picker = Some(Picker::new(app, asks, input.column.name, &input.text, wanted.as_ref())?);
            }
        }
        Ok(self)
    }

    fn typed(&self, name: &str) -> Option<&str> {
        self.inputs.iter().find(|input| input.column.name == name).map(|input| input.text.as_str())
    }

    /// The inputs as the form shows them: first what is in sight, then what a long form folds up, by its titles. What
    /// has to be given is always in sight.
    pub fn groups(&self) -> Vec<Group<'_>> {
        let is_long = self.inputs.len() > LONG_FORM;
        let title = |column: &Column| match column {
            column if !is_long || column.required => "",
            column if column.group.is_empty() && column.later => MORE,
            column => column.group,
        };
        let mut groups = vec![Group::default()];
        for input in &self.inputs {
            let title = title(input.column);
            let looked =
                input.picker.as_ref().is_some_and(|picker| picker.candidates.is_some() || picker.fault.is_some());
            let at = groups.iter().position(|group| group.title == title).unwrap_or_else(|| {
                groups.push(Group { title, ..Group::default() });
                groups.len() - 1
            });
            let group = &mut groups[at];
            group.given += usize::from(!input.text.is_empty());
            group.is_open |= looked || !input.text.is_empty() || self.faults.at(input.column.name).is_some();
            group.inputs.push(input);
        }
        groups
    }

    pub fn gives_addresses(&self) -> bool {
        self.inputs.iter().any(|input| input.column.name == "websites")
    }

    /// What stands in a column's input.
    pub fn text(&self, name: &str) -> &str {
        self.typed(name).unwrap_or_default()
    }

    /// The form with another text in a column's input.
    pub fn with(mut self, name: &str, text: String) -> Self {
        for input in self.inputs.iter_mut().filter(|input| input.column.name == name) {
            input.text = text.clone();
        }
        self
    }

    /// The form with nothing chosen where a choice has to be made: what nobody chose is nothing that was said.
    pub fn unchosen(mut self) -> Self {
        let is_asked = |column: &Column| column.required && matches!(column.shape, Shape::Choice(_));
        for input in self.inputs.iter_mut().filter(|input| is_asked(input.column)) {
            input.text.clear();
        }
        self
    }

    /// What was typed; a column that the request does not have stays as it is.
    pub fn read(fields: &Fields, body: &Body) -> Self {
        let typed = |column: &Column| {
            let text = fields.all(column.name).next()?;
            Some(text.lines().map(str::trim).collect::<Vec<_>>().join("\n").trim().to_owned())
        };
        let mut form = Self::of(body);
        for input in &mut form.inputs {
            input.text = typed(input.column).unwrap_or_else(|| std::mem::take(&mut input.text));
        }
        form
    }

    /// The form with what is to be mended.
    pub fn with_faults(self, faults: Faults) -> Self {
        Self { faults, ..self }
    }

    /// The body with what was typed, as somebody's `word`. The error tells all that is wrong, each beside its field.
    pub fn apply(&self, before: Option<&Body>, blank: &Body, word: Word<'_>) -> Result<Body, Faults> {
        let mut body = before.unwrap_or(blank).clone();
        // What is as it was is no new fact, whatever its source wrote.
        let was = Self::of(&body);
        let typed = |column: &'static Column| {
            self.typed(column.name).filter(|text| text.is_empty() || Some(*text) != was.typed(column.name))
        };
        let faults = body.edit(before, word, typed).err().unwrap_or_default();
        if faults.is_empty() {
            return Ok(body);
        }
        Err(faults.into_iter().map(|(column, fault)| (column.name, column.label, fault)).collect())
    }
}

/// What was chosen of several, by the names that stand for them; `what` says of what.
pub fn chosen<T: Copy, const N: usize>(
    fields: &Fields,
    name: &str,
    (all, called): ([T; N], fn(T) -> &'static str),
    what: &str,
) -> Result<T, Problem> {
    let found = all.into_iter().find(|one| called(*one) == fields.get(name));
    found.ok_or_else(|| Problem::unprocessable(format!("请选择{what}")).blaming(name, what))
}

/// What to do after saving: hand in at once, or keep the draft.
pub fn hands_in(fields: &Fields) -> Result<bool, Problem> {
    match fields.get("then") {
        "submit" => Ok(true),
        "" | "save" => Ok(false),
        _ => Err(Problem::bad_parameter("then", "then 应为 save 或 submit")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_said_of_a_form_is_no_column() {
        let asked = KINDS.iter().filter(|kind| has_form(kind)).flat_map(|kind| kind.columns).filter(|c| c.given);
        let columns: Vec<&str> = asked.map(|column| column.name).collect();
        assert!(columns.contains(&"note"));
        for own in ["revision", NOTE, "answers", "then", "seen", "token", picker::LOOK, picker::PICK] {
            assert!(!columns.contains(&own), "{own}");
        }
    }

    #[test]
    fn long_forms_fold_up_what_nobody_has_to_give() {
        let mut long = 0;
        for kind in KINDS.iter().filter(|kind| has_form(kind)) {
            let form = GeneralFields::of(&Body::blank(kind.name).unwrap());
            let groups = form.groups();
            let shown: usize = groups.iter().map(|group| group.inputs.len()).sum();
            assert_eq!(shown, form.inputs.len(), "{}: each once", kind.label);
            let Some(folded) = groups.iter().find(|group| !group.title.is_empty()) else { continue };
            assert!(groups[0].inputs.len() < LONG_FORM, "{}: {} in sight", kind.label, groups[0].inputs.len());
            assert!(folded.inputs.iter().all(|input| !input.column.required), "{}", kind.label);
            let (title, first) = (folded.title, folded.inputs[0].column.name);
            let filled = form.clone().with(first, "甲".to_owned());
            let opened = filled.groups().into_iter().find(|group| group.title == title);
            assert!(opened.is_some_and(|group| group.is_open && group.given > 0), "what was given is seen");
            long += 1;
        }
        assert!(long > 0);
    }

    #[test]
    fn what_has_to_be_chosen_is_open_in_a_new_form() {
        let mut choices = 0;
        for kind in KINDS.iter().filter(|kind| has_form(kind)) {
            let form = GeneralFields::of(&Body::blank(kind.name).unwrap()).unchosen();
            for input in form.inputs.iter().filter(|input| input.column.required && !input.choices().is_empty()) {
                assert!(input.is_open(), "{}: {}", kind.label, input.column.label);
                choices += 1;
            }
        }
        assert!(choices > 0);
    }
}
