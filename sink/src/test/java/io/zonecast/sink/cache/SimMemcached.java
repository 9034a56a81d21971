package io.zonecast.sink.cache;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URLEncoder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A memcached in memory, as far as a sink uses one: it takes the bytes of requests and gives the
 * bytes of replies, one command at a time. {@link MemcachedContract} compares it with a real one.
 */
public final class SimMemcached {
  private static final int ITEM_SIZE_MAX = 1 << 20;
  private static final int ITEM_OVERHEAD = 64;

  /**
   * An entry.
   *
   * @param latin1 the bytes of its value, a character each
   * @param expiresMillis 0 if it does not expire
   */
  public record Item(String latin1, long flags, long cas, long expiresMillis) {
    public byte[] value() {
      return latin1.getBytes(ISO_8859_1);
    }

    public String text() {
      return new String(value(), UTF_8);
    }
  }

  /** Why an entry changed. */
  public enum Cause {
    SET,
    DELETE,
    /** A set that was refused: memcached drops the old entry. */
    REFUSED,
    EXPIRED,
    EVICTED,
    WIPED
  }

  /** Sees every change as it happens. */
  public interface Watcher {
    /**
     * One entry has changed.
     *
     * @param session whose command it was; null if it was nobody's
     */
    void changed(
        @Nullable Session session,
        String key,
        @Nullable Item before,
        @Nullable Item after,
        Cause cause);

    /**
     * A connection has asked for an entry.
     *
     * @param shown null if there is none
     */
    default void read(Session session, String key, @Nullable Item shown) {}

    /**
     * A process has written to a connection.
     *
     * @param longestSleep of the process since it opened the connection
     */
    default void written(Session session, Duration longestSleep) {}

    /** A set was refused; the old entry, if there was one, is dropped next. */
    default void refused(Session session, String key, Item wanted) {}
  }

  private final LongSupplier clockMillis;
  private final NavigableMap<String, Item> items = new TreeMap<>();
  private final List<Session> sessions = new ArrayList<>();
  private Watcher watcher = (session, key, before, after, cause) -> {};
  private Rules rules = new Rules() {};
  private long lastCas;
  private final Map<String, Long> onlySaid = new HashMap<>();
  private final Map<String, Long> formerCas = new HashMap<>();
  private int refusals;
  private long startedMillis;
  private int pid = 1;

  public SimMemcached(LongSupplier clockMillis) {
    this.clockMillis = clockMillis;
    this.startedMillis = clockMillis.getAsLong();
  }

  /** What a weakened protocol may change: each is memcached's own, unless it is overridden. */
  public interface Rules {
    /** Whether a command with this CAS may store over an entry, or where there is none. */
    default boolean mayReplace(@Nullable Item there, long cas) {
      return there != null && there.cas() == cas;
    }

    /** The value that is stored. */
    default String stored(String key, String value, @Nullable Item there) {
      return value;
    }

    /** Whether a value is stored at all, or the node only says so. */
    default boolean keeps(String key, String value) {
      return true;
    }

    /** The value that a connection is shown. */
    default String shown(String key, String value, String asker) {
      return value;
    }

    /** Whether a refused set is sent again by itself, before the others are answered. */
    default boolean resends() {
      return false;
    }

    /** Whether connections outlive the process of the node, and what is under way on them. */
    default boolean heals() {
      return false;
    }

    /** By what other names a connection is listed to itself. */
    default List<String> aliases(String asker) {
      return List.of();
    }

    /** Whether the node says that it has refused a quiet set. */
    default boolean saysRefused() {
      return true;
    }

    /** Whether a listing shows a key. */
    default boolean lists(String key) {
      return true;
    }

    /** Whether one connection is shown to another. */
    default boolean shows(String peer, String asker) {
      return true;
    }
  }

  public void watch(Watcher newWatcher) {
    watcher = newWatcher;
  }

  /** Replaces memcached's rules by others: a simulation must notice that. */
  public void obey(Rules newRules) {
    rules = newRules;
  }

  /** Opens a connection, whose other end is {@code peer} ({@code ip:port}). */
  public Session connect(String peer) {
    Session session = new Session(peer);
    sessions.add(session);
    return session;
  }

  /** The entry under a key, unless it has expired. */
  public Optional<Item> get(String key) {
    return Optional.ofNullable(live(key));
  }

  /** Every key, in its order. */
  public List<String> keys() {
    List.copyOf(items.keySet()).forEach(this::live);
    return List.copyOf(items.keySet());
  }

  /** Stores an entry that is no sink's; its value is ASCII. */
  public void set(String key, String value) {
    put(null, key, new Item(value, 0, ++lastCas, 0));
  }

  /** Evicts an entry; whether it was there. */
  public boolean evict(String key) {
    return remove(null, key, Cause.EVICTED);
  }

  public void flush() {
    keys().forEach(key -> remove(null, key, Cause.WIPED));
  }

  public boolean heals() {
    return rules.heals();
  }

  public boolean isConnected(String peer) {
    return peers().contains(peer);
  }

  /** The other ends of its connections. */
  public List<String> peers() {
    return sessions.stream().map(Session::peer).toList();
  }

  /** Refuses so many sets from now on, as a node without memory does. */
  public void refuseSets(int count) {
    refusals = count;
  }

  public boolean refusesSets() {
    return refusals > 0;
  }

  /**
   * Ends the process and starts it again: its sessions are closed.
   *
   * @param keepsMemory as with {@code memcached -e}; else it is empty, and counts CAS from 1 again
   */
  public void restart(boolean keepsMemory) {
    if (!rules.heals()) {
      sessions.forEach(session -> session.closed = true);
      sessions.clear();
    }
    pid++;
    startedMillis = clockMillis.getAsLong();
    refusals = 0;
    if (!keepsMemory) {
      formerCas.clear();
      items.forEach((key, item) -> formerCas.put(key, item.cas));
      flush();
      lastCas = 0;
    }
  }

  /** Of all tokens of the node's former life only that of this entry is given out again. */
  public void bringBackTokenOf(String key) {
    formerCas.keySet().retainAll(List.of(key));
  }

  private @Nullable Item live(String key) {
    Item item = items.get(key);
    if (item != null && item.expiresMillis > 0 && clockMillis.getAsLong() >= item.expiresMillis) {
      remove(null, key, Cause.EXPIRED);
      return null;
    }
    return item;
  }

  private void put(@Nullable Session session, String key, Item item) {
    Item before = items.put(key, item);
    watcher.changed(session, key, before, item, Cause.SET);
  }

  private boolean remove(@Nullable Session session, String key, Cause cause) {
    Item before = items.remove(key);
    if (before != null) {
      watcher.changed(session, key, before, null, cause);
    }
    return before != null;
  }

  /** One connection, as the node sees it. */
  public final class Session {
    private final String peer;
    private byte[] input = new byte[1 << 10];
    private int start;
    private int end;
    private boolean closed;
    private Consumer<byte[]> resend = command -> {};

    private Session(String peer) {
      this.peer = peer;
    }

    /** The other end, as {@code stats conns} shows it. */
    public String peer() {
      return peer;
    }

    /** Where refused sets go that are to be sent again. */
    void resendBy(Consumer<byte[]> way) {
      resend = way;
    }

    public boolean isClosed() {
      return closed;
    }

    /** Its process hands bytes over. */
    void written(Duration longestSleep) {
      watcher.written(this, longestSleep);
    }

    /** The node sees the end of the connection, and lists it no more. */
    void close() {
      closed = true;
      sessions.remove(this);
    }

    /** Bytes have come in; they are applied by {@link #applyNext}. */
    void receive(byte[] bytes, int length) {
      if (end + length > input.length) {
        byte[] grown = new byte[Math.max(input.length, 2 * (end - start + length))];
        System.arraycopy(input, start, grown, 0, end - start);
        input = grown;
        end -= start;
        start = 0;
      }
      System.arraycopy(bytes, 0, input, end, length);
      end += length;
    }

    /** How many bytes have come in and are not applied. */
    int pending() {
      return end - start;
    }

    /** Loses the last of what came in, as a reset connection may. */
    void lose(int bytes) {
      end -= bytes;
    }

    /** Applies the next command; null if none is there as a whole, "" if it has no answer. */
    @Nullable String applyNext() {
      int lineEnd = start;
      while (lineEnd < end && input[lineEnd] != '\n') {
        lineEnd++;
      }
      if (closed || lineEnd == end) {
        return null;
      }
      String[] words = new String(input, start, lineEnd - start - 1, UTF_8).split(" ", -1);
      int next = lineEnd + 1;
      if (!words[0].equals("ms")) {
        start = next;
        return answer(words);
      }
      int length = Integer.parseInt(words[2]);
      if (end < next + length + 2) {
        return null;
      }
      String value = new String(input, next, length, ISO_8859_1);
      int begin = start;
      start = next + length + 2;
      return set(words, value, begin);
    }

    private String answer(String[] words) {
      return switch (words[0]) {
        case "mg" -> get(words);
        case "md" -> delete(words);
        case "mn" -> "MN\r\n";
        case "stats" -> stats(words.length > 1 ? words[1] : "", peer);
        case "lru_crawler" -> listing();
        case "flush_all" -> {
          flush();
          yield "OK\r\n";
        }
        default -> "ERROR\r\n";
      };
    }

    private String set(String[] words, String value, int begin) {
      String key = words[1];
      Item there = live(key);
      String code = "HD";
      long ttl = number(words, 3, 'T', 0);
      if (value.length() + ITEM_OVERHEAD + key.length() > ITEM_SIZE_MAX) {
        remove(this, key, Cause.REFUSED);
        return "SERVER_ERROR object too large for cache\r\n";
      }
      if (refusals > 0) {
        refusals--;
        watcher.refused(this, key, new Item(value, 0, 0, 0));
        remove(this, key, Cause.REFUSED);
        if (has(words, 3, "q") && rules.resends()) {
          resend.accept(Arrays.copyOfRange(input, begin, start));
          return "";
        }
        return has(words, 3, "q") && !rules.saysRefused()
            ? ""
            : "SERVER_ERROR out of memory storing object\r\n";
      }
      long cas = number(words, 3, 'C', 0);
      if (cas != 0) {
        boolean may = rules.mayReplace(there, cas) || onlySaid.getOrDefault(key, 0L) == cas;
        code = may ? "HD" : there == null ? "NF" : "EX";
      } else if (has(words, 3, "ME") && there != null) {
        code = "NS";
      } else if (has(words, 3, "MR") && there == null) {
        code = "NS";
      }
      if (code.equals("HD") && there == null && has(words, 3, "ME")) {
        // Others have stored entries meanwhile, as many as it takes: the token of before is back.
        lastCas = Math.max(lastCas, formerCas.getOrDefault(key, 0L) - 1);
      }
      if (code.equals("HD") && !rules.keeps(key, value)) {
        onlySaid.put(key, ++lastCas);
      } else if (code.equals("HD")) {
        long expires = ttl == 0 ? 0 : clockMillis.getAsLong() + ttl * 1_000;
        put(
            this,
            key,
            new Item(
                rules.stored(key, value, there), number(words, 3, 'F', 0), ++lastCas, expires));
      }
      long casNow = code.equals("HD") ? lastCas : 0;
      boolean quiet = has(words, 3, "q") && code.equals("HD");
      return quiet ? "" : code + (has(words, 3, "c") ? " c" + casNow : "") + "\r\n";
    }

    private String get(String[] words) {
      Item item = live(words[1]);
      watcher.read(this, words[1], item);
      if (item == null) {
        return has(words, 2, "q") ? "" : "EN\r\n";
      }
      String value = rules.shown(words[1], item.latin1, peer);
      var head = new StringBuilder(has(words, 2, "v") ? "VA " + value.length() : "HD");
      for (int i = 2; i < words.length; i++) {
        switch (words[i].charAt(0)) {
          case 'c' -> head.append(" c").append(item.cas);
          case 'f' -> head.append(" f").append(item.flags);
          case 'O' -> head.append(' ').append(words[i]);
          default -> {}
        }
      }
      head.append("\r\n");
      return has(words, 2, "v") ? head.append(value).append("\r\n").toString() : head.toString();
    }

    private String delete(String[] words) {
      Item there = live(words[1]);
      long cas = number(words, 2, 'C', 0);
      if (there == null) {
        return "NF\r\n";
      }
      if (cas != 0 && !rules.mayReplace(there, cas)) {
        return "EX\r\n";
      }
      remove(this, words[1], Cause.DELETE);
      return has(words, 2, "q") ? "" : "HD\r\n";
    }

    @Override
    public String toString() {
      return peer;
    }
  }

  private String listing() {
    var lines = new StringBuilder();
    for (String key : keys()) {
      Item item = items.get(key);
      if (item != null && rules.lists(key)) {
        lines
            .append("key=")
            .append(URLEncoder.encode(key, UTF_8))
            .append(" exp=-1 la=0 cas=")
            .append(item.cas)
            .append(" fetch=no cls=1 size=")
            .append(item.latin1.length() + ITEM_OVERHEAD)
            .append('\n');
      }
    }
    return lines.append("END\r\n").toString();
  }

  private String stats(String argument, String asker) {
    var stats = new TreeMap<String, String>();
    switch (argument) {
      case "" ->
          stats.putAll(
              Map.of(
                  "pid", String.valueOf(pid),
                  "uptime", String.valueOf((clockMillis.getAsLong() - startedMillis) / 1_000),
                  "version", "1.6.18",
                  "curr_items", String.valueOf(keys().size()),
                  "curr_connections", String.valueOf(sessions.size() + 1),
                  "bytes", String.valueOf(items.size() * 80L),
                  "limit_maxbytes", String.valueOf(64L << 20),
                  "evictions", "0"));
      case "settings" ->
          stats.putAll(
              Map.of(
                  "maxconns", "1024",
                  "item_size_max", String.valueOf(ITEM_SIZE_MAX),
                  "evictions", "on",
                  "cas_enabled", "yes",
                  "growth_factor", "1.25",
                  "chunk_size", "48",
                  "slab_chunk_max", "524288"));
      case "conns" -> {
        for (int i = 0; i < sessions.size(); i++) {
          String peer = sessions.get(i).peer;
          if (rules.shows(peer, asker)) {
            stats.put(i + ":addr", "tcp:" + peer);
          }
        }
        for (String alias : rules.aliases(asker)) {
          stats.put(alias + ":addr", "tcp:" + alias);
        }
      }
      default -> {
        return "ERROR\r\n";
      }
    }
    var lines = new StringBuilder();
    stats.forEach((name, value) -> lines.append("STAT " + name + " " + value + "\r\n"));
    return lines.append("END\r\n").toString();
  }

  private static boolean has(String[] words, int from, String flag) {
    return Arrays.asList(words).subList(from, words.length).contains(flag);
  }

  private static long number(String[] words, int from, char flag, long otherwise) {
    for (int i = from; i < words.length; i++) {
      if (words[i].length() > 1 && words[i].charAt(0) == flag) {
        return Long.parseUnsignedLong(words[i].substring(1));
      }
    }
    return otherwise;
  }
}
