package io.zonecast.ingest.publish;

import io.zonecast.ingest.StepProgress;
import io.zonecast.ingest.source.Edition;
import io.zonecast.ingest.source.RangeNames;
import io.zonecast.ingest.source.RowChunk;
import io.zonecast.ingest.source.RowChunk.Kind;
import io.zonecast.ingest.source.RowReader;
import io.zonecast.ingest.source.ZoneFile;
import io.zonecast.schemas.serde.RowSerdes;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * What can be said of an edition without a topic: it is judged as the first publish to a new one.
 *
 * @param files how each file is read
 * @param report against a topic without rows
 * @param refusals why a publish would be refused; empty if it would not
 * @param carriers what the good rows of each carrier have, in alphabetical order
 */
public record OfflinePlan(
    List<String> files,
    PublishReport report,
    List<Refusal> refusals,
    Map<String, Contents> carriers) {
  private static final int CHUNK_ROWS = 4096;

  /** The rows of one carrier. */
  public static final class Contents {
    private final Map<String, Long> zones = new TreeMap<>();
    private final Map<String, Set<String>> codes = new TreeMap<>();
    private long rows;

    private void add(String origin, String destination, String zone) {
      rows++;
      zones.merge(zone, 1L, Long::sum);
      codes.computeIfAbsent(shape(origin), each -> new HashSet<>()).add(origin);
      codes.computeIfAbsent(shape(destination), each -> new HashSet<>()).add(destination);
    }

    public long rows() {
      return rows;
    }

    /** How many rows have each zone. */
    public Map<String, Long> zones() {
      return zones;
    }

    /** How many codes have each shape, in which 9 is any digit and A any letter. */
    public Map<String, Long> codes() {
      Map<String, Long> sizes = new TreeMap<>();
      codes.forEach((shape, its) -> sizes.put(shape, (long) its.size()));
      return sizes;
    }

    private static String shape(String code) {
      return code.replaceAll("[0-9]", "9").replaceAll("[A-Za-z]", "A");
    }
  }

  /**
   * Reads an edition.
   *
   * @throws IOException if a file cannot be read
   */
  public static OfflinePlan of(Edition edition, Guards guards, StepProgress progress)
      throws IOException, PublishException, InterruptedException {
    long startedAt = System.nanoTime();
    ZoneDiff diff;
    try (Comparison comparison =
        new Comparison(
            edition,
            CHUNK_ROWS,
            1,
            RowSerdes.bundled()::decoder,
            false,
            guards.rules(),
            progress)) {
      comparison.start();
      comparison.readTopic(List.of(), 0);
      diff = comparison.readFile();
    }
    List<String> files = new ArrayList<>();
    for (ZoneFile file : edition.files()) {
      files.add(file.description());
    }
    Duration elapsed = Duration.ofNanos(System.nanoTime() - startedAt);
    return new OfflinePlan(
        files,
        new PublishReport("", edition.name(), diff, 0, elapsed),
        guards.refusals(diff),
        contents(edition));
  }

  private static Map<String, Contents> contents(Edition edition) throws IOException {
    Map<String, Contents> carriers = new TreeMap<>();
    RowChunk chunk = new RowChunk(CHUNK_ROWS);
    try (RowReader reader = edition.read(bytes -> {}, RangeNames.NONE)) {
      while (reader.read(chunk)) {
        for (int row = 0; row < chunk.size(); row++) {
          if (chunk.kind(row) == Kind.UPSERT && chunk.doubts(row).isEmpty()) {
            String[] key = chunk.keyText(row).split(":", -1);
            carriers
                .computeIfAbsent(key[0], each -> new Contents())
                .add(key[1], key[2], chunk.zoneText(row));
          }
        }
      }
    }
    return carriers;
  }
}
