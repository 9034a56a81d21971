package io.zonecast.app.trust;

import io.zonecast.app.settings.KafkaSettings;
import io.zonecast.schemas.registry.SecretReferences;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.common.KafkaException;

/** Whom a broker takes us for, unless its own rules map names otherwise. */
final class KafkaUser {
  private static final Pattern USER_NAME =
      Pattern.compile("\\busername\\s*=\\s*(?:\"([^\"]*)\"|'([^']*)'|([^\\s;\"']+))");

  private KafkaUser() {}

  /** The principal, as {@code User:rates}. */
  static String of(KafkaSettings settings) {
    Map<String, Object> resolved;
    try {
      resolved = SecretReferences.resolve(settings.admin());
    } catch (KafkaException e) {
      return "this user";
    }
    String protocol =
        String.valueOf(resolved.getOrDefault("security.protocol", "PLAINTEXT"))
            .toUpperCase(Locale.ROOT);
    if (protocol.startsWith("SASL")) {
      return fromJaas(String.valueOf(resolved.getOrDefault("sasl.jaas.config", "")));
    }
    return protocol.equals("SSL")
        ? OwnCertificate.of(settings)
            .map(certificate -> "User:" + certificate.getSubjectX500Principal().getName())
            .orElse("User:ANONYMOUS")
        : "User:ANONYMOUS";
  }

  private static String fromJaas(String jaas) {
    Matcher name = USER_NAME.matcher(jaas);
    if (!name.find()) {
      return "this user";
    }
    for (int group = 1; group <= name.groupCount(); group++) {
      if (name.group(group) != null) {
        return "User:" + name.group(group);
      }
    }
    return "this user";
  }
}
