package io.zonecast.app.settings;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

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

  /**
   * What {@code read} returns; where it throws an {@link IllegalArgumentException}, its message is
   * noted and the answer is {@code otherwise}.
   */
  public <T extends @Nullable Object> T attempt(Supplier<T> read, T otherwise) {
    try {
      return read.get();
    } catch (IllegalArgumentException e) {
      add(String.valueOf(e.getMessage()));
      return otherwise;
    }
  }

  /** Ends the collecting: throws a {@link SettingsException} if there is any problem. */
  public void throwIfAny() {
    if (!found.isEmpty()) {
      throw new SettingsException(found);
    }
  }
}
