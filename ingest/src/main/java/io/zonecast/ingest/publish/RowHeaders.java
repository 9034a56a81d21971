package io.zonecast.ingest.publish;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;

/** Where a record came from, on each record that a publish writes. */
public final class RowHeaders {
  /**
   * The header's key. Its value is three words with a space between: the publish's id, the first
   * {@value #CHECKSUM_DIGITS} hexadecimal digits of the file's SHA-256, and the file's name, to the
   * end.
   *
   * <p>One short header and not three long ones: it is on every record, and every reader of every
   * record pays for it.
   */
  public static final String SOURCE = "zonecast.source";

  private static final int CHECKSUM_DIGITS = 16;
  private static final int MAX_NAME_CHARACTERS = 60;

  private RowHeaders() {}

  /** The headers of every record of a publish; {@code checksum} is the whole SHA-256. */
  public static List<Header> of(String publishId, String checksum, String fileName) {
    String name =
        fileName.length() <= MAX_NAME_CHARACTERS
            ? fileName
            : fileName.substring(0, MAX_NAME_CHARACTERS);
    String value = publishId + " " + checksum.substring(0, CHECKSUM_DIGITS) + " " + name;
    return List.of(new RecordHeader(SOURCE, value.getBytes(StandardCharsets.UTF_8)));
  }
}
