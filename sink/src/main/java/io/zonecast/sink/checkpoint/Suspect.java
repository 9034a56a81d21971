package io.zonecast.sink.checkpoint;

/**
 * A former writer's connection whose last batch may still arrive: the node can apply bytes that the
 * kernel took before the writer gave up, after the next owner has written. While the node lists the
 * connection, a late batch is possible; afterwards, a fill from {@code fromOffset} repairs it.
 *
 * @param conn {@code ip:port} as the node lists it
 * @param fromOffset the smallest offset that the connection may have written
 * @param timeMillis a lower bound on when that record was written
 */
public record Suspect(String conn, long fromOffset, long timeMillis) {

  public Suspect {
    if (fromOffset < 0 || timeMillis < 0) {
      throw new IllegalArgumentException(
          "suspect " + conn + ": offset " + fromOffset + " and time " + timeMillis + " are from 0");
    }
  }

  /** A copy whose range includes the other's. */
  Suspect covering(Suspect other) {
    return new Suspect(
        conn, Math.min(fromOffset, other.fromOffset), Math.min(timeMillis, other.timeMillis));
  }

  String encode() {
    return conn + '@' + fromOffset + '@' + timeMillis;
  }

  static Suspect decode(String text) {
    String[] parts = text.split("@", -1);
    if (parts.length != 3) {
      throw new IllegalArgumentException("no suspect: " + text);
    }
    return new Suspect(parts[0], Long.parseLong(parts[1]), Long.parseLong(parts[2]));
  }
}
