package io.zonecast.app.settings;

import io.zonecast.sink.cache.NodeAddress;
import io.zonecast.sink.checkpoint.WrittenWith;
import io.zonecast.sink.entry.CacheLayout;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** How the entries lie in the cache, and the group whose sinks put them there. */
public record CacheSettings(String group, CacheLayout layout) {

  public List<NodeAddress> nodes() {
    return layout.nodes();
  }

  public WrittenWith writtenWith() {
    return layout.writtenWith();
  }

  /**
   * The node that {@code --node} names, which must be one of the pool; all of them where it is
   * null.
   */
  public List<NodeAddress> chosen(@Nullable String node, Problems problems) {
    if (node == null) {
      return nodes();
    }
    Optional<NodeAddress> named =
        problems.attempt(() -> Optional.of(NodeAddress.parse(node)), Optional.empty());
    if (named.isPresent() && !nodes().contains(named.get())) {
      problems.add(
          "--node %s: not in the pool %s; name one of --memcached"
              .formatted(
                  node,
                  nodes().stream().map(NodeAddress::toString).collect(Collectors.joining(","))));
    }
    return named.map(List::of).orElseGet(this::nodes);
  }
}
