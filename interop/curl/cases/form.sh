# T7, T8, T18: what a form may look like.

charset() {
  redeem "$(asserted)" --header 'Content-Type: application/x-www-form-urlencoded; charset=UTF-8'
  granted
}

chunked() {
  redeem "$(asserted)" --header 'Transfer-Encoding: chunked'
  granted
}

http_1_0() {
  redeem "$(asserted)" --http1.0
  granted
}

http_2() {
  redeem "$(asserted)" --http2-prior-knowledge
  granted
  begins 'the status line' "$headers" 'HTTP/2 200'
}

expect_continue() {
  redeem "$(asserted)" --header 'Expect: 100-continue'
  granted
}

unknown_fields() {
  redeem "$(asserted)" --data 'format=json&client_id=whatever'
  granted
}

repeated_assertion() {
  local assertion
  assertion=$(asserted)
  redeem "$assertion" --data-urlencode "assertion=$assertion"
  refused 400 invalid_request 'Bad Request' 1002
}

missing_assertion() {
  ask --data-urlencode "grant_type=$grant" "$issuer/token"
  refused 400 invalid_request 'Bad Request' 1001
}

unknown_grant_type() {
  ask --data 'grant_type=authorization-code' "$issuer/token"
  refused 400 unsupported_grant_type 'Invalid grant_type: authorization-code' 1006
}

not_a_post() {
  ask "$issuer/token"
  is status "$status" 405
  is allow "$(header allow)" POST
}

json_body() {
  ask --header 'Content-Type: application/json' --data '{"grant_type":"x"}' "$issuer/token"
  refused 400 unsupported_grant_type 'Invalid grant_type: x' 1006
}

query() {
  ask --request POST --url-query "grant_type=$grant" --url-query "assertion=$(asserted)" "$issuer/token"
  refused 400 invalid_request 'Bad Request' 1004
}

too_large() {
  head -c 2000000 /dev/zero | tr '\0' a >"$work/large"
  ask --data-urlencode "grant_type=$grant" --data-urlencode "assertion@$work/large" "$issuer/token"
  is status "$status" 413
  is error "$(printf %s "$body" | member error)" invalid_request
}

case_of 'T7 a charset behind the media type' charset
case_of 'T7 a chunked body' chunked
case_of 'T7 HTTP/1.0' http_1_0
case_of 'T7 HTTP/2 without TLS' http_2
case_of 'T7 Expect: 100-continue' expect_continue
case_of 'T8 unknown fields are ignored' unknown_fields
case_of 'T8 a repeated assertion is refused' repeated_assertion
case_of 'T1 no assertion' missing_assertion
case_of 'T1 an unknown grant_type' unknown_grant_type
case_of 'T1 GET on /token' not_a_post
case_of 'T1 a body of JSON' json_body
case_of 'T1 parameters in the URL' query
case_of 'T18 a body of 2 MB' too_large
