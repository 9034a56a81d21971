package io.zonecast.app;

import io.zonecast.app.terminal.Console;
import io.zonecast.app.terminal.Shutdown;
import java.util.List;
import java.util.Map;

/** The process: its streams, its environment, its signals. */
public final class Main {
  private Main() {}

  /** Runs the command that {@code arguments} ask for, and ends the process with its exit code. */
  public static void main(String[] arguments) {
    Map<String, String> environment = System.getenv();
    Shutdown shutdown = Shutdown.ofProcess();
    Zonecast zonecast = new Zonecast(Console.ofProcess(environment), environment, shutdown);
    shutdown.exit(zonecast.run(List.of(arguments)));
  }
}
