package io.zonecast.app.command;

import io.zonecast.app.settings.SettingsException;
import io.zonecast.app.terminal.CheckedOutput;
import io.zonecast.app.terminal.Console;
import io.zonecast.app.terminal.ExitCode;
import io.zonecast.ingest.sample.SampleTable;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
    description = "Writes a zone table of any size, from real geography, as CSV.",
    footer = {
      "",
      "Example:  zonecast sample --rows 500000 --out zones.csv",
      "The same number of rows is always the same table."
    })
public final class SampleCommand implements Callable<Integer> {
  private final Console console;

  @Option(
      names = "--rows",
      paramLabel = "N",
      defaultValue = "" + SampleTable.DEFAULT_ROWS,
      description = "How many rows (864,900: one carrier, all pairs).")
  private long rows;

  @Option(
      names = "--out",
      paramLabel = "FILE",
      description = "Where to write it (standard output).")
  private @Nullable Path file;

  @Option(names = "--force", description = "Overwrite FILE.")
  private boolean force;

  public SampleCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws IOException {
    if (rows < 0) {
      throw new SettingsException("--rows %d: below 0; give a number of rows".formatted(rows));
    }
    if (file == null) {
      // Unbuffered and unwrapped by text: the table comes in pieces of 64 kB.
      new SampleTable().writeCsv(rows, new CheckedOutput(console));
      return ExitCode.DONE;
    }
    // A pipe or /dev/null is there already too, and nothing of it is lost.
    if (!force && Files.isRegularFile(file)) {
      throw new SettingsException(
          "--out %s: there is such a file; choose another name, or overwrite it with --force"
              .formatted(file));
    }
    try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file))) {
      new SampleTable().writeCsv(rows, out);
    }
    return ExitCode.DONE;
  }
}
