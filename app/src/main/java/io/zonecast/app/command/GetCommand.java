package io.zonecast.app.command;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.zonecast.app.settings.CacheOptions;
import io.zonecast.app.settings.CacheSettings;
import io.zonecast.app.settings.CommonOptions;
import io.zonecast.app.settings.Problems;
import io.zonecast.app.terminal.Console;
import io.zonecast.app.terminal.ExitCode;
import io.zonecast.schemas.ZoneKey;
import io.zonecast.sink.cache.ConnectionSettings;
import io.zonecast.sink.cache.NodeAddress;
import io.zonecast.sink.cache.NodeConnection;
import io.zonecast.sink.cache.VersionedEntry;
import io.zonecast.sink.checkpoint.Checkpoint;
import io.zonecast.sink.checkpoint.CheckpointKey;
import io.zonecast.sink.checkpoint.SettingsDifferException;
import io.zonecast.sink.checkpoint.WrittenWith;
import io.zonecast.sink.owner.NodeOwners;
import io.zonecast.sink.owner.NodeOwnership;
import io.zonecast.sink.owner.Owner;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    description = "Looks one zone up in the cache, as your application would.",
    footer = {
      "",
      "Example:  zonecast get usps 005 010",
      "Exits with 3 if the cache does not have it."
    })
public final class GetCommand implements Callable<Integer> {
  /** Stands in for one that could not be read. */
  private static final ZoneKey ANY_KEY = ZoneKey.of("-", "-", "-");

  /** A node keeps a checkpoint of each partition, and all of them name the settings. */
  private static final int ANY_PARTITION = 0;

  private final Console console;

  @Mixin private final CommonOptions common;

  @Mixin private final CacheOptions cache = new CacheOptions();

  @Parameters(index = "0", paramLabel = "CARRIER", description = "In lower case: usps.")
  private String carrier = "";

  @Parameters(index = "1", paramLabel = "ORIGIN", description = "The origin prefix: 005.")
  private String origin = "";

  @Parameters(index = "2", paramLabel = "DEST", description = "The destination prefix: 010.")
  private String destination = "";

  @Option(names = "--json", description = "Prints one JSON document.")
  private boolean json;

  public GetCommand(Console console, CommonOptions common) {
    this.console = console;
    this.common = common;
  }

  @Override
  public Integer call() throws IOException {
    Problems problems = new Problems();
    common.check(problems);
    CacheSettings settings = cache.read(common, problems);
    ZoneKey zoneKey = problems.attempt(() -> ZoneKey.of(carrier, origin, destination), ANY_KEY);
    problems.throwIfAny();

    String key = settings.layout().keyPrefix() + zoneKey;
    NodeAddress node = settings.layout().nodeOf(key);
    String checkpointKey = CheckpointKey.of(settings.group(), common.topic(), ANY_PARTITION);
    List<VersionedEntry> found;
    try (NodeConnection connection = NodeConnection.open(node, ConnectionSettings.DEFAULT)) {
      found = connection.readEntries(List.of(key, checkpointKey, NodeOwners.KEY));
    }
    requireAgreement(settings.writtenWith(), node, found.get(1));
    NodeOwnership.refusal(
            new Owner(null, common.topic(), settings.group()),
            settings.writtenWith(),
            node.toString(),
            VersionedEntry.valueOf(found.get(2)))
        .ifPresent(NodeOwnership::requireOurs);
    String zone =
        found.get(0) instanceof VersionedEntry.Present present
            ? new EntryZone(settings.layout().valueFormat(), common).of(present)
            : null;
    if (json) {
      ObjectNode document = JsonNodeFactory.instance.objectNode();
      document.put("zone", zone);
      document.put("key", key);
      document.put("node", node.toString());
      console.answer(document);
    } else if (zone != null) {
      console.answer(zone);
    } else {
      console.say("zonecast: node " + node + " has no " + key);
    }
    return zone == null ? ExitCode.ANSWER_IS_NO : ExitCode.DONE;
  }

  /**
   * An entry is looked for where it was put: with other settings it would only seem to be absent.
   */
  private static void requireAgreement(
      WrittenWith ours, NodeAddress node, VersionedEntry checkpoint) {
    if (!(checkpoint instanceof VersionedEntry.Present present)) {
      return;
    }
    Optional<WrittenWith> theirs = Checkpoint.decode(present.value()).map(Checkpoint::writtenWith);
    if (theirs.isEmpty()) {
      return;
    }
    List<String> differences = ours.differencesToAReaderFrom(theirs.get());
    if (!differences.isEmpty()) {
      throw new SettingsDifferException(node.toString(), differences);
    }
  }
}
