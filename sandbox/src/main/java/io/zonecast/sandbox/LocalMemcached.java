package io.zonecast.sandbox;

import java.time.Duration;
import java.util.List;

/** memcached as a process of this machine, on a port of its own. */
final class LocalMemcached implements MemcachedServer {
  private static final Duration START_LIMIT = Duration.ofSeconds(10);

  private final MemcachedProgram program;
  private final List<String> options;
  private final int port = Ports.free();
  private CommandProcess process;

  /** Starts memcached with {@code options} of its own, as {@code -m 64 -I 2m}. */
  LocalMemcached(MemcachedProgram program, List<String> options) {
    this.program = program;
    this.options = List.copyOf(options);
    this.process = launch();
  }

  @Override
  public String host() {
    return Ports.LOOPBACK.getHostAddress();
  }

  @Override
  public int port() {
    return port;
  }

  @Override
  public void kill() {
    process.close();
  }

  @Override
  public void pause() {
    process.pause();
  }

  @Override
  public void resume() {
    process.resume();
  }

  @Override
  public void restartEmpty() {
    process.close();
    process = launch();
  }

  @Override
  public void restartWarm(Runnable whileDown) {
    process.finish();
    process.close();
    whileDown.run();
    process = launch();
  }

  @Override
  public void close() {
    process.close();
  }

  @Override
  public String toString() {
    return "memcached %s with options %s".formatted(address(), options);
  }

  private CommandProcess launch() {
    CommandProcess started =
        CommandProcess.start(
            toString(),
            program.command(port, options),
            CommandProcess.scratch("memcached"),
            at -> {});
    started.awaitAnswer(() -> Ports.takesConnections(port), START_LIMIT);
    return started;
  }
}
