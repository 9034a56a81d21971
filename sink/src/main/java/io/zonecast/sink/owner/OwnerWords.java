package io.zonecast.sink.owner;

import io.zonecast.sink.checkpoint.WrittenWith;
import java.util.Map;
import java.util.stream.Collectors;

/** Writes the messages about a node that is not ours: both claims and the remedy. */
final class OwnerWords {
  private OwnerWords() {}

  static String conflict(Owner us, WrittenWith writtenWith, String node, NodeOwners conflicts) {
    String theirs =
        conflicts.byPrefix().entrySet().stream()
            .map(OwnerWords::theirs)
            .collect(Collectors.joining("; "));
    boolean ownOnly =
        conflicts.byPrefix().values().stream().allMatch(its -> its.owner().isSameAs(us));
    return ownOnly
        ? ("node %s: our own entries under another prefix overlap with \"%s\": %s. Nothing was"
                + " changed. Choose a --key-prefix of which neither begins with the other")
            .formatted(node, writtenWith.keyPrefix(), theirs)
        : notOurs(us, writtenWith, node, theirs);
  }

  private static String theirs(Map.Entry<String, OwnerClaim> claim) {
    return "those under \"%s\" belong to %s".formatted(claim.getKey(), claim.getValue().owner());
  }

  static String unknown(Owner us, WrittenWith writtenWith, String node, String evidence) {
    return notOurs(us, writtenWith, node, "it does not record whose they are, and " + evidence);
  }

  private static String notOurs(Owner us, WrittenWith writtenWith, String node, String reason) {
    return ("node %s: its entries are not this sink's (%s, prefix \"%s\"): %s. Nothing was changed."
            + " Correct --topic, --group, --key-prefix or --memcached; or take the entries over:"
            + " zonecast rebuild --take-over %s --node %s")
        .formatted(node, us, writtenWith.keyPrefix(), reason, options(us, writtenWith), node);
  }

  static String swapped(Owner us, WrittenWith writtenWith, String node, String before) {
    return ("node %s: it records that it is %s, which is in --memcached too: the two have changed"
            + " places, or are one server under two names. Nothing was changed. Correct the"
            + " addresses; if the nodes are to stay so, empty them: zonecast rebuild --flush %s")
        .formatted(node, before, options(us, writtenWith));
  }

  static String options(Owner us, WrittenWith writtenWith) {
    return "--topic %s --group %s --key-prefix %s --memcached %s"
        .formatted(
            us.topic(), us.group(), writtenWith.keyPrefix(), String.join(",", writtenWith.nodes()));
  }
}
