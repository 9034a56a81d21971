package io.zonecast.ingest.source;

import java.util.ArrayList;
import java.util.List;
import java.util.function.LongConsumer;

/** One reading of all files of an {@link Edition}. A chunk has the rows of one file only. */
final class EditionReader implements RowReader {
  private final Edition edition;
  private final LongConsumer bytesRead;
  private final RangeNames names;
  private final List<String> checksums = new ArrayList<>();
  private final List<RowProblem> problems = new ArrayList<>();
  private RowReader current;
  private int file;
  private long rowsBefore;
  private long bytesBefore;
  private long rows;
  private long expandedLines;
  private long expandedRows;

  EditionReader(Edition edition, LongConsumer bytesRead, RangeNames names)
      throws ZoneFileException {
    this.edition = edition;
    this.bytesRead = bytesRead;
    this.names = names;
    this.current = open();
  }

  private RowReader open() throws ZoneFileException {
    long before = bytesBefore;
    return edition.files().get(file).read(bytes -> bytesRead.accept(before + bytes), names);
  }

  @Override
  public boolean read(RowChunk into) throws ZoneFileException {
    while (true) {
      if (current.read(into)) {
        into.place(file, rowsBefore);
        rows += into.size();
        return true;
      }
      if (checksums.size() == edition.files().size()) {
        return false;
      }
      finishFile();
      if (file + 1 == edition.files().size()) {
        return false;
      }
      bytesBefore += edition.files().get(file).sizeBytes();
      rowsBefore = rows;
      file++;
      current = open();
    }
  }

  private void finishFile() {
    checksums.addAll(current.checksums());
    for (RowProblem problem : current.problems()) {
      if (problems.size() < ProblemLog.MAX_KEPT) {
        problems.add(problem.in(edition.placeOf(file)));
      }
    }
    expandedLines += current.expandedLines();
    expandedRows += current.expandedRows();
    current.close();
  }

  @Override
  public List<String> checksums() {
    if (checksums.size() < edition.files().size()) {
      throw new IllegalStateException(edition.name() + " has not been read to its end");
    }
    return List.copyOf(checksums);
  }

  @Override
  public List<RowProblem> problems() {
    return List.copyOf(problems);
  }

  @Override
  public long expandedLines() {
    return expandedLines;
  }

  @Override
  public long expandedRows() {
    return expandedRows;
  }

  @Override
  public void close() {
    current.close();
  }
}
