package dev.carnet.interop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.api.client.http.HttpResponse;
import com.google.auth.Credentials;
import com.google.auth.oauth2.AccessToken;
import com.google.auth.oauth2.GoogleCredentials;
import com.google.auth.oauth2.IdTokenCredentials;
import com.google.auth.oauth2.JwtClaims;
import com.google.auth.oauth2.JwtCredentials;
import com.google.auth.oauth2.ServiceAccountCredentials;
import com.google.auth.oauth2.ServiceAccountJwtAccessCredentials;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** A protected API, called through HttpCredentialsAdapter (J1, J3, J6). */
class ApiTest {
  private static final Ready SERVER = Ready.SERVER;

  private final Watched watched = new Watched();

  private ServiceAccountCredentials ci() throws IOException {
    return ServiceAccountCredentials.fromStream(Ready.stream(SERVER.ciKey), watched);
  }

  @Test
  void J1_the_adapter_reads_the_api() throws IOException {
    GoogleCredentials credentials = ci().createScoped(SERVER.readScope);

    HttpResponse answer = Wire.list(credentials);

    assertEquals(200, answer.getStatusCode());
    JsonObject list = JsonParser.parseString(answer.parseAsString()).getAsJsonObject();
    assertTrue(list.getAsJsonArray("invoices").size() > 0);
    assertEquals(200, Wire.list(credentials).getStatusCode());
    assertEquals(1, watched.urls.size(), "one token serves both");
  }

  @Test
  void J1_a_read_token_does_not_write() throws IOException {
    HttpResponse refused = Wire.insert(ci().createScoped(SERVER.readScope));
    assertEquals(403, refused.getStatusCode());
    assertTrue(refused.getHeaders().getAuthenticateAsList().toString().contains("error=\"insufficient_scope\""));
    assertEquals(1, watched.urls.size(), "403 is no reason to ask for another token");

    assertTrue(Wire.insert(ci().createScoped(SERVER.writeScope)).isSuccessStatusCode());
  }

  @Test
  void J2_the_adapter_reads_for_a_user() throws IOException {
    GoogleCredentials credentials = ci().createScoped(SERVER.readScope).createDelegated("bob@example.com");

    assertEquals(200, Wire.list(credentials).getStatusCode());
  }

  @Test
  void J6_after_a_401_with_invalid_token_exactly_one_refresh() throws IOException {
    AccessToken dead = new AccessToken("not.a.token", new Date(System.currentTimeMillis() + 3_600_000));
    ServiceAccountCredentials.Builder builder = ci().toBuilder().setScopes(List.of(SERVER.readScope));
    builder.setAccessToken(dead);
    ServiceAccountCredentials credentials = builder.build();

    HttpResponse answer = Wire.list(credentials);

    assertEquals(200, answer.getStatusCode());
    assertEquals(1, watched.urls.size(), "one refresh");
    assertNotEquals("not.a.token", credentials.getAccessToken().getTokenValue());
  }

  @Test
  void J6_a_token_that_is_over_is_replaced_before_it_is_sent() throws IOException {
    AccessToken over = new AccessToken("never.to.be.sent", new Date(System.currentTimeMillis() - 60_000));
    ServiceAccountCredentials.Builder builder = ci().toBuilder().setScopes(List.of(SERVER.readScope));
    builder.setAccessToken(over);

    assertEquals(200, Wire.list(builder.build()).getStatusCode());
    assertEquals(1, watched.urls.size(), "one token was asked for");
  }

  @Test
  void J6_many_threads_ask_once() throws Exception {
    GoogleCredentials credentials = ci().createScoped(SERVER.readScope);
    ExecutorService threads = Executors.newFixedThreadPool(16);
    try {
      List<Future<Integer>> answers = new ArrayList<>();
      for (int one = 0; one < 32; one++) {
        answers.add(threads.submit(() -> Wire.list(credentials).getStatusCode()));
      }
      for (Future<Integer> answer : answers) {
        assertEquals(200, answer.get());
      }
    } finally {
      threads.shutdown();
    }
    assertEquals(1, watched.urls.size(), "one token served all");
  }

  @Test
  void J6_a_key_disabled_in_the_middle_gets_no_other_token() throws IOException {
    String key = Admin.account("midway");
    GoogleCredentials credentials =
        ServiceAccountCredentials.fromStream(Ready.stream(key), watched).createScoped(SERVER.readScope);
    assertEquals(200, Wire.list(credentials).getStatusCode());

    Admin.disableKey(key);

    assertEquals(200, Wire.list(credentials).getStatusCode(), "the token in hand lives on");
    IOException error = assertThrows(IOException.class, credentials::refresh);
    assertTrue(error.getMessage().contains("CRN-2011"), error.getMessage());
  }

  @Test
  void J6_a_revoked_token_is_told_apart_and_replaced() throws IOException {
    GoogleCredentials credentials = ci().createScoped(SERVER.readScope);
    credentials.refresh();
    String first = credentials.getAccessToken().getTokenValue();
    Admin.revoke(first);

    IOException error = assertThrows(IOException.class, () -> Admin.tokenInfo(first));
    assertTrue(error.getMessage().contains(": 400 "), error.getMessage());

    credentials.refresh();
    assertNotEquals(first, credentials.getAccessToken().getTokenValue());
    assertEquals(200, Wire.list(credentials).getStatusCode());
  }

  @Test
  void J6_an_id_token_is_no_access_token() throws IOException {
    IdTokenCredentials credentials =
        IdTokenCredentials.newBuilder().setIdTokenProvider(ci()).setTargetAudience(SERVER.issuer).build();

    HttpResponse answer = Wire.list(credentials);

    assertEquals(401, answer.getStatusCode());
    assertTrue(answer.getHeaders().getAuthenticateAsList().stream().anyMatch(challenge -> challenge.startsWith("Bearer ")));
    assertTrue(answer.getHeaders().getAuthenticateAsList().toString().contains("error=\"invalid_token\""));
  }

  @Test
  void J3_ServiceAccountJwtAccessCredentials() throws IOException {
    ServiceAccountJwtAccessCredentials credentials =
        ServiceAccountJwtAccessCredentials.fromStream(Ready.stream(SERVER.ciKey));

    JsonObject sent = bearer(credentials, Wire.invoices().toURI());

    assertEquals(SERVER.ciEmail, sent.get("iss").getAsString());
    assertEquals(SERVER.ciEmail, sent.get("sub").getAsString());
    // With the adapter, this class writes the URL of the request into aud.
    assertEquals(SERVER.invoices, sent.get("aud").getAsString());
    assertEquals(200, Wire.list(credentials).getStatusCode());
  }

  @Test
  void J3_credentials_without_scopes_sign_for_the_host() throws IOException {
    ServiceAccountCredentials credentials = ci();

    JsonObject sent = bearer(credentials, Wire.invoices().toURI());

    // This class keeps scheme and host, and drops the port.
    String host = URI.create(SERVER.issuer).getHost();
    assertEquals("http://" + host + "/", sent.get("aud").getAsString());
    assertEquals(200, Wire.list(credentials).getStatusCode());
    assertEquals(List.of(), watched.urls, "no token was asked for");
  }

  @Test
  void J3_a_jwt_for_the_root_of_the_api() throws IOException {
    for (String audience : List.of(SERVER.issuer, SERVER.issuer + "/")) {
      assertEquals(200, Wire.list(signedFor(audience)).getStatusCode(), audience);
    }
  }

  @Test
  void J3_a_jwt_for_another_api_is_refused() throws IOException {
    HttpResponse answer = Wire.list(signedFor("https://other.example.com/"));

    assertEquals(401, answer.getStatusCode());
    assertTrue(answer.getHeaders().getAuthenticateAsList().toString().contains("error=\"invalid_token\""));
  }

  @Test
  void J3_createWithUseJwtAccessWithScope() throws IOException {
    ServiceAccountCredentials credentials =
        ((ServiceAccountCredentials) ci().createScoped(SERVER.readScope)).createWithUseJwtAccessWithScope(true);

    JsonObject sent = bearer(credentials, Wire.invoices().toURI());
    assertEquals(SERVER.readScope, sent.get("scope").getAsString());
    assertNull(sent.get("aud"));
    assertEquals(200, Wire.list(credentials).getStatusCode());
    assertEquals(403, Wire.insert(credentials).getStatusCode());
    assertEquals(List.of(), watched.urls, "no token was asked for");
  }

  @Test
  void J3_a_disabled_account_signs_nothing_any_more() throws IOException {
    String key = Admin.account("selfsigned");
    ServiceAccountJwtAccessCredentials credentials =
        ServiceAccountJwtAccessCredentials.fromStream(Ready.stream(key));
    assertEquals(200, Wire.list(credentials).getStatusCode());

    Admin.disableAccount(key);

    // The API keeps the document of an account's keys for five minutes, as its Cache-Control says.
    Admin.moveClock("%2B301s");
    try {
      assertEquals(401, Wire.list(credentials).getStatusCode());
    } finally {
      Admin.moveClock("0");
    }
  }

  /** What the library sends to this URL. */
  private static JsonObject bearer(Credentials credentials, URI url) throws IOException {
    String header = credentials.getRequestMetadata(url).get("Authorization").get(0);
    return Wire.claims(header.substring("Bearer ".length()));
  }

  private JwtCredentials signedFor(String audience) throws IOException {
    JwtClaims.Builder claims = JwtClaims.newBuilder().setIssuer(SERVER.ciEmail).setSubject(SERVER.ciEmail);
    return ci().jwtWithClaims(claims.setAudience(audience).build());
  }
}
