package dev.carnet.interop;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** What {@code carnet dev --ready-file} wrote, and the account that the tests begin with. */
final class Ready {
  static final Ready SERVER = read();

  final String issuer;

  /** Where the metadata server is: a host and a port. */
  final String metadata;

  /** The listener with TLS for Google's names. */
  final String https;

  /** The certificate of the authority behind it. */
  final String caFile;

  final String adminToken;
  final String project;
  final String invoices;
  final String readScope;
  final String writeScope;

  /** The account that may act for users of example.com, for reading. */
  final String ciEmail;

  final String ciClientId;
  final String ciKey;

  private Ready(JsonObject told) throws IOException {
    issuer = told.get("issuer").getAsString();
    metadata = told.getAsJsonObject("metadata").get("host").getAsString();
    https = told.getAsJsonObject("google").get("https").getAsString();
    caFile = told.getAsJsonObject("google").get("ca_file").getAsString();
    adminToken = told.get("admin_token").getAsString();
    project = told.get("project").getAsString();
    JsonObject demo = told.getAsJsonObject("demo");
    invoices = demo.get("api").getAsString() + "/invoices";
    readScope = demo.getAsJsonArray("scopes").get(0).getAsString();
    writeScope = demo.getAsJsonArray("scopes").get(1).getAsString();
    ciEmail = "ci@" + project + ".iam.gserviceaccount.com";
    JsonObject ci = null;
    for (JsonElement account : told.getAsJsonArray("service_accounts")) {
      if (account.getAsJsonObject().get("email").getAsString().equals(ciEmail)) {
        ci = account.getAsJsonObject();
      }
    }
    if (ci == null) {
      throw new IOException("the ready file has no " + ciEmail);
    }
    ciClientId = ci.get("client_id").getAsString();
    ciKey = Files.readString(Path.of(ci.get("key_file").getAsString()));
  }

  private static Ready read() {
    try {
      String text = Files.readString(Path.of(System.getenv("CARNET_READY_FILE")));
      return new Ready(JsonParser.parseString(text).getAsJsonObject());
    } catch (IOException error) {
      throw new UncheckedIOException(error);
    }
  }

  /** A key file, as the libraries read it. */
  static InputStream stream(String keyFile) {
    return new ByteArrayInputStream(keyFile.getBytes(StandardCharsets.UTF_8));
  }
}
