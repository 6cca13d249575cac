//! Taking connections and serving them: HTTP/1.1 over hyper, with bounds on how many there are and on how long each may
//! take for what it waits for.

use std::{
    future::poll_fn,
    io,
    net::{IpAddr, SocketAddr},
    pin::{Pin, pin},
    sync::Arc,
    task::{Context, Poll},
    time::Duration,
};

use axum::{
    Router,
    body::{Body, Bytes},
    extract::Request,
};
use hyper::{
    body::{Frame, Incoming, SizeHint},
    server::conn::http1,
    service::service_fn,
};
use hyper_util::rt::TokioIo;
use tokio::{
    net::{TcpListener, TcpStream},
    sync::{Semaphore, watch},
    time::{sleep, sleep_until},
};
use tower::ServiceExt;

use super::{
    connections::{Caps, Connections, LEAVING, Refused},
    pulse::{Answering, Due, Noted, Patience, Pulse},
};
use crate::source::{Proxies, Source};

/// Longest head of a request and what is read ahead of a body, in bytes: the longest address that is checked, three
/// characters a byte, with the cookies that browsers keep for a site.
const MAX_HEAD: usize = 32 << 10;
/// After a connection could not be taken for want of descriptors or memory: others may have given some back by then.
const TAKE_AGAIN: Duration = Duration::from_millis(100);
/// Tries between two words about it in the log.
const TOLD_EVERY: u32 = 50;

/// The connection that a request comes by.
#[derive(Clone)]
pub struct Peer {
    pub address: IpAddr,
    pub pulse: Arc<Pulse>,
}

/// What a service listens with.
pub struct Listening {
    pub caps: Caps,
    pub patience: Patience,
    pub proxies: Proxies,
}

/// Serves until `stop` resolves, then takes no more connections and lets the requests under way finish.
pub async fn serve(listener: TcpListener, router: Router, with: Listening, stop: impl Future<Output = ()>) {
    let Listening { caps, patience, proxies } = with;
    let connections = Connections::new(caps);
    let (stopping, stopped) = watch::channel(());
    // Sockets that are open, those that have been told to leave among them.
    let most = caps.all + LEAVING;
    let sockets = Arc::new(Semaphore::new(most));
    let mut stop = pin!(stop);
    let (open, refused) = (metrics::gauge!("guansou_connections"), metrics::counter!("guansou_connections_refused"));
    loop {
        let next = async {
            let socket = sockets.clone().acquire_owned().await;
            let (stream, address) = accept(&listener).await;
            (socket, stream, address)
        };
        let (socket, stream, address) = tokio::select! {
            biased;
            () = &mut stop => break,
            next = next => next,
        };
        let ip = address.ip().to_canonical();
        let pulse = Pulse::new();
        let place = match connections.admit(Source::of(ip), proxies.include(ip), &pulse) {
            Ok(place) => place,
            Err(why) => {
                refused.increment(1);
                refuse(&stream, why);
                continue;
            }
        };
        open.set(connections.count() as f64);
        let (router, stopped) = (router.clone(), stopped.clone());
        let (connections, open) = (connections.clone(), open.clone());
        tokio::spawn(async move {
            attend(stream, Peer { address: ip, pulse }, router, &patience, stopped).await;
            drop(place);
            open.set(connections.count() as f64);
            drop(socket);
        });
    }
    drop(listener);
    drop(stopping);
    // All given back: all have gone.
    let _ = sockets.acquire_many(u32::try_from(most).unwrap_or(u32::MAX)).await;
}

/// The next connection. One that broke off before it was taken is nobody's concern; whatever else goes wrong lies with this
/// machine and does not pass by trying at once.
async fn accept(listener: &TcpListener) -> (TcpStream, SocketAddr) {
    let mut tries = 0u32;
    loop {
        match listener.accept().await {
            Ok(taken) => return taken,
            Err(error) if is_theirs(&error) => {}
            Err(error) => {
                if tries.is_multiple_of(TOLD_EVERY) {
                    tracing::warn!("无法接受新的连接：{error}。稍候再试；文件描述符不足时请提高 ulimit -n");
                }
                tries = tries.wrapping_add(1);
                sleep(TAKE_AGAIN).await;
            }
        }
    }
}

fn is_theirs(error: &io::Error) -> bool {
    use io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset};
    matches!(error.kind(), ConnectionAborted | ConnectionRefused | ConnectionReset)
}

/// Says why, as far as it can be said without waiting; then the connection is closed.
fn refuse(stream: &TcpStream, why: Refused) {
    let (status, kind, title, detail) = match why {
        Refused::All => ("503 Service Unavailable", "busy", "服务繁忙", "同时到来的连接太多，请稍候再试"),
        Refused::Source => {
            ("429 Too Many Requests", "too-many-requests", "请求太频繁", "来自同一地址的连接太多，请关闭一些再试")
        }
    };
    let code = &status[..3];
    let body = format!(r#"{{"type":"/problems/{kind}","title":"{title}","status":{code},"detail":"{detail}"}}"#);
    let head = "content-type: application/problem+json\r\nretry-after: 1\r\nconnection: close";
    let answer = format!("HTTP/1.1 {status}\r\n{head}\r\ncontent-length: {}\r\n\r\n{body}", body.len());
    // A fresh connection has room for it.
    let _ = stream.try_write(answer.as_bytes());
}

/// Serves one connection to its end.
async fn attend(stream: TcpStream, peer: Peer, router: Router, patience: &Patience, mut stopped: watch::Receiver<()>) {
    let pulse = &peer.pulse;
    let service = service_fn(|request: hyper::Request<Incoming>| {
        let answering = pulse.answering();
        let mut request: Request = request.map(Body::new);
        request.extensions_mut().insert(peer.clone());
        let answer = router.clone().oneshot(request);
        async move { answer.await.map(|response| response.map(|body| Answer { body, _answering: answering })) }
    });
    let io = TokioIo::new(Noted::new(stream, pulse.clone()));
    // hyper's own time for a head begins when the answer before is done, and so would be that between requests too.
    let connection =
        http1::Builder::new().header_read_timeout(None).max_buf_size(MAX_HEAD).serve_connection(io, service);
    let mut connection = pin!(connection);
    let mut told = pin!(async {
        tokio::select! {
            _ = stopped.changed() => {}
            () = pulse.asked_to_close() => {}
        }
    });
    let mut going = false;
    let mut look = pin!(sleep_until(pulse.due(patience).0));
    poll_fn(|cx| {
        if connection.as_mut().poll(cx).is_ready() {
            return Poll::Ready(());
        }
        if !going && told.as_mut().poll(cx).is_ready() {
            going = true;
            pulse.going();
            connection.as_mut().graceful_shutdown();
            if connection.as_mut().poll(cx).is_ready() {
                return Poll::Ready(());
            }
        }
        loop {
            let (at, due) = pulse.due(patience);
            // Later ones are seen when the time comes that was set before: the clock is not set for every request.
            if at < look.deadline() || look.is_elapsed() {
                if due == Due::Over && at <= tokio::time::Instant::now() {
                    return Poll::Ready(());
                }
                look.as_mut().reset(at);
            }
            if look.as_mut().poll(cx).is_pending() {
                return Poll::Pending;
            }
        }
    })
    .await;
}

/// The body of an answer; when it has been sent, or given up, the request is over.
struct Answer {
    body: Body,
    _answering: Answering,
}

impl hyper::body::Body for Answer {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        Pin::new(&mut self.body).poll_frame(cx)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
