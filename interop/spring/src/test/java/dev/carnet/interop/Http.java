package dev.carnet.interop;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Calls of an API with a token. */
final class Http {
  private static final HttpClient CLIENT = HttpClient.newHttpClient();
  private static final String INVOICE = "{\"customer\":\"Interop Ltd\",\"amount\":4200,\"currency\":\"EUR\"}";

  private Http() {}

  static int status(String method, String address, String token) {
    return send(CLIENT, request(method, address, token)).statusCode();
  }

  /** The challenge of a refusal (RFC 6750 section 3). */
  static String challenge(String method, String address, String token) {
    return send(CLIENT, request(method, address, token)).headers().firstValue("www-authenticate").orElse("");
  }

  /** What the admin API made of a JSON body. */
  static JsonNode made(String path, String body) {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(Ready.SERVER.issuer + "/admin/v1/" + path))
            .header("Content-Type", "application/json")
            .header("Authorization", "Bearer " + Ready.SERVER.adminToken)
            .POST(BodyPublishers.ofString(body))
            .build();
    HttpResponse<String> answer = send(CLIENT, request);
    if (answer.statusCode() / 100 != 2) {
      throw new AssertionError(path + ": " + answer.statusCode() + " " + answer.body());
    }
    return JsonMapper.shared().readTree(answer.body());
  }

  private static HttpRequest request(String method, String address, String token) {
    HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(address)).header("Content-Type", "application/json");
    if (token != null) {
      request.header("Authorization", "Bearer " + token);
    }
    return request.method(method, method.equals("GET") ? BodyPublishers.noBody() : BodyPublishers.ofString(INVOICE)).build();
  }

  static HttpResponse<String> send(HttpClient client, HttpRequest request) {
    try {
      return client.send(request, BodyHandlers.ofString());
    } catch (IOException error) {
      throw new UncheckedIOException(error);
    } catch (InterruptedException error) {
      throw new IllegalStateException(error);
    }
  }
}
