//! Horizontal bars as SVG made here, so that figures can be seen without a script and read out without sight.

/// Geometry in the units of the drawing, which is scaled to the width that the page leaves for it. Narrow on purpose:
/// on a phone the letters shrink by a tenth and not by half.
const WIDTH: usize = 360;
const ROW: usize = 24;
const BAR: usize = 14;
const LABEL: usize = 116;
/// Room for the figure behind the longest bar: six digits.
const FIGURE: usize = 56;
/// Characters of a label that fit before its bar; the description carries it whole.
const MAX_LABEL: usize = 8;

/// A chart ready for its template.
pub struct Chart {
    /// Unique on the page: what the title is found by.
    pub id: &'static str,
    pub title: String,
    /// All figures in words.
    pub description: String,
    pub width: usize,
    pub height: usize,
    pub bars: Vec<Bar>,
}

pub struct Bar {
    pub label: String,
    pub value: u64,
    pub label_x: usize,
    pub text_y: usize,
    pub x: usize,
    pub y: usize,
    pub width: usize,
    pub height: usize,
    pub value_x: usize,
}

/// A chart of `rows` in the order given.
pub fn bars(id: &'static str, title: impl Into<String>, rows: &[(String, u64)]) -> Chart {
    let most = rows.iter().map(|(_, n)| *n).max().unwrap_or(0).max(1);
    let room = WIDTH - LABEL - FIGURE;
    let bar = |(i, (label, value)): (usize, &(String, u64))| {
        // At least a hair where there is something, so that one of thousands does not look like none.
        let scaled = (u128::from(*value) * room as u128 / u128::from(most)) as usize;
        let width = scaled.max(usize::from(*value > 0));
        let y = i * ROW + (ROW - BAR) / 2;
        Bar {
            label: shortened(label),
            value: *value,
            label_x: LABEL - 8,
            text_y: i * ROW + ROW / 2,
            x: LABEL,
            y,
            width,
            height: BAR,
            value_x: LABEL + width + 6,
        }
    };
    let words: Vec<String> = rows.iter().map(|(label, value)| format!("{label} {value}")).collect();
    Chart {
        id,
        title: title.into(),
        description: words.join("；"),
        width: WIDTH,
        height: rows.len() * ROW,
        bars: rows.iter().enumerate().map(bar).collect(),
    }
}

fn shortened(label: &str) -> String {
    if label.chars().count() <= MAX_LABEL {
        return label.to_owned();
    }
    let mut kept: String = label.chars().take(MAX_LABEL - 1).collect();
    kept.push('…');
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bars_stay_in_the_drawing_and_none_vanishes() {
        let rows = [("多".to_owned(), u64::MAX), ("少".to_owned(), 1), ("无".to_owned(), 0)];
        let chart = bars("x", "例", &rows);
        assert_eq!(chart.bars[0].x + chart.bars[0].width + FIGURE, WIDTH);
        assert_eq!((chart.bars[1].width, chart.bars[2].width), (1, 0));
        assert!(chart.bars.iter().all(|b| b.y + b.height <= chart.height));
        assert!(chart.description.contains("少 1；无 0"));
    }

    #[test]
    fn nothing_to_show_is_an_empty_chart() {
        assert_eq!(bars("x", "例", &[]).height, 0);
        assert_eq!(bars("x", "例", &[("零".into(), 0)]).bars[0].width, 0);
    }

    #[test]
    fn long_labels_are_shortened_and_told_whole() {
        let chart = bars("x", "例", &[("一二三四五六七八九十".into(), 1)]);
        assert_eq!(chart.bars[0].label, "一二三四五六七…");
        assert!(chart.description.starts_with("一二三四五六七八九十"));
    }
}
