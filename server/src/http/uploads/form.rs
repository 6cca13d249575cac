//! A form that brings a file.

use axum::{
    extract::{
        Multipart,
        multipart::{MultipartError, MultipartRejection},
    },
    http::StatusCode,
};

use super::receiving::{Come, larger_than, receive_within, short};
use crate::{
    access::Actor,
    http::{App, Problem, signed::Fields},
};

/// Largest field of the form besides the file, in bytes.
const MAX_FIELD: usize = 4 << 10;
/// The field with the file.
const FILE: &str = "file";

/// What a form brought: its short fields, and the file with the name that it came by.
pub struct Brought {
    pub fields: Fields,
    pub file: Option<(String, Come)>,
}

/// Reads a form with a file of at most `most` bytes and the fields that are named.
pub async fn brought(
    app: &App,
    actor: &Actor,
    multipart: Result<Multipart, MultipartRejection>,
    known: &[&str],
    most: usize,
) -> Result<Brought, Problem> {
    let (fields, mut files) = all_brought(app, actor, multipart, known, most).await?;
    Ok(Brought { fields, file: files.pop() })
}

/// Reads a form with several files, each of at most `most` bytes and with the name that it came by: as many as an office may
/// have on their way.
pub async fn all_brought(
    app: &App,
    actor: &Actor,
    multipart: Result<Multipart, MultipartRejection>,
    known: &[&str],
    most: usize,
) -> Result<(Fields, Vec<(String, Come)>), Problem> {
    let broken = |error: MultipartError| match error.status() {
        StatusCode::PAYLOAD_TOO_LARGE => larger_than(most),
        _ => Problem::bad_body("上传没有完成，或者表单格式不对，请重新上传"),
    };
    let mut multipart = multipart.map_err(|_| Problem::bad_body("上传表单应为 multipart/form-data"))?;
    let (mut fields, mut files) = (Vec::new(), Vec::new());
    while let Some(field) = multipart.next_field().await.map_err(broken)? {
        match field.name().map(str::to_owned) {
            Some(name) if name == FILE => {
                let called = field.file_name().unwrap_or_default().to_owned();
                files.push((called, receive_within(app, actor, field, most, broken).await?));
            }
            Some(name) if known.contains(&name.as_str()) => {
                fields.push((name, short(field, MAX_FIELD, broken).await?));
            }
            _ => return Err(Problem::bad_body("上传表单中有不认识的字段")),
        }
    }
    Ok((Fields(fields), files))
}
