package io.zonecast.sink.entry;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** What an entry's value looks like to the application that reads it. */
public enum ValueFormat {
  /** The zone alone, as ASCII text: the one form that every client reads alike. */
  ZONE,
  /** The row as one JSON object: carrier, origin, destination, zone, flags, effectiveDate. */
  JSON,
  /** The record's value as it is: Avro in the Confluent wire format. */
  AVRO;

  /** As {@code --value-format} names it. */
  public String optionName() {
    return name().toLowerCase(Locale.ROOT);
  }

  public static ValueFormat parse(String name) {
    for (ValueFormat format : values()) {
      if (format.optionName().equals(name)) {
        return format;
      }
    }
    throw new IllegalArgumentException(
        "--value-format \""
            + name
            + "\" is unknown; one of "
            + Arrays.stream(values())
                .map(ValueFormat::optionName)
                .collect(Collectors.joining(", ")));
  }
}
