//! The load: each of a few connections asks, waits for the whole answer, and asks again.
//!
//! The requests were built before, so that the generator does little but write and read. It runs on
//! one thread. An answer that is not the expected one ends the measurement: there is no use in the
//! speed of errors.

mod answer;
mod histogram;

use std::cell::Cell;
use std::cell::RefCell;
use std::net::SocketAddr;
use std::rc::Rc;
use std::time::Duration;

use anyhow::bail;
use tokio::io::AsyncWriteExt as _;
use tokio::net::TcpStream;
use tokio::task::JoinSet;
use tokio::task::LocalSet;
use tokio::time::Instant;

pub(crate) use self::answer::Reader;
pub(crate) use self::histogram::Histogram;

/// What is asked, and how an answer to it begins.
#[derive(Debug)]
pub(crate) struct Shots {
    /// Requests of HTTP/1.1, head and body.
    pub(crate) requests: Vec<Vec<u8>>,
    /// How the body of each answer begins.
    pub(crate) expect: &'static str,
}

/// How long it goes on.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Length {
    /// For so long, beginning again at the first request after the last.
    For(Duration),
    /// Until each request was sent once.
    Once,
}

/// What came of it.
#[derive(Debug)]
pub(crate) struct Tally {
    /// How many answers came.
    pub(crate) answers: u64,
    /// From the first request to the last answer.
    pub(crate) took: Duration,
    /// The time that half of the answers took at most.
    pub(crate) p50: Duration,
    /// The time that all but one in a hundred took at most.
    pub(crate) p99: Duration,
    /// The bodies, where they were to be kept.
    pub(crate) bodies: Vec<Vec<u8>>,
}

/// Asks.
pub(crate) async fn fire(
    server: SocketAddr,
    shots: &Rc<Shots>,
    connections: usize,
    length: Length,
    keep: bool,
) -> anyhow::Result<Tally> {
    let range = Rc::new(Range {
        shots: Rc::clone(shots),
        next: Cell::new(0),
        length,
        began: Instant::now(),
        times: RefCell::default(),
        bodies: keep.then(RefCell::default),
    });
    let local = LocalSet::new();
    let ended = local.run_until(async {
        let mut shooters = JoinSet::new();
        for _ in 0..connections {
            shooters.spawn_local(shoot(server, Rc::clone(&range)));
        }
        while let Some(ended) = shooters.join_next().await {
            ended??;
        }
        anyhow::Ok(())
    });
    ended.await?;
    let took = range.began.elapsed();
    let mut tally = Tally::new(&range.times.borrow(), took);
    tally.bodies = range.bodies.as_ref().map(RefCell::take).unwrap_or_default();
    Ok(tally)
}

impl Tally {
    /// What these times come to.
    pub(crate) fn new(times: &Histogram, took: Duration) -> Self {
        Self {
            answers: times.count(),
            took,
            p50: times.at(50),
            p99: times.at(99),
            bodies: Vec::new(),
        }
    }
}

/// What the connections share.
struct Range {
    shots: Rc<Shots>,
    next: Cell<usize>,
    length: Length,
    began: Instant,
    times: RefCell<Histogram>,
    bodies: Option<RefCell<Vec<Vec<u8>>>>,
}

impl Range {
    /// The next request, if it does not end here.
    fn next(&self, now: Instant) -> Option<&[u8]> {
        let place = self.next.get();
        self.next.set(place + 1);
        let requests = &self.shots.requests;
        let place = match self.length {
            Length::For(time) if now - self.began < time => place % requests.len().max(1),
            Length::For(_) => return None,
            Length::Once => place,
        };
        requests.get(place).map(Vec::as_slice)
    }
}

/// One connection.
async fn shoot(server: SocketAddr, range: Rc<Range>) -> anyhow::Result<()> {
    let mut stream = TcpStream::connect(server).await?;
    stream.set_nodelay(true)?;
    let mut reader = Reader::default();
    let mut now = Instant::now();
    while let Some(request) = range.next(now) {
        stream.write_all(request).await?;
        let answer = reader.read(&mut stream).await?;
        if !matches!(answer.status, 200 | 201)
            || !answer.body.starts_with(range.shots.expect.as_bytes())
        {
            let body = String::from_utf8_lossy(answer.body);
            bail!("answered {}: {body}", answer.status);
        }
        if let Some(bodies) = &range.bodies {
            bodies.borrow_mut().push(answer.body.to_vec());
        }
        let then = std::mem::replace(&mut now, Instant::now());
        range.times.borrow_mut().note(now - then);
    }
    Ok(())
}
