"""schemathesis holds the admin API against its own OpenAPI document (`/admin/v1/openapi.json`): hostile and ordinary requests to each
operation, none of which may end in a 5xx, in a status that the document does not name, or in a body that is not of its schema."""

import json
import os
import subprocess
import sys
import tomllib
import urllib.error
import urllib.request
import xml.etree.ElementTree as xml
from pathlib import Path

WORK = Path(os.environ["CARNET_WORK"])
READY = json.loads(Path(os.environ["CARNET_READY_FILE"]).read_text(encoding="utf-8"))
ISSUER, ORGANIZATION, TOKEN = READY["issuer"], READY["organization_id"], READY["admin_token"]

CHECKS = "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance"
# The seed is fixed: a run says the same of the same program.
OPTIONS = ["--phases", "examples,coverage,fuzzing", "--max-examples", "8", "--seed", "9457", "--checks", CHECKS]


def asked(method: str, path: str, body: dict | None = None) -> tuple[int, dict]:
    """What the admin API answers."""
    request = urllib.request.Request(
        f"{ISSUER}/admin/v1/{path}",
        method=method,
        data=json.dumps(body).encode() if body is not None else None,
        headers={"Authorization": f"Bearer {TOKEN}", "Content-Type": "application/json"},
    )
    try:
        with urllib.request.urlopen(request, timeout=20) as answer:
            return answer.status, json.load(answer)
    except urllib.error.HTTPError as error:
        return error.code, {}


def ground() -> dict[str, str]:
    """A project with one of each, so that operations find what they are about. The program's own project is not among it."""
    made = [
        asked("POST", "projects", {"id": "held-to-it", "title": "Held", "organization": ORGANIZATION}),
        asked("POST", "projects/held-to-it/service-accounts", {"account_id": "robot"}),
        asked("POST", "projects/held-to-it/clients", {"id": "held-app", "title": "App", "kind": "daemon"}),
        asked("POST", "projects/held-to-it/apis", {"identifier": "https://held.example", "title": "API"}),
        asked("POST", f"organizations/{ORGANIZATION}/users", {"email": "held@example.com"}),
    ]
    assert all(status == 201 for status, _ in made), made
    (_, _), (_, account), (_, client), (_, api), (_, user) = made
    return {
        "organization": ORGANIZATION,
        "project": "held-to-it",
        "account": account["email"],
        "client": client["id"],
        "api": api["id"],
        "user": user["id"],
    }


def run() -> Path:
    """Runs schemathesis; returns where its report is."""
    status, document = asked("GET", "openapi.json")
    assert status == 200, status
    (WORK / "openapi.json").write_text(json.dumps(document), encoding="utf-8")
    settings = "[parameters]\n" + "".join(f'"path.{name}" = "{value}"\n' for name, value in ground().items())
    tomllib.loads(settings)
    (WORK / "schemathesis.toml").write_text(settings, encoding="utf-8")
    report = WORK / "report.xml"
    report.unlink(missing_ok=True)
    program = [str(Path(sys.executable).with_name("schemathesis")), "--config-file", "schemathesis.toml", "run", "openapi.json"]
    given = ["--url", ISSUER, "--header", f"Authorization: Bearer {TOKEN}", "--report", "junit", "--report-junit-path", str(report)]
    subprocess.run([*program, *given, *OPTIONS], cwd=WORK, check=False)
    return report


def main() -> int:
    passed, failed = 0, 0
    for case in xml.parse(run()).getroot().iter("testcase"):
        wrong = [child for child in case if child.tag in ("failure", "error")]
        passed, failed = passed + (not wrong), failed + bool(wrong)
        print(f"{'failed' if wrong else 'passed'}: {case.get('name')}")
    # It must have been let in to the end, or nothing was looked at.
    status, _ = asked("GET", "whoami")
    still = status == 200
    passed, failed = passed + still, failed + (not still)
    print(f"{'passed' if still else 'failed'}: the caller is let in to the end")
    print(f"{passed} passed, {failed} failed")
    return int(failed > 0 or passed < 100)


if __name__ == "__main__":
    sys.exit(main())
