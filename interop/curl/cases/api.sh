# 3.3, 3.4 and the seed's addendum: the protected API, with tokens of ours and with JWTs of the account itself.

reads() {
  ask --header "Authorization: Bearer $(token)" "$invoices"
  is status "$status" 200
  local id
  id=$(printf %s "$body" | member id)
  present 'invoice' "$id"
  ask --header "Authorization: Bearer $(token)" "$invoices/$id"
  is status "$status" 200
  is id "$(printf %s "$body" | member id)" "$id"
}

writes() {
  ask --header "Authorization: Bearer $(token "$write")" --header 'Content-Type: application/json' \
    --data '{"customer":"Interop Ltd","amount":4200,"currency":"EUR"}' "$invoices"
  is 'the first digit of the status' "${status:0:1}" 2
  is customer "$(printf %s "$body" | member customer)" 'Interop Ltd'
}

challenges() {
  ask "$invoices"
  is status "$status" 401
  begins www-authenticate "$(challenge Bearer)" 'Bearer realm="'
  has 'the other challenge' "$(challenge DPoP)" algs=
  [[ $(challenge Bearer) != *error=* ]] || fail 'no token is no error (RFC 6750 section 3.1)'
  is 'the reason' "$(printf %s "$body" | member status)" UNAUTHENTICATED
  ask --header 'Authorization: Bearer rubbish' "$invoices"
  is status "$status" 401
  has www-authenticate "$(challenge Bearer)" 'error="invalid_token"'
  ask --header "Authorization: Bearer $(token)" --header 'Content-Type: application/json' --data '{}' "$invoices"
  is status "$status" 403
  has www-authenticate "$(challenge Bearer)" 'error="insufficient_scope"'
  has www-authenticate "$(challenge Bearer)" "scope=\"$write\""
  is 'the reason' "$(printf %s "$body" | member status)" PERMISSION_DENIED
}

# self_signed CLAIMS: a JWT of ci@ as the addendum describes it.
self_signed() {
  sign "$ci_key" "$header_kid" "{\"iss\":\"$ci\",\"sub\":\"$ci\",$1,\"iat\":$now,\"exp\":$((now + 3600))}"
}

addendum() {
  local aud host
  host=${issuer%:*}
  for aud in "$issuer" "$issuer/" "$host/" "$invoices"; do
    ask --header "Authorization: Bearer $(self_signed "\"aud\":\"$aud\"")" "$invoices"
    is "the status with aud $aud" "$status" 200
  done
}

addendum_with_scope() {
  local more
  for more in '' '"aud":null,'; do
    ask --header "Authorization: Bearer $(self_signed "$more\"scope\":\"$read\"")" "$invoices"
    is status "$status" 200
  done
  ask --header "Authorization: Bearer $(self_signed "\"scope\":\"$read\"")" --header 'Content-Type: application/json' \
    --data '{}' "$invoices"
  is 'the status of a POST' "$status" 403
}

# refuses JWT: the API does not take it.
refuses() {
  ask --header "Authorization: Bearer $1" "$invoices"
  is status "$status" 401
  has www-authenticate "$(challenge Bearer)" 'error="invalid_token"'
}

addendum_refusals() {
  local stranger
  stranger=$(new_account stranger)
  stranger=$(key_of "$stranger")
  refuses "$(self_signed '"aud":"https://other.example.com/"')"
  # Neither an audience nor a scope.
  refuses "$(self_signed '"x":1')"
  # Too long, over, and not yet.
  refuses "$(sign "$ci_key" "$header_kid" "{\"iss\":\"$ci\",\"sub\":\"$ci\",\"aud\":\"$issuer\",\"iat\":$now,\"exp\":$((now + 86400))}")"
  refuses "$(sign "$ci_key" "$header_kid" "{\"iss\":\"$ci\",\"sub\":\"$ci\",\"aud\":\"$issuer\",\"iat\":$((now - 7200)),\"exp\":$((now - 3600))}")"
  refuses "$(sign "$ci_key" "$header_kid" "{\"iss\":\"$ci\",\"sub\":\"$ci\",\"aud\":\"$issuer\",\"iat\":$((now + 3600)),\"exp\":$((now + 7200))}")"
  # For somebody else: that is what delegation is for.
  refuses "$(sign "$ci_key" "$header_kid" "{\"iss\":\"$ci\",\"sub\":\"alice@example.com\",\"aud\":\"$issuer\",\"iat\":$now,\"exp\":$((now + 3600))}")"
  # With another key.
  refuses "$(sign "$stranger" "$header_kid" "{\"iss\":\"$ci\",\"sub\":\"$ci\",\"aud\":\"$issuer\",\"iat\":$now,\"exp\":$((now + 3600))}")"
}

# An assertion that was meant for the token endpoint opens no API.
an_assertion_is_no_bearer_token() {
  refuses "$(sign "$ci_key" "$header_kid" "$(claims '' "$now" "$((now + 3600))" https://oauth2.googleapis.com/token)")"
}

case_of 'O9 the API reads' reads
case_of 'O9 the API writes' writes
case_of '3.4 challenges' challenges
case_of '3.1 a self-signed JWT for the API' addendum
case_of '3.1 a self-signed JWT with scopes' addendum_with_scope
case_of '3.3 self-signed JWTs that are refused' addendum_refusals
case_of '3.3 an assertion is no bearer token' an_assertion_is_no_bearer_token
