"""External accounts: google-auth exchanges a token of an issuer elsewhere (google-wire 6, P10), and becomes a
service account with it (P11). The issuer is issuer.py: it is asked for its keys on this machine."""

import json
import secrets
import time

import google.auth
import google.auth.transport.requests
import jwt
import pytest
import requests
from google.auth import exceptions, identity_pool

from issuer import Issuer

JWT_TYPE = "urn:ietf:params:oauth:token-type:jwt"


@pytest.fixture(scope="module")
def issuer():
    issuer = Issuer()
    yield issuer
    issuer.server.shutdown()


@pytest.fixture(scope="module")
def number(ready) -> str:
    answer = requests.get(
        f"{ready.issuer}/admin/v1/projects/{ready.project}",
        headers={"Authorization": f"Bearer {ready.admin_token}"},
        timeout=30,
    )
    assert answer.ok, answer.text
    return answer.json()["number"]


@pytest.fixture(scope="module")
def pool(ready, make) -> str:
    return make(f"projects/{ready.project}/workload-pools", {"id": f"ci-{secrets.token_hex(4)}"})["id"]


@pytest.fixture(scope="module")
def audience(ready, make, issuer, pool, number) -> str:
    """A provider that finds the keys by discovery. Its name."""
    body = {
        "id": "main",
        "oidc": {"issuer": issuer.url},
        "attribute_mapping": {"google.subject": "assertion.sub", "attribute.ref": "assertion.ref"},
        "attribute_condition": "assertion.ref == 'refs/heads/main'",
    }
    make(f"projects/{ready.project}/workload-pools/{pool}/providers", body)
    return f"//iam.googleapis.com/projects/{number}/locations/global/workloadIdentityPools/{pool}/providers/main"


@pytest.fixture
def written(ready, audience, tmp_path):
    """Writes a credential file, as `gcloud iam workload-identity-pools create-cred-config` does."""

    def write(token: str, kind: str = "text", **more) -> str:
        source = tmp_path / "token"
        source.write_text(token + "\n" if kind == "text" else json.dumps({"id_token": token}))
        wanted = {"type": kind} | ({"subject_token_field_name": "id_token"} if kind == "json" else {})
        info = {
            "type": "external_account",
            "universe_domain": "googleapis.com",
            "audience": audience,
            "subject_token_type": JWT_TYPE,
            "token_url": f"{ready.issuer}/v1/token",
            "credential_source": {"file": str(source), "format": wanted},
        } | more
        path = tmp_path / "credentials.json"
        path.write_text(json.dumps(info))
        return str(path)

    return write


def test_google_wire_12_p10_a_file_of_a_job_is_exchanged(ready, issuer, audience, written):
    for kind in ("text", "json"):
        path = written(issuer.sign(audience, ref="refs/heads/main"), kind)
        credentials = identity_pool.Credentials.from_file(path, scopes=[ready.read])
        credentials.refresh(google.auth.transport.requests.Request())
        claims = jwt.decode(credentials.token, options={"verify_signature": False})
        assert claims["sub"] == f"principal:{audience.split('/providers/')[0]}/subject/job-7"
        assert claims["client_id"] == audience.removeprefix("//iam.googleapis.com/")
        assert claims["federated"] == {"attributes": {"ref": "refs/heads/main"}}
        assert 0 < credentials.expiry.timestamp() - time.time() <= 3600


def test_google_wire_12_p10_the_default_credentials_are_found_and_open_an_api(
    ready, issuer, audience, written, monkeypatch
):
    path = written(issuer.sign(audience, ref="refs/heads/main"))
    monkeypatch.setenv("GOOGLE_APPLICATION_CREDENTIALS", path)
    monkeypatch.setenv("GOOGLE_CLOUD_PROJECT", ready.project)
    credentials, project = google.auth.default(scopes=[ready.read])
    assert project == ready.project
    session = google.auth.transport.requests.AuthorizedSession(credentials)
    answer = session.get(ready.invoices, timeout=30)
    assert answer.status_code == 200, answer.text


def test_google_wire_6_1_what_is_refused_is_told_as_google_tells_it(ready, issuer, audience, written):
    cases = [
        (issuer.sign(audience, ref="refs/heads/x"), "unauthorized_client", "rejected by the attribute condition"),
        (issuer.sign("https://other.example"), "invalid_grant", "does not match the expected audience"),
        (issuer.sign(audience, exp=int(time.time()) - 5), "invalid_grant", "is stale to sign-in"),
        ("nonsense", "invalid_grant", "CRN-2510"),
    ]
    for token, code, text in cases:
        credentials = identity_pool.Credentials.from_file(written(token), scopes=[ready.read])
        with pytest.raises(exceptions.OAuthError) as refused:
            credentials.refresh(google.auth.transport.requests.Request())
        assert f"Error code {code}: " in str(refused.value) and text in str(refused.value)
    gone = written("x", audience=audience.replace("/main", "/none"))
    credentials = identity_pool.Credentials.from_file(gone, scopes=[ready.read])
    with pytest.raises(exceptions.OAuthError, match="invalid_target"):
        credentials.refresh(google.auth.transport.requests.Request())


def test_google_wire_12_p11_a_job_becomes_the_service_account_that_it_is_bound_on(
    ready, admin, make, issuer, audience, written
):
    account = admin.account("deployer")["client_email"]
    path = written(
        issuer.sign(audience, ref="refs/heads/main"),
        service_account_impersonation_url=(
            f"{ready.issuer}/v1/projects/-/serviceAccounts/{account}:generateAccessToken"
        ),
        service_account_impersonation={"token_lifetime_seconds": 1200},
    )
    credentials = identity_pool.Credentials.from_file(path, scopes=[ready.read])
    request = google.auth.transport.requests.Request()
    with pytest.raises(exceptions.RefreshError):
        credentials.refresh(request)  # nobody is bound yet

    pool = audience.removeprefix("//").split("/providers/")[0]
    binding = {
        "role": "roles/iam.workloadIdentityUser",
        "member": f"principalSet://{pool}/attribute.ref/refs/heads/main",
    }
    make(f"projects/{ready.project}/service-accounts/{account}/policy:add", binding)
    credentials.refresh(request)
    claims = jwt.decode(credentials.token, options={"verify_signature": False})
    assert claims["email"] == account
    assert claims["act"]["sub"] == f"principal://{pool}/subject/job-7"
    left = credentials.expiry.timestamp() - time.time()
    assert 1100 < left <= 1200
    session = google.auth.transport.requests.AuthorizedSession(credentials)
    assert session.get(ready.invoices, timeout=30).status_code == 200


def test_P10_a_person_of_a_workforce_becomes_the_service_account(ready, admin, make, issuer, written):
    """Pools of an organization: the file says for which project the person works, and so does the library."""
    of = f"organizations/{ready.organization_id}/workforce-pools"
    pool = make(of, {"id": f"staff-{secrets.token_hex(4)}"})["id"]
    name = f"iam.googleapis.com/locations/global/workforcePools/{pool}"
    audience = f"//{name}/providers/corp"
    make(f"{of}/{pool}/providers", {
        "id": "corp",
        "oidc": {"issuer": issuer.url, "allowed_audiences": ["staff"]},
        "attribute_mapping": {"google.subject": "assertion.sub", "google.groups": "assertion.groups"},
    })
    person = issuer.sign("staff", sub="dana", groups=["finance"])
    request = google.auth.transport.requests.Request()

    path = written(person, audience=audience, workforce_pool_user_project=ready.project)
    credentials = identity_pool.Credentials.from_file(path, scopes=[ready.read])
    credentials.refresh(request)
    told = jwt.decode(credentials.token, options={"verify_signature": False})
    assert told["sub"] == f"principal://{name}/subject/dana"
    assert told["federated"] == {"groups": ["finance"]}

    account = admin.account("payroll")["client_email"]
    binding = {"role": "roles/iam.workloadIdentityUser", "member": f"principalSet://{name}/group/finance"}
    make(f"projects/{ready.project}/service-accounts/{account}/policy:add", binding)
    impersonation = f"{ready.issuer}/v1/projects/-/serviceAccounts/{account}:generateAccessToken"
    path = written(person, audience=audience, workforce_pool_user_project=ready.project,
                   service_account_impersonation_url=impersonation)
    credentials = identity_pool.Credentials.from_file(path, scopes=[ready.read])
    credentials.refresh(request)
    assert jwt.decode(credentials.token, options={"verify_signature": False})["email"] == account
