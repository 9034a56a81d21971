package io.zonecast.app.demo;

import io.zonecast.app.logging.Logs;
import io.zonecast.app.terminal.Console;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    description = "Shows it all on this machine: a private Kafka broker, two memcached nodes.",
    footer = {"", "Example:  zonecast demo --keep", "Nothing is left behind: no process, no file."})
public final class DemoCommand implements Callable<Integer> {
  private final Console console;

  @Parameters(
      arity = "0..1",
      paramLabel = "FILE",
      description = "A zone file of your own (a sample of 864,900 rows).")
  private @Nullable Path file;

  @Option(
      names = "--keep",
      description = "Leave everything up at the end, until Ctrl-C.",
      order = 1)
  private boolean keep;

  @Option(
      names = "--registry",
      paramLabel = "URL",
      description = "Write with a schema registry's ids.",
      order = 2)
  private @Nullable String registry;

  @Option(names = "--json", description = "Prints one JSON document of all figures.", order = 3)
  private boolean json;

  public DemoCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws Exception {
    Logs.silent();
    try {
      return new Demo(console, file, DemoRegistry.at(registry), keep, json).run();
    } catch (NoClassDefFoundError e) {
      throw new IllegalStateException(
          "this installation has no demo: it is in a clone of the repository, as ./zonecast demo",
          e);
    }
  }
}
