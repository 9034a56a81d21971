package io.zonecast.schemas;

import org.apache.kafka.common.utils.Utils;

/** The partition that a key belongs on, as the Java producer's default partitioner has it. */
public final class KeyPartition {
  private KeyPartition() {}

  public static int of(byte[] key, int partitions) {
    return Utils.toPositive(Utils.murmur2(key)) % partitions;
  }
}
