package io.zonecast.ingest.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ZoneFileTest {
  private static final String CSV =
      "carrier,origin,destination,zone\n" + "usps,005,010,2\n".repeat(5_000);

  @TempDir Path directory;

  @Test
  void gzipIsToldByContentNotByName() throws IOException {
    ZoneFile plain = ReadRows.file(directory, CSV, FileOptions.NONE);
    ZoneFile packed = ReadRows.file(directory, gzip(CSV), FileOptions.NONE);

    assertThat(packed.gzip()).isTrue();
    assertThat(ReadRows.of(packed).rows()).isEqualTo(ReadRows.of(plain).rows());
  }

  @Test
  void severalGzipMembersAreOneFile() throws IOException {
    byte[] members = concat(gzip("carrier,origin,destination,zone\n"), gzip("usps,005,010,2\n"));

    ReadRows read = ReadRows.of(ReadRows.file(directory, members, FileOptions.NONE));

    assertThat(read.rows()).containsExactly("2 UPSERT usps:005:010 2");
  }

  @Test
  void checksumIsOfTheBytesOnDisk() throws IOException {
    ZoneFile file = ReadRows.file(directory, "carrier,origin,destination,zone\n", FileOptions.NONE);

    assertThat(ReadRows.of(file).checksum())
        .isEqualTo("04392028cee04e95f596427c72fa614506fbd8005cbdf7f14dce4de01ee67854");
  }

  @Test
  void checksumIsAskedForAtTheEnd() throws IOException {
    try (RowReader reader = ReadRows.file(directory, CSV, FileOptions.NONE).read(bytes -> {})) {
      reader.read(new RowChunk(1));

      assertThatThrownBy(reader::checksums).isInstanceOf(IllegalStateException.class);
    }
  }

  @Test
  void progressEndsAtTheSizeOnDisk() throws IOException {
    ZoneFile file = ReadRows.file(directory, gzip(CSV), FileOptions.NONE);
    AtomicLong last = new AtomicLong();

    try (RowReader reader = file.read(last::set)) {
      RowChunk chunk = new RowChunk(100);
      while (reader.read(chunk)) {
        assertThat(last.get()).isBetween(1L, file.sizeBytes());
      }
    }

    assertThat(last.get()).isEqualTo(file.sizeBytes());
  }

  @Test
  void gzipCutOffIsNoWholeFile() throws IOException {
    byte[] whole = gzip(CSV);
    ZoneFile cut =
        ReadRows.file(directory, Arrays.copyOf(whole, whole.length - 20), FileOptions.NONE);

    assertThatThrownBy(() -> ReadRows.of(cut))
        .isInstanceOf(ZoneFileException.class)
        .hasMessageContaining(cut.path().toString())
        .hasMessageContaining("cut off");
  }

  @Test
  void damagedGzipIsNoWholeFile() throws IOException {
    byte[] damaged = gzip(CSV);
    damaged[damaged.length - 6] ^= 0x55;
    ZoneFile file = ReadRows.file(directory, damaged, FileOptions.NONE);

    assertThatThrownBy(() -> ReadRows.of(file))
        .isInstanceOf(ZoneFileException.class)
        .hasMessageContaining("damaged");
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 5, 12, 30})
  void gzipMemberThatLacksItsStartIsNoWholeFile(int lacking) throws IOException {
    byte[] second = gzip("usps,005,011,3\n");
    byte[] members = concat(gzip(CSV), Arrays.copyOfRange(second, lacking, second.length));
    ZoneFile file = ReadRows.file(directory, members, FileOptions.NONE);

    assertThatThrownBy(() -> ReadRows.of(file))
        .isInstanceOf(ZoneFileException.class)
        .hasMessageContaining("damaged")
        .hasMessageContaining("no gzip data");
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 9, 11, 25})
  void gzipMemberCutOffIsNoWholeFile(int left) throws IOException {
    byte[] members = concat(gzip(CSV), Arrays.copyOf(gzip("usps,005,011,3\n"), left));
    ZoneFile file = ReadRows.file(directory, members, FileOptions.NONE);

    assertThatThrownBy(() -> ReadRows.of(file)).isInstanceOf(ZoneFileException.class);
  }

  /** The member's end lies once at each place around the end of what is read at once. */
  @Test
  void whatFollowsAGzipMemberIsSeenWhereverItEnds() throws IOException {
    int readAtOnce = 2 * ZoneFile.BUFFER_BYTES;
    int lines = readAtOnce - stored(CSV).length;
    List<Integer> ends = new ArrayList<>();
    for (int more = -25; more < 15; more++) {
      byte[] first = stored(CSV + "\n".repeat(lines + more));
      ends.add(first.length);
      ZoneFile odd = ReadRows.file(directory, concat(first, new byte[] {7}), FileOptions.NONE);

      assertThatThrownBy(() -> ReadRows.of(odd))
          .as("a member of %d bytes", first.length)
          .hasMessageContaining("1 bytes behind its byte");
    }
    assertThat(ends).contains(readAtOnce - 1, readAtOnce, readAtOnce + 7, readAtOnce + 8);
  }

  @Test
  void gzipIsPaddedWithZerosAtWill() throws IOException {
    ZoneFile plain = ReadRows.file(directory, CSV, FileOptions.NONE);
    for (int zeros : new int[] {1, 8, 512, 200_000}) {
      byte[] padded = concat(gzip(CSV), new byte[zeros]);

      ReadRows read = ReadRows.of(ReadRows.file(directory, padded, FileOptions.NONE));

      assertThat(read.rows()).hasSameSizeAs(ReadRows.of(plain).rows());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"-", "/dev/stdin"})
  void standardInputIsRefusedWithTheRemedy(String name) {
    assertThatThrownBy(() -> ZoneFile.open(Path.of(name), FileOptions.NONE))
        .isInstanceOf(FileSettingsException.class)
        .hasMessageContaining("read twice")
        .hasMessageContaining("cat > zones.csv");
  }

  @Test
  @Timeout(10)
  void pipeIsRefusedWithoutWaitingForAWriter() throws IOException, InterruptedException {
    Path pipe = directory.resolve("pipe");
    Process mkfifo = new ProcessBuilder("mkfifo", pipe.toString()).start();
    Assumptions.assumeTrue(
        mkfifo.waitFor(5, TimeUnit.SECONDS) && mkfifo.exitValue() == 0, "mkfifo made no pipe");

    assertThatThrownBy(() -> ZoneFile.open(pipe, FileOptions.NONE))
        .isInstanceOf(FileSettingsException.class)
        .hasMessageContaining("read twice");
  }

  @Test
  void directoryIsNoFile() {
    assertThatThrownBy(() -> ZoneFile.open(directory, FileOptions.NONE))
        .isInstanceOf(FileSettingsException.class)
        .hasMessageContaining("is a directory");
  }

  @Test
  void missingFileIsNamed() {
    Path missing = directory.resolve("usps.txt");

    assertThatThrownBy(() -> ZoneFile.open(missing, FileOptions.NONE))
        .isInstanceOf(ZoneFileException.class)
        .hasMessage(missing + ": there is no such file");
  }

  @Test
  void fileWithoutTheRightToReadIsNamed() throws IOException {
    Path path = ReadRows.file(directory, CSV, FileOptions.NONE).path();
    Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("---------"));
    Assumptions.assumeFalse(Files.isReadable(path), "this user may read everything");

    assertThatThrownBy(() -> ZoneFile.open(path, FileOptions.NONE))
        .isInstanceOf(ZoneFileException.class)
        .hasMessageContaining("no right to read it");
  }

  @Test
  void textOfUtf16IsReadInEitherOrder() throws IOException {
    for (Charset order : List.of(StandardCharsets.UTF_16BE, StandardCharsets.UTF_16LE)) {
      ZoneFile file = open(("\uFEFF" + CSV).getBytes(order));

      assertThat(file.utf16()).isTrue();
      assertThat(ReadRows.of(file).rows()).isEqualTo(ReadRows.of(open(gzip(CSV))).rows());
    }
  }

  @ParameterizedTest
  @CsvSource({
    "504B0304, 'unzip it, or save the sheet as csv'",
    "FD377A585A00, 'xz -dk'",
    "425A6839, 'bunzip2'",
    "28B52FFD, 'zstd -d'",
    "D0CF11E0, 'save the sheet as csv'",
    "255044462D, 'a PDF has no rows'",
    "3C21444F4354595045, 'a web page'",
    "3C68746D6C3E, 'a web page'",
  })
  void otherKindsOfFilesAreNamedWithTheNextStep(String bytes, String step) {
    assertThatThrownBy(() -> open(HexFormat.of().parseHex(bytes)))
        .isInstanceOf(FileSettingsException.class)
        .hasMessageContaining(step);
  }

  @Test
  void tarArchiveIsToldByItsMark() {
    byte[] tar = new byte[512];
    System.arraycopy("ustar".getBytes(StandardCharsets.US_ASCII), 0, tar, 257, 5);

    assertThatThrownBy(() -> open(tar)).hasMessageContaining("tar xf");
  }

  @Test
  void formatThatCannotBeToldAsksForIt() {
    assertThatThrownBy(() -> open("hello\u001b[2J\nworld\n".getBytes(StandardCharsets.US_ASCII)))
        .isInstanceOf(FileSettingsException.class)
        .hasMessageContaining("\"hello\\x1b[2J\"")
        .hasMessageContaining("--format csv, usps-matrix, ups-chart or usps-zones");
  }

  @Test
  void formatIsToldByLooking() throws IOException {
    assertThat(open(CSV.getBytes(StandardCharsets.US_ASCII)).format()).isEqualTo(FileFormat.CSV);
    assertThat(open(gzip(CSV)).format()).isEqualTo(FileFormat.CSV);
    assertThat(open(new Matrix().bytes()).format()).isEqualTo(FileFormat.USPS_MATRIX);
    assertThat(open(new byte[0]).format()).isEqualTo(FileFormat.CSV);
  }

  @Test
  void changesAreNeverAMatrix() {
    FileOptions options =
        new FileOptions(Optional.of(FileFormat.USPS_MATRIX), Optional.empty(), true);

    assertThatThrownBy(() -> ReadRows.file(directory, new Matrix().bytes(), options))
        .isInstanceOf(FileSettingsException.class)
        .hasMessageContaining("--delta takes a csv file");
  }

  private ZoneFile open(byte[] content) throws IOException {
    return ReadRows.file(directory, content, FileOptions.NONE);
  }

  private static byte[] gzip(String text) throws IOException {
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (OutputStream gzip = new GZIPOutputStream(packed)) {
      gzip.write(text.getBytes(StandardCharsets.UTF_8));
    }
    return packed.toByteArray();
  }

  /** Packed without compression: the text's length decides where the member ends. */
  private static byte[] stored(String text) throws IOException {
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (OutputStream gzip =
        new GZIPOutputStream(packed) {
          {
            def.setLevel(Deflater.NO_COMPRESSION);
          }
        }) {
      gzip.write(text.getBytes(StandardCharsets.UTF_8));
    }
    return packed.toByteArray();
  }

  private static byte[] concat(byte[] first, byte[] second) {
    byte[] both = Arrays.copyOf(first, first.length + second.length);
    System.arraycopy(second, 0, both, first.length, second.length);
    return both;
  }
}
