//! Issuers elsewhere in the reference.

use crate::record::IssuerOwner;
use crate::record::TrustedIssuer;
use crate::store::Listing;
use crate::store::Memory;
use crate::store::Page;
use crate::store::Reading;
use crate::store::Trusts;
use crate::store::Why;
use crate::store::memory::Tables;
use crate::store::memory::apply::Applied;
use crate::store::memory::apply::unless;
use crate::store::memory::read::page;
use crate::store::memory::read::ready;
use crate::value::AllowedAudience;
use crate::value::IssuerUri;
use crate::value::TrustedIssuerId;
use crate::value::Version;

impl Tables {
    pub(super) fn trusts_any(&self, owner: &IssuerOwner) -> bool {
        self.trusted_issuers.rows().any(|row| row.owner == *owner)
    }

    pub(super) fn put_trusted_issuer(&mut self, row: &TrustedIssuer) -> Applied {
        match &row.owner {
            IssuerOwner::Project(id) => unless(!self.projects.has(id), Why::Referenced)?,
            IssuerOwner::Organization(id) => self.belongs(*id)?,
        }
        let same = |other: &TrustedIssuer| {
            other.id != row.id && other.issuer == row.issuer && other.audience == row.audience
        };
        unless(self.trusted_issuers.rows().any(same), Why::Taken)?;
        self.trusted_issuers.put(row.id, row.clone());
        Ok(())
    }

    pub(super) fn remove_trusted_issuer(
        &mut self,
        id: &TrustedIssuerId,
        version: Version,
    ) -> Applied {
        self.trusted_issuers.stands(id, version)?;
        self.trusted_issuers.take(id);
        Ok(())
    }
}

impl Trusts for Memory {
    fn trusted_issuer(&self, id: TrustedIssuerId) -> Reading<'_, Option<TrustedIssuer>> {
        ready(self.tables().trusted_issuers.find(&id).cloned())
    }

    fn trusted_issuer_named<'a>(
        &'a self,
        issuer: &'a IssuerUri,
        audience: Option<&'a AllowedAudience>,
    ) -> Reading<'a, Option<TrustedIssuer>> {
        let tables = self.tables();
        let mut rows = tables.trusted_issuers.rows();
        let found = rows.find(|row| row.issuer == *issuer && row.audience.as_ref() == audience);
        ready(found.cloned())
    }

    fn trusted_issuers<'a>(
        &'a self,
        of: &'a IssuerOwner,
        at: &'a Page,
    ) -> Reading<'a, Listing<TrustedIssuer>> {
        let tables = self.tables();
        let rows = tables.trusted_issuers.rows().filter(|row| row.owner == *of);
        ready(page(rows, at, |row| row.id.to_string()))
    }
}
