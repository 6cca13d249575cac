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
/// The field with the file, and the one with what goes with it.
const FILE: &str = "file";
const ATTACHED: &str = "attachment";

/// What a form brought: its short fields, and the file with the name that it came by.
pub struct Brought {
    pub fields: Fields,
    pub file: Option<(String, Come)>,
}

/// What a form with several files brought, each with the name that it came by; those that are empty are left out, as browsers
/// send them where none was chosen.
pub struct AllBrought {
    pub fields: Fields,
    pub files: Vec<(String, Come)>,
    pub attached: Vec<(String, Come)>,
}

/// Reads a form with a file of at most `most` bytes and the fields that are named.
pub async fn brought(
    app: &App,
    actor: &Actor,
    multipart: Result<Multipart, MultipartRejection>,
    known: &[&str],
    most: usize,
) -> Result<Brought, Problem> {
    let (fields, mut files) = read(app, actor, multipart, (known, &[FILE]), most).await?;
    Ok(Brought { fields, file: files.pop().map(|(_, name, come)| (name, come)) })
}

/// Reads a form with several files and what goes with them, each of at most `most` bytes: as many as an office may have on
/// their way.
pub async fn all_brought(
    app: &App,
    actor: &Actor,
    multipart: Result<Multipart, MultipartRejection>,
    known: &[&str],
    most: usize,
) -> Result<AllBrought, Problem> {
    let (fields, files) = read(app, actor, multipart, (known, &[FILE, ATTACHED]), most).await?;
    let files = files.into_iter().filter(|(_, _, come)| come.file.size > 0);
    let (attached, files): (Vec<_>, Vec<_>) = files.partition(|(field, ..)| *field == ATTACHED);
    let named = |files: Vec<(&str, String, Come)>| files.into_iter().map(|(_, name, come)| (name, come)).collect();
    Ok(AllBrought { fields, files: named(files), attached: named(attached) })
}

/// Reads a form: the fields that are known, and the files of the fields that bring some.
async fn read<'f>(
    app: &App,
    actor: &Actor,
    multipart: Result<Multipart, MultipartRejection>,
    (known, bring): (&[&str], &[&'f str]),
    most: usize,
) -> Result<(Fields, Vec<(&'f str, String, Come)>), Problem> {
    let broken = |error: MultipartError| match error.status() {
        StatusCode::PAYLOAD_TOO_LARGE => larger_than(most),
        _ => Problem::bad_body("上传没有完成，或者表单格式不对，请重新上传"),
    };
    let mut multipart = multipart.map_err(|_| Problem::bad_body("上传表单应为 multipart/form-data"))?;
    let (mut fields, mut files) = (Vec::new(), Vec::new());
    while let Some(field) = multipart.next_field().await.map_err(broken)? {
        let name = field.name().map(str::to_owned).unwrap_or_default();
        if let Some(of) = bring.iter().find(|of| **of == name) {
            let called = field.file_name().unwrap_or_default().to_owned();
            files.push((*of, called, receive_within(app, actor, field, most, broken).await?));
        } else if known.contains(&name.as_str()) {
            fields.push((name, short(field, MAX_FIELD, broken).await?));
        } else {
            return Err(Problem::bad_body("上传表单中有不认识的字段"));
        }
    }
    Ok((Fields(fields), files))
}
