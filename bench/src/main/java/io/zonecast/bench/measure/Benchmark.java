package io.zonecast.bench.measure;

import java.lang.reflect.Field;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * A subcommand of {@code bench/run}. Its options are fields; their names and values are the
 * settings in its report.
 */
@Command(mixinStandardHelpOptions = true)
public abstract class Benchmark implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(
      names = "--json",
      paramLabel = "FILE",
      description = "Also writes the figures there, as JSON.")
  private @Nullable Path json;

  /** Runs it and adds what it finds to {@code report}. */
  protected abstract void run(Report report) throws Exception;

  /** Runs it, shows its report and returns the exit code. */
  @Override
  public Integer call() throws Exception {
    Report report = new Report(spec.name());
    for (OptionSpec option : spec.options()) {
      Object value = option.getValue();
      if (value != null && value != json && !option.usageHelp() && !option.versionHelp()) {
        report.with(((Field) option.userObject()).getName(), value);
      }
    }
    run(report);
    System.out.print(report.table());
    if (json != null) {
      report.writeJson(json);
    }
    return 0;
  }
}
