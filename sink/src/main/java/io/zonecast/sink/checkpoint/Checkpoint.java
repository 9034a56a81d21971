package io.zonecast.sink.checkpoint;

import static java.util.stream.Collectors.joining;

import io.zonecast.sink.cache.VersionedEntry;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.Uuid;

/**
 * How far one node has got with one partition. On the node it is one line of text, so that an
 * operator can read it with any client:
 *
 * <pre>
 * zonecast/1 LIVE next=83112 time=1790000000000 epoch=7 topic=q1J… partition=3
 *   conn=10.0.0.7:40112 prefix=zone%3A format=zone flags=0 placement=modulo nodes=a:11211,b:11211
 *   since=1789000000000 suspects=
 * </pre>
 *
 * @param state whether the entries below {@code nextOffset} are all there
 * @param topicId the topic's id, which a recreated topic of the same name does not share
 * @param progress from 0 while it is being filled; a time older than tombstones live means that a
 *     delete may have gone unheard
 * @param conn the writer's own {@code ip:port} as the node's {@code stats conns} lists it, or
 *     {@link #RELEASED}
 * @param sinceMillis when a member first put what it is written with in force, in epoch
 *     milliseconds: between members that disagree, the later one stays; 0 where it is not known
 * @param suspects former writers whose last batches may still be under way
 */
public record Checkpoint(
    State state,
    Uuid topicId,
    int partition,
    PartitionPosition progress,
    String conn,
    WrittenWith writtenWith,
    long sinceMillis,
    List<Suspect> suspects) {

  /** The {@code conn} of a checkpoint whose writer has let go of it in good order. */
  public static final String RELEASED = "-";

  private static final String MAGIC = "zonecast/1";

  /** A node on which no writer can be seen to go would collect them with every reconnect. */
  private static final int MOST_SUSPECTS = 8;

  /** Whether a node holds everything below its next offset. */
  public enum State {
    /** A fill has begun and not ended: what is there may be anything. */
    FILLING,
    /** Every record below the next offset has been applied. */
    LIVE
  }

  public Checkpoint {
    suspects = List.copyOf(suspects);
  }

  /**
   * The marker that goes in before the first entry of a fill does. It has no offset, and so none
   * for the suspects: of what they wrote, some may be of a log that is not this one any more.
   */
  public static Checkpoint filling(
      Uuid topicId,
      int partition,
      String conn,
      WrittenWith writtenWith,
      long sinceMillis,
      List<Suspect> suspects) {
    return new Checkpoint(
        State.FILLING,
        topicId,
        partition,
        PartitionPosition.NONE,
        conn,
        writtenWith,
        sinceMillis,
        suspects.stream().map(its -> new Suspect(its.conn(), 0, 0)).toList());
  }

  /**
   * How these settings differ from those of this checkpoint's writer, in words. The pool counts
   * only if the node is live: one that is being filled may still have entries by an earlier pool.
   */
  public List<String> differencesFrom(WrittenWith ours) {
    return state == State.LIVE
        ? ours.allDifferencesFrom(writtenWith)
        : ours.differencesFrom(writtenWith);
  }

  /**
   * The same under another connection's name. The former holder, unless it released the checkpoint,
   * is a suspect from now on. Of too many suspects the oldest is no longer waited for, but what it
   * may have written is still filled again.
   */
  public Checkpoint claimedBy(String newConn) {
    var all = new ArrayList<>(suspects);
    if (!conn.equals(RELEASED) && !conn.equals(newConn)) {
      all.removeIf(suspect -> suspect.conn().equals(conn) && suspect.fromOffset() >= nextOffset());
      if (all.stream().noneMatch(suspect -> suspect.conn().equals(conn))) {
        all.add(new Suspect(conn, nextOffset(), timeMillis()));
      }
      if (all.size() > MOST_SUSPECTS) {
        all.set(1, all.get(1).covering(all.get(0)));
        all.remove(0);
      }
    }
    return new Checkpoint(
        state, topicId, partition, progress, newConn, writtenWith, sinceMillis, all);
  }

  public Checkpoint released() {
    return new Checkpoint(
        state, topicId, partition, progress, RELEASED, writtenWith, sinceMillis, suspects);
  }

  /** The same, to be filled from the beginning by whoever keeps it next. */
  public Checkpoint fillingAgain() {
    return filling(topicId, partition, conn, writtenWith, sinceMillis, suspects);
  }

  public Checkpoint live(PartitionPosition newProgress) {
    return new Checkpoint(
        State.LIVE, topicId, partition, newProgress, conn, writtenWith, sinceMillis, suspects);
  }

  /** The same, written with what has been in force since then. */
  public Checkpoint since(long newSinceMillis) {
    return new Checkpoint(
        state, topicId, partition, progress, conn, writtenWith, newSinceMillis, suspects);
  }

  public long nextOffset() {
    return progress.nextOffset();
  }

  public long timeMillis() {
    return progress.timeMillis();
  }

  /** The lowest offset from which a fill mends whatever a suspect may still have written. */
  public long safeNextOffset() {
    return suspects.stream().mapToLong(Suspect::fromOffset).reduce(nextOffset(), Math::min);
  }

  /** As the suspects let one count on it. */
  public PartitionPosition safeProgress() {
    return new PartitionPosition(safeNextOffset(), safeTimeMillis(), progress.leaderEpoch());
  }

  /** When anything at or after {@link #safeNextOffset} was written, at the earliest. */
  public long safeTimeMillis() {
    return suspects.stream().mapToLong(Suspect::timeMillis).reduce(timeMillis(), Math::min);
  }

  /** The entry's value. */
  public byte[] encode() {
    return String.join(
            " ",
            MAGIC,
            state.name(),
            "next=" + nextOffset(),
            "time=" + timeMillis(),
            "epoch=" + progress.leaderEpoch(),
            "topic=" + topicId,
            "partition=" + partition,
            "conn=" + conn,
            "prefix=" + URLEncoder.encode(writtenWith.keyPrefix(), StandardCharsets.UTF_8),
            "format=" + writtenWith.valueFormat(),
            "flags=" + writtenWith.clientFlags(),
            "placement=" + writtenWith.placement(),
            "nodes=" + String.join(",", writtenWith.nodes()),
            "since=" + sinceMillis,
            "suspects=" + suspects.stream().map(Suspect::encode).collect(joining(",")))
        .getBytes(StandardCharsets.ISO_8859_1);
  }

  /** The checkpoint in an entry; empty where there is none that this version understands. */
  public static Optional<Checkpoint> in(VersionedEntry entry) {
    return entry instanceof VersionedEntry.Present present
        ? decode(present.value())
        : Optional.empty();
  }

  /** What an entry says, or nothing where it is no checkpoint that this version understands. */
  public static Optional<Checkpoint> decode(byte[] value) {
    String[] words = new String(value, StandardCharsets.ISO_8859_1).split(" ", -1);
    if (words.length < 2 || !words[0].equals(MAGIC)) {
      return Optional.empty();
    }
    Map<String, String> fields = new HashMap<>();
    for (int i = 2; i < words.length; i++) {
      int equals = words[i].indexOf('=');
      if (equals > 0) {
        fields.put(words[i].substring(0, equals), words[i].substring(equals + 1));
      }
    }
    try {
      return Optional.of(
          new Checkpoint(
              State.valueOf(words[1]),
              Uuid.fromString(field(fields, "topic")),
              Integer.parseInt(field(fields, "partition")),
              new PartitionPosition(
                  notNegative(field(fields, "next")),
                  notNegative(field(fields, "time")),
                  // Not there in what earlier versions wrote, as "since".
                  Integer.parseInt(fields.getOrDefault("epoch", "-1"))),
              field(fields, "conn"),
              new WrittenWith(
                  URLDecoder.decode(field(fields, "prefix"), StandardCharsets.UTF_8),
                  field(fields, "format"),
                  Long.parseLong(field(fields, "flags")),
                  field(fields, "placement"),
                  List.of(field(fields, "nodes").split(",", -1))),
              notNegative(fields.getOrDefault("since", "0")),
              suspectsIn(field(fields, "suspects"))));
    } catch (IllegalArgumentException e) {
      // Another program's entry under our key, or a later version's: treated as missing.
      return Optional.empty();
    }
  }

  private static List<Suspect> suspectsIn(String text) {
    return text.isEmpty()
        ? List.of()
        : Arrays.stream(text.split(",", -1)).map(Suspect::decode).toList();
  }

  private static long notNegative(String number) {
    long value = Long.parseLong(number);
    if (value < 0) {
      throw new IllegalArgumentException(number);
    }
    return value;
  }

  private static String field(Map<String, String> fields, String name) {
    String value = fields.get(name);
    if (value == null) {
      throw new IllegalArgumentException("no " + name);
    }
    return value;
  }
}
