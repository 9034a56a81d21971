package io.zonecast.sink.cache;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** An entry read with its CAS, or the knowledge that there is none. */
public sealed interface VersionedEntry {
  String key();

  /** The entry's value; null where it is absent. */
  static byte @Nullable [] valueOf(VersionedEntry entry) {
    return entry instanceof Present present ? present.value() : null;
  }

  /**
   * An entry that is there. Its CAS token is worth nothing once the connection that read it has
   * closed.
   *
   * @param text the value, in Latin-1: each byte a character
   * @param cas never 0; an unsigned number: compare it only for equality
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

  /** There is no such entry: never written, expired, evicted, or wiped with all the rest. */
  record Absent(String key) implements VersionedEntry {}
}
