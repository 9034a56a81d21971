package io.zonecast.sink;

import io.zonecast.sink.cache.MemoryVerdict;
import io.zonecast.sink.cache.SetManyResult;
import io.zonecast.sink.node.NodeEvents;
import io.zonecast.sink.node.NodeStatus;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Logs each change of state in one line, before passing an event on. */
record LoggedEvents(NodeEvents next) implements NodeEvents {
  private static final Logger LOG = LoggerFactory.getLogger(Sink.class);

  @Override
  public void filled(String node, int partition, long nextOffset, long count, long nanos) {
    LOG.info(
        "node={} partition={} filled entries={} next={} ms={}",
        node,
        partition,
        count,
        nextOffset,
        nanos / 1_000_000);
    next.filled(node, partition, nextOffset, count, nanos);
  }

  @Override
  public void swept(String node, int partition, long count) {
    LOG.info("node={} partition={} swept entries={}", node, partition, count);
    next.swept(node, partition, count);
  }

  @Override
  public void weighed(MemoryVerdict verdict, int counted, int partitions) {
    String basis =
        counted == partitions ? "" : " (by " + counted + " of " + partitions + " partitions)";
    if (verdict.fits() && verdict.tooLarge() == 0) {
      LOG.info("node={} {}{}", verdict.node(), verdict, basis);
    } else {
      LOG.warn("node={} {}{}", verdict.node(), verdict, basis);
    }
    next.weighed(verdict, counted, partitions);
  }

  @Override
  public void changed(NodeStatus before, NodeStatus now) {
    if (!now.detail().isEmpty()) {
      LOG.warn(
          "node={} state={} was={}: {}", now.node(), now.state(), before.state(), now.detail());
    } else {
      LOG.info("node={} state={} was={}", now.node(), now.state(), before.state());
    }
    next.changed(before, now);
  }

  @Override
  public void took(String node, SetManyResult result, int count, long nanos) {
    next.took(node, result, count, nanos);
  }
}
