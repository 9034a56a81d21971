package io.zonecast.sink.cache.placement;

import io.zonecast.sink.cache.NodeAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * pymemcache's rendezvous hashing: the node with the highest {@code murmur3_32("host:port-key")};
 * of two that tie, the one whose name sorts last.
 */
final class RendezvousPlacement implements Placement {
  private final Candidate[] candidates;

  RendezvousPlacement(List<NodeAddress> nodes) {
    candidates = nodes.stream().map(Candidate::new).toArray(Candidate[]::new);
  }

  @Override
  public int nodeFor(byte[] key, int offset, int length) {
    int winner = 0;
    long highest = -1;
    for (int node = 0; node < candidates.length; node++) {
      long score = candidates[node].score(key, offset, length);
      if (score > highest
          || (score == highest && candidates[node].name.compareTo(candidates[winner].name) > 0)) {
        highest = score;
        winner = node;
      }
    }
    return winner;
  }

  /** A node and the murmur3 state after its name; a lookup goes on from there. */
  private static final class Candidate {
    private static final int C1 = 0xcc9e2d51;
    private static final int C2 = 0x1b873593;

    private final String name;
    private final int nameLength;
    private final int begunHash;
    private final int begunBlock;

    Candidate(NodeAddress node) {
      // Without brackets around IPv6, as pymemcache's "%s:%s" writes it.
      name = node.host() + ":" + node.port();
      byte[] begin = (name + "-").getBytes(StandardCharsets.UTF_8);
      int hash = 0;
      int block = 0;
      for (int i = 0; i < begin.length; i++) {
        block |= (begin[i] & 0xff) << ((i % 4) * 8);
        if (i % 4 == 3) {
          hash = mixBlock(hash, block);
          block = 0;
        }
      }
      nameLength = begin.length;
      begunHash = hash;
      begunBlock = block;
    }

    /** Unsigned 32 bits. */
    long score(byte[] key, int offset, int length) {
      int hash = begunHash;
      int block = begunBlock;
      int total = nameLength;
      for (int i = offset; i < offset + length; i++, total++) {
        block |= (key[i] & 0xff) << ((total & 3) * 8);
        if ((total & 3) == 3) {
          hash = mixBlock(hash, block);
          block = 0;
        }
      }
      hash ^= scramble(block);
      hash ^= total;
      hash = (hash ^ (hash >>> 16)) * 0x85ebca6b;
      hash = (hash ^ (hash >>> 13)) * 0xc2b2ae35;
      return (hash ^ (hash >>> 16)) & 0xffff_ffffL;
    }

    private static int mixBlock(int hash, int block) {
      return Integer.rotateLeft(hash ^ scramble(block), 13) * 5 + 0xe6546b64;
    }

    private static int scramble(int block) {
      return Integer.rotateLeft(block * C1, 15) * C2;
    }
  }
}
