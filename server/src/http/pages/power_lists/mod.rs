//! Lists of powers and duties: of a division, of an institution in one of its versions, and two versions side by side.

mod asked;
mod consists;
mod division;
mod duties;
mod institution;
mod unlisted;

use axum::{Router, routing::get};

use super::html;
use crate::http::App;

pub use asked::division as division_of;
pub use division::link;

pub fn routes() -> Router<App> {
    Router::new()
        .route("/power-lists/{code}", get(division::page))
        .route("/power-lists/{code}/{institution}", get(institution::page))
        .route("/power-lists/{code}/{institution}/list.csv", get(institution::table))
        .route("/power-lists/{code}/{institution}/compare", get(institution::compare))
        .route("/power-lists/{code}/{institution}/duties.csv", get(duties::table))
        .route("/power-lists/{code}/{institution}/consists", get(consists::page))
        .route("/power-lists/{code}/{institution}/items.txt", get(consists::text))
        .route("/power-lists/{code}/{institution}/unlisted", get(unlisted::page))
}
