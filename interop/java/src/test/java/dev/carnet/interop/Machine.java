package dev.carnet.interop;

import com.google.auth.oauth2.ComputeEngineCredentials;
import com.google.auth.oauth2.GoogleCredentials;
import com.google.auth.oauth2.IdToken;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.util.List;

/** A program that knows nothing but its environment: prints what it finds for a scope and an audience. */
final class Machine {
  private Machine() {}

  public static void main(String[] words) throws IOException {
    GoogleCredentials found = GoogleCredentials.getApplicationDefault().createScoped(words[0]);
    ComputeEngineCredentials machine = (ComputeEngineCredentials) found;
    IdToken identity = machine.idTokenWithAudience(words[1], List.of());
    JsonObject said = new JsonObject();
    said.addProperty("kind", found.getClass().getSimpleName());
    said.addProperty("account", machine.getAccount());
    said.addProperty("token", found.refreshAccessToken().getTokenValue());
    said.addProperty("identity", identity.getTokenValue());
    System.out.println(said);
  }
}
