# RFC 6749 2.3, 4.4, 5.2: what a client sends to prove itself, and what it gets for itself.

web=demo-web:demo-secret

# for_itself [ARGS…]: client credentials.
for_itself() { ask --data grant_type=client_credentials --data-urlencode "scope=$read" "$@" "$issuer/token"; }

client_by_header() {
  for_itself --user "$web"
  granted
  is expires_in "$(printf %s "$body" | member expires_in)" 3600
  is scope "$(printf %s "$body" | member scope)" "$read"
  [[ $body != *refresh_token* ]] || fail 'a refresh token for nobody'
  has cache-control "$(header cache-control)" no-store
  ask --header "Authorization: Bearer $(printf %s "$body" | member access_token)" "$invoices"
  is 'status of the API' "$status" 200
}

# RFC 6749 2.3.1: name and secret are form-encoded before they are joined.
client_by_encoded_header() {
  for_itself --header "Authorization: Basic $(printf 'demo%%2Dweb:demo%%2Dsecret' | openssl base64 -A)"
  granted
  for_itself --header "authorization: basic $(printf %s "$web" | openssl base64 -A)"
  granted
}

# refused_client [ARGS…]: one answer for all that is wrong, and nothing that tells them apart.
refused_client() {
  for_itself "$@"
  refused 401 invalid_client Unauthorized 1401
  begins www-authenticate "$(header www-authenticate)" 'Basic realm='
}

client_not_proved() {
  local first
  refused_client --user demo-web:wrong
  first=$(printf %s "$body" | member error_description)
  refused_client --user nobody:demo-secret
  is 'the words for an unknown client' "$(printf %s "$body" | member error_description)" "$first"
  refused_client --data client_id=demo-web --data client_secret=demo-secret
  is 'the words for another method' "$(printf %s "$body" | member error_description)" "$first"
  refused_client --data client_id=demo-web
  is 'the words for no secret' "$(printf %s "$body" | member error_description)" "$first"
}

# RFC 6749 2.3: one method in a request.
client_twice() {
  for_itself --user "$web" --data client_id=demo-web --data client_secret=demo-secret
  is status "$status" 400
  is error "$(printf %s "$body" | member error)" invalid_request
}

client_scopes() {
  ask --user "$web" --data grant_type=client_credentials --data scope=no.such.scope "$issuer/token"
  is status "$status" 400
  is error "$(printf %s "$body" | member error)" invalid_scope
}

client_without_secret() {
  ask --data grant_type=client_credentials --data client_id=demo-spa "$issuer/token"
  is status "$status" 400
  is error "$(printf %s "$body" | member error)" unauthorized_client
}

client_introspects() {
  local token
  for_itself --user "$web"
  token=$(printf %s "$body" | member access_token)
  ask --user "$web" --data-urlencode "token=$token" "$issuer/introspect"
  has active "$body" '"active":true'
  is client_id "$(printf %s "$body" | member client_id)" demo-web
  ask --user demo-web:wrong --data-urlencode "token=$token" "$issuer/introspect"
  is 'status for a wrong secret' "$status" 401
  [[ $body != *active* ]] || fail 'a stranger is told'
  ask --user "$web" --data-urlencode "token=$token" "$issuer/revoke"
  is 'status of the revocation' "$status" 200
  ask --user "$web" --data-urlencode "token=$token" "$issuer/introspect"
  is 'introspection after' "$body" '{"active":false}'
}

case_of 'RFC 6749 4.4 a client for itself' client_by_header
case_of 'RFC 6749 2.3.1 a name and a secret that are encoded' client_by_encoded_header
case_of 'RFC 6749 5.2 all that is wrong with a client is one answer' client_not_proved
case_of 'RFC 6749 2.3 two methods in one request' client_twice
case_of 'RFC 6749 3.3 a scope that is unknown' client_scopes
case_of 'RFC 6749 4.4 not for a client without a secret' client_without_secret
case_of 'RFC 7662, RFC 7009 a client asks about its token and ends it' client_introspects
