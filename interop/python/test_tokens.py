"""Access tokens and ID tokens from /token (google-wire 12: P1, P4, P5, P9)."""

import datetime

import google.auth
import jwt
import pytest
import requests
from google.auth import exceptions
from google.oauth2 import id_token, service_account

from wire import Watched, claims, header

GOOGLE_AUDIENCE = "https://oauth2.googleapis.com/token"


def test_P1_service_account_access_token(ready, key_file, key):
    credentials = service_account.Credentials.from_service_account_file(key_file, scopes=[ready.read])
    request = Watched()
    before = datetime.datetime.now(datetime.timezone.utc).replace(tzinfo=None)

    credentials.refresh(request)

    assert credentials.valid
    assert request.calls == [("POST", key["token_uri"])]
    # The library writes Google's audience whatever the key file says (rule 1).
    assert claims(request.assertions[0])["aud"] == GOOGLE_AUDIENCE
    answer = request.answers[0]
    assert answer["access_token"] == credentials.token
    assert answer["token_type"] == "Bearer"
    assert type(answer["expires_in"]) is int
    assert 3590 <= answer["expires_in"] <= 3600
    assert "id_token" not in answer
    life = (credentials.expiry - before).total_seconds()
    assert 3580 <= life <= 3605


def test_P1_the_key_file_has_googles_eleven_fields(ready, key):
    assert list(key) == [
        "type",
        "project_id",
        "private_key_id",
        "private_key",
        "client_email",
        "client_id",
        "auth_uri",
        "token_uri",
        "auth_provider_x509_cert_url",
        "client_x509_cert_url",
        "universe_domain",
    ]
    assert key["type"] == "service_account"
    assert key["project_id"] == ready.project
    assert key["token_uri"] == ready.issuer + "/token"
    assert key["universe_domain"] == "googleapis.com"
    assert len(key["private_key_id"]) == 40
    assert len(key["client_id"]) == 21 and key["client_id"].isdigit()
    assert key["client_id"] == ready.ci["client_id"]
    assert key["private_key"].startswith("-----BEGIN PRIVATE KEY-----\n")
    assert key["private_key"].endswith("-----END PRIVATE KEY-----\n")


def test_P1_the_token_tells_whose_it_is(ready, ci, key):
    request = Watched()
    credentials = ci.with_scopes([ready.read, ready.write])
    credentials.refresh(request)

    told = requests.get(ready.issuer + "/tokeninfo", params={"access_token": credentials.token}).json()

    assert told["azp"] == key["client_id"]
    assert sorted(told["scope"].split()) == sorted([ready.read, ready.write])
    assert 3500 < int(told["expires_in"]) <= 3600


def test_P1_scopes_of_a_copy_do_not_reach_the_original(ready, ci):
    first = ci.with_scopes([ready.read])
    second = first.with_scopes([ready.write])
    for credentials, scope in ((first, ready.read), (second, ready.write)):
        credentials.refresh(Watched())
        told = requests.get(ready.issuer + "/tokeninfo", params={"access_token": credentials.token}).json()
        assert told["scope"] == scope


def test_P4_with_subject_acts_for_the_user(ready, ci, key):
    credentials = ci.with_scopes([ready.read]).with_subject("alice@example.com")
    request = Watched()

    credentials.refresh(request)

    assert claims(request.assertions[0])["sub"] == "alice@example.com"
    told = requests.get(ready.issuer + "/tokeninfo", params={"access_token": credentials.token}).json()
    assert told["azp"] == key["client_id"]
    assert told["email"] == "alice@example.com"
    assert told["sub"] != key["client_id"]


@pytest.mark.parametrize("nobody_else", ["", None, "itself"])
def test_P4_no_subject_in_any_spelling_is_the_account_itself(ready, ci, key, nobody_else):
    subject = key["client_email"] if nobody_else == "itself" else nobody_else
    credentials = ci.with_scopes([ready.read]).with_claims({"sub": subject})
    request = Watched()

    credentials.refresh(request)

    assert claims(request.assertions[0])["sub"] == subject
    told = requests.get(ready.issuer + "/tokeninfo", params={"access_token": credentials.token}).json()
    assert told["azp"] == key["client_id"]
    assert told["sub"] == key["client_id"]


def test_P5_id_token(ready, key_file, key):
    audience = "https://invoices.example.com"
    credentials = service_account.IDTokenCredentials.from_service_account_file(
        key_file, target_audience=audience
    )
    request = Watched()

    credentials.refresh(request)

    assert list(request.answers[0]) == ["id_token"]
    for certificates in ("/oauth2/v1/certs", "/oauth2/v3/certs"):
        told = id_token.verify_token(
            credentials.token, Watched(), audience=audience, certs_url=ready.issuer + certificates
        )
        assert told["iss"] == ready.issuer
        assert told["aud"] == audience
        assert told["azp"] == key["client_email"]
        assert told["sub"] == key["client_id"]
        assert told["email"] == key["client_email"]
        assert told["email_verified"] is True
        assert told["exp"] - told["iat"] == 3600
    assert header(credentials.token)["alg"] == "RS256"
    assert header(credentials.token)["typ"] == "JWT"


def test_P5_an_id_token_is_for_its_audience_only(ready, key_file):
    credentials = service_account.IDTokenCredentials.from_service_account_file(
        key_file, target_audience="https://invoices.example.com"
    )
    credentials.refresh(Watched())

    with pytest.raises(exceptions.InvalidValue, match="audience"):
        id_token.verify_token(
            credentials.token,
            Watched(),
            audience="https://other.example.com",
            certs_url=ready.issuer + "/oauth2/v1/certs",
        )


def test_P5_with_another_signature_it_does_not_verify(ready, key_file):
    credentials = service_account.IDTokenCredentials.from_service_account_file(
        key_file, target_audience="https://invoices.example.com"
    )
    credentials.refresh(Watched())
    first = credentials.token
    other = credentials.with_target_audience("https://other.example.com")
    other.refresh(Watched())
    spliced = ".".join(first.split(".")[:2] + other.token.split(".")[2:])

    with pytest.raises(exceptions.MalformedError, match="signature"):
        id_token.verify_token(spliced, Watched(), certs_url=ready.issuer + "/oauth2/v1/certs")


def test_P9_application_default_credentials(ready, key_file, monkeypatch):
    monkeypatch.setenv("GOOGLE_APPLICATION_CREDENTIALS", key_file)

    credentials, project = google.auth.default(scopes=[ready.read])

    assert project == ready.project
    assert isinstance(credentials, service_account.Credentials)
    credentials.refresh(Watched())
    assert credentials.valid


def test_P9_id_token_from_the_environment(ready, key_file, monkeypatch):
    monkeypatch.setenv("GOOGLE_APPLICATION_CREDENTIALS", key_file)

    token = id_token.fetch_id_token(Watched(), "https://invoices.example.com")

    signing_keys = jwt.PyJWKClient(ready.issuer + "/oauth2/v3/certs")
    told = jwt.decode(
        token,
        signing_keys.get_signing_key_from_jwt(token).key,
        algorithms=["RS256"],
        audience="https://invoices.example.com",
        issuer=ready.issuer,
    )
    assert told["sub"] == ready.ci["client_id"]
