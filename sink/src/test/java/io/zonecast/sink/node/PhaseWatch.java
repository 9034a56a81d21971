package io.zonecast.sink.node;

import java.lang.reflect.Field;
import java.util.List;
import java.util.Map;
import java.util.WeakHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Sees how the partitions of a pool's nodes go from one phase to the next. */
public final class PhaseWatch {
  private static final Field PROTOCOL = protocol();

  private final List<NodeKeeper> keepers;
  private final Consumer<String> changes;
  private final Map<PartitionLane, Class<? extends Phase>> phases = new WeakHashMap<>();

  /**
   * @param changes is told of each, such as {@code Settling > Filling}
   */
  public PhaseWatch(NodeKeepers keepers, Consumer<String> changes) {
    this.keepers = keepers.listeners().stream().map(NodeKeeper.class::cast).toList();
    this.changes = changes;
  }

  /** Looks what is another than at the last look. No keeper's thread may run meanwhile. */
  public void look() {
    for (NodeKeeper keeper : keepers) {
      if (protocolOf(keeper) instanceof CheckpointProtocol protocol) {
        protocol.lanes().forEach(this::look);
      }
    }
  }

  private void look(PartitionLane lane) {
    Class<? extends Phase> now = lane.phase().getClass();
    Class<? extends Phase> before = phases.put(lane, now);
    if (before != null && before != now) {
      changes.accept(before.getSimpleName() + " > " + now.getSimpleName());
    }
  }

  private static Field protocol() {
    try {
      Field field = NodeKeeper.class.getDeclaredField("protocol");
      field.setAccessible(true);
      return field;
    } catch (NoSuchFieldException e) {
      throw new IllegalStateException(e);
    }
  }

  private static @Nullable Object protocolOf(NodeKeeper keeper) {
    try {
      return PROTOCOL.get(keeper);
    } catch (IllegalAccessException e) {
      throw new IllegalStateException(e);
    }
  }
}
