//! What schemes of organization 三定规定 and notices about them are made of, each written one a line as documents write it:
//! clauses, duties, inner units, numbers of staff, changes of such numbers.

mod body_change;
mod change;
mod clause;
mod duty;
mod headcount;
mod mark;
mod measure;
pub mod of_institution;
mod phrases;
mod unit;
mod visibility;

#[cfg(test)]
mod tests;

pub use body_change::Change;
pub use change::NumberChange;
pub use clause::Clause;
pub use duty::{Duty, DutySort, division_named};
pub use headcount::{Headcount, Leadership, Part, StaffKind, counted, leadership, totals};
pub use mark::{Mark, MarkStyle, mark};
pub use measure::Measure;
pub use phrases::{employee_number_in, staff_phrase_in};
pub use unit::{Unit, stands_behind};
pub use visibility::Visibility;

use super::Values;

/// Names of the kinds of record that schemes and notices become.
pub const SCHEME: &str = "staffing_scheme";
pub const EVENT: &str = "institution_event";
/// Names of the kinds of record that offices keep among themselves: numbers of staff, and plans of reforms.
pub const COUNT: &str = "staff_count";
pub const REFORM: &str = "reform_plan";

/// Something that is written in a line, or in several where it says so.
pub trait Item: Sized {
    /// How it is written.
    fn written(&self) -> String;

    /// What a line says; the error says how it should be written.
    fn read(line: &str) -> Result<Self, String>;

    /// Takes a line that opens nothing of its own as more of this one; whether it did.
    fn go_on(&mut self, _line: &str) -> bool {
        false
    }

    /// Whether a line opens an item. Others go on with the one before, where that takes more.
    fn opens(_line: &str) -> bool {
        true
    }
}

/// Items as the values of a column of text.
pub fn written<T: Item>(items: &[T]) -> Values {
    let lines: Vec<String> = items.iter().map(Item::written).collect();
    if lines.is_empty() { Vec::new() } else { vec![lines.join("\n")] }
}

/// The items of a column of text, one a line.
pub fn read<T: Item>(values: Values) -> Result<Vec<T>, String> {
    let mut items: Vec<T> = Vec::new();
    let lines = values.iter().flat_map(|text| text.lines()).map(str::trim).filter(|line| !line.is_empty());
    for (at, line) in lines.enumerate() {
        let more = !T::opens(line) && items.last_mut().is_some_and(|last| last.go_on(line));
        if !more {
            items.push(T::read(line).map_err(|fault| format!("第 {} 行“{}”：{fault}", at + 1, short(line)))?);
        }
    }
    Ok(items)
}

/// The beginning of a text, to name it in a message.
pub fn short(text: &str) -> String {
    const SHOWN: usize = 24;
    let mut cut: String = text.chars().take(SHOWN).collect();
    if text.chars().nth(SHOWN).is_some() {
        cut.push('…');
    }
    cut
}
