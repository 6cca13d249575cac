//! Where the province-level divisions stand in the tile grid: rows from north to south, columns from west to east, each
//! roughly where it lies among its neighbours. Tiles of one size and no lines between them: it is a list in the shape of
//! a compass, not a map, and says nothing about area or borders.

/// Code, row and column, both counted from 1; in the usual order of the provinces, which is that of their codes.
pub const PROVINCES: [(&str, u8, u8); 34] = [
    ("110000", 2, 7),
    ("120000", 3, 8),
    ("130000", 3, 7),
    ("140000", 3, 6),
    ("150000", 2, 6),
    ("210000", 2, 8),
    ("220000", 2, 9),
    ("230000", 1, 9),
    ("310000", 5, 9),
    ("320000", 5, 8),
    ("330000", 6, 8),
    ("340000", 5, 7),
    ("350000", 7, 7),
    ("360000", 6, 7),
    ("370000", 4, 7),
    ("410000", 4, 6),
    ("420000", 5, 6),
    ("430000", 6, 6),
    ("440000", 7, 6),
    ("450000", 6, 5),
    ("460000", 8, 5),
    ("500000", 4, 5),
    ("510000", 4, 4),
    ("520000", 5, 5),
    ("530000", 5, 4),
    ("540000", 4, 2),
    ("610000", 3, 5),
    ("620000", 3, 3),
    ("630000", 4, 3),
    ("640000", 3, 4),
    ("650000", 3, 1),
    ("710000", 7, 8),
    ("810000", 8, 7),
    ("820000", 8, 6),
];

/// Row and column of a province's tile.
pub fn cell(code: &str) -> Option<(u8, u8)> {
    PROVINCES.iter().find(|(c, _, _)| *c == code).map(|(_, row, column)| (*row, *column))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_province_of_the_corpus_has_a_cell_of_its_own() {
        let file = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../corpus/divisions.csv");
        let table = std::fs::read_to_string(file).unwrap();
        let rows = table.lines().map(|line| line.split(',').collect::<Vec<_>>());
        let provinces: Vec<String> = rows.filter(|r| r[2] == "province").map(|r| r[0].to_owned()).collect();
        assert_eq!(provinces.len(), PROVINCES.len());
        for code in &provinces {
            assert!(cell(code).is_some(), "{code} has no cell");
        }
        let cells: BTreeSet<(u8, u8)> = PROVINCES.iter().map(|(_, row, column)| (*row, *column)).collect();
        assert_eq!(cells.len(), PROVINCES.len(), "each has a cell of its own");
    }

    #[test]
    fn the_style_has_a_rule_for_every_row_and_column() {
        let style = include_str!("../../../assets/site.css");
        for (_, row, column) in PROVINCES {
            assert!(style.contains(&format!(".row-{row} {{")), "no rule for row {row}");
            assert!(style.contains(&format!(".col-{column} {{")), "no rule for column {column}");
        }
    }
}
