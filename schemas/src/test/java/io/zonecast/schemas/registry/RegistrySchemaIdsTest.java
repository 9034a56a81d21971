package io.zonecast.schemas.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.zonecast.schemas.wire.BundledSchemas;
import java.util.HashMap;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.apache.kafka.common.errors.SerializationException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RegistrySchemaIdsTest {
  private static final Schema SCHEMA = BundledSchemas.load().latest();

  private final StandInRegistry registry = StandInRegistry.start();

  @AfterEach
  void stop() {
    registry.close();
  }

  @Test
  void whatIsNotThereIsRegisteredUnderTheTopicsSubject() {
    int id = ids(Map.of()).idOf("zones", SCHEMA);

    assertThat(id).isEqualTo(registry.add("zones-value", SCHEMA.toString()));
  }

  @Test
  void whatIsThereNeedsNoRightToWrite() {
    int there = registry.add("zones-value", SCHEMA.toString());

    assertThat(ids(Map.of()).idOf("zones", SCHEMA)).isEqualTo(there);
    assertThat(registry.requests()).containsExactly("POST /subjects/zones-value");
  }

  @Test
  void withoutAutoRegisterWhatIsNotThereIsRefusedWithTheCommandThatRegisters() {
    assertThatThrownBy(() -> ids(Map.of("auto.register.schemas", "false")).idOf("zones", SCHEMA))
        .isInstanceOf(SerializationException.class)
        .hasMessageContaining("not under subject zones-value at schema registry")
        .hasMessageContaining(registry.url())
        .hasMessageContaining("run \"zonecast schemas register\"");
  }

  @Test
  void withoutAutoRegisterWhatIsThereIsFound() {
    int id = registry.add("zones-value", SCHEMA.toString());

    assertThat(ids(Map.of("auto.register.schemas", "false")).idOf("zones", SCHEMA)).isEqualTo(id);
  }

  @Test
  void theLatestVersionServesIfItLaysOutRowsAlike() {
    String undocumented = SCHEMA.toString().replaceAll("\"doc\":\"[^\"]*\",?", "");
    registry.add("zones-value", "\"string\"");
    int id = registry.add("zones-value", undocumented.replace(",}", "}"));

    assertThat(ids(Map.of("use.latest.version", "true")).idOf("zones", SCHEMA)).isEqualTo(id);
  }

  @Test
  void theLatestVersionIsRefusedIfItHasOtherFields() {
    Schema other = SchemaBuilder.record("Other").fields().requiredInt("n").endRecord();
    registry.add("zones-value", other.toString());

    assertThatThrownBy(() -> ids(Map.of("use.latest.version", "true")).idOf("zones", SCHEMA))
        .isInstanceOf(SerializationException.class)
        .hasMessageContaining("version 1 (id 1), the latest of subject zones-value")
        .hasMessageContaining("set it to false");
  }

  private RegistrySchemaIds ids(Map<String, String> further) {
    Map<String, String> configs = new HashMap<>(further);
    configs.put("schema.registry.url", registry.url());
    RegistrySettings settings = RegistrySettings.from(configs).orElseThrow();
    return new RegistrySchemaIds(settings.client(), settings.writing(), false);
  }
}
