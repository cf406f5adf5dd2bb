package dev.carnet.interop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.api.client.json.webtoken.JsonWebToken;
import com.google.auth.oauth2.AccessToken;
import com.google.auth.oauth2.GoogleCredentials;
import com.google.auth.oauth2.IdToken;
import com.google.auth.oauth2.IdTokenCredentials;
import com.google.auth.oauth2.ServiceAccountCredentials;
import com.google.auth.oauth2.TokenVerifier;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Access tokens and ID tokens from /token (google-wire 12: J1, J2). */
class TokensTest {
  private static final Ready SERVER = Ready.SERVER;
  private static final String AUDIENCE = "https://invoices.example.com";

  private final Watched watched = new Watched();

  private ServiceAccountCredentials ci() throws IOException {
    return ServiceAccountCredentials.fromStream(Ready.stream(SERVER.ciKey), watched);
  }

  @Test
  void J1_fromStream_and_createScoped_give_a_token() throws IOException {
    GoogleCredentials credentials = ci().createScoped(SERVER.readScope);
    long before = System.currentTimeMillis();

    AccessToken token = credentials.refreshAccessToken();

    assertEquals(List.of(SERVER.issuer + "/token"), watched.urls);
    long life = (token.getExpirationTime().getTime() - before) / 1000;
    assertTrue(life >= 3580 && life <= 3605, "it lives " + life + " s");
    JsonObject told = Wire.tokenInfo(token.getTokenValue());
    assertEquals(SERVER.ciClientId, told.get("azp").getAsString());
    assertEquals(SERVER.ciClientId, told.get("sub").getAsString());
    assertEquals(SERVER.readScope, told.get("scope").getAsString());
  }

  @Test
  void J1_the_general_loader_reads_the_file() throws IOException {
    GoogleCredentials loaded = GoogleCredentials.fromStream(Ready.stream(SERVER.ciKey), watched);

    ServiceAccountCredentials account = (ServiceAccountCredentials) loaded;
    assertEquals(SERVER.ciEmail, account.getClientEmail());
    assertEquals(SERVER.ciClientId, account.getClientId());
    assertEquals(SERVER.project, account.getProjectId());
    assertEquals(URI.create(SERVER.issuer + "/token"), account.getTokenServerUri());
    assertEquals("googleapis.com", account.getUniverseDomain());
    loaded.createScoped(SERVER.readScope).refresh();
    assertEquals(1, watched.urls.size());
  }

  @Test
  void J1_one_token_serves_until_it_ends() throws IOException {
    GoogleCredentials credentials = ci().createScoped(List.of(SERVER.readScope, SERVER.writeScope));

    credentials.refreshIfExpired();
    String first = credentials.getAccessToken().getTokenValue();
    credentials.refreshIfExpired();

    assertEquals(first, credentials.getAccessToken().getTokenValue());
    assertEquals(1, watched.urls.size());
  }

  @Test
  void J1_the_alias_of_the_token_endpoint() throws IOException {
    URI alias = URI.create(SERVER.issuer + "/oauth2/v4/token");
    ServiceAccountCredentials credentials =
        ci().toBuilder().setTokenServerUri(alias).setScopes(List.of(SERVER.readScope)).build();

    assertEquals(SERVER.readScope, scopeOf(credentials.refreshAccessToken()));
    assertEquals(List.of(alias.toString()), watched.urls);
    // The ID token's path writes the alias into aud, too.
    assertEquals(AUDIENCE, Wire.claims(idToken(credentials).getTokenValue()).get("aud").getAsString());
  }

  @Test
  void J1_a_key_id_that_is_wrong_is_only_a_hint() throws IOException {
    ServiceAccountCredentials credentials =
        ci().toBuilder()
            .setPrivateKeyId("0123456789012345678901234567890123456789")
            .setScopes(List.of(SERVER.readScope))
            .build();

    assertEquals(SERVER.readScope, scopeOf(credentials.refreshAccessToken()));
  }

  @Test
  void J2_createDelegated_acts_for_the_user() throws IOException {
    GoogleCredentials credentials =
        ci().createScoped(SERVER.readScope).createDelegated("alice@example.com");

    JsonObject told = Wire.tokenInfo(credentials.refreshAccessToken().getTokenValue());

    assertEquals("alice@example.com", told.get("email").getAsString());
    assertEquals(SERVER.ciClientId, told.get("azp").getAsString());
    assertNotEquals(SERVER.ciClientId, told.get("sub").getAsString());
  }

  @Test
  void J2_idTokenWithAudience() throws Exception {
    IdToken token = idToken(ci());

    assertEquals(List.of(SERVER.issuer + "/token"), watched.urls);
    for (String certificates : List.of("/oauth2/v3/certs", "/oauth2/v1/certs")) {
      JsonWebToken.Payload told = verifier(certificates, AUDIENCE).verify(token.getTokenValue()).getPayload();
      assertEquals(SERVER.ciClientId, told.getSubject());
      assertEquals(SERVER.ciEmail, told.get("azp"));
      assertEquals(SERVER.ciEmail, told.get("email"));
      assertEquals(true, told.get("email_verified"));
      assertEquals(3600, told.getExpirationTimeSeconds() - told.getIssuedAtTimeSeconds());
      assertEquals(token.getExpirationTime().getTime() / 1000, told.getExpirationTimeSeconds());
    }
  }

  @Test
  void J2_an_id_token_is_for_its_audience_and_from_its_issuer() throws IOException {
    String token = idToken(ci()).getTokenValue();

    assertThrows(
        TokenVerifier.VerificationException.class,
        () -> verifier("/oauth2/v3/certs", "https://other.example.com").verify(token));
    TokenVerifier google =
        TokenVerifier.newBuilder()
            .setIssuer("https://accounts.google.com")
            .setCertificatesLocation(SERVER.issuer + "/oauth2/v3/certs")
            .build();
    assertThrows(TokenVerifier.VerificationException.class, () -> google.verify(token));
  }

  @Test
  void J2_IdTokenCredentials() throws Exception {
    IdTokenCredentials credentials =
        IdTokenCredentials.newBuilder().setIdTokenProvider(ci()).setTargetAudience(AUDIENCE).build();

    credentials.refresh();

    String token = credentials.getIdToken().getTokenValue();
    assertEquals(token, credentials.getAccessToken().getTokenValue());
    assertEquals(AUDIENCE, verifier("/oauth2/v3/certs", AUDIENCE).verify(token).getPayload().getAudience());
  }

  private static IdToken idToken(ServiceAccountCredentials credentials) throws IOException {
    return credentials.idTokenWithAudience(AUDIENCE, List.of());
  }

  private static String scopeOf(AccessToken token) throws IOException {
    return Wire.tokenInfo(token.getTokenValue()).get("scope").getAsString();
  }

  private static TokenVerifier verifier(String certificates, String audience) {
    return TokenVerifier.newBuilder()
        .setAudience(audience)
        .setIssuer(SERVER.issuer)
        .setCertificatesLocation(SERVER.issuer + certificates)
        .build();
  }
}
