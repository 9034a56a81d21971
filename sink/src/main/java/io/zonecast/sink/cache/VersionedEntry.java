package io.zonecast.sink.cache;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** The answer to a read: an entry with its CAS, or none. */
public sealed interface VersionedEntry {
  String key();

  /** The entry's value; null if it is absent. */
  static byte @Nullable [] valueOf(VersionedEntry entry) {
    return entry instanceof Present present ? present.value() : null;
  }

  /**
   * An entry. Its CAS is valid only on the connection that read it.
   *
   * @param text the value, each byte a character (Latin-1)
   * @param cas never 0; unsigned: compare it only for equality
   */
  record Present(String key, String text, long cas) implements VersionedEntry {
    public byte[] value() {
      return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    @Override
    public String toString() {
      return "%s = %s (CAS %s)".formatted(key, text, Long.toUnsignedString(cas));
    }
  }

  /** No entry: it was never written, or expired, or was evicted or flushed. */
  record Absent(String key) implements VersionedEntry {}
}
