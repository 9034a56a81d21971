package io.zonecast.app.command;

import io.zonecast.app.settings.CommonOptions;
import io.zonecast.app.terminal.Console;
import io.zonecast.app.trust.ListenerProbe;

/** Asks first whether Kafka answers, and as the settings say. */
final class KafkaReach {
  private KafkaReach() {}

  /**
   * Refuses a listener that speaks something else. Where nobody answers, Kafka's clients go on
   * asking until their time is up, since a broker may be on its way; whoever waits is told for
   * what.
   */
  static void ask(CommonOptions common, Console console) {
    if (!ListenerProbe.requireMatch(common.kafka(), common.fileName())) {
      console.say(
          "zonecast: waiting for Kafka at %s, where nobody answers (--bootstrap-servers)"
              .formatted(common.kafka().bootstrapServers()));
    }
  }
}
