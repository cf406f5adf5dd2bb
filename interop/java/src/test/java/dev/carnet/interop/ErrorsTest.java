package dev.carnet.interop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.api.client.http.HttpResponseException;
import com.google.api.client.http.apache.v2.ApacheHttpTransport;
import com.google.auth.Retryable;
import com.google.auth.oauth2.ServiceAccountCredentials;
import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.net.URI;
import java.security.PrivateKey;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * The seed's table of JWT errors, as the library surfaces it: a GoogleAuthException (an IOException that is not
 * retryable), whose cause holds the status and the body.
 */
class ErrorsTest {
  private static final Ready SERVER = Ready.SERVER;
  private static final String ALICE = "alice@example.com";

  private static final String INVALID_SIGNATURE = "Invalid JWT Signature.";
  private static final String INVALID_SCOPE = "Invalid OAuth scope or ID token audience provided.";
  private static final String UNAUTHORIZED =
      "Client is unauthorized to retrieve access tokens using this method, "
          + "or client not authorized for any of the scopes requested.";
  private static final String UNAUTHORIZED_CLIENT = "Unauthorized client or scope in request.";
  private static final String SHORT_LIVED =
      "Invalid JWT: Token must be a short-lived token (60 minutes) and in a reasonable timeframe. "
          + "Check your iat and exp values and use a clock with skew to account for clock differences between systems.";

  private final Watched watched = new Watched();

  private ServiceAccountCredentials.Builder with(String keyFile, String... scopes) throws IOException {
    return ServiceAccountCredentials.fromStream(Ready.stream(keyFile), watched).toBuilder().setScopes(List.of(scopes));
  }

  private ServiceAccountCredentials.Builder ci(String... scopes) throws IOException {
    return with(SERVER.ciKey, scopes);
  }

  /** The body of a refusal with 400. */
  private JsonObject refused(ServiceAccountCredentials.Builder builder) {
    HttpResponseException cause = cause(builder.build(), 400);
    return JsonParser.parseString(cause.getContent()).getAsJsonObject();
  }

  /**
   * The body of a refusal with 401. With the library's usual transport a program sees the status alone: the JDK's
   * connection drops the body of a 401 to a request that was streamed. With Apache's it sees all.
   */
  private JsonObject refusedAsUnauthorized(ServiceAccountCredentials.Builder builder) {
    HttpResponseException usual = cause(builder.build(), 401);
    assertNull(usual.getContent());
    ApacheHttpTransport apache = new ApacheHttpTransport();
    ServiceAccountCredentials credentials = builder.setHttpTransportFactory(() -> apache).build();
    IOException error = assertThrows(IOException.class, credentials::refreshAccessToken);
    HttpResponseException cause = assertInstanceOf(HttpResponseException.class, error.getCause());
    assertEquals(401, cause.getStatusCode());
    assertTrue(error.getMessage().contains(cause.getContent()), "it says why: " + error.getMessage());
    return JsonParser.parseString(cause.getContent()).getAsJsonObject();
  }

  /** Asks for a token that must not be given. What holds for every refusal is checked here. */
  private HttpResponseException cause(ServiceAccountCredentials credentials, int status) {
    int before = watched.urls.size();
    IOException error = assertThrows(IOException.class, credentials::refreshAccessToken);
    assertEquals("com.google.auth.oauth2.GoogleAuthException", error.getClass().getName());
    assertFalse(assertInstanceOf(Retryable.class, error).isRetryable());
    assertTrue(
        error.getMessage().contains("iss: " + credentials.getClientEmail()), "it says whose: " + error.getMessage());
    HttpResponseException cause = assertInstanceOf(HttpResponseException.class, error.getCause());
    assertEquals(status, cause.getStatusCode());
    assertEquals(1, watched.urls.size() - before, "a final refusal is asked for once");
    return cause;
  }

  private static void expect(JsonObject body, String error, String sentence, int code) {
    assertEquals(error, body.get("error").getAsString());
    String begin = sentence + " CRN-" + code + ": ";
    String description = body.get("error_description").getAsString();
    assertTrue(description.startsWith(begin), description);
    assertTrue(body.get("error_uri").getAsString().endsWith("/e/CRN-" + code));
    assertFalse(body.get("trace_id").getAsString().isEmpty());
  }

  private ServiceAccountCredentials.Builder forged() throws IOException {
    PrivateKey other = with(Admin.account("stranger")).build().getPrivateKey();
    return ci(SERVER.readScope).setPrivateKey(other);
  }

  @Test
  void T1_bad_signature() throws IOException {
    expect(refused(forged()), "invalid_grant", INVALID_SIGNATURE, 2005);
  }

  @Test
  void T1_an_unknown_account_looks_like_a_bad_signature() throws IOException {
    ServiceAccountCredentials.Builder forged = forged();
    JsonObject one = refused(forged);
    JsonObject other =
        refused(forged.setClientEmail("nobody@" + SERVER.project + ".iam.gserviceaccount.com"));

    for (JsonObject body : List.of(one, other)) {
      body.remove("trace_id");
      body.remove("timestamp");
    }
    assertEquals(one, other);
  }

  @Test
  void T9_disabled_account() throws IOException {
    String key = Admin.account("disabled");
    with(key, SERVER.readScope).build().refresh();
    Admin.disableAccount(key);

    JsonObject body = refusedAsUnauthorized(with(key, SERVER.readScope));

    expect(body, "disabled_client", "The OAuth client was disabled.", 2012);
  }

  @Test
  void T9_disabled_key() throws IOException {
    String key = Admin.account("disabledkey");
    Admin.disableKey(key);

    expect(refused(with(key, SERVER.readScope)), "invalid_grant", INVALID_SIGNATURE, 2011);
  }

  @Test
  void T9_deleted_key() throws IOException {
    String key = Admin.account("deletedkey");
    String other = Admin.key(Admin.email(key));
    Admin.deleteKey(key);

    expect(refused(with(key, SERVER.readScope)), "invalid_grant", INVALID_SIGNATURE, 2005);
    with(other, SERVER.readScope).build().refresh();
  }

  @Test
  void T1_unknown_scope() throws IOException {
    JsonObject body = refused(ci("https://demo.carnet.dev/auth/invoices.raed"));

    expect(body, "invalid_scope", INVALID_SCOPE, 2217);
  }

  @Test
  void T1_empty_scope() throws IOException {
    expect(refused(ci()), "invalid_scope", INVALID_SCOPE, 2214);
  }

  @Test
  void T1_scopes_with_commas() throws IOException {
    JsonObject body = refused(ci(SERVER.readScope + "," + SERVER.writeScope));

    expect(body, "invalid_scope", INVALID_SCOPE, 2215);
  }

  @Test
  void J2_delegation_not_granted_at_all() throws IOException {
    String key = Admin.account("undelegated");

    JsonObject body = refusedAsUnauthorized(with(key, SERVER.readScope).setServiceAccountUser(ALICE));

    expect(body, "unauthorized_client", UNAUTHORIZED, 2206);
  }

  @Test
  void J2_delegation_not_granted_for_the_scope() throws IOException {
    JsonObject body = refusedAsUnauthorized(ci(SERVER.writeScope).setServiceAccountUser(ALICE));

    expect(body, "unauthorized_client", UNAUTHORIZED, 2205);
  }

  @Test
  void J2_delegation_granted_for_some_of_the_scopes() throws IOException {
    JsonObject body = refused(ci(SERVER.readScope, SERVER.writeScope).setServiceAccountUser(ALICE));

    expect(body, "access_denied", "Requested client not authorized.", 2207);
  }

  @Test
  void J2_unknown_user() throws IOException {
    JsonObject body = refused(ci(SERVER.readScope).setServiceAccountUser("dana@example.com"));

    expect(body, "invalid_grant", "Not a valid email.", 2210);
  }

  @Test
  void J2_suspended_user() throws IOException {
    JsonObject body = refused(ci(SERVER.readScope).setServiceAccountUser("carol@example.com"));

    expect(body, "access_denied", "Account restricted", 2211);
  }

  /** Acts for a person of an organization. */
  private ServiceAccountCredentials.Builder acting(String key, String person) throws IOException {
    return with(key, SERVER.readScope).setServiceAccountUser(person);
  }

  @Test
  void J2_delegation_approved_elsewhere() throws IOException {
    String key = Admin.account("elsewhere");
    Admin.Organization here = new Admin.Organization();
    Admin.Organization elsewhere = new Admin.Organization();
    elsewhere.make("delegations", Admin.Organization.reading(key));
    acting(key, elsewhere.ann).build().refresh();

    JsonObject body = refusedAsUnauthorized(acting(key, here.ann));

    expect(body, "unauthorized_client", UNAUTHORIZED_CLIENT, 2201);
  }

  @Test
  void J2_delegation_that_ended() throws IOException {
    String key = Admin.account("ended");
    Admin.Organization organization = new Admin.Organization();
    JsonObject ask = Admin.Organization.reading(key);
    ask.addProperty("until", Instant.now().plusSeconds(60).truncatedTo(ChronoUnit.SECONDS).toString());
    organization.make("delegations", ask);
    acting(key, organization.ann).build().refresh();
    Admin.moveClock("%2B120s");
    try {
      JsonObject body = refusedAsUnauthorized(acting(key, organization.ann));
      expect(body, "unauthorized_client", UNAUTHORIZED_CLIENT, 2202);
    } finally {
      Admin.moveClock("0");
    }
  }

  @Test
  void J2_delegation_suspended() throws IOException {
    String key = Admin.account("suspended");
    Admin.Organization organization = new Admin.Organization();
    JsonObject made = organization.make("delegations", Admin.Organization.reading(key));
    acting(key, organization.ann).build().refresh();
    organization.make("delegations/" + made.get("id").getAsString() + ":suspend", new JsonObject());

    JsonObject body = refusedAsUnauthorized(acting(key, organization.ann));

    expect(body, "unauthorized_client", UNAUTHORIZED_CLIENT, 2203);
  }

  @Test
  void J2_user_outside_the_delegation() throws IOException {
    String key = Admin.account("outside");
    Admin.Organization organization = new Admin.Organization();
    JsonObject ask = Admin.Organization.reading(key);
    JsonArray users = new JsonArray();
    users.add(organization.ben);
    JsonObject whom = new JsonObject();
    whom.add("users", users);
    ask.add("whom", whom);
    organization.make("delegations", ask);
    acting(key, organization.ben).build().refresh();

    JsonObject body = refused(acting(key, organization.ann));

    expect(body, "access_denied", "Requested client not authorized.", 2208);
  }

  @Test
  void J2_admin_policy_enforced() throws IOException {
    String key = Admin.account("blocked");
    Admin.Organization organization = new Admin.Organization();
    organization.make("delegations", Admin.Organization.reading(key));
    acting(key, organization.ann).build().refresh();
    JsonObject policy = Admin.object("title", "High risk");
    policy.addProperty("kind", "block_scopes");
    policy.addProperty("scopes", SERVER.readScope);
    organization.make("policies", policy);

    JsonObject body = refused(acting(key, organization.ann));

    assertEquals("admin_policy_enforced", body.get("error").getAsString());
    // Google has no fixed sentence for it.
    String description = body.get("error_description").getAsString();
    assertTrue(description.startsWith("CRN-2301: ") && description.contains(SERVER.readScope), description);
  }

  @Test
  void J2_org_internal() throws IOException {
    String key = Admin.account("strange");
    Admin.Organization organization = new Admin.Organization();
    organization.make("delegations", Admin.Organization.reading(key));
    acting(key, organization.ann).build().refresh();
    JsonObject policy = Admin.object("title", "Closed");
    policy.addProperty("kind", "own_clients_only");
    organization.make("policies", policy);

    HttpResponseException cause = cause(acting(key, organization.ann).build(), 403);

    expect(
        JsonParser.parseString(cause.getContent()).getAsJsonObject(),
        "org_internal",
        "This client is restricted to users within its organization.",
        2304);
  }

  @Test
  void T5_twelve_hours() throws IOException {
    JsonObject body = refused(ci(SERVER.readScope).setLifetime(43_200));

    expect(body, "invalid_grant", SHORT_LIVED, 2106);
  }

  @Test
  void T1_our_fault_may_be_retried() throws Exception {
    for (int status : List.of(500, 503)) {
      Admin.force(status == 500 ? "CRN-5001" : "CRN-5002");
      ServiceAccountCredentials once = ci(SERVER.readScope).setDefaultRetriesEnabled(false).build();

      IOException error = assertThrows(IOException.class, once::refreshAccessToken);

      assertTrue(assertInstanceOf(Retryable.class, error).isRetryable());
      assertEquals(status, assertInstanceOf(HttpResponseException.class, error.getCause()).getStatusCode());
    }
  }

  @Test
  void T1_what_passes_is_not_seen() throws Exception {
    Admin.force("CRN-5002");

    ci(SERVER.readScope).build().refreshAccessToken();

    assertEquals(2, watched.urls.size(), "the library asks again by itself");
  }

  @Test
  void T4_another_audience() throws IOException {
    // The ID token's path writes the token URL into aud: here our door under a name that is not ours.
    URI token = URI.create(SERVER.issuer + "/token");
    String otherName = token.getHost().equals("localhost") ? "127.0.0.1" : "localhost";
    URI sameDoor = URI.create("http://" + otherName + ":" + token.getPort() + "/token");
    ServiceAccountCredentials credentials = ci().setTokenServerUri(sameDoor).build();

    IOException error =
        assertThrows(
            IOException.class, () -> credentials.idTokenWithAudience("https://invoices.example.com", List.of()));

    assertTrue(error.getMessage().contains("Invalid JWT: Failed audience check. CRN-2004: "), error.getMessage());
  }
}
