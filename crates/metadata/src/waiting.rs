//! `wait_for_change`: an answer that comes once a value is another, or the time is over, or the server ends.
//!
//! google-wire 7.1. Whoever waits holds a connection, so there are places for [`MOST`]; the others are told to come back.

use tokio::sync::Semaphore;
use tokio::sync::watch;

use crate::question::Wait;
use crate::tree::Node;

/// The most who wait at a time.
const MOST: usize = 64;

/// Those who wait.
pub(crate) struct Waiting {
    places: Semaphore,
    stopped: watch::Sender<bool>,
}

/// There are too many who wait.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("too many requests wait for a change; try again later")]
pub(crate) struct TooMany;

impl Waiting {
    pub(crate) fn new() -> Self {
        Self {
            places: Semaphore::new(MOST),
            stopped: watch::Sender::new(false),
        }
    }

    /// Nobody waits any more from now on.
    pub(crate) fn stop(&self) {
        self.stopped.send_replace(true);
    }

    /// Returns when what the path leads to is another.
    pub(crate) async fn changed(
        &self,
        trees: &watch::Sender<Node>,
        path: &str,
        wait: &Wait,
    ) -> Result<(), TooMany> {
        let _place = self.places.try_acquire().map_err(|_| TooMany)?;
        let mut trees = trees.subscribe();
        let mut stopped = self.stopped.subscribe();
        let now = tag(&trees.borrow_and_update(), path);
        let last = wait.last.clone().or(now);
        let another = trees.wait_for(|tree| tag(tree, path) != last);
        let either = async {
            tokio::select! {
                _ = another => {}
                _ = stopped.wait_for(|stopped| *stopped) => {}
            }
        };
        // Whichever it was: the answer is the value as it is then.
        let _over = tokio::time::timeout(wait.longest, either).await;
        Ok(())
    }
}

fn tag(tree: &Node, path: &str) -> Option<String> {
    tree.at(path).map(Node::tag)
}
