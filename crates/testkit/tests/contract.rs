//! The in-memory reference is held to the contract that it explains.

use std::future::Ready;
use std::future::ready;
use std::sync::Arc;

use carnet_core::store::Memory;
use carnet_testkit::contract::Fresh;

fn fresh_memory() -> Ready<Option<Fresh>> {
    ready(Some(Fresh::new(Arc::new(Memory::new()), ())))
}

carnet_testkit::contract!(memory, crate::fresh_memory());
