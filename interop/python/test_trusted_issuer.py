"""Assertions of an issuer of one's own as authorization grants (RFC 7523): Authlib's AssertionSession signs and renews by
itself, and PyJWT signs what requests brings."""

import time
import uuid

import jwt
import pytest
import requests
from authlib.integrations.base_client import OAuthError
from authlib.integrations.requests_client import AssertionSession
from authlib.oauth2 import OAuth2Error
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from joserfc.jwk import ECKey, RSAKey

GRANT = "urn:ietf:params:oauth:grant-type:jwt-bearer"


@pytest.fixture(params=["ES256", "RS256"])
def trust(request, ready, make):
    """An issuer that the project trusts for ci@, with keys that only this test has."""
    if request.param == "ES256":
        key, of = ec.generate_private_key(ec.SECP256R1()), ECKey
    else:
        key, of = rsa.generate_private_key(65537, 2048), RSAKey
    public = of.import_key(key.public_key()).as_dict(private=False)
    issuer = f"https://{uuid.uuid4().hex}.example"
    made = make(f"projects/{ready.project}/trusted-issuers", {
        "title": "CI", "issuer": issuer, "account": ready.ci["email"], "subjects": ["job:*"],
        "jwks": {"keys": [public | {"kid": "one", "alg": request.param, "use": "sig"}]}, "scopes": [ready.read],
    })
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
    return made | {"key": key, "pem": pem, "alg": request.param}


def session(ready, trust, **more) -> AssertionSession:
    settings = {
        "token_endpoint": f"{ready.issuer}/token", "issuer": trust["issuer"], "subject": "job:7",
        "grant_type": GRANT, "key": trust["pem"], "header": {"alg": trust["alg"], "kid": "one"},
    }
    return AssertionSession(**(settings | more))


def signed(ready, trust, **claims) -> str:
    now = int(time.time())
    claims = {
        "iss": trust["issuer"], "sub": "job:7", "aud": ready.issuer, "iat": now, "exp": now + 60,
        "jti": uuid.uuid4().hex,
    } | claims
    return jwt.encode(claims, trust["key"], trust["alg"], {"kid": "one"})


def redeem(ready, assertion: str, **more) -> requests.Response:
    form = {"grant_type": GRANT, "assertion": assertion} | more
    return requests.post(f"{ready.issuer}/token", data=form, timeout=30)


def test_rfc7523_2_1_authlib_signs_and_renews(ready, trust):
    client = session(ready, trust, scope=ready.read)
    assert client.get(ready.invoices).status_code == 200
    first = client.token["access_token"]
    client.refresh_token()
    assert client.token["access_token"] != first
    assert client.token["scope"] == ready.read
    assert client.get(ready.invoices).status_code == 200


def test_rfc7523_3_authlib_is_told_what_is_refused(ready, trust):
    for wrong in ({"subject": "other:7"}, {"audience": "https://other.example"}, {"scope": ready.write}):
        with pytest.raises((OAuthError, OAuth2Error)) as refused:
            session(ready, trust, **wrong).refresh_token()
        assert refused.value.error in ("invalid_grant", "invalid_scope"), refused.value


def test_rfc7523_3_pyjwt_and_requests(ready, trust):
    assertion = signed(ready, trust)
    answer = redeem(ready, assertion)
    assert answer.status_code == 200, answer.text
    claims = jwt.decode(answer.json()["access_token"], options={"verify_signature": False})
    assert claims["email"] == ready.ci["email"]
    assert claims["act"] == {"sub": "job:7", "provider": trust["id"]}
    again = redeem(ready, assertion)
    assert (again.status_code, again.json()["error"]) == (400, "invalid_grant")


def test_lesson_22_a_trust_that_is_off_gets_nothing(ready, admin, trust):
    url = f"{ready.issuer}/admin/v1/projects/{ready.project}/trusted-issuers/{trust['id']}"
    assert redeem(ready, signed(ready, trust)).status_code == 200
    admin.post(f"{url}:disable")
    assert redeem(ready, signed(ready, trust)).json()["error"] == "invalid_grant"
    admin.post(f"{url}:enable")
    assert redeem(ready, signed(ready, trust)).status_code == 200


def test_pains_p3_a_dry_run_names_the_step_that_fails_and_spends_nothing(ready, trust):
    url = f"{ready.issuer}/admin/v1/projects/{ready.project}/trusted-issuers/{trust['id']}:check"
    head = {"Authorization": f"Bearer {ready.admin_token}"}

    def failed(assertion: str) -> list[str]:
        told = requests.post(url, json={"token": assertion}, headers=head, timeout=30)
        assert told.status_code == 200, told.text
        steps = [step["step"] for step in told.json()["steps"] if step["outcome"] == "fail"]
        assert told.json()["accepted"] == (not steps), told.text
        return steps

    assertion = signed(ready, trust)
    assert failed(assertion) == failed(assertion) == []
    assert redeem(ready, assertion).status_code == 200
    assert failed(assertion) == ["jti"]
    late = {"iat": int(time.time()) - 900, "exp": int(time.time()) - 300}
    assert failed(signed(ready, trust, sub="system:serviceaccount:dev:app", **late)) == ["times", "subject"]
    assert requests.post(url, json={"token": assertion}, timeout=30).status_code == 401


def test_an_issuer_and_an_audience_name_one_trust(ready, make, admin, trust):
    root = f"projects/{ready.project}/trusted-issuers"
    same = {name: trust[name] for name in ("title", "issuer", "account", "subjects", "jwks", "scopes")}
    url = f"{ready.issuer}/admin/v1/{root}"
    head = {"Authorization": f"Bearer {ready.admin_token}"}
    assert requests.post(url, json=same, headers=head, timeout=30).status_code == 409
    made = make(root, same | {"audience": "urn:second"})
    answer = redeem(ready, signed(ready, trust, aud="urn:second"))
    claims = jwt.decode(answer.json()["access_token"], options={"verify_signature": False})
    assert claims["act"]["provider"] == made["id"]
    for issuer in (ready.ci["email"], ready.issuer):
        refused = requests.post(url, json=same | {"issuer": issuer, "audience": "urn:third"}, headers=head, timeout=30)
        assert [wrong["pointer"] for wrong in refused.json()["errors"]] == ["/issuer"], refused.text
