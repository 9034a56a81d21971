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
 * Says how far one node has got with one partition. On the node it is one line of text that an
 * operator can read with any client. {@code node.CheckpointProtocol} decides when a sink may write
 * one.
 *
 * <pre>
 * zonecast/1 LIVE next=83112 time=1790000000000 epoch=7 topic=q1J… partition=3
 *   conn=10.0.0.7:40112 prefix=zone%3A format=zone flags=0 placement=modulo nodes=a:11211,b:11211
 *   since=1789000000000 suspects=
 * </pre>
 *
 * @param state whether the node has every record below {@code nextOffset}
 * @param topicId the topic's id; a recreated topic of the same name has another
 * @param progress 0 during a fill from the beginning; a time older than tombstones live means that
 *     a delete may have been missed
 * @param conn the writer's {@code ip:port} as the node's {@code stats conns} lists it, or {@link
 *     #RELEASED}
 * @param sinceMillis when a member first used these settings, in epoch milliseconds: if members
 *     disagree, the later settings stay; 0 if unknown; negative if {@code conn} has other settings
 * @param suspects former writers whose last batches may still arrive
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

  /** The {@code conn} of a checkpoint that its writer has released. */
  public static final String RELEASED = "-";

  private static final String MAGIC = "zonecast/1";

  /** Where {@code stats conns} never shows that a writer is gone, each reconnect adds a suspect. */
  private static final int MOST_SUSPECTS = 8;

  /** Whether a node has every record below its next offset. */
  public enum State {
    /** A fill has begun and not ended: the entries may be anything. */
    FILLING,
    /** Every record below the next offset has been applied. */
    LIVE
  }

  public Checkpoint {
    suspects = List.copyOf(suspects);
  }

  /**
   * Makes the marker that is written before the first entry of a fill. It has no offset, also for
   * the suspects: their batches may be of an earlier log.
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
   * Lists how these settings differ from this checkpoint's. The pool counts only if the node is
   * live: during a fill it may still have entries of an earlier pool.
   */
  public List<String> differencesFrom(WrittenWith ours) {
    return state == State.LIVE
        ? ours.allDifferencesFrom(writtenWith)
        : ours.differencesFrom(writtenWith);
  }

  /**
   * A copy with another connection as the writer. The former writer becomes a suspect, unless it
   * released the checkpoint. Beyond {@value #MOST_SUSPECTS} suspects the oldest is not waited for
   * any more, but its range is still filled again.
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

  /**
   * As the other {@code claimedBy}, for a member that writes with {@code ours}. Until the node is
   * filled, the checkpoint names that member's connection beside the former writer's settings. If
   * they differ, {@code sinceMillis} is negative: the member does not count as one that has them.
   */
  public Checkpoint claimedBy(String newConn, WrittenWith ours) {
    long inForce = Math.abs(sinceMillis);
    return claimedBy(newConn).since(writtenWith.equals(ours) ? inForce : -inForce);
  }

  public Checkpoint released() {
    return new Checkpoint(
        state, topicId, partition, progress, RELEASED, writtenWith, sinceMillis, suspects);
  }

  /** A copy that asks for a fill from the beginning. */
  public Checkpoint fillingAgain() {
    return filling(topicId, partition, conn, writtenWith, sinceMillis, suspects);
  }

  public Checkpoint live(PartitionPosition newProgress) {
    return new Checkpoint(
        State.LIVE, topicId, partition, newProgress, conn, writtenWith, sinceMillis, suspects);
  }

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

  /** The offset from which a fill repairs whatever a suspect may have written. */
  public long safeNextOffset() {
    return suspects.stream().mapToLong(Suspect::fromOffset).reduce(nextOffset(), Math::min);
  }

  /** The progress that is certain although suspects may still write. */
  public PartitionPosition safeProgress() {
    return new PartitionPosition(safeNextOffset(), safeTimeMillis(), progress.leaderEpoch());
  }

  /** A lower bound on when a record at or after {@link #safeNextOffset} was written. */
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

  /** The checkpoint in an entry; empty if there is none that this version understands. */
  public static Optional<Checkpoint> in(VersionedEntry entry) {
    return entry instanceof VersionedEntry.Present present
        ? decode(present.value())
        : Optional.empty();
  }

  /** Reads an entry's value; empty if it is not a checkpoint that this version understands. */
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
                  // Missing, as "since" is, in checkpoints of earlier versions.
                  Integer.parseInt(fields.getOrDefault("epoch", "-1"))),
              field(fields, "conn"),
              new WrittenWith(
                  URLDecoder.decode(field(fields, "prefix"), StandardCharsets.UTF_8),
                  field(fields, "format"),
                  Long.parseLong(field(fields, "flags")),
                  field(fields, "placement"),
                  List.of(field(fields, "nodes").split(",", -1))),
              Long.parseLong(fields.getOrDefault("since", "0")),
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
