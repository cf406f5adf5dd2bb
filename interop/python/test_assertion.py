"""Clients that sign a JWT about themselves, with Authlib: private_key_jwt and client_secret_jwt."""

import pytest
import requests
from authlib.integrations.base_client import OAuthError
from authlib.integrations.requests_client import OAuth2Session
from authlib.oauth2.rfc7523 import ClientSecretJWT, PrivateKeyJWT
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa


@pytest.fixture(scope="module")
def endpoint(ready) -> str:
    told = requests.get(f"{ready.issuer}/.well-known/oauth-authorization-server", timeout=30).json()
    return told["token_endpoint"]


@pytest.fixture
def make(ready):
    """Makes something over the admin API."""
    http = requests.Session()
    http.headers["Authorization"] = f"Bearer {ready.admin_token}"

    def post(path: str, body: dict) -> dict:
        answer = http.post(f"{ready.issuer}/admin/v1/{path}", json=body, timeout=30)
        assert answer.ok, answer.text
        return answer.json()

    def daemon(**settings) -> str:
        body = {"title": "Interop", "kind": "daemon", "scopes": [ready.read], "default_scopes": [ready.read]}
        return post(f"projects/{ready.project}/clients", body | settings)["id"]

    post.daemon = daemon
    return post


def jwk(key, alg: str) -> dict:
    from joserfc.jwk import import_key

    pem = key.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    kind = "RSA" if alg.startswith(("RS", "PS")) else "EC"
    return import_key(pem, kind).as_dict(private=False) | {"alg": alg}


def pem(key) -> str:
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    ).decode()


@pytest.mark.parametrize("alg", ["RS256", "ES256"])
def test_P22_authlib_private_key_jwt(ready, endpoint, make, alg):
    key = rsa.generate_private_key(65537, 2048) if alg == "RS256" else ec.generate_private_key(ec.SECP256R1())
    client = make.daemon(authentication="private_key_jwt", jwks={"keys": [jwk(key, alg)]})
    session = OAuth2Session(client, pem(key), PrivateKeyJWT(endpoint, alg=alg), scope=ready.read)
    session.fetch_token(endpoint, grant_type="client_credentials")
    assert session.get(ready.invoices).status_code == 200

    other = pem(ec.generate_private_key(ec.SECP256R1()))
    session = OAuth2Session(client, other, PrivateKeyJWT(endpoint, alg="ES256"), scope=ready.read)
    with pytest.raises(OAuthError) as refused:
        session.fetch_token(endpoint, grant_type="client_credentials")
    assert refused.value.error == "invalid_client"


@pytest.mark.parametrize("alg", ["HS256", "HS384", "HS512"])
def test_P23_authlib_client_secret_jwt(ready, endpoint, make, alg):
    client = make.daemon(authentication="client_secret_jwt")
    secret = make(f"clients/{client}/secrets", {})["client_secret"]
    session = OAuth2Session(client, secret, ClientSecretJWT(endpoint, alg=alg), scope=ready.read)
    session.fetch_token(endpoint, grant_type="client_credentials")
    assert session.get(ready.invoices).status_code == 200

    session = OAuth2Session(client, secret[:-1] + "x", ClientSecretJWT(endpoint, alg=alg), scope=ready.read)
    with pytest.raises(OAuthError) as refused:
        session.fetch_token(endpoint, grant_type="client_credentials")
    assert refused.value.error == "invalid_client"
