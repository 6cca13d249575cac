//! Articles for a question: the best by the formula and those that like questions were asked of, each a row of the
//! table ([`crate::ranking::columns`]), put in order by trees that learned from rated and written questions.

use indexer::index::{Generation, bank::Answering, catalogue::RegulationEntry, meanings::Alike};
use rustc_hash::{FxHashMap, FxHashSet};
use tantivy::{DocAddress, query::AllQuery};

use super::{
    Columns, facts,
    holding::matching,
    parts::{PairSet, Pairs, Parts, parts},
    queries::{library_filters, with_filters},
    situation::{age, in_region},
};
use crate::{
    SearchError,
    grams::distinct,
    home::is_local,
    plan::{Plan, bigrams},
    ranking::{
        bank::{Like, NUMBER},
        columns::Row,
        matter, region, regulation_level,
        trees::Trees,
        validity,
    },
    request::SearchRequest,
};

/// Articles put in order by the trees: nearly all that the text search gives, the best by the formula.
const POOL: usize = 1_200;
/// Articles that the likest questions were asked of, looked at besides.
const ASKED: usize = 25;
/// Articles beside each of these, on both sides: what people ask of one article its neighbour often answers.
const BESIDE: u32 = 2;
/// Articles that are likest by meaning, looked at besides: by the query's vector and by what was learned of questions.
const MEANT: usize = 100;
const TUNED: usize = 600;
/// The first of these are answers though they hold no word of the query.
const MEANT_ANSWERS: usize = 100;
/// A question of the bank is nearly what was asked from this likeness on: by its pairs, and by meaning, where cosines
/// lie closer together.
pub const ASKED_ALIKE: f32 = 0.4;
const ASKED_ALIKE_BY_MEANING: f32 = 0.93;
/// Articles whose scores tell which regulation the query is about.
const VOTERS: usize = 200;
/// Articles beside one whose text score speaks for it, on each side.
const NEIGHBOURS: u64 = 2;
/// How much a tree's point tells: the best has 1, and what is a point behind it this share less by each.
const SPREAD: f64 = 2.0;
/// A rule of the house, as in the formula: what is no longer in force comes behind what is, by so many points at least
/// where the library holds the text that repeals it.
const NOT_IN_FORCE: f64 = 3.0;
/// Points for the best by the formula and for the best by what the law calls the query's everyday words; others have
/// their share. It costs next to nothing where the trees learned (cross-validated nDCG@10 between 0.5195 and 0.5221,
/// 0.5224 without), and holds them where a library is unlike that: they know little of articles with one such word.
const HELD: f64 = 1.0;
const HELD_EVERYDAY: f64 = 1.75;

/// An article and its scores so far.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Candidate {
    /// By the formula.
    pub score: f32,
    /// By the text search alone.
    pub text: f32,
    pub at: DocAddress,
    /// The regulation's position in the catalogue.
    pub regulation: u64,
    pub key: u64,
}

/// The rows of the articles that are put in order.
#[derive(Debug, Default)]
pub struct Table {
    pub candidates: Vec<Candidate>,
    pub rows: Vec<Row>,
    /// Whether the articles' meaning was known, as far as it is.
    pub by_meaning: bool,
    /// The likest by meaning, the likest first.
    pub meant: Vec<DocAddress>,
    /// A question of the bank for each candidate that was asked of it nearly as the query is.
    pub asked: Vec<Option<u32>>,
}

/// Whether a query is a question, and no name, citation, number or quotation: their answers are certain, or are what
/// has the words as they stand.
pub fn is_question(plan: &Plan, named: bool, quoted: bool) -> bool {
    /// Shorter texts are words.
    const LEAST: usize = 4;
    let cites = plan
        .lookups
        .iter()
        .any(|lookup| matches!(lookup, crate::plan::Lookup::Citation(_) | crate::plan::Lookup::DocumentNumber(_)));
    !named
        && !quoted
        && !cites
        && plan.phrases.is_empty()
        && plan.character.is_none()
        && plan.latin.is_none()
        && plan.key.chars().nth(LEAST - 1).is_some()
}

/// The rows for the best of `ranked`, which is sorted by the formula and has each article once, and for what was asked.
pub fn table(
    generation: &Generation,
    plan: &Plan,
    request: &SearchRequest,
    ranked: &[Candidate],
    matters: &[(DocAddress, f32)],
) -> Result<Table, SearchError> {
    let columns = Columns::open(generation)?;
    let like = Like::new(&generation.bank, &plan.telling, &plan.ranking.left_out);
    // Trees that never saw the columns of meaning would not know what to do with what it proposes; none are asked where
    // the table is made for training.
    let ordered_by_meaning = plan.ranking.meaning_trees.is_some() || plan.ranking.trees.is_none();
    let meanings = generation.meanings().filter(|meanings| ordered_by_meaning && meanings.suffice());
    let by_meaning =
        meanings.as_ref().map(|meanings| meanings.alike(&request.text, plan.ranking.question_tuning.as_deref()));
    let as_asked = by_meaning.as_ref().map(|meant| Evidence::new(&meant.as_asked, &columns, MEANT));
    let tuned = by_meaning.as_ref().and_then(|meant| meant.tuned.as_ref());
    let tuned = tuned.map(|alike| Evidence::new(alike, &columns, TUNED));
    // The better of the two first.
    let evidence = [tuned.as_ref(), as_asked.as_ref()];
    let meant: Vec<DocAddress> =
        evidence.into_iter().flatten().flat_map(|evidence| evidence.likest.iter().map(|(at, _)| *at)).collect();
    let alike_asked =
        by_meaning.as_ref().map(|meant| Like::by_meaning(&generation.bank, meant.asked(), &plan.ranking.left_out));
    let mut asked = like.likest(ASKED);
    asked.extend(alike_asked.iter().flat_map(|alike| alike.likest(ASKED)));
    let pool = pool(generation, request, &columns, &asked, ranked, matters, &meant)?;
    let pairs = Pairs::new(generation, plan);
    let places: Vec<DocAddress> = pool.iter().map(|c| c.at).collect();
    let parts = parts(generation, plan, &pairs, &places)?;
    let mut text_of: FxHashMap<(u64, u64), f32> = FxHashMap::default();
    for c in ranked {
        let best = text_of.entry((c.regulation, c.key / NUMBER)).or_default();
        *best = best.max(c.text);
    }
    let best = Best::new(ranked, &parts);
    let voices = voices(ranked);
    let text_places = places_by(ranked, |c| c.text);
    let formula_places = places_by(ranked, |c| c.score);
    let mut asked_with: FxHashMap<(u64, u64), PairSet> = FxHashMap::default();
    like.asked_with(pairs.telling.iter().map(|(text, _)| text.as_str()), |place, article| {
        asked_with.entry(article).or_default().insert(place);
    });
    let mut titles: FxHashMap<u64, (f32, f32)> = FxHashMap::default();
    let behind = (ranked.len() as f32 + 1.0).ln();
    let query_length = plan.key.chars().count() as f32;
    let mut rows = Vec::with_capacity(pool.len());
    for (c, parts) in pool.iter().zip(&parts) {
        let Some(r) = facts(generation, c.regulation) else {
            rows.push(Row::default());
            continue;
        };
        let (title_covered, title_named) =
            *titles.entry(c.regulation).or_insert_with(|| title(generation, &pairs, c.regulation));
        let number = c.key / NUMBER;
        let beside = number.saturating_sub(NEIGHBOURS)..=number + NEIGHBOURS;
        let beside = beside.filter(|other| *other != number).filter_map(|other| text_of.get(&(c.regulation, other)));
        let neighbours = beside.copied().fold(0.0, f32::max);
        let asked_with = asked_with.get(&(c.regulation, c.key)).copied().unwrap_or_default();
        let (covered, shared) = pairs.share(parts.held);
        let mut row = Row {
            words: parts.words / best.words,
            bigrams: parts.bigrams / best.bigrams,
            everyday: parts.everyday / best.everyday,
            text: c.text,
            text_share: c.text / best.text,
            text_place: text_places.get(&c.at).copied().unwrap_or(behind),
            formula: c.score / best.formula,
            formula_place: formula_places.get(&c.at).copied().unwrap_or(behind),
            covered,
            shared,
            bank_covered: pairs.share(asked_with).0,
            both_covered: pairs.share(parts.held.or(asked_with)).0,
            title_covered,
            title_named,
            neighbours: neighbours / best.text,
            regulation_share: voices.get(&c.regulation).copied().unwrap_or_default(),
            length: (parts.length as f32).ln_1p(),
            query_length,
            matter: matters.iter().find(|(at, _)| *at == c.at).map_or(0.0, |(_, coverage)| *coverage),
            ..Row::default()
        };
        of_regulation(&mut row, generation, plan, r);
        row.asked_article = (plan.ranking.asked.article(&r.work, c.key) as f32).ln_1p();
        row.asked_around = plan.ranking.asked.around(&r.work, c.key).ln_1p();
        row.position = (c.key / NUMBER) as f32 / r.articles.max(1) as f32;
        like.fill(&mut row, c.regulation, c.key);
        if let Some(evidence) = &as_asked {
            let said = evidence.say(c.regulation, c.key);
            row.meaning = said.product;
            row.meaning_behind = said.behind;
            row.meaning_high = said.high;
            row.meaning_beside = said.beside;
            row.meaning_regulation = said.regulation;
        }
        // Where nothing was learned of questions, the model by itself is the best that is known.
        if let Some(evidence) = tuned.as_ref().or(as_asked.as_ref()) {
            let said = evidence.say(c.regulation, c.key);
            row.tuned = said.product;
            row.tuned_behind = said.behind;
            row.tuned_high = said.high;
            row.tuned_beside = said.beside;
            row.tuned_regulation = said.regulation;
        }
        if let Some(alike) = &alike_asked {
            alike.fill_by_meaning(&mut row, c.regulation, c.key);
        }
        rows.push(row);
    }
    place_by(&mut rows, |row| row.meaning, |row| &mut row.meaning_place);
    place_by(&mut rows, |row| row.tuned, |row| &mut row.tuned_place);
    let meant = meant.into_iter().take(MEANT_ANSWERS).collect();
    let asked_nearly = |c: &Candidate| {
        let by_pairs = like.likest_of(c.regulation, c.key).filter(|(_, likeness)| *likeness >= ASKED_ALIKE);
        let by_meaning =
            || alike_asked.as_ref()?.likest_of(c.regulation, c.key).filter(|(_, l)| *l >= ASKED_ALIKE_BY_MEANING);
        by_pairs.or_else(by_meaning).map(|(question, _)| question)
    };
    let asked = pool.iter().map(asked_nearly).collect();
    Ok(Table { candidates: pool, rows, by_meaning: by_meaning.is_some(), meant, asked })
}

/// What meaning says of articles: by the query's vector, or by what was learned of questions.
struct Evidence<'m> {
    alike: &'m Alike<'m>,
    likest: Vec<(DocAddress, f32)>,
    mean: f32,
    deviation: f32,
    /// Each regulation's share of the likest.
    regulations: FxHashMap<u64, f32>,
}

/// What it says of one.
#[derive(Default)]
struct SaidByMeaning {
    product: f32,
    behind: f32,
    high: f32,
    beside: f32,
    regulation: f32,
}

impl<'m> Evidence<'m> {
    fn new(alike: &'m Alike<'m>, columns: &Columns, most: usize) -> Self {
        let likest = alike.likest(most.max(VOTERS));
        let (mean, deviation) = alike.spread();
        let regulations = regulations_meant(columns, &likest[..likest.len().min(VOTERS)]);
        let likest = likest.into_iter().take(most).collect();
        Self { alike, likest, mean, deviation: deviation.max(f32::MIN_POSITIVE), regulations }
    }

    fn say(&self, regulation: u64, key: u64) -> SaidByMeaning {
        let number = key / NUMBER;
        let beside = (number.saturating_sub(NEIGHBOURS)..=number + NEIGHBOURS).filter(|other| *other != number);
        let beside = beside.filter_map(|other| self.alike.of((regulation, other * NUMBER))).fold(0.0, f32::max);
        let regulation_share = self.regulations.get(&regulation).copied().unwrap_or_default();
        let said = SaidByMeaning { beside, regulation: regulation_share, ..SaidByMeaning::default() };
        match self.alike.of((regulation, key)) {
            None => said,
            Some(product) => SaidByMeaning {
                product,
                behind: self.likest.first().map_or(0.0, |(_, most)| most - product),
                high: (product - self.mean) / self.deviation,
                ..said
            },
        }
    }
}

/// Fills a column that tells each article's place among the rows by another one.
fn place_by(rows: &mut [Row], by: fn(&Row) -> f32, place: fn(&mut Row) -> &mut f32) {
    let mut order: Vec<usize> = (0..rows.len()).collect();
    order.sort_by(|a, b| by(&rows[*b]).total_cmp(&by(&rows[*a])).then(a.cmp(b)));
    for (at, row) in order.into_iter().enumerate() {
        *place(&mut rows[row]) = (at as f32).ln_1p();
    }
}

/// The columns that are the same for all articles of a regulation.
fn of_regulation(row: &mut Row, generation: &Generation, plan: &Plan, r: &RegulationEntry) {
    use indexer::record::{DocumentKind, RegulationLevel};
    row.cited = (r.cited as f32).ln_1p();
    row.level = regulation_level::factor(r.level, DocumentKind::Regulation, 1.0);
    row.whole_text = regulation_level::factor(RegulationLevel::Law, r.document_kind, 1.0);
    row.validity = validity::factor(r.status, r.status_by.is_some(), 1.0);
    row.region = region::factor(is_local(r), in_region(generation, r, plan), 1.0);
    row.age = age(generation, r);
    row.asked_regulation = (plan.ranking.asked.work(&r.work) as f32).ln_1p();
    row.regulation_size = (r.articles as f32).ln_1p();
}

/// Puts the articles of a table in front, in the order of the trees and with what settles a matter led forward; what is
/// not in the table follows in the order of the formula. Scores stay of the formula's size and fall.
pub fn order(
    generation: &Generation,
    plan: &Plan,
    trees: &Trees,
    table: &Table,
    ranked: Vec<Candidate>,
    matters: &[(DocAddress, f32)],
) -> Vec<Candidate> {
    let said = |(candidate, row): (&Candidate, &Row)| -> (f64, Candidate) {
        let in_force = facts(generation, candidate.regulation)
            .map_or(1.0, |r| validity::factor(r.status, r.status_by.is_some(), plan.ranking.weights.validity));
        let held = HELD * f64::from(row.formula) + HELD_EVERYDAY * f64::from(row.everyday);
        (trees.score(&row.values()) + held + NOT_IN_FORCE * f64::from(in_force).ln(), *candidate)
    };
    let said: Vec<(f64, Candidate)> = table.candidates.iter().zip(&table.rows).map(said).collect();
    let most = said.iter().map(|(points, _)| *points).fold(f64::NEG_INFINITY, f64::max);
    let scale = ranked.iter().map(|c| c.score).fold(0.0, f32::max).max(f32::MIN_POSITIVE);
    let mut led: Vec<(f64, Candidate)> = said
        .into_iter()
        .map(|(points, candidate)| {
            let coverage = matters.iter().find(|(at, _)| *at == candidate.at).map_or(0.0, |(_, coverage)| *coverage);
            let lead = matter::lead(1.0, coverage, plan.ranking.weights.matter);
            (((points - most) / SPREAD).exp() + f64::from(lead), candidate)
        })
        .collect();
    led.sort_by(|(a, one), (b, other)| {
        b.total_cmp(a).then((one.regulation, one.key, one.at).cmp(&(other.regulation, other.key, other.at)))
    });
    let mut out: Vec<Candidate> =
        led.into_iter().map(|(share, c)| Candidate { score: share as f32 * scale, ..c }).collect();
    let seen: FxHashSet<DocAddress> = out.iter().map(|c| c.at).collect();
    let last = out.last().map_or(scale, |c| c.score);
    out.extend(
        ranked
            .into_iter()
            .filter(|c| !seen.contains(&c.at))
            .map(|c| Candidate { score: last * (c.score / scale).min(1.0), ..c }),
    );
    out
}

/// The best by the formula, those that settle a matter, and those that the likest questions were asked of with those
/// beside them, as far as the request's filters let them pass; sorted by place.
fn pool(
    generation: &Generation,
    request: &SearchRequest,
    columns: &Columns,
    asked: &[Answering],
    ranked: &[Candidate],
    matters: &[(DocAddress, f32)],
    meant: &[DocAddress],
) -> Result<Vec<Candidate>, SearchError> {
    let known: FxHashMap<DocAddress, &Candidate> = ranked.iter().map(|c| (c.at, c)).collect();
    let mut pool: FxHashMap<DocAddress, Candidate> = ranked.iter().take(POOL).map(|c| (c.at, *c)).collect();
    let mut others: Vec<DocAddress> = matters.iter().map(|(at, _)| *at).chain(meant.iter().copied()).collect();
    for answering in asked {
        let documents = generation.library.searcher.segment_reader(answering.at.segment_ord).max_doc();
        let from = answering.at.doc_id.saturating_sub(BESIDE);
        let to = answering.at.doc_id.saturating_add(BESIDE).min(documents.saturating_sub(1));
        let beside = (from..=to).map(|doc| DocAddress::new(answering.at.segment_ord, doc));
        others.extend(beside.filter(|at| {
            columns.of(*at).is_some_and(|(regulation, key)| regulation == answering.regulation && key > 0)
        }));
    }
    // Another version of an article that is there already is no further answer.
    let article =
        |regulation: u64, key: u64| facts(generation, regulation).map(|r| (r.work.as_str(), &r.division, key));
    let there: FxHashSet<_> = ranked.iter().filter_map(|c| article(c.regulation, c.key)).collect();
    let is_new = |at: &DocAddress| {
        columns
            .of(*at)
            .and_then(|(regulation, key)| article(regulation, key))
            .is_some_and(|article| !there.contains(&article))
    };
    others.retain(|at| !pool.contains_key(at) && (known.contains_key(at) || is_new(at)));
    others.sort_unstable();
    others.dedup();
    let filters = library_filters(generation, request);
    if !filters.is_empty() {
        let passing = matching(&generation.library.searcher, &*with_filters(Box::new(AllQuery), filters), &others)?;
        others.retain(|at| passing.contains(at));
    }
    for at in others {
        let unknown = || {
            let (regulation, key) = columns.of(at)?;
            Some(Candidate { score: 0.0, text: 0.0, at, regulation, key })
        };
        if let Some(candidate) = known.get(&at).map(|c| **c).or_else(unknown) {
            pool.insert(at, candidate);
        }
    }
    let mut pool: Vec<Candidate> = pool.into_values().collect();
    pool.sort_unstable_by_key(|c| c.at);
    Ok(pool)
}

/// The best of each kind, that shares are taken of.
struct Best {
    words: f32,
    bigrams: f32,
    everyday: f32,
    text: f32,
    formula: f32,
}

impl Best {
    fn new(ranked: &[Candidate], parts: &[Parts]) -> Self {
        let best = |of: fn(&Parts) -> f32| parts.iter().map(of).fold(f32::MIN_POSITIVE, f32::max);
        let found = |of: fn(&Candidate) -> f32| ranked.iter().map(of).fold(f32::MIN_POSITIVE, f32::max);
        Self {
            words: best(|p| p.words),
            bigrams: best(|p| p.bigrams),
            everyday: best(|p| p.everyday),
            text: found(|c| c.text),
            formula: found(|c| c.score),
        }
    }
}

/// The logarithm of each article's place by a score.
fn places_by(ranked: &[Candidate], by: fn(&Candidate) -> f32) -> FxHashMap<DocAddress, f32> {
    let mut sorted: Vec<&Candidate> = ranked.iter().collect();
    sorted.sort_by(|a, b| by(b).total_cmp(&by(a)).then((a.regulation, a.key).cmp(&(b.regulation, b.key))));
    sorted.iter().enumerate().map(|(place, c)| (c.at, (place as f32).ln_1p())).collect()
}

/// Each regulation's share of what the best articles have more than the last of them.
fn voices(ranked: &[Candidate]) -> FxHashMap<u64, f32> {
    let voters = &ranked[..ranked.len().min(VOTERS)];
    let least = voters.last().map_or(0.0, |c| c.score);
    let all = voters.iter().map(|c| c.score - least).sum::<f32>().max(f32::MIN_POSITIVE);
    let mut shares: FxHashMap<u64, f32> = FxHashMap::default();
    for c in voters {
        *shares.entry(c.regulation).or_default() += (c.score - least) / all;
    }
    shares
}

/// Each regulation's share of what the likest articles by meaning have more than the last of them.
fn regulations_meant(columns: &Columns, likest: &[(DocAddress, f32)]) -> FxHashMap<u64, f32> {
    let least = likest.last().map_or(0.0, |(_, product)| *product);
    let all = likest.iter().map(|(_, product)| product - least).sum::<f32>().max(f32::MIN_POSITIVE);
    let mut shares: FxHashMap<u64, f32> = FxHashMap::default();
    for (at, product) in likest {
        if let Some((regulation, _)) = columns.of(*at) {
            *shares.entry(regulation).or_default() += (product - least) / all;
        }
    }
    shares
}

/// Share of the query's pairs that stand in a regulation's title, the rarer the heavier, and share of the title's pairs
/// that stand in the query.
fn title(generation: &Generation, pairs: &Pairs, regulation: u64) -> (f32, f32) {
    let Some(work) = generation.titles.keys(regulation).last() else { return (0.0, 0.0) };
    let of_title = distinct(&bigrams(work));
    let (mut covered, mut named) = (0.0, 0.0f32);
    for (text, tells) in &pairs.telling {
        if of_title.binary_search(text).is_ok() {
            covered += tells / pairs.all;
            named += 1.0;
        }
    }
    (covered, named / of_title.len().max(1) as f32)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn candidate(doc: u32, score: f32) -> Candidate {
        Candidate {
            score,
            text: score,
            at: DocAddress::new(0, doc),
            regulation: u64::from(doc / 10),
            key: u64::from(doc),
        }
    }

    #[test]
    fn regulations_share_what_their_articles_have_more_than_the_last() {
        let shares = voices(&[candidate(1, 4.0), candidate(11, 3.0), candidate(2, 3.0), candidate(21, 1.0)]);
        let of = |regulation| shares.get(&regulation).copied().unwrap_or_default();
        assert!((of(0) - 5.0 / 7.0).abs() < 1e-6 && (of(1) - 2.0 / 7.0).abs() < 1e-6, "{shares:?}");
        assert_eq!(of(2), 0.0);
        assert!(voices(&[]).is_empty());
    }

    #[test]
    fn places_are_counted_from_the_best() {
        let places = places_by(&[candidate(1, 1.0), candidate(2, 5.0), candidate(3, 1.0)], |c| c.text);
        assert_eq!(places[&DocAddress::new(0, 2)], 0.0);
        assert!(places[&DocAddress::new(0, 1)] < places[&DocAddress::new(0, 3)], "equals by norm and key");
    }
}
