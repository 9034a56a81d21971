package io.zonecast.ingest.publish;

import com.dynatrace.hash4j.hashing.Hasher64;
import com.dynatrace.hash4j.hashing.Hashing;
import java.util.random.RandomGenerator;

/**
 * 128 bits that stand for a key, under a secret that is drawn anew for each run.
 *
 * <p>Two PolymurHashes with keys of their own: a universal family, so that two different keys of at
 * most 98 bytes share a digest with a probability below 2<sup>−106</sup> whatever they are, even if
 * whoever wrote the file chose them. A fixed hash (murmur, xxh) promises that only for keys chosen
 * without looking. Thread-safe.
 */
final class KeyDigest {
  private final Hasher64 first;
  private final Hasher64 second;

  KeyDigest(RandomGenerator secret) {
    first = Hashing.polymurHash2_0(secret.nextLong(), secret.nextLong(), secret.nextLong());
    second = Hashing.polymurHash2_0(secret.nextLong(), secret.nextLong(), secret.nextLong());
  }

  long first(byte[] key, int offset, int length) {
    return first.hashBytesToLong(key, offset, length);
  }

  long second(byte[] key, int offset, int length) {
    return second.hashBytesToLong(key, offset, length);
  }
}
