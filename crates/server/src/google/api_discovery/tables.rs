//! What each API has here, and nothing that it has elsewhere alone: methods and schemas as [`super::describe`] reads
//! them.

/// The methods of `iam` v1 (google-wire 5.3).
pub(super) const IAM: &str = "\
projects.serviceAccounts.create POST v1/{+name}/serviceAccounts projects/* - CreateServiceAccountRequest ServiceAccount
projects.serviceAccounts.list GET v1/{+name}/serviceAccounts projects/* pageSize,pageToken - ListServiceAccountsResponse
projects.serviceAccounts.get GET v1/{+name} projects/*/serviceAccounts/* - - ServiceAccount
projects.serviceAccounts.patch PATCH v1/{+name} projects/*/serviceAccounts/* - PatchServiceAccountRequest ServiceAccount
projects.serviceAccounts.update PUT v1/{+name} projects/*/serviceAccounts/* - ServiceAccount ServiceAccount
projects.serviceAccounts.delete DELETE v1/{+name} projects/*/serviceAccounts/* - - Empty
projects.serviceAccounts.enable POST v1/{+name}:enable projects/*/serviceAccounts/* - EnableServiceAccountRequest Empty
projects.serviceAccounts.disable POST v1/{+name}:disable projects/*/serviceAccounts/* - DisableServiceAccountRequest Empty
projects.serviceAccounts.undelete POST v1/{+name}:undelete projects/*/serviceAccounts/* - UndeleteServiceAccountRequest UndeleteServiceAccountResponse
projects.serviceAccounts.getIamPolicy POST v1/{+resource}:getIamPolicy projects/*/serviceAccounts/* options.requestedPolicyVersion - Policy
projects.serviceAccounts.setIamPolicy POST v1/{+resource}:setIamPolicy projects/*/serviceAccounts/* - SetIamPolicyRequest Policy
projects.serviceAccounts.testIamPermissions POST v1/{+resource}:testIamPermissions projects/*/serviceAccounts/* - TestIamPermissionsRequest TestIamPermissionsResponse
projects.serviceAccounts.signBlob POST v1/{+name}:signBlob projects/*/serviceAccounts/* - SignBlobRequest SignBlobResponse
projects.serviceAccounts.signJwt POST v1/{+name}:signJwt projects/*/serviceAccounts/* - SignJwtRequest SignJwtResponse
projects.serviceAccounts.keys.create POST v1/{+name}/keys projects/*/serviceAccounts/* - CreateServiceAccountKeyRequest ServiceAccountKey
projects.serviceAccounts.keys.upload POST v1/{+name}/keys:upload projects/*/serviceAccounts/* - UploadServiceAccountKeyRequest ServiceAccountKey
projects.serviceAccounts.keys.list GET v1/{+name}/keys projects/*/serviceAccounts/* keyTypes - ListServiceAccountKeysResponse
projects.serviceAccounts.keys.get GET v1/{+name} projects/*/serviceAccounts/*/keys/* publicKeyType - ServiceAccountKey
projects.serviceAccounts.keys.enable POST v1/{+name}:enable projects/*/serviceAccounts/*/keys/* - EnableServiceAccountKeyRequest Empty
projects.serviceAccounts.keys.disable POST v1/{+name}:disable projects/*/serviceAccounts/*/keys/* - DisableServiceAccountKeyRequest Empty
projects.serviceAccounts.keys.delete DELETE v1/{+name} projects/*/serviceAccounts/*/keys/* - - Empty
projects.locations.workloadIdentityPools.create POST v1/{+parent}/workloadIdentityPools projects/*/locations/* workloadIdentityPoolId WorkloadIdentityPool Operation
projects.locations.workloadIdentityPools.list GET v1/{+parent}/workloadIdentityPools projects/*/locations/* pageSize,pageToken,showDeleted - ListWorkloadIdentityPoolsResponse
projects.locations.workloadIdentityPools.get GET v1/{+name} projects/*/locations/*/workloadIdentityPools/* - - WorkloadIdentityPool
projects.locations.workloadIdentityPools.patch PATCH v1/{+name} projects/*/locations/*/workloadIdentityPools/* updateMask WorkloadIdentityPool Operation
projects.locations.workloadIdentityPools.delete DELETE v1/{+name} projects/*/locations/*/workloadIdentityPools/* - - Operation
projects.locations.workloadIdentityPools.undelete POST v1/{+name}:undelete projects/*/locations/*/workloadIdentityPools/* - UndeleteWorkloadIdentityPoolRequest Operation
projects.locations.workloadIdentityPools.operations.get GET v1/{+name} projects/*/locations/*/workloadIdentityPools/*/operations/* - - Operation
projects.locations.workloadIdentityPools.providers.create POST v1/{+parent}/providers projects/*/locations/*/workloadIdentityPools/* workloadIdentityPoolProviderId WorkloadIdentityPoolProvider Operation
projects.locations.workloadIdentityPools.providers.list GET v1/{+parent}/providers projects/*/locations/*/workloadIdentityPools/* pageSize,pageToken,showDeleted - ListWorkloadIdentityPoolProvidersResponse
projects.locations.workloadIdentityPools.providers.get GET v1/{+name} projects/*/locations/*/workloadIdentityPools/*/providers/* - - WorkloadIdentityPoolProvider
projects.locations.workloadIdentityPools.providers.patch PATCH v1/{+name} projects/*/locations/*/workloadIdentityPools/*/providers/* updateMask WorkloadIdentityPoolProvider Operation
projects.locations.workloadIdentityPools.providers.delete DELETE v1/{+name} projects/*/locations/*/workloadIdentityPools/*/providers/* - - Operation
projects.locations.workloadIdentityPools.providers.undelete POST v1/{+name}:undelete projects/*/locations/*/workloadIdentityPools/*/providers/* - UndeleteWorkloadIdentityPoolProviderRequest Operation
projects.locations.workloadIdentityPools.providers.operations.get GET v1/{+name} projects/*/locations/*/workloadIdentityPools/*/providers/*/operations/* - - Operation
locations.workforcePools.create POST v1/{+location}/workforcePools locations/* workforcePoolId WorkforcePool Operation
locations.workforcePools.list GET v1/{+location}/workforcePools locations/* parent,pageSize,pageToken,showDeleted - ListWorkforcePoolsResponse
locations.workforcePools.get GET v1/{+name} locations/*/workforcePools/* - - WorkforcePool
locations.workforcePools.patch PATCH v1/{+name} locations/*/workforcePools/* updateMask WorkforcePool Operation
locations.workforcePools.delete DELETE v1/{+name} locations/*/workforcePools/* - - Operation
locations.workforcePools.undelete POST v1/{+name}:undelete locations/*/workforcePools/* - UndeleteWorkforcePoolRequest Operation
locations.workforcePools.operations.get GET v1/{+name} locations/*/workforcePools/*/operations/* - - Operation
locations.workforcePools.providers.create POST v1/{+parent}/providers locations/*/workforcePools/* workforcePoolProviderId WorkforcePoolProvider Operation
locations.workforcePools.providers.list GET v1/{+parent}/providers locations/*/workforcePools/* pageSize,pageToken,showDeleted - ListWorkforcePoolProvidersResponse
locations.workforcePools.providers.get GET v1/{+name} locations/*/workforcePools/*/providers/* - - WorkforcePoolProvider
locations.workforcePools.providers.patch PATCH v1/{+name} locations/*/workforcePools/*/providers/* updateMask WorkforcePoolProvider Operation
locations.workforcePools.providers.delete DELETE v1/{+name} locations/*/workforcePools/*/providers/* - - Operation
locations.workforcePools.providers.undelete POST v1/{+name}:undelete locations/*/workforcePools/*/providers/* - UndeleteWorkforcePoolProviderRequest Operation
locations.workforcePools.providers.operations.get GET v1/{+name} locations/*/workforcePools/*/providers/*/operations/* - - Operation
projects.roles.list GET v1/{+parent}/roles projects/* - - ListRolesResponse
organizations.roles.list GET v1/{+parent}/roles organizations/* - - ListRolesResponse
roles.list GET v1/roles - view - ListRolesResponse
roles.get GET v1/{+name} roles/* - - Role
roles.queryGrantableRoles POST v1/roles:queryGrantableRoles - - QueryGrantableRolesRequest QueryGrantableRolesResponse
permissions.queryTestablePermissions POST v1/permissions:queryTestablePermissions - - QueryTestablePermissionsRequest QueryTestablePermissionsResponse
";

/// The schemas of `iam` v1.
pub(super) const IAM_SCHEMAS: &str = "\
ServiceAccount name projectId uniqueId email displayName etag:bytes description oauth2ClientId disabled:yes
CreateServiceAccountRequest accountId serviceAccount:ServiceAccount
PatchServiceAccountRequest serviceAccount:ServiceAccount updateMask
ListServiceAccountsResponse accounts:[ServiceAccount] nextPageToken
EnableServiceAccountRequest
DisableServiceAccountRequest
UndeleteServiceAccountRequest
UndeleteServiceAccountResponse restoredAccount:ServiceAccount
Policy version:number etag:bytes bindings:[Binding]
Binding role members:texts condition:Expr
Expr expression title description
SetIamPolicyRequest policy:Policy updateMask
TestIamPermissionsRequest permissions:texts
TestIamPermissionsResponse permissions:texts
SignBlobRequest bytesToSign:bytes
SignBlobResponse keyId signature:bytes
SignJwtRequest payload
SignJwtResponse keyId signedJwt
ServiceAccountKey name privateKeyType keyAlgorithm privateKeyData:bytes publicKeyData:bytes validAfterTime validBeforeTime keyOrigin keyType disabled:yes disableReason
CreateServiceAccountKeyRequest privateKeyType keyAlgorithm
UploadServiceAccountKeyRequest publicKeyData:bytes
ListServiceAccountKeysResponse keys:[ServiceAccountKey]
EnableServiceAccountKeyRequest
DisableServiceAccountKeyRequest serviceAccountKeyDisableReason extendedStatusMessage
Empty
WorkloadIdentityPool name displayName description state disabled:yes mode expireTime
ListWorkloadIdentityPoolsResponse workloadIdentityPools:[WorkloadIdentityPool] nextPageToken
UndeleteWorkloadIdentityPoolRequest
WorkloadIdentityPoolProvider name displayName description state disabled:yes attributeMapping:map attributeCondition oidc:Oidc aws:Aws saml:Saml x509:X509 expireTime
Oidc issuerUri allowedAudiences:texts jwksJson
Aws accountId
Saml idpMetadataXml
X509 trustStore:TrustStore
TrustStore trustAnchors:[PemCertificate] intermediateCas:[PemCertificate]
PemCertificate pemCertificate
ListWorkloadIdentityPoolProvidersResponse workloadIdentityPoolProviders:[WorkloadIdentityPoolProvider] nextPageToken
UndeleteWorkloadIdentityPoolProviderRequest
WorkforcePool name parent displayName description state disabled:yes sessionDuration expireTime
ListWorkforcePoolsResponse workforcePools:[WorkforcePool] nextPageToken
UndeleteWorkforcePoolRequest
WorkforcePoolProvider name displayName description state disabled:yes attributeMapping:map attributeCondition oidc:GoogleIamAdminV1WorkforcePoolProviderOidc saml:GoogleIamAdminV1WorkforcePoolProviderSaml expireTime
GoogleIamAdminV1WorkforcePoolProviderOidc issuerUri clientId jwksJson clientSecret:GoogleIamAdminV1WorkforcePoolProviderOidcClientSecret webSsoConfig:GoogleIamAdminV1WorkforcePoolProviderOidcWebSsoConfig
GoogleIamAdminV1WorkforcePoolProviderOidcClientSecret value:GoogleIamAdminV1WorkforcePoolProviderOidcClientSecretValue
GoogleIamAdminV1WorkforcePoolProviderOidcClientSecretValue plainText thumbprint
GoogleIamAdminV1WorkforcePoolProviderOidcWebSsoConfig responseType assertionClaimsBehavior additionalScopes:texts
GoogleIamAdminV1WorkforcePoolProviderSaml idpMetadataXml
ListWorkforcePoolProvidersResponse workforcePoolProviders:[WorkforcePoolProvider] nextPageToken
UndeleteWorkforcePoolProviderRequest
Operation name metadata:any done:yes response:any
Role name title description includedPermissions:texts stage etag:bytes
ListRolesResponse roles:[Role]
QueryGrantableRolesRequest fullResourceName view
QueryGrantableRolesResponse roles:[Role]
QueryTestablePermissionsRequest fullResourceName
QueryTestablePermissionsResponse permissions:[Permission]
Permission name stage
";

/// The methods of `iamcredentials` v1 (google-wire 5.1).
pub(super) const IAM_CREDENTIALS: &str = "\
projects.serviceAccounts.generateAccessToken POST v1/{+name}:generateAccessToken projects/*/serviceAccounts/* - GenerateAccessTokenRequest GenerateAccessTokenResponse
projects.serviceAccounts.generateIdToken POST v1/{+name}:generateIdToken projects/*/serviceAccounts/* - GenerateIdTokenRequest GenerateIdTokenResponse
projects.serviceAccounts.signBlob POST v1/{+name}:signBlob projects/*/serviceAccounts/* - SignBlobRequest SignBlobResponse
projects.serviceAccounts.signJwt POST v1/{+name}:signJwt projects/*/serviceAccounts/* - SignJwtRequest SignJwtResponse
projects.serviceAccounts.getAllowedLocations GET v1/{+name}/allowedLocations projects/*/serviceAccounts/* - - AllowedLocations
";

/// The schemas of `iamcredentials` v1.
pub(super) const IAM_CREDENTIALS_SCHEMAS: &str = "\
GenerateAccessTokenRequest delegates:texts scope:texts lifetime
GenerateAccessTokenResponse accessToken expireTime
GenerateIdTokenRequest delegates:texts audience includeEmail:yes
GenerateIdTokenResponse token
SignBlobRequest delegates:texts payload:bytes
SignBlobResponse keyId signedBlob:bytes
SignJwtRequest delegates:texts payload
SignJwtResponse keyId signedJwt
AllowedLocations locations:texts encodedLocations
";

/// The methods of `sts` v1 (google-wire 6.1).
pub(super) const STS: &str = "\
v1.token POST v1/token - - ExchangeTokenRequest ExchangeTokenResponse
v1.introspect POST v1/introspect - - IntrospectTokenRequest IntrospectTokenResponse
v1.oauthtoken POST v1/oauthtoken - - ExchangeOauthTokenRequest ExchangeOauthTokenResponse
";

/// The schemas of `sts` v1.
pub(super) const STS_SCHEMAS: &str = "\
ExchangeTokenRequest audience grantType options requestedTokenType scope subjectToken subjectTokenType
ExchangeTokenResponse access_token issued_token_type token_type expires_in:number
IntrospectTokenRequest token tokenTypeHint
IntrospectTokenResponse active:yes client_id exp iat iss scope sub username
ExchangeOauthTokenRequest clientId code codeVerifier grantType redirectUri refreshToken
ExchangeOauthTokenResponse access_token expires_in:number refresh_token scope token_type
";

/// The methods of `oauth2` v2 (google-wire 4.2, 4.4).
pub(super) const OAUTH2: &str = "\
tokeninfo POST oauth2/v2/tokeninfo - access_token,id_token - Tokeninfo
userinfo.get GET oauth2/v2/userinfo - - - Userinfo
userinfo.v2.me.get GET userinfo/v2/me - - - Userinfo
";

/// The schemas of `oauth2` v2.
pub(super) const OAUTH2_SCHEMAS: &str = "\
Tokeninfo audience email expires_in:number issued_to scope user_id verified_email:yes
Userinfo email family_name given_name hd id locale name picture verified_email:yes
";
