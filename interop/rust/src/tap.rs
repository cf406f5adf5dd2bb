//! A second door to the server that remembers what went in: the only way to see what a library signs when it lets
//! nobody put a client in.

use std::io::Read;
use std::io::Write;
use std::net::Shutdown;
use std::net::TcpListener;
use std::net::TcpStream;
use std::sync::Arc;
use std::sync::Mutex;
use std::thread;

use crate::SERVER;

/// A door before the server.
pub struct Tap {
    /// The token endpoint behind this door.
    pub token_uri: String,
    seen: Arc<Mutex<Vec<u8>>>,
}

impl Tap {
    pub fn open() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let token_uri = format!(
            "http://{}/token",
            listener.local_addr().expect("its address")
        );
        let seen = Arc::default();
        let heard = Arc::clone(&seen);
        thread::spawn(move || {
            for guest in listener.incoming().flatten() {
                let heard = Arc::clone(&heard);
                thread::spawn(move || join(guest, &heard));
            }
        });
        Self { token_uri, seen }
    }

    /// The form field `assertion` of the one request that came.
    pub fn assertion(&self) -> String {
        let seen = self.seen.lock().expect("no poison");
        let text = std::str::from_utf8(&seen).expect("text");
        assert_eq!(text.matches("POST /token ").count(), 1, "one request");
        let (_, form) = text.split_once("\r\n\r\n").expect("a body");
        let field = form
            .split('&')
            .find_map(|field| field.strip_prefix("assertion="));
        field.expect("an assertion").replace("%3D", "=")
    }
}

fn join(mut guest: TcpStream, heard: &Mutex<Vec<u8>>) {
    let address = SERVER.issuer.strip_prefix("http://").expect("http");
    let mut server = TcpStream::connect(address).expect("the server is there");
    let mut back = (
        server.try_clone().expect("clone"),
        guest.try_clone().expect("clone"),
    );
    thread::spawn(move || {
        let _ = std::io::copy(&mut back.0, &mut back.1);
        let _ = back.1.shutdown(Shutdown::Write);
    });
    let mut buffer = [0; 4096];
    while let Ok(count @ 1..) = guest.read(&mut buffer) {
        heard.lock().expect("no poison").extend(&buffer[..count]);
        if server.write_all(&buffer[..count]).is_err() {
            break;
        }
    }
    let _ = server.shutdown(Shutdown::Write);
}
