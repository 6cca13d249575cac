//! The clauses of a scheme, as they stand.

use super::{Read, Scheme, text::Line};
use record::staffing::{Clause, Item};

/// A row that begins a clause.
pub fn open(number: String, rest: &str, line: &Line, scheme: &mut Scheme) {
    let title = rest.chars().nth(24).is_none() && !rest.ends_with(['。', '：', '；']);
    let (heading, text) = if title { (rest, "") } else { ("", rest) };
    let heading = heading.replace(['【', '】'], "");
    let clause = Clause { number, heading, text: text.replace('\t', "　") };
    scheme.clauses.push(Read::of(clause, line.span));
}

/// A row that goes on with a clause, or stands before the first.
pub fn more(line: &Line, scheme: &mut Scheme) {
    let text = line.text.replace('\t', "　");
    match scheme.clauses.last_mut() {
        Some(last) => {
            last.value.go_on(&text);
            last.evidence.push(line.span);
        }
        None => {
            scheme.clauses.push(Read::of(Clause { number: String::new(), heading: String::new(), text }, line.span))
        }
    }
}
