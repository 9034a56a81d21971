package io.zonecast.sink.fill;

import io.zonecast.schemas.KeyPartition;
import io.zonecast.schemas.ZoneKey;
import io.zonecast.sink.cache.CrawlerRefusedException;
import io.zonecast.sink.cache.EntryBatch;
import io.zonecast.sink.cache.KeyCrawler;
import io.zonecast.sink.checkpoint.Checkpoint;
import io.zonecast.sink.replay.Fold;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collection;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds what a node holds under our prefix and should not: keys of one partition that the topic
 * does not have, or that live on another node. Only valid zone keys under the prefix are ever
 * touched.
 *
 * <p>It runs before a fill's first set, when no one else writes these keys: what it does not find
 * then, the fill itself puts there.
 */
public final class OrphanSweep {
  private static final Logger LOG = LoggerFactory.getLogger(OrphanSweep.class);

  /**
   * The share of a node's entries that a recreated topic may remove without being asked, in
   * percent.
   */
  private static final int MOST_ORPHANS_PERCENT = 5;

  private final FilledNode node;
  private final BatchPool batches;
  private final EmptyNodeCheck freshness;
  private final KeyCrawler crawler;
  private final byte[] prefix;

  /** The sweep of one node, whose deletes go in batches of {@code batches}. */
  public OrphanSweep(FilledNode node, BatchPool batches) {
    this.node = node;
    this.batches = batches;
    this.freshness = new EmptyNodeCheck(node);
    this.crawler =
        new KeyCrawler(node.connection().address(), node.connections(), node.us().prefix());
    this.prefix = node.us().prefix().getBytes(StandardCharsets.UTF_8);
  }

  /** The result of a sweep. */
  public sealed interface Outcome {
    /** The sweep deleted {@code entries}; their answers are outstanding with the fill's. */
    record Swept(long entries) implements Outcome {}

    /** Nothing was deleted: too many entries would have been. */
    record TooMany(long orphans, long entries) implements Outcome {}

    /** It was told to stop. */
    record GivenUp() implements Outcome {}
  }

  /**
   * Whether the node holds a single zone key under the prefix; an empty one needs no sweep.
   *
   * @param checkpoints those of the lanes to fill from the beginning
   * @param goesOn asked repeatedly while the node lists its keys to another client
   * @throws CrawlerRefusedException if it does not list its keys, and may well have some
   */
  public boolean findsAnyKey(Collection<Optional<Checkpoint>> checkpoints, BooleanSupplier goesOn)
      throws IOException {
    boolean[] found = {false};
    try {
      long shown =
          crawler.crawl(
              (key, length) -> {
                found[0] = isZoneKey(key, length);
                return !found[0];
              },
              goesOn);
      LOG.debug("node={} keys={}", node.name(), shown);
    } catch (CrawlerRefusedException e) {
      if (!freshness.isFresh(checkpoints)) {
        throw e;
      }
      LOG.debug("node={} needs no sweep", node.name(), e);
    }
    return found[0];
  }

  /** Why a partition waits when its orphans cannot be listed. */
  public static String stallOf(CrawlerRefusedException refusal) {
    return "orphans cannot be swept: " + refusal.getMessage();
  }

  /**
   * Deletes the orphans among the keys that a fill's part at hand covers; where the fill is
   * guarded, only if they are at most {@value #MOST_ORPHANS_PERCENT} %.
   *
   * @param part sends the deletes
   * @param goesOn asked at each key, since a large node takes seconds, and while the node lists its
   *     keys to someone else
   * @throws CrawlerRefusedException if it does not list its keys: nothing was swept
   */
  public Outcome run(NodeFill fill, PartSender part, BooleanSupplier goesOn) throws IOException {
    Fold fold = part.part().fold();
    long[] entries = {0};
    long[] orphans = {0};
    if (fill.plan() instanceof FillPlan.FromStart start && start.isGuarded()) {
      boolean listed =
          crawl(
              (key, length) -> {
                if (isOurs(fill.partition(), fold, key, length)) {
                  entries[0]++;
                  orphans[0] += isOrphan(fold, key, length) ? 1 : 0;
                }
                return true;
              },
              goesOn);
      if (!listed) {
        return new Outcome.GivenUp();
      }
      if (orphans[0] * 100 > entries[0] * MOST_ORPHANS_PERCENT) {
        return new Outcome.TooMany(orphans[0], entries[0]);
      }
    }
    var deletes = new Deletes(part, batches);
    boolean listed =
        crawl(
            (key, length) -> {
              if (isOurs(fill.partition(), fold, key, length) && isOrphan(fold, key, length)) {
                deletes.add(key, prefix.length, length - prefix.length);
              }
              return true;
            },
            goesOn);
    if (!listed) {
      return new Outcome.GivenUp();
    }
    deletes.sendRest();
    return new Outcome.Swept(deletes.entries);
  }

  /** Shows the keys to the visitor; false if it was told to stop, by {@code goesOn}. */
  private boolean crawl(KeyCrawler.KeyVisitor visitor, BooleanSupplier goesOn) throws IOException {
    boolean[] on = {true};
    long shown =
        crawler.crawl(
            (key, length) -> {
              on[0] = goesOn.getAsBoolean();
              return on[0] && visitor.onKey(key, length);
            },
            () -> on[0] = goesOn.getAsBoolean());
    LOG.debug("node={} keys={}", node.name(), shown);
    return on[0];
  }

  private boolean isZoneKey(byte[] key, int length) {
    return ZoneKey.isValid(key, prefix.length, length - prefix.length);
  }

  private boolean isOurs(int partition, Fold fold, byte[] key, int length) {
    int keyLength = length - prefix.length;
    return isZoneKey(key, length)
        && fold.covers(key, prefix.length, keyLength)
        && KeyPartition.of(
                Arrays.copyOfRange(key, prefix.length, prefix.length + keyLength),
                node.us().topic().partitions())
            == partition;
  }

  private boolean isOrphan(Fold fold, byte[] key, int length) {
    return !fold.holdsLive(node.index(), key, prefix.length, length - prefix.length);
  }

  /** Batches of deletes, sent as they fill. */
  private static final class Deletes {
    private final PartSender into;
    private final BatchPool batches;
    private EntryBatch batch;
    private long entries;

    Deletes(PartSender into, BatchPool batches) {
      this.into = into;
      this.batches = batches;
      this.batch = batches.take();
    }

    void add(byte[] key, int at, int length) {
      batch.delete(key, at, length);
      entries++;
      if (batch.count() == PartSender.BATCH_ENTRIES) {
        into.send(batch);
        batch = batches.take();
      }
    }

    void sendRest() {
      if (batch.isEmpty()) {
        batches.giveBack(batch);
      } else {
        into.send(batch);
      }
    }
  }
}
