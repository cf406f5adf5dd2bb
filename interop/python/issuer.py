"""An issuer elsewhere, on this machine: signs with one key, and tells over plain http which."""

import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import jwt
from cryptography.hazmat.primitives.asymmetric import ec


class Issuer:
    def __init__(self):
        self.key = ec.generate_private_key(ec.SECP256R1())
        issuer = self

        class Documents(BaseHTTPRequestHandler):
            def do_GET(self):
                body = issuer.answer(self.path).encode()
                self.send_response(200)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Documents)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def answer(self, path: str) -> str:
        known = {
            "/.well-known/openid-configuration": {"issuer": self.url, "jwks_uri": f"{self.url}/keys"},
            "/keys": self.jwks(),
        }
        return json.dumps(known[path])

    def jwks(self) -> dict:
        one = json.loads(jwt.algorithms.ECAlgorithm.to_jwk(self.key.public_key()))
        return {"keys": [one | {"kid": "one", "alg": "ES256"}]}

    def sign(self, audience: str, **claims) -> str:
        now = int(time.time())
        all_claims = {"iss": self.url, "sub": "job-7", "aud": audience, "iat": now, "exp": now + 600} | claims
        return jwt.encode(all_claims, self.key, algorithm="ES256", headers={"kid": "one"})
