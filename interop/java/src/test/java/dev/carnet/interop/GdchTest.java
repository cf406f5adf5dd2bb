package dev.carnet.interop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.api.client.http.HttpResponseException;
import com.google.auth.oauth2.AccessToken;
import com.google.auth.oauth2.GdchCredentials;
import com.google.auth.oauth2.GoogleCredentials;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import org.junit.jupiter.api.Test;

/** Files of the type gdch_service_account, as Carnet writes them (J8). */
class GdchTest {
  /** What the demo API is called in {@code aud}. */
  static final String API = "https://demo.carnet.dev";

  private static final Ready SERVER = Ready.SERVER;

  /** The file of a new account, whose name begins so. */
  static String file(String name) throws IOException {
    JsonObject ask = Admin.object("format", "gdch");
    ask.addProperty("ca_cert_path", SERVER.caFile);
    return Admin.key(Admin.email(Admin.account(name)), ask);
  }

  static String email(JsonObject file) {
    String name = file.get("name").getAsString();
    return name + "@" + file.get("project").getAsString() + ".iam.gserviceaccount.com";
  }

  private static JsonObject read(String file) {
    return JsonParser.parseString(file).getAsJsonObject();
  }

  private static GdchCredentials asking(String file, String audience) throws IOException {
    GoogleCredentials found = GoogleCredentials.fromStream(Ready.stream(file));
    return assertInstanceOf(GdchCredentials.class, found).createWithGdchAudience(audience);
  }

  /** Asks for a token that must not be given. The JDK drops the body of a 401 to a request that was streamed. */
  private static void refused(String file, String audience, int status, String code) throws IOException {
    IOException error = assertThrows(IOException.class, asking(file, audience)::refreshAccessToken);
    assertTrue(error.getMessage().contains("GDCH service account"), error.getMessage());
    HttpResponseException cause = assertInstanceOf(HttpResponseException.class, error.getCause());
    assertEquals(status, cause.getStatusCode(), error.getMessage());
    if (status == 400) {
      assertTrue(cause.getContent().contains(code), cause.getContent());
    }
  }

  @Test
  void J8_createWithGdchAudience_gives_a_token() throws IOException {
    String file = file("j8");
    AccessToken token = asking(file, API).refreshAccessToken();
    JsonObject said = Wire.claims(token.getTokenValue());
    assertEquals(email(read(file)), said.get("email").getAsString());
    assertEquals(API, said.get("aud").getAsString());
    long left = token.getExpirationTime().getTime() - System.currentTimeMillis();
    assertTrue(left > 3_500_000 && left <= 3_600_000, "it lives " + left + " ms");
  }

  @Test
  void J8_what_is_refused() throws IOException {
    String file = file("j8");
    refused(file, "https://nowhere.example", 400, "CRN-1206");
    JsonObject named = Admin.object("client_email", email(read(file)));
    named.addProperty("private_key_id", read(file).get("private_key_id").getAsString());
    Admin.disableAccount(named.toString());
    refused(file, API, 401, "CRN-2012");

    String other = file("j8");
    named.addProperty("client_email", email(read(other)));
    named.addProperty("private_key_id", read(other).get("private_key_id").getAsString());
    Admin.deleteKey(named.toString());
    refused(other, API, 400, "CRN-2005");
  }
}
