package io.zonecast.schemas.wire;

import io.zonecast.schemas.ZoneRow;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.apache.avro.Schema;
import org.apache.kafka.common.errors.SerializationException;

/**
 * Every version of {@link ZoneRow} ever released, from the jar, under ids counted down from 2^31-1:
 * version 1 is 2147483647, version 2 is 2147483646. Registries count up from 1, so the two never
 * meet.
 *
 * <p>The versions are the resources {@code released/ZoneRow-1.avsc}, {@code -2.avsc} and so on.
 * None is ever changed or removed: topics hold records written with each.
 */
public final class BundledSchemas implements SchemaIds {
  /** The ids that are the bundle's alone; a registry is never asked for one of them. */
  private static final int RESERVED_IDS = 1_024;

  private final Supplier<List<Schema>> versions;

  private BundledSchemas(Supplier<List<Schema>> versions) {
    this.versions = versions;
  }

  /** The bundle of this jar, which is read once, when a schema is first asked for. */
  public static BundledSchemas load() {
    return new BundledSchemas(() -> Released.VERSIONS);
  }

  /**
   * Parsing wakes Avro and its JSON parser, a tenth of a second that a reader of rows under ids
   * that it knows never needs.
   */
  private static final class Released {
    static final List<Schema> VERSIONS = read();
  }

  private static List<Schema> read() {
    List<Schema> versions = new ArrayList<>();
    while (true) {
      String resource = "released/ZoneRow-" + (versions.size() + 1) + ".avsc";
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
          "the schema bundle is missing from the class path: no released/ZoneRow-1.avsc beside "
              + ZoneRow.class.getName());
    }
    return List.copyOf(versions);
  }

  /** A bundle of other versions than this jar's, the oldest first. */
  static BundledSchemas of(Schema... versions) {
    List<Schema> given = List.of(versions);
    return new BundledSchemas(() -> given);
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
    return idOfVersion(versions().size());
  }

  @Override
  public Schema schemaOf(int id) {
    int version = Integer.MAX_VALUE - id + 1;
    if (version >= 1 && version <= versions().size()) {
      return version(version);
    }
    throw new UnknownSchemaIdException(
        id,
        owns(id)
            ? "schema id "
                + id
                + " is version "
                + version
                + " of the bundled schema, this release knows "
                + versions().size()
                + "; upgrade Zonecast here"
            : "schema id "
                + id
                + " is no bundled one, and no schema registry is configured; set"
                + " --schema-registry-url to the registry that gave it");
  }

  @Override
  public int idOf(String topic, Schema schema) {
    int version = versions().indexOf(schema) + 1;
    if (version == 0) {
      throw new SerializationException(
          "schema "
              + schema.getFullName()
              + " for topic "
              + topic
              + " is no bundled version of ZoneRow, and no schema registry is configured; set"
              + " --schema-registry-url to one that can give it an id");
    }
    return idOfVersion(version);
  }

  static int idOfVersion(int version) {
    return Integer.MAX_VALUE - (version - 1);
  }
}
