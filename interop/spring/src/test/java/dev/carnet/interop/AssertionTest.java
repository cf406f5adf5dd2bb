package dev.carnet.interop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.OctetSequenceKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.security.oauth2.client.endpoint.NimbusJwtClientAuthenticationParametersConverter;
import org.springframework.security.oauth2.client.endpoint.OAuth2ClientCredentialsGrantRequest;
import org.springframework.security.oauth2.client.endpoint.RestClientClientCredentialsTokenResponseClient;
import org.springframework.security.oauth2.client.registration.ClientRegistration;
import org.springframework.security.oauth2.client.registration.ClientRegistrations;
import org.springframework.security.oauth2.core.AuthorizationGrantType;
import org.springframework.security.oauth2.core.ClientAuthenticationMethod;
import org.springframework.security.oauth2.core.OAuth2AuthenticatedPrincipal;
import org.springframework.security.oauth2.core.OAuth2AuthorizationException;
import org.springframework.security.oauth2.server.resource.introspection.BadOpaqueTokenException;
import org.springframework.security.oauth2.server.resource.introspection.SpringOpaqueTokenIntrospector;

/** S6: a service that signs a JWT about itself. S7: an API that asks us what a token is worth. */
class AssertionTest {
  private static final Ready SERVER = Ready.SERVER;

  private static String daemon(String settings) {
    String body =
        "{\"title\":\"Interop\",\"kind\":\"daemon\",\"scopes\":[\"%s\"],\"default_scopes\":[\"%s\"],%s}"
            .formatted(SERVER.readScope, SERVER.readScope, settings);
    return Http.made("projects/" + SERVER.project + "/clients", body).get("id").asString();
  }

  /** A token for the service, which signs with the key. */
  private static String token(String client, ClientAuthenticationMethod method, JWK key) {
    ClientRegistration registration =
        ClientRegistrations.fromIssuerLocation(SERVER.issuer)
            .registrationId("carnet")
            .clientId(client)
            .clientAuthenticationMethod(method)
            .authorizationGrantType(AuthorizationGrantType.CLIENT_CREDENTIALS)
            .scope(SERVER.readScope)
            .build();
    var converter = new NimbusJwtClientAuthenticationParametersConverter<OAuth2ClientCredentialsGrantRequest>(known -> key);
    var asking = new RestClientClientCredentialsTokenResponseClient();
    asking.addParametersConverter(converter);
    var request = new OAuth2ClientCredentialsGrantRequest(registration);
    return asking.getTokenResponse(request).getAccessToken().getTokenValue();
  }

  private static JWK newKey() throws JOSEException {
    return new ECKeyGenerator(Curve.P_256).algorithm(JWSAlgorithm.ES256).keyID("one").generate();
  }

  @Test
  void S6_private_key_jwt() throws JOSEException {
    JWK key = newKey();
    String client = daemon("\"authentication\":\"private_key_jwt\",\"jwks\":{\"keys\":[" + key.toPublicJWK().toJSONString() + "]}");
    String token = token(client, ClientAuthenticationMethod.PRIVATE_KEY_JWT, key);
    assertEquals(200, Http.status("GET", SERVER.invoices, token));
    JWK stranger = newKey();
    assertThrows(OAuth2AuthorizationException.class, () -> token(client, ClientAuthenticationMethod.PRIVATE_KEY_JWT, stranger));
  }

  @Test
  void S6_client_secret_jwt() {
    String client = daemon("\"authentication\":\"client_secret_jwt\"");
    String secret = Http.made("clients/" + client + "/secrets", "{}").get("client_secret").asString();
    JWK key = new OctetSequenceKey.Builder(secret.getBytes(StandardCharsets.UTF_8)).algorithm(JWSAlgorithm.HS256).build();
    String token = token(client, ClientAuthenticationMethod.CLIENT_SECRET_JWT, key);
    assertEquals(200, Http.status("GET", SERVER.invoices, token));
  }

  @Test
  void S7_an_api_asks_what_a_token_is_worth() {
    String scope = "https://ledger.carnet.dev/auth/entries";
    Ready.Client daemon = SERVER.client("demo-daemon");
    ClientRegistration registration =
        ClientRegistrations.fromIssuerLocation(SERVER.issuer)
            .registrationId("carnet")
            .clientId(daemon.id())
            .clientSecret(daemon.secret())
            .clientAuthenticationMethod(ClientAuthenticationMethod.CLIENT_SECRET_POST)
            .authorizationGrantType(AuthorizationGrantType.CLIENT_CREDENTIALS)
            .scope(scope)
            .build();
    var asking = new RestClientClientCredentialsTokenResponseClient();
    String token = asking.getTokenResponse(new OAuth2ClientCredentialsGrantRequest(registration)).getAccessToken().getTokenValue();
    assertEquals(1, token.split("\\.").length, "an opaque token");

    Ready.Client service = SERVER.client("demo-service");
    SpringOpaqueTokenIntrospector introspector =
        SpringOpaqueTokenIntrospector.withIntrospectionUri(SERVER.issuer + "/introspect")
            .clientId(service.id())
            .clientSecret(service.secret())
            .build();
    OAuth2AuthenticatedPrincipal told = introspector.introspect(token);
    assertEquals(daemon.id(), told.getAttribute("client_id"));
    assertEquals(List.of("SCOPE_" + scope), told.getAuthorities().stream().map(Object::toString).toList());
    assertThrows(BadOpaqueTokenException.class, () -> introspector.introspect("no token at all"));
  }
}
