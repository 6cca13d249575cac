//! Regression trees that order articles, as LightGBM writes them in its text format: read whole and proven before any is
//! asked, so that a file that is damaged or was trained on other columns is refused and never half applied.

use std::fmt;

/// Trees of a model. What more would bring is lost in what each costs every question.
const MAX_TREES: usize = 500;
/// Leaves of a tree.
const MAX_LEAVES: usize = 64;

/// A model: the sum of what its trees say.
#[derive(Clone, PartialEq)]
pub struct Trees {
    trees: Vec<Tree>,
}

/// By its size: readers are shown a plan in words.
impl fmt::Debug for Trees {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Trees({})", self.trees.len())
    }
}

#[derive(Debug, Clone, PartialEq)]
struct Tree {
    /// The root first; every branch leads on to a later node or to a leaf.
    nodes: Vec<Node>,
    leaves: Vec<f64>,
}

#[derive(Debug, Clone, Copy, PartialEq)]
struct Node {
    column: usize,
    /// The largest value that goes left.
    threshold: f64,
    left: Child,
    right: Child,
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Child {
    Node(usize),
    Leaf(usize),
}

/// Why a model was refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TreesError {
    #[error("排序模型为空。请运行 make tune 重新训练")]
    Empty,
    #[error("排序模型第 {line} 行：{what}。请运行 make tune 重新训练")]
    Line { line: usize, what: String },
    #[error("排序模型用到本程序没有的列“{0}”。请运行 make tune 重新训练")]
    UnknownColumn(String),
    #[error("排序模型有 {0} 棵树，应为 1 至 {MAX_TREES} 棵。请运行 make tune 重新训练")]
    Count(usize),
    #[error("排序模型不完整：没有“end of trees”一行。请运行 make tune 重新训练")]
    Cut,
}

impl Trees {
    /// Reads a model over `columns`, which it names in whatever order.
    pub fn read(text: &str, columns: &[&str]) -> Result<Self, TreesError> {
        if text.trim().is_empty() {
            return Err(TreesError::Empty);
        }
        let (header, rest) = text.split_once("\n\nTree=").ok_or(TreesError::Count(0))?;
        let names = header.lines().find_map(|line| line.strip_prefix("feature_names=")).unwrap_or_default();
        let place = |name: &str| columns.iter().position(|column| *column == name);
        let columns: Vec<usize> = names
            .split_whitespace()
            .map(|name| place(name).ok_or_else(|| TreesError::UnknownColumn(name.to_owned())))
            .collect::<Result<_, _>>()?;
        let (rest, _) = rest.split_once("\nend of trees").ok_or(TreesError::Cut)?;
        let blocks: Vec<&str> = rest.split("\n\nTree=").collect();
        if blocks.len() > MAX_TREES {
            return Err(TreesError::Count(blocks.len()));
        }
        let mut line = header.lines().count() + 2;
        let mut trees = Vec::with_capacity(blocks.len());
        for block in blocks {
            trees.push(Tree::read(block, &columns).map_err(|what| TreesError::Line { line, what })?);
            line += block.lines().count() + 1;
        }
        Ok(Self { trees })
    }

    /// What the model says of a row; the higher, the further in front.
    pub fn score(&self, row: &[f32]) -> f64 {
        self.trees.iter().map(|tree| tree.score(row)).sum()
    }

    pub fn len(&self) -> usize {
        self.trees.len()
    }

    pub fn is_empty(&self) -> bool {
        self.trees.is_empty()
    }
}

impl Tree {
    fn read(block: &str, columns: &[usize]) -> Result<Self, String> {
        let list = |name: &str| -> Vec<&str> {
            let of = |line: &&str| line.split_once('=').is_some_and(|(known, _)| known == name);
            let line = block.lines().find(of).and_then(|line| line.split_once('='));
            line.map_or(Vec::new(), |(_, values)| values.split_whitespace().collect())
        };
        let leaves = numbers(&list("leaf_value"))?;
        if leaves.is_empty() || leaves.len() > MAX_LEAVES {
            return Err(format!("一棵树应有 1 至 {MAX_LEAVES} 片叶，实有 {}", leaves.len()));
        }
        let inner = leaves.len() - 1;
        let thresholds = numbers(&list("threshold"))?;
        let [features, left, right, kinds] =
            ["split_feature", "left_child", "right_child", "decision_type"].map(|name| integers(&list(name)));
        let (features, left, right, kinds) = (features?, left?, right?, kinds?);
        if [thresholds.len(), features.len(), left.len(), right.len(), kinds.len()] != [inner; 5] {
            return Err(format!("有 {} 片叶的树应有 {inner} 个分叉", leaves.len()));
        }
        // 2: by size, what is missing goes left. No column has missing values, and none stands for a name.
        if kinds.iter().any(|kind| *kind != 2) {
            return Err("分叉应按数值大小，缺值时向左".to_owned());
        }
        let child = |at: usize, to: i64| -> Result<Child, String> {
            let leaf = usize::try_from(!to).ok().filter(|leaf| *leaf < inner + 1).map(Child::Leaf);
            // Later nodes only: so every way ends.
            let node = usize::try_from(to).ok().filter(|to| at < *to && *to < inner).map(Child::Node);
            leaf.or(node).ok_or_else(|| format!("分叉 {at} 指向不存在的 {to}"))
        };
        let node = |at: usize| -> Result<Node, String> {
            let column = usize::try_from(features[at]).ok().and_then(|feature| columns.get(feature));
            let column = *column.ok_or_else(|| format!("分叉 {at} 用到没有名称的列 {}", features[at]))?;
            Ok(Node { column, threshold: thresholds[at], left: child(at, left[at])?, right: child(at, right[at])? })
        };
        Ok(Self { nodes: (0..inner).map(node).collect::<Result<_, _>>()?, leaves })
    }

    fn score(&self, row: &[f32]) -> f64 {
        let mut at = if self.nodes.is_empty() { Child::Leaf(0) } else { Child::Node(0) };
        loop {
            match at {
                Child::Leaf(leaf) => return self.leaves.get(leaf).copied().unwrap_or_default(),
                Child::Node(node) => {
                    let Some(node) = self.nodes.get(node) else { return 0.0 };
                    let value = row.get(node.column).copied().unwrap_or_default();
                    at = if f64::from(value) <= node.threshold { node.left } else { node.right };
                }
            }
        }
    }
}

fn numbers(words: &[&str]) -> Result<Vec<f64>, String> {
    let number = |word: &&str| word.parse().ok().filter(|number: &f64| number.is_finite());
    words.iter().map(|word| number(word).ok_or_else(|| format!("“{word}”不是有限的数"))).collect()
}

fn integers(words: &[&str]) -> Result<Vec<i64>, String> {
    words.iter().map(|word| word.parse().map_err(|_| format!("“{word}”不是整数"))).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// One tree of three leaves, and one that always says the same.
    const SMALL: &str = "tree\nversion=v4\nfeature_names=words length\n\nTree=0\nnum_leaves=3\nsplit_feature=0 1\nthreshold=0.5 10\ndecision_type=2 2\nleft_child=1 -2\nright_child=-1 -3\nleaf_value=3 -1 0.25\n\nTree=1\nnum_leaves=1\nleaf_value=0.5\n\nend of trees\n";
    const COLUMNS: [&str; 3] = ["length", "words", "unused"];

    #[test]
    fn trees_say_what_their_leaves_hold() {
        let trees = Trees::read(SMALL, &COLUMNS).unwrap();
        assert_eq!(trees.len(), 2);
        for (length, words, said) in
            [(0.0, 0.6, 3.5), (10.0, 0.5, -0.5), (11.0, 0.4, 0.75), (11.0, f32::NAN, 3.5), (f32::INFINITY, 0.0, 0.75)]
        {
            assert_eq!(trees.score(&[length, words, 0.0]), said, "{length} {words}");
        }
        assert_eq!(trees.score(&[]), -0.5, "what is not there counts as nothing");
    }

    #[test]
    fn a_model_that_is_not_whole_is_refused() {
        for (from, to, wanted) in [
            (SMALL, "", "排序模型为空"),
            (SMALL, " \n", "排序模型为空"),
            (SMALL, "tree\n", "有 0 棵树"),
            ("end of trees", "", "不完整"),
            ("feature_names=words", "feature_names=meaning", "没有的列“meaning”"),
            ("feature_names=words length", "", "没有名称的列"),
            ("threshold=0.5 10", "threshold=0.5", "2 个分叉"),
            ("threshold=0.5", "threshold=NaN", "“NaN”不是有限的数"),
            ("threshold=0.5", "threshold=inf", "“inf”不是有限的数"),
            ("leaf_value=3 -1 0.25", "leaf_value=", "1 至 64 片叶，实有 0"),
            ("leaf_value=3", "leaf_value=甲", "“甲”不是有限的数"),
            ("left_child=1", "left_child=0", "分叉 0 指向不存在的 0"),
            ("left_child=1", "left_child=2", "分叉 0 指向不存在的 2"),
            ("left_child=1", "left_child=-4", "分叉 0 指向不存在的 -4"),
            ("right_child=-1 -3", "right_child=-1 0", "分叉 1 指向不存在的 0"),
            ("left_child=1", "left_child=-9223372036854775808", "指向不存在的"),
            ("split_feature=0", "split_feature=2", "没有名称的列 2"),
            ("split_feature=0", "split_feature=-1", "没有名称的列 -1"),
            ("decision_type=2", "decision_type=1", "按数值大小"),
        ] {
            let said = Trees::read(&SMALL.replacen(from, to, 1), &COLUMNS).unwrap_err().to_string();
            assert!(said.contains(wanted) && said.contains("make tune"), "{from} → {to}: {said}");
        }
        let many =
            format!("{}{}", SMALL.trim_end_matches("end of trees\n"), "Tree=2\nleaf_value=1\n\n".repeat(MAX_TREES));
        assert_eq!(Trees::read(&format!("{many}end of trees"), &COLUMNS), Err(TreesError::Count(MAX_TREES + 2)));
    }

    proptest! {
        #[test]
        fn no_text_makes_the_reader_panic_or_a_tree_hang(
            at in 0..SMALL.len(), cut in 0..40usize, put in "[-0-9a-z=. \n甲]{0,12}", row in prop::collection::vec(any::<f32>(), 0..4),
        ) {
            let end = (at + cut).min(SMALL.len());
            let text = format!("{}{put}{}", &SMALL[..at], &SMALL[end..]);
            if let Ok(trees) = Trees::read(&text, &COLUMNS) {
                prop_assert!(trees.score(&row).is_finite());
            }
        }
    }
}
