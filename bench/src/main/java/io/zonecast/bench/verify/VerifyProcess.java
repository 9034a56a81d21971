package io.zonecast.bench.verify;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.zonecast.bench.measure.Contestant;
import io.zonecast.bench.measure.Measurement;
import io.zonecast.bench.pool.BenchPool;
import io.zonecast.bench.pool.ZonecastCommand;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** {@code zonecast verify} as a process of its own, from its launch to its end. */
final class VerifyProcess extends Contestant {
  private final ZonecastCommand command;
  private final BenchPool pool;
  private final int rows;
  private final List<Double> comparing = new ArrayList<>();

  /**
   * What one run answered.
   *
   * @param exitCode 0 equal, 3 different
   * @param document its JSON
   */
  record Answer(int exitCode, JsonNode document) {
    /** The sum over all nodes of a count, as {@code missing}. */
    long sum(String count) {
      long sum = 0;
      for (JsonNode node : document.path("nodes")) {
        sum += node.path(count).asLong();
      }
      return sum;
    }
  }

  VerifyProcess(ZonecastCommand command, BenchPool pool, int rows) {
    super("zonecast verify, a process");
    this.command = command;
    this.pool = pool;
    this.rows = rows;
  }

  @Override
  public Measurement run() throws IOException, InterruptedException {
    long start = System.nanoTime();
    Answer answer = ask("--json");
    Measurement measured = Measurement.since(start, rows);
    if (answer.exitCode != 0 || answer.sum("checked") != rows) {
      throw new IllegalStateException(
          "a pool of %,d rows is not equal to its topic: %s".formatted(rows, answer.document));
    }
    comparing.add(answer.document.path("seconds").asDouble());
    return measured;
  }

  /** What the runs say they took themselves, their start left out: the one in the middle. */
  double comparingSeconds() {
    List<Double> sorted = comparing.stream().skip(1).sorted().toList();
    return sorted.get(sorted.size() / 2);
  }

  /** Runs it once with these options, which have it print JSON. */
  Answer ask(String... options) throws IOException, InterruptedException {
    Path said = Files.createTempFile("zonecast-bench-", ".log");
    try {
      Process process =
          new ProcessBuilder(command.line(pool.arguments("verify", options)))
              .redirectError(said.toFile())
              .start();
      byte[] printed = process.getInputStream().readAllBytes();
      int exitCode = process.waitFor();
      if (printed.length == 0) {
        throw new IllegalStateException(
            "verify ended with %d and no answer; it said:%n%s"
                .formatted(exitCode, Files.readString(said)));
      }
      return new Answer(exitCode, new ObjectMapper().readTree(printed));
    } finally {
      Files.delete(said);
    }
  }
}
