"""What `carnet dev --ready-file` wrote: where the server is and what it holds."""

import json
import os
from dataclasses import dataclass
from pathlib import Path

import requests


@dataclass(frozen=True)
class Ready:
    """The ready file, with the names that the tests use."""

    issuer: str
    metadata: str
    admin_token: str
    project: str
    organization: str
    organization_id: str
    demo_api: str
    demo_discovery: str
    read: str
    write: str
    accounts: tuple[dict, ...]
    users: tuple[dict, ...]
    clients: tuple[dict, ...]
    google: dict

    @classmethod
    def load(cls) -> "Ready":
        path = Path(os.environ["CARNET_READY_FILE"])
        told = json.loads(path.read_text())
        read, write = told["demo"]["scopes"]
        return cls(
            issuer=told["issuer"],
            metadata=told["metadata"]["host"],
            admin_token=told["admin_token"],
            project=told["project"],
            organization=told["organization"],
            organization_id=told["organization_id"],
            demo_api=told["demo"]["api"],
            demo_discovery=told["demo"]["discovery"],
            read=read,
            write=write,
            accounts=tuple(told["service_accounts"]),
            users=tuple(told["users"]),
            clients=tuple(told["clients"]),
            google=told["google"],
        )

    @property
    def ci(self) -> dict:
        """The account that may act for users of example.com, for reading."""
        return next(a for a in self.accounts if a["email"].startswith("ci@"))

    def client(self, name: str) -> dict:
        """An OAuth client of the sandbox: demo-web has a secret, demo-spa has none."""
        return next(c for c in self.clients if c["client_id"] == name)

    @property
    def invoices(self) -> str:
        return self.demo_api + "/invoices"

    def force(self, code: str, times: int) -> None:
        """The next answers of the token endpoint are this error."""
        answer = requests.post(f"{self.issuer}/dev/faults", json={"code": code, "times": str(times)}, timeout=30)
        assert answer.ok, answer.text

    def move_clock(self, offset: str) -> None:
        """The server's clock: `+61m`, or `0`."""
        answer = requests.post(f"{self.issuer}/dev/clock", json={"offset": offset}, timeout=30)
        assert answer.ok, answer.text
