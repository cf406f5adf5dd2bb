//! The narrow reads, answered from the tables.

mod client;

use crate::record;
use crate::record::AccountState;
use crate::record::AuditEntry;
use crate::record::Holder;
use crate::record::KeyUse;
use crate::record::RevokedToken;
use crate::record::ServiceAccount;
use crate::store::Accounts;
use crate::store::AuditFilter;
use crate::store::Ledger;
use crate::store::Listing;
use crate::store::Memory;
use crate::store::Page;
use crate::store::People;
use crate::store::Reading;
use crate::store::Tenants;
use crate::value::ApiId;
use crate::value::BindingId;
use crate::value::DelegationId;
use crate::value::DomainName;
use crate::value::Email;
use crate::value::GroupId;
use crate::value::KeyId;
use crate::value::OrganizationId;
use crate::value::PolicyId;
use crate::value::ProjectId;
use crate::value::ProjectNumber;
use crate::value::SecretDigest;
use crate::value::ServiceAccountEmail;
use crate::value::UniqueId;
use crate::value::UnixTime;
use crate::value::UserId;

/// An answer that is there already.
pub(super) fn ready<'a, T: Send + 'a>(answer: T) -> Reading<'a, T> {
    Box::pin(std::future::ready(Ok(answer)))
}

/// One page of rows that are in the order of `key`.
pub(super) fn page<'a, T: Clone + 'a>(
    rows: impl Iterator<Item = &'a T>,
    page: &Page,
    key: impl Fn(&T) -> String,
) -> Listing<T> {
    let limit = usize::from(page.limit.clamp(1, Page::MOST));
    let after = page.after.as_deref();
    let rows = rows.filter(|row| after.is_none_or(|after| key(row).as_str() > after));
    Listing::cut(rows.take(limit + 1).cloned().collect(), page, key)
}

impl Tenants for Memory {
    fn organization(&self, id: OrganizationId) -> Reading<'_, Option<record::Organization>> {
        ready(self.tables().organizations.find(&id).cloned())
    }

    fn organizations<'a>(&'a self, at: &'a Page) -> Reading<'a, Listing<record::Organization>> {
        ready(page(self.tables().organizations.rows(), at, |row| {
            row.id.to_string()
        }))
    }

    fn domain<'a>(&'a self, name: &'a DomainName) -> Reading<'a, Option<record::Domain>> {
        ready(self.tables().domains.find(name).cloned())
    }

    fn domains<'a>(
        &'a self,
        of: OrganizationId,
        at: &'a Page,
    ) -> Reading<'a, Listing<record::Domain>> {
        let tables = self.tables();
        let rows = tables.domains.rows().filter(|row| row.organization == of);
        ready(page(rows, at, |row| row.name.to_string()))
    }

    fn project<'a>(&'a self, id: &'a ProjectId) -> Reading<'a, Option<record::Project>> {
        ready(self.tables().projects.find(id).cloned())
    }

    fn project_by_number<'a>(
        &'a self,
        number: &'a ProjectNumber,
    ) -> Reading<'a, Option<record::Project>> {
        let tables = self.tables();
        let found = tables.projects.rows().find(|row| row.number == *number);
        ready(found.cloned())
    }

    fn projects<'a>(
        &'a self,
        of: Option<OrganizationId>,
        at: &'a Page,
    ) -> Reading<'a, Listing<record::Project>> {
        let tables = self.tables();
        let rows = tables
            .projects
            .rows()
            .filter(|row| of.is_none() || row.organization == of);
        ready(page(rows, at, |row| row.id.to_string()))
    }

    fn api(&self, id: ApiId) -> Reading<'_, Option<record::Api>> {
        ready(self.tables().apis.find(&id).cloned())
    }

    fn apis<'a>(
        &'a self,
        of: Option<&'a ProjectId>,
        at: &'a Page,
    ) -> Reading<'a, Listing<record::Api>> {
        let tables = self.tables();
        let rows = tables
            .apis
            .rows()
            .filter(|row| of.is_none_or(|of| row.project == *of));
        ready(page(rows, at, |row| row.id.to_string()))
    }

    fn policy(&self, id: PolicyId) -> Reading<'_, Option<record::Policy>> {
        ready(self.tables().policies.find(&id).cloned())
    }

    fn policies<'a>(
        &'a self,
        of: OrganizationId,
        at: &'a Page,
    ) -> Reading<'a, Listing<record::Policy>> {
        let tables = self.tables();
        let rows = tables.policies.rows().filter(|row| row.organization == of);
        ready(page(rows, at, |row| row.id.to_string()))
    }

    fn role_binding(&self, id: BindingId) -> Reading<'_, Option<record::RoleBinding>> {
        ready(self.tables().role_bindings.find(&id).cloned())
    }

    fn role_bindings<'a>(
        &'a self,
        of: Option<&'a Holder>,
        at: &'a Page,
    ) -> Reading<'a, Listing<record::RoleBinding>> {
        let tables = self.tables();
        let rows = tables
            .role_bindings
            .rows()
            .filter(|row| of.is_none_or(|of| row.holder == *of));
        ready(page(rows, at, |row| row.id.to_string()))
    }
}

impl People for Memory {
    fn user<'a>(&'a self, id: &'a UserId) -> Reading<'a, Option<record::User>> {
        ready(self.tables().users.find(id).cloned())
    }

    fn user_by_email<'a>(&'a self, email: &'a Email) -> Reading<'a, Option<record::User>> {
        let tables = self.tables();
        ready(
            tables
                .user_emails
                .find(email)
                .and_then(|id| tables.users.find(id))
                .cloned(),
        )
    }

    fn users<'a>(&'a self, of: OrganizationId, at: &'a Page) -> Reading<'a, Listing<record::User>> {
        let tables = self.tables();
        let rows = tables
            .user_emails
            .rows()
            .filter_map(|id| tables.users.find(id));
        let rows = rows.filter(|row| row.organization == of);
        ready(page(rows, at, |row| row.email.to_string()))
    }

    fn group(&self, id: GroupId) -> Reading<'_, Option<record::Group>> {
        ready(self.tables().groups.find(&id).cloned())
    }

    fn group_by_email<'a>(&'a self, email: &'a Email) -> Reading<'a, Option<record::Group>> {
        ready(
            self.tables()
                .groups
                .rows()
                .find(|row| row.email == *email)
                .cloned(),
        )
    }

    fn groups<'a>(
        &'a self,
        of: OrganizationId,
        at: &'a Page,
    ) -> Reading<'a, Listing<record::Group>> {
        let tables = self.tables();
        let rows = tables.groups.rows().filter(|row| row.organization == of);
        ready(page(rows, at, |row| row.id.to_string()))
    }

    fn members<'a>(
        &'a self,
        of: GroupId,
        at: &'a Page,
    ) -> Reading<'a, Listing<record::Membership>> {
        let tables = self.tables();
        let rows = tables.memberships.rows().filter(|row| row.group == of);
        ready(page(rows, at, |row| row.user.to_string()))
    }

    fn groups_of<'a>(&'a self, user: &'a UserId) -> Reading<'a, Vec<GroupId>> {
        let tables = self.tables();
        let rows = tables.memberships.rows().filter(|row| row.user == *user);
        ready(
            rows.map(|row| row.group)
                .take(usize::from(Page::MOST))
                .collect(),
        )
    }
}

impl Accounts for Memory {
    fn service_account<'a>(&'a self, id: &'a UniqueId) -> Reading<'a, Option<ServiceAccount>> {
        ready(self.tables().accounts.find(id).cloned())
    }

    fn service_account_by_email<'a>(
        &'a self,
        email: &'a ServiceAccountEmail,
    ) -> Reading<'a, Option<ServiceAccount>> {
        let deleted = |account: &ServiceAccount| match account.state {
            AccountState::Active | AccountState::Disabled { .. } => None,
            AccountState::Deleted { since, .. } => Some(since),
        };
        let tables = self.tables();
        let holders = tables.account_emails.find(email).into_iter().flatten();
        let accounts = holders.filter_map(|id| tables.accounts.find(id));
        // The living one sorts last, then the one that was deleted last.
        let found = accounts.max_by_key(|account| {
            let since = deleted(account);
            (since.is_none(), since, account.unique_id.clone())
        });
        ready(found.cloned())
    }

    fn service_accounts<'a>(
        &'a self,
        of: &'a ProjectId,
        at: &'a Page,
    ) -> Reading<'a, Listing<ServiceAccount>> {
        let tables = self.tables();
        let rows = tables.accounts.rows().filter(|row| row.project == *of);
        ready(page(rows, at, |row| row.unique_id.to_string()))
    }

    fn service_accounts_deleted_until(
        &self,
        moment: UnixTime,
        most: u16,
    ) -> Reading<'_, Vec<ServiceAccount>> {
        let tables = self.tables();
        let deleted = |row: &ServiceAccount| match row.state {
            AccountState::Deleted { since, .. } => Some(since),
            AccountState::Active | AccountState::Disabled { .. } => None,
        };
        let mut found: Vec<_> = tables
            .accounts
            .rows()
            .filter(|row| deleted(row).is_some_and(|since| since <= moment))
            .cloned()
            .collect();
        found.sort_by_key(|row| (deleted(row), row.unique_id.clone()));
        found.truncate(usize::from(most.clamp(1, Page::MOST)));
        ready(found)
    }

    fn service_account_key<'a>(
        &'a self,
        id: &'a KeyId,
    ) -> Reading<'a, Option<record::ServiceAccountKey>> {
        ready(self.tables().keys.find(id).cloned())
    }

    fn service_account_keys<'a>(
        &'a self,
        of: &'a UniqueId,
    ) -> Reading<'a, Vec<record::ServiceAccountKey>> {
        let tables = self.tables();
        let held = tables.keys_of.find(of).into_iter().flatten();
        let mut keys: Vec<_> = held
            .filter_map(|id| tables.keys.find(id))
            .cloned()
            .collect();
        keys.sort_by(|one, other| (one.created, &one.id).cmp(&(other.created, &other.id)));
        ready(keys)
    }

    fn key_uses<'a>(&'a self, of: &'a UniqueId) -> Reading<'a, Vec<KeyUse>> {
        let tables = self.tables();
        ready(
            tables
                .key_uses
                .rows()
                .filter(|row| row.account == *of)
                .cloned()
                .collect(),
        )
    }

    fn account_policy<'a>(
        &'a self,
        of: &'a UniqueId,
    ) -> Reading<'a, Option<record::AccountPolicy>> {
        ready(self.tables().account_policies.find(of).cloned())
    }

    fn system_keys<'a>(&'a self, of: &'a UniqueId) -> Reading<'a, Vec<record::SystemKey>> {
        ready(self.tables().system_keys_of(of))
    }

    fn delegation(&self, id: DelegationId) -> Reading<'_, Option<record::Delegation>> {
        ready(self.tables().delegations.find(&id).cloned())
    }

    fn delegations<'a>(
        &'a self,
        of: OrganizationId,
        at: &'a Page,
    ) -> Reading<'a, Listing<record::Delegation>> {
        let tables = self.tables();
        let rows = tables
            .delegations
            .rows()
            .filter(|row| row.organization == of);
        ready(page(rows, at, |row| row.id.to_string()))
    }

    fn delegations_of<'a>(
        &'a self,
        client_id: &'a UniqueId,
    ) -> Reading<'a, Vec<record::Delegation>> {
        let tables = self.tables();
        let rows = tables
            .delegations
            .rows()
            .filter(|row| row.client_id == *client_id);
        ready(rows.take(usize::from(Page::MOST)).cloned().collect())
    }
}

impl Ledger for Memory {
    fn signing_keys(&self) -> Reading<'_, Vec<record::SigningKey>> {
        let mut keys: Vec<_> = self.tables().signing_keys.rows().cloned().collect();
        keys.sort_by(|one, other| (one.created, &one.id).cmp(&(other.created, &other.id)));
        ready(keys)
    }

    fn audit<'a>(
        &'a self,
        filter: &'a AuditFilter,
        at: &'a Page,
    ) -> Reading<'a, Listing<AuditEntry>> {
        let before = at
            .after
            .as_deref()
            .and_then(|text| text.parse().ok())
            .unwrap_or(i64::MAX);
        let is = |wanted: &Option<String>, found: &str| {
            wanted.as_deref().is_none_or(|text| text == found)
        };
        let tables = self.tables();
        let rows = tables.audit.rows().rev().filter(|row| {
            row.sequence < before
                && is(&filter.trace, &row.draft.trace)
                && is(&filter.actor, &row.draft.actor)
                && is(&filter.action, &row.draft.action)
                && is(&filter.target, &row.draft.target)
        });
        let limit = usize::from(at.limit.clamp(1, Page::MOST));
        let rows = rows.take(limit + 1).cloned().collect();
        ready(Listing::cut(rows, at, |row: &AuditEntry| {
            row.sequence.to_string()
        }))
    }

    fn audit_after(&self, sequence: i64) -> Reading<'_, Vec<AuditEntry>> {
        let tables = self.tables();
        let rows = tables.audit.rows().filter(|row| row.sequence > sequence);
        ready(rows.take(usize::from(Page::MOST)).cloned().collect())
    }

    fn revoked_tokens<'a>(
        &'a self,
        now: UnixTime,
        at: &'a Page,
    ) -> Reading<'a, Listing<RevokedToken>> {
        let tables = self.tables();
        let rows: Vec<_> = tables
            .revoked
            .entries()
            .filter(|(_, until)| **until > now)
            .map(|(id, until)| RevokedToken {
                id: *id,
                until: *until,
            })
            .collect();
        ready(page(rows.iter(), at, |row| row.id.to_string()))
    }

    fn is_spent(&self, digest: [u8; 32]) -> Reading<'_, bool> {
        ready(self.tables().spent.has(&digest))
    }

    fn setup_link(&self, digest: SecretDigest) -> Reading<'_, Option<record::SetupLink>> {
        ready(self.tables().setup_links.find(digest.as_bytes()).cloned())
    }
}
