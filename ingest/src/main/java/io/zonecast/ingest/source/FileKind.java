package io.zonecast.ingest.source;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/**
 * A kind of file that people have and that is not read.
 *
 * @param nextStep what it is and what to do, to follow "is"
 * @param starts how such a file may begin, a character a byte
 */
record FileKind(String nextStep, List<String> starts) {
  private static final int TAR_MARK = 257;
  private static final FileKind TAR = of("a tar archive; unpack it first: tar xf FILE");
  static final FileKind JSON =
      of(
          "JSON, and not an answer of the USPS zone chart service; convert it to csv",
          "{",
          "[{",
          "[[",
          "[\"",
          "[\n",
          "[\r");
  private static final List<FileKind> KINDS =
      List.of(
          JSON,
          of("an xz archive; unpack it first: xz -dk FILE", "\u00FD7zXZ"),
          of("a bzip2 archive; unpack it first: bunzip2 -k FILE", "BZh"),
          of("a zstd archive; unpack it first: zstd -d FILE", "(\u00B5/\u00FD"),
          of(
              "a zip archive or a spreadsheet (xlsx, ods); unzip it, or save the sheet as csv",
              "PK\u0003\u0004"),
          of("a spreadsheet (xls); save the sheet as csv", "\u00D0\u00CF\u0011\u00E0"),
          of("a PDF; get the table as csv or text, since a PDF has no rows", "%PDF"),
          of(
              "a web page; download the file that it shows, or save its table as csv",
              "<!",
              "<html"),
          of("XML; convert it to csv", "<?xml"));

  private static FileKind of(String nextStep, String... starts) {
    return new FileKind(nextStep, List.of(starts));
  }

  /** The kind of a file that begins with these bytes; empty if it may be text with rows. */
  static Optional<FileKind> of(byte[] head) {
    String text = new String(head, StandardCharsets.ISO_8859_1);
    return text.startsWith("ustar", TAR_MARK)
        ? Optional.of(TAR)
        : KINDS.stream().filter(kind -> kind.begins(text.stripLeading())).findFirst();
  }

  private boolean begins(String text) {
    return starts.stream().anyMatch(start -> text.regionMatches(true, 0, start, 0, start.length()));
  }
}
