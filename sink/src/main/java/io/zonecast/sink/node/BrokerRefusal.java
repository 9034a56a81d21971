package io.zonecast.sink.node;

import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.jspecify.annotations.Nullable;

/**
 * Tells what only people can mend, a login or a right that the brokers refuse, from what a moment's
 * patience does.
 */
final class BrokerRefusal {
  private BrokerRefusal() {}

  /**
   * Throws {@code thrown} if the brokers refused us: to whoever runs the keeper, who ends the sink.
   * Its causes do not count: behind a dead letter that could not be written may stand a right that
   * is missing too, and that stops nothing but the letter's partition.
   */
  static void rethrow(@Nullable Throwable thrown) {
    if (thrown instanceof AuthorizationException refused) {
      throw refused;
    }
    if (thrown instanceof AuthenticationException refused) {
      throw refused;
    }
  }
}
