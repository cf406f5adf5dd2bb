package dev.carnet.interop;

import com.google.api.client.http.HttpTransport;
import com.google.api.client.http.javanet.ConnectionFactory;
import com.google.api.client.http.javanet.NetHttpTransport;
import com.google.auth.http.HttpTransportFactory;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URL;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Google's own transport, which also remembers where it went. */
final class Watched implements HttpTransportFactory, ConnectionFactory {
  final List<String> urls = new CopyOnWriteArrayList<>();

  private final HttpTransport transport =
      new NetHttpTransport.Builder().setConnectionFactory(this).build();

  @Override
  public HttpTransport create() {
    return transport;
  }

  @Override
  public HttpURLConnection openConnection(URL url) throws IOException {
    urls.add(url.toString());
    return (HttpURLConnection) url.openConnection();
  }
}
