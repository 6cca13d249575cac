//! What all addresses of an institution's list begin with: the institution that is meant, in its division, with its
//! rows and versions.

use std::sync::Arc;

use axum::{
    extract::{Path, RawQuery, State},
    http::Uri,
    response::Response,
};
use indexer::{
    index::Generation,
    record::{Date, DivisionCode},
};

use crate::urls;
use crate::{
    clock::today,
    http::{
        App, Problem,
        cache::{Known, Rendered, answer},
        params::Params,
        records::find_division,
    },
    reading::lists::{
        Lists, Row,
        institution::{Edition, called, chosen, editions},
    },
};

/// The parts of a request for something of an institution's list.
pub type Asking = (State<App>, Known, Uri, Path<(String, String)>, RawQuery);

/// The institution that an address names.
pub struct Asked<'l> {
    pub division: DivisionCode,
    pub name: String,
    /// Of its list; never empty.
    pub rows: &'l [Arc<Row>],
}

/// Answers what is asked of an institution's list; `make` is given the query string. What is no day is refused at all of
/// its addresses, also where the list of today is meant.
pub async fn answered(
    (State(app), known, uri, Path((code, name)), RawQuery(raw)): Asking,
    make: impl FnOnce(&App, &Generation, Option<&str>, &Asked<'_>) -> Result<Rendered, Problem> + Send + 'static,
) -> Result<Response, Problem> {
    Params::of_page(raw.as_deref(), &["at"])?.day("at")?;
    answer(&app, &known, uri.to_string(), move |app, generation| {
        let division = division(generation, &code)?;
        let lists: Arc<Lists> = app.lists(generation)?;
        let rows = lists.of_institution(&division, &name);
        if rows.is_empty() {
            let shown: String = name.chars().filter(|c| !c.is_control()).take(60).collect();
            let told = format!("没有收录“{shown}”的清单。本地区有清单的机构见 /power-lists/{code}");
            return Err(Problem::not_found(told));
        }
        make(app, generation, raw.as_deref(), &Asked { division, name, rows })
    })
    .await
}

/// The division that an address names.
pub fn division(generation: &Generation, code: &str) -> Result<DivisionCode, Problem> {
    find_division(generation, code)?;
    code.parse().map_err(|error| Problem::not_found(format!("{error}")))
}

impl Asked<'_> {
    pub fn url(&self) -> String {
        urls::power_list(self.division.as_str(), &self.name)
    }

    /// Its versions, the newest first; duties alone have none.
    pub fn editions(&self) -> Result<Editions, Problem> {
        let all = editions(self.rows);
        if all.is_empty() {
            return Err(Problem::not_found(format!("“{}”的清单里还没有事项", self.name)));
        }
        Ok(Editions(all))
    }
}

/// The versions of an institution's list; never empty.
pub struct Editions(pub Vec<Edition>);

impl Editions {
    /// The one of a number, the one that held on a day, or the present one.
    pub fn chosen(&self, number: Option<&str>, day: Option<Date>) -> Result<&Edition, Problem> {
        chosen(&self.0, number, day, today()).ok_or_else(|| match (number, day) {
            (Some(_), _) => Problem::bad_parameter("version", format!("没有这一版清单，有的是：{}", self.numbers())),
            (_, Some(day)) => Problem::bad_parameter(
                "at",
                format!("{day} 没有已知施行的清单版本：版本的记录里写明了施行日期才能按日期查"),
            ),
            _ => Problem::not_found("还没有收录清单"),
        })
    }

    /// The one whose number a parameter names.
    pub fn named(&self, parameter: &'static str, number: &str) -> Result<&Edition, Problem> {
        called(&self.0, number)
            .ok_or_else(|| Problem::bad_parameter(parameter, format!("{parameter} 应为一版清单：{}", self.numbers())))
    }

    fn numbers(&self) -> String {
        self.0.iter().map(|edition| edition.key.as_str()).collect::<Vec<_>>().join("、")
    }
}
