//! The directory.

use carnet_core::record::Group;
use carnet_core::record::Membership;
use carnet_core::record::User;
use carnet_core::store::Listing;
use carnet_core::store::Page;
use carnet_core::store::People;
use carnet_core::store::Reading;
use carnet_core::value::Email;
use carnet_core::value::GroupId;
use carnet_core::value::OrganizationId;
use carnet_core::value::UserId;

use crate::engine::Engine;
use crate::port::List;
use crate::port::Sql;
use crate::port::after_id;
use crate::port::after_text;
use crate::statement::Question;
use crate::statement::Size;
use crate::statement::params;
use crate::statements::group;
use crate::statements::user;

impl<E: Engine> People for Sql<E> {
    fn user<'a>(&'a self, id: &'a UserId) -> Reading<'a, Option<User>> {
        self.one(&user::BY_ID, params![id], user::read)
    }

    fn user_by_email<'a>(&'a self, email: &'a Email) -> Reading<'a, Option<User>> {
        self.one(&user::BY_EMAIL, params![email], user::read)
    }

    fn users<'a>(&'a self, of: OrganizationId, page: &'a Page) -> Reading<'a, Listing<User>> {
        let list = List {
            statement: &user::PAGE,
            params: params![of, after_text(page)],
            decode: user::read,
        };
        self.page(list, page, |row| row.email.to_string())
    }

    fn group(&self, id: GroupId) -> Reading<'_, Option<Group>> {
        self.one(&group::BY_ID, params![id], group::read)
    }

    fn group_by_email<'a>(&'a self, email: &'a Email) -> Reading<'a, Option<Group>> {
        self.one(&group::BY_EMAIL, params![email], group::read)
    }

    fn groups<'a>(&'a self, of: OrganizationId, page: &'a Page) -> Reading<'a, Listing<Group>> {
        let list = List {
            statement: &group::PAGE,
            params: params![of, after_id::<GroupId>(page)],
            decode: group::read,
        };
        self.page(list, page, |row| row.id.to_string())
    }

    fn members<'a>(&'a self, of: GroupId, page: &'a Page) -> Reading<'a, Listing<Membership>> {
        let list = List {
            statement: &group::MEMBERS,
            params: params![of, after_text(page)],
            decode: group::read_member,
        };
        self.page(list, page, |row| row.user.to_string())
    }

    fn groups_of<'a>(&'a self, user: &'a UserId) -> Reading<'a, Vec<GroupId>> {
        let params = params![user, i64::from(Page::MOST)];
        let question = Question {
            statement: &group::GROUPS_OF,
            params,
            size: Size::List,
        };
        self.all(question, group::read_group_of)
    }
}
