package io.zonecast.schemas.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import io.zonecast.schemas.wire.BundledSchemas;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ZoneSubjectTest {
  private static final BundledSchemas BUNDLE = BundledSchemas.load();

  private final StandInRegistry registry = StandInRegistry.start();
  private final ZoneSubject subject =
      new ZoneSubject(
          RegistrySettings.from(Map.of("schema.registry.url", registry.url()))
              .orElseThrow()
              .client(),
          BUNDLE,
          "zones");

  @AfterEach
  void stop() {
    registry.close();
  }

  @Test
  void aSubjectThatDoesNotExistTakesAnything() {
    assertThat(subject.check()).isEqualTo(new SubjectCheck.NewSubject("zones-value"));
  }

  @Test
  void registeringIsDoneOnceAndSetsTheLevel() {
    Registration first = subject.register(CompatibilityLevel.FULL_TRANSITIVE);
    Registration second = subject.register(CompatibilityLevel.FULL_TRANSITIVE);

    assertThat(first)
        .isEqualTo(new Registration("zones-value", 1, 1, true, CompatibilityLevel.FULL_TRANSITIVE));
    assertThat(second.added()).isFalse();
    assertThat(subject.level()).isEqualTo(CompatibilityLevel.FULL_TRANSITIVE);
    assertThat(subject.check()).isEqualTo(new SubjectCheck.Registered("zones-value", 1, 1));
  }

  @Test
  void everyVersionThatCannotBeReadEitherWayIsNamed() {
    Schema reader =
        SchemaBuilder.record("ZoneRow")
            .namespace("io.zonecast.schemas")
            .fields()
            .requiredString("carrier")
            .requiredString("weight")
            .endRecord();
    registry.add("zones-value", reader.toString());

    assertThat(subject.check())
        .asInstanceOf(type(SubjectCheck.Incompatible.class))
        .extracting(SubjectCheck.Incompatible::reasons)
        .asString()
        .contains("this release cannot read what version 1 (id 1) writes: origin")
        .contains("version 1 (id 1) cannot read what this release writes: weight");
  }

  @Test
  void aVersionThatReadsAndIsReadIsCompatible() {
    Schema other = withField(BUNDLE.latest());
    registry.add("zones-value", other.toString());

    assertThat(subject.check()).isEqualTo(new SubjectCheck.Compatible("zones-value", 1));
  }

  @Test
  void theListSaysWhichVersionsAreBundled() {
    registry.add("zones-value", withField(BUNDLE.latest()).toString());
    registry.add("zones-value", BUNDLE.latest().toString());

    List<SubjectVersion> versions = subject.list();

    assertThat(versions)
        .containsExactly(
            new SubjectVersion("zones-value", 1, 1, OptionalInt.empty()),
            new SubjectVersion("zones-value", 2, 2, OptionalInt.of(BUNDLE.versions().size())));
  }

  private static Schema withField(Schema schema) {
    String added = ",{\"name\":\"note\",\"type\":[\"null\",\"string\"],\"default\":null}]}";
    String json = schema.toString();
    return new Schema.Parser().parse(json.substring(0, json.length() - 2) + added);
  }
}
