package io.zonecast.sink.owner;

import java.util.stream.Collectors;

/** What people are told of a node that is not ours: both claims, and the command that helps. */
final class OwnerWords {
  private OwnerWords() {}

  static String conflict(Owner us, String prefix, String node, NodeOwners conflicts) {
    String theirs =
        conflicts.byPrefix().entrySet().stream()
            .map(
                claim ->
                    "those under \"%s\" belong to %s"
                        .formatted(claim.getKey(), claim.getValue().owner()))
            .collect(Collectors.joining("; "));
    return notOurs(us, prefix, node, theirs);
  }

  static String unknown(Owner us, String prefix, String node, String evidence) {
    return notOurs(us, prefix, node, "it does not record whose they are, and " + evidence);
  }

  private static String notOurs(Owner us, String prefix, String node, String reason) {
    return ("node %s: its entries are not this sink's (%s, prefix \"%s\"): %s. Nothing was changed."
            + " Correct --topic, --group, --key-prefix or --memcached; or take the entries over:"
            + " zonecast rebuild --take-over --node %s")
        .formatted(node, us, prefix, reason, node);
  }

  static String swapped(String node, String before) {
    return ("node %s: it records that it is %s, which is in --memcached too: the two have changed"
            + " places, or are one server under two names. Nothing was changed. Correct the"
            + " addresses; if the nodes are to stay so, empty them: zonecast rebuild --flush")
        .formatted(node, before);
  }
}
