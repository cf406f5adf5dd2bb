//! Which names are taken, and which are not.

use http::Request;
use http::header::HOST;

use super::Hosts;

fn admitted(hosts: &Hosts, host: &str) -> bool {
    let request = Request::get("/").header(HOST, host).body(()).unwrap();
    hosts.admit(&request.into_parts().0)
}

#[test]
fn google_wire_7_2_the_names_by_which_libraries_call_are_taken() {
    let hosts = Hosts::default();
    for host in [
        "metadata.google.internal",
        "Metadata.Google.Internal.",
        "metadata.google.internal:80",
        "169.254.169.254",
        "[fd20:ce::254]",
        "localhost:8170",
        "127.0.0.1:8170",
        "127.9.9.9",
        "[::1]:8170",
    ] {
        assert!(admitted(&hosts, host), "{host}");
    }
}

#[test]
fn names_that_a_stranger_can_own_are_not_taken() {
    let hosts = Hosts::default();
    for host in [
        "rebound.example",
        "localhost.rebound.example:8170",
        "127.0.0.1.rebound.example",
        "metadata.google.internal.rebound.example",
        "192.168.1.7:8170",
        "0.0.0.0:8170",
        "127.0.0.1:",
        "127.0.0.1:80@rebound.example",
        "[::1",
        ":8170",
        "",
    ] {
        let port_may_be_empty = host == "127.0.0.1:";
        assert_eq!(admitted(&hosts, host), port_may_be_empty, "{host}");
    }
}

#[test]
fn a_name_that_was_added_is_taken_and_nothing_below_it() {
    let hosts = Hosts::default().with(["Carnet.".to_owned(), "[fd00::7]".to_owned()]);
    assert!(admitted(&hosts, "carnet:8170"));
    assert!(admitted(&hosts, "[fd00::7]:8170"));
    assert!(!admitted(&hosts, "x.carnet:8170"));
}

#[test]
fn a_request_says_once_by_which_name_it_came() {
    let hosts = Hosts::default();
    let twice = Request::get("/")
        .header(HOST, "localhost")
        .header(HOST, "localhost");
    assert!(!hosts.admit(&twice.body(()).unwrap().into_parts().0));
    let none = Request::get("/").body(()).unwrap();
    assert!(!hosts.admit(&none.into_parts().0));
    let by_address = Request::get("http://localhost:8170/").body(()).unwrap();
    assert!(hosts.admit(&by_address.into_parts().0));
}
