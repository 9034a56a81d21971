package io.zonecast.ingest.source;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What a field of a row means. */
public enum Column {
  CARRIER,
  ORIGIN,
  DESTINATION,
  ZONE,
  FLAGS,
  EFFECTIVE_DATE,
  OP;

  /** Its name in a header, in options and in messages: {@code effective_date}. */
  public String header() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The column of this name, in lower case; null if there is none. */
  public static @Nullable Column named(String header) {
    if (header.equals("dest")) {
      return DESTINATION;
    }
    for (Column column : values()) {
      if (column.header().equals(header)) {
        return column;
      }
    }
    return null;
  }
}
