package io.zonecast.app.command;

import io.zonecast.app.terminal.Console;
import io.zonecast.app.terminal.ProgressDisplay;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Shows the long steps of a publish, one at a time: reading the topic and reading the file overlap,
 * and two bars on a terminal would draw over each other.
 */
public final class PhaseProgress implements io.zonecast.ingest.StepProgress, AutoCloseable {
  private final Console console;
  private @Nullable Phase phase;
  private ProgressDisplay shown = ProgressDisplay.none();
  private boolean complete = true;

  public PhaseProgress(Console console) {
    this.console = console;
  }

  @Override
  public synchronized void at(Phase at, long done, long total) {
    if (at != phase) {
      if (!takesOver(at)) {
        return;
      }
      shown.close();
      phase = at;
      shown = console.progress(words(at), unit(at));
    }
    if (total >= 0) {
      shown.expect(total);
    }
    shown.reach(done);
    complete = total >= 0 && done >= total;
  }

  private boolean takesOver(Phase at) {
    return phase == null || (at.compareTo(phase) > 0 && (complete || at != Phase.COMPARING_FILE));
  }

  private static String words(Phase phase) {
    return phase.name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }

  private static String unit(Phase phase) {
    return switch (phase) {
      case READING_TOPIC, FINDING_REMOVED -> "offsets";
      case COMPARING_FILE -> "bytes";
      case PUBLISHING -> "records";
    };
  }

  /** Removes what is shown, so that something else can be said; the next step shows itself. */
  public synchronized void clear() {
    shown.close();
    shown = ProgressDisplay.none();
  }

  @Override
  public void close() {
    clear();
  }
}
