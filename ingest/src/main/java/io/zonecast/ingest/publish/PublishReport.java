package io.zonecast.ingest.publish;

import java.time.Duration;

/**
 * What was found out about a file, and sent.
 *
 * @param topic the topic it was compared with
 * @param file the file's name, without its folder
 * @param diff how they differ
 * @param bytes the keys and values of the difference, before compression
 * @param elapsed from the start to the outcome
 */
public record PublishReport(
    String topic, String file, ZoneDiff diff, long bytes, Duration elapsed) {
  public DiffCounts counts() {
    return diff.counts();
  }
}
