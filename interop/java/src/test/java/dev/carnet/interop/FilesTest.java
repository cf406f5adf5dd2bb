package dev.carnet.interop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.auth.Credentials;
import com.google.auth.oauth2.AccessToken;
import com.google.auth.oauth2.GoogleCredentials;
import com.google.auth.oauth2.IdTokenProvider;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Files of other kinds than a key (google-wire 12: J4, J4b, J8). Whom Java trusts is said when it starts, so each case is a program
 * of its own, {@link Found}, with what {@code carnet google env java} prints.
 */
class FilesTest {
  private static final Ready SERVER = Ready.SERVER;

  @TempDir Path home;

  /** What {@link Found} prints for this file; the names of Google are held. */
  private JsonObject program(String file, String... scopes) throws Exception {
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    String classes = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    String lines = "eval \"$(\"$CARNET_BIN\" google env java --quiet --ready-file \"$CARNET_READY_FILE\")\" && exec \"$@\"";
    List<String> words = new ArrayList<>(List.of("bash", "-euc", lines, "bash", java, "-cp", classes));
    words.addAll(List.of(Found.class.getName(), Files.writeString(home.resolve("file.json"), file).toString()));
    words.addAll(List.of(scopes));
    return JsonParser.parseString(run(words)).getAsJsonObject();
  }

  private String run(List<String> words) throws Exception {
    ProcessBuilder builder = new ProcessBuilder(words);
    builder.environment().put("HOME", home.toString());
    Path errors = home.resolve("errors");
    Process process = builder.redirectError(errors.toFile()).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertTrue(process.waitFor(2, TimeUnit.MINUTES), "it does not end");
    assertEquals(0, process.exitValue(), Files.readString(errors));
    return said;
  }

  private static void opens(String token) throws IOException {
    Credentials held = GoogleCredentials.create(new AccessToken(token, new Date(System.currentTimeMillis() + 600_000)));
    assertEquals(200, Wire.list(held).getStatusCode());
  }

  @Test
  void J4_a_persons_refresh_token_is_redeemed_at_googles_address() throws Exception {
    JsonObject said = program(run(List.of("bash", "../curl/authorized_user.sh")));
    assertEquals("UserCredentials", said.get("kind").getAsString());
    opens(said.get("token").getAsString());
  }

  /** A pool whose provider is Carnet itself: an ID token of ci@ is the token that a job brings. */
  private record Job(String member, String file) {}

  private Job job(String impersonated) throws IOException {
    String pool = "j" + UUID.randomUUID().toString().substring(0, 8);
    JsonObject provider = Admin.object("id", "main");
    provider.add("oidc", Admin.object("issuer", SERVER.issuer));
    provider.add("attribute_mapping", Admin.object("google.subject", "assertion.sub"));
    Admin.ofProject("/workload-pools", Admin.object("id", pool));
    Admin.ofProject("/workload-pools/" + pool + "/providers", provider);
    String name = "iam.googleapis.com/projects/" + Admin.projectNumber() + "/locations/global/workloadIdentityPools/" + pool;
    String audience = "//" + name + "/providers/main";
    IdTokenProvider ci = (IdTokenProvider) GoogleCredentials.fromStream(Ready.stream(SERVER.ciKey));
    String token = ci.idTokenWithAudience(audience, List.of()).getTokenValue();
    JsonObject file = Admin.object("type", "external_account");
    file.addProperty("audience", audience);
    file.addProperty("subject_token_type", "urn:ietf:params:oauth:token-type:jwt");
    file.addProperty("token_url", SERVER.https + "/v1/token");
    file.add("credential_source", Admin.object("file", Files.writeString(home.resolve(pool), token).toString()));
    if (impersonated != null) {
      file.addProperty("service_account_impersonation_url", generate(impersonated));
    }
    return new Job("principal://" + name + "/subject/" + SERVER.ciClientId, file.toString());
  }

  private static String generate(String account) {
    return SERVER.https + "/v1/projects/-/serviceAccounts/" + account + ":generateAccessToken";
  }

  @Test
  void J4b_external_account() throws Exception {
    Job job = job(null);
    JsonObject said = program(job.file(), SERVER.readScope);
    assertEquals("IdentityPoolCredentials", said.get("kind").getAsString());
    assertEquals(job.member(), Wire.claims(said.get("token").getAsString()).get("sub").getAsString());
    opens(said.get("token").getAsString());
  }

  @Test
  void J4b_external_account_becomes_the_account_that_it_is_bound_on() throws Exception {
    String target = Admin.email(Admin.account("j4b"));
    Job job = job(target);
    Admin.bind(target, job.member(), "roles/iam.workloadIdentityUser");
    JsonObject said = program(job.file(), SERVER.readScope);
    assertEquals(target, Wire.claims(said.get("token").getAsString()).get("email").getAsString());
    // expireTime was read as it was written.
    long left = said.get("end").getAsLong() - System.currentTimeMillis();
    assertTrue(left > 3_500_000 && left <= 3_600_000, "it lives " + left + " ms");
    opens(said.get("token").getAsString());
  }

  @Test
  void J4b_an_impersonated_file() throws Exception {
    String target = Admin.email(Admin.account("j4c"));
    Admin.bind(target, "serviceAccount:" + SERVER.ciEmail, "roles/iam.serviceAccountTokenCreator");
    JsonObject file = Admin.object("type", "impersonated_service_account");
    file.addProperty("service_account_impersonation_url", generate(target));
    file.add("source_credentials", JsonParser.parseString(SERVER.ciKey));
    JsonObject said = program(file.toString(), SERVER.readScope);
    assertEquals("ImpersonatedCredentials", said.get("kind").getAsString());
    assertEquals(target, Wire.claims(said.get("token").getAsString()).get("email").getAsString());
    opens(said.get("token").getAsString());
  }

  /** The names of Google are held; the authority is the file's own. */
  @Test
  void J8_a_service_identity_gets_a_token_at_googles_address() throws Exception {
    JsonObject file = JsonParser.parseString(GdchTest.file("j8")).getAsJsonObject();
    file.addProperty("token_uri", "https://oauth2.googleapis.com/token");
    JsonObject said = program(file.toString(), GdchTest.API);
    assertEquals("GdchCredentials", said.get("kind").getAsString());
    assertEquals(GdchTest.email(file), Wire.claims(said.get("token").getAsString()).get("email").getAsString());
    opens(said.get("token").getAsString());
  }

  @Test
  void J4b_nothing_is_believed_without_our_authority() throws Exception {
    Job job = job(null);
    Path file = Files.writeString(home.resolve("file.json"), job.file());
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    String classes = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    ProcessBuilder builder =
        new ProcessBuilder(java, "-cp", classes, Found.class.getName(), file.toString(), SERVER.readScope);
    builder.environment().putAll(Map.of("HOME", home.toString()));
    Path errors = home.resolve("errors");
    Process process = builder.redirectError(errors.toFile()).start();
    assertTrue(process.waitFor(2, TimeUnit.MINUTES), "it does not end");
    assertEquals(1, process.exitValue());
    assertTrue(Files.readString(errors).contains("unable to find valid certification path"), Files.readString(errors));
  }
}
