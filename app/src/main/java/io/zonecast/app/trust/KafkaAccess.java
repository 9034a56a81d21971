package io.zonecast.app.trust;

import io.zonecast.app.settings.KafkaSettings;
import io.zonecast.schemas.wire.RegistryUnavailableException;
import java.util.List;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.jspecify.annotations.Nullable;

/**
 * What a command was told of Kafka, for saying what to change where Kafka refuses.
 *
 * @param command as it is called: {@code publish}
 * @param group of the sinks; empty for a command without one
 * @param streamGroup of the streams of updates; empty for a command without one
 * @param file of the settings, as in {@code --config}; empty without one
 */
public record KafkaAccess(
    String command,
    String topic,
    String group,
    String streamGroup,
    String file,
    KafkaSettings kafka) {

  /**
   * One line for what Kafka refused for want of trust or of a right; null if {@code thrown} is
   * something else.
   */
  public @Nullable String refusal(Throwable thrown) {
    for (Throwable at = thrown; at != null; at = at.getCause()) {
      if (at instanceof RegistryUnavailableException) {
        // Below it, other people's classes may tell of a registry in Kafka's words.
        return null;
      }
      if (at instanceof AuthenticationException refused) {
        return new ConnectionRefusal(this).line(refused);
      }
      if (at instanceof AuthorizationException refused) {
        return rightsRefusal(refused);
      }
      if (at instanceof KafkaException && StoreTrouble.isAt(at)) {
        return new StoreTrouble(this).line(at);
      }
    }
    return null;
  }

  private String rightsRefusal(AuthorizationException refused) {
    List<KafkaRight> rights = KafkaRight.of(command, topic, group, streamGroup);
    return new RightsRefusal(this, rights).line(refused);
  }

  /** Where to change a setting. */
  String inFile() {
    return file.isEmpty() ? "in the file of --config" : "in " + file;
  }

  /** A Kafka client's setting, empty if it is not there; a reference is not followed. */
  String setting(String name) {
    Object value = kafka.admin().get(name);
    return value == null ? "" : value.toString();
  }

  /** The security protocol, as configured. */
  public String protocol() {
    String configured = setting("security.protocol");
    return configured.isEmpty() ? "PLAINTEXT" : configured;
  }

  public String bootstrapServers() {
    return kafka.bootstrapServers();
  }
}
