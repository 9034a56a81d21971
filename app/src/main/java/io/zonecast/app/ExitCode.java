package io.zonecast.app;

/** How a command ends; a contract with the scripts that call it. */
final class ExitCode {
  static final int DONE = 0;

  static final int FAILED = 1;

  /** Options or settings that do not fit. */
  static final int USAGE = 2;

  /** A guard refused, differences were found, the sink is too far behind, the zone is absent. */
  static final int ANSWER_IS_NO = 3;

  static final int DONE_IN_PART = 4;

  private ExitCode() {}
}
