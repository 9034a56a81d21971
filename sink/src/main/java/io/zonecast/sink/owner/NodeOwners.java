package io.zonecast.sink.owner;

import io.zonecast.sink.cache.VersionedEntry;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.kafka.common.Uuid;

/**
 * All claims that one node records, by key prefix. On the node they are one entry without expiry, a
 * line for each prefix: one conditional write changes them, and an operator can read them.
 *
 * <pre>
 * zonecast-owners/1
 * zone%3A cluster=MkU3OEVBNTcwNTJENDM2Qk topic=zones group=zones-sink id=q1J… node=a:11211 pool=a:11211,b:11211
 * </pre>
 *
 * @param byPrefix the claims, in the order of their prefixes
 */
public record NodeOwners(SortedMap<String, OwnerClaim> byPrefix) {
  /** The entry's key. It has no colon, so that no prefix with a zone key equals it. */
  public static final String KEY = "zonecast/owners";

  public static final NodeOwners NONE = new NodeOwners(new TreeMap<>());

  private static final String MAGIC = "zonecast-owners/1";

  public NodeOwners {
    byPrefix = Collections.unmodifiableSortedMap(new TreeMap<>(byPrefix));
  }

  public Optional<OwnerClaim> of(String prefix) {
    return Optional.ofNullable(byPrefix.get(prefix));
  }

  /** A copy with this claim; it replaces an earlier one to the prefix. */
  public NodeOwners with(String prefix, OwnerClaim claim) {
    var copy = new TreeMap<>(byPrefix);
    copy.put(prefix, claim);
    return new NodeOwners(copy);
  }

  public NodeOwners without(String prefix) {
    var copy = new TreeMap<>(byPrefix);
    copy.remove(prefix);
    return new NodeOwners(copy);
  }

  /**
   * Finds the claims that conflict with {@code owner}'s to {@code prefix}: another owner's to the
   * same prefix; anyone's to a longer or shorter one, whose keys a sweep cannot tell from ours; and
   * those of a group and topic of the same names in another cluster, whose checkpoints have our
   * keys.
   */
  public NodeOwners conflictingWith(String prefix, Owner owner) {
    var conflicts = new TreeMap<String, OwnerClaim>();
    byPrefix.forEach(
        (theirs, claim) -> {
          boolean same = claim.owner().isSameAs(owner);
          boolean sameKeys = claim.owner().hasSameNamesAs(owner) && !same;
          if (sameKeys || (overlap(prefix, theirs) && !(same && theirs.equals(prefix)))) {
            conflicts.put(theirs, claim);
          }
        });
    return new NodeOwners(conflicts);
  }

  /** Whether a key may be under both prefixes. */
  public static boolean overlap(String one, String other) {
    return one.startsWith(other) || other.startsWith(one);
  }

  public boolean isEmpty() {
    return byPrefix.isEmpty();
  }

  /** The entry's value. */
  public byte[] encode() {
    var text = new StringBuilder(MAGIC);
    byPrefix.forEach(
        (prefix, claim) ->
            text.append('\n')
                .append(
                    String.join(
                        " ",
                        encoded(prefix),
                        "cluster=" + encoded(Objects.requireNonNull(claim.owner().cluster())),
                        "topic=" + encoded(claim.owner().topic()),
                        "group=" + encoded(claim.owner().group()),
                        "id=" + claim.topicId(),
                        "node=" + claim.node(),
                        "pool=" + String.join(",", claim.pool()))));
    return text.toString().getBytes(StandardCharsets.ISO_8859_1);
  }

  /**
   * Reads the entry {@link #KEY}; an absent one has no claims.
   *
   * @return empty if this version does not understand all of the entry
   */
  public static Optional<NodeOwners> in(VersionedEntry entry) {
    return entry instanceof VersionedEntry.Present present
        ? decode(present.value())
        : Optional.of(NONE);
  }

  /** Reads the entry's value; empty if this version does not understand all of it. */
  public static Optional<NodeOwners> decode(byte[] value) {
    String[] lines = new String(value, StandardCharsets.ISO_8859_1).split("\n", -1);
    if (!lines[0].equals(MAGIC)) {
      return Optional.empty();
    }
    var byPrefix = new TreeMap<String, OwnerClaim>();
    try {
      for (int i = 1; i < lines.length; i++) {
        String[] words = lines[i].split(" ", -1);
        Map<String, String> fields = new HashMap<>();
        for (int word = 1; word < words.length; word++) {
          int equals = words[word].indexOf('=');
          fields.put(
              words[word].substring(0, Math.max(0, equals)), words[word].substring(equals + 1));
        }
        byPrefix.put(
            decoded(words[0]),
            new OwnerClaim(
                new Owner(
                    decoded(field(fields, "cluster")),
                    decoded(field(fields, "topic")),
                    decoded(field(fields, "group"))),
                Uuid.fromString(field(fields, "id")),
                field(fields, "node"),
                List.of(field(fields, "pool").split(",", -1))));
      }
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
    return Optional.of(new NodeOwners(byPrefix));
  }

  private static String field(Map<String, String> fields, String name) {
    String value = fields.get(name);
    if (value == null || value.isEmpty()) {
      throw new IllegalArgumentException("no " + name);
    }
    return value;
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  private static String decoded(String text) {
    return URLDecoder.decode(text, StandardCharsets.UTF_8);
  }
}
