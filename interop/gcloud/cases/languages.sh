# O6: the account's only working key is one that gcloud made; the programs of the other suites use it.

makes_the_only_key() {
  local theirs
  theirs=$(member private_key_id <"$(key_file_of ci)")
  cloud "${accounts[@]}" keys create "$work/ci.json" --iam-account="$ci"
  cloud "${accounts[@]}" keys disable "$theirs" --iam-account="$ci"
  python3 - "$CARNET_READY_FILE" "$ci" "$work/ci.json" >"$work/ready.json" <<'PY'
import json, sys
ready = json.load(open(sys.argv[1]))
for account in ready["service_accounts"]:
    if account["email"] == sys.argv[2]:
        account["key_file"] = sys.argv[3]
print(json.dumps(ready))
PY
  redeem "$(sign "$(key_of "$(key_file_of ci)")" '{"alg":"RS256","typ":"JWT"}' \
    "{\"iss\":\"$ci\",\"scope\":\"$cloud_scope\",\"aud\":\"$issuer/token\",\"iat\":$(date +%s),\"exp\":$(($(date +%s) + 600))}")"
  is "status for the key of the sandbox" "$status" 400
}
case_of "O6 gcloud makes a key and disables the other" makes_the_only_key

# used_from NAME MARK COMMAND: the command of that suite says MARK with gcloud's key.
used_from() {
  local answer=0
  said=$(CARNET_READY_FILE=$work/ready.json python3 languages.py run "$1" "$3" 2>&1) || answer=$?
  case $answer in
    0) has "what $1 says" "$said" "$2" ;;
    69) printf '%s\n' "$said" && exit 69 ;;
    *) fail "it ended with $answer: $said" ;;
  esac
}

by_python() {
  used_from python passed \
    '"$CARNET_WORK/venv/bin/python" -m pytest -q test_tokens.py -k "P1_service or P1_the_token or P5_id_token or P9"'
}
case_of "O6 gcloud's key with google-auth for Python, as P1, P5 and P9" by_python

by_node() {
  used_from node "N3 an ID token" \
    "node --test --test-reporter=tap --test-name-pattern='^N1 ' --test-name-pattern='^N3 ' captive.test.js"
}
case_of "O6 gcloud's key with google-auth-library for Node, as N1 and N3" by_node

by_go() {
  used_from go "--- PASS: TestG1_CredentialsFromJSON" "go test -count=1 -v -run '^Test(G1_|G3_IDToken)' ./..."
}
case_of "O6 gcloud's key with x/oauth2 for Go, as G1 and G3" by_go

by_java() {
  local tests=TokensTest#J1_fromStream_and_createScoped_give_a_token+J1_the_general_loader_reads_the_file+J2_idTokenWithAudience
  used_from java "Tests run: 3, Failures: 0, Errors: 0, Skipped: 0" \
    "mvn --batch-mode -Dstyle.color=never --offline -Dwork=\"\$CARNET_WORK/target\" '-Dtest=$tests' test"
}
case_of "O6 gcloud's key with google-auth-library for Java, as J1 and J2" by_java

by_yup_oauth2() {
  used_from rust "test r1_a_service_account_gets_a_token ... ok" "cargo test --locked --offline --test yup_oauth2 -- r1_"
}
case_of "O6 gcloud's key with yup-oauth2, as R1" by_yup_oauth2

by_gcp_auth() {
  used_from rust "test r2_a_service_account_gets_a_token ... ok" "cargo test --locked --offline --test gcp_auth -- r2_"
}
case_of "O6 gcloud's key with gcp_auth, as R2" by_gcp_auth

by_google_cloud_auth() {
  used_from rust "test r3_a_jwt_with_scopes ... ok" \
    "cargo test --locked --offline --test google_cloud_auth -- r3_a_jwt_with_scopes"
}
case_of "O6 gcloud's key with google-cloud-auth, as R3" by_google_cloud_auth

by_curl() {
  redeem "$(sign "$(key_of "$work/ci.json")" '{"alg":"RS256","typ":"JWT"}' \
    "{\"iss\":\"$ci\",\"scope\":\"$cloud_scope\",\"aud\":\"$issuer/token\",\"iat\":$(date +%s),\"exp\":$(($(date +%s) + 600))}")"
  granted
}
case_of "O6 gcloud's key with curl and openssl, as O9" by_curl
