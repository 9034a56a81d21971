package io.zonecast.schemas.serde;

import io.zonecast.schemas.wire.BundledSchemas;
import io.zonecast.schemas.wire.SchemaIds;
import io.zonecast.schemas.wire.UndecodableValueException;
import io.zonecast.schemas.wire.WireFormat;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.IndexedRecord;
import org.apache.avro.io.BinaryDecoder;
import org.apache.avro.io.DatumReader;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificDatumReader;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.serialization.Deserializer;
import org.jspecify.annotations.Nullable;

/**
 * Any Avro record from the Confluent wire format, for Kafka's {@code value.deserializer} and {@code
 * key.deserializer}; configured as Confluent's KafkaAvroDeserializer is. Gives generic records with
 * the writer's schema, or, where {@code specific.avro.reader} is true, the class generated for its
 * name, resolved to that class's schema by Avro's rules. Null stays null.
 */
public final class AvroDeserializer implements Deserializer<@Nullable IndexedRecord> {
  public static final String SPECIFIC_READER = "specific.avro.reader";

  private final Map<Integer, DatumReader<IndexedRecord>> readers = new HashMap<>();
  private SchemaIds ids = BundledSchemas.load();
  private boolean specific;
  private @Nullable BinaryDecoder decoder;

  /** For a topic whose records are ours alone: reads into their classes, and asks no registry. */
  public static AvroDeserializer ofOurRecords() {
    AvroDeserializer ours = new AvroDeserializer();
    ours.specific = true;
    return ours;
  }

  @Override
  public void configure(Map<String, ?> configs, boolean isKey) {
    ids = ConfiguredSchemaIds.retrying(configs, isKey);
    Object asked = configs.get(SPECIFIC_READER);
    specific =
        asked != null
            && Boolean.TRUE.equals(
                ConfigDef.parseType(SPECIFIC_READER, asked, ConfigDef.Type.BOOLEAN));
  }

  @Override
  public @Nullable IndexedRecord deserialize(String topic, byte @Nullable [] value) {
    if (value == null) {
      return null;
    }
    int id = WireFormat.schemaId(value, 0, value.length);
    DatumReader<IndexedRecord> reader = readerOf(id);
    try {
      decoder =
          DecoderFactory.get()
              .binaryDecoder(
                  value,
                  WireFormat.HEADER_LENGTH,
                  value.length - WireFormat.HEADER_LENGTH,
                  decoder);
      IndexedRecord read = reader.read(null, decoder);
      if (!decoder.isEnd()) {
        throw new UndecodableValueException(
            "schema id " + id + ": bytes are left over after the record");
      }
      return read;
    } catch (UndecodableValueException e) {
      throw e;
    } catch (IOException | RuntimeException | StackOverflowError e) {
      // Avro answers bytes that do not fit with nearly any exception.
      throw new UndecodableValueException(
          "schema id " + id + ": the bytes are no such record: " + e, e);
    }
  }

  private DatumReader<IndexedRecord> readerOf(int id) {
    DatumReader<IndexedRecord> known = readers.get(id);
    if (known != null) {
      return known;
    }
    Schema writer = ids.schemaOf(id);
    if (writer.getType() != Schema.Type.RECORD) {
      throw new UndecodableValueException(
          "schema id " + id + " is of type " + writer.getType() + ", a record is wanted");
    }
    DatumReader<IndexedRecord> reader =
        specific ? specificReader(writer) : new GenericDatumReader<>(writer);
    readers.put(id, reader);
    return reader;
  }

  private static @Nullable Class<?> classOf(Schema writer) {
    try {
      return SpecificData.get().getClass(writer);
    } catch (SecurityException e) {
      throw new ConfigException(SPECIFIC_READER, true, e.getMessage());
    }
  }

  private static DatumReader<IndexedRecord> specificReader(Schema writer) {
    AvroTrust.inOurRecords();
    @Nullable Class<?> generated = classOf(writer);
    if (generated == null) {
      throw new ConfigException(
          SPECIFIC_READER,
          true,
          "there is no class "
              + writer.getFullName()
              + " on the class path; add the one generated from the schema, or set it to false");
    }
    Schema reader = SpecificData.get().getSchema(generated);
    return new SpecificDatumReader<>(writer, reader, SpecificData.getForSchema(reader));
  }
}
