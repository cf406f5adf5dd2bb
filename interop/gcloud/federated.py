"""What google-auth gets for a credential file of the type external_account, or by default: prints an access token, or
why there is none."""

import sys

import google.auth
from google.auth import exceptions, identity_pool
from google.auth.transport.requests import Request

scope, *files = sys.argv[1:]
try:
    if files:
        credentials = identity_pool.Credentials.from_file(files[0], scopes=[scope])
    else:
        credentials, _ = google.auth.default(scopes=[scope])
    credentials.refresh(Request())
except exceptions.GoogleAuthError as refused:
    sys.exit(str(refused))
print(credentials.token)
