package dev.carnet.interop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.KeyFactory;
import java.security.interfaces.RSAPrivateCrtKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.RSAPublicKeySpec;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.security.authentication.TestingAuthenticationToken;
import org.springframework.security.converter.RsaKeyConverters;
import org.springframework.security.oauth2.client.ClientAuthorizationException;
import org.springframework.security.oauth2.client.JwtBearerOAuth2AuthorizedClientProvider;
import org.springframework.security.oauth2.client.OAuth2AuthorizationContext;
import org.springframework.security.oauth2.client.registration.ClientRegistration;
import org.springframework.security.oauth2.client.registration.ClientRegistrations;
import org.springframework.security.oauth2.core.AuthorizationGrantType;
import org.springframework.security.oauth2.core.ClientAuthenticationMethod;
import org.springframework.security.oauth2.core.OAuth2AccessToken;
import org.springframework.security.oauth2.jose.jws.SignatureAlgorithm;
import org.springframework.security.oauth2.jwt.JwsHeader;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.security.oauth2.jwt.JwtClaimsSet;
import org.springframework.security.oauth2.jwt.JwtEncoderParameters;
import org.springframework.security.oauth2.jwt.JwtException;
import org.springframework.security.oauth2.jwt.JwtValidators;
import org.springframework.security.oauth2.jwt.NimbusJwtDecoder;
import org.springframework.security.oauth2.jwt.NimbusJwtEncoder;

/** S1: Spring's JWT bearer grant (RFC 7523) with a service account's key, and an API that verifies what it gets. */
class ServiceAccountTest {
  private static final Ready SERVER = Ready.SERVER;
  private static final String API = "https://demo.carnet.dev";

  private static OAuth2AccessToken token(String audience) throws Exception {
    ClientRegistration registration =
        ClientRegistrations.fromIssuerLocation(SERVER.issuer)
            .registrationId("carnet")
            .clientId(SERVER.ciKey.get("client_id").asString())
            .clientAuthenticationMethod(ClientAuthenticationMethod.NONE)
            .authorizationGrantType(AuthorizationGrantType.JWT_BEARER)
            .scope(SERVER.readScope)
            .build();
    Jwt assertion = assertion(audience);
    var provider = new JwtBearerOAuth2AuthorizedClientProvider();
    provider.setJwtAssertionResolver(context -> assertion);
    var context =
        OAuth2AuthorizationContext.withClientRegistration(registration)
            .principal(new TestingAuthenticationToken("the service", null, List.of()))
            .build();
    return provider.authorize(context).getAccessToken();
  }

  private static Jwt assertion(String audience) throws Exception {
    byte[] pem = SERVER.ciKey.get("private_key").asString().getBytes(StandardCharsets.US_ASCII);
    var key = (RSAPrivateCrtKey) RsaKeyConverters.pkcs8().convert(new ByteArrayInputStream(pem));
    var published = new RSAPublicKeySpec(key.getModulus(), key.getPublicExponent());
    var publicKey = (RSAPublicKey) KeyFactory.getInstance("RSA").generatePublic(published);
    String keyId = SERVER.ciKey.get("private_key_id").asString();
    Instant now = Instant.now();
    JwtClaimsSet claims =
        JwtClaimsSet.builder()
            .issuer(SERVER.ciKey.get("client_email").asString())
            .audience(List.of(audience))
            .issuedAt(now)
            .expiresAt(now.plusSeconds(300))
            .claim("scope", SERVER.readScope)
            .build();
    JwsHeader header = JwsHeader.with(SignatureAlgorithm.RS256).keyId(keyId).build();
    return NimbusJwtEncoder.withKeyPair(publicKey, key)
        .jwkPostProcessor(jwk -> jwk.keyID(keyId))
        .build()
        .encode(JwtEncoderParameters.from(header, claims));
  }

  private static NimbusJwtDecoder api(String audience) {
    NimbusJwtDecoder decoder = NimbusJwtDecoder.withIssuerLocation(SERVER.issuer).validateType(false).build();
    String client = SERVER.ciKey.get("client_id").asString();
    decoder.setJwtValidator(
        JwtValidators.createAtJwtValidator().issuer(SERVER.issuer).audience(audience).clientId(client).build());
    return decoder;
  }

  @Test
  void S1_discovery_and_a_key_are_enough_for_a_token() throws Exception {
    OAuth2AccessToken token = token(SERVER.issuer + "/token");
    assertEquals(OAuth2AccessToken.TokenType.BEARER, token.getTokenType());
    assertEquals(200, Http.status("GET", SERVER.invoices, token.getTokenValue()));
    assertEquals(403, Http.status("POST", SERVER.invoices, token.getTokenValue()));
    assertTrue(Http.challenge("POST", SERVER.invoices, token.getTokenValue()).contains("insufficient_scope"));
  }

  @Test
  void S1_an_assertion_for_somebody_else_is_refused() {
    var error = assertThrows(ClientAuthorizationException.class, () -> token("https://another.example/token"));
    assertEquals("invalid_grant", error.getError().getErrorCode());
    assertTrue(error.getError().getDescription().contains("CRN-2004"));
  }

  @Test
  void S1_an_api_verifies_the_token_by_rfc_9068() throws Exception {
    Jwt token = api(API).decode(token(SERVER.issuer + "/token").getTokenValue());
    assertEquals("at+jwt", token.getHeaders().get("typ"));
    assertEquals(SERVER.readScope, token.getClaimAsString("scope"));
  }

  @Test
  void S1_an_api_refuses_what_is_not_for_it_or_was_changed() throws Exception {
    String token = token(SERVER.issuer + "/token").getTokenValue();
    assertThrows(JwtException.class, () -> api("https://another.example").decode(token));
    int place = token.lastIndexOf('.') + 1;
    String changed = token.substring(0, place) + (token.charAt(place) == 'A' ? 'B' : 'A') + token.substring(place + 1);
    JwtException error = assertThrows(JwtException.class, () -> api(API).decode(changed));
    assertTrue(error.getMessage().contains("signature"), error.getMessage());
  }
}
