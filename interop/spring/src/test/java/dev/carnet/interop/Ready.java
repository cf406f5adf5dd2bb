package dev.carnet.interop;

import java.nio.file.Path;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What {@code carnet dev --ready-file} wrote. */
final class Ready {
  static final Ready SERVER = new Ready(JsonMapper.shared().readTree(Path.of(System.getenv("CARNET_READY_FILE"))));

  final String issuer;
  final String project;
  final String adminToken;
  final String invoices;
  final String readScope;
  final String writeScope;

  /** The key file of the account that may act for users of example.com, for reading. */
  final JsonNode ciKey;

  private final JsonNode clients;

  private Ready(JsonNode told) {
    issuer = told.get("issuer").asString();
    project = told.get("project").asString();
    adminToken = told.get("admin_token").asString();
    invoices = told.get("demo").get("api").asString() + "/invoices";
    readScope = told.get("demo").get("scopes").get(0).asString();
    writeScope = told.get("demo").get("scopes").get(1).asString();
    clients = told.get("clients");
    String ci = "ci@" + project + ".iam.gserviceaccount.com";
    JsonNode account =
        told.get("service_accounts")
            .valueStream()
            .filter(known -> known.get("email").asString().equals(ci))
            .findFirst()
            .orElseThrow();
    ciKey = JsonMapper.shared().readTree(Path.of(account.get("key_file").asString()));
  }

  /** A client of the sandbox: demo-web sends its secret in the header, demo-daemon in the form. */
  Client client(String id) {
    return clients
        .valueStream()
        .filter(known -> known.get("client_id").asString().equals(id))
        .map(Client::new)
        .findFirst()
        .orElseThrow();
  }

  /** An OAuth client of the sandbox, and its secret. */
  record Client(String id, String secret) {
    private Client(JsonNode told) {
      this(told.get("client_id").asString(), told.get("client_secret").asString(null));
    }
  }
}
