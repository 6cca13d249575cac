//! Mail over a line that is kept from others, to a server whose certificate an authority of one's own has signed: it is sent
//! where the certificate is good, from the first byte or after STARTTLS, and nothing is where it is not.

use std::{
    io::{Read, Write},
    net::{TcpListener, TcpStream},
    path::{Path, PathBuf},
    sync::{Arc, Mutex},
};

use base64::{Engine, engine::general_purpose::STANDARD};
use lettre::Address;
use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair, date_time_ymd};
use rustls::{
    ServerConfig, ServerConnection, StreamOwned,
    pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer},
};

use super::*;

const HOST: &str = "localhost";

/// An authority that signs certificates.
struct Authority {
    issuer: Issuer<'static, KeyPair>,
    pem: String,
}

impl Authority {
    fn new() -> Self {
        let mut params = CertificateParams::new(Vec::new()).unwrap();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let key = KeyPair::generate().unwrap();
        let own = params.self_signed(&key).unwrap();
        let pem = format!("-----BEGIN CERTIFICATE-----\n{}\n-----END CERTIFICATE-----\n", STANDARD.encode(own.der()));
        Self { issuer: Issuer::new(params, key), pem }
    }

    /// A certificate for a server of that name, good until the end of a year.
    fn certificate(&self, host: &str, until: i32) -> (CertificateDer<'static>, PrivateKeyDer<'static>) {
        let mut params = CertificateParams::new(vec![host.to_owned()]).unwrap();
        params.not_after = date_time_ymd(until, 12, 31);
        let key = KeyPair::generate().unwrap();
        let signed = params.signed_by(&key, &self.issuer).unwrap();
        (signed.der().clone(), PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.serialize_der())))
    }
}

/// A server of mail over TLS. What came before the line was kept from others, and behind it, line by line.
struct Secured {
    port: u16,
    plain: Arc<Mutex<Vec<String>>>,
    secret: Arc<Mutex<Vec<String>>>,
}

impl Secured {
    fn start(mode: SmtpTls, (certificate, key): (CertificateDer<'static>, PrivateKeyDer<'static>)) -> Self {
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = ServerConfig::builder_with_provider(provider).with_safe_default_protocol_versions().unwrap();
        let config = Arc::new(config.with_no_client_auth().with_single_cert(vec![certificate], key).unwrap());
        let listener = TcpListener::bind((HOST, 0)).unwrap();
        let port = listener.local_addr().unwrap().port();
        let server = Self { port, plain: Arc::default(), secret: Arc::default() };
        let (plain, secret) = (server.plain.clone(), server.secret.clone());
        std::thread::spawn(move || {
            for socket in listener.incoming().flatten() {
                session(socket, mode, &config, &plain, &secret);
            }
        });
        server
    }

    fn config(&self, mode: SmtpTls, dir: &Path, authority: Option<&Authority>) -> SmtpConfig {
        let file = |name: &str, text: &str| -> PathBuf {
            let path = dir.join(name);
            std::fs::write(&path, text).unwrap();
            path
        };
        SmtpConfig {
            host: HOST.into(),
            port: self.port,
            tls: mode,
            user: "guansou".into(),
            password_file: Some(file("password", "甲乙丙\n")),
            sender: "官搜 <guansou@example.gov.cn>".into(),
            ca_file: authority.map(|authority| file("ca.pem", &authority.pem)),
        }
    }
}

fn session(
    mut socket: TcpStream,
    mode: SmtpTls,
    config: &Arc<ServerConfig>,
    plain: &Mutex<Vec<String>>,
    secret: &Mutex<Vec<String>>,
) {
    let mut greeting = "220 mail.test\r\n";
    if mode == SmtpTls::Starttls {
        if !converse(&mut socket, greeting, "250-mail.test\r\n250 STARTTLS\r\n", plain) {
            return;
        }
        greeting = "";
    }
    let mut line = StreamOwned::new(ServerConnection::new(config.clone()).unwrap(), socket);
    converse(&mut line, greeting, "250-mail.test\r\n250 AUTH PLAIN\r\n", secret);
}

/// Answers line by line; whether it ended because the other side wants to go on over TLS.
fn converse(line: &mut (impl Read + Write), greeting: &str, hello: &str, came: &Mutex<Vec<String>>) -> bool {
    let mut say = greeting.to_owned();
    let mut in_letter = false;
    loop {
        if line.write_all(say.as_bytes()).and_then(|()| line.flush()).is_err() {
            return false;
        }
        let mut said = Vec::new();
        while !said.ends_with(b"\r\n") {
            let mut byte = [0];
            if !matches!(line.read(&mut byte), Ok(1)) {
                return false;
            }
            said.extend(byte);
        }
        let said = String::from_utf8(said).unwrap().trim_end().to_owned();
        let verb = said.split(' ').next().unwrap_or_default().to_owned();
        came.lock().unwrap().push(said);
        say = match verb.as_str() {
            "." if in_letter => {
                in_letter = false;
                "250 taken\r\n".to_owned()
            }
            _ if in_letter => String::new(),
            "EHLO" => hello.to_owned(),
            "AUTH" => "235 welcome\r\n".to_owned(),
            "DATA" => {
                in_letter = true;
                "354 go on\r\n".to_owned()
            }
            "STARTTLS" => {
                return line.write_all(b"220 go on\r\n").is_ok();
            }
            "QUIT" => return false,
            _ => "250 ok\r\n".to_owned(),
        };
    }
}

async fn sent(config: &SmtpConfig) -> Result<(), Refused> {
    let post = Post::new(config).unwrap();
    let to: Address = "writer@b.cn".parse().unwrap();
    let message = letter::message(&post.sender, to, "通知", "新的留言".into(), "0123").unwrap();
    post.send(message).await
}

#[tokio::test]
async fn a_good_certificate_of_one_s_own_authority_is_sent_to() {
    let dir = tempfile::tempdir().unwrap();
    let authority = Authority::new();
    for mode in [SmtpTls::Tls, SmtpTls::Starttls] {
        let server = Secured::start(mode, authority.certificate(HOST, 2099));
        sent(&server.config(mode, dir.path(), Some(&authority))).await.unwrap();
        let secret = server.secret.lock().unwrap().clone();
        let password = STANDARD.encode("\0guansou\0甲乙丙");
        for needed in [format!("AUTH PLAIN {password}"), "RCPT TO:<writer@b.cn>".to_owned(), ".".to_owned()] {
            assert!(secret.contains(&needed), "{mode:?}: {needed} in {secret:?}");
        }
        let plain = server.plain.lock().unwrap().clone();
        let before: Vec<&str> = plain.iter().filter_map(|line| line.split(' ').next()).collect();
        let wanted: &[&str] = if mode == SmtpTls::Tls { &[] } else { &["EHLO", "STARTTLS"] };
        assert_eq!(before, wanted, "{mode:?}: nothing else before the line is kept from others");
    }
}

#[tokio::test]
async fn a_bad_certificate_gets_nothing_and_the_administrator_is_told_why() {
    let dir = tempfile::tempdir().unwrap();
    let (authority, other) = (Authority::new(), Authority::new());
    for mode in [SmtpTls::Tls, SmtpTls::Starttls] {
        for (what, certificate, trusted) in [
            ("of another authority", other.certificate(HOST, 2099), Some(&authority)),
            ("of an authority that nobody named", authority.certificate(HOST, 2099), None),
            ("of another server", authority.certificate("mail.example.gov.cn", 2099), Some(&authority)),
            ("of the past", authority.certificate(HOST, 2020), Some(&authority)),
        ] {
            let server = Secured::start(mode, certificate);
            let refused = sent(&server.config(mode, dir.path(), trusted)).await.unwrap_err();
            assert!(refused.says.contains("证书没有通过核对"), "{mode:?}, {what}: {}", refused.says);
            assert!(!refused.for_good, "{mode:?}, {what}: it is tried again once it was mended");
            assert_eq!(*server.secret.lock().unwrap(), Vec::<String>::new(), "{mode:?}, {what}");
            let plain = server.plain.lock().unwrap().join(" ");
            assert!(!plain.contains("AUTH") && !plain.contains("MAIL"), "{mode:?}, {what}: {plain}");
        }
    }
}
