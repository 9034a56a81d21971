package io.zonecast.schemas.wire;

import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import org.apache.avro.Schema;

/**
 * Reads rows by hand where they were written with the bundled schema that {@link ZoneRowLayout}
 * knows, whoever gave the id, and by Avro's schema resolution otherwise. A row whose texts break
 * the rules of {@link io.zonecast.schemas.ZoneKey} or {@link io.zonecast.schemas.ZoneText} is
 * undecodable, so that whatever is decoded is fit for a cache.
 */
public final class ZoneRowDecoder implements RowDecoder {
  private final SchemaIds ids;
  private final BundledSchemas bundle;
  private final Map<Integer, BodyReader> readers = new HashMap<>();
  private int lastId;
  private BodyReader lastReader;

  /**
   * Makes a decoder of the rows whose schemas {@code ids} knows.
   *
   * @param ids where schema ids are looked up, each once
   */
  public ZoneRowDecoder(SchemaIds ids) {
    this(ids, BundledSchemas.load());
  }

  ZoneRowDecoder(SchemaIds ids, BundledSchemas bundle) {
    this.ids = ids;
    this.bundle = bundle;
    this.lastId = BundledSchemas.idOfVersion(ZoneRowLayout.VERSION);
    this.lastReader = new ZoneRowLayout();
    readers.put(lastId, lastReader);
  }

  @Override
  public void decode(ByteBuffer value, RowFields into) {
    if (value.hasArray()) {
      decode(value.array(), value.arrayOffset() + value.position(), value.remaining(), into);
    } else {
      byte[] copy = new byte[value.remaining()];
      value.get(value.position(), copy);
      decode(copy, 0, copy.length, into);
    }
  }

  /**
   * As {@link #decode(ByteBuffer, RowFields)}, from the {@code length} bytes at {@code offset}.
   *
   * @throws UnknownSchemaIdException if no one knows the value's schema id: the record is not bad,
   *     its reader must wait
   * @throws RegistryUnavailableException if the registry cannot be asked for the id: likewise
   * @throws UndecodableValueException if the bytes are no zone row and never will be
   */
  public void decode(byte[] value, int offset, int length, RowFields into) {
    int id = WireFormat.schemaId(value, offset, length);
    if (id != lastId) {
      lastReader = readerOf(id);
      lastId = id;
    }
    try {
      lastReader.read(value, offset + WireFormat.HEADER_LENGTH, offset + length, into);
    } catch (UndecodableValueException e) {
      throw new UndecodableValueException("schema id " + id + ": " + e.getMessage(), e.getCause());
    }
    String problem = into.problem();
    if (problem != null) {
      throw new UndecodableValueException("schema id " + id + ": " + problem);
    }
  }

  private BodyReader readerOf(int id) {
    BodyReader known = readers.get(id);
    if (known != null) {
      return known;
    }
    Schema writer = ids.schemaOf(id);
    BodyReader reader =
        ZoneRowLayout.fits(writer, bundle)
            ? new ZoneRowLayout()
            : new ResolvedBody(writer, bundle.latest());
    readers.put(id, reader);
    return reader;
  }

  @Override
  public String toString() {
    return "ZoneRowDecoder(" + ids + ")";
  }
}
