//! What the exchange of credentials of others keeps in memory: the keys of issuers that were fetched, and the
//! expressions of providers that were compiled.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::PoisonError;

use carnet_core::record::WorkloadProvider;
use carnet_core::rule::federation::mapping::Faulty;
use carnet_core::rule::federation::mapping::Mapping;
use carnet_core::value::ProviderName;
use carnet_core::value::Version;

use crate::issuer_keys::IssuerKeys;

/// How many compiled mappings are kept. Where there are more providers in use, they are compiled again.
const MOST: usize = 500;

/// What is kept. Empty until somebody comes.
#[derive(Debug, Default)]
pub struct Federation {
    /// The keys of issuers.
    pub keys: IssuerKeys,
    mappings: Mutex<HashMap<ProviderName, (Version, Arc<Mapping>)>>,
}

impl Federation {
    /// The compiled expressions of a provider, in the version that it has.
    pub fn mapping(&self, provider: &WorkloadProvider) -> Result<Arc<Mapping>, Faulty> {
        let version = provider.version;
        let kept = |mappings: &HashMap<_, (Version, Arc<Mapping>)>| {
            let kept = mappings.get(&provider.name);
            let kept = kept.filter(|(kept, _)| *kept == version);
            kept.map(|(_, mapping)| Arc::clone(mapping))
        };
        let lock = || self.mappings.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(mapping) = kept(&lock()) {
            return Ok(mapping);
        }
        let condition = provider.condition.as_deref();
        let mapping = Arc::new(Mapping::compile(&provider.mapping, condition)?);
        let mut mappings = lock();
        if mappings.len() >= MOST {
            mappings.clear();
        }
        let name = provider.name.clone();
        mappings.insert(name, (version, Arc::clone(&mapping)));
        Ok(mapping)
    }
}
