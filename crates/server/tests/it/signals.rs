//! Signals, sent by the system's own `kill` to this process.

use std::process::Command;

use carnet_server::http::signals::Signals;
use carnet_server::http::signals::Told;

fn kill(signal: &str) {
    let this = std::process::id().to_string();
    assert!(
        Command::new("kill")
            .args([signal, &this])
            .status()
            .unwrap()
            .success()
    );
}

#[tokio::test]
async fn the_system_tells_to_reload_and_to_stop() {
    let mut signals = Signals::new().unwrap();
    for (signal, told) in [
        ("-HUP", Told::Reload),
        ("-TERM", Told::Stop),
        ("-INT", Told::Stop),
    ] {
        kill(signal);
        assert_eq!(signals.next().await, told, "{signal}");
    }
}
