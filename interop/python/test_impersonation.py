"""Impersonation through google-auth (google-wire 5.1, 8.3, 9.2; 12: pieces of P11 and P12).

The source credentials are the key file of ci@. The library asks the host that `iam_endpoint_override` names for access
tokens; for the other methods it knows Google's host alone, which is put in place of ours here and nothing else is.
"""

import base64
import datetime
import json
import uuid

import google.auth
import jwt
import pytest
import requests
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding
from google.auth import exceptions, iam, impersonated_credentials
from google.auth.transport.requests import Request
from google.oauth2 import service_account

from wire import Watched, claims, header

CLOUD = "https://www.googleapis.com/auth/cloud-platform"
GOOGLE = "https://iamcredentials.googleapis.com"


class Captured(Request):
    """google-auth's transport, where Google's name for IAM Credentials leads to our server."""

    def __init__(self, issuer: str):
        super().__init__()
        self.issuer = issuer

    def __call__(self, url, **more):
        return super().__call__(url.replace(GOOGLE, self.issuer), **more)


@pytest.fixture
def source(key_file):
    return service_account.Credentials.from_service_account_file(key_file, scopes=[CLOUD])


@pytest.fixture
def account(make, ready):
    """Makes an account on which these are bound."""

    def made(*creators: str, role: str = "roles/iam.serviceAccountTokenCreator") -> str:
        of = f"projects/{ready.project}/service-accounts"
        email = make(of, {"account_id": f"t-{uuid.uuid4().hex[:12]}"})["email"]
        for creator in creators:
            make(f"{of}/{email}/policy:add", {"member": f"serviceAccount:{creator}", "role": role})
        return email

    return made


@pytest.fixture
def captive(monkeypatch, ready):
    """The library's own addresses, with our host in them."""
    for name in ("_IAM_ENDPOINT", "_IAM_SIGN_ENDPOINT", "_IAM_SIGNJWT_ENDPOINT", "_IAM_IDTOKEN_ENDPOINT"):
        address = getattr(iam, name)
        # The universe's name is put in by the library; there is none in ours.
        monkeypatch.setattr(iam, name, address.replace(GOOGLE, ready.issuer))


def impersonated(source, target, ready, **more):
    override = f"{ready.issuer}/v1/projects/-/serviceAccounts/{target}:generateAccessToken"
    return impersonated_credentials.Credentials(
        source_credentials=source,
        target_principal=target,
        target_scopes=[ready.read],
        iam_endpoint_override=override,
        **more,
    )


def test_an_access_token_of_another_account(ready, source, account):
    target = account(ready.ci["email"])
    credentials = impersonated(source, target, ready, lifetime=1200)

    credentials.refresh(Request())

    said = claims(credentials.token)
    assert said["email"] == target
    assert said["act"]["email"] == ready.ci["email"]
    left = credentials.expiry - datetime.datetime.now(datetime.timezone.utc).replace(tzinfo=None)
    assert 1180 <= left.total_seconds() <= 1205
    answer = requests.get(ready.invoices, headers={"Authorization": f"Bearer {credentials.token}"}, timeout=30)
    assert answer.status_code == 200


def test_a_chain_of_delegates(ready, source, account):
    middle = account(ready.ci["email"])
    target = account(middle)
    with pytest.raises(exceptions.RefreshError, match="Unable to acquire impersonated credentials"):
        impersonated(source, target, ready).refresh(Request())

    credentials = impersonated(source, target, ready, delegates=[f"projects/-/serviceAccounts/{middle}"])
    credentials.refresh(Request())

    said = claims(credentials.token)
    assert (said["act"]["email"], said["act"]["act"]["email"]) == (middle, ready.ci["email"])


def test_P12_an_impersonated_file(ready, key, account):
    """The file as gcloud writes it. Python takes the principal out of its URL and asks Google's host."""
    target = account(ready.ci["email"])
    file = {
        "type": "impersonated_service_account",
        "service_account_impersonation_url": f"{GOOGLE}/v1/projects/-/serviceAccounts/{target}:generateAccessToken",
        "delegates": [],
        "source_credentials": key,
    }
    credentials, _ = google.auth.load_credentials_from_dict(file, scopes=[ready.read])
    credentials.refresh(Captured(ready.issuer))
    assert claims(credentials.token)["email"] == target


def test_who_may_not_reads_googles_sentence(ready, source, account):
    sentences = set()
    for target in (account(), "nobody@nowhere.iam.gserviceaccount.com"):
        with pytest.raises(exceptions.RefreshError) as refused:
            impersonated(source, target, ready).refresh(Request())
        error = json.loads(refused.value.args[1])["error"]
        assert (error["code"], error["status"]) == (403, "PERMISSION_DENIED")
        sentences.add(error["message"])
    assert sentences == {
        "Permission 'iam.serviceAccounts.getAccessToken' denied on resource (or it may not exist)."
    }


def test_an_id_token_of_another_account(ready, source, account, captive):
    target = account(ready.ci["email"])
    credentials = impersonated_credentials.IDTokenCredentials(
        impersonated(source, target, ready), target_audience="https://api.example", include_email=True
    )
    credentials.refresh(Request())
    keys = jwt.PyJWKClient(ready.issuer + "/jwks")
    key = keys.get_signing_key_from_jwt(credentials.token)
    said = jwt.decode(credentials.token, key.key, algorithms=["RS256"], audience="https://api.example")
    assert (said["email"], said["email_verified"]) == (target, True)
    assert said["azp"] == said["sub"]


def verifies(ready, email: str, kid: str, message: bytes, signature: bytes) -> None:
    keys = requests.get(f"{ready.issuer}/service_accounts/v1/metadata/raw/{email}", timeout=30).json()
    key = serialization.load_pem_public_key(keys[kid].encode())
    key.verify(signature, message, padding.PKCS1v15(), hashes.SHA256())


def test_the_iam_signer(ready, source, account):
    """google.auth.iam.Signer: bytes are signed by a key that is published for the account."""
    target = account(ready.ci["email"])
    signer = iam.Signer(Captured(ready.issuer), source, target)
    signature = signer.sign(b"hello")
    keys = requests.get(f"{ready.issuer}/service_accounts/v1/metadata/jwk/{target}", timeout=30).json()["keys"]
    assert len(keys) == 1
    verifies(ready, target, keys[0]["kid"], b"hello", signature)


def test_impersonated_credentials_sign(ready, source, account, captive):
    target = account(ready.ci["email"])
    credentials = impersonated(source, target, ready)
    signature = credentials.sign_bytes(b"hello")
    keys = requests.get(f"{ready.issuer}/service_accounts/v1/metadata/jwk/{target}", timeout=30).json()["keys"]
    verifies(ready, target, keys[0]["kid"], b"hello", signature)


def test_a_jwt_signed_for_us_is_redeemed_for_a_person(ready, source, make):
    """Keyless delegation (google-wire 9.2): ci@ may act for people, and is bound on itself."""
    ci = ready.ci["email"]
    member = {"member": f"serviceAccount:{ci}", "role": "roles/iam.serviceAccountTokenCreator"}
    make(f"projects/{ready.project}/service-accounts/{ci}/policy:add", member)
    source.refresh(Request())
    user = ready.users[0]["email"]
    now = int(datetime.datetime.now().timestamp())
    payload = {
        "iss": ci,
        "sub": user,
        "scope": ready.read,
        "aud": "https://oauth2.googleapis.com/token",
        "iat": now,
        "exp": now + 3600,
    }
    answer = requests.post(
        f"{ready.issuer}/v1/projects/-/serviceAccounts/{ci}:signJwt",
        json={"payload": json.dumps(payload)},
        headers={"Authorization": f"Bearer {source.token}"},
        timeout=30,
    ).json()
    assert header(answer["signedJwt"])["kid"] == answer["keyId"]
    grant = {"grant_type": "urn:ietf:params:oauth:grant-type:jwt-bearer", "assertion": answer["signedJwt"]}
    token = requests.post(ready.issuer + "/token", data=grant, timeout=30).json()["access_token"]
    said = claims(token)
    assert (said["email"], said["act"]["email"]) == (user, ci)


def test_a_self_signed_jwt_calls(ready, key_file, account):
    """Generated clients sign for themselves where no scope is named (google-wire 3.2)."""
    target = account(ready.ci["email"])
    credentials = service_account.Credentials.from_service_account_file(key_file, scopes=[CLOUD])
    credentials = credentials.with_always_use_jwt_access(True)
    credentials._create_self_signed_jwt(None)
    watched = Watched()
    credentials.refresh(watched)
    assert watched.calls == [], "nobody was asked"
    answer = requests.post(
        f"{ready.issuer}/v1/projects/-/serviceAccounts/{target}:signBlob",
        json={"payload": base64.b64encode(b"x").decode()},
        headers={"Authorization": f"Bearer {credentials.token}"},
        timeout=30,
    )
    assert answer.status_code == 200, answer.text
