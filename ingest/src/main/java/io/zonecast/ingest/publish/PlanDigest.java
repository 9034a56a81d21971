package io.zonecast.ingest.publish;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Locale;

/**
 * A number for a set of changes, whatever their order, since removed rows come in that of the
 * topic's partitions: the sum of their SHA-256, as four numbers of 64 bits. It tells two plans
 * apart, and is no protection against one who forges them. Not thread-safe.
 */
public final class PlanDigest implements ChangeListing {
  private final MessageDigest sha256;
  private final long[] sum = new long[4];

  public PlanDigest() {
    try {
      sha256 = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  @Override
  public void add(Change change) {
    ByteBuffer one =
        ByteBuffer.wrap(sha256.digest(change.toString().getBytes(StandardCharsets.UTF_8)));
    for (int i = 0; i < sum.length; i++) {
      sum[i] += one.getLong();
    }
  }

  /** The number so far, in hexadecimal. */
  public String hex() {
    return String.format(Locale.ROOT, "%016x%016x%016x%016x", sum[0], sum[1], sum[2], sum[3]);
  }
}
