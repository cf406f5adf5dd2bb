//! The in-memory reference is held to the contract that it explains.

use std::sync::Arc;

use carnet_core::store::Memory;
use carnet_testkit::contract::Fresh;

async fn fresh_memory() -> Option<Fresh> {
    Some(Fresh::new(Arc::new(Memory::new()), ()))
}

carnet_testkit::contract!(memory, crate::fresh_memory());
