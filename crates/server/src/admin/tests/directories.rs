//! Organizations, domains, users and groups.

use serde_json::{Value, json};

use super::installation::{Installation, acme};

#[tokio::test]
async fn an_organization_is_made_changed_and_deleted_once_it_is_empty() {
    let carnet = Installation::new().await;
    let owner = carnet.owner().await;
    let made = carnet
        .post(&owner, "organizations", json!({"title": "Beta"}))
        .await
        .expect(201);
    let path = format!("organizations/{}", made["id"].as_str().unwrap());
    let body = json!({"title": "Beta Ltd"});
    let now = carnet
        .ask_if(&owner, ("PATCH", &path), body, Some("\"1\""))
        .await
        .expect(200);
    assert_eq!(now["title"], "Beta Ltd");
    let domains = format!("{path}/domains");
    carnet
        .post(&owner, &domains, json!({"name": "Beta.Example"}))
        .await
        .expect(201);
    carnet
        .ask(&owner, "DELETE", &path, Value::Null)
        .await
        .refused(409, "CRN-6012");
    let domain = format!("{domains}/beta.example");
    assert_eq!(
        carnet
            .ask(&owner, "DELETE", &domain, Value::Null)
            .await
            .status,
        204
    );
    assert_eq!(
        carnet
            .ask(&owner, "DELETE", &path, Value::Null)
            .await
            .status,
        204
    );
    carnet.get(&owner, &path).await.refused(404, "CRN-6004");
}

#[tokio::test]
async fn a_domain_belongs_to_one_organization_and_stays_while_somebody_lives_there() {
    let carnet = Installation::new().await;
    let owner = carnet.owner().await;
    let other = carnet
        .post(&owner, "organizations", json!({"title": "Beta"}))
        .await
        .expect(201);
    let path = format!("organizations/{}/domains", other["id"].as_str().unwrap());
    carnet
        .post(&owner, &path, json!({"name": "acme.example"}))
        .await
        .refused(409, "CRN-6005");
    carnet
        .post(&owner, &path, json!({"name": "localhost"}))
        .await
        .refused(400, "CRN-6007");
    carnet.user("dana@acme.example").await;
    let own = format!("organizations/{}/domains/acme.example", acme());
    carnet
        .ask(&owner, "DELETE", &own, Value::Null)
        .await
        .refused(409, "CRN-6012");
}

#[tokio::test]
async fn a_user_has_an_address_in_a_domain_of_the_organization() {
    let carnet = Installation::new().await;
    let owner = carnet.owner().await;
    let path = format!("organizations/{}/users", acme());
    let body = json!({"email": "dana@other.example"});
    let problem = carnet
        .post(&owner, &path, body)
        .await
        .refused(400, "CRN-6007");
    assert_eq!(problem["errors"][0]["pointer"], "/email");
    let body = json!({"email": "Dana@Acme.Example", "name": "Dana"});
    let made = carnet.post(&owner, &path, body.clone()).await.expect(201);
    assert_eq!(made["email"], "dana@acme.example");
    carnet
        .post(&owner, &path, body)
        .await
        .refused(409, "CRN-6005");
    let one = format!("{path}/dana@acme.example");
    let change = json!({"email": "dana@elsewhere.example"});
    carnet
        .ask_if(&owner, ("PATCH", &one), change, Some("*"))
        .await
        .refused(400, "CRN-6007");
    let change = json!({"email": "dana.kim@acme.example"});
    carnet
        .ask_if(&owner, ("PATCH", &one), change, Some("\"1\""))
        .await
        .expect(200);
    carnet.get(&owner, &one).await.refused(404, "CRN-6004");
    let one = format!("{path}/{}", made["id"].as_str().unwrap());
    let reason = json!({"reason": "left"});
    let now = carnet
        .post(&owner, &format!("{one}:suspend"), reason)
        .await
        .expect(200);
    assert_eq!(
        (&now["state"]["state"], &now["state"]["reason"]),
        (&json!("suspended"), &json!("left"))
    );
    let now = carnet
        .post(&owner, &format!("{one}:restore"), Value::Null)
        .await
        .expect(200);
    assert_eq!(now["state"], json!({"state": "active"}));
    assert_eq!(
        carnet.ask(&owner, "DELETE", &one, Value::Null).await.status,
        204
    );
}

#[tokio::test]
async fn a_group_has_members_of_its_own_organization() {
    let carnet = Installation::new().await;
    let owner = carnet.owner().await;
    let dana = carnet.user("dana@acme.example").await;
    let path = format!("organizations/{}/groups", acme());
    let body = json!({"email": "sales@acme.example", "title": "Sales"});
    let group = carnet.post(&owner, &path, body.clone()).await.expect(201);
    carnet
        .post(&owner, &path, body)
        .await
        .refused(409, "CRN-6005");
    for name in [group["id"].as_str().unwrap(), "sales@acme.example"] {
        assert_eq!(
            carnet
                .get(&owner, &format!("{path}/{name}"))
                .await
                .expect(200),
            group
        );
    }
    let members = format!("{path}/sales@acme.example/members");
    carnet
        .post(&owner, &members, json!({"user": "x@acme.example"}))
        .await
        .refused(400, "CRN-6007");
    let member = carnet
        .post(&owner, &members, json!({"user": dana.email.as_str()}))
        .await
        .expect(201);
    assert_eq!(member["user"], dana.id.as_str());
    carnet
        .post(&owner, &members, json!({"user": dana.id.as_str()}))
        .await
        .refused(409, "CRN-6005");
    let list = carnet.get(&owner, &members).await.expect(200);
    assert_eq!(list["items"], json!([member]));
    let one = format!("{members}/{}", dana.email);
    assert_eq!(
        carnet.ask(&owner, "DELETE", &one, Value::Null).await.status,
        204
    );
    carnet
        .ask(&owner, "DELETE", &one, Value::Null)
        .await
        .refused(404, "CRN-6004");
}

#[tokio::test]
async fn a_thing_of_one_organization_is_not_found_under_another() {
    let carnet = Installation::new().await;
    let owner = carnet.owner().await;
    let dana = carnet.user("dana@acme.example").await;
    let other = carnet
        .post(&owner, "organizations", json!({"title": "Beta"}))
        .await
        .expect(201);
    let path = format!(
        "organizations/{}/users/{}",
        other["id"].as_str().unwrap(),
        dana.id
    );
    carnet.get(&owner, &path).await.refused(404, "CRN-6004");
    carnet
        .post(&owner, &format!("{path}:suspend"), Value::Null)
        .await
        .refused(404, "CRN-6004");
    carnet
        .ask(&owner, "DELETE", &path, Value::Null)
        .await
        .refused(404, "CRN-6004");
}
