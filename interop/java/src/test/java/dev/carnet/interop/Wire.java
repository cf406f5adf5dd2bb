package dev.carnet.interop;

import com.google.api.client.http.ByteArrayContent;
import com.google.api.client.http.GenericUrl;
import com.google.api.client.http.HttpRequest;
import com.google.api.client.http.HttpRequestFactory;
import com.google.api.client.http.HttpResponse;
import com.google.api.client.http.javanet.NetHttpTransport;
import com.google.auth.Credentials;
import com.google.auth.http.HttpCredentialsAdapter;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/** What the tests say to the server beside the library. */
final class Wire {
  private static final String INVOICE =
      "{\"customer\":\"Interop Ltd\",\"amount\":4200,\"currency\":\"EUR\"}";

  private Wire() {}

  /** What a JWT says, unverified. */
  static JsonObject claims(String token) {
    byte[] text = Base64.getUrlDecoder().decode(token.split("\\.")[1]);
    return JsonParser.parseString(new String(text, StandardCharsets.UTF_8)).getAsJsonObject();
  }

  /** What the server says of an access token. */
  static JsonObject tokenInfo(String token) throws IOException {
    String query = "?access_token=" + URLEncoder.encode(token, StandardCharsets.UTF_8);
    GenericUrl url = new GenericUrl(Ready.SERVER.issuer + "/tokeninfo" + query);
    HttpRequestFactory http = new NetHttpTransport().createRequestFactory();
    return JsonParser.parseString(http.buildGetRequest(url).execute().parseAsString()).getAsJsonObject();
  }

  /** Reads the invoices with these credentials, through Google's adapter. */
  static HttpResponse list(Credentials credentials) throws IOException {
    return api(credentials).buildGetRequest(invoices()).setThrowExceptionOnExecuteError(false).execute();
  }

  /** Makes an invoice. */
  static HttpResponse insert(Credentials credentials) throws IOException {
    ByteArrayContent body = ByteArrayContent.fromString("application/json", INVOICE);
    HttpRequest request = api(credentials).buildPostRequest(invoices(), body);
    return request.setThrowExceptionOnExecuteError(false).execute();
  }

  static GenericUrl invoices() {
    return new GenericUrl(Ready.SERVER.invoices);
  }

  private static HttpRequestFactory api(Credentials credentials) {
    return new NetHttpTransport().createRequestFactory(new HttpCredentialsAdapter(credentials));
  }
}
