package dev.carnet.interop;

import java.time.Duration;
import java.util.Map;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.annotation.Bean;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpMethod;
import org.springframework.security.config.Customizer;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.security.oauth2.client.OAuth2AuthorizedClientManager;
import org.springframework.security.oauth2.client.OAuth2AuthorizedClientProviderBuilder;
import org.springframework.security.oauth2.client.annotation.RegisteredOAuth2AuthorizedClient;
import org.springframework.security.oauth2.client.OAuth2AuthorizedClient;
import org.springframework.security.oauth2.client.registration.ClientRegistrationRepository;
import org.springframework.security.oauth2.client.web.DefaultOAuth2AuthorizedClientManager;
import org.springframework.security.oauth2.client.web.OAuth2AuthorizedClientRepository;
import org.springframework.security.oauth2.core.oidc.user.OidcUser;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.security.oauth2.jwt.JwtDecoder;
import org.springframework.security.oauth2.jwt.JwtValidators;
import org.springframework.security.oauth2.jwt.NimbusJwtDecoder;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;

/** A web app that people sign in to with us, and an API that takes our tokens: as Spring's documentation builds them. */
@SpringBootApplication
class App {
  @Bean
  @Order(1)
  SecurityFilterChain api(HttpSecurity http) throws Exception {
    return http.securityMatcher("/api/**")
        .csrf(csrf -> csrf.disable())
        .authorizeHttpRequests(
            calls ->
                calls
                    .requestMatchers(HttpMethod.POST)
                    .hasAuthority("SCOPE_" + Ready.SERVER.writeScope)
                    .anyRequest()
                    .hasAuthority("SCOPE_" + Ready.SERVER.readScope))
        .oauth2ResourceServer(server -> server.jwt(Customizer.withDefaults()))
        .build();
  }

  @Bean
  @Order(2)
  SecurityFilterChain pages(HttpSecurity http) throws Exception {
    return http.authorizeHttpRequests(pages -> pages.requestMatchers("/error").permitAll().anyRequest().authenticated())
        .oauth2Login(
            login ->
                login
                    .redirectionEndpoint(back -> back.baseUri("/callback"))
                    .failureHandler((request, answer, error) -> answer.sendError(401, error.getMessage())))
        .build();
  }

  /** By the issuer alone Spring reads JWTs of the type `JWT`; access tokens are `at+jwt` (RFC 9068 section 2.1). */
  @Bean
  JwtDecoder decoder() {
    NimbusJwtDecoder decoder = NimbusJwtDecoder.withIssuerLocation(Ready.SERVER.issuer).validateType(false).build();
    decoder.setJwtValidator(
        JwtValidators.createAtJwtValidator()
            .issuer(Ready.SERVER.issuer)
            .audience("https://demo.carnet.dev")
            .clientId(Ready.SERVER.client("demo-web").id())
            .build());
    return decoder;
  }

  /** Takes every token for one that ends soon, so that each use refreshes it. */
  @Bean
  OAuth2AuthorizedClientManager manager(ClientRegistrationRepository known, OAuth2AuthorizedClientRepository kept) {
    var manager = new DefaultOAuth2AuthorizedClientManager(known, kept);
    manager.setAuthorizedClientProvider(
        OAuth2AuthorizedClientProviderBuilder.builder()
            .authorizationCode()
            .refreshToken(refresh -> refresh.clockSkew(Duration.ofHours(2)))
            .build());
    return manager;
  }

  /** What the app sees. */
  @RestController
  static class Pages {
    @GetMapping("/me")
    Map<String, Object> me(@AuthenticationPrincipal OidcUser user) {
      return Map.of(
          "sub", user.getSubject(),
          "email", user.getEmail(),
          "name", String.valueOf(user.getFullName()),
          "nonce", String.valueOf(user.getNonce()),
          "userinfo", user.getUserInfo() != null);
    }

    @GetMapping("/tokens")
    Map<String, String> tokens(@RegisteredOAuth2AuthorizedClient("carnet") OAuth2AuthorizedClient client) {
      return Map.of(
          "access", client.getAccessToken().getTokenValue(),
          "refresh", client.getRefreshToken().getTokenValue());
    }

    @GetMapping("/api/invoices")
    Map<String, String> read(@AuthenticationPrincipal Jwt token) {
      return Map.of("for", token.getSubject());
    }

    @PostMapping("/api/invoices")
    Map<String, String> write(@AuthenticationPrincipal Jwt token) {
      return Map.of("for", token.getSubject());
    }
  }
}
