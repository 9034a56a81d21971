package io.zonecast.app.terminal;

/** A message of several lines in one, as all that is said is. */
public final class OneLine {
  private OneLine() {}

  /** The text with its lines put one behind the other. */
  public static String of(String text) {
    return text.strip().replaceAll("\\s*\\R\\s*", "; ");
  }

  /** What an exception says; the name of its class where it says nothing. */
  public static String of(Throwable thrown) {
    String message = thrown.getMessage();
    return message == null || message.isBlank() ? thrown.getClass().getSimpleName() : of(message);
  }
}
