package io.zonecast.app.terminal;

/** How a command ends; a contract with the scripts that call it. */
public final class ExitCode {
  public static final int DONE = 0;

  public static final int FAILED = 1;

  /** Options or settings that do not fit. */
  public static final int USAGE = 2;

  /** A guard refused, differences were found, the sink is too far behind, the zone is absent. */
  public static final int ANSWER_IS_NO = 3;

  public static final int DONE_IN_PART = 4;

  private ExitCode() {}
}
