package io.zonecast.schemas.serde;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.zonecast.schemas.ZoneRow;
import io.zonecast.schemas.registry.StandInRegistry;
import io.zonecast.schemas.wire.BundledSchemas;
import io.zonecast.schemas.wire.RegistryUnavailableException;
import java.nio.ByteBuffer;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.Test;

class ZoneRowSerdeTest {
  private static final ZoneRow ROW =
      new ZoneRow("usps", "005", "006", "A", "b", LocalDate.of(2024, 4, 1));

  private final ZoneRowSerializer serializer = new ZoneRowSerializer();
  private final ZoneRowDeserializer deserializer = new ZoneRowDeserializer();

  @Test
  void aRowComesBackFromBytesAndFromBuffers() {
    byte[] value = serializer.serialize("zones", ROW);

    assertThat(deserializer.deserialize("zones", value)).isEqualTo(ROW);
    assertThat(deserializer.deserialize("zones", new RecordHeaders(), ByteBuffer.wrap(value)))
        .isEqualTo(ROW);
  }

  @Test
  void aTombstoneStaysOne() {
    assertThat(serializer.serialize("zones", null)).isNull();
    assertThat(deserializer.deserialize("zones", null)).isNull();
    assertThat(deserializer.deserialize("zones", new RecordHeaders(), (ByteBuffer) null)).isNull();
  }

  @Test
  void onlyTheIdDependsOnWhoGaveIt() {
    byte[] bundled = Objects.requireNonNull(serializer.serialize("zones", ROW));
    try (StandInRegistry registry = StandInRegistry.start()) {
      configureFor(registry);

      byte[] registered = Objects.requireNonNull(serializer.serialize("zones", ROW));

      assertThat(ByteBuffer.wrap(bundled, 1, 4).getInt()).isEqualTo(Integer.MAX_VALUE);
      assertThat(ByteBuffer.wrap(registered, 1, 4).getInt())
          .isEqualTo(registry.add("zones-value", BundledSchemas.load().latest().toString()));
      assertThat(bodyOf(registered)).isEqualTo(bodyOf(bundled));
    }
  }

  @Test
  void aRegistryThatGoesDownDoesNotStopWhoKnowsTheSchema() {
    try (StandInRegistry registry = StandInRegistry.start()) {
      configureFor(registry);
      byte[] value = serializer.serialize("zones", ROW);
      deserializer.deserialize("zones", value);
      registry.misbehave(exchange -> StandInRegistry.answer(exchange, 503, ""));

      assertThat(deserializer.deserialize("zones", serializer.serialize("zones", ROW)))
          .isEqualTo(ROW);
      assertThat(registry.requests()).hasSize(3);
    }
  }

  @Test
  void bundledIdsAreReadFromTheBundleWhateverTheRegistryDoes() {
    byte[] bundled = new ZoneRowSerializer().serialize("zones", ROW);
    try (StandInRegistry registry = StandInRegistry.start()) {
      configureFor(registry);

      assertThat(deserializer.deserialize("zones", bundled)).isEqualTo(ROW);
      assertThat(registry.requests()).isEmpty();
    }
  }

  @Test
  void aNewIdWaitsForARegistryThatIsDown() {
    try (StandInRegistry registry = StandInRegistry.start()) {
      configureFor(registry);
      byte[] value = serializer.serialize("zones", ROW);
      registry.misbehave(exchange -> StandInRegistry.answer(exchange, 503, ""));

      assertThatThrownBy(() -> deserializer.deserialize("zones", value))
          .isInstanceOf(RegistryUnavailableException.class)
          .hasMessageContaining("schema id 1")
          .hasMessageContaining(registry.url());

      registry.behave();
      assertThat(deserializer.deserialize("zones", value)).isEqualTo(ROW);
    }
  }

  @Test
  void aRowThatNoReaderWouldAcceptIsNotWritten() {
    ZoneRow row = new ZoneRow("USPS", "005", "006", "A", null, null);

    assertThatThrownBy(() -> serializer.serialize("zones", row))
        .isInstanceOf(SerializationException.class)
        .hasMessageContaining("row for topic zones: carrier \"USPS\" is not");
  }

  @Test
  void itIsNotForKeys() {
    assertThatThrownBy(() -> serializer.configure(Map.of(), true))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("use StringSerializer");
    assertThatThrownBy(() -> deserializer.configure(Map.of(), true))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("use StringDeserializer");
  }

  @Test
  void manyThreadsMayShareASerializer() {
    boolean allRight =
        IntStream.range(0, 2_000)
            .parallel()
            .mapToObj(i -> new ZoneRow("usps", "o" + i, "d" + i, "z" + i, "f" + i, null))
            .allMatch(
                row ->
                    row.equals(
                        new ZoneRowDeserializer()
                            .deserialize("zones", serializer.serialize("zones", row))));

    assertThat(allRight).isTrue();
  }

  private void configureFor(StandInRegistry registry) {
    Map<String, ?> configs =
        Map.of("schema.registry.url", registry.url(), "max.retries", 1, "retries.wait.ms", 1);
    serializer.configure(configs, false);
    deserializer.configure(configs, false);
  }

  private static byte[] bodyOf(byte[] value) {
    return Arrays.copyOfRange(value, 5, value.length);
  }
}
