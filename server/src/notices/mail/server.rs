//! A server of mail for tests: as much of RFC 5321 as it takes to be sent a letter, on a port of its own.

use std::sync::{Arc, Mutex};

use tokio::{
    io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader},
    net::{TcpListener, TcpStream},
};

/// How it behaves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Manner {
    Takes,
    /// Answers so to a recipient.
    Refuses(&'static str),
    /// Takes the connection and says nothing.
    Hangs,
    /// Says one byte a second, so that no single step takes too long.
    Drips,
}

/// What came in a session: the commands, and the text of the letter as it stood on the line.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Received {
    pub commands: Vec<String>,
    pub data: String,
}

#[derive(Clone)]
pub struct Server {
    pub port: u16,
    pub received: Arc<Mutex<Vec<Received>>>,
}

impl Server {
    pub async fn start(manner: Manner) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let received = Arc::new(Mutex::new(Vec::new()));
        let kept = received.clone();
        tokio::spawn(async move {
            while let Ok((socket, _)) = listener.accept().await {
                let kept = kept.clone();
                tokio::spawn(async move {
                    let came = session(socket, manner).await;
                    kept.lock().unwrap().push(came);
                });
            }
        });
        Self { port, received }
    }

    pub fn letters(&self) -> Vec<Received> {
        self.received.lock().unwrap().iter().filter(|came| !came.data.is_empty()).cloned().collect()
    }
}

async fn session(socket: TcpStream, manner: Manner) -> Received {
    let mut came = Received::default();
    let mut line = BufReader::new(socket);
    match manner {
        Manner::Hangs => {
            let _ = line.read_to_string(&mut String::new()).await;
            return came;
        }
        Manner::Drips => {
            while line.write_all(b"2").await.is_ok() {
                tokio::time::sleep(std::time::Duration::from_millis(20)).await;
            }
            return came;
        }
        Manner::Takes | Manner::Refuses(_) => {}
    }
    let mut say = "220 mail.test\r\n".to_owned();
    loop {
        if line.write_all(say.as_bytes()).await.is_err() {
            return came;
        }
        let mut command = String::new();
        if line.read_line(&mut command).await.unwrap_or(0) == 0 {
            return came;
        }
        let verb = command.split([' ', '\r']).next().unwrap_or_default().to_ascii_uppercase();
        came.commands.push(command.trim_end().to_owned());
        say = match (verb.as_str(), manner) {
            ("RCPT", Manner::Refuses(answer)) => format!("{answer}\r\n"),
            ("DATA", _) => {
                let _ = line.write_all(b"354 go on\r\n").await;
                let mut data = String::new();
                loop {
                    let mut text = String::new();
                    if line.read_line(&mut text).await.unwrap_or(0) == 0 || text == ".\r\n" {
                        break;
                    }
                    data.push_str(&text);
                }
                came.data = data;
                "250 taken\r\n".to_owned()
            }
            ("QUIT", _) => {
                let _ = line.write_all(b"221 bye\r\n").await;
                return came;
            }
            _ => "250 ok\r\n".to_owned(),
        };
    }
}
