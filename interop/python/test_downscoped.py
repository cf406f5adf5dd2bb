"""google-auth makes a token weaker by a credential access boundary, at Google's own address (google-wire 6.5, P22)."""

import datetime

import pytest
import requests
from google.auth import downscoped, exceptions
from google.auth.transport.requests import Request
from google.oauth2 import service_account

CLOUD = "https://www.googleapis.com/auth/cloud-platform"
BUCKET = "//storage.googleapis.com/projects/_/buckets/reports"


@pytest.fixture
def captive(monkeypatch, ready):
    """What `carnet google env python` sets."""
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", ready.google["ca_file"])
    monkeypatch.setenv("HTTPS_PROXY", ready.google["proxy"])
    monkeypatch.setenv("NO_PROXY", "localhost,127.0.0.1")


def weaker(source, expression: str, rules: int = 1):
    condition = downscoped.AvailabilityCondition(expression, title="mine", description="what is mine")
    rule = downscoped.AccessBoundaryRule(
        available_resource=BUCKET,
        available_permissions=["inRole:roles/storage.objectViewer"],
        availability_condition=condition,
    )
    boundary = downscoped.CredentialAccessBoundary(rules=[rule] * rules)
    return downscoped.Credentials(source, boundary)


def source(key_file, scope):
    return service_account.Credentials.from_service_account_file(key_file, scopes=[scope])


def bearer(token: str) -> dict:
    return {"Authorization": f"Bearer {token}"}


def test_P22_a_downscoped_token(ready, captive, key_file):
    whole = source(key_file, CLOUD)
    weak = weaker(whole, "resource.name.startsWith('projects/_/buckets/reports/objects/mine')")
    weak.refresh(Request())
    assert weak.valid and weak.token != whole.token
    # Each is its answer's expires_in from when that came.
    assert weak.expiry <= whole.expiry + datetime.timedelta(seconds=2)
    # It opens nothing that looks at no boundary: the whole one does.
    url = f"{ready.issuer}/v1/projects/-/serviceAccounts/{ready.ci['email']}"
    refused = requests.get(url, headers=bearer(weak.token), timeout=30)
    assert refused.status_code == 403 and "CRN-4014" in refused.text
    told = requests.get(f"{ready.issuer}/tokeninfo", params={"access_token": weak.token}, timeout=30)
    assert told.status_code == 400
    assert requests.get(f"{ready.issuer}/tokeninfo", params={"access_token": whole.token}, timeout=30).ok


def test_P22_an_api_that_evaluates_no_boundary_takes_no_such_token(ready, captive, key_file):
    whole = source(key_file, ready.read)
    weak = weaker(whole, "true")
    weak.refresh(Request())
    assert requests.get(ready.invoices, headers=bearer(whole.token), timeout=30).ok
    assert requests.get(ready.invoices, headers=bearer(weak.token), timeout=30).status_code in (401, 403)


def test_P22_a_token_is_not_made_wider_again(captive, key_file):
    weak = weaker(source(key_file, CLOUD), "true")
    with pytest.raises(exceptions.OAuthError, match="CRN-2531"):
        weaker(weak, "true").refresh(Request())


def test_P22_a_condition_that_cannot_be_read_is_said(captive, key_file):
    with pytest.raises(exceptions.OAuthError, match="CRN-2530"):
        weaker(source(key_file, CLOUD), "resource.name ==").refresh(Request())
