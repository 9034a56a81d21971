package io.zonecast.bench.pool;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The command as its users start it.
 *
 * @param launcher the {@code zonecast} script, built already
 * @param environment as {@code NAME=value}, beyond what every command is given
 */
public record ZonecastCommand(Path launcher, List<String> environment) {

  public ZonecastCommand {
    environment = List.copyOf(environment);
  }

  /** The script of the clone that this benchmark runs in. */
  public static ZonecastCommand ofThisClone() {
    return new ZonecastCommand(
        Path.of(System.getProperty("zonecast.home", "."), "zonecast"), List.of());
  }

  /** This command, in an environment that has one variable more. */
  public ZonecastCommand with(String variable) {
    List<String> more = new ArrayList<>(environment);
    more.add(variable);
    return new ZonecastCommand(launcher, more);
  }

  /** A command line for a process, which needs no environment but the one it sets itself. */
  public List<String> line(List<String> arguments) {
    List<String> line = new ArrayList<>();
    line.add("env");
    line.add("ZONECAST_NO_BUILD=1");
    // A status page must not depend on a port that somebody else may have.
    line.add("ZONECAST_HTTP=127.0.0.1:0");
    line.addAll(environment);
    line.add(launcher.toString());
    line.addAll(arguments);
    return line;
  }
}
