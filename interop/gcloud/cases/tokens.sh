# O4, O5: a key is activated, tokens are printed.

activates() {
  cloud auth activate-service-account --key-file="$(key_file_of admin)"
  cloud auth list --format='value(account)'
  is account "$said" "$admin"
}
case_of "O4 gcloud auth activate-service-account" activates

prints_an_access_token() {
  cloud auth print-access-token
  present token "$said"
  ask --header "Authorization: Bearer $said" "$issuer/v1/projects/$project"
  is status "$status" 200
  is projectId "$(printf %s "$body" | member projectId)" "$project"
}
case_of "O4 gcloud auth print-access-token: it opens our APIs" prints_an_access_token

prints_an_identity_token() {
  cloud auth print-identity-token --audiences=https://example.com
  local claims
  claims=$(claims_of "$said")
  is aud "$(printf %s "$claims" | member aud)" https://example.com
  is email "$(printf %s "$claims" | member email)" "$admin"
}
case_of "O5 gcloud auth print-identity-token" prints_an_identity_token

describes_the_project() {
  cloud projects describe "$project" --format='value(projectId)'
  is projectId "$said" "$project"
}
case_of "gcloud projects describe" describes_the_project

describes_the_project_by_number() {
  cloud projects describe "$project" --format='value(projectNumber)'
  cloud projects describe "$said" --format='value(projectId)'
  is projectId "$said" "$project"
}
case_of "gcloud projects describe, by number" describes_the_project_by_number

prints_less() {
  cloud auth print-access-token --scopes=https://www.googleapis.com/auth/iam
  is scope "$(claims_of "$said" | field scope | grep -o 'cloud-platform' || true)" ""
  has scope "$(claims_of "$said" | field scope)" https://www.googleapis.com/auth/iam
}
case_of "O4 gcloud auth print-access-token --scopes" prints_less

helps_others() {
  cloud config config-helper --format=json
  ask --header "Authorization: Bearer $(printf %s "$said" | field credential access_token)" "$issuer/v1/projects/$project"
  is status "$status" 200
  is project "$(printf %s "$said" | field configuration properties core project)" "$project"
}
case_of "O4 gcloud config config-helper: what other tools read" helps_others

prints_the_default() {
  # For default credentials gcloud asks Google's name whatever the file says.
  at_googles_names
  export GOOGLE_APPLICATION_CREDENTIALS
  GOOGLE_APPLICATION_CREDENTIALS=$(key_file_of admin)
  cloud auth application-default print-access-token
  ask --header "Authorization: Bearer $said" "$issuer/v1/projects/$project"
  is status "$status" 200
}
case_of "O4 gcloud auth application-default print-access-token" prints_the_default

lists_projects() {
  cloud projects list --format='value(projectId)'
  has list "$said" "$project"
}
case_of "gcloud projects list" lists_projects
