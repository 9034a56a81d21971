package io.zonecast.ingest.publish;

import io.zonecast.ingest.publish.TopicDigest.Verdict;
import io.zonecast.ingest.source.RowBatch.Kind;
import java.util.Arrays;
import java.util.BitSet;

/**
 * Compares a file's rows with the topic's, each exactly once and in order, and remembers a bit for
 * each: whether it is to be published. Not thread-safe.
 */
final class FileComparison {
  private static final int MAX_CONTRADICTIONS_KEPT = 20;

  private final TopicDigest topic;
  private final Carriers carriers;
  private final boolean delta;
  private final boolean rememberBefore;
  private final BitSet toPublish = new BitSet();
  private final BitSet contradicting = new BitSet();
  private int[] before = new int[16];
  private int beforeSize;
  private long rows;
  private long added;
  private long changed;
  private long removed;
  private long unchanged;
  private long repeated;
  private long rejected;
  private long contradictions;

  /**
   * @param delta whether the file lists changes and thus covers no carrier
   * @param rememberBefore whether to keep, at four bytes a change, what it replaces
   */
  FileComparison(TopicDigest topic, Carriers carriers, boolean delta, boolean rememberBefore) {
    this.topic = topic;
    this.carriers = carriers;
    this.delta = delta;
    this.rememberBefore = rememberBefore;
  }

  /** Takes the rows that follow. */
  void accept(DigestBlock block) {
    if (rows + block.size() > Integer.MAX_VALUE) {
      throw new IllegalArgumentException(
          "the file has more than 2,147,483,647 rows; split it by carrier");
    }
    for (int row = 0; row < block.size(); row++) {
      if (block.kind(row) == Kind.REJECTED) {
        reject(block, row);
      } else {
        compare(block, row);
      }
    }
    rows += block.size();
  }

  private void reject(DigestBlock block, int row) {
    rejected++;
    if (block.hasKey(row)) {
      topic.keep(block, row);
    } else if (block.carrier(row) == DigestBlock.NO_CARRIER) {
      carriers.withholdAll();
    } else {
      carriers.withhold(block.carrier(row));
    }
  }

  private void compare(DigestBlock block, int row) {
    if (!delta) {
      carriers.cover(block.carrier(row));
    }
    Verdict verdict = topic.row(block, row);
    int ordinal = (int) (rows + row);
    switch (verdict) {
      case ADDED -> added++;
      case CHANGED -> changed++;
      case REMOVED -> removed++;
      case UNCHANGED -> unchanged++;
      case REPEATED -> repeated++;
      case CONTRADICTING -> contradict(block.kind(row), ordinal);
    }
    if (verdict != Verdict.UNCHANGED && verdict != Verdict.REPEATED) {
      toPublish.set(ordinal);
      if (rememberBefore) {
        if (beforeSize == before.length) {
          before = Arrays.copyOf(before, beforeSize + (beforeSize >> 1));
        }
        before[beforeSize++] = topic.before();
      }
    }
  }

  private void contradict(Kind kind, int ordinal) {
    if (contradictions++ < MAX_CONTRADICTIONS_KEPT) {
      contradicting.set(ordinal);
    }
    if (kind == Kind.DELETE) {
      removed++;
    } else {
      changed++;
    }
  }

  /** The ordinals of the rows to be published. */
  BitSet toPublish() {
    return toPublish;
  }

  /** The ordinals of the first rows that contradict an earlier one. */
  BitSet contradicting() {
    return contradicting;
  }

  long contradictions() {
    return contradictions;
  }

  /** For {@link TopicDigest#valueOf}: what the {@code n}th of {@link #toPublish} replaces. */
  int before(int n) {
    return before[n];
  }

  /** The counts, those of the rows that left the file among them. */
  DiffCounts counts() {
    long left = carriers.changes().stream().mapToLong(CarrierChange::removed).sum();
    return new DiffCounts(rows, added, changed, removed + left, unchanged, repeated, rejected);
  }
}
