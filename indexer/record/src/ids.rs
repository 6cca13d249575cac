//! Ids that are made of what a record is about, so that the same fact makes the same record however often it comes.

/// Id of a web name's record, by its host in A-labels.
pub fn web_name_id(host: &str) -> String {
    format!("w-{host}")
}
