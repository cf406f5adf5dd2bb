//! A device's client asks for codes (RFC 8628 section 3.1 and 3.2).

use carnet_wire::crn::Crn;
use carnet_wire::device::DeviceAuthorizationRequest;
use carnet_wire::device::UserCode;

use super::INTERVAL;
use super::LIFETIME;
use crate::record::DeviceAuthorization;
use crate::record::DeviceState;
use crate::record::GrantType;
use crate::rule::Refusal;
use crate::rule::admin::Context;
use crate::rule::authorize;
use crate::rule::client::Authenticated;
use crate::rule::policy;
use crate::store::Catalog;
use crate::store::Change;
use crate::store::Record;
use crate::value::Entropy;
use crate::value::Seconds;
use crate::value::SecretDigest;

/// What a device is told, beside its own code.
#[derive(Clone, Debug)]
pub struct Asked {
    /// What it shows to its person.
    pub user_code: UserCode,
    /// For how long both codes are good.
    pub lasts: Seconds,
    /// How long it waits between two polls.
    pub interval: Seconds,
    /// To be committed before it is told. Fails as [`Taken`](crate::store::Why::Taken) where another device
    /// has one of the codes: then there are others.
    pub changes: Vec<Change>,
}

/// Decides. `code` is the digest of a new device code.
pub fn ask(
    client: &Authenticated,
    request: &DeviceAuthorizationRequest<'_>,
    code: SecretDigest,
    catalog: &Catalog,
    (context, entropy): (&Context<'_>, &mut dyn Entropy),
) -> Result<Asked, Refusal> {
    client.may(GrantType::DeviceCode)?;
    let tell = |refusal| client.tell(refusal);
    if request.in_detail {
        let detail = "authorization_details is not taken here: a device asks for scopes.";
        return Err(tell(Refusal::new(Crn::DEVICE_DETAILS, detail)));
    }
    let record = client.client();
    let app = (record, &client.project().project);
    let scope = authorize::scope((request.scope.as_ref(), &request.resource), app, catalog)
        .map_err(tell)?;
    policy::permits_scopes_to_app(&client.project().policies, &scope).map_err(tell)?;
    let audience = authorize::audience(&request.resource, (&scope, &[]), catalog).map_err(tell)?;
    let device = DeviceAuthorization {
        digest: code,
        user_code: fresh(entropy),
        client: record.id.clone(),
        scope,
        audience,
        address: context.address.to_owned(),
        state: DeviceState::Pending,
        interval: INTERVAL,
        polled: None,
        created: context.now,
        ends: context.now + LIFETIME,
    };
    Ok(Asked {
        user_code: device.user_code.clone(),
        lasts: LIFETIME,
        interval: INTERVAL,
        changes: vec![Change::Insert(Record::DeviceAuthorization(device))],
    })
}

/// A new user code: 34 bits, enough for what is typed within minutes by somebody who is slowed down
/// (RFC 8628 section 5.1).
fn fresh(entropy: &mut dyn Entropy) -> UserCode {
    loop {
        let mut bytes = [0; 32];
        entropy.fill(&mut bytes);
        // One byte in sixteen is of no use, and eight of thirty-two are needed.
        if let Some(code) = UserCode::of_random(&bytes) {
            return code;
        }
    }
}
