//! A commit: each change in turn, and everything put back where one does not fit.

use crate::record::AccountState;
use crate::record::AuditDraft;
use crate::record::AuditEntry;
use crate::record::Ended;
use crate::record::Holder;
use crate::record::KeyUse;
use crate::record::ProjectState;
use crate::record::Role;
use crate::record::SecretUse;
use crate::record::SpentAssertion;
use crate::record::Territory;
use crate::record::UserState;
use crate::store::Change;
use crate::store::Committed;
use crate::store::Record;
use crate::store::Why;
use crate::store::memory::Tables;
use crate::value::SecretDigest;
use crate::value::UnixTime;

/// How many keys an account may have, deleted ones not counted.
const KEYS_PER_ACCOUNT: usize = 10;

/// How many secrets a client may have, expired ones too.
const SECRETS_PER_CLIENT: usize = 2;

pub(super) type Applied = Result<(), Why>;

pub(super) fn unless(fails: bool, why: Why) -> Applied {
    if fails { Err(why) } else { Ok(()) }
}

macro_rules! every_table {
    ($tables:ident, $what:ident) => {
        $tables.organizations.$what();
        $tables.domains.$what();
        $tables.users.$what();
        $tables.former_users.$what();
        $tables.user_emails.$what();
        $tables.groups.$what();
        $tables.passwords.$what();
        $tables.sessions.$what();
        $tables.memberships.$what();
        $tables.projects.$what();
        $tables.apis.$what();
        $tables.given_names.$what();
        $tables.accounts.$what();
        $tables.purged_accounts.$what();
        $tables.account_emails.$what();
        $tables.keys.$what();
        $tables.keys_of.$what();
        $tables.key_uses.$what();
        $tables.clients.$what();
        $tables.client_secrets.$what();
        $tables.secret_uses.$what();
        $tables.refused_redirects.$what();
        $tables.delegations.$what();
        $tables.account_policies.$what();
        $tables.system_keys.$what();
        $tables.policies.$what();
        $tables.pools.$what();
        $tables.purged_pools.$what();
        $tables.providers.$what();
        $tables.trusted_issuers.$what();
        $tables.role_bindings.$what();
        $tables.authorizations.$what();
        $tables.consents.$what();
        $tables.devices.$what();
        $tables.pushed.$what();
        $tables.workforce.$what();
        $tables.initial_tokens.$what();
        $tables.registrations.$what();
        $tables.signing_keys.$what();
        $tables.setup_links.$what();
        $tables.spent.$what();
        $tables.revoked.$what();
        $tables.audit.$what();
    };
}

impl Tables {
    pub(super) fn commit(&mut self, changes: &[Change]) -> Committed {
        let last = |change: &Change| *change == Change::OwnerRemains;
        let places = || changes.iter().enumerate();
        let order = places()
            .filter(|(_, change)| !last(change))
            .chain(places().filter(|(_, change)| last(change)));
        for (place, change) in order {
            if let Err(why) = self.apply(change) {
                every_table!(self, roll_back);
                return Committed::No(place, why);
            }
        }
        every_table!(self, settle);
        Committed::Yes
    }

    pub(super) fn forget_expired(&mut self, now: UnixTime, most: usize) -> u64 {
        let spent: Vec<_> = self
            .spent
            .entries()
            .filter(|(_, until)| **until <= now)
            .map(|(key, _)| *key)
            .collect();
        let revoked: Vec<_> = self
            .revoked
            .entries()
            .filter(|(_, until)| **until <= now)
            .map(|(key, _)| *key)
            .collect();
        let links = self
            .setup_links
            .entries()
            .filter(|(_, link)| link.expires <= now);
        let links: Vec<_> = links.map(|(key, _)| *key).collect();
        let mut gone = 0_usize;
        for key in spent.into_iter().take(most) {
            gone += usize::from(self.spent.take(&key).is_some());
        }
        for key in revoked.into_iter().take(most.saturating_sub(gone)) {
            gone += usize::from(self.revoked.take(&key).is_some());
        }
        for key in links.into_iter().take(most.saturating_sub(gone)) {
            gone += usize::from(self.setup_links.take(&key).is_some());
        }
        gone += self.forget_authorizations(now, most.saturating_sub(gone));
        gone += self.forget_devices(now, most.saturating_sub(gone));
        gone += self.forget_pushed(now, most.saturating_sub(gone));
        gone += self.forget_sign_ins(now, most.saturating_sub(gone));
        gone += self.forget_initial_tokens(now, most.saturating_sub(gone));
        gone += self.forget_sessions(now, most.saturating_sub(gone));
        gone += self.forget_system_keys(now, most.saturating_sub(gone));
        every_table!(self, settle);
        gone as u64
    }

    fn apply(&mut self, change: &Change) -> Applied {
        match change {
            Change::Insert(record) => self.insert(record),
            Change::Replace(record) => self.replace(record),
            Change::Remove(key, version) => self.remove(key, *version),
            Change::SetupUsed(digest, now) => self.use_setup(*digest, *now),
            Change::AssertionSpent(spent) => self.spend(spent),
            Change::TokenRevoked(token) => {
                self.revoked.put(token.id, token.until);
                Ok(())
            }
            Change::Refreshed(refreshed) => self.refresh(*refreshed),
            Change::DevicePolled(digest, at, interval) => {
                self.device_polled(*digest, *at, *interval);
                Ok(())
            }
            Change::DeviceDecided(digest, state, now) => self.device_decided(*digest, state, *now),
            Change::DeviceSpent(digest) => self.device_spent(*digest),
            Change::PushedOpened(digest, until) => {
                self.open_pushed(*digest, *until);
                Ok(())
            }
            Change::PushedSpent(digest, now) => self.spend_pushed(*digest, *now),
            Change::SignInRedeemed(id, now) => self.redeem_sign_in(*id, *now),
            Change::AuthorizationRestored(id, since) => self.restore_authorization(*id, *since),
            Change::AuthorizationEnded {
                id,
                since,
                why,
                until,
            } => {
                let ended = Ended {
                    since: *since,
                    why: *why,
                };
                self.end_sign_in(*id, ended);
                self.end_authorization(*id, ended, *until);
                Ok(())
            }
            Change::KeyUsed(_) | Change::SecretUsed(_) | Change::RedirectRefused(_) => {
                self.count(change);
                Ok(())
            }
            Change::OwnerRemains => unless(!self.has_owner(), Why::LastOwner),
            Change::SessionSeen(seen) => {
                self.see_session(seen);
                Ok(())
            }
            Change::SessionsEnded(user, but) => {
                self.end_sessions(user, *but);
                Ok(())
            }
            Change::SignInsEnded(user, since) => {
                self.end_sign_ins(user, *since);
                Ok(())
            }
            Change::Audited(draft) => {
                self.append(draft);
                Ok(())
            }
        }
    }

    /// What is only counted.
    fn count(&mut self, change: &Change) {
        match change {
            Change::KeyUsed(used) => self.use_key(used),
            Change::SecretUsed(used) => self.use_secret(used),
            Change::RedirectRefused(refused) => self.refuse_redirect(refused),
            _ => {}
        }
    }

    fn insert(&mut self, record: &Record) -> Applied {
        let exists = match record {
            Record::Organization(row) => self.organizations.has(&row.id),
            Record::Domain(row) => self.domains.has(&row.name),
            Record::User(row) => self.users.has(&row.id) || self.former_users.has(&row.id),
            Record::Group(row) => self.groups.has(&row.id),
            Record::Membership(row) => self.memberships.has(&(row.group, row.user.clone())),
            Record::Project(row) => self.projects.has(&row.id),
            Record::Api(row) => self.apis.has(&row.id),
            Record::ServiceAccount(row) => {
                self.accounts.has(&row.unique_id) || self.purged_accounts.has(&row.unique_id)
            }
            Record::ServiceAccountKey(row) => self.keys.has(&row.id),
            Record::Client(row) => self.clients.has(&row.id),
            Record::ClientSecret(row) => self.client_secrets.has(&row.id),
            Record::InitialToken(row) => self.initial_tokens.has(&row.id),
            Record::Registration(row) => self.registrations.has(&row.client),
            Record::Delegation(row) => self.delegations.has(&row.id),
            Record::Policy(row) => self.policies.has(&row.id),
            Record::RoleBinding(row) => self.role_bindings.has(&row.id),
            Record::SigningKey(row) => self.signing_keys.has(&row.id),
            Record::AccountPolicy(row) => self.account_policies.has(&row.account),
            Record::SystemKey(row) => self.has_system_key(row),
            Record::SetupLink(row) => self.setup_links.has(row.digest.as_bytes()),
            Record::Authorization(row) => self.authorizations.has(&row.id),
            Record::DeviceAuthorization(row) => self.has_device(row),
            Record::PushedRequest(row) => self.pushed.has(row.digest.as_bytes()),
            Record::WorkforceSignIn(row) => self.workforce.has(&row.id),
            Record::Consent(row) => {
                let pair = (row.user.clone(), row.client.clone());
                self.consents.has(&pair)
            }
            Record::Password(row) => self.passwords.has(&row.user),
            Record::Session(row) => self.has_session(row),
            Record::WorkloadPool(row) => self.has_pool(&row.name),
            Record::WorkloadProvider(row) => self.providers.has(&row.name),
            Record::TrustedIssuer(row) => self.trusted_issuers.has(&row.id),
        };
        unless(exists, Why::Taken)?;
        if let Record::ServiceAccountKey(key) = record {
            let held = self.keys_of.find(&key.account).map_or(0, Vec::len);
            unless(held >= KEYS_PER_ACCOUNT, Why::Full)?;
        }
        if let Record::ClientSecret(secret) = record {
            let held = self.client_secrets.rows();
            let held = held.filter(|row| row.client == secret.client).count();
            unless(held >= SECRETS_PER_CLIENT, Why::Full)?;
        }
        if let Record::WorkloadProvider(provider) = record {
            self.has_room_for(provider)?;
        }
        self.put(record)?;
        match record {
            Record::Project(row) => self.give_project(row),
            Record::Client(row) => self.give_client(row),
            _ => Ok(()),
        }
    }

    fn replace(&mut self, record: &Record) -> Applied {
        match record {
            Record::Organization(row) => self.organizations.precedes(&row.id, row),
            Record::Domain(row) => self.domains.precedes(&row.name, row),
            Record::User(row) => self.users.precedes(&row.id, row),
            Record::Group(row) => self.groups.precedes(&row.id, row),
            Record::Project(row) => self.projects.precedes(&row.id, row),
            Record::Api(row) => self.apis.precedes(&row.id, row),
            Record::ServiceAccount(row) => self.accounts.precedes(&row.unique_id, row),
            Record::ServiceAccountKey(row) => self.keys.precedes(&row.id, row),
            Record::Client(row) => self.clients.precedes(&row.id, row),
            Record::ClientSecret(row) => self.client_secrets.precedes(&row.id, row),
            Record::InitialToken(row) => self.initial_tokens.precedes(&row.id, row),
            Record::Registration(row) => self.registrations.precedes(&row.client, row),
            Record::Delegation(row) => self.delegations.precedes(&row.id, row),
            Record::Policy(row) => self.policies.precedes(&row.id, row),
            Record::SigningKey(row) => self.signing_keys.precedes(&row.id, row),
            Record::AccountPolicy(row) => self.account_policies.precedes(&row.account, row),
            Record::Consent(row) => {
                let pair = (row.user.clone(), row.client.clone());
                self.consents.precedes(&pair, row)
            }
            Record::Password(row) => self.passwords.precedes(&row.user, row),
            Record::WorkloadPool(row) => self.pools.precedes(&row.name, row),
            Record::WorkloadProvider(row) => self.providers.precedes(&row.name, row),
            Record::TrustedIssuer(row) => self.trusted_issuers.precedes(&row.id, row),
            Record::Membership(_)
            | Record::RoleBinding(_)
            | Record::SystemKey(_)
            | Record::SetupLink(_)
            | Record::Session(_)
            | Record::Authorization(_)
            | Record::DeviceAuthorization(_)
            | Record::PushedRequest(_)
            | Record::WorkforceSignIn(_) => Err(Why::Stale),
        }?;
        self.put(record)
    }

    /// Somebody who can act owns the installation.
    fn has_owner(&self) -> bool {
        self.role_bindings.rows().any(|row| {
            row.role == Role::Owner
                && row.territory == Territory::Installation
                && match &row.holder {
                    Holder::User(id) => self
                        .users
                        .find(id)
                        .is_some_and(|user| user.state == UserState::Active),
                    Holder::ServiceAccount(id) => self.accounts.find(id).is_some_and(|account| {
                        let project = self.projects.find(&account.project);
                        account.state == AccountState::Active
                            && project.is_some_and(|one| one.state == ProjectState::Active)
                    }),
                }
        })
    }

    fn use_setup(&mut self, digest: SecretDigest, now: UnixTime) -> Applied {
        let live = self
            .setup_links
            .find(digest.as_bytes())
            .is_some_and(|link| link.expires > now);
        unless(!live, Why::Stale)?;
        // One administrator is enough: every other link dies with the one that was used.
        self.setup_links.take_where(|_, _| true);
        Ok(())
    }

    fn spend(&mut self, spent: &SpentAssertion) -> Applied {
        unless(self.spent.has(&spent.digest), Why::Taken)?;
        self.spent.put(spent.digest, spent.until);
        Ok(())
    }

    fn use_key(&mut self, used: &KeyUse) {
        if !self.keys.has(&used.key) {
            return; // deleted since: the batch is late, and nobody asks for it any more
        }
        let place = (used.account.clone(), used.key.clone());
        let mut row = self
            .key_uses
            .find(&place)
            .cloned()
            .unwrap_or_else(|| KeyUse {
                count: 0,
                ..used.clone()
            });
        row.count = row.count.saturating_add(used.count);
        if used.last >= row.last {
            row.last = used.last;
            row.address.clone_from(&used.address);
        }
        self.key_uses.put(place, row);
    }

    fn use_secret(&mut self, used: &SecretUse) {
        if !self.client_secrets.has(&used.secret) {
            return; // deleted since
        }
        let mut row = self
            .secret_uses
            .find(&used.secret)
            .cloned()
            .unwrap_or_else(|| SecretUse {
                count: 0,
                ..used.clone()
            });
        row.count = row.count.saturating_add(used.count);
        if used.last >= row.last {
            row.last = used.last;
            row.address.clone_from(&used.address);
        }
        self.secret_uses.put(used.secret, row);
    }

    fn append(&mut self, draft: &AuditDraft) {
        let (sequence, previous) = self
            .audit
            .last()
            .map_or((1, [0; 32]), |last| (last.sequence + 1, last.hash));
        let hash = draft.hash_after(&previous);
        self.audit.put(
            sequence,
            AuditEntry {
                sequence,
                draft: draft.clone(),
                previous,
                hash,
            },
        );
    }
}
