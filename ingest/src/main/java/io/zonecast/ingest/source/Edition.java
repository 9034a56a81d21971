package io.zonecast.ingest.source;

import java.nio.file.Path;
import java.util.List;
import java.util.function.LongConsumer;
import java.util.stream.Collectors;

/**
 * The files of one publish, in the order given, read one after the other as if they were one.
 *
 * @param files at least one
 * @param laterFilesWin whether a row replaces one of the same pair in an earlier file; otherwise
 *     two that differ contradict each other, as within a file
 */
public record Edition(List<ZoneFile> files, boolean laterFilesWin) {
  public Edition {
    files = List.copyOf(files);
    if (files.isEmpty()) {
      throw new IllegalArgumentException("an edition has at least one file");
    }
  }

  /**
   * Looks at the only file of an edition.
   *
   * @throws ZoneFileException as {@link ZoneFile#open}
   */
  public static Edition open(Path path, FileOptions options) throws ZoneFileException {
    return new Edition(List.of(ZoneFile.open(path, options)), false);
  }

  /** Whether the files list changes, and so cover no carrier. */
  public boolean delta() {
    return files.get(0).options().delta();
  }

  /** The files' names, without their folders, for a line. */
  public String name() {
    return files.stream().map(ZoneFile::name).collect(Collectors.joining(", "));
  }

  /** Where a row stands, to put before its line; "" where there is only one file. */
  public String placeOf(int file) {
    return files.size() == 1 ? "" : files.get(file).name();
  }

  public long sizeBytes() {
    return files.stream().mapToLong(ZoneFile::sizeBytes).sum();
  }

  /**
   * Begins a reading at the first row of the first file.
   *
   * @param bytesRead hears how many of {@link #sizeBytes} have been read, on the reading thread
   * @param names asked on the reading thread at each code that looks like a range
   * @throws ZoneFileException if the first file cannot be read
   */
  public RowReader read(LongConsumer bytesRead, RangeNames names) throws ZoneFileException {
    return new EditionReader(this, bytesRead, names);
  }

  /**
   * Reads the files for their SHA-256 alone, each in hexadecimal.
   *
   * @throws ZoneFileException if one cannot be read
   */
  public List<String> checksums() throws ZoneFileException {
    String[] checksums = new String[files.size()];
    for (int file = 0; file < checksums.length; file++) {
      checksums[file] = files.get(file).checksum();
    }
    return List.of(checksums);
  }
}
