# 4.2, 4.3, RFC 7662, RFC 7009: tokeninfo, introspection, revocation.

tokeninfo() {
  local token
  token=$(token)
  ask --get --data-urlencode "access_token=$token" "$issuer/tokeninfo"
  is status "$status" 200
  is azp "$(printf %s "$body" | member azp)" "$ci_number"
  is aud "$(printf %s "$body" | member aud)" "$ci_number"
  is scope "$(printf %s "$body" | member scope)" "$read"
  [[ $body =~ \"expires_in\":\ *\"[0-9]+\" ]] || fail 'all values are strings'
  ask --data-urlencode "access_token=$token" "$issuer/oauth2/v3/tokeninfo"
  is 'azp by POST' "$(printf %s "$body" | member azp)" "$ci_number"
}

tokeninfo_of_an_id_token() {
  redeem "$(asserted '"target_audience":"https://invoices.example.com",')"
  ask --get --data-urlencode "id_token=$(printf %s "$body" | member id_token)" "$issuer/tokeninfo"
  is status "$status" 200
  is aud "$(printf %s "$body" | member aud)" https://invoices.example.com
  is sub "$(printf %s "$body" | member sub)" "$ci_number"
  has 'email_verified as a string' "$body" '"email_verified":"true"'
  is alg "$(printf %s "$body" | member alg)" RS256
}

tokeninfo_of_rubbish() {
  ask --get --data-urlencode 'access_token=rubbish' "$issuer/tokeninfo"
  is status "$status" 400
  is error "$(printf %s "$body" | member error)" invalid_token
  is error_description "$(printf %s "$body" | member error_description)" 'Invalid Value'
}

introspect() {
  ask --header "Authorization: Bearer $admin_token" --data-urlencode "token=$1" "$issuer/introspect"
}

introspection() {
  redeem "$(asserted "\"scope\":\"$read\",\"sub\":\"alice@example.com\",")"
  introspect "$(printf %s "$body" | member access_token)"
  is status "$status" 200
  has active "$body" '"active":true'
  is scope "$(printf %s "$body" | member scope)" "$read"
  is client_id "$(printf %s "$body" | member client_id)" "$ci_number"
  is username "$(printf %s "$body" | member username)" alice@example.com
  has act "$body" "$ci"
  introspect rubbish
  is status "$status" 200
  is 'the whole answer' "$body" '{"active":false}'
}

introspection_for_strangers() {
  ask --data-urlencode "token=$(token)" "$issuer/introspect"
  is status "$status" 401
  has 'the challenges' "$headers" 'www-authenticate: Bearer realm='
  has 'the challenges' "$headers" 'www-authenticate: Basic realm='
  [[ $body != *active* ]] || fail 'a stranger is told'
  # An access token of a service account is not enough either.
  local token
  token=$(token)
  ask --header "Authorization: Bearer $token" --data-urlencode "token=$token" "$issuer/introspect"
  is status "$status" 401
}

revocation() {
  local token
  token=$(token)
  introspect "$token"
  has 'introspection before' "$body" '"active":true'
  ask --data-urlencode "token=$token" "$issuer/revoke"
  is status "$status" 200
  is 'the answer' "$body" '{}'
  ask --get --data-urlencode "access_token=$token" "$issuer/tokeninfo"
  is 'tokeninfo after' "$status" 400
  introspect "$token"
  is 'introspection after' "$body" '{"active":false}'
  # A second time there is nothing to revoke.
  ask --data-urlencode "token=$token" "$issuer/revoke"
  is status "$status" 400
  is error_description "$(printf %s "$body" | member error_description)" 'Token expired or revoked'
}

revocation_by_query() {
  ask --get --data-urlencode "token=$(token)" "$issuer/o/oauth2/revoke"
  is status "$status" 200
}

revocation_of_rubbish() {
  ask --data 'token=rubbish' "$issuer/revoke"
  is status "$status" 400
  is error "$(printf %s "$body" | member error)" invalid_token
}

# Disabling reaches the tokens that are out.
a_disabled_account_has_no_tokens() {
  local file token
  file=$(new_account outside)
  as "$file" "\"scope\":\"$read\","
  token=$(printf %s "$body" | member access_token)
  introspect "$token"
  has active "$body" '"active":true'
  disable_account "$file"
  introspect "$token"
  is 'the answer' "$body" '{"active":false}'
}

case_of '4.2 tokeninfo of an access token' tokeninfo
case_of '4.2 tokeninfo of an ID token' tokeninfo_of_an_id_token
case_of '4.2 tokeninfo of rubbish' tokeninfo_of_rubbish
case_of 'RFC 7662 introspection' introspection
case_of 'RFC 7662 introspection is not for strangers' introspection_for_strangers
case_of 'RFC 7009 revocation, and what then holds' revocation
case_of '4.3 revocation by GET with a query' revocation_by_query
case_of '4.3 revocation of rubbish' revocation_of_rubbish
case_of 'a disabled account has no tokens' a_disabled_account_has_no_tokens
