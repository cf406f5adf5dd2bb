//! `carnet app apply`: the apps of a project as a file says them, made or changed until they are so.
//!
//! 1. The file is read whole, and what is wrong with its form is told before anybody is asked ([`mod@file`]).
//! 2. The server judges each app as it would be, and writes nothing (`validate_only`). What it refuses is told
//!    of all apps together, and then nothing is done. What would differ is shown ([`plan`]); `--dry-run` ends here.
//! 3. Apps are made and changed in the order of the file, each only if it still is what was judged (`If-Match`).
//! 4. An app that is made and keeps a secret gets one: printed once, or written to a file of its owner. No
//!    later run prints one.
//! 5. Where something fails half-way, what was done is printed as always, and the failure names what was not.

mod file;
mod plan;
mod results;

use std::path::{Path, PathBuf};

use clap::Args;
use serde_json::Value;

use self::file::{Entry, Source};
use self::plan::{Plan, Step};
use self::results::Results;
use super::{has_secret, one, secret, text, warn};
use crate::admin::{Request, path};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::members::Members;
use crate::sa::key_file;
use crate::work::Work;

/// Apps of a file.
#[derive(Args, Debug)]
pub(crate) struct Apply {
    /// The file, JSON or TOML; - is standard input. One app, a list of apps, or a list named clients.
    /// Members are called as in the admin API and in `carnet app get -o json`; each app has an id.
    file: PathBuf,
    /// Write the secret of each app that is made to `CLIENT_ID.secret` in this folder (mode 0600, never over a
    /// file that is there) instead of printing it.
    #[arg(long, value_name = "FOLDER")]
    secrets: Option<PathBuf>,
}

/// Does it.
pub(super) async fn run(asked: &Apply, work: &Work<'_>) -> Result<Exit, Failure> {
    let source = Source::read(&asked.file)?;
    let project = project(&source, work)?;
    let mut plans = Vec::new();
    let mut failed: Option<Failure> = None;
    for entry in source.entries {
        match planned(entry, &project, asked, work).await {
            Ok(plan) => plans.push(plan),
            // Without a server, or a way in, there is nothing more to learn.
            Err(failure) if matches!(failure.exit(), Exit::NotReachable | Exit::SignIn) => {
                return Err(failure);
            }
            Err(failure) => {
                failed = Some(match failed.take() {
                    None => failure,
                    Some(first) => first.and(failure),
                });
            }
        }
    }
    if let Some(failure) = failed {
        return Err(failure.also("nothing was made or changed"));
    }
    for plan in &plans {
        for line in plan.lines() {
            work.output.note(line);
        }
    }
    let mut results = Results::default();
    if work.global.dry_run {
        for plan in &plans {
            results.planned(plan);
        }
        results.print(work)?;
        work.output.note("dry run: nothing was made or changed.");
        return Ok(Exit::Success);
    }
    let done = apply(&plans, &project, asked, (work, &mut results)).await;
    // Secrets among them are had at no other time, so they are printed whatever happened.
    results.print(work)?;
    done?;
    work.output.note(format!("ok {}", results.sum()));
    Ok(Exit::Success)
}

/// The project of the file, where it names one, and else that of the command.
fn project(source: &Source, work: &Work<'_>) -> Result<String, Failure> {
    let asked = work.global.project.as_deref();
    match (&source.project, asked.filter(|asked| !asked.is_empty())) {
        (Some(said), Some(asked)) if said != asked => Err(Failure::usage(format!(
            "the file is of the project {said}, and the command of {asked}"
        ))
        .why("apps do not move from one project to another")
        .fix("take project out of the file, or leave --project out")),
        (Some(said), _) => Ok(said.clone()),
        (None, _) => work.admin.project().map(str::to_owned),
    }
}

/// What is to be done for one app, as the server judges it.
async fn planned(
    entry: Entry,
    project: &str,
    asked: &Apply,
    work: &Work<'_>,
) -> Result<Plan, Failure> {
    let place = entry.place.clone();
    let plan = judged(entry, project, work).await;
    let plan = plan.map_err(|failure| failure.of_whom(&place))?;
    if let (Step::Make, Some(folder)) = (&plan.step, &asked.secrets)
        && has_secret(&plan.after)
    {
        key_file::is_free(&written(folder, &plan.id))?;
    }
    Ok(plan)
}

async fn judged(entry: Entry, project: &str, work: &Work<'_>) -> Result<Plan, Failure> {
    let judge = |request: Request| request.with("validate_only", "true");
    let before = match work.admin.get(one(&entry.id)).await {
        Ok(before) => before,
        Err(failure) if failure.exit() == Exit::NotFound => {
            let request = Request::post(of(project)).json(entry.to_make());
            let after = work.admin.send(judge(request)).await?;
            return Ok(Plan::make(entry, after));
        }
        Err(failure) => return Err(failure),
    };
    entry.fits(&before, project)?;
    let request = Request::patch(one(&entry.id), &before).json(entry.to_change());
    let after = work.admin.send(judge(request)).await?;
    Ok(Plan::change(entry, before, after))
}

/// Does what is planned, one after the other.
async fn apply(
    plans: &[Plan],
    project: &str,
    asked: &Apply,
    (work, results): (&Work<'_>, &mut Results),
) -> Result<(), Failure> {
    for (place, plan) in plans.iter().enumerate() {
        let done = match &plan.step {
            Step::Nothing => {
                results.done(plan, "unchanged");
                Ok(())
            }
            Step::Make => make(plan, project, asked, (work, results)).await,
            Step::Change => change(plan, work, results).await,
        };
        if let Err(failure) = done {
            let left: Vec<&str> = plans.iter().skip(place + 1).map(|plan| &*plan.id).collect();
            let failure = failure
                .of_whom(&plan.id)
                .also(format!("before it: {}", results.sum()));
            return Err(match left.as_slice() {
                [] => failure,
                left => failure.also(format!("not looked at any more: {}", left.join(", "))),
            });
        }
    }
    Ok(())
}

async fn change(plan: &Plan, work: &Work<'_>, results: &mut Results) -> Result<(), Failure> {
    let request = Request::patch(one(&plan.id), &plan.before).json(plan.body.clone());
    work.admin.send(request).await?;
    results.done(plan, "changed");
    warn(&plan.id, &plan.body, work);
    Ok(())
}

async fn make(
    plan: &Plan,
    project: &str,
    asked: &Apply,
    (work, results): (&Work<'_>, &mut Results),
) -> Result<(), Failure> {
    let request = Request::post(of(project)).json(plan.body.clone());
    let made = work.admin.send(request).await?;
    results.done(plan, "made");
    warn(&plan.id, &plan.body, work);
    if !has_secret(&made) {
        return Ok(());
    }
    let lost = |failure: Failure| {
        failure
            .also("the app is made, and a secret that it can use is not here")
            .fix(format!(
                "carnet app secret list {0}, and carnet app secret create {0}",
                plan.id
            ))
    };
    let made = secret::made(&plan.id, Members::default(), work).await;
    let made = made.map_err(lost)?.unwrap_or_default();
    let value = text(&made, "/client_secret");
    match &asked.secrets {
        None => results.secret(value),
        Some(folder) => {
            let file = written(folder, &plan.id);
            key_file::write(&file, format!("{value}\n").as_bytes()).map_err(lost)?;
            let file = file.display().to_string();
            work.output.note(format!(
                "ok Secret of {} written to {file} (mode 0600). This is the only copy.",
                plan.id
            ));
            results.file(&file);
        }
    }
    Ok(())
}

/// Where the secret of an app is written. The server has judged the id: it names no other folder.
fn written(folder: &Path, id: &str) -> PathBuf {
    folder.join(format!("{id}.secret"))
}

/// Where the admin API has the apps of a project.
fn of(project: &str) -> String {
    path(&["projects", project, "clients"])
}

/// What stands under a name, where it is a text.
fn named<'a>(value: &'a Value, name: &str) -> Option<&'a str> {
    value.get(name).and_then(Value::as_str)
}
