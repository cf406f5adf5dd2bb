//! Devices that wait for a person. Each step of a device's life is one guarded update.

use carnet_core::record::AllowedBy;
use carnet_core::record::DeviceAuthorization;
use carnet_core::record::DeviceState;
use carnet_core::value::Seconds;
use carnet_core::value::SecretDigest;
use carnet_core::value::SessionId;
use carnet_core::value::UnixTime;
use carnet_wire::device::UserCode;
use serde_json::json;

use crate::row::Decoded;
use crate::row::Fields;
use crate::statement::Param;
use crate::statement::params;
use crate::statement::statements;
use crate::statements::json::parsed_items;
use crate::statements::json::read_scope;
use crate::statements::json::write_scope;

macro_rules! columns {
    () => {
        "digest, user_code, client, scope, audience, address, state, allowed_by, allowed_in, \
         allowed_authenticated, allowed_scope, poll_interval, polled, created, ends"
    };
}

statements! {
    BY_DIGEST = concat!("SELECT ", columns!(), " FROM device_authorizations WHERE digest = $1");
    BY_USER_CODE = concat!("SELECT ", columns!(), " FROM device_authorizations
        WHERE user_code = $1");
    INSERT = concat!("INSERT INTO device_authorizations (", columns!(), ")
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)");
    POLLED = "UPDATE device_authorizations SET polled = $2, poll_interval = $3 WHERE digest = $1";
    DECIDE = "UPDATE device_authorizations SET state = $3, allowed_by = $4, allowed_in = $5,
        allowed_authenticated = $6, allowed_scope = $7
        WHERE digest = $1 AND state = 'pending' AND ends > $2";
    SPEND = "UPDATE device_authorizations SET state = 'spent'
        WHERE digest = $1 AND state = 'allowed'";
    FORGET = "DELETE FROM device_authorizations WHERE digest IN
        (SELECT digest FROM device_authorizations WHERE ends <= $1 LIMIT $2)";
}

const fn word(state: &DeviceState) -> &'static str {
    match state {
        DeviceState::Pending => "pending",
        DeviceState::Allowed(_) => "allowed",
        DeviceState::Denied => "denied",
        DeviceState::Spent => "spent",
    }
}

/// The five cells of a state.
fn cells(state: &DeviceState) -> Vec<Param> {
    match state {
        DeviceState::Allowed(by) => params![
            word(state),
            &by.user,
            by.session,
            by.authenticated,
            write_scope(&by.scope).to_string(),
        ],
        DeviceState::Pending | DeviceState::Denied | DeviceState::Spent => vec![
            word(state).into(),
            Param::Null,
            Param::Null,
            Param::Null,
            Param::Null,
        ],
    }
}

pub(crate) fn write(row: &DeviceAuthorization) -> Vec<Param> {
    let mut params = params![
        row.digest,
        row.user_code.as_str(),
        &row.client,
        write_scope(&row.scope).to_string(),
        json!(row.audience).to_string(),
        row.address.as_str(),
    ];
    params.extend(cells(&row.state));
    params.extend(params![row.interval.0, row.polled, row.created, row.ends,]);
    params
}

pub(crate) fn decide(digest: SecretDigest, state: &DeviceState, now: UnixTime) -> Vec<Param> {
    let mut params = params![digest, now];
    params.extend(cells(state));
    params
}

pub(crate) fn read(row: &mut Fields<'_>) -> Decoded<DeviceAuthorization> {
    Ok(DeviceAuthorization {
        digest: SecretDigest::from_bytes(row.array()?),
        user_code: row.word(UserCode::parse)?,
        client: row.parsed()?,
        scope: read_scope(&row.json()?).ok_or_else(|| row.unreadable())?,
        audience: parsed_items(&row.json()?).ok_or_else(|| row.unreadable())?,
        address: row.text()?.to_owned(),
        state: read_state(row)?,
        interval: row.int().map(Seconds)?,
        polled: row.maybe_time()?,
        created: row.time()?,
        ends: row.time()?,
    })
}

fn read_state(row: &mut Fields<'_>) -> Decoded<DeviceState> {
    let word = row.text()?;
    let (user, session) = (row.maybe_parsed()?, row.maybe_id(SessionId::from_bytes)?);
    let (authenticated, scope) = (row.maybe_time()?, row.maybe_json()?);
    match (word, user, session, authenticated, scope) {
        ("pending", ..) => Ok(DeviceState::Pending),
        ("denied", ..) => Ok(DeviceState::Denied),
        ("spent", ..) => Ok(DeviceState::Spent),
        ("allowed", Some(user), Some(session), Some(authenticated), Some(scope)) => {
            Ok(DeviceState::Allowed(AllowedBy {
                user,
                session,
                authenticated,
                scope: read_scope(&scope).ok_or_else(|| row.unreadable())?,
            }))
        }
        _ => Err(row.unreadable()),
    }
}
