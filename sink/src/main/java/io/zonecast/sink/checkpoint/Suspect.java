package io.zonecast.sink.checkpoint;

/**
 * A former writer's connection that may still have bytes under way: what the kernel took before the
 * writer gave up can be applied after somebody else has written. As long as the node lists the
 * connection, a late batch is possible; once it no longer does, a fill from here mends it.
 *
 * @param conn {@code ip:port} as the node lists it
 * @param fromOffset the smallest offset that anything it wrote may have had
 * @param timeMillis a lower bound on when that was written
 */
public record Suspect(String conn, long fromOffset, long timeMillis) {

  public Suspect {
    if (fromOffset < 0 || timeMillis < 0) {
      throw new IllegalArgumentException(
          "suspect " + conn + ": offset " + fromOffset + " and time " + timeMillis + " are from 0");
    }
  }

  /** The same connection, which now also answers for what {@code other} may have written. */
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
