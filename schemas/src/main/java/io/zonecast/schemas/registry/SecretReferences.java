package io.zonecast.schemas.registry;

import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;

/**
 * Values that say where a secret is, as {@code ${file:/run/secrets/registry:user}}, replaced by
 * what Kafka's config providers find there. Kafka's own clients do this for themselves; what reads
 * a client's configuration beside them must do it too.
 *
 * @see <a
 *     href="https://cwiki.apache.org/confluence/display/KAFKA/KIP-297%3A+Externalizing+Secrets+for+Connect+Configurations">KIP-297</a>
 */
public final class SecretReferences {
  private SecretReferences() {}

  /**
   * Returns {@code configs} with each reference replaced; providers are named in it, as for Kafka.
   */
  public static Map<String, Object> resolve(Map<String, ?> configs) {
    // Not logged: the result is nothing but secrets and addresses.
    return new HashMap<>(new AbstractConfig(new ConfigDef(), configs, false).originals());
  }
}
