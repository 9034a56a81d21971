package io.zonecast.sink.entry;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** The formats of an entry's value. {@link ValueWriter} writes them. */
public enum ValueFormat {
  /** The zone alone, as ASCII text, which every client reads. */
  ZONE,
  /** The row as one JSON object: carrier, origin, destination, zone, flags, effectiveDate. */
  JSON,
  /** The record's own value: Avro in the Confluent wire format. */
  AVRO;

  /** The name in {@code --value-format}. */
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
