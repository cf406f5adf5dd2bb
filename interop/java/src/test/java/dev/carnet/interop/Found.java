package dev.carnet.interop;

import com.google.auth.oauth2.AccessToken;
import com.google.auth.oauth2.GdchCredentials;
import com.google.auth.oauth2.GoogleCredentials;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * A program that knows a file and scopes, or the audience of a service identity: prints what kind of credentials it found there, and
 * their token.
 */
final class Found {
  private Found() {}

  public static void main(String[] words) throws IOException {
    try (InputStream file = Files.newInputStream(Path.of(words[0]))) {
      GoogleCredentials found = GoogleCredentials.fromStream(file);
      if (found instanceof GdchCredentials identity) {
        found = identity.createWithGdchAudience(words[1]);
      } else {
        found = found.createScoped(List.of(words).subList(1, words.length));
      }
      AccessToken token = found.refreshAccessToken();
      JsonObject said = new JsonObject();
      said.addProperty("kind", found.getClass().getSimpleName());
      said.addProperty("token", token.getTokenValue());
      said.addProperty("end", token.getExpirationTime().getTime());
      System.out.println(said);
    }
  }
}
