package io.zonecast.ingest.stream;

import io.zonecast.ingest.source.DoubtfulText;
import io.zonecast.schemas.KeyPartition;
import io.zonecast.schemas.ZoneKey;
import io.zonecast.schemas.ZoneRow;
import io.zonecast.schemas.ZoneText;
import io.zonecast.schemas.ZoneUpdate;
import io.zonecast.schemas.wire.RowFields;
import io.zonecast.schemas.wire.UndecodableValueException;
import io.zonecast.schemas.wire.UnknownSchemaIdException;
import io.zonecast.schemas.wire.UpdateDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.Bytes;
import org.jspecify.annotations.Nullable;

/**
 * Judges updates by the rules of the contract, those that a file's rows are held to: a row's are
 * {@link RowFields#problem}, a key's {@link ZoneKey}. For one thread.
 */
final class UpdateRules {
  static final String UPSERT = "upsert";
  static final String DELETE = "delete";

  static final int MAX_ID_LENGTH = 64;

  /** A word for nothing that is a country's code. */
  private static final String NAMIBIA = "NA";

  private final int partitions;
  private final Uuid topicId;
  private final UpdateDecoder decoder;

  /**
   * @param partitions how many the table has, and the topic of updates
   * @param topicId the topic of updates'
   */
  UpdateRules(int partitions, Uuid topicId, UpdateDecoder decoder) {
    this.partitions = partitions;
    this.topicId = topicId;
    this.decoder = decoder;
  }

  /**
   * Judges what was read from {@code partition} at {@code offset}.
   *
   * @throws io.zonecast.schemas.wire.RegistryUnavailableException if it cannot be told yet what the
   *     bytes are
   */
  UpdateVerdict judge(byte @Nullable [] key, byte @Nullable [] value, int partition, long offset) {
    if (key == null) {
      return new RejectedUpdate(
          "it has no key; send it under the key of its row, carrier:origin:destination", value);
    }
    if (value == null) {
      return new RejectedUpdate(
          "it has no value; to delete a row, send an update with op delete", value);
    }
    ZoneUpdate update;
    try {
      update = decoder.decode(value);
    } catch (UndecodableValueException e) {
      return new RejectedUpdate(
          "it is no update (" + e.getMessage() + "); send one written with the schema ZoneUpdate",
          value);
    } catch (UnknownSchemaIdException e) {
      // To wait would let one producer's mistake hold up everyone's updates; the rejected one can
      // be sent again.
      return new RejectedUpdate(e.getMessage() + ", and send it again", value);
    }
    String problem = problem(update, key, partition);
    if (problem != null) {
      return new RejectedUpdate(problem, value);
    }
    return new CheckedUpdate(
        new UpdateHeader(update.getId(), update.getRequestedAt().toEpochMilli(), offset, topicId),
        Bytes.wrap(key),
        update.getOp().equals(DELETE) ? null : row(update),
        value);
  }

  private @Nullable String problem(ZoneUpdate update, byte[] key, int partition) {
    String problem = problem(update);
    if (problem != null) {
      return problem;
    }
    byte[] rowsKey =
        ZoneKey.of(update.getCarrier(), update.getOrigin(), update.getDestination()).utf8();
    if (!Arrays.equals(key, rowsKey)) {
      return "its key %s is not its row's; send it under %s"
          .formatted(quoted(key), quoted(rowsKey));
    }
    int home = KeyPartition.of(key, partitions);
    if (home != partition) {
      // Two partitions have no order between them: moved from here, it could overtake another.
      return "its key %s belongs on partition %d, it lies on %d; have its %s, and send it again"
          .formatted(quoted(key), home, partition, KeyPartition.ADVICE);
    }
    return null;
  }

  /**
   * Says what is wrong with an update in itself, whatever its key and its partition; null if
   * nothing is.
   */
  static @Nullable String problem(ZoneUpdate update) {
    if (!isId(update.getId())) {
      return "id %s is not 1 to %d printable ASCII characters without spaces"
          .formatted(ZoneText.quote(update.getId()), MAX_ID_LENGTH);
    }
    return switch (update.getOp()) {
      case UPSERT ->
          update.getZone() == null ? "it has no zone, and is no delete" : rowProblem(update);
      // A delete's zone, flags and date mean nothing, as those of a file's do not.
      case DELETE -> keyProblem(update);
      default -> "op " + ZoneText.quote(update.getOp()) + " is neither upsert nor delete";
    };
  }

  private static @Nullable String rowProblem(ZoneUpdate update) {
    String problem = row(update).problem();
    if (problem != null) {
      return problem;
    }
    for (String prefix : List.of(update.getOrigin(), update.getDestination())) {
      String doubt = prefix.equals(NAMIBIA) ? null : DoubtfulText.ofPrefix(prefix);
      if (doubt != null) {
        return doubtful("prefix", prefix, doubt);
      }
    }
    String zone = String.valueOf(update.getZone());
    String doubt = DoubtfulText.ofZone(zone);
    return doubt == null ? null : doubtful("zone", zone, doubt);
  }

  /** Without the remedy, which is a file's. */
  private static String doubtful(String what, String text, String doubt) {
    return "%s %s %s; if it is right, publish it in a file, with --allow-word %s"
        .formatted(what, ZoneText.quote(text), doubt.substring(0, doubt.indexOf(':')), text);
  }

  private static String quoted(byte[] key) {
    return ZoneText.quote(key, 0, key.length);
  }

  private static @Nullable String keyProblem(ZoneUpdate update) {
    try {
      ZoneKey.of(update.getCarrier(), update.getOrigin(), update.getDestination());
      return null;
    } catch (IllegalArgumentException e) {
      return e.getMessage();
    }
  }

  private static boolean isId(String id) {
    if (id.isEmpty() || id.length() > MAX_ID_LENGTH) {
      return false;
    }
    for (int i = 0; i < id.length(); i++) {
      if (id.charAt(i) < '!' || id.charAt(i) > '~') {
        return false;
      }
    }
    return true;
  }

  private static RowFields row(ZoneUpdate update) {
    RowFields fields = new RowFields();
    fields.set(
        new ZoneRow(
            update.getCarrier(),
            update.getOrigin(),
            update.getDestination(),
            update.getZone(),
            update.getFlags(),
            update.getEffectiveDate()));
    return fields;
  }

  /** The key of an update's row, as its record has it; of one without a problem. */
  static byte[] key(ZoneUpdate update) {
    return (update.getCarrier() + ':' + update.getOrigin() + ':' + update.getDestination())
        .getBytes(StandardCharsets.UTF_8);
  }
}
