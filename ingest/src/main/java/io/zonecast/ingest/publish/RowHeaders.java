package io.zonecast.ingest.publish;

import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeader;

/** Where a record came from, on each record that a publish writes. */
public final class RowHeaders {
  /**
   * The header's key. Its value is three words with a space between: the publish's id, the first
   * {@value #CHECKSUM_DIGITS} hexadecimal digits of the file's SHA-256 ({@code -} without a file),
   * and to the end the file's name, or what was done without one.
   *
   * <p>One short header and not three long ones: it is on every record, and every reader of every
   * record pays for it.
   */
  public static final String SOURCE = "zonecast.source";

  private static final String NO_FILE = "-";
  private static final int CHECKSUM_DIGITS = 16;
  private static final int MAX_NAME_CHARACTERS = 60;

  private RowHeaders() {}

  /** Draws an id for a publish: 16 hexadecimal digits. */
  static String newPublishId() {
    return HexFormat.of().toHexDigits(new SecureRandom().nextLong());
  }

  /** The headers of every record of a publish; {@code checksum} is the whole SHA-256. */
  public static List<Header> of(String publishId, String checksum, String fileName) {
    String name =
        fileName.length() <= MAX_NAME_CHARACTERS
            ? fileName
            : fileName.substring(0, MAX_NAME_CHARACTERS);
    return header(publishId + " " + checksum.substring(0, CHECKSUM_DIGITS) + " " + name);
  }

  /** The headers of every record of a publish without a file. */
  static List<Header> of(String publishId, String whatWasDone) {
    return header(publishId + " " + NO_FILE + " " + whatWasDone);
  }

  private static List<Header> header(String value) {
    return List.of(new RecordHeader(SOURCE, value.getBytes(StandardCharsets.UTF_8)));
  }

  /**
   * What the header says.
   *
   * @param hasFile whether {@code what} is a file's name; without one it is what was done, as
   *     {@code undo of} an id
   */
  public record Source(String publishId, boolean hasFile, String what) {}

  /** Reads a record's header; empty if no publish wrote the record. */
  public static Optional<Source> source(Headers headers) {
    Header source = headers.lastHeader(SOURCE);
    if (source == null || source.value() == null) {
      return Optional.empty();
    }
    String[] words = new String(source.value(), StandardCharsets.UTF_8).split(" ", 3);
    return words.length < 3
        ? Optional.empty()
        : Optional.of(new Source(words[0], !words[1].equals(NO_FILE), words[2]));
  }

  /** Whether a publish wrote the record. */
  static boolean isOf(byte[] publishId, Headers headers) {
    Header source = headers.lastHeader(SOURCE);
    if (source == null || source.value() == null || source.value().length <= publishId.length) {
      return false;
    }
    byte[] value = source.value();
    return value[publishId.length] == ' '
        && Arrays.equals(value, 0, publishId.length, publishId, 0, publishId.length);
  }
}
