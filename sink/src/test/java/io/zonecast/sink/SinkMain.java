package io.zonecast.sink;

import java.io.IOException;
import java.util.List;

/** What a {@link SinkProcess} runs: a sink until it is killed, or its parent has gone. */
final class SinkMain {
  private SinkMain() {}

  public static void main(String[] args) throws Exception {
    var parent =
        new Thread(
            () -> {
              try {
                while (System.in.read() >= 0) {
                  // Nothing is ever said here; the end is what counts.
                }
              } catch (IOException e) {
                // As good as the end.
              }
              Runtime.getRuntime().halt(1);
            },
            "parent");
    parent.setDaemon(true);
    parent.start();
    RunningSink.run(
        args[0],
        args[1],
        args[2],
        Integer.parseInt(args[3]),
        args[4],
        List.of(args).subList(5, args.length));
  }
}
