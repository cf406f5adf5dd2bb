//! Both engines are held to the contract of the port.

#![expect(clippy::expect_used, reason = "a test fails by panicking")]

use carnet_store::Options;
use carnet_store::open;
use carnet_testkit::contract::Fresh;
use carnet_testkit::postgres::Schema;

async fn fresh_sqlite() -> Option<Fresh> {
    let folder = tempfile::tempdir().expect("a folder");
    let url = format!("sqlite:{}", folder.path().join("carnet.db").display());
    let store = open(&url, Options::default()).await.expect("a new store");
    Some(Fresh::new(store, folder))
}

async fn fresh_postgres() -> Option<Fresh> {
    let schema = Schema::fresh().await?;
    let store = open(&schema.url(), Options::default()).await;
    Some(Fresh::new(store.expect("a new store"), schema))
}

carnet_testkit::contract!(sqlite, crate::fresh_sqlite());
carnet_testkit::contract!(postgres, crate::fresh_postgres());
