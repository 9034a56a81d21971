package io.zonecast.sink.cache.placement;

import io.zonecast.sink.cache.NodeAddress;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** The rules of {@code --placement}, one for each kind of readers' client. */
public enum PlacementScheme {
  /**
   * The key's {@code String.hashCode} modulo the number of nodes: the default of spymemcached and
   * XMemcached. One node more or less moves almost every key.
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
   * {@code KETAMA_HASH}. The nodes' text matters: a name and its address are different nodes.
   */
  KETAMA {
    @Override
    Placement over(List<NodeAddress> nodes) {
      return new KetamaPlacement(nodes);
    }
  },
  /**
   * pymemcache's HashClient, which is what Django's PyMemcacheCache uses: rendezvous hashing over
   * murmur3. The nodes' text matters, their order does not.
   */
  PYMEMCACHE {
    @Override
    Placement over(List<NodeAddress> nodes) {
      return new RendezvousPlacement(nodes);
    }
  };

  /**
   * Makes the placement over these nodes.
   *
   * @param nodes written as in the readers' configuration, in the same order
   */
  public Placement place(List<NodeAddress> nodes) {
    if (nodes.isEmpty()) {
      throw new IllegalArgumentException("placement: there is no node to place keys on; name one");
    }
    return nodes.size() == 1 ? (key, offset, length) -> 0 : over(nodes);
  }

  /**
   * Whether the order of the nodes matters, as with {@code modulo}. Assumed of an unknown scheme.
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

  /** The name in {@code --placement}. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
