#!/usr/bin/env bash
# The wire itself: what the seed's document says to send, sent with openssl and curl (google-wire 12: O9, T1 to T18).
set -euo pipefail
# A failure inside $(…) is a failure.
shopt -s inherit_errexit
cd "$(dirname "${BASH_SOURCE[0]}")"

source lib.sh
ready=$(cat "$CARNET_READY_FILE")
issuer=$(printf %s "$ready" | member issuer)
project=$(printf %s "$ready" | member project)
source admin.sh

ci=ci@$project.iam.gserviceaccount.com
ci_file=$(printf %s "$ready" | tr ',' '\n' | sed -n -E 's/.*"key_file" *: *"([^"]*ci[^"]*)".*/\1/p' | head -n 1)
[ -s "$ci_file" ] || { echo "the ready file names no key file of $ci"; exit 1; }
cp "$ci_file" "$work/ci.json"
ci_key=$(key_of "$work/ci.json")
ci_kid=$(member private_key_id <"$ci_file")
ci_number=$(member client_id <"$ci_file")
read=https://demo.carnet.dev/auth/invoices.read
write=https://demo.carnet.dev/auth/invoices.write
invoices=$issuer/demo/v1/invoices
now=$(date +%s)

header_kid="{\"alg\":\"RS256\",\"typ\":\"JWT\",\"kid\":\"$ci_kid\"}"

# claims [MORE [IAT [EXP [AUD]]]]: the claims of the seed, with more of them before.
claims() {
  printf '{"iss":"%s",%s"aud":"%s","iat":%s,"exp":%s}' "$ci" "${1-\"scope\":\"$read\",}" "${4:-$issuer/token}" \
    "${2:-$now}" "${3:-$((now + 3600))}"
}

# asserted [CLAIMS ARGS…]: an assertion of ci@ in good order, but for what is given.
asserted() { sign "$ci_key" "$header_kid" "$(claims "$@")"; }

# token [SCOPE]: an access token of ci@.
token() {
  redeem "$(asserted "\"scope\":\"${1:-$read}\",")"
  granted
  printf %s "$body" | member access_token
}

invalid_signature='Invalid JWT Signature.'
invalid_scope='Invalid OAuth scope or ID token audience provided.'
short_lived='Invalid JWT: Token must be a short-lived token (60 minutes) and in a reasonable timeframe. Check your iat and exp values and use a clock with skew to account for clock differences between systems.'
unauthorized='Client is unauthorized to retrieve access tokens using this method, or client not authorized for any of the scopes requested.'

for part in grant form assertion errors clients framework documents tokens api captive readme; do
  source "cases/$part.sh"
done

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
