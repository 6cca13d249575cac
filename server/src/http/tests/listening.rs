//! Real connections to the real router: what ends those that wait, and whom the bounds let in.

use std::{
    io,
    net::{Ipv4Addr, SocketAddr},
    time::{Duration, Instant},
};

use tokio::{
    net::{TcpListener, TcpSocket, TcpStream},
    sync::{Semaphore, oneshot},
    task::JoinHandle,
    time::timeout,
};

use super::*;
use crate::{
    descriptors,
    http::{
        bodies::Pace,
        connections::Caps,
        layers::MAX_REQUESTS,
        listening::{self, Listening},
        pulse::Patience,
    },
    source::Proxies,
};

/// Longer than any test waits, and what tests wait for.
const LONG: Duration = Duration::from_secs(60);
const SHORT: Duration = Duration::from_millis(300);
/// For what should come at once, on a machine that is busy with much else.
const SOON: Duration = Duration::from_secs(20);

const MANY: Caps = Caps { all: 2_000, each: 2_000 };
const GET: &str = "GET /healthz HTTP/1.1\r\nhost: x\r\n\r\n";

struct Served {
    address: SocketAddr,
    /// As many permits as requests for something that takes its time have come to it.
    begun: Arc<Semaphore>,
    stop: oneshot::Sender<()>,
    serving: JoinHandle<()>,
}

impl Served {
    /// Serves a site, and something that takes its time, with times and bounds of its own; nobody is a proxy.
    async fn new(site: &mut Site, caps: Caps, patience: Patience, grace: Duration) -> Self {
        Arc::get_mut(&mut site.app.0).expect("nothing is served yet").pace.grace = grace;
        let begun = Arc::new(Semaphore::new(0));
        let told = begun.clone();
        let slow = || async move {
            told.add_permits(1);
            tokio::time::sleep(SHORT).await;
            "slow"
        };
        let served = Self::over(router(site.app.clone()).route("/slow", get(slow)), caps, patience).await;
        Self { begun, ..served }
    }

    async fn over(router: Router, caps: Caps, patience: Patience) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (stop, stopped) = oneshot::channel();
        let stopped = async { stopped.await.unwrap_or(()) };
        let with = Listening { caps, patience, proxies: Proxies::try_from(String::new()).unwrap() };
        let serving = tokio::spawn(listening::serve(listener, router, with, stopped));
        Self { address, begun: Arc::new(Semaphore::new(0)), stop, serving }
    }

    /// A connection from `127.0.0.n`.
    async fn connect(&self, n: u8) -> TcpStream {
        let socket = TcpSocket::new_v4().unwrap();
        socket.bind((Ipv4Addr::new(127, 0, 0, n), 0).into()).unwrap();
        socket.connect(self.address).await.unwrap()
    }

    /// The same with something sent.
    async fn sent(&self, n: u8, text: &str) -> TcpStream {
        let stream = self.connect(n).await;
        send(&stream, text).await.unwrap();
        stream
    }

    /// The status of a request on a connection of its own.
    async fn asked(&self, n: u8, address: &str) -> u16 {
        status(&self.sent(n, &format!("GET {address} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n")).await).await
    }
}

fn patient() -> Patience {
    Patience { head: LONG, idle: LONG, taking: LONG }
}

async fn send(stream: &TcpStream, text: &str) -> io::Result<()> {
    let mut left = text.as_bytes();
    while !left.is_empty() {
        stream.writable().await?;
        match stream.try_write(left) {
            Ok(n) => left = &left[n..],
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
            Err(error) => return Err(error),
        }
    }
    Ok(())
}

/// What comes next; nothing where the other end has closed.
async fn receive(stream: &TcpStream) -> io::Result<Vec<u8>> {
    let mut bytes = vec![0; 64 << 10];
    loop {
        stream.readable().await?;
        match stream.try_read(&mut bytes) {
            Ok(n) => {
                bytes.truncate(n);
                return Ok(bytes);
            }
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
            Err(error) => return Err(error),
        }
    }
}

/// The status of the next answer, whose body fits into what is read with it.
async fn status(stream: &TcpStream) -> u16 {
    let bytes = timeout(SOON, receive(stream)).await.expect("an answer").unwrap();
    let text = String::from_utf8_lossy(&bytes);
    text.get(9..12).and_then(|status| status.parse().ok()).unwrap_or_else(|| panic!("closed, or no answer: {text:?}"))
}

/// Waits until a connection is closed.
async fn closed(stream: &TcpStream) {
    // One that is broken off is closed too.
    while timeout(SOON, receive(stream)).await.expect("to be closed").is_ok_and(|bytes| !bytes.is_empty()) {}
}

fn half_a_post(route: &str) -> String {
    format!("POST {route} HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 1000\r\n\r\n{{")
}

#[tokio::test(flavor = "multi_thread")]
async fn half_sent_posts_hold_no_place() {
    descriptors::raise(4_096);
    let mut site = site();
    let served = Served::new(&mut site, MANY, patient(), LONG).await;
    let mut held = Vec::new();
    for n in 0..MAX_REQUESTS + 44 {
        let routes =
            ["/api/v1/match", "/sign-in", "/corrections", "/api/v1/check", "/api/v1/submissions", "/console/upload"];
        held.push(served.sent(1, &half_a_post(routes[n % routes.len()])).await);
    }
    // All have come so far that they would hold what there is to hold.
    tokio::time::sleep(SHORT).await;
    let search = format!("/api/v1/search?q={}", encoded("遵义市政府"));
    for address in ["/healthz", "/readyz", "/metrics", "/", &search, "/institutions/520300-gov", "/sign-in"] {
        assert_eq!(served.asked(1, address).await, 200, "{address}");
    }
    let posted = served.sent(1, &half_a_post("/api/v1/match").replace("1000", "20")).await;
    send(&posted, "\"names\":[\"甲局\"]}").await.unwrap();
    assert_eq!(status(&posted).await, 200, "whoever sends the rest is answered");
}

#[tokio::test]
async fn health_is_told_where_every_place_is_taken() {
    let site = site();
    let _all = site.app.places.acquire_many(MAX_REQUESTS as u32).await.unwrap();
    for address in ["/healthz", "/readyz", "/metrics"] {
        assert_eq!(call(&site.app, path(address)).await.0, StatusCode::OK, "{address}");
    }
    assert_eq!(call(&site.app, path("/data")).await.0, StatusCode::SERVICE_UNAVAILABLE);
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_dribbles_a_head_or_says_nothing_is_let_go() {
    let mut site = site();
    let served = Served::new(&mut site, MANY, Patience { head: SHORT, ..patient() }, LONG).await;
    let silent = served.connect(1).await;
    let half = served.sent(1, "GET / HTTP/1.1\r\nx: ").await;
    let dribbled = Arc::new(served.sent(1, "GET / HTTP/1.1\r\n").await);
    let dribbler = dribbled.clone();
    let dribbling = tokio::spawn(async move {
        while send(&dribbler, "x: y\r\n").await.is_ok() {
            tokio::time::sleep(SHORT / 10).await;
        }
    });
    for stream in [&silent, &half] {
        closed(stream).await;
    }
    closed(&dribbled).await;
    dribbling.await.unwrap();
    // The next head on a connection that has been used has no more time.
    let used = served.sent(1, GET).await;
    assert_eq!(status(&used).await, 200);
    tokio::time::sleep(SHORT * 2).await;
    send(&used, GET).await.unwrap();
    assert_eq!(status(&used).await, 200, "it may rest longer between requests");
    send(&used, "GET").await.unwrap();
    closed(&used).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_rests_too_long_is_let_go() {
    let mut site = site();
    let served = Served::new(&mut site, MANY, Patience { idle: SHORT, ..patient() }, LONG).await;
    let begun = Instant::now();
    let stream = served.sent(1, GET).await;
    assert_eq!(status(&stream).await, 200);
    closed(&stream).await;
    assert!(begun.elapsed() >= SHORT, "it may rest for as long as it may");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_body_that_stays_out_is_told_so_and_the_connection_closed() {
    let mut site = site();
    let served = Served::new(&mut site, MANY, patient(), SHORT).await;
    let half = served.sent(1, &half_a_post("/api/v1/match")).await;
    assert_eq!(status(&half).await, 408);
    closed(&half).await;
}

/// Adds a permit when it is dropped.
struct CountsItsEnd(Arc<Semaphore>);

impl Drop for CountsItsEnd {
    fn drop(&mut self) {
        self.0.add_permits(1);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_takes_nothing_of_an_answer_is_let_go() {
    // More than the sockets hold between them. The end of each answer is counted, whichever way it comes.
    let piece = axum::body::Bytes::from(vec![b'x'; 1 << 20]);
    let ended = Arc::new(Semaphore::new(0));
    let counted = ended.clone();
    let large = move || {
        let (piece, end) = (piece.clone(), CountsItsEnd(counted.clone()));
        async move {
            Body::from_stream(tokio_stream::iter((0..64).map(move |_| {
                let _until_then = &end;
                Ok::<_, io::Error>(piece.clone())
            })))
        }
    };
    let served = async |taking| {
        let patience = Patience { taking, ..patient() };
        Served::over(Router::new().route("/", get(large.clone())), MANY, patience).await
    };
    let ask = async |served: &Served| served.sent(1, "GET / HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n").await;
    let taken = async |stream: TcpStream| {
        let mut length = 0;
        loop {
            match timeout(SOON, receive(&stream)).await.expect("to end") {
                Ok(bytes) if !bytes.is_empty() => length += bytes.len(),
                _ => return length,
            }
        }
    };
    let patient = served(SOON).await;
    assert!(taken(ask(&patient).await).await > 64 << 20, "whoever reads has all of it");
    timeout(SOON, ended.acquire()).await.expect("to end").unwrap().forget();
    let hasty = served(SHORT).await;
    let stopped = ask(&hasty).await;
    timeout(SOON, ended.acquire()).await.expect("to be let go").unwrap().forget();
    assert!(taken(stopped).await < 64 << 20, "it was closed before the end");
}

#[tokio::test(flavor = "multi_thread")]
async fn at_the_bounds_those_that_rest_make_room() {
    let mut site = site();
    let served = Served::new(&mut site, Caps { all: 6, each: 3 }, patient(), LONG).await;
    let mut of_one = Vec::new();
    for _ in 0..3 {
        of_one.push(served.sent(2, GET).await);
        assert_eq!(status(of_one.last().unwrap()).await, 200);
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    // The fourth of one source has the place of its first.
    assert_eq!(served.asked(2, "/").await, 200);
    closed(&of_one[0]).await;
    send(&of_one[2], GET).await.unwrap();
    assert_eq!(status(&of_one[2]).await, 200, "the others stay");
    // Many sources that say nothing: whoever asks is answered, every time.
    let mut silent = Vec::new();
    for n in 10..40 {
        silent.push(served.connect(n).await);
        assert_eq!(served.asked(100 + n, "/").await, 200, "{n}");
    }
    // All but as many as there is room for are closed.
    let gone = Arc::new(Semaphore::new(0));
    for stream in silent.drain(..) {
        let gone = gone.clone();
        tokio::spawn(async move {
            if receive(&stream).await.map_or(true, |bytes| bytes.is_empty()) {
                gone.add_permits(1);
            }
        });
    }
    assert!(timeout(SOON, gone.acquire_many(30 - 6)).await.is_ok(), "{} were closed", gone.available_permits());
}

#[tokio::test(flavor = "multi_thread")]
async fn where_all_are_at_work_whoever_comes_is_told_at_once() {
    for (caps, first, second, told) in
        [(Caps { all: 3, each: 2 }, [2, 2], 2, 429), (Caps { all: 2, each: 2 }, [2, 3], 4, 503)]
    {
        let begun = Arc::new(Semaphore::new(0));
        let noted = begun.clone();
        let working = || async move {
            noted.add_permits(1);
            std::future::pending::<()>().await;
        };
        let served = Served::over(Router::new().route("/", get(working)), caps, patient()).await;
        let mut at_work = Vec::new();
        for n in first {
            at_work.push(served.sent(n, "GET / HTTP/1.1\r\nhost: x\r\n\r\n").await);
        }
        let all = timeout(SOON, begun.acquire_many(at_work.len() as u32)).await;
        assert!(all.is_ok(), "all are at work");
        let refused = served.connect(second).await;
        assert_eq!(status(&refused).await, told);
        closed(&refused).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stop_lets_answers_finish_and_waits_for_nobody_else() {
    let mut site = site();
    let served = Served::new(&mut site, MANY, patient(), LONG).await;
    let used = served.sent(1, GET).await;
    assert_eq!(status(&used).await, 200);
    let mut others = vec![used, served.connect(1).await, served.sent(1, "GET / HTT").await];
    others.push(served.sent(1, &half_a_post("/api/v1/match")).await);
    let under_way = served.sent(1, "GET /slow HTTP/1.1\r\nhost: x\r\n\r\n").await;
    assert!(timeout(SOON, served.begun.acquire()).await.is_ok(), "it is under way");
    served.stop.send(()).unwrap();
    assert_eq!(status(&under_way).await, 200);
    timeout(SOON, served.serving).await.expect("nobody is waited for").unwrap();
    for stream in &others {
        closed(stream).await;
    }
    assert!(TcpStream::connect(served.address).await.is_err());
}

#[tokio::test]
async fn the_bounds_of_a_pace_are_those_that_are_told() {
    let pace = Pace::default();
    assert!(pace.longest(0) <= Duration::from_secs(15));
    assert!(pace.longest(64 << 20) > Duration::from_secs(3_600), "an upload over a slow line has its time");
}
