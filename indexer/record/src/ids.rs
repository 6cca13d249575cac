//! What ids begin with that more than one place makes or knows, and ids that are made of what a record is about, so that
//! the same fact makes the same record however often it comes.

/// What a submission's id begins with.
pub const SUBMISSION: &str = "s-";
/// What a task's id begins with.
pub const TASK: &str = "t-";
/// What the id of a submission's handling begins with; the submission's follows.
pub const HANDLING: &str = "h-";
/// What the id of an application for a web name begins with.
pub const NAME_APPLICATION: &str = "n-";
/// What a web name's id begins with; its host follows.
const WEB_NAME: &str = "w-";

/// Id of a web name's record, by its host in A-labels.
pub fn web_name_id(host: &str) -> String {
    format!("{WEB_NAME}{host}")
}

/// The host of a web name's record in A-labels, by its id; `None` where it is another record's.
pub fn web_name_host(id: &str) -> Option<&str> {
    id.strip_prefix(WEB_NAME)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_web_name_s_id_gives_its_host_back() {
        assert_eq!(web_name_host(&web_name_id("zunyi.gov.cn")), Some("zunyi.gov.cn"));
        assert_eq!(web_name_host("520300"), None);
    }
}
