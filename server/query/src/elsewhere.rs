//! A matter that is asked about in a region for which no rule about it was found.

use indexer::index::{Generation, catalogue::RegulationEntry};

use crate::{
    home::Home,
    request::{Conditions, KindFilter, SearchRequest},
    run::{Answer, Content, Found, facts},
};

/// Code of the nation.
const NATION: &str = "000000";

/// What a reader should know then: the rules of other places don't hold there. Nothing where filters keep rules out.
pub fn note(generation: &Generation, request: &SearchRequest, home: &Home, found: &Found) -> Option<String> {
    let place = generation.catalogue.division(home.named()?)?;
    let filtered = request.level.is_some()
        || request.status.is_some()
        || request.kind != KindFilter::All
        || request.conditions != Conditions::default();
    if filtered || !found.direct.is_empty() || found.articles.is_empty() {
        return None;
    }
    let regulation = |answer: &Answer| match &answer.content {
        Content::Article { regulation, .. } | Content::Regulation(regulation) => facts(generation, *regulation),
        _ => None,
    };
    let of_place = |division: &str| division != NATION && home.lies_in(generation, division);
    let holds = |r: &RegulationEntry| r.division.as_deref().is_some_and(of_place);
    let any = found.articles.iter().chain(&found.regulations).filter_map(regulation).any(holds);
    let name = &place.name;
    (!any).then(|| format!("没有找到{name}自己关于这件事的规定；下面别处的规定在{name}不适用"))
}
