package io.zonecast.sink.cache;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** An entry read with its CAS, or the knowledge that there is none. */
public sealed interface CheckpointEntry {
  String key();

  /** The entry's value; null where it is absent. */
  static byte @Nullable [] valueOf(CheckpointEntry entry) {
    return entry instanceof Present present ? present.value() : null;
  }

  /** A CAS token is worth nothing once the connection that read it has closed. */
  final class Present implements CheckpointEntry {
    private final String key;
    private final byte[] value;
    private final long cas;

    Present(String key, byte[] value, long cas) {
      this.key = key;
      this.value = value;
      this.cas = cas;
    }

    @Override
    public String key() {
      return key;
    }

    public byte[] value() {
      return value.clone();
    }

    public String text() {
      return new String(value, StandardCharsets.UTF_8);
    }

    /** Never 0. An unsigned number: compare it only for equality. */
    public long cas() {
      return cas;
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Present that
          && key.equals(that.key)
          && cas == that.cas
          && Arrays.equals(value, that.value);
    }

    @Override
    public int hashCode() {
      return key.hashCode() * 31 + Long.hashCode(cas);
    }

    @Override
    public String toString() {
      return "%s = %s (CAS %s)".formatted(key, text(), Long.toUnsignedString(cas));
    }
  }

  /** There is no such entry: never written, expired, evicted, or wiped with all the rest. */
  record Absent(String key) implements CheckpointEntry {}
}
