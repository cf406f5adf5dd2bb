"""An issuer of people, until it is ended: whoever comes with a browser is alice, signed in already. It writes its address into
the file that it is told. A code is redeemed once, by the client and with the verifier that it was given for (RFC 7636)."""

import base64
import hashlib
import json
import secrets
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, parse_qsl, urlencode, urlsplit

from issuer import Issuer

CLIENT, SECRET = "carnet", "tell nobody"


class Login(Issuer):
    def __init__(self):
        self.given = {}
        login = self

        class Doors(BaseHTTPRequestHandler):
            def do_GET(self):
                asked = dict(parse_qsl(urlsplit(self.path).query))
                code = secrets.token_urlsafe(16)
                login.given[code] = asked
                back = urlencode({"code": code, "state": asked["state"], "iss": login.url})
                self.send_response(302)
                self.send_header("Location", f"{asked['redirect_uri']}?{back}")
                self.end_headers()

            def do_POST(self):
                length = int(self.headers["Content-Length"])
                form = {name: values[0] for name, values in parse_qs(self.rfile.read(length).decode()).items()}
                told = login.redeemed(form, self.headers["Authorization"])
                body = json.dumps(told or {"error": "invalid_grant"}).encode()
                self.send_response(200 if told else 400)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_):
                pass

        doors = ThreadingHTTPServer(("127.0.0.1", 0), Doors)
        self.doors = f"http://127.0.0.1:{doors.server_port}"
        threading.Thread(target=doors.serve_forever, daemon=True).start()
        super().__init__()

    def answer(self, path: str) -> str:
        text = super().answer(path)
        if not path.endswith("/openid-configuration"):
            return text
        more = {"authorization_endpoint": f"{self.doors}/authorize", "token_endpoint": f"{self.doors}/token"}
        return json.dumps(json.loads(text) | more)

    def redeemed(self, form: dict, said: str) -> dict | None:
        asked = self.given.pop(form["code"], None)
        digest = hashlib.sha256(form["code_verifier"].encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).decode().rstrip("=")
        client = base64.b64encode(urlencode({CLIENT: SECRET}).replace("=", ":").encode()).decode()
        if (
            asked is None
            or said != f"Basic {client}"
            or challenge != asked["code_challenge"]
            or form["redirect_uri"] != asked["redirect_uri"]
            or asked["client_id"] != CLIENT
        ):
            return None
        token = self.sign(CLIENT, sub="alice", nonce=asked["nonce"], groups=["ops"])
        return {"access_token": "none", "token_type": "Bearer", "expires_in": 60, "id_token": token}


Path(sys.argv[1]).write_text(Login().url)
threading.Event().wait()
