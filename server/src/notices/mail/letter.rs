//! What a letter says: nothing that not everybody may read.

use lettre::{
    Address, Message,
    message::{
        Mailbox,
        header::{ContentType, HeaderName, HeaderValue},
    },
};

use super::super::one_line;

/// Notices told one by one in a letter.
pub const MAX_LISTED: usize = 20;

/// The letter with a code by which an address is confirmed.
pub fn of_code(account: &str, code: &str) -> (String, String) {
    let text = format!(
        "有人在官搜工作台用账户 {account} 填写了这个邮箱，用来接收通知。\n\n验证码：{code}\n\n请在一小时之内填到工作台“通知”一页。不是您填写的，不必理会这封信，此后不会再收到。\n"
    );
    ("官搜：确认邮箱的验证码".to_owned(), text)
}

/// The letter that tells of notices; `leads_to` is the service's address where the operator has named it.
pub fn of_notices(account: &str, told: &[String], leads_to: Option<&str>) -> (String, String) {
    let mut text = format!("账户 {account} 在官搜工作台有 {} 条新通知：\n\n", told.len());
    for (n, line) in told.iter().take(MAX_LISTED).enumerate() {
        text.push_str(&format!("{}. {}\n", n + 1, one_line(line)));
    }
    if let Some(more) = told.len().checked_sub(MAX_LISTED).filter(|more| *more > 0) {
        text.push_str(&format!("另有 {more} 条。\n"));
    }
    match leads_to {
        Some(base) => text.push_str(&format!("\n详情请登录查看：{base}/console/notices\n")),
        None => text.push_str("\n详情请登录官搜工作台，在“通知”一页查看。\n"),
    }
    text.push_str("\n这封信由官搜自动发出，请勿回复。不想再收到的，在“通知”一页停用邮件。\n");
    (format!("官搜：{} 条新通知", told.len()), text)
}

/// A message as it is sent. Header fields are encoded by the library, and have no breaks to begin with.
pub fn message(
    from: &Mailbox,
    to: Address,
    subject: &str,
    text: String,
    id: &str,
) -> Result<Message, lettre::error::Error> {
    let automatic = HeaderValue::new(HeaderName::new_from_ascii_str("Auto-Submitted"), "auto-generated".to_owned());
    // A name with breaks has no form as a header, and the library panics.
    let from = Mailbox::new(from.name.as_deref().map(one_line), from.email.clone());
    let domain = from.email.domain().to_owned();
    Message::builder()
        .from(from)
        .to(Mailbox::new(None, to))
        .subject(one_line(subject))
        .message_id(Some(format!("<{id}@{domain}>")))
        // Whoever is away does not answer it (RFC 3834, section 5).
        .raw_header(automatic)
        .header(ContentType::TEXT_PLAIN)
        .body(text)
}
