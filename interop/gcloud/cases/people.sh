# O12: people of a workforce sign in with gcloud, in a browser that is curl, at an issuer elsewhere.

PYTHONPATH=../python PYTHONDONTWRITEBYTECODE=1 "$python" login.py "$work/login" &
login_process=$!
trap 'kill $idp_process $login_process; rm -rf "$work"' EXIT
for _ in $(seq 100); do [ -s "$work/login" ] && break || sleep 0.1; done
login=$(cat "$work/login")

new_organization
people=people-$(openssl rand -hex 4)
workforce=locations/global/workforcePools/$people
admin_of "$organization" POST /workforce-pools --data "{\"id\":\"$people\",\"session_seconds\":3600}"
admin_of "$organization" POST "/workforce-pools/$people/providers" --data "{\"id\":\"login\",
  \"oidc\":{\"issuer\":\"$login\",\"web_sign_in\":{\"client_id\":\"carnet\",\"client_secret\":\"tell nobody\",
    \"response_type\":\"code\",\"assertion_claims\":\"id_token\"}},
  \"attribute_mapping\":{\"google.subject\":\"assertion.sub\",\"google.groups\":\"assertion.groups\"}}"
alice=principal://iam.googleapis.com/$workforce/subject/alice

# signing_in: from here to its end this case is alice's gcloud, at Google's names, with a browser.
signing_in() {
  export CLOUDSDK_CONFIG=$work/alice
  at_googles_names
  # What BROWSER says is split at colons, and waited for unless it ends so: gcloud answers the browser afterwards.
  browser=$work/browser
  printf '#!/bin/sh\nexec curl --silent --fail --location --cookie-jar "%s" --cookie "%s" --cacert "%s" --header "Accept: text/html" "$@"\n' \
    "$work/jar" "$work/jar" "$CLOUDSDK_CORE_CUSTOM_CA_CERTS_FILE" >"$browser"
  chmod +x "$browser"
  export DISPLAY=:0 BROWSER="$browser %s &"
}

writes_a_login_config() {
  cloud iam workforce-pools create-login-config "$workforce/providers/login" --output-file="$work/login.json"
  is auth_url "$(field auth_url <"$work/login.json")" https://auth.cloud.google/authorize
  is token_url "$(field token_url <"$work/login.json")" https://sts.googleapis.com/v1/oauthtoken
}
case_of "O12 gcloud iam workforce-pools create-login-config" writes_a_login_config

signs_in() {
  signing_in
  cloud auth login --login-config="$work/login.json"
  cloud auth list --format='value(account)'
  has account "$said" "$alice"
  cloud auth print-access-token
  is sub "$(claims_of "$said" | field sub)" "$alice"
  is groups "$(claims_of "$said" | field federated groups)" "['ops']"
}
case_of "O12 gcloud auth login --login-config: alice signs in with her browser" signs_in

copies_the_code() {
  signing_in
  export CLOUDSDK_CONFIG=$work/copied
  said=$(timeout 200 python3 copied.py "$browser" gcloud auth login --no-launch-browser --login-config="$work/login.json" 2>&1) ||
    fail "$said"
  cloud auth list --format='value(account)'
  has account "$said" "$alice"
}
case_of "O12 gcloud auth login --login-config --no-launch-browser: alice copies the code" copies_the_code

is_used_by_programs() {
  signing_in
  cloud auth application-default login --disable-quota-project --login-config="$work/login.json"
  file=$CLOUDSDK_CONFIG/application_default_credentials.json
  is type "$(field type <"$file")" external_account_authorized_user
  cp "$file" "$work/alice.json"
  said=$(
    eval "$("$CARNET_BIN" google env python --quiet --ready-file "$CARNET_READY_FILE")"
    GOOGLE_APPLICATION_CREDENTIALS=$work/alice.json GOOGLE_CLOUD_PROJECT=$project "$python" federated.py "$cloud_scope" 2>&1
  ) || fail "$said"
  is sub "$(claims_of "$said" | field sub)" "$alice"
}
case_of "O12 gcloud auth application-default login --login-config: google-auth refreshes the file" is_used_by_programs

stops_when_it_is_given_back() {
  refresh=$(field refresh_token <"$work/alice.json")
  ask --data-urlencode "token=$refresh" "$issuer/revoke"
  is status "$status" 200
  if said=$(
    eval "$("$CARNET_BIN" google env python --quiet --ready-file "$CARNET_READY_FILE")"
    GOOGLE_APPLICATION_CREDENTIALS=$work/alice.json GOOGLE_CLOUD_PROJECT=$project "$python" federated.py "$cloud_scope" 2>&1
  ); then fail "a token: $said"; fi
  has refusal "$said" invalid_grant
}
case_of "O12 a refresh token that was given back refreshes nothing" stops_when_it_is_given_back

kill $login_process
trap 'kill $idp_process; rm -rf "$work"' EXIT
