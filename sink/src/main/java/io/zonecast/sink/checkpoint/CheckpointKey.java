package io.zonecast.sink.checkpoint;

import static java.util.stream.Collectors.joining;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * Makes the keys of a node's checkpoints and notes. They go to that node directly, never by key
 * placement. They have no colon, so no prefix with a zone key equals one: a sweep cannot delete it
 * and a row cannot overwrite it.
 */
public final class CheckpointKey {
  /** The prefix of all groups' checkpoints. */
  public static final String PREFIX = "zonecast/checkpoint/";

  private static final int MAX_NAME_BYTES = 200;

  private CheckpointKey() {}

  /**
   * {@code zonecast/checkpoint/GROUP/TOPIC/PARTITION}; a digest replaces names that are too long.
   */
  public static String of(String group, String topic, int partition) {
    return PREFIX + name(group, topic) + '/' + partition;
  }

  /** Whether a key is that of any group's checkpoint. */
  public static boolean isOne(String key) {
    return key.startsWith(PREFIX);
  }

  /** The key of a {@link FillProgress}: {@code zonecast/fill/GROUP/TOPIC/PARTITION}. */
  public static String ofFill(String group, String topic, int partition) {
    return "zonecast/fill/" + name(group, topic) + '/' + partition;
  }

  /** The key of a {@link WaitNote}: {@code zonecast/wait/GROUP/TOPIC/PARTITION}. */
  public static String ofWait(String group, String topic, int partition) {
    return "zonecast/wait/" + name(group, topic) + '/' + partition;
  }

  /** The key of a {@link DownNote} about another node: {@code zonecast/down/GROUP/TOPIC/NODE}. */
  public static String ofDown(String group, String topic, String node) {
    return "zonecast/down/" + name(group, topic, node);
  }

  /**
   * The key of a token that finds one server under two names: {@code
   * zonecast/here/GROUP/TOPIC/NODE}.
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
