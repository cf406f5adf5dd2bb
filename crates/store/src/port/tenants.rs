//! Organizations, projects, APIs, policies and roles.

use carnet_core::record::Api;
use carnet_core::record::Domain;
use carnet_core::record::Holder;
use carnet_core::record::Organization;
use carnet_core::record::Policy;
use carnet_core::record::Project;
use carnet_core::record::RoleBinding;
use carnet_core::store::Listing;
use carnet_core::store::Page;
use carnet_core::store::Reading;
use carnet_core::store::Tenants;
use carnet_core::value::ApiId;
use carnet_core::value::BindingId;
use carnet_core::value::DomainName;
use carnet_core::value::OrganizationId;
use carnet_core::value::PolicyId;
use carnet_core::value::ProjectId;
use carnet_core::value::ProjectNumber;

use crate::engine::Engine;
use crate::port::List;
use crate::port::Sql;
use crate::port::after_id;
use crate::port::after_text;
use crate::statement::Question;
use crate::statement::Size;
use crate::statement::params;
use crate::statements::api;
use crate::statements::organization;
use crate::statements::policy;
use crate::statements::project;
use crate::statements::role;

impl<E: Engine> Tenants for Sql<E> {
    fn organization(&self, id: OrganizationId) -> Reading<'_, Option<Organization>> {
        self.one(&organization::BY_ID, params![id], organization::read)
    }

    fn organizations<'a>(&'a self, page: &'a Page) -> Reading<'a, Listing<Organization>> {
        let params = vec![after_id::<OrganizationId>(page)];
        let list = List {
            statement: &organization::PAGE,
            params,
            decode: organization::read,
        };
        self.page(list, page, |row| row.id.to_string())
    }

    fn domain<'a>(&'a self, name: &'a DomainName) -> Reading<'a, Option<Domain>> {
        self.one(
            &organization::DOMAIN_BY_NAME,
            params![name],
            organization::read_domain,
        )
    }

    fn domains<'a>(&'a self, of: OrganizationId, page: &'a Page) -> Reading<'a, Listing<Domain>> {
        let list = List {
            statement: &organization::DOMAINS,
            params: params![of, after_text(page)],
            decode: organization::read_domain,
        };
        self.page(list, page, |row| row.name.to_string())
    }

    fn project<'a>(&'a self, id: &'a ProjectId) -> Reading<'a, Option<Project>> {
        self.one(&project::BY_ID, params![id], project::read)
    }

    fn project_by_number<'a>(&'a self, number: &'a ProjectNumber) -> Reading<'a, Option<Project>> {
        self.one(&project::BY_NUMBER, params![number], project::read)
    }

    fn projects<'a>(
        &'a self,
        of: Option<OrganizationId>,
        page: &'a Page,
    ) -> Reading<'a, Listing<Project>> {
        let (statement, params) = match of {
            None => (&project::PAGE, params![after_text(page)]),
            Some(of) => (
                &project::PAGE_OF_ORGANIZATION,
                params![of, after_text(page)],
            ),
        };
        let list = List {
            statement,
            params,
            decode: project::read,
        };
        self.page(list, page, |row| row.id.to_string())
    }

    fn api(&self, id: ApiId) -> Reading<'_, Option<Api>> {
        // One row for each scope: more than a point.
        let question = Question {
            statement: &api::BY_ID,
            params: params![id],
            size: Size::List,
        };
        let rows = self.all(question, api::read);
        Box::pin(async move { Ok(api::fold(rows.await?).pop()) })
    }

    fn apis<'a>(&'a self, of: Option<&'a ProjectId>, page: &'a Page) -> Reading<'a, Listing<Api>> {
        let limit = i64::from(page.limit.clamp(1, Page::MOST)) + 1;
        let (statement, params) = match of {
            None => (&api::PAGE, params![after_id::<ApiId>(page), limit]),
            Some(of) => (
                &api::PAGE_OF_PROJECT,
                params![of, after_id::<ApiId>(page), limit],
            ),
        };
        let rows = self.all(
            Question {
                statement,
                params,
                size: Size::List,
            },
            api::read,
        );
        Box::pin(async move {
            Ok(Listing::cut(api::fold(rows.await?), page, |row| {
                row.id.to_string()
            }))
        })
    }

    fn policy(&self, id: PolicyId) -> Reading<'_, Option<Policy>> {
        self.one(&policy::BY_ID, params![id], policy::read)
    }

    fn policies<'a>(&'a self, of: OrganizationId, page: &'a Page) -> Reading<'a, Listing<Policy>> {
        let list = List {
            statement: &policy::PAGE,
            params: params![of, after_id::<PolicyId>(page)],
            decode: policy::read,
        };
        self.page(list, page, |row| row.id.to_string())
    }

    fn role_binding(&self, id: BindingId) -> Reading<'_, Option<RoleBinding>> {
        self.one(&role::BY_ID, params![id], role::read)
    }

    fn role_bindings<'a>(
        &'a self,
        of: Option<&'a Holder>,
        page: &'a Page,
    ) -> Reading<'a, Listing<RoleBinding>> {
        let after = after_id::<BindingId>(page);
        let (statement, params) = match of {
            None => (&role::PAGE, params![after]),
            Some(of) => (&role::PAGE_OF_HOLDER, params![role::holder_text(of), after]),
        };
        let list = List {
            statement,
            params,
            decode: role::read,
        };
        self.page(list, page, |row| row.id.to_string())
    }
}
