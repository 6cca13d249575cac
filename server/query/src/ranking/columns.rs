//! The table that articles are ranked by where a question is asked: a row an article, a column a kind of evidence. The
//! same code makes it for serving and for training (`tune DATA_DIR --table`), so that the trees meet what they learned.

/// Declares the columns once: the fields of a row, their names for the model, and their values in that order.
macro_rules! columns {
    ($($(#[$doc:meta])* $name:ident,)*) => {
        /// What speaks for one article.
        #[derive(Debug, Clone, Copy, Default, PartialEq)]
        pub struct Row { $($(#[$doc])* pub $name: f32,)* }

        impl Row {
            pub const NAMES: &'static [&'static str] = &[$(stringify!($name)),*];

            /// In the order of [`Row::NAMES`].
            pub fn values(&self) -> [f32; Row::NAMES.len()] {
                [$(self.$name),*]
            }
        }
    };
}

columns! {
    /// BM25 over words, as a share of the best of all rows.
    words,
    /// The same over pairs of characters.
    bigrams,
    /// The same over what the law calls the query's everyday words.
    everyday,
    /// All three by their weights, as the text search gives it.
    text,
    /// The same as a share of the best.
    text_share,
    /// Logarithm of the place by that.
    text_place,
    /// The score by the formula of the weights, as a share of the best.
    formula,
    /// Logarithm of the place by that.
    formula_place,
    /// Share of the query's pairs that stand in the article, the rarer the heavier.
    covered,
    /// The same by number.
    shared,
    /// Share of the query's pairs that stand in the regulation's title, the rarer the heavier.
    title_covered,
    /// Share of the title's pairs that stand in the query.
    title_named,
    /// The best text score of the articles beside it.
    neighbours,
    /// The regulation's share of the best articles' scores.
    regulation_share,
    /// Logarithm of the works that cite the regulation.
    cited,
    level,
    whole_text,
    validity,
    region,
    /// Years since the regulation's version.
    age,
    /// Logarithm of rated questions that the regulation answered.
    asked_regulation,
    /// The same of the article.
    asked_article,
    /// The same of the articles around it, the nearer the heavier.
    asked_around,
    /// Likeness of the query to the likest question of the bank asked of the article.
    bank_article,
    /// The same of the articles beside it.
    bank_beside,
    /// The article's share of the questions that are likest.
    bank_share,
    /// The same with the articles around it, the nearer the heavier.
    bank_around,
    /// The regulation's share of the questions that are likest.
    bank_regulation,
    /// Likeness of the likest question, whatever it was asked of.
    bank_best,
    /// Share of the query's pairs that stand in what was asked of the article, the rarer the heavier.
    bank_covered,
    /// The same in the article or in what was asked of it.
    both_covered,
    /// Logarithm of the article's length in pairs of characters.
    length,
    /// The article's number as a share of the regulation's articles.
    position,
    /// Logarithm of the regulation's articles.
    regulation_size,
    /// Characters of the query.
    query_length,
    /// Share of the query that names a matter which the article settles.
    matter,
    /// How like the article is to the query by meaning: the cosine of their vectors; 0 for an article without one.
    meaning,
    /// The same of the likest article, less the article's own.
    meaning_behind,
    /// Logarithm of the place by that.
    meaning_place,
    /// The same in standard deviations from the mean of all articles.
    meaning_high,
    /// The same of the likest of the articles beside it.
    meaning_beside,
    /// The regulation's share of the articles that are likest by meaning.
    meaning_regulation,
    /// What the columns `meaning…` tell, by what was learned of questions.
    tuned,
    tuned_behind,
    tuned_place,
    tuned_high,
    tuned_beside,
    tuned_regulation,
    /// What the columns `bank_…` tell, with questions that are like the query by meaning.
    alike_article,
    alike_beside,
    alike_share,
    alike_around,
    alike_regulation,
    alike_best,
}
