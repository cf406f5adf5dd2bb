//! Lines of the log: their form, and what never stands in them.

use std::io;
use std::io::Write;
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::mpsc::Receiver;
use std::sync::mpsc::channel;

use tracing_subscriber::fmt::MakeWriter as _;

use super::writer;

/// Writes when it is allowed to.
struct Gated {
    allowed: Receiver<()>,
    written: Arc<Mutex<String>>,
}

impl Write for Gated {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        // When the test has gone, everything is allowed.
        let _allowed = self.allowed.recv();
        self.written
            .lock()
            .unwrap()
            .push_str(&String::from_utf8_lossy(bytes));
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[test]
fn lines_are_written_in_their_order_and_all_before_the_end() {
    let (allow, allowed) = channel();
    let written = Arc::<Mutex<String>>::default();
    let (queue, writing) = writer::start(Gated {
        allowed,
        written: Arc::clone(&written),
    })
    .unwrap();
    for number in 0..100 {
        queue
            .make_writer()
            .write_all(format!("{number}\n").as_bytes())
            .unwrap();
    }
    drop(allow);
    drop(writing);
    let numbers: Vec<_> = (0..100).map(|number| number.to_string()).collect();
    assert_eq!(written.lock().unwrap().lines().collect::<Vec<_>>(), numbers);
}

#[test]
fn a_collector_that_does_not_read_makes_nobody_wait_and_losses_are_told() {
    let (allow, allowed) = channel();
    let written = Arc::<Mutex<String>>::default();
    let (queue, writing) = writer::start(Gated {
        allowed,
        written: Arc::clone(&written),
    })
    .unwrap();
    for _ in 0..20_000 {
        queue.make_writer().write_all(b"line\n").unwrap();
    }
    drop(allow);
    drop(writing);
    let written = written.lock().unwrap();
    let lines = written.lines().filter(|line| *line == "line").count();
    let told = written
        .lines()
        .find_map(|line| line.split("\"lost_lines\":").nth(1));
    let lost: usize = told.unwrap().trim_end_matches('}').parse().unwrap();
    assert!((8_192..=8_194).contains(&lines), "{lines}");
    assert_eq!(lines + lost, 20_000);
}
