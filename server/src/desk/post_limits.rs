//! How many may lead an institution 领导职数 by the rules of a division: one table, empty as it is shipped, since no
//! rule of a place is known. What the law itself says of institutions of the State Council is held to by the kind's own
//! rules.

use indexer::record::{
    Body, DivisionCode,
    comparison::scheme_of,
    staffing::{Headcount, leadership},
};

use super::table::{Row, Table, TableError};

const COLUMNS: &[&str] = &["division", "nature", "staff_from", "staff_to", "posts", "least", "most", "source"];

/// What a row limits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Posts {
    /// 副职
    Deputies,
    /// 领导职数: head and deputies.
    All,
}

impl Posts {
    fn read(text: &str) -> Option<Self> {
        [Self::Deputies, Self::All].into_iter().find(|posts| posts.label() == text)
    }

    fn label(self) -> &'static str {
        match self {
            Self::Deputies => "副职",
            Self::All => "领导职数",
        }
    }
}

/// A row of the table: it holds in its division and below it, unless a row of a division further down says otherwise.
#[derive(Debug, Clone, PartialEq, Eq)]
struct PostLimit {
    division: DivisionCode,
    /// A word of the institution's nature; empty for all.
    nature: String,
    /// How many staff an institution has for which it holds.
    staff: (u32, u32),
    posts: Posts,
    range: (u32, u32),
    source: String,
}

/// The table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PostLimits(Vec<PostLimit>);

impl PostLimits {
    pub(super) fn read(table: &Table) -> Result<Self, TableError> {
        let mut all = Vec::new();
        table.each(COLUMNS, &mut |row| {
            let division = row.some("division")?.parse().map_err(|_| "division 应为区划代码，如 520300".to_owned())?;
            let posts = Posts::read(row.some("posts")?).ok_or("posts 应为“副职”或“领导职数”")?;
            let (staff, range) = (span(row, "staff_from", "staff_to")?, span(row, "least", "most")?);
            let (nature, source) = (row.get("nature").to_owned(), row.some("source")?.to_owned());
            all.push(PostLimit { division, nature, staff, posts, range, source });
            Ok(())
        })?;
        Ok(Self(all))
    }

    /// Rule S9: what of a scheme's posts is not within the table of its division.
    pub fn of_scheme(&self, body: &Body) -> Vec<String> {
        let Some(scheme) = scheme_of(body) else { return Vec::new() };
        self.findings(&scheme.division, &scheme.nature, &scheme.staffing, &scheme.posts)
    }

    /// The same of an institution whose numbers are reported elsewhere.
    pub fn findings(
        &self,
        division: &DivisionCode,
        nature: &str,
        staffing: &[Headcount],
        posts: &[Headcount],
    ) -> Vec<String> {
        let staff = staffing.iter().map(|count| count.n).fold(0, u32::saturating_add);
        let leads = leadership(posts);
        let mut told = Vec::new();
        for kind in [Posts::Deputies, Posts::All] {
            let n = match (kind, leads.head, leads.deputies) {
                (Posts::Deputies, _, Some(deputies)) => deputies,
                (Posts::All, Some(head), deputies) => head.saturating_add(deputies.unwrap_or(0)),
                _ => continue,
            };
            let holds = |limit: &&PostLimit| {
                limit.posts == kind
                    && limit.division.covers(division)
                    && nature.contains(&limit.nature)
                    && (staffing.is_empty() || (limit.staff.0..=limit.staff.1).contains(&staff))
            };
            // The nearest division's, and of its rows the one that names the nature.
            let nearest = |limit: &&PostLimit| (limit.division.significant().len(), limit.nature.len());
            let Some(limit) = self.0.iter().filter(holds).max_by_key(nearest) else { continue };
            // How many staff it has is not said, and the row holds for some alone.
            if staffing.is_empty() && limit.staff != (0, u32::MAX) {
                continue;
            }
            if !(limit.range.0..=limit.range.1).contains(&n) {
                let (least, most) = limit.range;
                told.push(format!(
                    "“领导职数”：{}应为 {least} 至 {most} 名（{}），这里是 {n} 名",
                    kind.label(),
                    limit.source
                ));
            }
        }
        told
    }
}

fn span(row: &Row<'_>, from: &str, to: &str) -> Result<(u32, u32), String> {
    let number = |column: &str, otherwise: u32| match row.get(column) {
        "" => Ok(otherwise),
        text => text.parse().map_err(|_| format!("{column} 应为数字")),
    };
    let (from_n, to_n) = (number(from, 0)?, number(to, u32::MAX)?);
    if from_n > to_n { Err(format!("{from} 大于 {to}")) } else { Ok((from_n, to_n)) }
}

#[cfg(test)]
mod tests {
    use indexer::record::staffing::{self, SCHEME};

    use super::*;

    const HEAD: &str = "division,nature,staff_from,staff_to,posts,least,most,source\n";

    fn read(rows: &str) -> Result<PostLimits, TableError> {
        PostLimits::read(&Table { file: "a.csv".into(), text: format!("{HEAD}{rows}") })
    }

    fn told(limits: &PostLimits, division: &str, nature: &str, staff: &str, posts: &str) -> Vec<String> {
        let items = |text: &str| staffing::read::<Headcount>(vec![text.to_owned()]).unwrap();
        limits.findings(&division.parse().unwrap(), nature, &items(staff), &items(posts))
    }

    /// S9: deputies within the division's table. Valid: 1正3副. Invalid: 1正6副.
    #[test]
    fn s9_posts_are_within_the_table_of_the_nearest_division() {
        let rows = "520000,,,,副职,1,3,甲规定\n520300,工作部门,,20,副职,1,2,乙规定\n520000,事业单位,11,50,领导职数,2,3,丙规定\n";
        let limits = read(rows).unwrap();
        let one_and = |n: u32| format!("局长1名\n副局长{n}名");
        assert_eq!(told(&limits, "520102", "工作部门", "行政编制20名", &one_and(3)), [""; 0]);
        assert_eq!(
            told(&limits, "520102", "工作部门", "行政编制20名", &one_and(6)),
            ["“领导职数”：副职应为 1 至 3 名（甲规定），这里是 6 名"]
        );
        assert_eq!(
            told(&limits, "520300", "工作部门", "行政编制20名", &one_and(3)).len(),
            1,
            "its own table is narrower"
        );
        assert_eq!(told(&limits, "520300", "工作部门", "行政编制21名", &one_and(3)), [""; 0], "up to 20 staff");
        assert_eq!(
            told(&limits, "320100", "工作部门", "行政编制20名", &one_and(6)),
            [""; 0],
            "no table, nothing claimed"
        );
        assert_eq!(told(&limits, "520300", "事业单位", "事业编制30名", "主任1名\n副主任3名").len(), 1);
        assert_eq!(told(&limits, "520300", "事业单位", "事业编制30名", "主任1名\n副主任2名"), [""; 0]);
        assert_eq!(told(&limits, "520300", "工作部门", "行政编制20名", ""), [""; 0], "not told, not judged");
        assert_eq!(
            told(&limits, "520300", "工作部门", "", &one_and(6)),
            [""; 0],
            "staff not told, no row of some staff"
        );
        assert_eq!(told(&limits, "520102", "工作部门", "", &one_and(6)).len(), 1, "a row of any staff holds");
        let mut body = Body::blank(SCHEME).unwrap();
        let cells = [("division", "520302"), ("posts", "局长1名\n副局长6名")];
        body.fill(|column| cells.iter().find(|(name, _)| *name == column.name).map(|(_, text)| *text)).unwrap();
        assert_eq!(limits.of_scheme(&body).len(), 1);
    }

    #[test]
    fn the_shipped_table_is_empty_and_faults_are_told_by_line() {
        assert_eq!(
            PostLimits::read(&Table { file: "a".into(), text: super::super::POST_LIMITS.into() }).unwrap().0,
            []
        );
        for (row, says) in [
            ("5203,,,,副职,1,3,甲", "区划代码"),
            ("520300,,,,正职,1,3,甲", "副职"),
            ("520300,,,,副职,4,3,甲", "大于"),
            ("520300,,x,,副职,1,3,甲", "数字"),
            ("520300,,,,副职,1,3,", "source 不能为空"),
        ] {
            let error = read(&format!("{row}\n")).unwrap_err().to_string();
            assert!(error.contains(says) && error.contains("第 2 行"), "{error}");
        }
    }
}
