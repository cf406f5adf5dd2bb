//! Keys of ours, the audit log, and what must not be used again.

use carnet_core::record::AuditEntry;
use carnet_core::record::RevokedToken;
use carnet_core::record::SetupLink;
use carnet_core::record::SigningKey;
use carnet_core::store::AuditFilter;
use carnet_core::store::Ledger;
use carnet_core::store::Listing;
use carnet_core::store::Page;
use carnet_core::store::Reading;
use carnet_core::value::SecretDigest;
use carnet_core::value::TokenId;
use carnet_core::value::UnixTime;

use crate::engine::Engine;
use crate::port::List;
use crate::port::Sql;
use crate::port::after_id;
use crate::statement::Question;
use crate::statement::Size;
use crate::statement::params;
use crate::statements::audit;
use crate::statements::signing_key;
use crate::statements::spent;

impl<E: Engine> Ledger for Sql<E> {
    fn signing_keys(&self) -> Reading<'_, Vec<SigningKey>> {
        let statement = &signing_key::ALL_KEYS;
        let question = Question {
            statement,
            params: params![],
            size: Size::List,
        };
        self.all(question, signing_key::read)
    }

    fn audit<'a>(
        &'a self,
        filter: &'a AuditFilter,
        page: &'a Page,
    ) -> Reading<'a, Listing<AuditEntry>> {
        let after = page.after.as_deref().and_then(|text| text.parse().ok());
        // A text with a zero byte is nobody's trace; PostgreSQL would not even take the question.
        let wanted = |text: &Option<String>| text.as_ref().map(|text| text.replace('\0', " "));
        let list = List {
            statement: audit::page_for(filter),
            params: params![
                after.unwrap_or(i64::MAX),
                wanted(&filter.trace),
                wanted(&filter.actor),
                wanted(&filter.action),
                wanted(&filter.target),
            ],
            decode: audit::read,
        };
        self.page(list, page, |row| row.sequence.to_string())
    }

    fn audit_after(&self, sequence: i64) -> Reading<'_, Vec<AuditEntry>> {
        let params = params![sequence, i64::from(Page::MOST)];
        let question = Question {
            statement: &audit::AFTER,
            params,
            size: Size::List,
        };
        self.all(question, audit::read)
    }

    fn revoked_tokens<'a>(
        &'a self,
        now: UnixTime,
        page: &'a Page,
    ) -> Reading<'a, Listing<RevokedToken>> {
        let list = List {
            statement: &spent::TOKENS_REVOKED,
            params: params![now, after_id::<TokenId>(page)],
            decode: spent::read_revoked,
        };
        self.page(list, page, |row| row.id.to_string())
    }

    fn is_spent(&self, digest: [u8; 32]) -> Reading<'_, bool> {
        let params = params![&digest];
        let found = self.one(&spent::ASSERTION_KNOWN, params, spent::read_assertion);
        Box::pin(async move { Ok(found.await?.is_some()) })
    }

    fn setup_link(&self, digest: SecretDigest) -> Reading<'_, Option<SetupLink>> {
        self.one(&spent::SETUP_BY_DIGEST, params![digest], spent::read_setup)
    }
}
