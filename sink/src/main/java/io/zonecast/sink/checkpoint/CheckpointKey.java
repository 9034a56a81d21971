package io.zonecast.sink.checkpoint;

import static java.util.stream.Collectors.joining;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * The key under which a node keeps one partition's checkpoint, sent to that node directly and never
 * by key placement. It holds no colon, so no prefix followed by a zone key can ever equal it: a
 * sweep cannot take it and a row cannot overwrite it.
 */
public final class CheckpointKey {
  /** What the keys of all groups' checkpoints begin with. */
  public static final String PREFIX = "zonecast/checkpoint/";

  private static final int MAX_NAME_BYTES = 200;

  private CheckpointKey() {}

  /** {@code zonecast/checkpoint/GROUP/TOPIC/PARTITION}, a name too long shortened to its digest. */
  public static String of(String group, String topic, int partition) {
    return PREFIX + name(group, topic) + '/' + partition;
  }

  /** Whether a key is that of some group's checkpoint. */
  public static boolean isOne(String key) {
    return key.startsWith(PREFIX);
  }

  /** The key of the {@link FillProgress} beside it: {@code zonecast/fill/GROUP/TOPIC/PARTITION}. */
  public static String ofFill(String group, String topic, int partition) {
    return "zonecast/fill/" + name(group, topic) + '/' + partition;
  }

  /** The key of the {@link WaitNote} beside it: {@code zonecast/wait/GROUP/TOPIC/PARTITION}. */
  public static String ofWait(String group, String topic, int partition) {
    return "zonecast/wait/" + name(group, topic) + '/' + partition;
  }

  /** The key under which a node keeps since when another is down: {@code zonecast/down/…/NODE}. */
  public static String ofDown(String group, String topic, String node) {
    return "zonecast/down/" + name(group, topic, node);
  }

  /**
   * The key under which a node is told which of the sink's nodes it is, to find a server that has
   * two names: {@code zonecast/here/…/NODE}.
   */
  public static String ofHere(String group, String topic, String node) {
    return "zonecast/here/" + name(group, topic, node);
  }

  private static String name(String... parts) {
    String name = Arrays.stream(parts).map(CheckpointKey::printable).collect(joining("/"));
    if (name.length() > MAX_NAME_BYTES) {
      name = "sha256-" + sha256(name);
    }
    return name;
  }

  private static String printable(String name) {
    return URLEncoder.encode(name, StandardCharsets.UTF_8);
  }

  private static String sha256(String text) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
