//! OAuth clients and their secrets.

use carnet_core::record::Client;
use carnet_core::record::ClientSecret;
use carnet_core::record::InitialToken;
use carnet_core::record::RefusedRedirect;
use carnet_core::record::Registration;
use carnet_core::record::SecretUse;
use carnet_core::store::Clients;
use carnet_core::store::Listing;
use carnet_core::store::Page;
use carnet_core::store::Reading;
use carnet_core::value::ClientId;
use carnet_core::value::InitialTokenId;
use carnet_core::value::ProjectId;
use carnet_core::value::SecretDigest;
use carnet_core::value::SecretId;
use carnet_core::value::UnixTime;
use carnet_wire::origin::Origin;

use crate::engine::Engine;
use crate::port::List;
use crate::port::Sql;
use crate::port::after_id;
use crate::port::after_text;
use crate::statement::Question;
use crate::statement::Size;
use crate::statement::params;
use crate::statements::client;
use crate::statements::refused_redirect;
use crate::statements::registration;

impl<E: Engine> Clients for Sql<E> {
    fn client<'a>(&'a self, id: &'a ClientId) -> Reading<'a, Option<Client>> {
        self.one(&client::BY_ID, params![id], client::read)
    }

    fn clients<'a>(&'a self, of: &'a ProjectId, page: &'a Page) -> Reading<'a, Listing<Client>> {
        let list = List {
            statement: &client::PAGE,
            params: params![of, after_text(page)],
            decode: client::read,
        };
        self.page(list, page, |row| row.id.to_string())
    }

    fn is_origin_of_any<'a>(&'a self, origin: &'a Origin) -> Reading<'a, bool> {
        let params = params![origin.as_str()];
        let found = self.one(&client::ORIGIN_KNOWN, params, client::read_origin);
        Box::pin(async move { Ok(found.await?.is_some()) })
    }

    fn refused_redirects<'a>(&'a self, of: &'a ClientId) -> Reading<'a, Vec<RefusedRedirect>> {
        let question = Question {
            statement: &refused_redirect::LIST,
            params: params![of],
            size: Size::Point,
        };
        self.all(question, refused_redirect::read)
    }

    fn unused_clients(&self, changed: UnixTime, most: u16) -> Reading<'_, Vec<Client>> {
        let question = Question {
            statement: &client::UNUSED,
            params: params![changed, i64::from(most)],
            size: Size::List,
        };
        self.all(question, client::read)
    }

    fn initial_token(&self, id: InitialTokenId) -> Reading<'_, Option<InitialToken>> {
        let statement = &registration::TOKEN_BY_ID;
        self.one(statement, params![id], registration::read_token)
    }

    fn initial_token_by_digest(&self, digest: SecretDigest) -> Reading<'_, Option<InitialToken>> {
        let statement = &registration::TOKEN_BY_DIGEST;
        self.one(statement, params![digest], registration::read_token)
    }

    fn initial_tokens<'a>(
        &'a self,
        of: &'a ProjectId,
        page: &'a Page,
    ) -> Reading<'a, Listing<InitialToken>> {
        let list = List {
            statement: &registration::TOKENS,
            params: params![of, after_id::<InitialTokenId>(page)],
            decode: registration::read_token,
        };
        self.page(list, page, |row| row.id.to_string())
    }

    fn registration<'a>(&'a self, of: &'a ClientId) -> Reading<'a, Option<Registration>> {
        self.one(&registration::BY_CLIENT, params![of], registration::read)
    }

    fn registrations(&self) -> Reading<'_, u64> {
        let counted = self.one(&registration::COUNT, params![], registration::read_count);
        Box::pin(async move { Ok(counted.await?.unwrap_or_default()) })
    }

    fn client_secrets<'a>(&'a self, of: &'a ClientId) -> Reading<'a, Vec<ClientSecret>> {
        let question = Question {
            statement: &client::SECRETS,
            params: params![of],
            size: Size::Point,
        };
        self.all(question, client::read_secret)
    }

    fn client_secret(&self, id: SecretId) -> Reading<'_, Option<ClientSecret>> {
        self.one(&client::SECRET_BY_ID, params![id], client::read_secret)
    }

    fn secret_uses<'a>(&'a self, of: &'a ClientId) -> Reading<'a, Vec<SecretUse>> {
        let question = Question {
            statement: &client::USES,
            params: params![of],
            size: Size::Point,
        };
        self.all(question, client::read_use)
    }
}
