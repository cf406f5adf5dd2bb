//! Whether a delegation covers a user and scopes, from the server's records: what `sa check` and
//! `delegation check` tell. The token endpoint decides by the same records.

use serde_json::Value;

use crate::admin::{Admin, MOST, Request, path};
use crate::checklist::Check;
use crate::exit::Exit;
use crate::failure::Failure;

/// The checks for one account, user and set of scopes.
pub(crate) async fn checks(
    account: &Value,
    user: &str,
    scopes: &[String],
    admin: &Admin,
) -> Result<Vec<Check>, Failure> {
    let client = text(account, "/unique_id");
    let organization = admin.organization().await?;
    let person = match person(&organization, user, admin).await? {
        Ok(person) => person,
        Err(check) => return Ok(vec![check]),
    };
    let mut found = vec![match text(&person, "/state/state") {
        "active" => Check::pass("user", format!("{user} is active")),
        state => Check::fail("user", format!("{user} is {state}"))
            .fix(format!("carnet user restore {user}")),
    }];
    let of = path(&["organizations", &organization, "delegations"]);
    let mut delegations = admin.list(Request::get(of), MOST).await?;
    delegations.retain(|item| text(item, "/client_id") == client);
    let groups = groups(&organization, &person, &delegations, admin).await?;
    found.extend(judge(
        (client, user),
        scopes,
        &delegations,
        &(person, groups),
    ));
    Ok(found)
}

fn text<'v>(value: &'v Value, pointer: &str) -> &'v str {
    value
        .pointer(pointer)
        .and_then(Value::as_str)
        .unwrap_or_default()
}

async fn person(
    organization: &str,
    user: &str,
    admin: &Admin,
) -> Result<Result<Value, Check>, Failure> {
    match admin
        .get(path(&["organizations", organization, "users", user]))
        .await
    {
        Ok(person) => Ok(Ok(person)),
        Err(failure) if failure.exit() == Exit::NotFound => Ok(Err(Check::fail(
            "user",
            format!("{user} is not a user of the organization"),
        )
        .fix("carnet user list"))),
        Err(failure) => Err(failure),
    }
}

/// Those of the groups in the delegations of which the person is a member.
async fn groups(
    organization: &str,
    person: &Value,
    delegations: &[Value],
    admin: &Admin,
) -> Result<Vec<String>, Failure> {
    let mut named: Vec<&str> = delegations
        .iter()
        .flat_map(|item| list(item, "/whom/groups"))
        .collect();
    named.sort_unstable();
    named.dedup();
    let mut of = Vec::new();
    for group in named {
        let members = path(&["organizations", organization, "groups", group, "members"]);
        let members = admin.list(Request::get(members), MOST).await?;
        let is_member = |member: &Value| {
            let id = member.get("user").or_else(|| member.get("id"));
            id.and_then(Value::as_str) == Some(text(person, "/id"))
        };
        if members.iter().any(is_member) {
            of.push(group.to_owned());
        }
    }
    Ok(of)
}

fn list<'v>(value: &'v Value, pointer: &str) -> impl Iterator<Item = &'v str> {
    let items = value.pointer(pointer).and_then(Value::as_array);
    items.into_iter().flatten().filter_map(Value::as_str)
}

fn judge(
    (client, user): (&str, &str),
    scopes: &[String],
    delegations: &[Value],
    (person, groups): &(Value, Vec<String>),
) -> Vec<Check> {
    let create =
        |scopes: &str| format!("carnet delegation create {client} --user {user} --scope {scopes}");
    let wanted = scopes.join(",");
    if delegations.is_empty() {
        let found = format!("client ID {client} has none in this organization");
        return vec![
            Check::fail("delegation", found).fix(create(if wanted.is_empty() {
                "SCOPE"
            } else {
                &wanted
            })),
        ];
    }
    let covers = |item: &&Value| {
        item.pointer("/whom/everyone") == Some(&Value::Bool(true))
            || list(item, "/whom/users").any(|id| id == text(person, "/id"))
            || list(item, "/whom/groups").any(|id| groups.iter().any(|group| group == id))
    };
    let covering: Vec<&Value> = delegations.iter().filter(covers).collect();
    let active: Vec<&&Value> = covering
        .iter()
        .filter(|item| text(item, "/state/state") == "active")
        .collect();
    let Some(first) = active.first() else {
        return vec![match covering.first() {
            None => Check::fail(
                "delegation",
                format!("none of {} covers {user}", delegations.len()),
            )
            .fix(create(if wanted.is_empty() { "SCOPE" } else { &wanted })),
            Some(item) => out_of_force(item),
        }];
    };
    let mut checks = vec![Check::pass(
        "delegation",
        format!("{} covers {user}", text(first, "/id")),
    )];
    for scope in scopes {
        let allowed = active
            .iter()
            .any(|item| list(item, "/scopes").any(|one| one == scope));
        checks.push(if allowed {
            Check::pass("scope", format!("{scope} is approved"))
        } else {
            Check::fail("scope", format!("{scope} is not approved")).fix(create(scope))
        });
    }
    checks
}

/// One that would cover, were it in force.
fn out_of_force(delegation: &Value) -> Check {
    let (id, state) = (text(delegation, "/id"), text(delegation, "/state/state"));
    let since = text(delegation, "/state/since");
    let check = Check::fail("delegation", format!("{id} is {state} since {since}"));
    if state == "suspended" {
        check.fix(format!("carnet delegation resume {id}"))
    } else {
        check.fix(format!("carnet delegation update {id} --until 1y"))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::judge;
    use crate::checklist::lines;

    fn delegation(id: &str, state: &str, whom: &Value, scopes: &[&str]) -> Value {
        json!({"id": id, "state": {"state": state, "since": "2026-04-01T00:00:00Z"}, "whom": whom, "scopes": scopes})
    }

    fn told(scopes: &[&str], delegations: &[Value], groups: &[&str]) -> String {
        let scopes: Vec<_> = scopes.iter().map(|scope| (*scope).to_owned()).collect();
        let groups = groups.iter().map(|group| (*group).to_owned()).collect();
        let person = (json!({"id": "dana"}), groups);
        lines(
            &judge(("1", "dana@a.example"), &scopes, delegations, &person),
            false,
        )
    }

    #[test]
    fn google_wire_2_4_a_scope_is_covered_by_any_delegation_in_force() {
        let whom = json!({"everyone": false, "groups": ["sales"], "users": []});
        let both = [
            delegation("A", "active", &whom, &["a"]),
            delegation("B", "active", &json!({"everyone": true}), &["b"]),
        ];
        let text = told(&["a", "b", "c"], &both, &["sales"]);
        assert!(text.contains("PASS  scope       a is approved"), "{text}");
        assert!(text.contains("PASS  scope       b is approved"), "{text}");
        assert!(
            text.contains("FAIL  scope       c is not approved"),
            "{text}"
        );
    }

    #[test]
    fn who_is_outside_its_groups_is_not_covered() {
        let whom = json!({"everyone": false, "groups": ["sales"], "users": ["erin"]});
        let text = told(&["a"], &[delegation("A", "active", &whom, &["a"])], &[]);
        assert!(
            text.starts_with("FAIL  delegation  none of 1 covers dana@a.example"),
            "{text}"
        );
    }

    #[test]
    fn one_that_is_not_in_force_is_named_with_what_to_do() {
        let everyone = json!({"everyone": true});
        let text = told(
            &["a"],
            &[delegation("A", "suspended", &everyone, &["a"])],
            &[],
        );
        assert!(
            text.contains("A is suspended since") && text.contains("carnet delegation resume A"),
            "{text}"
        );
    }
}
