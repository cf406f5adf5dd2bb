package dev.carnet.interop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.springframework.security.oauth2.client.AuthorizedClientServiceOAuth2AuthorizedClientManager;
import org.springframework.security.oauth2.client.ClientAuthorizationException;
import org.springframework.security.oauth2.client.InMemoryOAuth2AuthorizedClientService;
import org.springframework.security.oauth2.client.OAuth2AuthorizeRequest;
import org.springframework.security.oauth2.client.OAuth2AuthorizedClient;
import org.springframework.security.oauth2.client.registration.ClientRegistration;
import org.springframework.security.oauth2.client.registration.ClientRegistrations;
import org.springframework.security.oauth2.client.registration.InMemoryClientRegistrationRepository;
import org.springframework.security.oauth2.core.AuthorizationGrantType;
import org.springframework.security.oauth2.core.ClientAuthenticationMethod;
import org.springframework.security.oauth2.core.DelegatingOAuth2TokenValidator;
import org.springframework.security.oauth2.core.OAuth2AccessToken;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.security.oauth2.jwt.JwtException;
import org.springframework.security.oauth2.jwt.JwtValidators;
import org.springframework.security.oauth2.jwt.NimbusJwtDecoder;

/** S2, S3: a service asks for itself, with what Spring Security reads from our discovery, and an API reads the token. */
class ClientCredentialsTest {
  private static final Ready SERVER = Ready.SERVER;
  private static final Ready.Client WEB = SERVER.client("demo-web");

  private static ClientRegistration.Builder registration(String... scopes) {
    return ClientRegistrations.fromIssuerLocation(SERVER.issuer)
        .registrationId("carnet")
        .clientId(WEB.id())
        .clientSecret(WEB.secret())
        .authorizationGrantType(AuthorizationGrantType.CLIENT_CREDENTIALS)
        .scope(scopes);
  }

  private static OAuth2AuthorizedClient authorize(ClientRegistration registration) {
    var known = new InMemoryClientRegistrationRepository(registration);
    var manager = new AuthorizedClientServiceOAuth2AuthorizedClientManager(known, new InMemoryOAuth2AuthorizedClientService(known));
    var request = OAuth2AuthorizeRequest.withClientRegistrationId("carnet").principal("the service").build();
    return manager.authorize(request);
  }

  /** What the library says of it: of a 401 it keeps the body, but not its error code as its own. */
  private static String refused(ClientRegistration registration) {
    return assertThrows(ClientAuthorizationException.class, () -> authorize(registration)).getError().toString();
  }

  @Test
  void S2_discovery_is_enough_for_a_token() {
    OAuth2AuthorizedClient client = authorize(registration(SERVER.readScope).build());

    OAuth2AccessToken token = client.getAccessToken();
    assertEquals(OAuth2AccessToken.TokenType.BEARER, token.getTokenType());
    assertEquals(Set.of(SERVER.readScope), token.getScopes());
    Duration life = Duration.between(token.getIssuedAt(), token.getExpiresAt());
    assertEquals(3600, life.toSeconds(), 1);
    assertNull(client.getRefreshToken());
    assertEquals(200, Http.status("GET", SERVER.invoices, token.getTokenValue()));
    assertEquals(403, Http.status("POST", SERVER.invoices, token.getTokenValue()));
  }

  @Test
  void S2_a_secret_in_the_form() {
    Ready.Client daemon = SERVER.client("demo-daemon");
    ClientRegistration registration =
        registration(SERVER.readScope)
            .clientId(daemon.id())
            .clientSecret(daemon.secret())
            .clientAuthenticationMethod(ClientAuthenticationMethod.CLIENT_SECRET_POST)
            .build();
    assertEquals(200, Http.status("GET", SERVER.invoices, authorize(registration).getAccessToken().getTokenValue()));
  }

  @Test
  void S2_a_wrong_secret_another_method_and_an_unknown_scope() {
    var post = ClientAuthenticationMethod.CLIENT_SECRET_POST;
    for (ClientRegistration.Builder wrong :
        List.of(
            registration(SERVER.readScope).clientSecret("wrong"),
            registration(SERVER.readScope).clientId("nobody"),
            registration(SERVER.readScope).clientAuthenticationMethod(post))) {
      String said = refused(wrong.build());
      assertTrue(said.contains("401 Unauthorized") && said.contains("\"invalid_client\""), said);
    }
    assertTrue(refused(registration("no.such.scope").build()).startsWith("[invalid_scope]"));
  }

  @Test
  void S3_an_api_verifies_the_token_by_rfc_9068() {
    String token = authorize(registration(SERVER.readScope).build()).getAccessToken().getTokenValue();
    NimbusJwtDecoder decoder = NimbusJwtDecoder.withIssuerLocation(SERVER.issuer).validateType(false).build();
    decoder.setJwtValidator(
        JwtValidators.createAtJwtValidator()
            .issuer(SERVER.issuer)
            .audience("https://demo.carnet.dev")
            .clientId(WEB.id())
            .build());

    Jwt jwt = decoder.decode(token);

    assertEquals("at+jwt", jwt.getHeaders().get("typ"));
    assertEquals(SERVER.readScope, jwt.getClaimAsString("scope"));
    assertNotNull(jwt.getId());
    assertEquals(WEB.id(), jwt.getSubject(), "RFC 9068 2.2: the client acts for itself");
  }

  @Test
  void S3_an_api_refuses_what_is_not_for_it() {
    String token = authorize(registration(SERVER.readScope).build()).getAccessToken().getTokenValue();
    NimbusJwtDecoder decoder = NimbusJwtDecoder.withIssuerLocation(SERVER.issuer).validateType(false).build();
    decoder.setJwtValidator(
        new DelegatingOAuth2TokenValidator<>(
            JwtValidators.createAtJwtValidator()
                .issuer(SERVER.issuer)
                .audience("https://another.example")
                .clientId(WEB.id())
                .build()));
    assertThrows(JwtException.class, () -> decoder.decode(token));
    int dot = token.lastIndexOf('.');
    String changed = token.substring(0, dot + 1) + (token.charAt(dot + 1) == 'A' ? 'B' : 'A') + token.substring(dot + 2);
    JwtException error = assertThrows(JwtException.class, () -> decoder.decode(changed));
    assertTrue(error.getMessage().contains("signature"), error.getMessage());
  }
}
