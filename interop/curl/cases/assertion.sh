# T2 to T6, T10, T17: what an assertion may look like.

padded() {
  local input signature
  input=$(printf %s "$header_kid" | openssl base64 -A | tr '+/' '-_').$(claims | openssl base64 -A | tr '+/' '-_')
  signature=$(printf %s "$input" | openssl dgst -sha256 -sign "$ci_key" -binary | openssl base64 -A | tr '+/' '-_')
  has 'the signature' "$signature" ==
  redeem "$input.$signature"
  granted
}

kid_is_a_hint() {
  redeem "$(sign "$ci_key" '{"alg":"RS256"}' "$(claims)")"
  granted
  redeem "$(sign "$ci_key" '{"alg":"RS256","kid":"0123456789012345678901234567890123456789"}' "$(claims)")"
  granted
  local other
  other=$(new_account other)
  other=$(member private_key_id <"$other")
  redeem "$(sign "$ci_key" "{\"alg\":\"RS256\",\"kid\":\"$other\"}" "$(claims)")"
  granted
}

audiences() {
  local aud
  for aud in "$issuer" "$issuer/token" "$issuer/oauth2/v4/token" https://oauth2.googleapis.com/token \
    https://www.googleapis.com/oauth2/v4/token https://accounts.google.com/o/oauth2/token \
    https://oauth2.mtls.googleapis.com/token; do
    redeem "$(asserted "\"scope\":\"$read\"," "$now" "$((now + 3600))" "$aud")"
    granted
  done
}

wrong_audience() {
  redeem "$(asserted "\"scope\":\"$read\"," "$now" "$((now + 3600))" https://other.example.com/token)"
  refused 400 invalid_grant 'Invalid JWT: Failed audience check.' 2004
}

windows() {
  local window
  for window in '0 3600' '0 3620' '-60 60' '-60 3600' '0 3900' '200 3800' '-3700 -100'; do
    # shellcheck disable=SC2086
    set -- $window
    redeem "$(asserted "\"scope\":\"$read\"," "$((now + $1))" "$((now + $2))")"
    granted
  done
}

windows_that_are_wrong() {
  local window
  for window in '900 4500 2104' '-4500 -900 2105' '0 3901 2106' '0 43200 2106' '0 -60 2107' '-86400 3600 2110'; do
    # shellcheck disable=SC2086
    set -- $window
    redeem "$(asserted "\"scope\":\"$read\"," "$((now + $1))" "$((now + $2))")"
    refused 400 invalid_grant "$short_lived" "$3"
  done
}

milliseconds() {
  redeem "$(asserted "\"scope\":\"$read\"," "${now}000" "$((now + 3600))000")"
  refused 400 invalid_grant "$short_lived" 2108
}

digit_strings() {
  redeem "$(asserted "\"scope\":\"$read\"," "\"$now\"" "\"$((now + 3600))\"")"
  granted
}

no_times() {
  redeem "$(sign "$ci_key" "$header_kid" "{\"iss\":\"$ci\",\"scope\":\"$read\",\"aud\":\"$issuer/token\",\"exp\":$((now + 60))}")"
  refused 400 invalid_grant 'Invalid JWT: iat (issued at) is not set.' 2109
  redeem "$(sign "$ci_key" "$header_kid" "{\"iss\":\"$ci\",\"scope\":\"$read\",\"aud\":\"$issuer/token\",\"iat\":$now}")"
  refused 400 invalid_grant 'Invalid JWT: exp (expiration time) is not set.' 2109
}

nobody_else() {
  local sub
  for sub in null '""' "\"$ci\""; do
    redeem "$(asserted "\"scope\":\"$read\",\"sub\":$sub,")"
    granted
  done
}

alg_none() {
  redeem "$(printf '{"alg":"none"}' | b64url).$(claims | b64url)."
  refused 400 invalid_grant "$invalid_signature" 2002
}

# The public key, which everybody can fetch, as the secret of an HMAC.
alg_hs256_with_the_public_key() {
  local input signature
  openssl pkey -in "$ci_key" -pubout >"$work/public"
  input=$(printf '{"alg":"HS256","kid":"%s"}' "$ci_kid" | b64url).$(claims | b64url)
  signature=$(printf %s "$input" | openssl dgst -sha256 -mac hmac -macopt "hexkey:$(od -An -tx1 -v "$work/public" | tr -d ' \n')" -binary | b64url)
  redeem "$input.$signature"
  refused 400 invalid_grant "$invalid_signature" 2002
}

segments() {
  redeem "$(asserted).more"
  refused 400 invalid_request 'Bad Request' 2001
  redeem one.two
  refused 400 invalid_request 'Bad Request' 2001
  redeem 'not a token'
  refused 400 invalid_request 'Bad Request' 2001
}

too_long() {
  local filler
  filler=$(head -c 20000 /dev/zero | tr '\0' a)
  redeem "$(asserted "\"scope\":\"$read\",\"filler\":\"$filler\",")"
  is status "$status" 400
  is error "$(printf %s "$body" | member error)" invalid_request
}

case_of 'T2 segments with padding' padded
case_of 'T3 kid absent, wrong, or of another account' kid_is_a_hint
case_of 'T4 every audience of the set' audiences
case_of 'T4 another audience' wrong_audience
case_of 'T5 windows that libraries use' windows
case_of 'T5 windows that are wrong' windows_that_are_wrong
case_of 'T5 milliseconds' milliseconds
case_of 'T6 times as strings of digits' digit_strings
case_of 'T1 no iat, no exp' no_times
case_of 'T13 sub null, empty, or the account itself' nobody_else
case_of 'T10 alg none' alg_none
case_of 'T10 HS256 with the public key' alg_hs256_with_the_public_key
case_of 'T17 too many and too few segments' segments
case_of 'T17 an assertion of 27 kB' too_long
