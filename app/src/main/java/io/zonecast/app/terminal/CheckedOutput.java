package io.zonecast.app.terminal;

import java.io.IOException;
import java.io.OutputStream;

/**
 * Standard output for a table. A {@link java.io.PrintStream} swallows errors: {@code sample | head}
 * would go on for ever.
 */
public final class CheckedOutput extends OutputStream {
  private final Console console;

  public CheckedOutput(Console console) {
    this.console = console;
  }

  @Override
  public void write(int oneByte) throws IOException {
    write(new byte[] {(byte) oneByte}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    console.out().write(bytes, offset, length);
    if (console.out().checkError()) {
      throw new IOException("standard output was closed before the table was written");
    }
  }
}
