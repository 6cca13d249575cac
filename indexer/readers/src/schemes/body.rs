//! The text of a scheme, row by row: each goes to the part that it stands in.

use super::{
    Read, Scheme,
    clauses::{more, open},
    duties::{duty, in_a_row},
    heads::Head,
    numbers, standing,
    table::{Table, Unknown},
    text::{Line, Lines},
    topic::{About, STATED, division, heading, topic},
    units::{RankOfAll, in_a_sentence, unit},
};
use record::staffing::{Duty, DutySort, MarkStyle, mark};
use text::numerals;

pub fn read(lines: &Lines, head: &Head, scheme: &mut Scheme) {
    let mut about = About::Other;
    let mut sub = None;
    let mut own: Vec<String> = vec![scheme.institution.value.clone()];
    // Items within a part are numbered in one style; another style below it is an item's own list.
    let mut style: Option<MarkStyle> = None;
    let mut numbered: Vec<(&Line, String)> = Vec::new();
    let mut table: Option<Table> = None;
    let mut unknown: Vec<Unknown> = Vec::new();
    let mut ranks: Vec<RankOfAll> = Vec::new();
    for line in &lines.0[head.below..] {
        let sort = if let About::Duties(sort) = about { sort } else { DutySort::Main };
        if table.as_ref().is_some_and(|table| table.row(line, sort, scheme)) {
            continue;
        }
        table = Table::begins(line, about);
        if let Some(table) = &table {
            about = table.about();
            continue;
        }
        if !unknown.last_mut().is_some_and(|last| last.goes_on(line)) {
            unknown.extend(Unknown::begins(line));
        }
        let numbered_above = scheme.clauses.is_empty() && scheme.document_number.evidence.contains(&line.span);
        if is_furniture(&line.text) || numbered_above {
            continue;
        }
        let found = mark(&line.text);
        let opens = found.filter(|m| match m.style {
            MarkStyle::Article => true,
            // 一、 below 第四条 numbers what the article lists.
            MarkStyle::Part
                if in_articles(scheme) && lists(about) && style.is_none() && found.is_some_and(|m| m.n == 1) =>
            {
                false
            }
            MarkStyle::Part => !lists(about) || style != Some(MarkStyle::Part),
            _ => false,
        });
        let bare = found.is_none().then(|| heading(&line.text)).flatten();
        if opens.is_some() || bare.is_some() {
            let rest = opens.map_or(line.text.as_str(), |m| &line.text[m.len..]);
            about = topic(rest).or(bare).unwrap_or(About::Other);
            style = None;
            sub = None;
            let number = opens.map(|m| line.text[..m.len].trim_end_matches(['、', '.', '．']).to_owned());
            open(number.unwrap_or_default(), rest, line, scheme);
            if about == About::Units {
                ranks.extend(RankOfAll::of(rest, line, scheme));
            }
            standing::read(rest, line, &mut own, scheme);
            lead(rest, line, about, scheme, &mut numbered);
            continue;
        }
        let rest = found.map_or(line.text.as_str(), |m| &line.text[m.len..]);
        // Numbers in a row of their own below the duties are none of them.
        let first = rest.split('。').next().unwrap_or(rest);
        if matches!(about, About::Duties(_))
            && found.is_none()
            && numbers::names_number(first)
            && !first.contains("职责")
        {
            (about, style, sub) = (About::Numbers, None, None);
        }
        if about == About::Duties(DutySort::Division) && is_closing(rest) {
            more(line, scheme);
            continue;
        }
        match about {
            About::Duties(sort) => duty(line, found, sort, &mut sub, &mut style, &own, scheme),
            About::Units => {
                ranks.extend(RankOfAll::of(rest, line, scheme).filter(|_| found.is_none()));
                unit(line, found, &mut style, scheme);
            }
            About::Numbers | About::Other => {
                standing::read(&line.text, line, &mut own, scheme);
                if division(rest) {
                    sub = Some(DutySort::Division);
                    about = if about == About::Other { About::Duties(DutySort::Division) } else { about };
                    duty(line, found, DutySort::Division, &mut sub, &mut style, &own, scheme);
                    continue;
                }
                if about == About::Other
                    && let Some(topic) = topic(rest).filter(|_| rest.ends_with('：'))
                {
                    about = topic;
                }
                more(line, scheme);
                // Cells of a table, one a line: a name, then its number.
                let cell = numerals::parse(rest).filter(|_| about == About::Numbers);
                if let (Some(n), Some((_, name))) = (cell, numbered.last_mut()) {
                    if !name.contains(['。', '名', '人']) {
                        *name = format!("{name}{n}名");
                    }
                } else if about == About::Numbers || numbers::names_number(rest) {
                    numbered.push((line, rest.to_owned()));
                }
                lead(rest, line, if about == About::Numbers { About::Other } else { about }, scheme, &mut Vec::new());
            }
        }
    }
    let mut seen = Vec::new();
    for (line, text) in numbered {
        if !seen.contains(&line.span) {
            seen.push(line.span);
            numbers::read(&text, line.span, scheme);
        }
    }
    unknown.into_iter().for_each(|table| table.end(scheme));
    RankOfAll::give(&ranks, scheme);
    // A number without a text behind it is no duty.
    scheme.duties.retain(|duty| !duty.value.text.is_empty());
    for unit in &scheme.units {
        for told in numbers::in_units(&unit.value.text) {
            let told = format!("内设机构“{}”：“{told}”没有读入", unit.value.name);
            scheme.unread.push(Read { value: told, evidence: unit.evidence.clone() });
        }
    }
}

/// Whether a part lists duties or units.
fn lists(about: About) -> bool {
    matches!(about, About::Duties(_) | About::Units)
}

/// Whether the clauses of a scheme are articles: 第四条.
fn in_articles(scheme: &Scheme) -> bool {
    scheme.clauses.last().is_some_and(|clause| clause.value.number.starts_with('第'))
}

/// What a clause's first row says besides opening it.
fn lead<'l>(rest: &str, line: &'l Line, about: About, scheme: &mut Scheme, numbered: &mut Vec<(&'l Line, String)>) {
    if scheme.stated_units.value.is_none()
        && let Some(found) = STATED.captures(rest)
    {
        let n = (1..=3).find_map(|group| found.get(group)).and_then(|n| numerals::parse(n.as_str()));
        if n.is_some() {
            scheme.stated_units = Read::of(n, line.span);
        }
    }
    match about {
        About::Units => in_a_sentence(rest, line, scheme),
        About::Numbers => numbered.push((line, rest.to_owned())),
        _ if numbers::names_number(rest) => numbered.push((line, rest.to_owned())),
        About::Duties(sort) if sort != DutySort::Main && rest.chars().nth(24).is_some() => {
            let number = scheme.clauses.last().map(|clause| clause.value.number.clone()).unwrap_or_default();
            let duty = Duty { number, sort, institutions: Vec::new(), text: rest.to_owned() };
            scheme.duties.push(Read::of(duty, line.span));
        }
        About::Duties(sort) => in_a_row(rest, line, sort, scheme),
        About::Other => {}
    }
}

/// What closes a scheme and is nobody's duty.
fn is_closing(text: &str) -> bool {
    let begins = ["所属事业单位", "本规定", "其他事项"].iter().any(|word| text.starts_with(word));
    begins || text.ends_with("另行规定。")
}

/// What stands below a document and is none of its text.
fn is_furniture(text: &str) -> bool {
    let short = text.chars().nth(45).is_none();
    let printed =
        text.ends_with("印发") || text.ends_with("印") || text.starts_with("抄送") || text.starts_with("主送");
    let dated = crate::documents::propose::day::is_date(text);
    (short && (printed || dated)) || text.starts_with("附件")
}
