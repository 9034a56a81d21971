package io.zonecast.sink;

import io.zonecast.schemas.TopicInfo;
import io.zonecast.schemas.ZoneTopic;
import io.zonecast.schemas.wire.RowDecoder;
import io.zonecast.sink.cache.NodeAddress;
import io.zonecast.sink.cache.NodeConnection;
import io.zonecast.sink.owner.OwnerCheck;
import io.zonecast.sink.verify.Verifier;
import io.zonecast.sink.verify.VerifyProgress;
import io.zonecast.sink.verify.VerifyReport;
import io.zonecast.sink.verify.VerifyTarget;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.kafka.clients.admin.Admin;

/**
 * Compares the pool of a sink with its topic, and repairs the pool if asked to.
 *
 * @param settings those of the sink
 * @param compared the nodes to look at, all or some of the pool
 * @param partitions that the topic is expected to have
 */
public record Verification(
    SinkSettings settings,
    List<NodeAddress> compared,
    int partitions,
    Supplier<RowDecoder> decoders,
    VerifyProgress progress) {
  /** As many folds of the sink's bound as a running sink has in memory. */
  private static final int FOLDS = 2;

  /**
   * The result.
   *
   * @param found the first comparison
   * @param repaired the comparison after the repair, if there was one
   */
  public record Outcome(VerifyReport found, Optional<VerifyReport> repaired) {
    /** How the pool stands now, as far as is known. */
    public VerifyReport last() {
      return repaired.orElse(found);
    }
  }

  public Verification {
    compared = List.copyOf(compared);
  }

  /**
   * Compares; with {@code repair}, repairs what differs and compares again.
   *
   * @throws io.zonecast.schemas.TopicUnfitException if the topic is not what it must be
   * @throws io.zonecast.sink.checkpoint.SettingsDifferException if the cache was written otherwise
   * @throws org.apache.kafka.common.errors.TimeoutException if nothing comes from the brokers
   * @throws io.zonecast.sink.owner.NotOurNodeException if a node's entries are another owner's, or
   *     are to be repaired and nothing proves that they are ours
   * @throws io.zonecast.sink.verify.RepairRefusedException if a repair could do harm
   * @throws IOException if a node to be repaired cannot be reached
   */
  public Outcome run(boolean repair) throws IOException, InterruptedException {
    var clients = new SinkClients(settings);
    try (Admin admin = clients.admin()) {
      TopicInfo topic = ZoneTopic.check(admin, settings.topic(), partitions);
      var verifier =
          new Verifier(
              new VerifyTarget(
                  settings.claimant(topic),
                  settings.layout(),
                  compared,
                  settings.connections(),
                  FOLDS * settings.maxFoldBytes()),
              admin,
              clients::reader,
              decoders,
              progress);
      for (NodeAddress node : compared) {
        try {
          requireOurs(node, topic, false);
        } catch (IOException e) {
          // The comparison meets it too, and reports it.
        }
      }
      VerifyReport found = verifier.verify();
      if (!repair || found.isEqual()) {
        return new Outcome(found, Optional.empty());
      }
      for (int i = 0; i < compared.size(); i++) {
        if (!found.nodes().get(i).isEqual()) {
          requireOurs(compared.get(i), topic, true);
        }
      }
      return new Outcome(found, Optional.of(verifier.repair()));
    }
  }

  /**
   * Goes on only if a node is no other owner's.
   *
   * @param proved whether it takes proof that the entries are ours; otherwise it is enough that no
   *     other owner claims them
   */
  private void requireOurs(NodeAddress node, TopicInfo topic, boolean proved) throws IOException {
    OwnerCheck check = settings.ownerCheck(topic);
    try (NodeConnection connection = NodeConnection.open(node, settings.connections())) {
      OwnerCheck.Look look = proved ? check.lookClosely(connection) : check.look(connection);
      look.found().requireOurs();
    }
  }
}
