//! Names that are given to nobody else, however long ago their bearer went.

use carnet_core::record::Api;
use carnet_core::record::Client;
use carnet_core::record::ClientSource;
use carnet_core::record::Project;
use carnet_core::store::Why;

use super::Steps;
use crate::statement::params;
use crate::statements::api;
use crate::statements::client;
use crate::statements::given_name;
use crate::statements::project;

impl Steps {
    pub(super) fn insert_project(&mut self, row: &Project) {
        self.may(&project::INSERT, project::write(row));
        self.may(&given_name::ONCE, params!["project", &row.id, &row.id]);
    }

    pub(super) fn insert_client(&mut self, row: &Client) {
        self.may(&client::INSERT, client::write(row));
        if row.source != ClientSource::Document {
            let params = params!["client", &row.id, &row.project];
            self.may(&given_name::ONCE, params);
        }
        self.insert_origins(row);
    }

    pub(super) fn insert_api(&mut self, row: &Api) {
        self.may(&api::INSERT, api::write(row));
        let params = params!["api", &row.identifier, &row.project];
        self.must(&given_name::AGAIN, params, Why::Taken);
        self.insert_scopes(row);
    }

    pub(super) fn insert_scopes(&mut self, row: &Api) {
        for (place, scope) in (0..).zip(&row.scopes) {
            self.may(&api::SCOPE_INSERT, api::write_scope(row.id, place, scope));
            let params = params!["scope", scope.name.as_str(), &row.project];
            self.must(&given_name::AGAIN, params, Why::Taken);
        }
    }
}
