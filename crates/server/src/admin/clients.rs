//! Service accounts as other records name them: typed by e-mail or number, kept as the number.

use carnet_core::record::{EnteredBy, ServiceAccount};
use carnet_core::rule::admin::No;
use carnet_core::store::Store;
use carnet_core::value::UniqueId;
use carnet_wire::legal::Echo;

use super::problem::Problem;
use super::territory;

/// The account that a text names, and how it names it.
pub(crate) async fn client(
    store: &dyn Store,
    pointer: &str,
    text: &str,
) -> Result<(ServiceAccount, EnteredBy), Problem> {
    let text = text.trim();
    let entered = if text.parse::<UniqueId>().is_ok() {
        EnteredBy::ClientId
    } else {
        EnteredBy::Email
    };
    if let Some(account) = territory::account(store, text).await? {
        return Ok((account, entered));
    }
    let sent = Echo::of(text);
    let detail = format!("There is no service account {sent}. Give its e-mail or 21-digit number.");
    Err(No::field(pointer, detail).into())
}
