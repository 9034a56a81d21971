package io.zonecast.sink.replay;

import io.zonecast.sink.checkpoint.PartitionPosition;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Fills that replay every record in its order, where the shipped ones send the latest of each. */
public final class UnfoldedFills implements FillSource {
  private final Log log;

  /** The records of the topic, and where they end. */
  public interface Log {
    List<Row> read(int partition, long fromOffset);

    PartitionPosition end(int partition);
  }

  /**
   * A record.
   *
   * @param zone null in a tombstone
   */
  public record Row(long offset, int node, String key, @Nullable String zone) {}

  public UnfoldedFills(Log log) {
    this.log = log;
  }

  @Override
  public void request(Collection<? extends FillTarget> targets) {
    targets.forEach(this::fill);
  }

  private void fill(FillTarget target) {
    PartitionPosition end = log.end(target.partition());
    for (Row row : log.read(target.partition(), target.fromOffset())) {
      target.deliver(part(row, end, false));
    }
    target.deliver(part(null, end, true));
  }

  private static FoldPart part(@Nullable Row row, PartitionPosition end, boolean last) {
    var fold = new Fold(1 << 20, 0);
    if (row != null) {
      byte[] key = row.key.getBytes(StandardCharsets.UTF_8);
      byte[] value = (row.zone == null ? "" : row.zone).getBytes(StandardCharsets.UTF_8);
      int length = row.zone == null ? -1 : value.length;
      fold.put(row.offset, row.node, key, 0, key.length, value, 0, length);
    }
    return new FoldPart(fold, end, last, null, () -> {});
  }
}
