package io.zonecast.sink.cache;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;

/**
 * What a memcached answers to the commands that a sink sends. The one in memory and a real one both
 * pass, so that a simulation on the first says something about the second.
 */
abstract class MemcachedContract {
  static final String ANOTHER = "two";

  /** Sends requests on one of two connections, and reads what comes back up to {@code end}. */
  abstract String ask(String connection, String request, String end);

  /** This end of a connection, as the node shows it. */
  abstract String localAddress(String connection);

  /** Lets the node's time pass until something holds. */
  abstract void eventually(BooleanSupplier holds);

  private String ask(String commands) {
    String reply = ask("one", commands + "mn\r\n", "MN\r\n");
    return reply.substring(0, reply.length() - 4);
  }

  private long casOf(String key) {
    String reply = ask("mg " + key + " c\r\n");
    assertThat(reply).startsWith("HD c");
    return Long.parseLong(reply.strip().substring(4));
  }

  @Test
  void quietSetsAreSilentAndReadBackWithTheirFlagsAndCas() {
    assertThat(ask("ms a 1 F7 q\r\nx\r\nms b 2 q\r\nyz\r\n")).isEmpty();

    long cas = casOf("a");
    assertThat(ask("mg a v f c q O0\r\nmg none v f c q O1\r\nmg b v f q O2\r\n"))
        .isEqualTo("VA 1 f7 c" + cas + " O0\r\nx\r\nVA 2 f0 O2\r\nyz\r\n");
    assertThat(ask("mg none v c\r\nmg b v\r\n")).isEqualTo("EN\r\nVA 2\r\nyz\r\n");
  }

  @Test
  void addNeverOverwrites() {
    assertThat(ask("ms a 1 ME c\r\nx\r\n")).isEqualTo("HD c" + casOf("a") + "\r\n");

    assertThat(ask("ms a 1 ME c\r\ny\r\n")).isEqualTo("NS c0\r\n");
    assertThat(ask("mg a v\r\n")).isEqualTo("VA 1\r\nx\r\n");
  }

  @Test
  void everyStoreHasAHigherCas() {
    ask("ms a 1\r\nx\r\n");
    long first = casOf("a");

    ask("ms a 1\r\nx\r\n");

    assertThat(casOf("a")).isGreaterThan(first);
  }

  @Test
  void aReplacementByCasNeedsTheEntryAsItWasRead() {
    ask("ms a 1\r\nx\r\n");
    long cas = casOf("a");

    assertThat(ask("ms a 1 C" + cas + " c\r\ny\r\n")).isEqualTo("HD c" + casOf("a") + "\r\n");
    assertThat(ask("ms a 1 C" + cas + " c\r\nz\r\n")).isEqualTo("EX c0\r\n");
    assertThat(ask("ms none 1 C" + cas + " c\r\nz\r\n")).isEqualTo("NF c0\r\n");
    assertThat(ask("mg a v\r\n")).isEqualTo("VA 1\r\ny\r\n");
  }

  @Test
  void quietDeletesSpeakOnlyOfWhatTheyDidNotDelete() {
    ask("ms a 1 q\r\nx\r\nms b 1 q\r\nx\r\n");
    long cas = casOf("b");

    assertThat(ask("md a q\r\nmd a q\r\nmd b C" + (cas + 1) + " q\r\nmd b C" + cas + " q\r\n"))
        .isEqualTo("NF\r\nEX\r\n");
    assertThat(ask("md b\r\nmg b v\r\n")).isEqualTo("NF\r\nEN\r\n");
  }

  @Test
  void aSetThatIsTooLargeDropsTheOldEntryEvenAsAnAdd() {
    String tooLarge = "x".repeat(1 << 20);
    ask("ms a 1 q\r\nx\r\nms b 1 q\r\nx\r\n");

    assertThat(ask("ms a " + tooLarge.length() + " q\r\n" + tooLarge + "\r\n"))
        .isEqualTo("SERVER_ERROR object too large for cache\r\n");
    assertThat(ask("ms b " + tooLarge.length() + " ME c\r\n" + tooLarge + "\r\n"))
        .isEqualTo("SERVER_ERROR object too large for cache\r\n");
    assertThat(ask("mg a v\r\nmg b v\r\n")).isEqualTo("EN\r\nEN\r\n");
  }

  @Test
  void anEntryWithATimeToLiveIsForgotten() {
    ask("ms a 1 T1 q\r\nx\r\n");

    eventually(() -> ask("mg a v\r\n").equals("EN\r\n"));
  }

  @Test
  void flushForgetsEverything() {
    ask("ms a 1 q\r\nx\r\n");

    assertThat(ask("one", "flush_all\r\n", "\r\n")).isEqualTo("OK\r\n");
    assertThat(ask("mg a v\r\n")).isEqualTo("EN\r\n");
  }

  @Test
  void theListingHasEveryKeyEncoded() {
    ask("ms zone:usps:005:010 1 q\r\nx\r\nms zonecast/owners 1 q\r\nx\r\n");

    assertThat(ask("one", "lru_crawler metadump hash\r\n", "END\r\n"))
        .contains("key=zone%3Ausps%3A005%3A010 ")
        .contains("key=zonecast%2Fowners ")
        .containsPattern("size=[0-9]+\n");
  }

  @Test
  void connectionsAreListedByTheirOtherEnds() {
    ask(ANOTHER, "mn\r\n", "MN\r\n");

    assertThat(ask("one", "stats conns\r\n", "END\r\n"))
        .contains(":addr tcp:" + localAddress("one") + "\r\n")
        .contains(":addr tcp:" + localAddress(ANOTHER) + "\r\n");
  }

  @Test
  void statisticsHaveWhatASinkReads() {
    String general = ask("one", "stats\r\n", "END\r\n");
    String settings = ask("one", "stats settings\r\n", "END\r\n");

    List.of("pid", "uptime", "version", "curr_items", "bytes", "limit_maxbytes", "evictions")
        .forEach(name -> assertThat(general).contains("STAT " + name + " "));
    assertThat(general).contains("STAT curr_connections ");
    List.of("maxconns 1024", "item_size_max 1048576", "evictions on", "cas_enabled yes")
        .forEach(line -> assertThat(settings).contains("STAT " + line + "\r\n"));
    List.of("growth_factor 1.25", "chunk_size 48", "slab_chunk_max 524288")
        .forEach(line -> assertThat(settings).contains("STAT " + line + "\r\n"));
  }

  @Test
  void anUnknownCommandIsAnError() {
    assertThat(ask("bogus\r\n")).isEqualTo("ERROR\r\n");
  }
}
