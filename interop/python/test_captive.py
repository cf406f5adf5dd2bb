"""google-auth as it comes, at Google's own addresses, through the proxy of `--google` (google-wire 12: P12, P13,
P23; N2's guard), and in another universe (P8)."""

import json
import threading
import uuid
from pathlib import Path

import pytest
import requests
from authlib.common.security import generate_token
from authlib.integrations.requests_client import OAuth2Session
from google.auth import exceptions, load_credentials_from_file
from google.auth.transport.requests import AuthorizedSession, Request
from google.oauth2 import id_token, service_account
from google.oauth2.credentials import Credentials

from person import Person
from wire import Watched, claims

CLOUD = "https://www.googleapis.com/auth/cloud-platform"
GOOGLE = "https://oauth2.googleapis.com/token"


@pytest.fixture
def captive(monkeypatch, ready):
    """What `carnet google env python` sets."""
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", ready.google["ca_file"])
    monkeypatch.setenv("HTTPS_PROXY", ready.google["proxy"])
    monkeypatch.setenv("NO_PROXY", "localhost,127.0.0.1")


@pytest.fixture
def at_google(tmp_path, key) -> str:
    """A key file as Google writes them: with Google's token_uri."""
    file = tmp_path / "key.json"
    file.write_text(json.dumps(key | {"token_uri": GOOGLE}))
    return str(file)


def test_X_a_key_file_of_google_gets_tokens_here(ready, captive, at_google):
    credentials = service_account.Credentials.from_service_account_file(at_google, scopes=[ready.read])
    assert AuthorizedSession(credentials).get(ready.invoices).status_code == 200
    identity = service_account.IDTokenCredentials.from_service_account_file(at_google, target_audience="https://a.example")
    identity.refresh(Request())
    # Its verifier fetches the certificates from Google's address.
    assert id_token.verify_token(identity.token, Request(), "https://a.example")["email"] == ready.ci["email"]


def test_X_without_our_authority_nothing_is_believed(captive, monkeypatch, at_google):
    monkeypatch.delenv("REQUESTS_CA_BUNDLE")
    credentials = service_account.Credentials.from_service_account_file(at_google, scopes=[CLOUD])
    with pytest.raises(exceptions.TransportError, match="CERTIFICATE_VERIFY_FAILED"):
        credentials.refresh(Request())


def test_X_the_proxy_leads_nowhere_else(captive):
    with pytest.raises(requests.exceptions.ProxyError, match="403"):
        requests.get("https://example.com/", timeout=30)


def test_P12_an_impersonated_file(ready, captive, make, tmp_path, at_google):
    of = f"projects/{ready.project}/service-accounts"
    target = make(of, {"account_id": f"t-{uuid.uuid4().hex[:12]}"})["email"]
    role = "roles/iam.serviceAccountTokenCreator"
    make(f"{of}/{target}/policy:add", {"member": f"serviceAccount:{ready.ci['email']}", "role": role})
    file = tmp_path / "impersonated.json"
    host = "https://iamcredentials.googleapis.com"
    file.write_text(json.dumps({
        "type": "impersonated_service_account",
        "service_account_impersonation_url": f"{host}/v1/projects/-/serviceAccounts/{target}:generateAccessToken",
        "source_credentials": json.loads(Path(at_google).read_text()),
    }))
    credentials, _ = load_credentials_from_file(str(file), scopes=[ready.read])
    credentials.refresh(Request())
    assert claims(credentials.token)["email"] == target


def test_P13_a_persons_credentials_are_refreshed_at_google(ready, captive, make):
    # The library sends the secret in the form, so that is how the app is registered.
    back = "http://127.0.0.1/callback"
    app = make(f"projects/{ready.project}/clients", {
        "title": "Interop",
        "kind": "web",
        "authentication": "client_secret_post",
        "redirect_uris": [back],
        "scopes": ["openid", "email", "offline_access", ready.read],
    })["id"]
    secret = make(f"clients/{app}/secrets", {})["client_secret"]
    session = OAuth2Session(
        app,
        secret,
        scope=f"openid email offline_access {ready.read}",
        redirect_uri=back.replace("127.0.0.1", "127.0.0.1:53682"),
        code_challenge_method="S256",
        token_endpoint_auth_method="client_secret_post",
    )
    verifier = generate_token(48)
    address, state = session.create_authorization_url(f"{ready.issuer}/authorize", code_verifier=verifier)
    answer = Person(ready.issuer).walk(address)
    told = session.fetch_token(f"{ready.issuer}/token", authorization_response=answer, state=state, code_verifier=verifier)
    credentials = Credentials.from_authorized_user_info({
        "type": "authorized_user",
        "client_id": app,
        "client_secret": secret,
        "refresh_token": told["refresh_token"],
    })
    credentials.refresh(Request())
    assert AuthorizedSession(credentials).get(ready.invoices).status_code == 200


def test_P8_a_key_file_of_another_universe_signs_for_itself(ready, key):
    info = key | {"universe_domain": "carnet.test"}
    credentials = service_account.Credentials.from_service_account_info(info, scopes=[ready.read])
    request = Watched()
    headers = {}
    credentials.before_request(request, "GET", ready.invoices, headers)
    assert request.calls == []
    said = claims(headers["authorization"].removeprefix("Bearer "))
    assert (said["iss"], said["sub"], said["scope"]) == (ready.ci["email"], ready.ci["email"], ready.read)
    assert requests.get(ready.invoices, headers=headers, timeout=30).status_code == 200


def test_P23_allowed_locations_are_asked_for_in_passing(ready, captive, monkeypatch, at_google):
    monkeypatch.setenv("GOOGLE_SDK_EXPERIMENTAL_PYTHON_REGIONAL_ACCESS_BOUNDARY_LOOKUP_ENABLED", "true")
    credentials = service_account.Credentials.from_service_account_file(at_google, scopes=[CLOUD])
    request = Watched()
    known = set(threading.enumerate())
    credentials.before_request(request, "GET", "https://storage.googleapis.com/b", {})
    for asking in set(threading.enumerate()) - known:
        asking.join(30)
    assert request.calls[0] == ("POST", GOOGLE)
    headers = {}
    credentials.before_request(request, "GET", "https://storage.googleapis.com/b", headers)
    # That none is excluded is said so.
    assert headers["x-allowed-locations"] == "0x0"
