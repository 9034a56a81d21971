package io.zonecast.sink.lag;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.zonecast.sink.cache.NodeStats;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A report as JSON, for {@code zonecast lag --json} and the status page; the keys are a contract.
 * What is not known is null.
 */
public final class LagDocument {
  private LagDocument() {}

  public static ObjectNode of(LagReport report) {
    ObjectNode document = JsonNodeFactory.instance.objectNode();
    document.put("time", report.at().toString());
    document.put("group", report.group());
    document.put("topic", report.topic());
    document.put("verdict", report.verdict().name());
    document.put("words", report.verdict().words());
    document.put("headline", report.headline());
    document.put("since", time(report.since()));
    document.put("secondsLeft", seconds(report.left()));
    document.put("behindSeconds", seconds(report.behindFor()));
    ArrayNode partitions = document.putArray("partitions");
    report.partitions().forEach(lag -> add(partitions.addObject(), lag));
    ArrayNode nodes = document.putArray("nodes");
    report.nodes().forEach(lag -> add(nodes.addObject(), lag));
    return document;
  }

  private static void add(ObjectNode partition, PartitionLag lag) {
    partition.put("partition", lag.partition());
    partition.put("committed", lag.offsets().committed());
    partition.put("end", lag.offsets().end());
    partition.put("behindRecordsAtMost", lag.behindRecordsAtMost());
    partition.put("behindRecords", lag.behindRecords());
    partition.put("behindSeconds", seconds(lag.behindFor()));
    partition.put("offsetsPerSecond", lag.offsets().perSecond());
    partition.put("state", lag.state().name());
    partition.put("words", lag.state().words());
    partition.put("member", lag.member());
    partition.put("heldBy", lag.heldBy());
  }

  private static void add(ObjectNode node, NodeLag lag) {
    NodeStats stats = lag.stats();
    node.put("node", lag.node());
    node.put("state", lag.state().name());
    node.put("words", lag.state().words());
    node.put("since", time(lag.since()));
    node.put("filled", lag.filled());
    node.put("secondsLeft", seconds(lag.left()));
    node.put("behindRecordsAtMost", lag.behindRecordsAtMost());
    node.put("checkpointAgeSeconds", seconds(lag.checkpointAge()));
    node.put("entries", stats == null ? null : Long.valueOf(stats.entries()));
    node.put("bytes", stats == null ? null : Long.valueOf(stats.bytes()));
    node.put("limitBytes", stats == null ? null : Long.valueOf(stats.limitBytes()));
    node.put("evictions", stats == null ? null : Long.valueOf(stats.evictions()));
    node.put("detail", lag.detail());
  }

  private static @Nullable String time(@Nullable Instant time) {
    return time == null ? null : time.toString();
  }

  /** Seconds to the millisecond. */
  public static @Nullable Double seconds(@Nullable Duration time) {
    return time == null ? null : Double.valueOf(time.toMillis() / 1e3);
  }
}
