package com.example.standin;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Map;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.IndexedRecord;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;
import org.apache.avro.specific.SpecificDatumWriter;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Serializer;

/** Has the shape of Confluent's KafkaAvroSerializer. */
public class StandInAvroSerializer implements Serializer<Object> {
  private StandInClient client;

  @Override
  public void configure(Map<String, ?> configs, boolean isKey) {
    client = new StandInClient(configs.get("schema.registry.url").toString());
  }

  @Override
  public byte[] serialize(String topic, Object value) {
    IndexedRecord record = (IndexedRecord) value;
    int id;
    try {
      id = client.register(topic + "-value", record.getSchema());
    } catch (IOException | RestClientException e) {
      throw new SerializationException("Error registering Avro schema", e);
    }
    try {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      bytes.write(ByteBuffer.allocate(5).put((byte) 0).putInt(id).array());
      BinaryEncoder encoder = EncoderFactory.get().directBinaryEncoder(bytes, null);
      if (record instanceof SpecificRecord) {
        new SpecificDatumWriter<IndexedRecord>(record.getSchema()).write(record, encoder);
      } else {
        new GenericDatumWriter<IndexedRecord>(record.getSchema()).write(record, encoder);
      }
      encoder.flush();
      return bytes.toByteArray();
    } catch (IOException | RuntimeException e) {
      throw new SerializationException("Error serializing Avro message", e);
    }
  }
}
