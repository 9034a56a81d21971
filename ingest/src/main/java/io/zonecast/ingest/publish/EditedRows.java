package io.zonecast.ingest.publish;

import io.zonecast.schemas.wire.RowFields;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The rows that an edit is about: what stands there, what is to stand there, and whether it is
 * written. Numbers of contents are as {@link TopicDigest#before}. Not thread-safe.
 */
final class EditedRows {
  private static final int STANDING = KeyTable.FIRST;
  private static final int TARGET = KeyTable.SECOND;
  private static final int MARKS = KeyTable.THIRD;

  /** The marks from here on are of this class; the class that fills the rows uses those below. */
  private static final int CHOSEN = 1 << 16;

  private static final int KEPT = 1 << 17;
  private static final int WRITTEN = 1 << 18;
  private static final int OVERWRITTEN = 1 << 19;

  private final KeyTable keys;
  private final TextNumbers contents;

  EditedRows(KeyDigest digest, TextNumbers contents) {
    this.keys = new KeyTable(digest, 3);
    this.contents = contents;
  }

  TextNumbers contents() {
    return contents;
  }

  int size() {
    return keys.size();
  }

  int indexOf(ByteBuffer key) {
    return keys.indexOf(key);
  }

  /** Adds a row under which nothing stands, as far as is known; returns its index. */
  int add(ByteBuffer key, int target) {
    int index = keys.add(key);
    keys.set(index, STANDING, DigestBlock.NO_VALUE);
    keys.set(index, TARGET, target);
    return index;
  }

  void stands(int index, int content) {
    keys.set(index, STANDING, content);
  }

  int target(int index) {
    return keys.get(index, TARGET);
  }

  int marks(int index) {
    return keys.get(index, MARKS);
  }

  /** Sets marks of a row; does nothing where there is no row ({@code index} below 0). */
  void mark(int index, int marks) {
    if (index >= 0) {
      keys.set(index, MARKS, marks(index) | marks);
    }
  }

  void unmark(int index, int marks) {
    keys.set(index, MARKS, marks(index) & ~marks);
  }

  /** Has a row written, unless what is to stand there does. */
  void choose(int index) {
    if (target(index) != keys.get(index, STANDING)) {
      mark(index, CHOSEN);
    }
  }

  /** Leaves a row that someone wrote later. */
  void keep(int index) {
    mark(index, KEPT);
  }

  /** How many rows are written, by what becomes of them. */
  DiffCounts counts() {
    long added = 0;
    long changed = 0;
    long removed = 0;
    for (int index = 0; index < size(); index++) {
      if ((marks(index) & CHOSEN) != 0) {
        switch (kind(index)) {
          case ADDED -> added++;
          case CHANGED -> changed++;
          case REMOVED -> removed++;
        }
      }
    }
    return new DiffCounts(added + changed + removed, added, changed, removed, 0, 0, 0);
  }

  private Change.Kind kind(int index) {
    if (target(index) == DigestBlock.NO_VALUE) {
      return Change.Kind.REMOVED;
    }
    return keys.get(index, STANDING) == DigestBlock.NO_VALUE
        ? Change.Kind.ADDED
        : Change.Kind.CHANGED;
  }

  /** What will stand under a row's key. */
  int afterwards(int index) {
    return (marks(index) & CHOSEN) != 0 ? target(index) : keys.get(index, STANDING);
  }

  /** The rows that get a zone. */
  IntStream written() {
    return IntStream.range(0, size())
        .filter(index -> (marks(index) & CHOSEN) != 0 && target(index) >= 0);
  }

  String key(int index) {
    return new String(keys.key(index), StandardCharsets.US_ASCII);
  }

  /** Sends what is written. */
  void write(RecordWriter writer) throws PublishException {
    RowFields fields = new RowFields();
    for (int index = 0; index < size(); index++) {
      if ((marks(index) & CHOSEN) != 0) {
        byte[] key = keys.key(index);
        int standing = keys.get(index, STANDING);
        if (target(index) == DigestBlock.NO_VALUE) {
          writer.tombstone(key, standing);
        } else {
          fields.pointAtKey(key);
          contents.pointAt(target(index), fields);
          writer.row(key, fields, standing);
        }
      }
    }
    writer.finish();
  }

  /**
   * Takes a record that came after the rows were read: one of another before ours was overwritten.
   *
   * @param ours whether the edit wrote it
   */
  void recordSince(ByteBuffer key, boolean ours) {
    int index = indexOf(key);
    if (index >= 0 && (marks(index) & CHOSEN) != 0) {
      if (ours) {
        mark(index, WRITTEN);
      } else if ((marks(index) & WRITTEN) == 0) {
        mark(index, OVERWRITTEN);
      }
    }
  }

  /** The keys of the rows that someone wrote later and that stay. */
  List<String> kept() {
    return marked(KEPT);
  }

  /** The keys of the rows that were overwritten unseen. */
  List<String> overwritten() {
    return marked(OVERWRITTEN);
  }

  private List<String> marked(int mark) {
    List<String> marked = new ArrayList<>();
    for (int index = 0; index < size(); index++) {
      if ((marks(index) & mark) != 0) {
        marked.add(key(index));
      }
    }
    return marked;
  }
}
