//! The thread that writes log lines, and the bounded queue before it.
//!
//! When the queue is full, lines are counted instead of kept, and the count is told as soon as there
//! is room.

use std::io;
use std::io::Write;
use std::mem;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;
use std::sync::atomic::Ordering::Relaxed;
use std::sync::mpsc::Receiver;
use std::sync::mpsc::SyncSender;
use std::sync::mpsc::sync_channel;
use std::thread;
use std::thread::JoinHandle;

use tracing_subscriber::fmt::MakeWriter;

/// How many lines may wait.
const LONGEST: usize = 8_192;

enum Item {
    Line(Vec<u8>),
    Stop,
}

/// Where lines are put.
#[derive(Clone)]
pub(super) struct Queue {
    lines: SyncSender<Item>,
    lost: Arc<AtomicU64>,
}

/// The thread that writes. It has written everything when this has been dropped.
pub(super) struct Writing {
    lines: SyncSender<Item>,
    thread: Option<JoinHandle<()>>,
}

/// Starts the thread.
pub(super) fn start(out: impl Write + Send + 'static) -> io::Result<(Queue, Writing)> {
    let (lines, waiting) = sync_channel(LONGEST);
    let lost = Arc::new(AtomicU64::new(0));
    let queue = Queue {
        lines: lines.clone(),
        lost: Arc::clone(&lost),
    };
    let thread = thread::Builder::new().name("log".to_owned());
    let thread = thread.spawn(move || write(&waiting, &lost, out))?;
    Ok((
        queue,
        Writing {
            lines,
            thread: Some(thread),
        },
    ))
}

/// A log that cannot be written is nobody's reason to stop, so faults of writing are passed over.
fn write(waiting: &Receiver<Item>, lost: &AtomicU64, mut out: impl Write) {
    while let Ok(Item::Line(line)) = waiting.recv() {
        let _written = out.write_all(&line);
        let lost = lost.swap(0, Relaxed);
        if lost > 0 {
            let _written = writeln!(out, "{{\"level\":\"WARN\",\"lost_lines\":{lost}}}");
        }
    }
    let _flushed = out.flush();
}

impl Drop for Writing {
    fn drop(&mut self) {
        let _sent = self.lines.send(Item::Stop);
        if let Some(thread) = self.thread.take() {
            let _ended = thread.join();
        }
    }
}

/// One line, while it is written together. It goes into the queue when it is dropped.
pub(super) struct Line<'a> {
    text: Vec<u8>,
    queue: &'a Queue,
}

impl Write for Line<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.text.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Drop for Line<'_> {
    fn drop(&mut self) {
        let line = Item::Line(mem::take(&mut self.text));
        if self.queue.lines.try_send(line).is_err() {
            self.queue.lost.fetch_add(1, Relaxed);
        }
    }
}

impl<'a> MakeWriter<'a> for Queue {
    type Writer = Line<'a>;

    fn make_writer(&'a self) -> Line<'a> {
        Line {
            text: Vec::with_capacity(256),
            queue: self,
        }
    }
}
