# T15, 3.3, 4.1, 4.5: what everybody may fetch.

discovery() {
  local path
  for path in /.well-known/openid-configuration /.well-known/oauth-authorization-server; do
    ask "$issuer$path"
    is status "$status" 200
    begins content-type "$(header content-type)" application/json
    is issuer "$(printf %s "$body" | member issuer)" "$issuer"
    is token_endpoint "$(printf %s "$body" | member token_endpoint)" "$issuer/token"
    has grant_types_supported "$body" "$grant"
    ask "$(printf %s "$body" | member jwks_uri)"
    is status "$status" 200
    has 'the key set' "$body" '"kty"'
  done
}

# What discovery names is there.
discovery_is_true() {
  local document name url
  ask "$issuer/.well-known/openid-configuration"
  document=$body
  for name in authorization_endpoint token_endpoint introspection_endpoint revocation_endpoint userinfo_endpoint jwks_uri \
    device_authorization_endpoint pushed_authorization_request_endpoint registration_endpoint; do
    url=$(printf %s "$document" | member "$name")
    present "$name" "$url"
    ask "$url"
    [ "$status" != 404 ] || fail "$name is not there"
  done
  for name in end_session_endpoint check_session_iframe backchannel_authentication_endpoint; do
    is "$name" "$(printf %s "$document" | member "$name")" ''
  done
}

key_sets() {
  local path
  for path in /jwks /.well-known/jwks.json; do
    ask "$issuer$path"
    is status "$status" 200
    has 'the key set' "$body" '"alg":"ES256"'
    has 'the key set' "$body" '"alg":"RS256"'
    has cache-control "$(header cache-control)" max-age=
    [[ $body != *'"d":'* ]] || fail 'a private key is published'
  done
}

the_same_kids() {
  local certificates keys
  ask "$issuer/oauth2/v1/certs"
  is status "$status" 200
  begins cache-control "$(header cache-control)" 'public, max-age='
  certificates=$(printf %s "$body" | grep -o -E '"[^"]+" *: *"-----BEGIN CERTIFICATE' | cut -d'"' -f2 | sort)
  ask "$issuer/oauth2/v3/certs"
  begins cache-control "$(header cache-control)" 'public, max-age='
  keys=$(printf %s "$body" | grep -o -E '"kid" *: *"[^"]+"' | cut -d'"' -f4 | sort)
  present 'published key' "$keys"
  is 'the kids of v1' "$certificates" "$keys"
}

account_certificates() {
  local path
  for path in "/robot/v1/metadata/x509/$ci" "/service_accounts/v1/metadata/x509/${ci/@/%40}"; do
    ask "$issuer$path"
    is status "$status" 200
    begins cache-control "$(header cache-control)" 'public, max-age='
    printf %s "$body" | member "$ci_kid" | unescape >"$work/certificate"
    is 'the public key' "$(openssl x509 -in "$work/certificate" -pubkey -noout)" "$(openssl pkey -in "$ci_key" -pubout)"
    is 'the subject' "$(openssl x509 -in "$work/certificate" -noout -subject -nameopt multiline | sed -n 's/ *commonName *= //p')" "$ci_number"
  done
}

account_public_keys() {
  ask "$issuer/service_accounts/v1/metadata/raw/$ci"
  is status "$status" 200
  is 'the public key' "$(printf %s "$body" | member "$ci_kid" | unescape)" "$(openssl pkey -in "$ci_key" -pubout)"
}

account_key_sets() {
  local path modulus
  for path in "/service_accounts/v1/jwk/$ci" "/service_accounts/v1/metadata/jwk/$ci"; do
    ask "$issuer$path"
    is status "$status" 200
    is kid "$(printf %s "$body" | member kid)" "$ci_kid"
    is alg "$(printf %s "$body" | member alg)" RS256
    modulus=$(openssl pkey -in "$ci_key" -pubout | openssl rsa -pubin -noout -modulus 2>/dev/null)
    is n "$(printf %s "$body" | member n | unb64url | od -An -tx1 -v | tr -d ' \n')" \
      "$(printf %s "${modulus#Modulus=}" | tr 'A-F' 'a-f')"
  done
}

an_account_that_is_not_there() {
  local kind
  for kind in jwk metadata/jwk metadata/x509 metadata/raw; do
    ask "$issuer/service_accounts/v1/$kind/nobody@$project.iam.gserviceaccount.com"
    is status "$status" 404
    begins content-type "$(header content-type)" application/json
    is 'the status' "$(printf %s "$body" | member status)" NOT_FOUND
  done
}

a_disabled_key_is_not_listed() {
  local file kid
  file=$(new_account listed)
  kid=$(member private_key_id <"$file")
  ask "$issuer/service_accounts/v1/metadata/raw/$(member client_email <"$file")"
  has 'the document' "$body" "$kid"
  disable_key "$file"
  ask "$issuer/service_accounts/v1/metadata/raw/$(member client_email <"$file")"
  [[ $body != *"$kid"* ]] || fail 'the disabled key is listed'
}

case_of 'discovery, under both names' discovery
case_of 'discovery names what is there, and nothing else' discovery_is_true
case_of 'the key set, under both names' key_sets
case_of 'T15 v1 and v3 certs have the same kids' the_same_kids
case_of 'the certificates of an account' account_certificates
case_of 'the public keys of an account' account_public_keys
case_of 'the key set of an account' account_key_sets
case_of 'an account that is not there' an_account_that_is_not_there
case_of 'a disabled key is not listed' a_disabled_key_is_not_listed
