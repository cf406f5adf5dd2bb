//! Both engines are held to the contract of the port.

#![expect(clippy::expect_used, reason = "a test fails by panicking")]

use carnet_store::Options;
use carnet_store::open;
use carnet_testkit::contract::Fresh;

async fn fresh_sqlite() -> Option<Fresh> {
    let folder = tempfile::tempdir().expect("a folder");
    let url = format!("sqlite:{}", folder.path().join("carnet.db").display());
    let store = open(&url, Options::default()).await.expect("a new store");
    Some(Fresh::new(store, folder))
}

carnet_testkit::contract!(sqlite, crate::fresh_sqlite());
