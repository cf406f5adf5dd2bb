"""P18: Google's own client of IAM administers accounts and keys, pools and providers. It is built from the document that
comes with it, from ours, and from ours at Google's own address (google-wire 5.3, 10.1)."""

import base64
import json
import os
import secrets
import subprocess
import sys
import time

import jwt
import pytest
import requests
from cryptography.hazmat.primitives.asymmetric import ec
from google.auth import identity_pool
from google.auth.transport.requests import Request
from google.oauth2 import service_account
from googleapiclient import discovery
from googleapiclient.errors import HttpError

CLOUD = "https://www.googleapis.com/auth/cloud-platform"
JWT_TYPE = "urn:ietf:params:oauth:token-type:jwt"


@pytest.fixture(scope="module")
def owner(ready):
    """The owner of the sandbox."""
    account = next(a for a in ready.accounts if a["email"].startswith("admin@"))
    return service_account.Credentials.from_service_account_file(account["key_file"], scopes=[CLOUD])


@pytest.fixture(scope="module", params=["bundled", "ours"])
def iam(request, ready, owner):
    if request.param == "ours":
        documents = ready.issuer + "/discovery/v1/apis/{api}/{apiVersion}/rest"
        return discovery.build("iam", "v1", credentials=owner, discoveryServiceUrl=documents)
    where = {"api_endpoint": ready.issuer + "/"}
    return discovery.build("iam", "v1", credentials=owner, client_options=where)


@pytest.fixture(scope="module")
def accounts(iam):
    return iam.projects().serviceAccounts()


@pytest.fixture(scope="module")
def pools(iam):
    return iam.projects().locations().workloadIdentityPools()


@pytest.fixture
def robot(ready, accounts):
    body = {"accountId": "robot-" + secrets.token_hex(4), "serviceAccount": {"displayName": "Robot"}}
    return accounts.create(name="projects/" + ready.project, body=body).execute()


@pytest.fixture
def pool(ready, pools):
    parent = f"projects/{ready.project}/locations/global"
    pool_id = "pool-" + secrets.token_hex(4)
    body = {"displayName": "CI", "description": "Jobs"}
    made = pools.create(parent=parent, workloadIdentityPoolId=pool_id, body=body).execute()
    assert made["done"] is True
    assert pools.operations().get(name=made["name"]).execute() == made
    return made["response"]["name"]


def all_of(listing, asked, member):
    """Every page of a list."""
    found = []
    while asked is not None:
        page = asked.execute()
        found += page.get(member, [])
        asked = listing.list_next(asked, page)
    return found


def refused(request) -> HttpError:
    with pytest.raises(HttpError) as caught:
        request.execute()
    return caught.value


def test_P18_an_account_is_made_and_found_in_the_list(ready, accounts, robot):
    asked = accounts.list(name="projects/" + ready.project, pageSize=1)
    found = [account["email"] for account in all_of(accounts, asked, "accounts")]
    assert robot["email"] in found
    assert len(found) == len(set(found))


def test_P18_the_key_that_was_made_loads_and_gets_a_token(ready, accounts, robot):
    key = accounts.keys().create(name=robot["name"], body={}).execute()
    file = json.loads(base64.b64decode(key["privateKeyData"]))
    assert file["client_id"] == robot["uniqueId"]
    credentials = service_account.Credentials.from_service_account_info(file, scopes=[ready.read])
    credentials.refresh(Request())
    assert credentials.token

    listed = accounts.keys().list(name=robot["name"], keyTypes=["USER_MANAGED"]).execute()
    assert [one["name"] for one in listed["keys"]] == [key["name"]]
    accounts.keys().delete(name=key["name"]).execute()
    assert accounts.keys().list(name=robot["name"], keyTypes=["USER_MANAGED"]).execute() == {}


def test_P18_a_patch_leaves_what_the_mask_does_not_name(accounts, robot):
    body = {"serviceAccount": {"displayName": "ignored", "description": "For tests"}, "updateMask": "description"}
    patched = accounts.patch(name=robot["name"], body=body).execute()
    assert (patched["displayName"], patched["description"]) == ("Robot", "For tests")


def test_P18_an_error_says_why(ready, accounts, robot):
    body = {"accountId": robot["email"].split("@")[0]}
    no = refused(accounts.create(name="projects/" + ready.project, body=body))
    assert no.status_code == 409
    assert "already exists within project" in no.reason
    unknown = "projects/-/serviceAccounts/nobody@nowhere.iam.gserviceaccount.com"
    assert refused(accounts.get(name=unknown)).status_code == 403


def test_P18_a_policy_is_read_changed_and_written(ready, accounts, robot):
    policy = accounts.getIamPolicy(resource=robot["name"], options_requestedPolicyVersion=3).execute()
    member = "serviceAccount:" + ready.ci["email"]
    policy["bindings"] = [{"role": "roles/iam.serviceAccountTokenCreator", "members": [member]}]
    written = accounts.setIamPolicy(resource=robot["name"], body={"policy": policy}).execute()
    assert written["bindings"] == policy["bindings"]
    stale = refused(accounts.setIamPolicy(resource=robot["name"], body={"policy": policy}))
    assert stale.status_code == 409


def test_P18_disabling_stops_and_enabling_brings_back(accounts, robot):
    accounts.disable(name=robot["name"], body={}).execute()
    assert accounts.get(name=robot["name"]).execute()["disabled"] is True
    accounts.enable(name=robot["name"], body={}).execute()
    assert "disabled" not in accounts.get(name=robot["name"]).execute()
    accounts.delete(name=robot["name"]).execute()
    name = "projects/-/serviceAccounts/" + robot["uniqueId"]
    assert accounts.undelete(name=name, body={}).execute()["restoredAccount"]["email"] == robot["email"]


def test_P18_a_pool_is_patched_deleted_and_brought_back(ready, pools, pool):
    done = pools.patch(name=pool, updateMask="description", body={"displayName": "no", "description": "Builds"}).execute()
    assert (done["response"]["displayName"], done["response"]["description"]) == ("CI", "Builds")
    parent = f"projects/{ready.project}/locations/global"

    def names(**asked):
        listed = pools.list(parent=parent, pageSize=1, **asked)
        return [one["name"] for one in all_of(pools, listed, "workloadIdentityPools")]

    assert pool in names()
    assert pools.delete(name=pool).execute()["response"]["state"] == "DELETED"
    assert pool not in names()
    assert pool in names(showDeleted=True)
    assert refused(pools.delete(name=pool)).status_code == 400
    assert pools.undelete(name=pool, body={}).execute()["response"]["state"] == "ACTIVE"
    assert pools.get(name=pool).execute()["description"] == "Builds"


def test_P18_a_provider_that_was_made_lets_a_job_in(ready, pools, pool, tmp_path):
    key = ec.generate_private_key(ec.SECP256R1())
    public = json.loads(jwt.algorithms.ECAlgorithm.to_jwk(key.public_key())) | {"kid": "one", "alg": "ES256"}
    issuer = "https://ci.example"
    body = {
        "oidc": {"issuerUri": issuer, "jwksJson": json.dumps({"keys": [public]})},
        "attributeMapping": {"google.subject": "assertion.sub"},
        "attributeCondition": "assertion.branch == 'main'",
    }
    providers = pools.providers()
    made = providers.create(parent=pool, workloadIdentityPoolProviderId="main", body=body).execute()
    assert made["done"] is True
    provider = made["response"]["name"]
    assert providers.operations().get(name=made["name"]).execute() == made
    shown = providers.get(name=provider).execute()
    assert shown["attributeMapping"] == body["attributeMapping"]
    assert shown["oidc"]["issuerUri"] == issuer
    assert all_of(providers, providers.list(parent=pool), "workloadIdentityPoolProviders") == [shown]

    audience = "//iam.googleapis.com/" + provider
    now = int(time.time())
    claims = {"iss": issuer, "sub": "job-7", "aud": audience, "branch": "main", "iat": now, "exp": now + 600}
    file = tmp_path / "token"
    file.write_text(jwt.encode(claims, key, algorithm="ES256", headers={"kid": "one"}))
    credentials = identity_pool.Credentials(
        audience=audience,
        subject_token_type=JWT_TYPE,
        token_url=ready.issuer + "/v1/token",
        credential_source={"file": str(file)},
        scopes=[ready.read],
    )
    credentials.refresh(Request())
    bearer = {"Authorization": "Bearer " + credentials.token}
    assert requests.get(ready.invoices, headers=bearer, timeout=30).status_code == 200

    done = providers.patch(name=provider, updateMask="disabled", body={"disabled": True}).execute()
    assert done["response"]["disabled"] is True
    assert requests.post(ready.issuer + "/v1/introspect", data={"token": credentials.token}, timeout=30).json() == {
        "active": False
    }


def test_P18_what_is_wrong_with_a_provider_is_told_at_its_member(pools, pool):
    body = {"oidc": {"issuerUri": "https://ci.example"}, "attributeMapping": {"google.subject": "assertion."}}
    no = refused(pools.providers().create(parent=pool, workloadIdentityPoolProviderId="main", body=body))
    assert no.status_code == 400
    violations = [one for detail in no.error_details for one in detail.get("fieldViolations", [])]
    assert [one["field"] for one in violations] == ["attribute_mapping.google.subject"]
    no = refused(pools.providers().get(name=pool + "/providers/none"))
    assert no.status_code == 404


ELSEWHERE = """
import sys
from google.oauth2 import service_account
from googleapiclient import discovery

key_file, email, cloud = sys.argv[1:]
owner = service_account.Credentials.from_service_account_file(key_file, scopes=[cloud])
newer = "https://{api}.googleapis.com/$discovery/rest?version={apiVersion}"
for where in ({"static_discovery": False}, {"discoveryServiceUrl": newer}):
    with discovery.build("iam", "v1", credentials=owner, **where) as iam:
        assert iam._baseUrl == "https://iam.googleapis.com/", iam._baseUrl
        told = iam.projects().serviceAccounts().get(name="projects/-/serviceAccounts/" + email).execute()
        print(told["email"], told["uniqueId"])
"""


def test_X_iam_is_built_from_its_document_at_googles_own_address(ready):
    """With what `carnet google env python` sets (and PySocks, without which httplib2 knows no proxy) both are there.
    httplib2 looks at it when it is imported: so this is a program of its own."""
    told = {
        "HTTPLIB2_CA_CERTS": ready.google["ca_file"],
        "HTTPS_PROXY": ready.google["proxy"],
        "NO_PROXY": "localhost,127.0.0.1",
    }
    key_file = next(a for a in ready.accounts if a["email"].startswith("admin@"))["key_file"]
    program = [sys.executable, "-c", ELSEWHERE, key_file, ready.ci["email"], CLOUD]
    ran = subprocess.run(program, env=os.environ | told, capture_output=True, text=True, timeout=120)
    assert ran.returncode == 0, ran.stderr
    older, newer = ran.stdout.splitlines()
    assert older.split()[0] == ready.ci["email"]
    assert older == newer
