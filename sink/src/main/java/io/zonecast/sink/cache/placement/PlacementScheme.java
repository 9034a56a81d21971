package io.zonecast.sink.cache.placement;

import io.zonecast.sink.cache.NodeAddress;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** The schemes that {@code --placement} knows, each named for whoever made it. */
public enum PlacementScheme {
  /**
   * The key's {@code String.hashCode} modulo the number of nodes: the default of spymemcached and
   * XMemcached. A node more or less moves almost every key.
   */
  MODULO {
    @Override
    Placement over(List<NodeAddress> nodes) {
      return new ModuloPlacement(nodes.size());
    }
  },
  /**
   * libmemcached's weighted ketama, all weights 1: pylibmc with {@code ketama_weighted},
   * php-memcached with {@code OPT_LIBKETAMA_COMPATIBLE}, spymemcached with {@code CONSISTENT} and
   * {@code KETAMA_HASH}. It depends on how the nodes are written: a name and its address differ.
   */
  KETAMA {
    @Override
    Placement over(List<NodeAddress> nodes) {
      return new KetamaPlacement(nodes);
    }
  },
  /**
   * pymemcache's HashClient, which is what Django's PyMemcacheCache uses: rendezvous hashing over
   * murmur3. It depends on how the nodes are written, and not on their order.
   */
  PYMEMCACHE {
    @Override
    Placement over(List<NodeAddress> nodes) {
      return new RendezvousPlacement(nodes);
    }
  };

  /**
   * Works out the placement over these nodes.
   *
   * @param nodes in the order, and written as, in the readers' own configuration
   */
  public Placement place(List<NodeAddress> nodes) {
    if (nodes.isEmpty()) {
      throw new IllegalArgumentException("placement: there is no node to place keys on; name one");
    }
    return nodes.size() == 1 ? (key, offset, length) -> 0 : over(nodes);
  }

  /**
   * Whether the order of the nodes says where a key lies, as with {@code modulo}. Of a scheme that
   * is not known here it must be supposed.
   *
   * @param name as {@link #toString} writes it
   */
  public static boolean isOrdered(String name) {
    return !name.equals(KETAMA.toString()) && !name.equals(PYMEMCACHE.toString());
  }

  abstract Placement over(List<NodeAddress> nodes);

  /** Reads what {@link #toString} writes. */
  public static PlacementScheme parse(String name) {
    for (PlacementScheme scheme : values()) {
      if (scheme.toString().equals(name)) {
        return scheme;
      }
    }
    throw new IllegalArgumentException(
        "placement \"%s\" is not known; choose one of %s"
            .formatted(
                name,
                Arrays.stream(values())
                    .map(PlacementScheme::toString)
                    .collect(Collectors.joining(", "))));
  }

  /** As in {@code --placement}: in lower case. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
