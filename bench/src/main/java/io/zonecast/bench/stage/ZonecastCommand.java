package io.zonecast.bench.stage;

import io.zonecast.sandbox.CommandProcess;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The {@code zonecast} command of the clone that this benchmark runs in, built already. */
public final class ZonecastCommand {
  private ZonecastCommand() {}

  /**
   * Starts it as its own process, and does not wait until it works.
   *
   * @param name as messages are to call it
   * @param environment as {@code NAME=value}, beyond what every command is given
   */
  public static CommandProcess start(String name, List<String> arguments, String... environment) {
    List<String> line = new ArrayList<>();
    line.add("env");
    line.add("ZONECAST_NO_BUILD=1");
    // The status page must not need a port that another process may have.
    line.add("ZONECAST_HTTP=127.0.0.1:0");
    line.addAll(List.of(environment));
    line.add(Path.of(System.getProperty("zonecast.home", ".."), "zonecast").toString());
    line.addAll(arguments);
    return CommandProcess.start(name, line);
  }
}
