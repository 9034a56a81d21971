package io.zonecast.app.settings;

import java.util.ArrayList;
import java.util.List;

/** Collects what is wrong with a command's settings, so that all of it is said at once. */
public final class Problems {
  private final List<String> found = new ArrayList<>();

  /** Notes one problem: the thing, its value and the remedy, in one line. */
  public void add(String problem) {
    found.add(problem);
  }

  void addAll(List<String> problems) {
    found.addAll(problems);
  }

  /** Ends the collecting: throws a {@link SettingsException} if there is any problem. */
  public void throwIfAny() {
    if (!found.isEmpty()) {
      throw new SettingsException(found);
    }
  }
}
