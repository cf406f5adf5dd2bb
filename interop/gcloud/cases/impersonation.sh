# O7: admin@ was bound on robot@ above.

becomes() {
  cloud auth print-access-token --impersonate-service-account="$robot"
  present token "$said"
  ask "$issuer/tokeninfo?access_token=$said"
  is email "$(printf %s "$body" | member email)" "$robot"
}
case_of "O7 gcloud --impersonate-service-account" becomes

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
