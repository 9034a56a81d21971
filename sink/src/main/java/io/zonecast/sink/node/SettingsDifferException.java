package io.zonecast.sink.node;

import java.util.List;

/** A node was written with settings other than ours; its readers would miss what we write. */
public final class SettingsDifferException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public SettingsDifferException(String node, List<String> differences) {
    super(
        "node "
            + node
            + " was written with other settings: "
            + String.join("; ", differences)
            + "; set them alike, or replace all entries with --change-settings");
  }
}
