//! Passwords and sessions.

use carnet_core::record::Password;
use carnet_core::record::Session;
use carnet_core::store::Page;
use carnet_core::store::Reading;
use carnet_core::store::Sessions;
use carnet_core::value::SecretDigest;
use carnet_core::value::SessionId;
use carnet_core::value::UserId;

use crate::engine::Engine;
use crate::port::Sql;
use crate::statement::Question;
use crate::statement::Size;
use crate::statement::params;
use crate::statements::password;
use crate::statements::session;

impl<E: Engine> Sessions for Sql<E> {
    fn password<'a>(&'a self, of: &'a UserId) -> Reading<'a, Option<Password>> {
        self.one(&password::OF_USER, params![of], password::read)
    }

    fn session(&self, id: SessionId) -> Reading<'_, Option<Session>> {
        self.one(&session::BY_ID, params![id], session::read)
    }

    fn session_by_digest(&self, digest: SecretDigest) -> Reading<'_, Option<Session>> {
        self.one(&session::BY_DIGEST, params![digest], session::read)
    }

    fn sessions_of<'a>(&'a self, user: &'a UserId) -> Reading<'a, Vec<Session>> {
        let question = Question {
            statement: &session::OF_USER,
            params: params![user, i64::from(Page::MOST)],
            size: Size::List,
        };
        self.all(question, session::read)
    }
}
