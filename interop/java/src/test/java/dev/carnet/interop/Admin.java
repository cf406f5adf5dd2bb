package dev.carnet.interop;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.UUID;

/** The few calls of the admin API that the tests need to bring an account into a state. */
final class Admin {
  private static final HttpClient HTTP = HttpClient.newHttpClient();

  private Admin() {}

  /** Makes an account whose name begins so, with one key. Returns the key file. */
  static String account(String name) throws IOException {
    JsonObject ask = new JsonObject();
    ask.addProperty("account_id", name + "-" + UUID.randomUUID().toString().substring(0, 8));
    ask.addProperty("display_name", name);
    return key(post("", ask).get("email").getAsString());
  }

  /** Binds a member on an account. */
  static void bind(String email, String member, String role) throws IOException {
    JsonObject ask = object("member", member);
    ask.addProperty("role", role);
    post("/" + email + "/policy:add", ask);
  }

  /** Makes something in the project. */
  static void ofProject(String path, JsonObject ask) throws IOException {
    postAt("/projects/" + Ready.SERVER.project + path, ask);
  }

  static String projectNumber() throws IOException {
    String answer = send(request("/projects/" + Ready.SERVER.project).GET().build());
    return JsonParser.parseString(answer).getAsJsonObject().get("number").getAsString();
  }

  /** Makes one more key. Returns the key file. */
  static String key(String email) throws IOException {
    return key(email, object("format", "google"));
  }

  /** Makes a key as it is asked for. Returns the key file. */
  static String key(String email, JsonObject ask) throws IOException {
    String data = post("/" + email + "/keys", ask).get("private_key_data").getAsString();
    return new String(Base64.getDecoder().decode(data), StandardCharsets.UTF_8);
  }

  static void disableAccount(String keyFile) throws IOException {
    post("/" + email(keyFile) + ":disable", new JsonObject());
  }

  static void disableKey(String keyFile) throws IOException {
    post(keyPath(keyFile) + ":disable", new JsonObject());
  }

  static void deleteKey(String keyFile) throws IOException {
    send(request(ofAccounts(keyPath(keyFile))).DELETE().build());
  }

  /** The next answer of the token endpoint is this error. */
  static void force(String code) throws IOException {
    sandbox("/dev/faults", "times=1&code=" + code);
  }

  /** The server's clock. */
  static void moveClock(String offset) throws IOException {
    sandbox("/dev/clock", "offset=" + offset);
  }

  /** Revokes a token; who holds it may. */
  static void revoke(String token) throws IOException {
    sandbox("/revoke", "token=" + token);
  }

  /** What the server says of a token. */
  static void tokenInfo(String token) throws IOException {
    sandbox("/tokeninfo", "access_token=" + token);
  }

  /** A domain with two people, whom accounts of other projects may be allowed to act for. */
  static final class Organization {
    final String ann;
    final String ben;
    private final String path;

    Organization() throws IOException {
      String domain = UUID.randomUUID().toString().substring(0, 13) + ".example";
      ann = "ann@" + domain;
      ben = "ben@" + domain;
      path = "/organizations/" + postAt("/organizations", object("title", domain)).get("id").getAsString() + "/";
      make("domains", object("name", domain));
      make("users", object("email", ann));
      make("users", object("email", ben));
    }

    /** A delegation to the account of this key, for reading as everybody here. */
    static JsonObject reading(String keyFile) {
      JsonObject ask = object("client", email(keyFile));
      ask.addProperty("scopes", Ready.SERVER.readScope);
      ask.addProperty("whom", "everyone");
      return ask;
    }

    JsonObject make(String what, JsonObject ask) throws IOException {
      return postAt(path + what, ask);
    }
  }

  static JsonObject object(String name, String value) {
    JsonObject made = new JsonObject();
    made.addProperty(name, value);
    return made;
  }

  private static void sandbox(String path, String form) throws IOException {
    send(
        HttpRequest.newBuilder(URI.create(Ready.SERVER.issuer + path))
            .version(HttpClient.Version.HTTP_1_1)
            .header("Content-Type", "application/x-www-form-urlencoded")
            .POST(HttpRequest.BodyPublishers.ofString(form))
            .build());
  }

  static String email(String keyFile) {
    return field(keyFile, "client_email");
  }

  private static String keyPath(String keyFile) {
    return "/" + email(keyFile) + "/keys/" + field(keyFile, "private_key_id");
  }

  private static String field(String keyFile, String name) {
    return JsonParser.parseString(keyFile).getAsJsonObject().get(name).getAsString();
  }

  private static JsonObject post(String path, JsonObject ask) throws IOException {
    return postAt(ofAccounts(path), ask);
  }

  private static JsonObject postAt(String path, JsonObject ask) throws IOException {
    HttpRequest.BodyPublisher body = HttpRequest.BodyPublishers.ofString(ask.toString());
    HttpRequest.Builder request = request(path).header("Content-Type", "application/json");
    String answer = send(request.POST(body).build());
    return answer.isEmpty() ? new JsonObject() : JsonParser.parseString(answer).getAsJsonObject();
  }

  private static String ofAccounts(String path) {
    return "/projects/" + Ready.SERVER.project + "/service-accounts" + path;
  }

  private static HttpRequest.Builder request(String path) {
    Ready server = Ready.SERVER;
    return HttpRequest.newBuilder(URI.create(server.issuer + "/admin/v1" + path))
        .version(HttpClient.Version.HTTP_1_1)
        .header("Authorization", "Bearer " + server.adminToken);
  }

  private static String send(HttpRequest request) throws IOException {
    try {
      HttpResponse<String> answer = HTTP.send(request, HttpResponse.BodyHandlers.ofString());
      if (answer.statusCode() / 100 != 2) {
        throw new IOException(
            request.method() + " " + request.uri() + ": " + answer.statusCode() + " " + answer.body());
      }
      return answer.body();
    } catch (InterruptedException error) {
      Thread.currentThread().interrupt();
      throw new IOException(error);
    }
  }
}
