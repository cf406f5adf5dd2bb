#!/usr/bin/env bash
# A person's credentials as gcloud writes them (type authorized_user): an app is registered, Alice lets it in, and the file is
# printed. For suites whose language has no browser. An argument becomes the file's token_uri; Google's libraries send the app's
# secret in the form, so that is how it is registered.
set -euo pipefail
# A failure inside $(…) is a failure.
shopt -s inherit_errexit
cd "$(dirname "${BASH_SOURCE[0]}")"

source lib.sh
ready=$(cat "$CARNET_READY_FILE")
issuer=$(printf %s "$ready" | member issuer)
project=$(printf %s "$ready" | member project)
admin_token=$(printf %s "$ready" | member admin_token)
read=https://demo.carnet.dev/auth/invoices.read
back=http://127.0.0.1:9/callback

# made PATH BODY: something made over the admin API; $body is what it became.
made() {
  ask --header "Authorization: Bearer $admin_token" --header 'Content-Type: application/json' --data "$2" "$issuer/admin/v1/$1"
  begins 'the status' "$status" 20
}

made "projects/$project/clients" "{\"title\":\"Interop\",\"kind\":\"web\",\"authentication\":\"client_secret_post\",
  \"redirect_uris\":[\"http://127.0.0.1/callback\"],\"scopes\":[\"openid\",\"email\",\"offline_access\",\"$read\"]}"
app=$(printf %s "$body" | member id)
made "clients/$app/secrets" '{}'
secret=$(printf %s "$body" | member client_secret)

verifier=$(openssl rand -hex 32)
challenge=$(printf %s "$verifier" | openssl dgst -sha256 -binary | b64url)
at=$(bash browser.sh "$issuer/authorize?response_type=code&client_id=$app&redirect_uri=$back&scope=openid%20email%20offline_access%20$read&code_challenge=$challenge&code_challenge_method=S256" "$back")
code=$(printf %s "$at" | sed -n -E 's/.*[?&]code=([^&]*).*/\1/p')
present code "$code"

ask --data grant_type=authorization_code --data "client_id=$app" --data-urlencode "client_secret=$secret" --data "code=$code" \
  --data-urlencode "redirect_uri=$back" --data "code_verifier=$verifier" "$issuer/token"
refresh=$(printf %s "$body" | member refresh_token)
present refresh_token "$refresh"
printf '{"type":"authorized_user","client_id":"%s","client_secret":"%s","refresh_token":"%s"%s}\n' \
  "$app" "$secret" "$refresh" "${1:+,\"token_uri\":\"$1\"}"
