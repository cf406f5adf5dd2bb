//! The link by which an installation gets its first owner (`ux.md` 6.3).
//!
//! 1. While nobody owns the installation, each start of `carnet serve` makes a link that is good for 30
//!    minutes. Only its digest is stored.
//! 2. The moment there is an owner, every link is worth nothing, however young: two starts make two
//!    links, and the second must not make a second owner.

use carnet_core::record::Role;
use carnet_core::record::SetupLink;
use carnet_core::record::Territory;
use carnet_core::store::Change;
use carnet_core::store::Committed;
use carnet_core::store::Fault;
use carnet_core::store::Page;
use carnet_core::store::Record;
use carnet_core::store::Store;
use carnet_core::value::Entropy;
use carnet_core::value::Seconds;
use carnet_core::value::Secret;
use carnet_core::value::UnixTime;
use carnet_jose::base64url;

/// How long a link is good.
pub const GOOD: Seconds = Seconds::minutes(30);

/// Whether somebody owns the installation.
pub async fn has_owner(store: &dyn Store) -> Result<bool, Fault> {
    let mut page = Page::first(Page::MOST);
    loop {
        let listing = store.role_bindings(None, &page).await?;
        let owns = listing.items.iter().any(|binding| {
            binding.role == Role::Owner && binding.territory == Territory::Installation
        });
        match listing.next {
            _ if owns => return Ok(true),
            None => return Ok(false),
            next => page.after = next,
        }
    }
}

/// A new link's secret; none where there is an owner already.
pub async fn make(
    store: &dyn Store,
    now: UnixTime,
    entropy: &mut (dyn Entropy + Send),
) -> Result<Option<Secret>, Fault> {
    if has_owner(store).await? {
        return Ok(None);
    }
    let mut bytes = [0; 32];
    entropy.fill(&mut bytes);
    let secret = Secret::new(base64url::encode(bytes));
    let link = SetupLink {
        digest: secret.digest(),
        expires: now + GOOD,
    };
    match store
        .commit(&[Change::Insert(Record::SetupLink(link))])
        .await?
    {
        Committed::Yes => Ok(Some(secret)),
        Committed::No(..) => Err(Fault::lasting("a setup link could not be kept")),
    }
}
