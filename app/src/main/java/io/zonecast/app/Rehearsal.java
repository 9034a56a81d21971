package io.zonecast.app;

import io.zonecast.app.terminal.Console;
import io.zonecast.app.terminal.ExitCode;
import io.zonecast.app.terminal.Shutdown;
import io.zonecast.sandbox.BrokerSettings;
import io.zonecast.sandbox.Sandbox;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/**
 * Runs the commands once on a small table, so that the JVM can archive the classes that they load:
 * the launcher does this after a build, and every later start takes a second less.
 *
 * <p>In two processes, since an archive is only good for the class path that it was made with, and
 * the commands' has no sandbox on it.
 */
final class Rehearsal {
  private static final String ROWS = "2000";
  private static final Duration READY_WITHIN = Duration.ofSeconds(30);

  private Rehearsal() {}

  /**
   * With {@code servers}: starts a broker and a node, says where they are and where files may go,
   * and ends with standard input. With {@code commands BOOTSTRAP NODE DIRECTORY}: runs the
   * commands.
   */
  public static void main(String[] arguments) throws IOException, InterruptedException {
    if (arguments.length == 1 && arguments[0].equals("servers")) {
      serve();
    } else {
      System.exit(perform(arguments[1], arguments[2], Path.of(arguments[3])));
    }
  }

  private static void serve() throws IOException {
    try (Sandbox sandbox = Sandbox.start(BrokerSettings.DEFAULT, 1)) {
      System.out.println(
          String.join(
              " ",
              sandbox.broker().bootstrapServers(),
              sandbox.memcached().get(0).address(),
              sandbox.directory().toString()));
      System.out.flush();
      while (System.in.read() >= 0) {
        // Says nothing: the process that started this closes the pipe, or dies.
      }
    }
  }

  private static int perform(String bootstrapServers, String node, Path directory)
      throws IOException, InterruptedException {
    Map<String, String> environment =
        Map.of("ZONECAST_BOOTSTRAP_SERVERS", bootstrapServers, "ZONECAST_MEMCACHED", node);
    PrintStream nowhere =
        new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8);
    // Where a sink logs.
    System.setErr(nowhere);
    Console console = Console.of(nowhere, nowhere);
    Zonecast zonecast = new Zonecast(console, environment, Shutdown.deaf());
    String table = directory.resolve("rehearsal.csv").toString();
    List<List<String>> commands =
        List.of(
            List.of("--help"),
            List.of("sample", "--rows", ROWS, "--out", table),
            List.of("plan", table),
            List.of("publish", table),
            List.of("history"),
            List.of("export", "--out", table),
            List.of("update", "sample", "005", "006", "3"),
            List.of("rebuild"),
            List.of("verify", "--json"),
            List.of("lag", "--json"),
            List.of("get", "sample", "005", "006", "--json"));
    int worst = ExitCode.DONE;
    for (List<String> command : commands) {
      worst = Math.max(worst, zonecast.run(command));
    }
    return Math.max(worst, watchASink(environment, console));
  }

  /** Runs a sink until it is ready, and looks at it as a person and a scraper do. */
  private static int watchASink(Map<String, String> environment, Console console)
      throws IOException, InterruptedException {
    Shutdown shutdown = Shutdown.deaf();
    int port;
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
    }
    String http = "127.0.0.1:" + port;
    Zonecast zonecast = new Zonecast(console, environment, shutdown);
    var sink = new FutureTask<>(() -> zonecast.run(List.of("sink", "--http", http)));
    new Thread(sink, "rehearsal-sink").start();
    long deadline = System.nanoTime() + READY_WITHIN.toNanos();
    while (status(http, "/readyz") != HttpURLConnection.HTTP_OK && !sink.isDone()) {
      if (System.nanoTime() > deadline) {
        return ExitCode.FAILED;
      }
      // It does not call; and a rehearsal measures nothing.
      Thread.sleep(50);
    }
    List.of("/", "/status", "/metrics", "/livez").forEach(path -> status(http, path));
    shutdown.request();
    try {
      return sink.get();
    } catch (ExecutionException e) {
      return ExitCode.FAILED;
    }
  }

  /** The status of an answer that is read to its end; 0 while no one listens there. */
  private static int status(String http, String path) {
    try {
      var asked = (HttpURLConnection) new URL("http://" + http + path).openConnection();
      try (InputStream body =
          asked.getResponseCode() == HttpURLConnection.HTTP_OK
              ? asked.getInputStream()
              : InputStream.nullInputStream()) {
        body.transferTo(OutputStream.nullOutputStream());
      }
      return asked.getResponseCode();
    } catch (IOException e) {
      return 0;
    }
  }
}
