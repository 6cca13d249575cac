//! Numbers of staff in what is to be public, of institutions whose numbers are not: told to whoever writes it and
//! whoever reviews it, before anything is published. Nothing is refused, since a name in a text may be another matter.

use std::collections::{BTreeSet, HashMap};

use indexer::record::{Audience, Body, Concern, DivisionCode, KINDS, Record, staffing::staff_phrase_in};

use crate::store::{RecordStore, Secrets, StoreError};

/// The column in which records name the institution that they are of.
const BODY: &str = "institution_name";
/// Characters of the shortest name that is looked for in a text: 财政局 is a word, 甲市财政局 a name.
const SHORTEST_NAME: usize = 4;

/// Table of what attached files say, by their hash: [`NUMBER`], [`UNREAD`], the pieces of the text of those that tell a
/// number by theirs, and a row for each [`HOLDER`]. Institutions whose numbers are not public change, so that the text
/// is kept and looked through again at each review.
const FILE_TEXT: &str = "file_text";
/// The first number that a file tells.
const NUMBER: &str = "number";
/// Why all of a file or the rest of it was not looked through.
const UNREAD: &str = "unread";
/// Who has the file: a submission, or an upload that waits. Without any the rows are gone.
const HOLDER: &str = "of ";
/// Characters of a piece: a value of the store has 16 KiB at most, and a character up to four bytes.
const PIECE: usize = 4_000;
/// Characters that a piece has of the one before it, so that no name is cut in two.
const SHARED: usize = 60;
/// Pieces kept of one file: a million characters, eight times the longest law.
const MAX_PIECES: usize = 300;
/// Cells looked at of one line: four times the columns that a sheet is read with.
const MAX_CELLS: usize = 4_096;

/// What a file says of numbers of staff, as it will be kept: found out before the store is written.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FileSays {
    noted: Noted,
    /// Its text, where it tells a number.
    pieces: Vec<String>,
}

impl FileSays {
    /// Nothing that could be looked through, and why.
    pub fn unread(why: impl Into<String>) -> Self {
        Self { noted: Noted { number: None, unread: Some(why.into()) }, pieces: Vec::new() }
    }

    pub fn of(text: &str) -> Self {
        let number = staff_number_in(text);
        let wide = text.lines().any(|line| line.split('\t').nth(MAX_CELLS).is_some());
        let mut unread = wide.then(|| format!("有超过 {MAX_CELLS} 格的行，只查了前面的"));
        let mut pieces = Vec::new();
        if number.is_some() {
            let letters: Vec<char> = text.chars().collect();
            let piece = |from: usize| letters[from..letters.len().min(from + PIECE)].iter().collect();
            pieces = (0..letters.len()).step_by(PIECE - SHARED).take(MAX_PIECES).map(piece).collect();
            let kept = MAX_PIECES * (PIECE - SHARED);
            if letters.len() > kept {
                unread = Some(format!("很长，只查了前 {} 个字", kept + SHARED));
            }
        }
        Self { noted: Noted { number, unread }, pieces }
    }

    #[cfg(test)]
    pub fn is_unread(&self) -> bool {
        self.noted.unread.is_some()
    }
}

/// What is known of an attached file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Noted {
    /// A number of staff that it tells.
    pub number: Option<String>,
    /// Why it was not looked through to its end.
    pub unread: Option<String>,
}

/// What is reported of a content that is to be public.
pub(super) fn concerns(store: &RecordStore, content: &Body) -> Result<Vec<Concern>, StoreError> {
    if !content.is_for_the_public() {
        return Ok(Vec::new());
    }
    let own = texts(content);
    let mut sources: Vec<(String, String, Vec<String>)> = Vec::new();
    if let Some(number) = own.iter().find_map(|text| staff_number_in(text)) {
        sources.push((String::new(), number, own));
    }
    let mut unread = Vec::new();
    for file in content.attached() {
        let noted = noted(store, &file.sha256)?;
        if let Some(number) = noted.number {
            sources.push((format!("附件“{}”", file.name), number, text_of_file(store, &file.sha256)?));
        }
        unread.extend(noted.unread.map(|why| (&file.name, why)));
    }
    if sources.is_empty() && unread.is_empty() {
        return Ok(Vec::new());
    }
    let division = content.division().cloned().unwrap_or_else(DivisionCode::nation);
    let kept_back = kept_back(store, &division)?;
    let concern = |says| Concern { division: division.clone(), says };
    let mut found = Vec::new();
    for (whence, number, texts) in &sources {
        let mut told: Vec<&String> = named_in(&kept_back, texts).into_iter().collect();
        // 甲市财政局 within 甲市财政局监督检查分局 is reported once.
        told.dedup_by(|a, b| a.contains(b.as_str()) || b.contains(a.as_str()));
        found.extend(told.into_iter().map(|name| {
            concern(format!(
                "{whence}写有“{number}”，而“{name}”的编制数不公开：公布以后人人可见（附上的原件也一样），不公开的请先删去"
            ))
        }));
    }
    if !kept_back.is_empty() {
        found.extend(unread.into_iter().map(|(name, why)| {
            concern(format!("附件“{name}”{why}，没有查过是否写有不公开的编制数：请打开看过再公布"))
        }));
    }
    Ok(found)
}

/// Those of the names that stand in one of the texts, by one walk over each.
fn named_in<'n>(names: &'n BTreeSet<String>, texts: &[String]) -> BTreeSet<&'n String> {
    let beginning = |name: &str| name.char_indices().nth(SHORTEST_NAME).map_or(name.len(), |(at, _)| at);
    let mut by_beginning: HashMap<&str, Vec<&String>> = HashMap::new();
    for name in names {
        by_beginning.entry(&name[..beginning(name)]).or_default().push(name);
    }
    let mut found = BTreeSet::new();
    for text in texts {
        let places: Vec<usize> = text.char_indices().map(|(at, _)| at).chain([text.len()]).collect();
        for place in places.windows(SHORTEST_NAME + 1) {
            let here = by_beginning.get(&text[place[0]..place[SHORTEST_NAME]]).into_iter().flatten();
            found.extend(here.filter(|name| text[place[0]..].starts_with(name.as_str())));
        }
    }
    found
}

/// A number of staff or of posts that a text tells: in words, 行政编制82名, or in a table, 行政编制 above or beside 82.
/// The cells of a row are parted by tabs.
pub fn staff_number_in(text: &str) -> Option<String> {
    staff_phrase_in(text).map(str::to_owned).or_else(|| number_in_table(text))
}

fn number_in_table(text: &str) -> Option<String> {
    // The columns under the last headings, each with its own and the place of the next.
    let mut headings: Vec<(usize, usize, &str)> = Vec::new();
    for line in text.lines() {
        let cells: Vec<&str> = line.split('\t').take(MAX_CELLS).map(str::trim).collect();
        let filled: Vec<usize> = (0..cells.len()).filter(|at| !cells[*at].is_empty()).collect();
        if filled.len() < 2 {
            // A line of text ends the table, and a title above its headings is one.
            headings.clear();
            continue;
        }
        let next = filled.iter().copied().skip(1).chain([usize::MAX]);
        let own: Vec<(usize, usize, &str)> = filled
            .iter()
            .zip(next)
            .filter(|(at, _)| is_heading(cells[**at]))
            .map(|(at, next)| (*at, next, cells[*at]))
            .collect();
        let beside = own.iter().filter_map(|(_, next, heading)| Some((*heading, *cells.get(*next)?)));
        let above = headings.iter().flat_map(|(from, next, heading)| {
            let under = cells.iter().take(*next).skip(*from);
            under.map(move |cell| (*heading, *cell))
        });
        if let Some((heading, number)) = beside.chain(above).find(|(_, cell)| is_number(cell)) {
            return Some(format!("{heading} {number}"));
        }
        if !own.is_empty() {
            headings = own;
        }
    }
    None
}

/// 行政编制, 编制数（名）, 领导职数, and not 编制日期.
fn is_heading(cell: &str) -> bool {
    let bare = cell.split(['（', '(']).next().unwrap_or_default();
    let mut bare: String = bare.chars().filter(|c| !c.is_whitespace()).collect();
    for end in ["合计", "小计", "人数", "总数", "总额", "数量"] {
        bare.truncate(bare.strip_suffix(end).map_or(bare.len(), str::len));
    }
    bare.chars().count() <= LONGEST_HEADING && ["编制", "编制数", "职数"].iter().any(|end| bare.ends_with(end))
}

/// Characters of the longest heading: 内设机构领导职数.
const LONGEST_HEADING: usize = 20;

/// A number that people may have: 82, ８２, 82名.
fn is_number(cell: &str) -> bool {
    let bare = cell.trim_end_matches(['名', '人', '个']).trim_end();
    (1..=5).contains(&bare.chars().count()) && bare.chars().all(|c| c.is_ascii_digit() || ('０'..='９').contains(&c))
}

/// Keeps what an attached file says, where it tells numbers of staff or could not be looked through, for whoever has
/// it.
pub fn note_file(secrets: &mut Secrets<'_>, holder: &str, sha256: &str, says: &FileSays) {
    let FileSays { noted: Noted { number, unread }, pieces } = says;
    if number.is_none() && unread.is_none() {
        return;
    }
    let mut put = |name: &str, value: &str| secrets.put(FILE_TEXT, &format!("{sha256}/{name}"), value);
    number.iter().for_each(|number| put(NUMBER, number));
    unread.iter().for_each(|why| put(UNREAD, why));
    for (n, piece) in pieces.iter().enumerate() {
        put(&format!("{n:04}"), piece);
    }
    put(&format!("{HOLDER}{holder}"), "");
}

/// Takes a file from whoever had it; what it says is gone with the last.
pub fn forget_file(secrets: &mut Secrets<'_>, holder: &str, sha256: &str) -> Result<(), StoreError> {
    let own = format!("{sha256}/{HOLDER}{holder}");
    let rows = secrets.starting(FILE_TEXT, &format!("{sha256}/"))?;
    let others = format!("{sha256}/{HOLDER}");
    let is_held = rows.iter().any(|(name, _)| name.starts_with(&others) && *name != own);
    for (name, _) in rows.iter().filter(|(name, _)| !is_held || *name == own) {
        secrets.delete(FILE_TEXT, name);
    }
    Ok(())
}

/// Gives a file from who had it to another.
pub fn hand_over_file(secrets: &mut Secrets<'_>, from: &str, to: &str, sha256: &str) -> Result<(), StoreError> {
    let of = |holder: &str| format!("{sha256}/{HOLDER}{holder}");
    if secrets.get(FILE_TEXT, &of(from))?.is_some() {
        secrets.delete(FILE_TEXT, &of(from));
        secrets.put(FILE_TEXT, &of(to), "");
    }
    Ok(())
}

/// What was noted of an attached file.
pub fn noted(store: &RecordStore, sha256: &str) -> Result<Noted, StoreError> {
    let of = |name: &str| store.secret(FILE_TEXT, &format!("{sha256}/{name}"));
    let number = match of(NUMBER)? {
        // Earlier versions kept the pieces alone.
        None => text_of_file(store, sha256)?.iter().find_map(|piece| staff_number_in(piece)),
        known => known,
    };
    Ok(Noted { number, unread: of(UNREAD)? })
}

fn text_of_file(store: &RecordStore, sha256: &str) -> Result<Vec<String>, StoreError> {
    let rows = store.secrets_starting(FILE_TEXT, &format!("{sha256}/"))?;
    let is_piece = |name: &str| name[sha256.len() + 1..].bytes().all(|b| b.is_ascii_digit());
    Ok(rows.into_iter().filter(|(name, _)| is_piece(name)).map(|(_, piece)| piece).collect())
}

/// All that a content says, its name of the institution among it.
fn texts(content: &Body) -> Vec<String> {
    let mut texts: Vec<String> = content.facts().flat_map(|(_, values)| values).collect();
    if let Body::Regulation(regulation) = content {
        texts.extend(regulation.articles.iter().map(|article| article.text.clone()));
        texts.extend([regulation.preamble.clone(), regulation.attachment.clone()]);
    }
    texts
}

/// Names of institutions on the line of a division whose numbers are kept back: by their public scheme, or since they
/// stand among what offices share.
fn kept_back(store: &RecordStore, division: &DivisionCode) -> Result<BTreeSet<String>, StoreError> {
    let mut names = BTreeSet::new();
    let mut take = |record: Record| -> Result<(), StoreError> {
        let restricted = record.body.restricts() || record.is_shown_to(Audience::Offices);
        let near = record.body.division().is_some_and(|own| division.covers(own) || own.covers(division));
        if restricted && near && (record.is_public() || record.is_shown_to(Audience::Offices)) {
            let named = record.body.facts().filter(|(column, _)| column.name == BODY).flat_map(|(_, values)| values);
            names.extend(named.filter(|name| name.chars().count() >= SHORTEST_NAME));
        }
        Ok(())
    };
    let counts = |kind: &&&indexer::record::Info| {
        kind.is_searched_by(Audience::Offices) && kind.columns.iter().any(|column| column.name == BODY)
    };
    for kind in KINDS.iter().filter(counts) {
        store.each_of(kind.name, &mut take)?;
    }
    Ok(names)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::Backend;

    fn opened() -> (tempfile::TempDir, RecordStore) {
        let dir = tempfile::tempdir().unwrap();
        let store = RecordStore::open(Backend::Redb, dir.path()).unwrap();
        (dir, store)
    }

    fn note(store: &RecordStore, holder: &str, sha256: &str, says: &FileSays) {
        let kept = store.change_secrets(|secrets| {
            note_file(secrets, holder, sha256, says);
            Ok(())
        });
        kept.unwrap();
    }

    fn text(text: impl Into<String>) -> FileSays {
        FileSays::of(&text.into())
    }

    #[test]
    fn a_long_file_is_kept_in_pieces_that_cut_no_name() {
        let (_dir, store) = opened();
        note(&store, "s", "a", &text("没有数"));
        assert!(store.secrets(FILE_TEXT).unwrap().is_empty());
        let names: BTreeSet<String> =
            ["遵义市财政局", "遵义市财政局监督检查分局", "没有的局"].map(str::to_owned).into();
        for before in [PIECE - SHARED - 3, PIECE - 3, PIECE] {
            let long = format!("{}遵义市财政局行政编制4名{}", "长".repeat(before), "尾".repeat(PIECE));
            note(&store, "s", "b", &text(long));
            let pieces = text_of_file(&store, "b").unwrap();
            assert!(pieces.len() > 1 && pieces.iter().all(|piece| piece.chars().count() <= PIECE));
            let found: Vec<&String> = named_in(&names, &pieces).into_iter().collect();
            assert_eq!(found, ["遵义市财政局"], "{before}");
            let known = noted(&store, "b").unwrap();
            assert_eq!((known.number.as_deref(), known.unread), (Some("行政编制4名"), None));
        }
        note(&store, "s", "c", &text(format!("行政编制4名{}", "长".repeat(PIECE * MAX_PIECES))));
        assert!(noted(&store, "c").unwrap().unread.unwrap().contains("只查了前"));
        assert!(text_of_file(&store, "").unwrap().is_empty());
    }

    #[test]
    fn what_a_file_says_is_kept_while_somebody_has_it() {
        let (_dir, store) = opened();
        let number = |sha256: &str| noted(&store, sha256).unwrap().number;
        let forget = |holder: &str| store.change_secrets(|secrets| forget_file(secrets, holder, "a")).unwrap();
        for holder in ["upload 1", "s-2"] {
            note(&store, holder, "a", &text("行政编制4名"));
        }
        note(&store, "s-2", "ab", &text("行政编制5名"));
        store.change_secrets(|secrets| hand_over_file(secrets, "upload 1", "s-1", "a")).unwrap();
        // Of what nobody noted there is nothing to hand over.
        store.change_secrets(|secrets| hand_over_file(secrets, "upload 1", "s-3", "a")).unwrap();
        for (holder, kept) in [("upload 1", true), ("s-2", true), ("s-3", true), ("s-1", false)] {
            forget(holder);
            assert_eq!(number("a").is_some(), kept, "{holder}");
        }
        assert!(number("ab").is_some());
        assert!(store.secrets_starting(FILE_TEXT, "a/").unwrap().is_empty());
        note(&store, "s-1", "c", &FileSays::unread("是图片"));
        assert_eq!(noted(&store, "c").unwrap(), Noted { number: None, unread: Some("是图片".into()) });
    }

    #[test]
    fn what_an_earlier_version_kept_tells_its_number() {
        let (_dir, store) = opened();
        let kept = store.change_secrets(|secrets| {
            for (name, piece) in [("0000", "没有数"), ("0001", "单位\t行政编制\n甲局\t82"), ("of s-1", "")] {
                secrets.put(FILE_TEXT, &format!("a/{name}"), piece);
            }
            Ok(())
        });
        kept.unwrap();
        assert_eq!(noted(&store, "a").unwrap(), Noted { number: Some("行政编制 82".into()), unread: None });
        assert_eq!(noted(&store, "b").unwrap(), Noted::default());
    }

    /// Looking for the cell behind each heading from the front of the line would take minutes.
    #[test]
    fn a_line_of_nothing_but_headings_is_walked_once() {
        let line = "编制\t".repeat(500_000);
        let says = FileSays::of(&line);
        assert!(says.noted.number.is_none() && says.noted.unread.as_ref().unwrap().contains("4096 格"), "{says:?}");
        let within = format!("{}编制\t82", "甲\t".repeat(MAX_CELLS - 2));
        assert_eq!(FileSays::of(&within).noted, Noted { number: Some("编制 82".into()), unread: None });
        assert_eq!(FileSays::of("甲\t乙"), FileSays::default());
    }

    #[test]
    fn numbers_are_found_in_tables() {
        for (table, told) in [
            ("单位\t行政编制\t事业编制\n遵义市市场监督管理局\t82\t5", Some("行政编制 82")),
            ("附表\n单位\t编制数（名）\t\t领导职数\n\t行政\t事业\t正职\n甲局\t\t５名\t1", Some("编制数（名） ５名")),
            ("编制总数\t82\n", Some("编制总数 82")),
            ("行政\t人员编制合计\n甲\t无\n乙\t3人", Some("人员编制合计 3人")),
            ("单位\t领导职数\n甲局\t3", Some("领导职数 3")),
            ("甲局行政编制82名", Some("行政编制82名")),
            // Of other things the words and the numbers are.
            ("编制日期\t编制单位\n2024\t3", None),
            ("甲市机关编制\n序号\t单位\n1\t甲局", None),
            ("行政编制\t说明\n甲\t乙\n以上是一张表。\n1\t2", None),
            ("单位\t行政编制\n甲局\t按规定", None),
            ("单位\t行政编制\t电话\n甲局\t按规定\t12345", None),
            ("单位\t行政编制\n甲局\t1234567", None),
        ] {
            assert_eq!(staff_number_in(table).as_deref(), told, "{table}");
        }
    }
}
