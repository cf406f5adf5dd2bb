package dev.carnet.interop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The metadata server as Google's library finds it (google-wire 12: J5). The library reads the environment, so each case
 * is a program of its own, {@link Machine}.
 */
class MetadataTest {
  private static final Ready SERVER = Ready.SERVER;
  private static final String AUDIENCE = "https://invoices.example.com";
  private static final String SAID = "export GCE_METADATA_HOST=";

  @TempDir Path home;

  /** What {@link Machine} prints where the metadata server is at this host. */
  private JsonObject program(String host) throws IOException, InterruptedException {
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    String classes =
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    ProcessBuilder builder =
        new ProcessBuilder(
            List.of(
                java,
                "-Duser.home=" + home,
                "-cp",
                classes,
                Machine.class.getName(),
                SERVER.readScope,
                AUDIENCE));
    Map<String, String> environment = builder.environment();
    environment.clear();
    environment.put("GCE_METADATA_HOST", host);
    environment.put("HOME", home.toString());
    Path errors = home.resolve("errors");
    builder.redirectError(errors.toFile());
    Process process = builder.start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertTrue(process.waitFor(2, TimeUnit.MINUTES), "it does not end");
    assertEquals(0, process.exitValue(), Files.readString(errors));
    return JsonParser.parseString(said).getAsJsonObject();
  }

  private void gives_tokens(String host) throws IOException, InterruptedException {
    JsonObject said = program(host);
    assertEquals("ComputeEngineCredentials", said.get("kind").getAsString());
    assertEquals(SERVER.ciEmail, said.get("account").getAsString());
    JsonObject told = Wire.tokenInfo(said.get("token").getAsString());
    assertEquals(SERVER.ciClientId, told.get("azp").getAsString());
    assertEquals(SERVER.readScope, told.get("scope").getAsString());
    JsonObject identity = Wire.claims(said.get("identity").getAsString());
    assertEquals(AUDIENCE, identity.get("aud").getAsString());
    assertEquals(SERVER.issuer, identity.get("iss").getAsString());
    assertEquals(SERVER.ciEmail, identity.get("email").getAsString());
  }

  @Test
  void J5_default_credentials_of_the_sandbox() throws IOException, InterruptedException {
    gives_tokens(SERVER.metadata);
  }

  @Test
  void J5_default_credentials_of_carnet_metadata() throws IOException, InterruptedException {
    Path key = Files.writeString(home.resolve("key.json"), SERVER.ciKey);
    Process server =
        new ProcessBuilder(
                System.getenv("CARNET_BIN"),
                "metadata",
                "--key-file",
                key.toString(),
                "--listen",
                "127.0.0.1:0")
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    try (BufferedReader out = server.inputReader()) {
      String line = out.readLine();
      assertTrue(line.startsWith(SAID), line);
      gives_tokens(line.substring(SAID.length()));
    } finally {
      server.destroy();
      server.waitFor();
    }
  }
}
