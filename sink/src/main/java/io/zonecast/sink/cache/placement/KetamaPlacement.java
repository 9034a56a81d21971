package io.zonecast.sink.cache.placement;

import io.zonecast.sink.cache.NodeAddress;
import java.nio.charset.StandardCharsets;
import java.security.DigestException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * libmemcached's weighted ketama with equal weights. Every node has up to 160 points on a ring of
 * 2^32, four from each MD5 of {@code host:port-i}; a key belongs to the first point at or after its
 * own MD5.
 */
final class KetamaPlacement implements Placement {
  private static final int POINTS_PER_NODE = 160;
  private static final int POINTS_PER_HASH = 4;
  private static final int DEFAULT_PORT = 11211;

  private static final ThreadLocal<Md5> MD5 = ThreadLocal.withInitial(Md5::new);

  /** The points in rising order: 32 bits of the point, then 16 of the node's rank by name. */
  private final long[] ring;

  /** The nodes' indexes in the pool, by rank. */
  private final int[] byName;

  KetamaPlacement(List<NodeAddress> nodes) {
    int hashesPerNode = hashesPerNode(nodes.size());
    // If two nodes' points coincide, which libmemcached leaves to its sort, the name decides: the
    // order of the nodes must not matter.
    byName =
        IntStream.range(0, nodes.size())
            .boxed()
            .sorted(Comparator.comparing(node -> name(nodes.get(node))))
            .mapToInt(Integer::intValue)
            .toArray();
    ring = new long[nodes.size() * hashesPerNode * POINTS_PER_HASH];
    Md5 md5 = MD5.get();
    int count = 0;
    for (int rank = 0; rank < byName.length; rank++) {
      for (int i = 0; i < hashesPerNode; i++) {
        byte[] name = (name(nodes.get(byName[rank])) + "-" + i).getBytes(StandardCharsets.UTF_8);
        md5.digest(name, 0, name.length);
        for (int part = 0; part < POINTS_PER_HASH; part++) {
          ring[count++] = md5.word(part) << 16 | rank;
        }
      }
    }
    Arrays.sort(ring);
  }

  /**
   * Computes in single precision, as libmemcached does: for some numbers of nodes the product falls
   * just short of 40, and the floor takes a whole hash away.
   */
  private static int hashesPerNode(int nodes) {
    float share = 1f / nodes;
    return (int) Math.floor(share * POINTS_PER_NODE / POINTS_PER_HASH * nodes + 0.0000000001f);
  }

  /** libmemcached leaves memcached's own port out of the name. */
  private static String name(NodeAddress node) {
    return node.port() == DEFAULT_PORT ? node.host() : node.host() + ":" + node.port();
  }

  @Override
  public int nodeFor(byte[] key, int offset, int length) {
    Md5 md5 = MD5.get();
    md5.digest(key, offset, length);
    int at = Arrays.binarySearch(ring, md5.word(0) << 16);
    int next = at >= 0 ? at : -at - 1;
    return byName[(int) (ring[next == ring.length ? 0 : next] & 0xffff)];
  }

  /** A thread's MD5 with its result, so that a lookup allocates nothing. */
  private static final class Md5 {
    private final byte[] result = new byte[16];
    private final MessageDigest digest;

    Md5() {
      try {
        digest = MessageDigest.getInstance("MD5");
      } catch (NoSuchAlgorithmException e) {
        throw new IllegalStateException("every Java platform has MD5", e);
      }
    }

    void digest(byte[] bytes, int offset, int length) {
      digest.update(bytes, offset, length);
      try {
        digest.digest(result, 0, result.length);
      } catch (DigestException e) {
        throw new IllegalStateException("16 bytes are enough for MD5", e);
      }
    }

    /** The four bytes at {@code 4 * part}, least significant first, unsigned. */
    long word(int part) {
      int at = part * 4;
      return (result[at + 3] & 0xffL) << 24
          | (result[at + 2] & 0xffL) << 16
          | (result[at + 1] & 0xffL) << 8
          | (result[at] & 0xffL);
    }
  }
}
