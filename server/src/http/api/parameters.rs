//! Parameters as the document describes them. Limits and lists are the very constants that the handlers read by.

use serde_json::Value;
use utoipa::openapi::{
    KnownFormat, Object, ObjectBuilder, Required, SchemaFormat,
    path::{Parameter, ParameterBuilder, ParameterIn},
    schema::Type,
};

/// Longest id of a record, in characters: that of a web name is `w-` and a host of 253.
const MAX_ID: usize = 256;
/// Text in which something can be looked for, as [`check_text`](crate::http::params::check_text) takes it: a letter or a
/// digit, and no control characters but line breaks and tabs.
const SEARCHABLE: &str = concat!(
    r"^[^\u0000-\u0008\u000B\u000C\u000E-\u001F\u007F-\u009F]*[\p{L}\p{N}]",
    r"[^\u0000-\u0008\u000B\u000C\u000E-\u001F\u007F-\u009F]*$"
);
/// As a [`DivisionCode`](indexer::record::DivisionCode) is read.
const DIVISION_CODE: &str = "^([0-9]{6}|[0-9]{9}|[0-9]{12})$";
/// A day, or a year or month that stands for its first or last day.
const DAY: &str = concat!(
    "^[0-9]{4}(-(0?[1-9]|1[0-2])|-(0[13578]|1[02])-(0[1-9]|[12][0-9]|3[01])",
    "|-(0[469]|11)-(0[1-9]|[12][0-9]|30)|-02-(0[1-9]|[12][0-9]))?$"
);

/// Describes the parameters of an operation, in their order.
macro_rules! parameters {
    ($($(#[$doc:meta])* $name:ident: [$($parameter:expr),* $(,)?];)*) => {$(
        $(#[$doc])*
        pub struct $name;

        impl utoipa::IntoParams for $name {
            fn into_params(
                _: impl Fn() -> Option<utoipa::openapi::path::ParameterIn>,
            ) -> Vec<utoipa::openapi::path::Parameter> {
                vec![$($parameter),*]
            }
        }
    )*};
}
pub(super) use parameters;

/// A part of the path.
pub fn path(name: &str, description: &str, schema: Object, example: impl Into<Value>) -> Parameter {
    parameter(ParameterIn::Path, name, description, schema)
        .required(Required::True)
        .example(Some(example.into()))
        .build()
}

/// A parameter of the query that has to be given.
pub fn needed(name: &str, description: &str, schema: Object, example: impl Into<Value>) -> Parameter {
    parameter(ParameterIn::Query, name, description, schema)
        .required(Required::True)
        .example(Some(example.into()))
        .build()
}

/// A parameter of the query that may be left out; an empty one is left out too, as a form sends it.
pub fn optional(name: &str, description: &str, mut schema: Object) -> Parameter {
    if let Some(words) = &mut schema.enum_values {
        words.push("".into());
    }
    schema.pattern = schema.pattern.map(|pattern| format!("^$|{pattern}"));
    schema.min_length = None;
    parameter(ParameterIn::Query, name, description, schema).required(Required::False).build()
}

fn parameter(place: ParameterIn, name: &str, description: &str, schema: Object) -> ParameterBuilder {
    ParameterBuilder::new().name(name).parameter_in(place).description(Some(description)).schema(Some(schema))
}

fn string() -> ObjectBuilder {
    ObjectBuilder::new().schema_type(Type::String)
}

/// Text that is looked for, of so many characters.
pub fn text(max_chars: usize) -> Object {
    string().min_length(Some(1)).max_length(Some(max_chars)).pattern(Some(SEARCHABLE)).build()
}

/// Any text that is not empty.
pub fn anything() -> Object {
    string().min_length(Some(1)).build()
}

/// One of a list of words.
pub fn one_of<W: Into<Value>>(words: impl IntoIterator<Item = W>) -> Object {
    string().enum_values(Some(words)).build()
}

/// A switch, which is off where it is left out.
pub fn flag() -> Object {
    one_of(["0", "1"])
}

/// A whole number within bounds.
pub fn number(default: u32, max: u32) -> Object {
    let number = ObjectBuilder::new().schema_type(Type::Integer);
    number.default(Some(default.into())).minimum(Some(1)).maximum(Some(max)).build()
}

/// A place in the order of changes, or a revision.
pub fn place(least: u32) -> Object {
    let number = ObjectBuilder::new().schema_type(Type::Integer);
    number.format(Some(SchemaFormat::KnownFormat(KnownFormat::Int64))).minimum(Some(least)).build()
}

/// A day, month or year.
pub fn day() -> Object {
    string().pattern(Some(DAY)).build()
}

/// The id of a record.
pub fn id() -> Object {
    string().min_length(Some(1)).max_length(Some(MAX_ID)).build()
}

/// The code of a division.
pub fn division_code() -> Object {
    string().pattern(Some(DIVISION_CODE)).build()
}

parameters! {
    /// A record of any kind.
    RecordId: [path("id", "记录编号，即页面地址的最后一段", id(), "520300-gov")];
    RegulationId: [path("id", "法规编号", id(), "r-b3827fc1f1fe")];
    InstitutionId: [path("id", "机构编号", id(), "520300-gov")];
    Code: [path("code", "区划代码：6 位，乡镇 9 位；已不使用的代码也可以", division_code(), "520300")];
}
