package dev.carnet.interop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.auth.oauth2.GoogleCredentials;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** What the library makes of an answer that was spoiled on its way (google-wire 12: J7). */
class FaultyTest {
  private static final Ready SERVER = Ready.SERVER;

  /** Asks the token endpoint through a proxy that does this to the answer. */
  private static String token(UnaryOperator<JsonObject> spoil) throws IOException {
    HttpServer proxy = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
    proxy.createContext("/token", exchange -> pass(exchange, spoil));
    proxy.start();
    try {
      JsonObject key = JsonParser.parseString(SERVER.ciKey).getAsJsonObject();
      key.addProperty("token_uri", "http://127.0.0.1:" + proxy.getAddress().getPort() + "/token");
      return GoogleCredentials.fromStream(Ready.stream(key.toString()))
          .createScoped(SERVER.readScope)
          .refreshAccessToken()
          .getTokenValue();
    } finally {
      proxy.stop(0);
    }
  }

  private static void pass(HttpExchange exchange, UnaryOperator<JsonObject> spoil) throws IOException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(SERVER.issuer + "/token"))
            .version(HttpClient.Version.HTTP_1_1)
            .header("Content-Type", exchange.getRequestHeaders().getFirst("Content-Type"))
            .POST(HttpRequest.BodyPublishers.ofByteArray(exchange.getRequestBody().readAllBytes()))
            .build();
    try {
      HttpResponse<String> answer = HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
      JsonObject said = spoil.apply(JsonParser.parseString(answer.body()).getAsJsonObject());
      byte[] body = said.toString().getBytes(StandardCharsets.UTF_8);
      exchange.getResponseHeaders().set("Content-Type", "application/json");
      exchange.sendResponseHeaders(answer.statusCode(), body.length);
      exchange.getResponseBody().write(body);
    } catch (InterruptedException error) {
      Thread.currentThread().interrupt();
    } finally {
      exchange.close();
    }
  }

  @Test
  void J7_expires_in_as_a_string_is_no_answer_and_ours_is_an_integer() throws IOException {
    assertEquals(SERVER.readScope, Wire.tokenInfo(token(answer -> answer)).get("scope").getAsString());

    Exception error =
        assertThrows(
            Exception.class,
            () ->
                token(
                    answer -> {
                      String seconds = answer.get("expires_in").getAsBigDecimal().toPlainString();
                      assertEquals("3600", seconds);
                      answer.addProperty("expires_in", seconds);
                      return answer;
                    }));

    assertTrue(String.valueOf(error.getMessage()).contains("expires_in"), error.toString());
  }
}
