package io.zonecast.bench;

import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The {@code bench/run} command: one subcommand a benchmark. */
@Command(
    name = "bench/run",
    description = "Side-by-side benchmarks on servers of their own, started and ended here.",
    mixinStandardHelpOptions = true,
    subcommands = {
      ReplayCommand.class,
      PublishCommand.class,
      DecodeCommand.class,
      HealCommand.class,
      FaultsCommand.class,
      VerifyCommand.class,
      StreamCommand.class
    })
public final class BenchMain {
  private BenchMain() {}

  /** Runs the benchmark that {@code arguments} name. */
  public static void main(String[] arguments) {
    // Before its first class is loaded: it logs to stderr by itself otherwise.
    System.setProperty("net.spy.log.LoggerImpl", "net.spy.memcached.compat.log.SLF4JLogger");
    System.exit(new CommandLine(new BenchMain()).execute(arguments));
  }
}
