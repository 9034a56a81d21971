package io.zonecast.bench.pool;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The command as its users start it.
 *
 * @param launcher the {@code zonecast} script, built already
 */
public record ZonecastCommand(Path launcher) {

  /** The script of the clone that this benchmark runs in. */
  public static ZonecastCommand ofThisClone() {
    return new ZonecastCommand(Path.of(System.getProperty("zonecast.home", "."), "zonecast"));
  }

  /** A command line for a process, which needs no environment but the one it sets itself. */
  public List<String> line(List<String> arguments) {
    List<String> line = new ArrayList<>();
    line.add("env");
    line.add("ZONECAST_NO_BUILD=1");
    // A status page must not depend on a port that somebody else may have.
    line.add("ZONECAST_HTTP=127.0.0.1:0");
    line.add(launcher.toString());
    line.addAll(arguments);
    return line;
  }
}
