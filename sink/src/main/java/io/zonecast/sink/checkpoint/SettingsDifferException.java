package io.zonecast.sink.checkpoint;

import java.util.List;

/**
 * A node is written with other settings than ours: its readers would miss our entries, or another
 * member's.
 */
public final class SettingsDifferException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private SettingsDifferException(String message) {
    super(message);
  }

  /** The node's entries were written with other settings. */
  public SettingsDifferException(String node, List<String> differences) {
    this(
        ("node %s was written with other settings: %s; set them alike; to change them for good:"
                + " zonecast sink --change-settings")
            .formatted(node, String.join("; ", differences)));
  }

  /**
   * Another member writes with other settings, which are newer than ours.
   *
   * @param conn the other's connection, as the node lists it
   * @param ourConn ours
   */
  public static SettingsDifferException newerElsewhere(
      String node, int partition, String conn, String ourConn, List<String> differences) {
    return new SettingsDifferException(
        ("node %s: the sink connected from %s keeps partition %d with newer settings than this"
                + " one, connected from %s: %s; restart this sink with that one's settings, or that"
                + " one with these")
            .formatted(node, conn, partition, ourConn, String.join("; ", differences)));
  }
}
