package dev.carnet.interop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.http.HttpResponse;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** S4, S5: people sign in to a Spring Boot app with us, and its API takes our tokens; both know the issuer alone. */
@SpringBootTest(classes = App.class, webEnvironment = WebEnvironment.RANDOM_PORT)
class AppTest {
  private static final Ready SERVER = Ready.SERVER;
  private static final Ready.Client WEB = SERVER.client("demo-web");

  @LocalServerPort private int port;

  @DynamicPropertySource
  static void settings(DynamicPropertyRegistry settings) {
    String client = "spring.security.oauth2.client.";
    settings.add(client + "provider.carnet.issuer-uri", () -> SERVER.issuer);
    settings.add(client + "registration.carnet.client-id", WEB::id);
    settings.add(client + "registration.carnet.client-secret", WEB::secret);
    settings.add(client + "registration.carnet.redirect-uri", () -> "{baseUrl}/callback");
    settings.add(client + "registration.carnet.scope", () -> List.of("openid", "profile", "email", "offline_access", SERVER.readScope));
  }

  private String app() {
    return "http://127.0.0.1:" + port;
  }

  private Person person() {
    return new Person(app(), "alice");
  }

  private static JsonNode json(HttpResponse<String> answer) {
    assertEquals(200, answer.statusCode(), answer.body());
    return JsonMapper.shared().readTree(answer.body());
  }

  @Test
  void S4_a_person_signs_in() {
    Person person = person();
    JsonNode me = json(person.open(app() + "/me", "allow"));
    assertTrue(person.filled.contains("sign-in"));
    assertEquals("alice@example.com", me.get("email").asString());
    assertEquals("Alice", me.get("name").asString());
    assertTrue(me.get("userinfo").asBoolean(), "Spring asked userinfo and found the same subject");
  }

  @Test
  void S4_a_refusal_is_told_to_the_app() {
    HttpResponse<String> answer = new Person(app(), "bob").open(app() + "/me", "deny");
    assertEquals(401, answer.statusCode());
  }

  @Test
  void S4_tokens_are_refreshed_when_they_end() {
    Person person = person();
    json(person.open(app() + "/me", "allow"));
    JsonNode first = json(person.open(app() + "/tokens", "allow"));
    JsonNode second = json(person.open(app() + "/tokens", "allow"));
    assertNotEquals(first.get("access"), second.get("access"));
    assertNotEquals(first.get("refresh"), second.get("refresh"));
    assertEquals(200, Http.status("GET", SERVER.invoices, second.get("access").asString()));
  }

  @Test
  void S5_an_api_takes_a_persons_token_for_what_it_is_for() {
    Person person = person();
    json(person.open(app() + "/me", "allow"));
    String token = json(person.open(app() + "/tokens", "allow")).get("access").asString();
    String api = app() + "/api/invoices";

    assertEquals(200, Http.status("GET", api, token));
    assertEquals(403, Http.status("POST", api, token));
    assertTrue(Http.challenge("POST", api, token).contains("insufficient_scope"));
    assertEquals(401, Http.status("GET", api, null));
    assertEquals(401, Http.status("GET", api, token.substring(0, token.length() - 8)));
  }
}
