package io.zonecast.sandbox;

import java.util.Map;

/** Broker properties for one broker on a small machine that must start fast and answer at once. */
final class SmallBroker {
  static final Map<String, String> PROPERTIES =
      Map.ofEntries(
          // Only one broker: internal topics can have one replica only.
          Map.entry("default.replication.factor", "1"),
          Map.entry("offsets.topic.replication.factor", "1"),
          Map.entry("transaction.state.log.replication.factor", "1"),
          Map.entry("transaction.state.log.min.isr", "1"),
          Map.entry("share.coordinator.state.topic.replication.factor", "1"),
          Map.entry("share.coordinator.state.topic.min.isr", "1"),
          // 50 partitions each by default, all opened at start.
          Map.entry("offsets.topic.num.partitions", "4"),
          Map.entry("transaction.state.log.num.partitions", "4"),
          // A group of one need not wait for others.
          Map.entry("group.initial.rebalance.delay.ms", "0"),
          // No client of ours relies on it, and one that does by mistake should fail.
          Map.entry("auto.create.topics.enable", "false"),
          // 128 MiB of heap by default; compaction that tests can wait for.
          Map.entry("log.cleaner.dedupe.buffer.size", "4194304"),
          Map.entry("log.cleaner.backoff.ms", "200"),
          // Transactions left open by a dead producer are looked at every 10 s by default.
          Map.entry("transaction.abort.timed.out.transaction.cleanup.interval.ms", "1000"),
          // A broker that was killed is let in again only when its former self has been given up.
          Map.entry("broker.session.timeout.ms", "3000"),
          Map.entry("broker.heartbeat.interval.ms", "500"),
          Map.entry("num.network.threads", "2"),
          Map.entry("num.io.threads", "4"));

  private SmallBroker() {}
}
