package dev.carnet.interop;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.springframework.web.util.HtmlUtils;

/** A person with a browser that runs no script: it keeps cookies, follows redirects, and fills the forms it is shown. */
final class Person {
  private static final Pattern FORM = Pattern.compile("<form\\b([^>]*)>(.*?)</form>", Pattern.DOTALL);
  private static final Pattern INPUT = Pattern.compile("<input\\b([^>]*)>");
  private static final Pattern ATTRIBUTE = Pattern.compile("([\\w-]+)(?:=\"([^\"]*)\")?");

  // Java's CookieManager writes cookies that have Max-Age as RFC 2965 did, which no browser does.
  private final Map<String, String> cookies = new LinkedHashMap<>();
  private final HttpClient browser = HttpClient.newHttpClient();
  private final String app;
  private final String name;

  /** What was filled, in order. */
  final List<String> filled = new ArrayList<>();

  /** Alice or Bob, whose passwords are their names. */
  Person(String app, String name) {
    this.app = app;
    this.name = name;
  }

  /** Opens an address of the app and does what it takes to see it. */
  HttpResponse<String> open(String address, String decision) {
    HttpResponse<String> answer = get(URI.create(address));
    for (int step = 0; step < 16; step++) {
      URI at = answer.uri();
      String location = answer.headers().firstValue("location").orElse(null);
      if (location != null) {
        answer = get(at.resolve(location));
        continue;
      }
      Map<String, String> form = at.toString().startsWith(app) ? null : form(answer.body());
      if (form == null) {
        return answer;
      }
      boolean signIn = form.containsKey("password");
      filled.add(signIn ? "sign-in" : "consent");
      form.putAll(signIn ? Map.of("email", name + "@example.com", "password", name) : Map.of("decision", decision));
      answer = post(at.resolve(form.remove("")), form);
    }
    throw new AssertionError("still not there, at " + answer.uri());
  }

  private HttpResponse<String> get(URI address) {
    return send(HttpRequest.newBuilder(address));
  }

  private HttpResponse<String> post(URI address, Map<String, String> form) {
    String body =
        form.entrySet().stream()
            .map(field -> URLEncoder.encode(field.getKey(), UTF_8) + "=" + URLEncoder.encode(field.getValue(), UTF_8))
            .collect(Collectors.joining("&"));
    return send(
        HttpRequest.newBuilder(address)
            .header("Content-Type", "application/x-www-form-urlencoded")
            .header("Origin", Ready.SERVER.issuer)
            .POST(BodyPublishers.ofString(body)));
  }

  private HttpResponse<String> send(HttpRequest.Builder request) {
    if (!cookies.isEmpty()) {
      request.header(
          "Cookie",
          cookies.entrySet().stream()
              .map(cookie -> cookie.getKey() + "=" + cookie.getValue())
              .collect(Collectors.joining("; ")));
    }
    HttpResponse<String> answer = Http.send(browser, request.build());
    for (String line : answer.headers().allValues("set-cookie")) {
      String[] pair = line.split(";", 2)[0].split("=", 2);
      cookies.put(pair[0].strip(), pair[1].strip());
    }
    return answer;
  }

  /** The form that wants a password or a decision, with what it holds already; under the empty name, where it goes. */
  private static Map<String, String> form(String page) {
    Matcher form = FORM.matcher(page);
    while (form.find()) {
      String inner = form.group(2);
      if (!inner.contains("name=\"password\"") && !inner.contains("name=\"decision\"")) {
        continue;
      }
      Map<String, String> fields = new LinkedHashMap<>();
      fields.put("", attributes(form.group(1)).getOrDefault("action", ""));
      Matcher input = INPUT.matcher(inner);
      while (input.find()) {
        Map<String, String> told = attributes(input.group(1));
        if (!"checkbox".equals(told.get("type")) || told.containsKey("checked")) {
          fields.put(told.get("name"), told.getOrDefault("value", ""));
        }
      }
      return fields;
    }
    return null;
  }

  private static Map<String, String> attributes(String tag) {
    Map<String, String> found = new LinkedHashMap<>();
    Matcher attribute = ATTRIBUTE.matcher(tag);
    while (attribute.find()) {
      String value = attribute.group(2);
      found.put(attribute.group(1), value == null ? "" : HtmlUtils.htmlUnescape(value));
    }
    return found;
  }
}
