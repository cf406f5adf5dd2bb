"""rclone as Debian has it, with a service account's key file (google-wire 12: O3). The storage that it lists is this file: it has
one bucket, for whoever comes with a token that Carnet says is good for Google's storage scope."""

import json
import os
import subprocess
import sys
import tempfile
import threading
import traceback
import urllib.error
import urllib.parse
import urllib.request
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

with open(os.environ["CARNET_READY_FILE"], encoding="utf-8") as file:
    READY = json.load(file)
ISSUER, PROJECT = READY["issuer"], READY["project"]
CI = next(account for account in READY["service_accounts"] if account["email"].startswith("ci@"))
# What rclone asks for, whatever is configured.
SCOPE = "https://www.googleapis.com/auth/devstorage.read_write"


class Storage(BaseHTTPRequestHandler):
    """`GET /storage/v1/b`, and who asked for it."""

    asked: list[tuple[str, dict]] = []

    def do_GET(self):
        url = urllib.parse.urlsplit(self.path)
        told = info(self.headers.get("Authorization", "").removeprefix("Bearer "))
        self.asked.append((url.path, told))
        if told.get("scope") == SCOPE and url.path == "/storage/v1/b":
            status, said = 200, {"kind": "storage#buckets", "items": [{"kind": "storage#bucket", "name": "invoices"}]}
        else:
            status, said = 401, {"error": {"code": 401, "message": "Invalid Credentials", "status": "UNAUTHENTICATED"}}
        body = json.dumps(said).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


def info(token: str) -> dict:
    """What Carnet says of a token; nothing of one that is not good."""
    try:
        query = urllib.parse.urlencode({"access_token": token})
        with urllib.request.urlopen(f"{ISSUER}/tokeninfo?{query}", timeout=20) as answer:
            return json.load(answer)
    except urllib.error.HTTPError:
        return {}


def made(path: str, body: dict) -> None:
    """Makes something in the sandbox's project, over the admin API."""
    headers = {"Authorization": f"Bearer {READY['admin_token']}", "Content-Type": "application/json"}
    request = urllib.request.Request(
        f"{ISSUER}/admin/v1/projects/{PROJECT}/{path}", json.dumps(body).encode(), headers, method="POST"
    )
    urllib.request.urlopen(request, timeout=20).close()


def lists(key_file: str, storage: str) -> subprocess.CompletedProcess:
    with tempfile.TemporaryDirectory() as home:
        words = ["rclone", "lsd", ":gcs:", "--gcs-service-account-file", key_file, "--gcs-project-number", PROJECT]
        words += ["--gcs-endpoint", f"{storage}/storage/v1/", "--retries", "1", "--low-level-retries", "1"]
        env = {"HOME": home, "PATH": os.environ["PATH"]}
        return subprocess.run(words, env=env, capture_output=True, text=True, timeout=60, check=False)


def test_O3_rclone_lists_the_buckets(storage: str) -> None:
    Storage.asked.clear()
    done = lists(CI["key_file"], storage)
    assert done.returncode == 0, done.stderr
    assert done.stdout.split()[-1] == "invoices", done.stdout
    (path, told), = Storage.asked
    assert path == "/storage/v1/b" and told["azp"] == CI["client_id"], (path, told)


def test_O3_an_account_that_is_not_there_is_told_so(storage: str) -> None:
    with open(CI["key_file"], encoding="utf-8") as file:
        nobody = json.load(file) | {"client_email": f"nobody@{PROJECT}.iam.gserviceaccount.com"}
    Storage.asked.clear()
    with tempfile.NamedTemporaryFile("w", suffix=".json") as key:
        json.dump(nobody, key)
        key.flush()
        done = lists(key.name, storage)
    assert done.returncode != 0 and "invalid_grant" in done.stderr, done.stderr
    assert Storage.asked == [], "it asked the storage without a token"


CASES = [test_O3_rclone_lists_the_buckets, test_O3_an_account_that_is_not_there_is_told_so]


def main() -> int:
    made("apis", {"identifier": "https://storage.googleapis.com/", "title": "Storage", "scopes": [{"name": SCOPE}]})
    server = ThreadingHTTPServer(("127.0.0.1", 0), Storage)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    failed = 0
    for case in CASES:
        try:
            case(f"http://127.0.0.1:{server.server_port}")
            print(f"passed: {case.__name__}")
        except Exception:  # noqa: BLE001: whatever it was, the other cases are tried too
            failed += 1
            print(f"failed: {case.__name__}")
            traceback.print_exc(file=sys.stdout)
    print(f"{len(CASES) - failed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
