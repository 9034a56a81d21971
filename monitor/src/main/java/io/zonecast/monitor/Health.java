package io.zonecast.monitor;

/** Something that can be well or not, and says why. Asked on the endpoint's threads: be quick. */
@FunctionalInterface
public interface Health {

  /** How it is now. */
  Answer check();

  /**
   * The answer.
   *
   * @param ok whether all is well
   * @param reason why, or why not, in one line
   */
  record Answer(boolean ok, String reason) {
    public static Answer ok(String reason) {
      return new Answer(true, reason);
    }

    public static Answer failing(String reason) {
      return new Answer(false, reason);
    }
  }
}
