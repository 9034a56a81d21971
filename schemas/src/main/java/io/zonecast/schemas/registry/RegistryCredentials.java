package io.zonecast.schemas.registry;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * How we identify ourselves to the registry: the value of the Authorization header.
 *
 * @param bearerSource empty, or STATIC_TOKEN
 * @param basicSource URL or USER_INFO; counts only without a bearer
 */
record RegistryCredentials(
    String bearerSource, String bearerToken, String basicSource, String basicUserInfo) {

  /** Returns the header's value, if one is configured; adds to {@code problems} what is wrong. */
  Optional<String> authorization(List<URI> addresses, List<String> problems) {
    if (!bearerSource.isEmpty()) {
      if (!bearerSource.equals("STATIC_TOKEN")) {
        problems.add(
            "%s is \"%s\", only STATIC_TOKEN is supported"
                .formatted(RegistrySettings.BEARER_SOURCE, bearerSource));
      }
      return Optional.of("Bearer " + checked(RegistrySettings.BEARER_TOKEN, bearerToken, problems));
    }
    return switch (basicSource) {
      case "USER_INFO" ->
          Optional.of(basic(checked(RegistrySettings.BASIC_USER_INFO, basicUserInfo, problems)));
      case "URL" ->
          addresses.stream()
              .map(URI::getUserInfo)
              .filter(Objects::nonNull)
              .findFirst()
              .map(RegistryCredentials::basic);
      default -> {
        problems.add(
            "%s is \"%s\", only USER_INFO and URL are supported"
                .formatted(RegistrySettings.BASIC_SOURCE, basicSource));
        yield Optional.empty();
      }
    };
  }

  private static String checked(String name, String secret, List<String> problems) {
    if (secret.isEmpty()) {
      problems.add(name + " is empty, and the credentials are to come from it");
    } else if (secret.chars().anyMatch(Character::isISOControl)) {
      problems.add(name + " has a control character; is it one line?");
    }
    return secret;
  }

  private static String basic(String userInfo) {
    return "Basic " + Base64.getEncoder().encodeToString(userInfo.getBytes(StandardCharsets.UTF_8));
  }

  /** Never the secrets. */
  @Override
  public String toString() {
    return "RegistryCredentials(" + (bearerSource.isEmpty() ? basicSource : bearerSource) + ")";
  }
}
