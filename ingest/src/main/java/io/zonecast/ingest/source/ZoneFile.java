package io.zonecast.ingest.source;

import static io.zonecast.ingest.source.FileFormat.CSV;
import static io.zonecast.ingest.source.FileFormat.UPS_CHART;
import static io.zonecast.ingest.source.FileFormat.USPS_MATRIX;
import static io.zonecast.ingest.source.FileFormat.USPS_ZONES;

import io.zonecast.schemas.ZoneText;
import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongConsumer;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/**
 * A zone file on disk that can be read as often as needed. Opening looks at its first bytes, for
 * gzip and for the format; the file stays closed between readings.
 *
 * @param path where it lies
 * @param sizeBytes its size on disk when it was opened
 * @param gzip whether it is compressed, told by its content
 * @param utf16 whether its text is UTF-16, told by its byte order mark
 * @param format told by its content, unless the options say
 * @param origin of all its rows, if the format is of one origin ({@link FileFormat#ofOneOrigin});
 *     else empty
 * @param options what the user says about it
 */
public record ZoneFile(
    Path path,
    long sizeBytes,
    boolean gzip,
    boolean utf16,
    FileFormat format,
    Optional<String> origin,
    FileOptions options) {
  private static final Set<String> STANDARD_INPUT = Set.of("-", "/dev/stdin", "/proc/self/fd/0");
  private static final int SNIFFED_BYTES = 8192;
  static final int BUFFER_BYTES = 1 << 16;

  /**
   * Looks at a file.
   *
   * @throws FileSettingsException if it is no file that can be read twice, or its format cannot be
   *     told, or does not fit the options
   * @throws ZoneFileException if it cannot be read
   */
  public static ZoneFile open(Path path, FileOptions options) throws ZoneFileException {
    requireRegularFile(path);
    try (InputStream file = Files.newInputStream(path)) {
      long sizeBytes = Files.size(path);
      byte[] head = file.readNBytes(SNIFFED_BYTES);
      boolean gzip = head.length >= 2 && head[0] == 0x1F && (head[1] & 0xFF) == 0x8B;
      if (gzip) {
        head = inflatedHead(path);
      }
      boolean utf16 = Utf16Text.isOne(head);
      if (utf16) {
        head = new Utf16Text(new ByteArrayInputStream(head)).readAllBytes();
      }
      head = FileReading.withoutBom(head);
      FileFormat format = format(path, head, options);
      Optional<String> origin = origin(path, head, format, options);
      return new ZoneFile(path, sizeBytes, gzip, utf16, format, origin, options);
    } catch (ZoneFileException e) {
      throw e;
    } catch (IOException e) {
      throw unreadable(path, e);
    }
  }

  /** The file's name without its folder, as the records' headers give it. */
  public String name() {
    Path name = path.getFileName();
    return name == null ? path.toString() : name.toString();
  }

  /**
   * How it is read, in words: {@code zones.csv.gz: csv, separator ";", gzip}.
   *
   * @throws ZoneFileException if it cannot be read
   */
  public String description() throws ZoneFileException {
    StringBuilder words = new StringBuilder(name()).append(": ").append(format);
    if (format == CSV) {
      try (InputStream text = text(Files.newInputStream(path))) {
        char separator = CsvSeparator.of(text.readNBytes(SNIFFED_BYTES), options.csv()).character();
        words.append(separator == '\t' ? ", separator tab" : ", separator \"" + separator + '"');
      } catch (IOException e) {
        throw unreadable(path, e);
      }
    }
    origin.ifPresent(its -> words.append(", origin ").append(its));
    return words.append(gzip ? ", gzip" : "").append(utf16 ? ", UTF-16" : "").toString();
  }

  private InputStream text(InputStream file) throws IOException {
    InputStream inflated = gzip ? new GZIPInputStream(file, BUFFER_BYTES) : file;
    return utf16 ? new Utf16Text(inflated) : inflated;
  }

  /** The carrier of all rows, where it is not the rows that say it. */
  public Optional<String> declaredCarrier() {
    return switch (format) {
      case CSV -> options.carrier();
      case USPS_MATRIX, USPS_ZONES -> Optional.of(options.carrier().orElse(UspsMatrix.CARRIER));
      case UPS_CHART -> Optional.empty();
    };
  }

  /**
   * Begins a reading at the first row.
   *
   * @param bytesRead hears how many of {@link #sizeBytes} have been read, on the reading thread
   * @throws FileSettingsException if the header and the options do not fit
   * @throws ZoneFileException if it cannot be read
   */
  public RowReader read(LongConsumer bytesRead) throws ZoneFileException {
    return read(bytesRead, RangeNames.NONE);
  }

  /**
   * As {@link #read(LongConsumer)}, beside what the topic has.
   *
   * @param names asked on the reading thread at each code that looks like a range
   */
  public RowReader read(LongConsumer bytesRead, RangeNames names) throws ZoneFileException {
    MeasuredInput measured;
    try {
      measured = new MeasuredInput(Files.newInputStream(path), bytesRead);
    } catch (IOException e) {
      throw unreadable(path, e);
    }
    try {
      InputStream inflated = gzip ? new GzipText(measured) : measured;
      InputStream text = utf16 ? new Utf16Text(inflated) : inflated;
      FileReading reading = new FileReading(this, measured, inflated, text, names);
      reading.rows(
          switch (format) {
            case CSV -> new CsvZones(reading);
            case USPS_MATRIX -> new UspsMatrix(reading);
            case UPS_CHART -> new UpsChart(reading);
            case USPS_ZONES -> new UspsZones(reading);
          });
      return reading;
    } catch (IOException e) {
      try {
        measured.close();
      } catch (IOException suppressed) {
        e.addSuppressed(suppressed);
      }
      throw e instanceof ZoneFileException known ? known : unreadable(path, e);
    }
  }

  /**
   * Reads it for its SHA-256 alone, in hexadecimal.
   *
   * @throws ZoneFileException if it cannot be read
   */
  public String checksum() throws ZoneFileException {
    try (MeasuredInput measured = new MeasuredInput(Files.newInputStream(path), bytesRead -> {})) {
      measured.drain();
      return measured.checksum();
    } catch (IOException e) {
      throw unreadable(path, e);
    }
  }

  /** Phrases what went wrong while reading. */
  static ZoneFileException unreadable(Path path, IOException cause) {
    if (cause instanceof EOFException) {
      return new ZoneFileException(
          path, "the gzip data ends too early: the file was cut off, get it again", cause);
    }
    if (cause instanceof ZipException) {
      return new ZoneFileException(
          path, "the gzip data is damaged (" + cause.getMessage() + "): get the file again", cause);
    }
    if (cause instanceof NoSuchFileException) {
      return new ZoneFileException(path, "there is no such file", cause);
    }
    // The JDK's own exceptions say the reason only in their class, or name the path once more.
    if (cause instanceof java.nio.file.AccessDeniedException) {
      return new ZoneFileException(path, "no right to read it: chmod +r, or another user", cause);
    }
    return new ZoneFileException(path, "cannot be read: " + cause.getMessage(), cause);
  }

  private static void requireRegularFile(Path path) throws ZoneFileException {
    if (STANDARD_INPUT.contains(path.toString())) {
      throw new FileSettingsException(
          path,
          "standard input is not accepted, a file is read twice; save it first: cat > zones.csv");
    }
    BasicFileAttributes attributes;
    try {
      // Asked before opening: to open a pipe that no one writes to would wait for ever.
      attributes = Files.readAttributes(path, BasicFileAttributes.class);
    } catch (IOException e) {
      throw unreadable(path, e);
    }
    if (attributes.isDirectory()) {
      throw new FileSettingsException(path, "is a directory; name a file in it");
    }
    if (!attributes.isRegularFile()) {
      throw new FileSettingsException(
          path, "is a pipe or a device, and a file is read twice; save it first: cat > zones.csv");
    }
  }

  private static byte[] inflatedHead(Path path) throws IOException {
    try (InputStream text = new GZIPInputStream(Files.newInputStream(path), BUFFER_BYTES)) {
      return text.readNBytes(SNIFFED_BYTES);
    }
  }

  private static FileFormat format(Path path, byte[] head, FileOptions options)
      throws ZoneFileException {
    Optional<FileFormat> format = options.format().or(() -> likely(head, options.delta()));
    Optional<FileKind> other =
        FileKind.of(head)
            .filter(kind -> !kind.equals(FileKind.JSON) || !format.equals(Optional.of(USPS_ZONES)));
    if (other.isPresent()) {
      throw new FileSettingsException(path, "is " + other.get().nextStep());
    }
    if (options.delta() && !format.equals(Optional.of(CSV))) {
      throw new FileSettingsException(path, "--delta takes a csv file, not " + format.get());
    }
    if (format.isPresent()) {
      return format.get();
    }
    int end = 0;
    while (end < head.length && head[end] != '\n' && head[end] != '\r') {
      end++;
    }
    throw new FileSettingsException(
        path,
        String.format(
            Locale.ROOT,
            "its format cannot be told from the first line, %s: neither a csv header (%s) nor a"
                + " matrix's date (MMDDYYYY) nor a chart; name it with --format csv, usps-matrix,"
                + " ups-chart or usps-zones; docs/publishing.md says what can be read",
            ZoneText.quote(head, 0, end),
            CsvColumns.EXPECTED_HEADER));
  }

  private static Optional<FileFormat> likely(byte[] head, boolean delta) {
    if (delta || head.length == 0) {
      return Optional.of(CSV);
    }
    if (UspsMatrix.looksLikeOne(head)) {
      return Optional.of(USPS_MATRIX);
    }
    if (UspsZones.looksLikeOne(head)) {
      return Optional.of(USPS_ZONES);
    }
    if (UpsChart.title(head).isPresent()) {
      return Optional.of(UPS_CHART);
    }
    return CsvZones.looksLikeOne(head) ? Optional.of(CSV) : Optional.empty();
  }

  private static Optional<String> origin(
      Path path, byte[] head, FileFormat format, FileOptions options) throws FileSettingsException {
    Optional<String> told = options.origin();
    if (format == UPS_CHART) {
      return Optional.of(UpsChart.origin(path, head, told));
    }
    if (format.ofOneOrigin() != told.isPresent()) {
      throw new FileSettingsException(
          path,
          told.isPresent()
              ? "--origin is for a chart of one origin, and this is a " + format
              : "has the zones of one origin, and does not say of which; set --origin, as --origin 981");
    }
    return told;
  }
}
