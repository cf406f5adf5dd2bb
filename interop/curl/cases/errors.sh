# T1, T9: the rows of the seed's table that hang on the state of things.

# as FILE CLAIMS: an assertion of the account of this key file.
as() {
  local email
  email=$(member client_email <"$1")
  redeem "$(sign "$(key_of "$1")" '{"alg":"RS256"}' "$(claims "$2" | sed "s/$ci/$email/")")"
}

bad_signature() {
  local stranger
  stranger=$(new_account stranger)
  stranger=$(key_of "$stranger")
  redeem "$(sign "$stranger" "$header_kid" "$(claims)")"
  refused 400 invalid_grant "$invalid_signature" 2005
}

unknown_account_looks_like_it() {
  local stranger one other
  stranger=$(new_account stranger)
  stranger=$(key_of "$stranger")
  redeem "$(sign "$stranger" "$header_kid" "$(claims)")"
  one=$(without_the_moment)
  redeem "$(sign "$stranger" "$header_kid" "$(claims | sed 's/"ci@/"nobody@/')")"
  other=$(without_the_moment)
  is 'the answer' "$other" "$one"
}

without_the_moment() {
  printf '%s\n' "$status"
  printf '%s\n' "$headers" | grep -v -E '^(date|traceparent|x-request-id|x-trace-id|trace-id|age):'
  printf %s "$body" | sed -E 's/"(trace_id|timestamp)": *"[^"]*"//g'
}

disabled_account() {
  local file
  file=$(new_account disabled)
  as "$file" "\"scope\":\"$read\","
  granted
  disable_account "$file"
  as "$file" "\"scope\":\"$read\","
  refused 401 disabled_client 'The OAuth client was disabled.' 2012
}

disabled_key() {
  local file
  file=$(new_account disabledkey)
  disable_key "$file"
  as "$file" "\"scope\":\"$read\","
  refused 400 invalid_grant "$invalid_signature" 2011
}

deleted_key() {
  local file other
  file=$(new_account deletedkey)
  other=$(new_key "$(member client_email <"$file")")
  delete_key "$file"
  as "$file" "\"scope\":\"$read\","
  refused 400 invalid_grant "$invalid_signature" 2005
  as "$other" "\"scope\":\"$read\","
  granted
}

scopes() {
  redeem "$(asserted '"scope":"https://demo.carnet.dev/auth/invoices.raed",')"
  refused 400 invalid_scope "$invalid_scope" 2217
  redeem "$(asserted '"scope":"",')"
  refused 400 invalid_scope "$invalid_scope" 2214
  redeem "$(asserted '')"
  refused 400 invalid_scope "$invalid_scope" 2214
  redeem "$(asserted "\"scope\":\"$read,$write\",")"
  refused 400 invalid_scope "$invalid_scope" 2215
  redeem "$(asserted "\"scopes\":\"$read\",")"
  refused 400 invalid_scope "$invalid_scope" 2216
}

delegation_none() {
  local file
  file=$(new_account undelegated)
  as "$file" "\"scope\":\"$read\",\"sub\":\"alice@example.com\","
  refused 401 unauthorized_client "$unauthorized" 2206
}

delegation_scopes() {
  redeem "$(asserted "\"scope\":\"$write\",\"sub\":\"alice@example.com\",")"
  refused 401 unauthorized_client "$unauthorized" 2205
  redeem "$(asserted "\"scope\":\"$read $write\",\"sub\":\"alice@example.com\",")"
  refused 400 access_denied 'Requested client not authorized.' 2207
}

# acting FILE USER: an assertion of this account for a user, for reading.
acting() { as "$1" "\"scope\":\"$read\",\"sub\":\"$2\","; }

unauthorized_client='Unauthorized client or scope in request.'

delegation_elsewhere_or_suspended() {
  local file elsewhere
  file=$(new_account narrowed)
  new_organization
  delegate "$file" '"everyone"'
  elsewhere=$ann
  acting "$file" "$elsewhere"
  granted
  admin_of "$organization" POST "/delegations/$delegation:suspend" --data '{}'
  acting "$file" "$elsewhere"
  refused 401 unauthorized_client "$unauthorized_client" 2203
  new_organization
  acting "$file" "$ann"
  refused 401 unauthorized_client "$unauthorized_client" 2201
}

delegation_ended() {
  local file
  file=$(new_account ended)
  new_organization
  delegate "$file" '"everyone"' ",\"until\":\"$(date -u -d '+1 minute' +%Y-%m-%dT%H:%M:%SZ)\""
  acting "$file" "$ann"
  granted
  move_clock +120s
  acting "$file" "$ann"
  # The clock goes back before anything can fail.
  local said_status=$status said_headers=$headers said_body=$body
  move_clock 0
  status=$said_status headers=$said_headers body=$said_body
  refused 401 unauthorized_client "$unauthorized_client" 2202
}

delegation_for_others() {
  local file
  file=$(new_account outside)
  new_organization
  delegate "$file" "{\"users\":[\"$ben\"]}"
  acting "$file" "$ben"
  granted
  acting "$file" "$ann"
  refused 400 access_denied 'Requested client not authorized.' 2208
}

policies() {
  local file
  file=$(new_account forbidden)
  new_organization
  delegate "$file" '"everyone"'
  acting "$file" "$ann"
  granted
  admin_of "$organization" POST /policies \
    --data "{\"title\":\"High risk\",\"kind\":\"block_scopes\",\"scopes\":\"$read\"}"
  acting "$file" "$ann"
  refused 400 admin_policy_enforced '' 2301
  admin_of "$organization" POST /policies --data '{"title":"Closed","kind":"own_clients_only"}'
  acting "$file" "$ann"
  refused 403 org_internal 'This client is restricted to users within its organization.' 2304
}

delegation_users() {
  redeem "$(asserted "\"scope\":\"$read\",\"sub\":\"dana@example.com\",")"
  refused 400 invalid_grant 'Not a valid email.' 2210
  redeem "$(asserted "\"scope\":\"$read\",\"sub\":\"carol@example.com\",")"
  refused 400 access_denied 'Account restricted' 2211
  redeem "$(asserted "\"scope\":\"$read\",\"sub\":\"alice\",")"
  refused 400 invalid_request 'Invalid impersonation &quot;sub&quot; field: alice' 2213
}

the_page_of_a_code() {
  redeem "$(asserted '')"
  ask "$(printf %s "$body" | member error_uri)"
  is status "$status" 200
  begins content-type "$(header content-type)" text/html
  has 'the page' "$body" CRN-2214
}

legal_characters() {
  redeem "$(asserted '"scope":"evil\u0007\"<script>\\",')"
  is status "$status" 400
  local said
  said=$(printf %s "$body" | member error_description)
  is 'the illegal part' "$(printf %s "$said" | tr -d ' !#-[]-~')" ''
}

case_of 'T1 bad signature' bad_signature
case_of 'T1 an unknown account looks like a bad signature' unknown_account_looks_like_it
case_of 'T9 a disabled account' disabled_account
case_of 'T9 a disabled key' disabled_key
case_of 'T9 a deleted key' deleted_key
case_of 'T1 scopes: unknown, empty, none, with commas, misnamed' scopes
case_of 'T1 no delegation' delegation_none
case_of 'T1 a delegation for none or some of the scopes' delegation_scopes
case_of 'T1 a delegation that is elsewhere or suspended' delegation_elsewhere_or_suspended
case_of 'T1 a delegation that ended' delegation_ended
case_of 'T1 a delegation for others' delegation_for_others
case_of 'T1 what an organization forbids' policies
case_of 'T1 a user who is unknown, suspended, or no address' delegation_users
case_of 'T1 error_uri opens a page' the_page_of_a_code
case_of 'T1 only legal characters are echoed' legal_characters
