package io.zonecast.ingest.publish;

import io.zonecast.ingest.publish.KeyHistory.LastRecord;
import io.zonecast.ingest.source.RowChunk;
import io.zonecast.schemas.ChangedRow;
import io.zonecast.schemas.PublishSummary;
import io.zonecast.schemas.PublishedChanges;
import io.zonecast.schemas.RowContent;
import io.zonecast.schemas.TopicInfo;
import io.zonecast.schemas.ZoneTopic;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/**
 * One publish that is to be undone: its keys as the log has them, then what the table has under
 * them now. Takes the log first, then the table's records.
 */
final class LoggedPublish implements PublishLog.Reader<RuntimeException>, TableScan.Visitor {
  /** The marks of a key, in {@link EditedRows#MARKS}. */
  private static final int REMOVED = 1;

  private static final int ADDED = 1 << 1;
  private static final int LOGGED_LATER = 1 << 2;
  private static final int HAS_RECORD = 1 << 3;
  private static final int ITS_RECORD = 1 << 4;

  private final String id;
  private final byte[] idBytes;
  private final EditedRows rows;
  private final TextNumbers.View contents;
  private final List<PublishSummary> later = new ArrayList<>();
  private @Nullable PublishSummary oldest;
  private @Nullable PublishSummary summary;

  LoggedPublish(String id, EditedRows rows) {
    this.id = id;
    this.idBytes = id.getBytes(StandardCharsets.UTF_8);
    this.rows = rows;
    this.contents = rows.contents().view();
  }

  @Override
  public boolean summary(PublishSummary next) {
    oldest = oldest == null ? next : oldest;
    if (next.getId().equals(id)) {
      summary = next;
      return true;
    }
    if (summary == null || Collections.disjoint(summary.getCarriers(), next.getCarriers())) {
      return false;
    }
    later.add(next);
    return true;
  }

  @Override
  public void changes(PublishedChanges changes) {
    boolean its = changes.getPublish().equals(id);
    List<Integer> numbers = its ? numbersOf(changes.getContents()) : List.of();
    for (ChangedRow row : changes.getRows()) {
      byte[] key = row.getKey().getBytes(StandardCharsets.UTF_8);
      if (its) {
        int before =
            row.getBefore() < 0 ? DigestBlock.UNREADABLE_VALUE : numbers.get(row.getBefore());
        rows.mark(rows.add(ByteBuffer.wrap(key), before), row.getAfter() < 0 ? REMOVED : 0);
      } else {
        rows.mark(rows.indexOf(ByteBuffer.wrap(key)), LOGGED_LATER);
      }
    }
  }

  private List<Integer> numbersOf(List<RowContent> logged) {
    List<Integer> numbers = new ArrayList<>();
    for (RowContent content : logged) {
      byte[] zone = content.getZone().getBytes(StandardCharsets.UTF_8);
      String marks = content.getFlags();
      byte[] flags = (marks == null ? "" : marks).getBytes(StandardCharsets.UTF_8);
      Integer date = content.getEffectiveDate();
      numbers.add(
          contents.idOf(
              zone,
              0,
              zone.length,
              flags,
              0,
              flags.length,
              date == null ? RowChunk.UNDATED : date));
    }
    return numbers;
  }

  /**
   * The publish, once the log is read.
   *
   * @throws NoSuchPublishException if the log does not hold all of it, or it was not to this topic
   */
  PublishSummary require(TopicInfo topic) throws NoSuchPublishException {
    PublishSummary found = summary;
    if (found == null || rows.size() != found.getChanged() + found.getRemoved()) {
      throw new NoSuchPublishException(PublishLog.absence(id, topic.name(), oldest));
    }
    if (!found.getTopicId().equals(topic.topicId().toString())) {
      throw new NoSuchPublishException(
          ("publish %s was to another topic %s, which was deleted and created again since; topic"
                  + " %s holds publishes of both")
              .formatted(id, topic.name(), ZoneTopic.publishesOf(topic.name())));
    }
    return found;
  }

  /** The publishes of the same carriers since, the oldest first. */
  List<PublishSummary> later() {
    return later;
  }

  /** Takes a record of the table. */
  @Override
  public void row(ConsumerRecord<ByteBuffer, ByteBuffer> record, ByteBuffer key, int content) {
    boolean its = RowHeaders.isOf(idBytes, record.headers());
    int index = rows.indexOf(key);
    if (index < 0 && its && record.value() != null) {
      index = rows.add(key, DigestBlock.NO_VALUE);
      rows.mark(index, ADDED);
    }
    if (index >= 0) {
      rows.stands(index, content);
      rows.unmark(index, ITS_RECORD);
      rows.mark(index, HAS_RECORD | (its ? ITS_RECORD : 0));
    }
  }

  /**
   * Chooses the rows that get back what they had, and keeps those that were written later. An added
   * row that was written later is neither: the log has no key of it.
   *
   * @return how many added rows get removed
   */
  long decide(boolean overLater) {
    long removed = 0;
    for (int index = 0; index < rows.size(); index++) {
      int marks = rows.marks(index);
      KeyHistory history = history(marks);
      boolean added = (marks & ADDED) != 0;
      if (history.isUndone(overLater) && rows.target(index) != DigestBlock.UNREADABLE_VALUE) {
        rows.choose(index);
        removed += added ? 1 : 0;
      } else if (!added) {
        rows.keep(index);
      }
    }
    return removed;
  }

  private static KeyHistory history(int marks) {
    Change.Kind change = Change.Kind.CHANGED;
    if ((marks & (ADDED | REMOVED)) != 0) {
      change = (marks & ADDED) != 0 ? Change.Kind.ADDED : Change.Kind.REMOVED;
    }
    LastRecord last = LastRecord.NONE;
    if ((marks & HAS_RECORD) != 0) {
      last = (marks & ITS_RECORD) != 0 ? LastRecord.THE_PUBLISH : LastRecord.ANOTHER;
    }
    return new KeyHistory(change, last, (marks & LOGGED_LATER) != 0);
  }
}
