package io.zonecast.ingest;

/**
 * Hears how far a long step has come. Called often (every few thousand rows) and from whatever
 * thread does the step, also from two at once: implementations are quick and thread-safe.
 */
@FunctionalInterface
public interface StepProgress {

  /** Hears nothing. */
  StepProgress NONE = (phase, done, total) -> {};

  /** The long steps, in the order in which they begin. */
  enum Phase {
    /** Reading the topic to its watermark; counted in offsets, gaps included. */
    READING_TOPIC,
    /** Reading the file and comparing it with the topic; counted in bytes of the file. */
    COMPARING_FILE,
    /** Reading the topic again for the keys that left the file; counted in offsets. */
    FINDING_REMOVED,
    /** Sending the difference; counted in records. */
    PUBLISHING
  }

  /**
   * {@code done} of {@code total} units of {@code phase} are behind us.
   *
   * @param total what {@code done} ends at; −1 while no one knows
   */
  void at(Phase phase, long done, long total);
}
