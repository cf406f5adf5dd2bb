//! What a commit is in SQL: each change as one or more statements.
//!
//! The order of changes is kept but for those that never fail, so nobody can tell:
//!
//! 1. Whatever expects something comes first, in the order in which it was given.
//! 2. Uses of keys and of secrets, and redirect URIs that were refused, follow in the order of the keys: two nodes that write their batches at the same
//!    time then wait for each other once, and not in a circle.
//! 3. Whether an owner remains is looked at when everything else is made. The row of step 4 is held
//!    first: whoever takes an owner away at the same time has committed by then, or waits.
//! 4. Entries of the audit log come last. They move the one row that says where the chain ends, and
//!    on PostgreSQL that row stays locked until the commit is over.

mod counted;
mod given;

use carnet_core::record::Client;
use carnet_core::record::ClientSecret;
use carnet_core::record::ServiceAccountKey;
use carnet_core::record::Session;
use carnet_core::record::WhyEnded;
use carnet_core::record::WorkloadProvider;
use carnet_core::store::Change;
use carnet_core::store::Record;
use carnet_core::store::RecordKey;
use carnet_core::store::Why;
use carnet_core::value::AuthorizationId;
use carnet_core::value::SessionId;
use carnet_core::value::UnixTime;
use carnet_core::value::UserId;
use carnet_core::value::Version;

use crate::statement::Param;
use crate::statement::Statement;
use crate::statement::Step;
use crate::statement::params;
use crate::statements::account_policy;
use crate::statements::api;
use crate::statements::audit;
use crate::statements::authorization;
use crate::statements::client;
use crate::statements::delegation;
use crate::statements::device_authorization as device;
use crate::statements::group;
use crate::statements::organization;
use crate::statements::password;
use crate::statements::policy;
use crate::statements::project;
use crate::statements::pushed_request as pushed;
use crate::statements::registration;
use crate::statements::role;
use crate::statements::service_account;
use crate::statements::service_account_key;
use crate::statements::session;
use crate::statements::signing_key;
use crate::statements::spent;
use crate::statements::system_key;
use crate::statements::trusted_issuer as trusted;
use crate::statements::user;
use crate::statements::workforce_sign_in as workforce;
use crate::statements::workload_pool as pool;
use crate::statements::workload_provider as provider;

/// The statements of a commit; or the change that cannot be, whatever the database says.
pub(crate) fn of(changes: &[Change]) -> Result<Vec<Step>, (usize, Why)> {
    let mut steps = Steps::default();
    for (place, change) in changes.iter().enumerate() {
        steps.change = place;
        steps.apply(change).map_err(|why| (place, why))?;
    }
    let mut uses: Vec<_> = (0..)
        .zip(changes)
        .filter_map(|(place, change)| match change {
            Change::KeyUsed(used) => Some((&used.key, place, used)),
            _ => None,
        })
        .collect();
    uses.sort_unstable_by_key(|(key, place, _)| (*key, *place));
    for (_, place, used) in uses {
        steps.change = place;
        steps.may(
            &service_account_key::USED,
            service_account_key::write_use(used),
        );
    }
    steps.secret_uses(changes);
    steps.refused_redirects(changes);
    for (place, change) in changes.iter().enumerate() {
        if *change == Change::OwnerRemains {
            steps.change = place;
            steps.may(&audit::HEAD_HOLD, params![]);
            steps.must(&role::OWNER_REMAINS, params![], Why::LastOwner);
        }
    }
    for (place, change) in changes.iter().enumerate() {
        if let Change::Audited(draft) = change {
            let draft = &audit::storable(draft);
            steps.change = place;
            steps.must(&audit::HEAD_MOVE, params![draft.body()], Why::Stale);
            steps.must(&audit::INSERT, audit::write(draft), Why::Stale);
        }
    }
    Ok(steps.all)
}

#[derive(Default)]
struct Steps {
    all: Vec<Step>,
    change: usize,
}

impl Steps {
    fn may(&mut self, statement: &'static Statement, params: Vec<Param>) {
        let change = self.change;
        self.all.push(Step {
            statement,
            params,
            no_row: None,
            change,
        });
    }

    fn must(&mut self, statement: &'static Statement, params: Vec<Param>, why: Why) {
        let change = self.change;
        self.all.push(Step {
            statement,
            params,
            no_row: Some(why),
            change,
        });
    }

    fn apply(&mut self, change: &Change) -> Result<(), Why> {
        match change {
            Change::Insert(record) => self.insert(record),
            Change::Replace(record) => self.replace(record)?,
            Change::Remove(key, version) => self.remove(key, *version),
            Change::SetupUsed(digest, now) => {
                self.must(&spent::SETUP_USE, params![*digest, *now], Why::Stale);
                self.may(&spent::SETUP_CLEAR, params![]);
            }
            Change::AssertionSpent(row) => {
                self.may(&spent::ASSERTION_INSERT, params![&row.digest, row.until]);
            }
            Change::AuthorizationRestored(id, since) => {
                self.must(&authorization::RESTORE, params![*id, *since], Why::Stale);
                self.may(&spent::TOKEN_RESTORE, params![id.as_token()]);
            }
            Change::TokenRevoked(row) => {
                self.may(&spent::TOKEN_REVOKE, params![row.id, row.until]);
            }
            Change::Refreshed(refreshed) => {
                let params = authorization::refresh(refreshed);
                self.must(&authorization::REFRESH, params, Why::Stale);
            }
            Change::DevicePolled(digest, at, interval) => {
                self.may(&device::POLLED, params![*digest, *at, interval.0]);
            }
            Change::DeviceDecided(digest, state, now) => {
                let params = device::decide(*digest, state, *now);
                self.must(&device::DECIDE, params, Why::Stale);
            }
            Change::DeviceSpent(digest) => {
                self.must(&device::SPEND, params![*digest], Why::Stale);
            }
            Change::PushedOpened(digest, until) => {
                self.may(&pushed::OPEN, params![*digest, *until]);
            }
            Change::PushedSpent(digest, now) => {
                self.must(&pushed::SPEND, params![*digest, *now], Why::Stale);
            }
            Change::SignInRedeemed(id, now) => {
                self.must(&workforce::REDEEM, params![*id, *now], Why::Stale);
            }
            Change::AuthorizationEnded {
                id,
                since,
                why,
                until,
            } => self.end_authorization(*id, (*since, *why), *until),
            Change::SessionSeen(seen) => self.may(&session::SEEN, session::write_seen(seen)),
            Change::SignInsEnded(user, since) => {
                self.may(&user::SIGN_INS_END, params![user, *since]);
            }
            Change::SessionsEnded(user, but) => self.end_sessions(user, *but),
            // They come after all others, in `of`.
            Change::KeyUsed(_)
            | Change::SecretUsed(_)
            | Change::RedirectRefused(_)
            | Change::OwnerRemains
            | Change::Audited(_) => {}
        }
        Ok(())
    }

    fn end_sessions(&mut self, user: &UserId, but: Option<SessionId>) {
        match but {
            None => self.may(&session::END_ALL, params![user]),
            Some(but) => self.may(&session::END_OTHERS, params![user, but]),
        }
    }

    /// Of an authorization and of a sign-in only one has this id.
    fn end_authorization(
        &mut self,
        id: AuthorizationId,
        (since, why): (UnixTime, WhyEnded),
        until: UnixTime,
    ) {
        let params = authorization::end(id, since, why);
        self.may(&workforce::END, params.clone());
        self.may(&authorization::END, params);
        self.may(&spent::TOKEN_REVOKE, params![id.as_token(), until]);
    }

    fn insert(&mut self, record: &Record) {
        match record {
            Record::Organization(row) => self.may(&organization::INSERT, organization::write(row)),
            Record::Domain(row) => {
                self.may(
                    &organization::DOMAIN_INSERT,
                    organization::write_domain(row),
                );
            }
            Record::User(row) => self.must(&user::INSERT, user::write(row), Why::Taken),
            Record::Group(row) => self.may(&group::INSERT, group::write(row)),
            Record::Membership(row) => self.may(&group::MEMBER_INSERT, group::write_member(row)),
            Record::Project(row) => self.insert_project(row),
            Record::Api(row) => self.insert_api(row),
            Record::ServiceAccount(row) => {
                let params = service_account::write(row);
                self.must(&service_account::INSERT, params, Why::Taken);
            }
            Record::ServiceAccountKey(row) => self.insert_key(row),
            Record::Client(row) => self.insert_client(row),
            Record::ClientSecret(row) => self.insert_secret(row),
            Record::InitialToken(row) => {
                self.may(&registration::TOKEN_INSERT, registration::write_token(row));
            }
            Record::Registration(row) => {
                self.may(&registration::INSERT, registration::write(row));
            }
            Record::Delegation(row) => self.may(&delegation::INSERT, delegation::write(row)),
            Record::Policy(row) => self.may(&policy::INSERT, policy::write(row)),
            Record::RoleBinding(row) => self.may(&role::INSERT, role::write(row)),
            Record::SigningKey(row) => self.may(&signing_key::INSERT, signing_key::write(row)),
            Record::AccountPolicy(row) => {
                self.may(&account_policy::INSERT, account_policy::write(row));
            }
            Record::SystemKey(row) => self.may(&system_key::INSERT, system_key::write(row)),
            Record::Authorization(row) => {
                self.may(&authorization::INSERT, authorization::write(row));
            }
            Record::DeviceAuthorization(row) => self.may(&device::INSERT, device::write(row)),
            Record::PushedRequest(row) => self.may(&pushed::INSERT, pushed::write(row)),
            Record::WorkforceSignIn(row) => self.may(&workforce::INSERT, workforce::write(row)),
            Record::Consent(row) => {
                let params = authorization::write_consent(row);
                self.may(&authorization::CONSENT_INSERT, params);
            }
            Record::SetupLink(row) => {
                self.may(&spent::SETUP_INSERT, params![row.digest, row.expires]);
            }
            Record::Password(row) => self.may(&password::INSERT, password::write(row)),
            Record::Session(row) => self.insert_session(row),
            Record::WorkloadPool(row) => self.must(&pool::INSERT, pool::write(row), Why::Taken),
            Record::WorkloadProvider(row) => self.insert_provider(row),
            Record::TrustedIssuer(row) => self.may(&trusted::INSERT, trusted::write(row)),
        }
    }

    fn insert_session(&mut self, row: &Session) {
        let kept = i64::from(Session::MOST) - 1;
        self.may(&session::MAKE_ROOM, params![&row.user, kept]);
        self.may(&session::INSERT, session::write(row));
    }

    fn insert_secret(&mut self, row: &ClientSecret) {
        self.may(&client::LOCK, params![&row.client]);
        self.must(&client::SECRET_INSERT, client::write_secret(row), Why::Full);
    }

    fn insert_provider(&mut self, row: &WorkloadProvider) {
        self.may(&pool::LOCK, params![&row.name.pool()]);
        self.must(&provider::INSERT, provider::write(row), Why::Full);
    }

    fn insert_origins(&mut self, row: &Client) {
        for origin in &row.origins {
            let params = params![origin.as_str(), &row.id];
            self.may(&client::ORIGIN_INSERT, params);
        }
    }

    fn insert_key(&mut self, row: &ServiceAccountKey) {
        self.may(&service_account::LOCK, params![&row.account]);
        let params = service_account_key::write(row);
        self.must(&service_account_key::INSERT, params, Why::Full);
    }

    fn replace(&mut self, record: &Record) -> Result<(), Why> {
        let (statement, params) = match record {
            Record::Organization(row) => (&organization::REPLACE, organization::write(row)),
            Record::Domain(row) => (
                &organization::DOMAIN_REPLACE,
                organization::write_domain(row),
            ),
            Record::User(row) => (&user::REPLACE, user::write(row)),
            Record::Group(row) => (&group::REPLACE, group::write(row)),
            Record::Project(row) => (&project::REPLACE, project::write(row)),
            Record::Api(row) => (&api::REPLACE, api::write(row)),
            Record::ServiceAccount(row) => (&service_account::REPLACE, service_account::write(row)),
            Record::ServiceAccountKey(row) => (
                &service_account_key::REPLACE,
                service_account_key::write(row),
            ),
            Record::Client(row) => (&client::REPLACE, client::write(row)),
            Record::ClientSecret(row) => (&client::SECRET_REPLACE, client::write_secret(row)),
            Record::InitialToken(row) => {
                (&registration::TOKEN_REPLACE, registration::write_token(row))
            }
            Record::Registration(row) => (&registration::REPLACE, registration::write(row)),
            Record::Delegation(row) => (&delegation::REPLACE, delegation::write(row)),
            Record::Policy(row) => (&policy::REPLACE, policy::write(row)),
            Record::SigningKey(row) => (&signing_key::REPLACE, signing_key::write(row)),
            Record::AccountPolicy(row) => (&account_policy::REPLACE, account_policy::write(row)),
            Record::Consent(row) => (
                &authorization::CONSENT_REPLACE,
                authorization::write_consent(row),
            ),
            Record::Password(row) => (&password::REPLACE, password::write(row)),
            Record::WorkloadPool(row) => (&pool::REPLACE, pool::write(row)),
            Record::WorkloadProvider(row) => (&provider::REPLACE, provider::write(row)),
            Record::TrustedIssuer(row) => (&trusted::REPLACE, trusted::write(row)),
            // They have no version.
            Record::Membership(_)
            | Record::RoleBinding(_)
            | Record::SystemKey(_)
            | Record::SetupLink(_)
            | Record::Session(_)
            | Record::Authorization(_)
            | Record::DeviceAuthorization(_)
            | Record::PushedRequest(_)
            | Record::WorkforceSignIn(_) => return Err(Why::Stale),
        };
        self.must(statement, params, Why::Stale);
        if let Record::Api(row) = record {
            self.may(&api::SCOPES_CLEAR, params![row.id]);
            self.insert_scopes(row);
        }
        if let Record::Client(row) = record {
            self.may(&client::ORIGINS_CLEAR, params![&row.id]);
            self.insert_origins(row);
        }
        Ok(())
    }

    fn remove(&mut self, key: &RecordKey, version: Version) {
        let (statement, params) = match key {
            RecordKey::Organization(id) => (&organization::REMOVE, params![*id, version]),
            RecordKey::Domain(name) => (&organization::DOMAIN_REMOVE, params![name, version]),
            RecordKey::User(id) => {
                self.must(&user::REMOVE, params![id, version], Why::Stale);
                self.may(&user::BURY, params![id]);
                return;
            }
            RecordKey::Group(id) => (&group::REMOVE, params![*id, version]),
            RecordKey::Membership(group, user) => (&group::MEMBER_REMOVE, params![*group, user]),
            RecordKey::Project(id) => (&project::REMOVE, params![id, version]),
            RecordKey::Api(id) => (&api::REMOVE, params![*id, version]),
            RecordKey::ServiceAccount(id, _) => {
                self.must(&service_account::REMOVE, params![id, version], Why::Stale);
                self.may(&service_account::BURY, params![id]);
                return;
            }
            RecordKey::ServiceAccountKey(id, _) => {
                (&service_account_key::REMOVE, params![id, version])
            }
            RecordKey::Client(id) => (&client::REMOVE, params![id, version]),
            RecordKey::ClientSecret(id, _) => (&client::SECRET_REMOVE, params![*id, version]),
            RecordKey::InitialToken(id) => (&registration::TOKEN_REMOVE, params![*id, version]),
            RecordKey::Delegation(id, _) => (&delegation::REMOVE, params![*id, version]),
            RecordKey::Policy(id, _) => (&policy::REMOVE, params![*id, version]),
            RecordKey::RoleBinding(id) => (&role::REMOVE, params![*id]),
            RecordKey::SigningKey(id) => (&signing_key::REMOVE, params![id, version]),
            RecordKey::Consent(user, client) => (
                &authorization::CONSENT_REMOVE,
                params![user, client, version],
            ),
            RecordKey::Password(user) => (&password::REMOVE, params![user, version]),
            RecordKey::Session(id) => (&session::REMOVE, params![*id]),
            RecordKey::WorkloadPool(name) => {
                self.must(&pool::REMOVE, params![name, version], Why::Stale);
                self.may(&pool::BURY, params![name]);
                return;
            }
            RecordKey::WorkloadProvider(name) => (&provider::REMOVE, params![name, version]),
            RecordKey::TrustedIssuer(id) => (&trusted::REMOVE, params![*id, version]),
        };
        self.must(statement, params, Why::Stale);
    }
}

#[cfg(test)]
mod tests;
