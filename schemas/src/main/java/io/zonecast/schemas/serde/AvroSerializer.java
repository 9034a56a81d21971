package io.zonecast.schemas.serde;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.zonecast.schemas.wire.BundledSchemas;
import io.zonecast.schemas.wire.SchemaIds;
import io.zonecast.schemas.wire.WireFormat;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.IndexedRecord;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.DatumWriter;
import org.apache.avro.io.EncoderFactory;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificDatumWriter;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Serializer;
import org.jspecify.annotations.Nullable;

/**
 * Any Avro record, specific or generic, in the Confluent wire format, for Kafka's {@code
 * value.serializer} and {@code key.serializer}; configured as Confluent's KafkaAvroSerializer is.
 * Null stays null. Thread-safe, as producers want it.
 */
public final class AvroSerializer implements Serializer<IndexedRecord> {
  /** Which Java class holds a string: nothing to anyone but this JVM, and no part of a contract. */
  private static final String JAVA_STRING = "avro.java.string";

  private static final ObjectMapper MAPPER = new ObjectMapper();

  private final Map<Schema, Schema> contracts = new ConcurrentHashMap<>();
  private SchemaIds ids = BundledSchemas.load();

  @Override
  public void configure(Map<String, ?> configs, boolean isKey) {
    ids = ConfiguredSchemaIds.retrying(configs, isKey);
  }

  @Override
  public byte @Nullable [] serialize(String topic, @Nullable IndexedRecord value) {
    if (value == null) {
      return null;
    }
    Schema schema = value.getSchema();
    Schema contract = contracts.computeIfAbsent(schema, AvroSerializer::withoutJavaStrings);
    byte[] header = new byte[WireFormat.HEADER_LENGTH];
    WireFormat.writeHeader(ids.idOf(topic, contract), header, 0);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    bytes.writeBytes(header);
    try {
      BinaryEncoder encoder = EncoderFactory.get().directBinaryEncoder(bytes, null);
      writer(value).write(value, encoder);
      encoder.flush();
    } catch (IOException | RuntimeException e) {
      throw new SerializationException(
          "record for topic %s does not fit its own schema %s: %s"
              .formatted(topic, schema.getFullName(), e.getMessage()),
          e);
    }
    return bytes.toByteArray();
  }

  private static DatumWriter<IndexedRecord> writer(IndexedRecord value) {
    return value instanceof SpecificRecord
        ? new SpecificDatumWriter<>(value.getSchema(), SpecificData.getForClass(value.getClass()))
        : new GenericDatumWriter<>(value.getSchema());
  }

  private static Schema withoutJavaStrings(Schema schema) {
    try {
      JsonNode json = MAPPER.readTree(schema.toString());
      json.findParents(JAVA_STRING).forEach(parent -> ((ObjectNode) parent).remove(JAVA_STRING));
      return new Schema.Parser().parse(json.toString());
    } catch (JsonProcessingException e) {
      throw new SerializationException("schema " + schema.getFullName() + " is no JSON", e);
    }
  }
}
