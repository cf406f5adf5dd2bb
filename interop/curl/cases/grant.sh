# O9: the seed's raw POST, and T11: the headers of the answer.

raw_post() {
  local assertion
  assertion=$(asserted)
  ask --data "grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Ajwt-bearer&assertion=$assertion" "$issuer/token"
  granted
  local expires_in
  expires_in=$(printf %s "$body" | member expires_in)
  at_least expires_in "$expires_in" 3590
  [[ $body == *"\"expires_in\":$expires_in"* ]] || fail 'expires_in must be a number'
}

headers_of_the_answer() {
  redeem "$(asserted)"
  is content-type "$(header content-type)" 'application/json; charset=utf-8'
  is cache-control "$(header cache-control)" 'no-cache, no-store, max-age=0, must-revalidate'
  is pragma "$(header pragma)" no-cache
  is expires "$(header expires)" 'Mon, 01 Jan 1990 00:00:00 GMT'
  is vary "$(header vary)" 'Origin, X-Origin, Referer'
  is x-content-type-options "$(header x-content-type-options)" nosniff
  is x-frame-options "$(header x-frame-options)" SAMEORIGIN
  present date "$(header date)"
}

googles_other_doors() {
  local assertion path
  for path in /oauth2/v4/token /o/oauth2/token; do
    assertion=$(asserted)
    ask --data-urlencode "grant_type=$grant" --data-urlencode "assertion=$assertion" "$issuer$path"
    granted
  done
}

an_id_token_alone() {
  redeem "$(asserted '"target_audience":"https://invoices.example.com",')"
  is status "$status" 200
  is access_token "$(printf %s "$body" | member access_token)" ''
  is expires_in "$(printf %s "$body" | member expires_in)" ''
  local told
  told=$(claims_of "$(printf %s "$body" | member id_token)")
  is iss "$(printf %s "$told" | member iss)" "$issuer"
  is aud "$(printf %s "$told" | member aud)" https://invoices.example.com
  is sub "$(printf %s "$told" | member sub)" "$ci_number"
  is azp "$(printf %s "$told" | member azp)" "$ci"
  is email_verified "$(printf %s "$told" | member email_verified)" true
}

# The signature holds under the certificate that the token names.
an_id_token_verifies_with_openssl() {
  redeem "$(asserted '"target_audience":"https://invoices.example.com",')"
  local jwt kid
  jwt=$(printf %s "$body" | member id_token)
  kid=$(header_of "$jwt" | member kid)
  ask "$issuer/oauth2/v1/certs"
  printf %s "$body" | member "$kid" | unescape >"$work/certificate"
  openssl x509 -in "$work/certificate" -pubkey -noout >"$work/public"
  printf %s "${jwt##*.}" | unb64url >"$work/signature"
  printf %s "${jwt%.*}" >"$work/signed"
  openssl dgst -sha256 -verify "$work/public" -signature "$work/signature" "$work/signed" || fail 'it does not verify'
  printf 'x' >>"$work/signed"
  ! openssl dgst -sha256 -verify "$work/public" -signature "$work/signature" "$work/signed" || fail 'anything verifies'
}

for_a_user() {
  redeem "$(asserted "\"scope\":\"$read\",\"sub\":\"alice@example.com\",")"
  granted
  redeem "$(asserted "\"scope\":\"$read\",\"prn\":\"alice@example.com\",")"
  granted
}

case_of 'O9 the raw POST of the seed' raw_post
case_of 'T11 the headers of a success' headers_of_the_answer
case_of 'O2 the other doors that Google has' googles_other_doors
case_of 'O9 target_audience gives an ID token alone' an_id_token_alone
case_of 'O9 openssl verifies the ID token' an_id_token_verifies_with_openssl
case_of 'O9 sub, and its older twin prn' for_a_user
