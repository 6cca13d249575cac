//! What makes one hit better than another: one factor a file, each with its weight in `weights.toml`.
//!
//! A factor is a number that the text score is multiplied with; 1 means that it has no opinion, and a weight of 0 makes
//! it say 1 always: that is its switch. The weights come from a search over the rated development sets with
//! cross-validation (`cargo run --release -p benches --bin tune`), whose last result heads the file.

pub mod asked;
pub mod bank;
pub mod citations;
pub mod columns;
pub mod evidence;
pub mod field_match;
pub mod institution_level;
pub mod length;
pub mod matter;
pub mod passage;
pub mod recency;
pub mod region;
pub mod regulation_level;
pub mod similarity;
pub mod trees;
pub mod validity;

use std::sync::{Arc, LazyLock};

use indexer::embed::tuning::Tuning;
use rustc_hash::FxHashSet;
use serde::{Deserialize, Serialize};

use asked::Asked;
use trees::Trees;

/// All that ranking is set by.
#[derive(Debug, Clone)]
pub struct Ranking {
    pub weights: Weights,
    pub asked: Asked,
    /// What orders the articles for a question; the formula of the weights where there is none.
    pub trees: Option<Trees>,
    /// The same where the articles' meaning is known; the others where there is none.
    pub meaning_trees: Option<Trees>,
    /// What the model of meaning learned of questions.
    pub question_tuning: Option<Arc<Tuning>>,
    /// Why there are none, where there should be.
    pub fault: Option<String>,
    /// Asked questions that are not to be used: a question that measures or trains may not answer itself.
    pub left_out: FxHashSet<u32>,
}

impl Ranking {
    /// As it is shipped.
    pub fn shipped() -> &'static Arc<Self> {
        static SHIPPED: LazyLock<Arc<Ranking>> = LazyLock::new(|| {
            Arc::new(Ranking::with_models(
                include_str!("articles.trees.txt"),
                include_str!("articles.meaning.trees.txt"),
            ))
        });
        &SHIPPED
    }

    /// By a model's trees and the shipped weights; by the weights alone where the model is not whole, which
    /// [`Ranking::fault`] then tells.
    pub fn with_model(model: &str) -> Self {
        let by_formula = Self::by_formula(Weights::shipped(), Asked::shipped());
        match Trees::read(model, columns::Row::NAMES) {
            Ok(trees) => Self { trees: Some(trees), ..by_formula },
            Err(fault) => Self { fault: Some(fault.to_string()), ..by_formula },
        }
    }

    /// The same with the trees of a second model where the articles' meaning is known.
    pub fn with_models(model: &str, by_meaning: &str) -> Self {
        let tuning = Tuning::read(include_bytes!("question.tuning")).ok().map(Arc::new);
        let ranking = Self { question_tuning: tuning, ..Self::with_model(model) };
        match Trees::read(by_meaning, columns::Row::NAMES) {
            Ok(trees) => Self { meaning_trees: ranking.trees.is_some().then_some(trees), ..ranking },
            Err(fault) => Self { fault: ranking.fault.or(Some(fault.to_string())), ..ranking },
        }
    }

    /// By weights alone.
    pub fn by_formula(weights: Weights, asked: Asked) -> Self {
        Self {
            weights,
            asked,
            trees: None,
            meaning_trees: None,
            question_tuning: None,
            fault: None,
            left_out: FxHashSet::default(),
        }
    }
}

/// How much each kind of evidence counts; see the factor of the same name.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Weights {
    /// BM25 over the segmenter's words.
    pub words: f32,
    /// BM25 over bigrams of characters.
    pub bigrams: f32,
    /// BM25 over what the law calls what the reader calls something else.
    pub everyday: f32,
    pub passage: f32,
    pub matter: f32,
    pub citations: f32,
    pub asked: f32,
    pub asked_article: f32,
    pub regulation_level: f32,
    pub region: f32,
    pub recency: f32,
    pub validity: f32,
    pub institution_level: f32,
    pub evidence: f32,
    /// Share of a name's likeness that looks at both sides; the rest at how much of the query the name covers.
    pub two_sided: f32,
}

impl Weights {
    pub fn shipped() -> Self {
        toml::from_str(include_str!("weights.toml"))
            .unwrap_or_else(|error| unreachable!("the weights are part of the program and tested: {error}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use indexer::record::{DocumentKind, InstitutionLevel, RegulationLevel, Status};

    #[test]
    fn a_weight_of_zero_switches_a_factor_off() {
        for (name, said) in [
            ("asked", asked::factor(9, 0.0)),
            ("institution_level", institution_level::factor(InstitutionLevel::Central, 0.0)),
            ("citations", citations::factor(9, 0.0)),
            ("evidence", evidence::factor(None, 0.0)),
            ("matter", 1.0 + matter::lead(9.0, 1.0, 0.0)),
            (
                "regulation_level",
                regulation_level::factor(RegulationLevel::DepartmentRule, DocumentKind::Amendment, 0.0),
            ),
            ("passage", passage::factor(0.0)),
            ("recency", recency::factor(30.0, 0.0)),
            ("region", region::factor(true, false, 0.0)),
            ("validity", validity::factor(Status::Repealed, true, 0.0)),
        ] {
            assert_eq!(said, 1.0, "{name}");
        }
    }

    #[test]
    fn the_shipped_ranking_loads() {
        let ranking = Ranking::shipped();
        assert!(ranking.weights.bigrams > 0.0);
        assert!(ranking.asked.work("民法典") > ranking.asked.work("无此法"));
        assert_eq!(ranking.fault, None);
        assert!(ranking.trees.as_ref().is_some_and(|trees| trees.len() >= 50));
        assert!(ranking.question_tuning.is_some());
        assert!(ranking.meaning_trees.as_ref().is_some_and(|trees| trees.len() >= 50));
    }

    #[test]
    fn a_model_that_is_not_whole_leaves_the_formula_and_says_so() {
        for model in ["", "tree\nfeature_names=nothing\n\nTree=0\nleaf_value=1\n\nend of trees"] {
            let ranking = Ranking::with_model(model);
            assert_eq!(ranking.trees, None);
            assert!(ranking.fault.is_some_and(|fault| fault.contains("排序模型")));
        }
    }
}
