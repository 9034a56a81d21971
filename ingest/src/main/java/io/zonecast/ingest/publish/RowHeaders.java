package io.zonecast.ingest.publish;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;

/** Where a record came from, on each record that a publish writes. */
public final class RowHeaders {
  /**
   * The header's key. Its value is three words with spaces between, as UTF-8: the publish's id, the
   * file's SHA-256 as {@code sha256:} and 64 hexadecimal digits, and the file's name, to the end.
   * One header and not three: each costs every reader of every record an allocation or two.
   */
  public static final String SOURCE = "zonecast.source";

  private static final int MAX_NAME_CHARACTERS = 100;

  private RowHeaders() {}

  static List<Header> of(String publishId, String checksum, String fileName) {
    String name =
        fileName.length() <= MAX_NAME_CHARACTERS
            ? fileName
            : fileName.substring(0, MAX_NAME_CHARACTERS);
    String value = publishId + " sha256:" + checksum + " " + name;
    return List.of(new RecordHeader(SOURCE, value.getBytes(StandardCharsets.UTF_8)));
  }
}
