//! Issuers elsewhere whose assertions are grants.

use carnet_core::record::IssuerOwner;
use carnet_core::record::TrustedIssuer;
use carnet_core::store::Listing;
use carnet_core::store::Page;
use carnet_core::store::Reading;
use carnet_core::store::Trusts;
use carnet_core::value::AllowedAudience;
use carnet_core::value::IssuerUri;
use carnet_core::value::TrustedIssuerId;

use crate::engine::Engine;
use crate::port::List;
use crate::port::Sql;
use crate::port::after_id;
use crate::statement::params;
use crate::statements::trusted_issuer as trusted;

impl<E: Engine> Trusts for Sql<E> {
    fn trusted_issuer(&self, id: TrustedIssuerId) -> Reading<'_, Option<TrustedIssuer>> {
        self.one(&trusted::BY_ID, params![id], trusted::read)
    }

    fn trusted_issuer_named<'a>(
        &'a self,
        issuer: &'a IssuerUri,
        audience: Option<&'a AllowedAudience>,
    ) -> Reading<'a, Option<TrustedIssuer>> {
        let params = params![issuer.as_str(), trusted::name(audience)];
        self.one(&trusted::BY_NAME, params, trusted::read)
    }

    fn trusted_issuers<'a>(
        &'a self,
        of: &'a IssuerOwner,
        page: &'a Page,
    ) -> Reading<'a, Listing<TrustedIssuer>> {
        let after = after_id::<TrustedIssuerId>(page);
        let (statement, params) = match of {
            IssuerOwner::Project(id) => (&trusted::PAGE_OF_PROJECT, params![id, after]),
            IssuerOwner::Organization(id) => (&trusted::PAGE_OF_ORGANIZATION, params![*id, after]),
        };
        let list = List {
            statement,
            params,
            decode: trusted::read,
        };
        self.page(list, page, |row| row.id.to_string())
    }
}
