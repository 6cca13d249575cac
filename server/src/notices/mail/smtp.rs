//! The server that takes our mail.

use std::{path::PathBuf, time::Duration};

use lettre::{
    AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor,
    message::Mailbox,
    transport::smtp::{
        authentication::Credentials,
        client::{Certificate, Tls, TlsParameters},
        extension::ClientId,
    },
};
use serde::{Deserialize, Serialize};

/// How long each step with the server may take; and the whole letter, so that one that drips holds up nobody for long.
const STEP: Duration = Duration::from_secs(20);
const WHOLE: Duration = Duration::from_secs(60);

/// How the line to the server is kept from others.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum SmtpTls {
    /// From the first byte, as on port 465 (RFC 8314).
    Tls,
    /// Begun by the server's leave, and nothing is sent without it, as on port 587.
    Starttls,
    /// Not at all: for a server on this machine or in a network of one's own. Nobody signs in over it.
    None,
}

/// What the operator names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SmtpConfig {
    pub host: String,
    pub port: u16,
    pub tls: SmtpTls,
    pub user: String,
    pub password_file: Option<PathBuf>,
    pub sender: String,
    /// The certificate of the authority that signed the server's, in PEM, where it is none of the public ones.
    pub ca_file: Option<PathBuf>,
}

#[derive(Debug, thiserror::Error)]
pub enum SmtpError {
    #[error("smtp_sender “{0}”不是邮箱地址：应如 官搜 <guansou@example.gov.cn>")]
    Sender(String),
    #[error("无法读取 {path}：{source}")]
    File { path: String, source: std::io::Error },
    #[error("smtp_user 与 smtp_password_file 要一起设置")]
    HalfCredentials,
    #[error("smtp_tls 为 none 时不能登录：口令会以明文传送。请改用 tls 或 starttls")]
    PlainCredentials,
    #[error("smtp_ca_file 不是 PEM 格式的证书，或者邮件服务器的名称不对：{0}")]
    Tls(String),
}

/// Why a letter was not taken, in words for the administrator; and whether it would be in vain to try again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refused {
    pub says: String,
    pub for_good: bool,
}

/// Takes letters to the server.
pub struct Post {
    transport: AsyncSmtpTransport<Tokio1Executor>,
    pub sender: Mailbox,
    whole: Duration,
}

impl Post {
    /// Reads what the configuration names; nothing is asked of the server yet.
    pub fn new(config: &SmtpConfig) -> Result<Self, SmtpError> {
        let sender: Mailbox = config.sender.parse().map_err(|_| SmtpError::Sender(config.sender.clone()))?;
        let read = |path: &PathBuf| {
            std::fs::read_to_string(path).map_err(|source| SmtpError::File { path: path.display().to_string(), source })
        };
        let credentials = match (&config.password_file, config.user.is_empty()) {
            (None, true) => None,
            (Some(_), false) if config.tls == SmtpTls::None => return Err(SmtpError::PlainCredentials),
            (Some(file), false) => Some(Credentials::new(config.user.clone(), read(file)?.trim_end().to_owned())),
            _ => return Err(SmtpError::HalfCredentials),
        };
        let parameters = || {
            let mut tls = TlsParameters::builder(config.host.clone());
            if let Some(file) = &config.ca_file {
                let pem = read(file)?;
                // The library takes a file without a certificate for one with none.
                if !pem.contains("-----BEGIN CERTIFICATE-----") {
                    return Err(SmtpError::Tls("文件里没有证书".to_owned()));
                }
                let authority = Certificate::from_pem(pem.as_bytes()).map_err(|e| SmtpError::Tls(e.to_string()))?;
                tls = tls.add_root_certificate(authority);
            }
            tls.build().map_err(|e| SmtpError::Tls(e.to_string()))
        };
        let tls = match config.tls {
            SmtpTls::Tls => Tls::Wrapper(parameters()?),
            SmtpTls::Starttls => Tls::Required(parameters()?),
            SmtpTls::None => Tls::None,
        };
        let mut builder = AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(&config.host)
            .port(config.port)
            .tls(tls)
            .timeout(Some(STEP))
            .hello_name(ClientId::Domain(sender.email.domain().to_owned()));
        if let Some(credentials) = credentials {
            builder = builder.credentials(credentials);
        }
        Ok(Self { transport: builder.build(), sender, whole: WHOLE })
    }

    /// The same with less patience, for tests of a server that says nothing.
    #[cfg(test)]
    pub fn within(self, whole: Duration) -> Self {
        Self { whole, ..self }
    }

    /// Sends a letter; once it is taken, it is the server's.
    pub async fn send(&self, message: Message) -> Result<(), Refused> {
        match tokio::time::timeout(self.whole, self.transport.send(message)).await {
            Ok(Ok(_)) => Ok(()),
            Ok(Err(error)) => {
                // Whoever the server does not let in may be let in once the operator has mended it (RFC 4954, section 6).
                let status = error.status().map(u16::from);
                let for_good = error.is_permanent() && !matches!(status, Some(530 | 534 | 535 | 538));
                Err(Refused { says: words(&error), for_good })
            }
            Err(_) => Err(Refused {
                says: format!("邮件服务器 {} 秒没有办完", self.whole.as_secs()), for_good: false
            }),
        }
    }
}

/// An error with its causes, on one line.
fn words(error: &dyn std::error::Error) -> String {
    let mut all = error.to_string();
    let mut cause = error.source();
    while let Some(inner) = cause {
        let inner_words = inner.to_string();
        if !all.contains(&inner_words) {
            all.push_str(&format!("：{inner_words}"));
        }
        cause = inner.source();
    }
    // The library's words say which fault it is; these say where to look for it.
    if all.contains("invalid peer certificate") {
        all.insert_str(
            0,
            "邮件服务器的证书没有通过核对（内部证书写在 smtp_ca_file，证书上的名称应是 smtp_host，并在有效期内）：",
        );
    }
    super::super::one_line(&all).chars().take(300).collect()
}
