//! Titles as texts quote them.

/// A title as a text quotes it: 《…》, with the marks inside it one step smaller, 〈…〉.
pub fn quoted(title: &str) -> String {
    format!("《{}》", title.replace('《', "〈").replace('》', "〉"))
}

/// The titles between 《 and 》, outermost pairs.
pub fn quoted_titles(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let open = rest.find('《')? + '《'.len_utf8();
        let mut depth = 1;
        let close = rest[open..].char_indices().find_map(|(at, c)| {
            match c {
                '《' => depth += 1,
                '》' => depth -= 1,
                _ => {}
            }
            (depth == 0).then_some(open + at)
        });
        let Some(close) = close else {
            rest = "";
            return None;
        };
        let title = &rest[open..close];
        rest = &rest[close + '》'.len_utf8()..];
        Some(title)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_inside_marks_are_one_step_smaller() {
        assert_eq!(quoted("甲省实施《乙法》办法"), "《甲省实施〈乙法〉办法》");
        assert_eq!(quoted("乙法"), "《乙法》");
    }

    #[test]
    fn quoted_titles_are_outermost() {
        let text = "依照《甲法》、《关于适用《乙法》的解释》以及《丙";
        assert_eq!(quoted_titles(text).collect::<Vec<_>>(), ["甲法", "关于适用《乙法》的解释"]);
    }
}
