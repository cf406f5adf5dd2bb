# O7: admin@ was bound on robot@ above.

becomes() {
  cloud auth print-access-token --impersonate-service-account="$robot"
  present token "$said"
  ask "$issuer/tokeninfo?access_token=$said"
  is email "$(printf %s "$body" | member email)" "$robot"
}
case_of "O7 gcloud --impersonate-service-account" becomes

becomes_for_a_while() {
  cloud auth print-access-token --impersonate-service-account="$robot" --lifetime=600
  ask "$issuer/tokeninfo?access_token=$said"
  local left
  left=$(printf %s "$body" | member expires_in)
  at_least expires_in "$left" 500
  at_least "600 less expires_in" $((600 - left)) 0
}
case_of "O7 gcloud auth print-access-token --lifetime" becomes_for_a_while

administers_as_another() {
  cloud "${accounts[@]}" add-iam-policy-binding "$robot" --member="serviceAccount:$robot" --role=roles/iam.serviceAccountViewer
  cloud "${accounts[@]}" describe "$robot" --impersonate-service-account="$robot" --format='value(email)'
  is email "$said" "$robot"
  refuses PERMISSION_DENIED "${accounts[@]}" list --impersonate-service-account="$robot"
}
case_of "O7 a command with --impersonate-service-account may what that account may" administers_as_another

gets_an_identity_token() {
  cloud auth print-identity-token --impersonate-service-account="$robot" --audiences=https://example.com --include-email
  is email "$(claims_of "$said" | field email)" "$robot"
  is "who stands in" "$(claims_of "$said" | field act email)" "$admin"
}
case_of "O7 an ID token of another account" gets_an_identity_token

signs_a_jwt() {
  printf '{"sub":"robot","exp":%s}' "$(($(date +%s) + 600))" >"$work/claims.json"
  cloud "${accounts[@]}" sign-jwt "$work/claims.json" "$work/signed.jwt" --iam-account="$robot"
  is sub "$(claims_of "$(cat "$work/signed.jwt")" | member sub)" robot
}
case_of "O7 gcloud iam service-accounts sign-jwt" signs_a_jwt

signs_bytes() {
  printf 'some bytes' >"$work/bytes"
  cloud "${accounts[@]}" sign-blob "$work/bytes" "$work/signature" --iam-account="$robot"
  [ "$(wc -c <"$work/signature")" -eq 256 ] || fail "the signature has $(wc -c <"$work/signature") bytes"
}
case_of "O7 gcloud iam service-accounts sign-blob" signs_bytes

refuses_others() {
  refuses "PERMISSION_DENIED" auth print-access-token --impersonate-service-account="$ci"
}
case_of "O7 an account on which nobody is bound" refuses_others
