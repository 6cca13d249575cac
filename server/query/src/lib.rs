//! A query walks one way: [`understand`] (text → intents, pure) → [`plan`] (intents → look-ups and searches, pure) →
//! [`run`] (against one generation) → [`present`] (cards, highlights, facets, why).

mod check;
mod correct;
pub mod coverage;
mod duties;
mod elsewhere;
mod folded;
mod former;
mod grams;
pub mod highlight;
mod home;
mod hotlines;
mod ids;
mod kin;
mod listed;
mod matching;
mod named;
mod nearest;
mod offices;
pub mod plan;
mod present;
pub mod ranking;
mod related;
pub mod reply;
pub mod request;
mod resolve;
mod run;
mod seat;
mod shared_names;
mod sites;
mod suggest;
mod took_over;
pub mod understand;
pub mod unlisted;
pub mod urls;
pub mod web_names;

use std::{sync::Arc, time::Instant};

use indexer::{index::Generation, record::work_key};

pub use check::{Checked, check_address};
pub use duties::{Duties, duties};
pub use ids::ids_of;
pub use kin::{Kin, KinInstitution, kin};
pub use listed::{Listed, has_listed, in_charge_of, listed};
pub use matching::match_names;
pub use named::{institution_in, institution_named};
pub use nearest::{example_office, is_on_record};
pub use offices::{MAX_PAGE as MAX_SHARED_PAGE, PAGE as SHARED_PAGE, SharedHit, SharedHits, shared};
pub use related::{Related, related};
pub use resolve::resolve;
pub use run::{
    BY_MEANING, BY_TEXT, OFTEN_ASKED, Table, counted,
    items::TO_KNOW,
    lineage::{End, Events, RecordedEvent},
    regulation_of,
};
pub use seat::{Seat, seat};
pub use suggest::{candidates, suggest};

use ranking::Ranking;
use reply::{Hit, SearchReply};
use request::SearchRequest;
use understand::hotline;

/// Why a search gave no answer. Never the reader's fault: requests are checked before.
#[derive(Debug, thiserror::Error)]
pub enum SearchError {
    #[error("索引读取出错：{0}")]
    Index(String),
}

/// Names of items that are reported for an errand whose region nobody has said.
const SHOWN_NAMES: usize = 3;

/// Answers a search.
pub fn search(generation: &Generation, request: &SearchRequest) -> Result<SearchReply, SearchError> {
    search_with(generation, request, Ranking::shipped())
}

/// The same with another ranking, for measuring it.
pub fn search_with(
    generation: &Generation,
    request: &SearchRequest,
    ranking: &Arc<Ranking>,
) -> Result<SearchReply, SearchError> {
    let mut reply = unchecked(generation, request, ranking)?;
    check::attach(generation, &mut reply)?;
    Ok(reply)
}

/// The same without what an address is that was typed.
fn unchecked(
    generation: &Generation,
    request: &SearchRequest,
    ranking: &Arc<Ranking>,
) -> Result<SearchReply, SearchError> {
    let started = Instant::now();
    let (read, mut hints) = understand::read_operators(generation, request);
    let asked = request;
    let request = &read;
    let mut understood = understand::understand(generation, &request.text);
    let mut plan = plan::plan(generation, &understood, request, ranking);
    let mut found = run::run(generation, &plan, request)?;
    let mut correction = None;
    if found.direct.is_empty() && !found.has_the_name() {
        correction = correct::correct(generation, &understood, request, ranking)?;
    }
    let in_title = || found.regulations.iter().any(|a| a.why == run::IN_TITLE);
    if correction.as_ref().is_some_and(|c| !c.certain)
        && (in_title() || is_word_of_texts(generation, &understood.key, &found))
    {
        // 养犬 is a word that regulations are named by, and no slip for 阳泉.
        correction = None;
    }
    if let Some(errand) = plan.errand.as_ref().filter(|errand| errand.regions.is_empty() && found.direct.is_empty())
        && run::items::are_known(generation)
    {
        let mut names = errand.names.iter().take(SHOWN_NAMES).map(|name| format!("“{name}”"));
        if let Some(first) = names.next() {
            let others: String = names.collect();
            let others = if others.is_empty() { others } else { format!("，也有叫{others}的") };
            hints.push(format!(
                "“{}”清单里多叫{first}{others}。各地的事项不同：写上地区，或者选定地区，先列当地的事项、地点和时间",
                errand.word
            ));
        }
    }
    if plan.search_directory && correction.is_none() {
        hints.extend(hotlines::stand_in(generation, &understood, request, &mut found)?);
    }
    match &correction {
        Some(c) if c.certain => {
            let corrected = SearchRequest { text: c.text.clone(), ..request.clone() };
            understood = understand::understand(generation, &corrected.text);
            plan = plan::plan(generation, &understood, &corrected, ranking);
            found = run::run(generation, &plan, &corrected)?;
        }
        Some(c) => c.join(&mut found),
        None => {}
    }
    hints.extend(former::notes(generation, &understood));
    former::join(generation, &understood, request, &mut found)?;
    hints.extend(
        correction
            .as_ref()
            .and_then(|c| c.division_name.as_ref())
            .map(|place| format!("没有找到地名“{place}”；下面是读音或字形相近的，请看清是不是要找的地方")),
    );
    let mut nearest = match &correction {
        _ if !understood.former.is_empty() && !understood.former.certain => nearest::Nearest::default(),
        Some(c) if !c.certain => nearest::Nearest::default(),
        _ => nearest::nearest(generation, &understood, request, &found)?,
    };
    nearest.join(&mut found);
    hints.extend(nearest.note);
    hints.extend(unknown_number(&understood, &found));
    let missing = nearest.missing;
    hints.extend(shared_names::notes(generation, &understood, &found));
    hints.extend(took_over::notes(generation, &understood, &found));
    if missing.is_none() && !plan.names_office {
        hints.extend(elsewhere::note(generation, request, &plan.home, &found));
    }
    folded::put_behind_the_known(generation, &mut found);
    let entrances = folded::fold(generation, &mut found);
    let presenter =
        present::Presenter::new(generation, &understood).explaining(&found.explanations).with_entrances(entrances);
    let explain = request.explain.then(|| present::explain(generation, &understood, &plan, &found));
    let facets = present::facets(generation, &found, request);
    let query = present::echo(generation, &asked.text, &understood, &found, correction, hints)?;
    let mut ranked = present::merge(&mut found, request.kind);
    present::sort(generation, &mut ranked, request.sort);
    let from = ((request.page - 1) * request.size) as usize;
    let direct = found.direct.iter().map(|a| presenter.hit(a, true)).collect::<Result<_, _>>()?;
    let hits = ranked
        .iter()
        .skip(from)
        .take(request.size as usize)
        .map(|a| presenter.hit(a, false))
        .collect::<Result<_, _>>()?;
    Ok(SearchReply {
        query,
        generation: generation.number,
        took_ms: started.elapsed().as_secs_f64() * 1e3,
        total: ranked.len() as u64,
        page: request.page,
        size: request.size,
        direct,
        hits,
        facets,
        partial_articles: found.partial_articles,
        partial_names: found.partial_names,
        missing,
        check: None,
        explain,
    })
}

/// Whether a text is a word of two characters that articles have: 地震 sounds like 翟镇 and is no slip for it.
fn is_word_of_texts(generation: &Generation, key: &str, found: &run::Found) -> bool {
    key.chars().count() == 2 && generation.pipeline.segmenter.is_word(key) && !found.articles.is_empty()
}

/// A number to call that no record has: said, since the next one is somebody else's.
fn unknown_number(u: &understand::Understanding, found: &run::Found) -> Option<String> {
    let number = hotline::asked(u).filter(|_| found.direct.is_empty())?;
    Some(format!("资料中没有号码 {number}。差一位就是别的单位的电话，请核对后再拨"))
}

/// The table by which the articles for a query are put in order, as text and ranking make it, for training; `None`
/// where the query is no question.
pub fn table(
    generation: &Generation,
    request: &SearchRequest,
    ranking: &Arc<Ranking>,
) -> Result<Option<run::Table>, SearchError> {
    let (request, _) = understand::read_operators(generation, request);
    let understood = understand::understand(generation, &request.text);
    let plan = plan::plan(generation, &understood, &request, ranking);
    run::table(generation, &plan, &request)
}

/// Everyday matters that the dictionaries know, and those whose article the library does not have: titles and words.
pub fn matters_without_article(generation: &Generation) -> Result<(usize, Vec<String>), SearchError> {
    let request = SearchRequest::new("");
    let mut missing = Vec::new();
    for article in generation.matters.articles() {
        let (work, words) = (work_key(&article.title), plan::bigrams(&article.phrase));
        if run::matter_article(generation, &work, &words, &request)?.is_none() {
            missing.push(format!("《{}》“{}”", article.title, article.phrase));
        }
    }
    Ok((generation.matters.articles().len(), missing))
}

/// Institutions by the ids of their records, as far as they are there.
pub fn institutions_by_id<'i>(
    generation: &Generation,
    ids: impl IntoIterator<Item = &'i str>,
) -> Result<Vec<Hit>, SearchError> {
    let presenter = present::Presenter::new(generation, &understand::Understanding::default());
    let request = SearchRequest::new("");
    let mut hits = Vec::new();
    for id in ids {
        for answer in run::look_up(generation, &plan::Lookup::Institution(id.to_owned(), "名录所载"), &request)? {
            hits.push(presenter.hit(&answer, false)?);
        }
    }
    Ok(hits)
}

/// The institutions of a division itself, by category and name.
pub fn institutions_of(generation: &Generation, division: &str) -> Result<Vec<Hit>, SearchError> {
    let presenter = present::Presenter::new(generation, &understand::Understanding::default());
    let answers = run::institutions_in(generation, division)?;
    let mut hits: Vec<Hit> = answers.iter().map(|a| presenter.hit(a, false)).collect::<Result<_, _>>()?;
    let rank = |hit: &Hit| {
        let category = hit.institution.as_ref().map(|i| i.category);
        indexer::record::Category::ALL.iter().position(|c| Some(c.label()) == category)
    };
    hits.sort_by(|a, b| rank(a).cmp(&rank(b)).then_with(|| a.title.cmp(&b.title)));
    Ok(hits)
}
