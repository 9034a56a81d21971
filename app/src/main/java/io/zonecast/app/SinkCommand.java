package io.zonecast.app;

import io.zonecast.app.logging.Logs;
import io.zonecast.app.settings.CacheOptions;
import io.zonecast.app.settings.CommonOptions;
import io.zonecast.app.settings.Problems;
import io.zonecast.app.trust.ListenerProbe;
import io.zonecast.sink.Sink;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    description = "Keeps the cache equal to the topic, until it is stopped.",
    footer = {
      "",
      "Example:  zonecast sink --memcached cache1:11211,cache2:11211",
      "Logs to standard error, a line a change of state. Several share the partitions."
    })
final class SinkCommand implements Callable<Integer> {
  private final Shutdown shutdown;

  @Mixin private final SinkOptions options = new SinkOptions();

  @Mixin private final CacheOptions cache = new CacheOptions();

  @Mixin private final CommonOptions common;

  @Option(
      names = "--change-settings",
      description = "Replace entries written with other settings.",
      order = 1)
  private boolean changeSettings;

  @Option(
      names = "--strict-memory",
      description = "Do not fill a node that is too small for its share.",
      order = 2)
  private boolean strictMemory;

  SinkCommand(CommonOptions common, Shutdown shutdown) {
    this.common = common;
    this.shutdown = shutdown;
  }

  @Override
  public Integer call() throws InterruptedException {
    Problems problems = new Problems();
    common.check(problems);
    SinkOptions.Checked checked =
        options.check(common, cache.read(common, problems), changeSettings, problems);
    problems.throwIfAny();

    ListenerProbe.requireMatch(common.kafka(), common.fileName());
    Logs.ofService();
    try (Sink sink = checked.strict(strictMemory).sink(new SilentEvents())) {
      shutdown.onSignal(sink::close);
      sink.run();
    }
    return ExitCode.DONE;
  }
}
