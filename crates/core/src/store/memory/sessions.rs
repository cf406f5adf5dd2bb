//! Passwords and sessions in the tables.

use crate::record::Password;
use crate::record::Session;
use crate::record::SessionSeen;
use crate::store::Memory;
use crate::store::Reading;
use crate::store::Sessions;
use crate::store::Why;
use crate::store::memory::Tables;
use crate::store::memory::apply::Applied;
use crate::store::memory::apply::unless;
use crate::store::memory::read::ready;
use crate::value::SecretDigest;
use crate::value::SessionId;
use crate::value::UnixTime;
use crate::value::UserId;

impl Tables {
    pub(super) fn has_session(&self, row: &Session) -> bool {
        let same = |other: &Session| other.digest == row.digest;
        self.sessions.has(&row.id) || self.sessions.rows().any(same)
    }

    pub(super) fn put_session(&mut self, row: &Session) -> Applied {
        unless(!self.users.has(&row.user), Why::Referenced)?;
        let mut held: Vec<_> = self
            .sessions
            .rows()
            .filter(|other| other.user == row.user)
            .map(|other| (other.seen, other.id))
            .collect();
        held.sort_unstable();
        // There is room for one more when so many have gone.
        let most = usize::from(Session::MOST) - 1;
        for (_, id) in held.iter().take(held.len().saturating_sub(most)) {
            self.sessions.take(id);
        }
        self.sessions.put(row.id, row.clone());
        Ok(())
    }

    pub(super) fn see_session(&mut self, seen: &SessionSeen) {
        if let Some(mut row) = self.sessions.find(&seen.session).cloned() {
            row.seen = row.seen.max(seen.at);
            row.idle_ends = row.idle_ends.max(seen.idle_ends);
            self.sessions.put(row.id, row);
        }
    }

    pub(super) fn end_sessions(&mut self, user: &UserId, but: Option<SessionId>) {
        self.sessions
            .take_where(|id, row| row.user == *user && Some(*id) != but);
    }

    pub(super) fn end_sign_ins(&mut self, user: &UserId, since: UnixTime) {
        if let Some(mut row) = self.users.find(user).cloned() {
            row.sign_ins_since = row.sign_ins_since.max(Some(since));
            self.users.put(row.id.clone(), row);
        }
    }

    pub(super) fn forget_sessions(&mut self, now: UnixTime, most: usize) -> usize {
        let gone: Vec<_> = self
            .sessions
            .rows()
            .filter(|row| row.idle_ends <= now)
            .map(|row| row.id)
            .take(most)
            .collect();
        for id in &gone {
            self.sessions.take(id);
        }
        gone.len()
    }
}

impl Sessions for Memory {
    fn password<'a>(&'a self, of: &'a UserId) -> Reading<'a, Option<Password>> {
        ready(self.tables().passwords.find(of).cloned())
    }

    fn session(&self, id: SessionId) -> Reading<'_, Option<Session>> {
        ready(self.tables().sessions.find(&id).cloned())
    }

    fn session_by_digest(&self, digest: SecretDigest) -> Reading<'_, Option<Session>> {
        let tables = self.tables();
        let found = tables.sessions.rows().find(|row| row.digest == digest);
        ready(found.cloned())
    }

    fn sessions_of<'a>(&'a self, user: &'a UserId) -> Reading<'a, Vec<Session>> {
        let tables = self.tables();
        let rows = tables.sessions.rows().filter(|row| row.user == *user);
        ready(rows.cloned().collect())
    }
}
