//! A command at work on the server's records: what listing, showing, changing and taking away have
//! in common for every noun.

use serde_json::Value;

use crate::admin::{Admin, Request};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::global::Global;
use crate::output::{Column, Output};
use crate::prompt;

/// A command at work.
pub(crate) struct Work<'a> {
    /// The server.
    pub(crate) admin: Admin,
    /// What every command takes.
    pub(crate) global: &'a Global,
    /// Where it prints.
    pub(crate) output: &'a Output,
    /// What is printed of the noun's records; the first is the name.
    columns: &'static [Column],
}

impl<'a> Work<'a> {
    /// Begins.
    pub(crate) fn begin(
        global: &'a Global,
        output: &'a Output,
        columns: &'static [Column],
    ) -> Result<Self, Failure> {
        Ok(Self {
            admin: Admin::connect(global)?,
            global,
            output,
            columns,
        })
    }

    /// Lists.
    pub(crate) async fn list(&self, request: Request, most: usize) -> Result<Exit, Failure> {
        let items = self.admin.list(request, most).await?;
        self.output.list(&items, self.columns)?;
        if items.is_empty() && self.output.is_for_people() {
            self.output.note("There are none.");
        }
        Ok(Exit::Success)
    }

    /// Shows one.
    pub(crate) async fn show(&self, path: String) -> Result<Exit, Failure> {
        self.output
            .one(&self.admin.get(path).await?, self.columns)?;
        Ok(Exit::Success)
    }

    /// Makes, or does something; then says how the record is now.
    pub(crate) async fn act(&self, request: Request, how: &str) -> Result<Exit, Failure> {
        let changed = self.admin.change(request).await?;
        self.said(changed, how)
    }

    /// Changes what others may change too.
    pub(crate) async fn patch(&self, path: String, body: Value) -> Result<Exit, Failure> {
        if body.as_object().is_some_and(serde_json::Map::is_empty) {
            return Err(Failure::usage("nothing to change was given"));
        }
        let changed = self.admin.patch(path, body).await?;
        self.said(changed, "changed")
    }

    /// Does something that a person must have meant: tells the effect and asks first.
    pub(crate) async fn act_after_asking(
        &self,
        request: Request,
        (effect, name): (&str, &str),
        how: &str,
    ) -> Result<Exit, Failure> {
        prompt::confirm(effect, name, self.global)?;
        self.act(request, how).await
    }

    /// Takes something away, after telling the effect and asking.
    pub(crate) async fn remove(
        &self,
        path: String,
        (effect, name): (&str, &str),
    ) -> Result<Exit, Failure> {
        prompt::confirm(effect, name, self.global)?;
        if self.admin.change(Request::delete(path)).await?.is_some() {
            self.output.note(format!("ok {name} is deleted."));
        }
        Ok(Exit::Success)
    }

    /// Prints the record for programs, and a sentence for people.
    pub(crate) fn said(&self, changed: Option<Value>, how: &str) -> Result<Exit, Failure> {
        let Some(changed) = changed else {
            return Ok(Exit::Success);
        };
        if !self.output.is_for_people() {
            self.output.one(&changed, self.columns)?;
        }
        let name = self.columns.first().map(|column| column.plain(&changed));
        self.output
            .note(format!("ok {} is {how}.", name.unwrap_or_default()));
        Ok(Exit::Success)
    }

    /// Prints a record.
    pub(crate) fn print(&self, record: &Value) -> Result<Exit, Failure> {
        self.output.one(record, self.columns)?;
        Ok(Exit::Success)
    }
}
