package io.zonecast.app.settings;

import io.zonecast.schemas.registry.SecretReferences;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.SaslConfigs;
import org.apache.kafka.common.config.types.Password;
import org.apache.kafka.common.security.JaasContext;
import org.jspecify.annotations.Nullable;

/**
 * Looks at the settings for Kafka's clients before any client does: a reference that leads to
 * nothing would be taken for the secret itself, and Kafka's own words for a JAAS line that it
 * cannot read repeat a part of it, which may be the password.
 */
final class KafkaSettingsCheck {
  private static final Pattern REFERENCE = Pattern.compile("\\$\\{(\\w+):[^}]+}");
  private static final List<String> STORES =
      List.of("ssl.truststore.location", "ssl.keystore.location");
  private static final String REGISTRY = "schema.registry.";

  private final String file;
  private final Set<String> found = new LinkedHashSet<>();

  private KafkaSettingsCheck(String file) {
    this.file = file.isEmpty() ? "--config" : file;
  }

  /**
   * Returns what is wrong, a line each, without any value that may be a secret.
   *
   * @param file where the settings are from
   */
  static Set<String> problems(KafkaSettings settings, String file) {
    KafkaSettingsCheck check = new KafkaSettingsCheck(file);
    for (Map<String, Object> client :
        List.of(settings.admin(), settings.consumer(), settings.producer(), settings.streams())) {
      check.look(client);
    }
    return check.found;
  }

  private void look(Map<String, Object> client) {
    Map<String, Object> resolved;
    try {
      resolved = new TreeMap<>(SecretReferences.resolve(client));
    } catch (KafkaException e) {
      found.add(
          "%s: a reference to a secret cannot be followed (%s); check kafka.config.providers, and"
                  .formatted(file, e.getMessage())
              + " that the file it names is there and readable");
      return;
    }
    resolved.forEach(
        (key, value) -> {
          Matcher left = REFERENCE.matcher(value.toString());
          if (left.find() && client.containsKey("config.providers." + left.group(1) + ".class")) {
            found.add(
                "%s: %s refers to %s, and there is nothing; set that, or correct the reference"
                    .formatted(file, nameOf(key), left.group()));
          }
        });
    if (found.isEmpty()) {
      readJaas(resolved.get(SaslConfigs.SASL_JAAS_CONFIG));
      STORES.forEach(store -> requireFile(store, resolved.get(store)));
      STORES.forEach(store -> requireFile(REGISTRY + store, resolved.get(REGISTRY + store)));
    }
  }

  private void readJaas(@Nullable Object jaas) {
    if (jaas == null) {
      return;
    }
    try {
      JaasContext.loadClientContext(
          Map.of(SaslConfigs.SASL_JAAS_CONFIG, new Password(jaas.toString())));
    } catch (IllegalArgumentException | KafkaException e) {
      found.add(
          ("%s: kafka.sasl.jaas.config cannot be read; write LOGIN_MODULE required"
                  + " username=\"…\" password=\"…\"; with the quotes and the last semicolon")
              .formatted(file));
    }
  }

  private void requireFile(String key, @Nullable Object path) {
    if (path != null && !Files.isReadable(Path.of(path.toString()))) {
      found.add(
          "%s: %s: %s is not there, or may not be read; check the path and its permissions"
              .formatted(file, nameOf(key), path));
    }
  }

  private static String nameOf(String key) {
    return key.equals("schema.registry.url") ? "schema-registry-url" : "kafka." + key;
  }
}
