package com.example.standin;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.io.DatumReader;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificDatumReader;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Deserializer;

/** Has the shape of Confluent's KafkaAvroDeserializer: its settings, its results, its failures. */
public class StandInAvroDeserializer implements Deserializer<Object> {
  private StandInClient client;
  private boolean specific;

  @Override
  public void configure(Map<String, ?> configs, boolean isKey) {
    client = new StandInClient(configs.get("schema.registry.url").toString());
    specific = Boolean.parseBoolean(String.valueOf(configs.get("specific.avro.reader")));
  }

  @Override
  public Object deserialize(String topic, byte[] value) {
    if (value == null) {
      return null;
    }
    ByteBuffer buffer = ByteBuffer.wrap(value);
    if (buffer.get() != 0) {
      throw new SerializationException("Unknown magic byte!");
    }
    int id = buffer.getInt();
    Schema writer;
    try {
      writer = client.schema(id);
    } catch (IOException | RestClientException e) {
      throw new SerializationException("Error retrieving Avro schema for id " + id, e);
    }
    try {
      DatumReader<Object> reader =
          specific
              ? new SpecificDatumReader<>(
                  writer, SpecificData.get().getSchema(SpecificData.get().getClass(writer)))
              : new GenericDatumReader<>(writer);
      return reader.read(
          null, DecoderFactory.get().binaryDecoder(value, 5, value.length - 5, null));
    } catch (IOException | RuntimeException e) {
      throw new SerializationException("Error deserializing Avro message for id " + id, e);
    }
  }
}
