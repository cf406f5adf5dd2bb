//! Names that are given to nobody else, however long ago their bearer went (security.md, lesson 29).

use crate::record::Api;
use crate::record::Client;
use crate::record::ClientSource;
use crate::record::Project;
use crate::store::Why;
use crate::store::memory::Tables;
use crate::store::memory::apply::Applied;
use crate::store::memory::apply::unless;
use crate::value::ProjectId;

/// What a name is the name of.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub(super) enum Given {
    /// A project.
    Project,
    /// An app.
    Client,
    /// An API.
    Api,
    /// A scope.
    Scope,
}

impl Tables {
    /// A project's name never comes back.
    pub(super) fn give_project(&mut self, row: &Project) -> Applied {
        self.give_once(Given::Project, row.id.to_string(), &row.id)
    }

    /// Nor does an app's, but for one whose name is the URL of its document.
    pub(super) fn give_client(&mut self, row: &Client) -> Applied {
        if row.source == ClientSource::Document {
            return Ok(());
        }
        self.give_once(Given::Client, row.id.to_string(), &row.project)
    }

    /// The project that had an API or a scope may give its name again.
    pub(super) fn give_api(&mut self, row: &Api) -> Applied {
        self.give_again(Given::Api, row.identifier.to_string(), &row.project)?;
        for scope in &row.scopes {
            self.give_again(Given::Scope, scope.name.to_string(), &row.project)?;
        }
        Ok(())
    }

    fn give_once(&mut self, what: Given, name: String, to: &ProjectId) -> Applied {
        let name = (what, name);
        unless(self.given_names.has(&name), Why::Taken)?;
        self.given_names.put(name, to.clone());
        Ok(())
    }

    fn give_again(&mut self, what: Given, name: String, to: &ProjectId) -> Applied {
        let name = (what, name);
        let others = self.given_names.find(&name).is_some_and(|had| had != to);
        unless(others, Why::Taken)?;
        self.given_names.put(name, to.clone());
        Ok(())
    }
}
