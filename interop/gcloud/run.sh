#!/usr/bin/env bash
# Google's own command line against Carnet, over plain http with the overrides of google-wire 8.6 (12: O4 to O8, O10), and
# at Google's own names through the proxy of `--google`.
set -euo pipefail
# A failure inside $(…) is a failure.
shopt -s inherit_errexit
cd "$(dirname "${BASH_SOURCE[0]}")"

source ../curl/lib.sh
ready=$(cat "$CARNET_READY_FILE")
issuer=$(printf %s "$ready" | member issuer)
project=$(printf %s "$ready" | member project)
source ../curl/admin.sh

# key_file_of NAME: the key file that the sandbox wrote for this account.
key_file_of() {
  printf %s "$ready" | tr ',' '\n' | sed -n -E "s/.*\"key_file\" *: *\"([^\"]*\/$1[^\"\/]*)\".*/\1/p" | head -n 1
}

admin=admin@$project.iam.gserviceaccount.com
ci=ci@$project.iam.gserviceaccount.com

# Nothing of this machine's own gcloud is touched, and nothing leaves it: whatever is not ours goes to a closed port.
export CLOUDSDK_CONFIG=$work/config
export CLOUDSDK_CORE_DISABLE_PROMPTS=1 CLOUDSDK_CORE_DISABLE_USAGE_REPORTING=1
export CLOUDSDK_COMPONENT_MANAGER_DISABLE_UPDATE_CHECK=1 CLOUDSDK_CORE_CHECK_GCE_METADATA=0
export CLOUDSDK_CORE_PROJECT=$project
export CLOUDSDK_API_ENDPOINT_OVERRIDES_IAM=$issuer/
export CLOUDSDK_API_ENDPOINT_OVERRIDES_IAMCREDENTIALS=$issuer/
export CLOUDSDK_API_ENDPOINT_OVERRIDES_CLOUDRESOURCEMANAGER=$issuer/
export CLOUDSDK_API_ENDPOINT_OVERRIDES_STS=$issuer/
export HTTPS_PROXY=http://127.0.0.1:9 NO_PROXY=127.0.0.1,localhost

# field NAME…: what stands there in the JSON on stdin, from the outermost object inwards.
field() {
  python3 -c 'import functools, json, sys
print(functools.reduce(dict.__getitem__, sys.argv[1:], json.load(sys.stdin)))' "$@"
}

# cloud ARGS…: gcloud. Leaves what it printed in $said.
cloud() {
  said=$(timeout 120 gcloud "$@" 2>"$work/errors") || fail "gcloud $*: $(tail -n 20 "$work/errors")"
}

# at_googles_names: from here to its end this case finds us by the lines of `carnet google env gcloud` alone.
at_googles_names() {
  unset "${!CLOUDSDK_API_ENDPOINT_OVERRIDES_@}"
  eval "$("$CARNET_BIN" google env gcloud --quiet --ready-file "$CARNET_READY_FILE")"
}

# refuses WORDS ARGS…: gcloud says no, with these words.
refuses() {
  local words=$1
  shift
  if said=$(timeout 120 gcloud "$@" 2>&1); then fail "gcloud $* was not refused: $said"; fi
  has "what gcloud says" "$said" "$words"
}

# An issuer elsewhere, whose jobs come here.
python=$CARNET_WORK/../python/venv/bin/python
PYTHONPATH=../python PYTHONDONTWRITEBYTECODE=1 "$python" oidc.py "$work/idp" &
idp_process=$!
trap 'kill $idp_process; rm -rf "$work"' EXIT
for _ in $(seq 100); do [ -s "$work/idp" ] && break || sleep 0.1; done
idp=$(cat "$work/idp")

accounts=(iam service-accounts)
cloud_scope=https://www.googleapis.com/auth/cloud-platform

gcloud version | head -n 1
for part in tokens accounts keys policies impersonation pools federation workforce_pools people languages; do
  source "cases/$part.sh"
done

echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" -eq 0 ]
