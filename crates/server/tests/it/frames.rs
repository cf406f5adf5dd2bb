//! HTTP/2 in bare frames, for clients that no library would be.

use tokio::io::AsyncReadExt as _;
use tokio::io::AsyncWriteExt as _;
use tokio::net::TcpStream;

/// The connection preface and empty SETTINGS.
pub(crate) const PREFACE: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0";

pub(crate) const DATA: u8 = 0;
pub(crate) const HEADERS: u8 = 1;
pub(crate) const RST_STREAM: u8 = 3;
pub(crate) const PING: u8 = 6;
pub(crate) const GOAWAY: u8 = 7;
pub(crate) const CONTINUATION: u8 = 9;

pub(crate) const END_STREAM: u8 = 1;
pub(crate) const END_HEADERS: u8 = 4;

/// RFC 9113 section 7.
pub(crate) const ENHANCE_YOUR_CALM: u32 = 11;

/// `GET / HTTP/2` for the host `a`, in HPACK: three entries of the static table, one literal.
pub(crate) const GET: &[u8] = &[0x82, 0x86, 0x84, 0x41, 1, b'a'];

/// `POST /`.
pub(crate) const POST: &[u8] = &[0x83, 0x86, 0x84, 0x41, 1, b'a'];

/// One frame.
pub(crate) fn frame(kind: u8, flags: u8, stream: u32, payload: &[u8]) -> Vec<u8> {
    let length = u32::try_from(payload.len()).unwrap().to_be_bytes();
    let mut frame = length[1..].to_vec();
    frame.extend([kind, flags]);
    frame.extend(stream.to_be_bytes());
    frame.extend(payload);
    frame
}

/// What the server says to these bytes until it closes: the kind and the payload of each frame.
pub(crate) async fn say(mut stream: TcpStream, bytes: &[u8]) -> Vec<(u8, Vec<u8>)> {
    let (mut reading, mut writing) = stream.split();
    // The server may close before everything is written.
    let write = async {
        let _refused = writing.write_all(bytes).await;
    };
    let read = async {
        let mut frames = Vec::new();
        let mut head = [0; 9];
        while reading.read_exact(&mut head).await.is_ok() {
            let length = u32::from_be_bytes([0, head[0], head[1], head[2]]);
            let mut payload = vec![0; usize::try_from(length).unwrap()];
            if reading.read_exact(&mut payload).await.is_err() {
                break;
            }
            frames.push((head[3], payload));
        }
        frames
    };
    tokio::join!(write, read).1
}

/// The error code of the last GOAWAY.
pub(crate) fn goaway(frames: &[(u8, Vec<u8>)]) -> Option<u32> {
    let (_, payload) = frames.iter().rfind(|(kind, _)| *kind == GOAWAY)?;
    Some(u32::from_be_bytes(payload[4..8].try_into().unwrap()))
}

/// The payload of the first frame of this kind.
pub(crate) async fn wait_for(stream: &mut TcpStream, kind: u8) -> Vec<u8> {
    let mut head = [0; 9];
    loop {
        stream.read_exact(&mut head).await.unwrap();
        let length = u32::from_be_bytes([0, head[0], head[1], head[2]]);
        let mut payload = vec![0; usize::try_from(length).unwrap()];
        stream.read_exact(&mut payload).await.unwrap();
        if head[3] == kind {
            return payload;
        }
    }
}
