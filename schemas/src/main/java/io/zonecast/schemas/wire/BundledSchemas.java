package io.zonecast.schemas.wire;

import io.zonecast.schemas.PublishSummary;
import io.zonecast.schemas.PublishedChanges;
import io.zonecast.schemas.ZoneRow;
import io.zonecast.schemas.ZoneUpdate;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.apache.avro.Schema;
import org.apache.kafka.common.errors.SerializationException;

/**
 * Every version of our records ever released, from the jar, under ids counted down from 2^31-1.
 * Registries count up from 1, so the two never meet.
 *
 * <table>
 * <caption>ids</caption>
 * <tr><td>{@link ZoneRow}<td>version 1 is 2147483647, version 2 is 2147483646
 * <tr><td>{@link ZoneUpdate}<td>version 1 is 2147483135, version 2 is 2147483134
 * <tr><td>{@link PublishSummary}<td>version 1 is 2147483391
 * <tr><td>{@link PublishedChanges}<td>version 1 is 2147482879
 * </table>
 *
 * <p>The versions are the resources {@code released/ZoneRow-1.avsc}, {@code -2.avsc} and so on.
 * None is ever changed or removed: topics hold records written with each.
 *
 * <p>An instance is the versions of one record; ids it knows of all of them, as one topic's reader
 * may meet what was meant for another.
 */
public final class BundledSchemas implements SchemaIds {
  /** The ids that are the bundle's alone; a registry is never asked for one of them. */
  private static final int RESERVED_IDS = 1_024;

  /** A quarter of them for each record. */
  private static final int IDS_OF_A_RECORD = RESERVED_IDS / 4;

  private static final BundledSchemas ROWS =
      new BundledSchemas("ZoneRow", Integer.MAX_VALUE, () -> Rows.VERSIONS);
  private static final BundledSchemas UPDATES =
      new BundledSchemas(
          "ZoneUpdate", Integer.MAX_VALUE - 2 * IDS_OF_A_RECORD, () -> Updates.VERSIONS);
  private static final BundledSchemas SUMMARIES =
      new BundledSchemas(
          "PublishSummary", Integer.MAX_VALUE - IDS_OF_A_RECORD, () -> Summaries.VERSIONS);
  private static final BundledSchemas CHANGES =
      new BundledSchemas(
          "PublishedChanges", Integer.MAX_VALUE - 3 * IDS_OF_A_RECORD, () -> Changes.VERSIONS);

  private final String name;
  private final int firstId;
  private final Supplier<List<Schema>> versions;

  private BundledSchemas(String name, int firstId, Supplier<List<Schema>> versions) {
    this.name = name;
    this.firstId = firstId;
    this.versions = versions;
  }

  /** The versions of {@link ZoneRow} in this jar, read once, when a schema is first asked for. */
  public static BundledSchemas load() {
    return ROWS;
  }

  /** As {@link #load}, those of {@link ZoneUpdate}. */
  public static BundledSchemas ofUpdates() {
    return UPDATES;
  }

  /** As {@link #load}, those of {@link PublishSummary}. */
  public static BundledSchemas ofSummaries() {
    return SUMMARIES;
  }

  /** As {@link #load}, those of {@link PublishedChanges}. */
  public static BundledSchemas ofChanges() {
    return CHANGES;
  }

  /**
   * Parsing wakes Avro and its JSON parser, a tenth of a second that a reader of rows under ids
   * that it knows never needs.
   */
  private static final class Rows {
    static final List<Schema> VERSIONS = read("ZoneRow");
  }

  private static final class Updates {
    static final List<Schema> VERSIONS = read("ZoneUpdate");
  }

  private static final class Summaries {
    static final List<Schema> VERSIONS = read("PublishSummary");
  }

  private static final class Changes {
    static final List<Schema> VERSIONS = read("PublishedChanges");
  }

  private static List<Schema> read(String name) {
    List<Schema> versions = new ArrayList<>();
    while (true) {
      String resource = resource(name, versions.size() + 1);
      try (InputStream avsc = ZoneRow.class.getResourceAsStream(resource)) {
        if (avsc == null) {
          break;
        }
        versions.add(new Schema.Parser().parse(avsc));
      } catch (IOException e) {
        throw new UncheckedIOException("cannot read " + resource + " of the schema bundle", e);
      }
    }
    if (versions.isEmpty()) {
      throw new IllegalStateException(
          "the schema bundle is missing from the class path: no %s beside %s"
              .formatted(resource(name, 1), ZoneRow.class.getName()));
    }
    return List.copyOf(versions);
  }

  private static String resource(String name, int version) {
    return "released/" + name + "-" + version + ".avsc";
  }

  /** A bundle of other versions of a row than this jar's, the oldest first. */
  static BundledSchemas of(Schema... versions) {
    List<Schema> given = List.of(versions);
    return new BundledSchemas(ROWS.name, ROWS.firstId, () -> given);
  }

  /** Whether {@code id} is the bundle's to give, by this release or by a later one. */
  public static boolean owns(int id) {
    return id > Integer.MAX_VALUE - RESERVED_IDS;
  }

  /** All versions, the oldest first: version n is at index n - 1. */
  public List<Schema> versions() {
    return versions.get();
  }

  /** Returns version {@code number}, the first of which is 1. */
  public Schema version(int number) {
    return versions().get(number - 1);
  }

  /** The newest version, the one that this release writes. */
  public Schema latest() {
    return version(versions().size());
  }

  /** The id of {@link #latest()}. */
  public int latestId() {
    return idOf(versions().size());
  }

  /** The record's name, as in the messages: {@code ZoneRow}. */
  public String name() {
    return name;
  }

  @Override
  public Schema schemaOf(int id) {
    for (BundledSchemas record : List.of(this, ROWS, UPDATES, SUMMARIES, CHANGES)) {
      if (record.covers(id)) {
        return record.schemaOfOwn(id);
      }
    }
    throw new UnknownSchemaIdException(
        id,
        ("schema id %s is no bundled one, and no schema registry is configured; set"
                + " --schema-registry-url to the registry that gave it")
            .formatted(id));
  }

  private boolean covers(int id) {
    return id <= firstId && id > firstId - IDS_OF_A_RECORD;
  }

  private Schema schemaOfOwn(int id) {
    int version = firstId - id + 1;
    if (version <= versions().size()) {
      return version(version);
    }
    throw new UnknownSchemaIdException(
        id,
        ("schema id %s is version %s of the bundled schema of %s, this release knows"
                + " %s; upgrade Zonecast here")
            .formatted(id, version, name, versions().size()));
  }

  @Override
  public int idOf(String topic, Schema schema) {
    for (BundledSchemas record : List.of(this, ROWS, UPDATES, SUMMARIES, CHANGES)) {
      int version = record.versions().indexOf(schema) + 1;
      if (version > 0) {
        return record.idOf(version);
      }
    }
    throw new SerializationException(
        ("schema %s for topic %s is no bundled version of ZoneRow or ZoneUpdate, and"
                + " no schema registry is configured; set --schema-registry-url to one that can"
                + " give it an id")
            .formatted(schema.getFullName(), topic));
  }

  private int idOf(int version) {
    return firstId - (version - 1);
  }

  /** The id of a version of {@link ZoneRow}, the first of which is 1. */
  static int idOfVersion(int version) {
    return ROWS.idOf(version);
  }

  @Override
  public String toString() {
    return name;
  }
}
