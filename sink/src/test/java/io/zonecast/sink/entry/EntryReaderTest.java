package io.zonecast.sink.entry;

import static org.assertj.core.api.Assertions.assertThat;

import io.zonecast.schemas.KeyPartition;
import io.zonecast.schemas.ZoneRow;
import io.zonecast.schemas.serde.ZoneRowSerializer;
import io.zonecast.schemas.wire.BundledSchemas;
import io.zonecast.schemas.wire.RegistryUnavailableException;
import io.zonecast.schemas.wire.ZoneRowDecoder;
import io.zonecast.sink.entry.EntryReader.Reading;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.util.Map;
import java.util.Objects;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EntryReaderTest {
  private static final int PARTITIONS = 6;
  private static final String KEY = "usps:005:010";
  private static final ZoneRow ROW = new ZoneRow("usps", "005", "010", "2", null, null);

  private final EntryReader reader = reader(ValueFormat.ZONE);

  @Test
  void aRowBecomesItsZoneUnderThePrefixedKey() {
    Reading reading = reader.read(record(KEY, valueOf(ROW)));

    assertThat(reading).isEqualTo(Reading.ENTRY);
    assertThat(reader.isTombstone()).isFalse();
    assertThat(text(reader.key(), reader.keyAt(), reader.keyLength())).isEqualTo(KEY);
    assertThat(value()).isEqualTo("2");
  }

  @Test
  void aTombstoneIsADelete() {
    Reading reading = reader.read(record(KEY, null));

    assertThat(reading).isEqualTo(Reading.ENTRY);
    assertThat(reader.isTombstone()).isTrue();
    assertThat(reader.valueLength()).isNegative();
  }

  @Test
  void aRecordWithoutAKeyIsUnreadable() {
    Reading reading = reader.read(record(null, valueOf(ROW)));

    assertThat(reading).isEqualTo(Reading.UNREADABLE);
    assertThat(reader.reason()).isEqualTo("it has no key");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "usps", "usps:005", "usps:005:010:1", "USPS:005:010", "usps:0 5:010"})
  void aKeyThatIsNoZoneKeyIsUnreadable(String key) {
    Reading reading = reader.read(record(key, valueOf(ROW)));

    assertThat(reading).isEqualTo(Reading.UNREADABLE);
    assertThat(reader.reason()).contains("\"" + key + "\"").contains("carrier:origin:destination");
  }

  @Test
  void whatAKeyHoldsCannotForgeALogLine() {
    Reading reading = reader.read(record("usps:005\r\nset x 0 0 1", null));

    assertThat(reading).isEqualTo(Reading.UNREADABLE);
    assertThat(reader.reason()).doesNotContain("\r").doesNotContain("\n");
  }

  @Test
  void aKeyOnAPartitionOfAnotherPartitionersIsUnreadableAndNamesTheRemedy() {
    int home = partitionOf(KEY);
    int elsewhere = (home + 1) % PARTITIONS;

    Reading reading = reader.read(record(KEY, valueOf(ROW), elsewhere));

    assertThat(reading).isEqualTo(Reading.UNREADABLE);
    assertThat(reader.reason())
        .contains("belongs on partition " + home)
        .contains("partitioner=murmur2_random");
    assertThat(reader.keyLength()).isZero();
  }

  @Test
  void aTombstoneOnAnothersPartitionIsUnreadableToo() {
    Reading reading = reader.read(record(KEY, null, (partitionOf(KEY) + 1) % PARTITIONS));

    assertThat(reading).isEqualTo(Reading.UNREADABLE);
  }

  @ParameterizedTest
  @ValueSource(strings = {"usps:005:011", "usps:011:010", "ups:005:010", "usps:010:005"})
  void aRowUnderAnotherRowsKeyIsUnreadable(String key) {
    Reading reading = reader.read(record(key, valueOf(ROW)));

    assertThat(reading).isEqualTo(Reading.UNREADABLE);
    assertThat(reader.reason())
        .isEqualTo("its key \"" + key + "\" is not its row's, which is usps:005:010");
  }

  @Test
  void aRowWhosePartsOnlyJoinedAreTheKeysIsUnreadable() {
    var shifted = new ZoneRow("usps", "0050", "10", "2", null, null);

    Reading reading = reader.read(record(KEY, valueOf(shifted)));

    assertThat(reading).isEqualTo(Reading.UNREADABLE);
  }

  @Test
  void anUnknownSchemaIdWaitsAndNamesTheId() {
    byte[] value = valueOf(ROW);
    ByteBuffer.wrap(value).putInt(1, 4_711);

    Reading reading = reader.read(record(KEY, value));

    assertThat(reading).isEqualTo(Reading.WAIT);
    assertThat(reader.reason()).contains("4711");
  }

  @Test
  void aRegistryThatCannotBeAskedIsWaitedFor() {
    var asking =
        reader(
            ValueFormat.ZONE,
            (value, into) -> {
              throw new RegistryUnavailableException("registry is away");
            });

    Reading reading = asking.read(record(KEY, valueOf(ROW)));

    assertThat(reading).isEqualTo(Reading.WAIT);
    assertThat(asking.reason()).isEqualTo("registry is away");
  }

  @Test
  void bytesThatAreNoRowAreUnreadable() {
    Reading reading = reader.read(record(KEY, new byte[] {1, 2, 3}));

    assertThat(reading).isEqualTo(Reading.UNREADABLE);
    assertThat(reader.reason()).isNotEmpty();
  }

  @Test
  void aRecordIsReadableAfterAnUnreadableOne() {
    assertThat(reader.read(record(KEY, new byte[0]))).isEqualTo(Reading.UNREADABLE);

    assertThat(reader.read(record(KEY, valueOf(ROW)))).isEqualTo(Reading.ENTRY);
    assertThat(value()).isEqualTo("2");
  }

  @Test
  void jsonHoldsEveryFieldThatIsThere() {
    var json = reader(ValueFormat.JSON);

    json.read(
        record(
            KEY,
            valueOf(new ZoneRow("usps", "005", "010", "2", "a\"b\\c", LocalDate.of(2024, 4, 30)))));

    assertThat(text(json.value(), 0, json.valueLength()))
        .isEqualTo(
            "{\"carrier\":\"usps\",\"origin\":\"005\",\"destination\":\"010\",\"zone\":\"2\","
                + "\"flags\":\"a\\\"b\\\\c\",\"effectiveDate\":\"2024-04-30\"}");
  }

  @Test
  void jsonLeavesOutWhatIsNotThere() {
    var json = reader(ValueFormat.JSON);

    json.read(record(KEY, valueOf(ROW)));

    assertThat(text(json.value(), 0, json.valueLength()))
        .isEqualTo(
            "{\"carrier\":\"usps\",\"origin\":\"005\",\"destination\":\"010\",\"zone\":\"2\"}");
  }

  @Test
  void avroIsTheRecordsOwnValue() {
    var avro = reader(ValueFormat.AVRO);
    byte[] value = valueOf(ROW);

    avro.read(record(KEY, value));

    assertThat(java.util.Arrays.copyOf(avro.value(), avro.valueLength())).isEqualTo(value);
  }

  @Test
  void theRecordIsLeftAsItWas() {
    ConsumerRecord<ByteBuffer, ByteBuffer> record = record(KEY, valueOf(ROW));

    reader.read(record);
    Reading again = reader.read(record);

    assertThat(again).isEqualTo(Reading.ENTRY);
    assertThat(value()).isEqualTo("2");
  }

  @Test
  void theNodeIsPlacedByThePrefixedKey() {
    var placing =
        new EntryReader(
            PARTITIONS,
            "zone:",
            ValueFormat.ZONE,
            (key, offset, length) -> text(key, offset, length).equals("zone:" + KEY) ? 1 : 0,
            new ZoneRowDecoder(BundledSchemas.load()));

    placing.read(record(KEY, null));

    assertThat(placing.node()).isEqualTo(1);
  }

  private static EntryReader reader(ValueFormat format) {
    return reader(format, new ZoneRowDecoder(BundledSchemas.load()));
  }

  private static EntryReader reader(
      ValueFormat format, io.zonecast.schemas.wire.RowDecoder decoder) {
    return new EntryReader(PARTITIONS, "zone:", format, (key, offset, length) -> 0, decoder);
  }

  private String value() {
    return text(reader.value(), 0, reader.valueLength());
  }

  private static int partitionOf(String key) {
    return KeyPartition.of(key.getBytes(StandardCharsets.UTF_8), PARTITIONS);
  }

  private static ConsumerRecord<ByteBuffer, ByteBuffer> record(
      @Nullable String key, byte @Nullable [] value) {
    return record(key, value, key == null ? 0 : partitionOf(key));
  }

  private static ConsumerRecord<ByteBuffer, ByteBuffer> record(
      @Nullable String key, byte @Nullable [] value, int partition) {
    return new ConsumerRecord<>(
        "zones",
        partition,
        7,
        key == null ? null : ByteBuffer.wrap(key.getBytes(StandardCharsets.UTF_8)),
        value == null ? null : ByteBuffer.wrap(value));
  }

  private static byte[] valueOf(ZoneRow row) {
    try (var serializer = new ZoneRowSerializer()) {
      serializer.configure(Map.of(), false);
      return Objects.requireNonNull(serializer.serialize("zones", row));
    }
  }

  private static String text(byte[] bytes, int at, int length) {
    return new String(bytes, at, length, StandardCharsets.UTF_8);
  }
}
