//! Heads as libraries send them, and as nobody should.

use super::LONGEST;
use super::MOST_LINES;
use super::Target;
use super::end;

fn target(head: &str) -> Option<(String, u16)> {
    Target::of(head.as_bytes()).map(|target| (target.host.to_owned(), target.port))
}

#[test]
fn rfc9110_9_3_6_connect_names_a_host_and_a_port() {
    for (head, host, port) in [
        // Go, curl, Python, Node, Java.
        (
            "CONNECT oauth2.googleapis.com:443 HTTP/1.1\r\nHost: oauth2.googleapis.com:443\r\nUser-Agent: Go-http-client/1.1\r\n\r\n",
            "oauth2.googleapis.com",
            443,
        ),
        (
            "CONNECT oauth2.googleapis.com:443 HTTP/1.0\r\n\r\n",
            "oauth2.googleapis.com",
            443,
        ),
        (
            "CONNECT a_b.test:8443 HTTP/1.1\r\nproxy-connection: Keep-Alive\r\nX:\r\n\r\n",
            "a_b.test",
            8443,
        ),
        ("CONNECT 127.0.0.1:1 HTTP/1.1\r\n\r\n", "127.0.0.1", 1),
        ("CONNECT [::1]:65535 HTTP/1.1\r\n\r\n", "::1", 65535),
    ] {
        assert_eq!(target(head), Some((host.to_owned(), port)), "{head}");
    }
}

#[test]
fn heads_that_are_not_sound_lead_nowhere() {
    let long_host = format!("CONNECT {}:443 HTTP/1.1\r\n\r\n", "a".repeat(254));
    let many = format!(
        "CONNECT a.test:443 HTTP/1.1\r\n{}\r\n",
        "A: b\r\n".repeat(MOST_LINES + 1)
    );
    for head in [
        "",
        "\r\n\r\n",
        "GET http://metadata.google.internal/ HTTP/1.1\r\n\r\n",
        "connect a.test:443 HTTP/1.1\r\n\r\n",
        "CONNECT  a.test:443 HTTP/1.1\r\n\r\n",
        "CONNECT a.test:443  HTTP/1.1\r\n\r\n",
        "CONNECT a.test:443 HTTP/2.0\r\n\r\n",
        "CONNECT a.test:443\r\n\r\n",
        "CONNECT a.test HTTP/1.1\r\n\r\n",
        "CONNECT a.test: HTTP/1.1\r\n\r\n",
        "CONNECT :443 HTTP/1.1\r\n\r\n",
        "CONNECT a.test:0 HTTP/1.1\r\n\r\n",
        "CONNECT a.test:+443 HTTP/1.1\r\n\r\n",
        "CONNECT a.test:65536 HTTP/1.1\r\n\r\n",
        "CONNECT a.test:000443 HTTP/1.1\r\n\r\n",
        "CONNECT u:p@a.test:443 HTTP/1.1\r\n\r\n",
        "CONNECT u@a.test:443 HTTP/1.1\r\n\r\n",
        "CONNECT https://a.test:443 HTTP/1.1\r\n\r\n",
        "CONNECT a.test/x:443 HTTP/1.1\r\n\r\n",
        "CONNECT ::1:443 HTTP/1.1\r\n\r\n",
        "CONNECT [::1:443 HTTP/1.1\r\n\r\n",
        "CONNECT [x]:443 HTTP/1.1\r\n\r\n",
        "CONNECT [fe80::1%lo]:443 HTTP/1.1\r\n\r\n",
        "CONNECT a\u{e9}.test:443 HTTP/1.1\r\n\r\n",
        "CONNECT a\0.test:443 HTTP/1.1\r\n\r\n",
        "CONNECT a.test:443 HTTP/1.1\r\nHost : a\r\n\r\n",
        "CONNECT a.test:443 HTTP/1.1\r\n folded\r\n\r\n",
        "CONNECT a.test:443 HTTP/1.1\r\nno colon\r\n\r\n",
        "CONNECT a.test:443 HTTP/1.1\r\nA: b\nC: d\r\n\r\n",
        "CONNECT a.test:443 HTTP/1.1\nHost: a\r\n\r\n",
        "CONNECT a.test:443 HTTP/1.1\r\nA: b\0\r\n\r\n",
        "CONNECT a.test:443 HTTP/1.1\r\n",
        &long_host,
        &many,
    ] {
        assert_eq!(target(head), None, "{head:?}");
    }
    assert_eq!(Target::of(b"CONNECT \xff.test:443 HTTP/1.1\r\n\r\n"), None);
}

#[test]
fn the_end_of_a_head_is_found_however_it_is_cut() {
    let head = b"CONNECT a:1 HTTP/1.1\r\n\r\nearly\r\n\r\n";
    let length = head.len() - b"early\r\n\r\n".len();
    for cut in 0..head.len() {
        let found = end(&head[..cut], 0).or_else(|| end(head, cut));
        assert_eq!(found, Some(length), "{cut}");
    }
    assert_eq!(end(&vec![b'a'; LONGEST], 0), None);
}
