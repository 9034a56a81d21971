package io.zonecast.app.command;

import io.zonecast.app.settings.Problems;
import io.zonecast.monitor.ListenAddress;
import java.io.IOException;
import java.util.Optional;

/** The option {@code --http} of a command that stays: where it shows itself, if anywhere. */
final class HttpOption {
  private static final String NOWHERE = "none";

  private HttpOption() {}

  /** Reads the option; empty for nowhere, or with a problem. */
  static Optional<ListenAddress> check(String given, Problems problems) {
    if (given.equals(NOWHERE)) {
      return Optional.empty();
    }
    try {
      return Optional.of(ListenAddress.parse(given));
    } catch (IllegalArgumentException e) {
      problems.add("--http " + e.getMessage() + ", or none");
      return Optional.empty();
    }
  }

  /** Begins to listen; what keeps it from that is said in the words of the option. */
  static ListenAddress listen(Listening listening) throws IOException {
    try {
      return listening.start();
    } catch (IOException e) {
      throw new IOException(
          "--http " + e.getMessage() + "; give another port, 0 for any that is free, or none", e);
    }
  }

  /** Something that listens from now on. */
  @FunctionalInterface
  interface Listening {
    ListenAddress start() throws IOException;
  }
}
