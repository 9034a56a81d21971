package io.zonecast.schemas.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.zonecast.schemas.registry.RegistrySchemaIds.Writing;
import java.util.Map;
import org.apache.kafka.common.config.ConfigException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RegistrySettingsTest {

  @Test
  void withoutAUrlThereIsNoRegistry() {
    assertThat(RegistrySettings.from(Map.of())).isEmpty();
    assertThat(RegistrySettings.from(Map.of("schema.registry.url", " "))).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "true, false, AUTO_REGISTER",
    "false, false, LOOK_UP",
    "true, true, USE_LATEST",
    "false, true, USE_LATEST"
  })
  void writesAsConfluentsClassesDo(boolean autoRegister, boolean useLatest, Writing writing) {
    RegistrySettings settings =
        settings(
            Map.of(
                "schema.registry.url",
                "http://localhost:8081",
                "auto.register.schemas",
                autoRegister,
                "use.latest.version",
                useLatest));

    assertThat(settings.writing()).isEqualTo(writing);
  }

  @Test
  void everythingWrongIsNamedAtOnceAndNoSecretIsShown() {
    Map<String, String> configs =
        Map.of(
            "schema.registry.url",
            "http://alice:s3cret@:8081,ftp://bob:s3cret@host",
            "basic.auth.credentials.source",
            "SASL_INHERIT",
            "schema.registry.ssl.endpoint.identification.algorithm",
            "",
            "schema.registry.ssl.truststore.location",
            "/nowhere/trust.p12");

    assertThatThrownBy(() -> settings(configs))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("schema.registry.url wants http://HOST:PORT")
        .hasMessageContaining("\"SASL_INHERIT\", only USER_INFO and URL are supported")
        .hasMessageContaining("identification.algorithm must be https")
        .hasMessageContaining("/nowhere/trust.p12")
        .hasMessageNotContaining("s3cret");
  }

  @ParameterizedTest
  @CsvSource({
    "'', basic.auth.user.info is empty",
    "'a:\nb', basic.auth.user.info has a control character; is it one line?"
  })
  void aSecretThatCannotBeSentIsNamed(String userInfo, String problem) {
    assertThatThrownBy(
            () ->
                settings(
                    Map.of(
                        "schema.registry.url",
                        "http://localhost:8081",
                        "basic.auth.credentials.source",
                        "USER_INFO",
                        "basic.auth.user.info",
                        userInfo)))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining(problem);
  }

  @Test
  void itsTextHidesSecretsWhereverTheyCameFrom() {
    RegistrySettings settings =
        settings(
            Map.of(
                "schema.registry.url",
                "https://alice:s3cret@registry:8081/apis/ccompat/v7/",
                "schema.registry.basic.auth.user.info",
                "bob:s3cret"));

    assertThat(settings + " " + settings.client())
        .contains("https://registry:8081/apis/ccompat/v7")
        .contains("with credentials")
        .doesNotContain("s3cret", "alice", "bob");
  }

  @ParameterizedTest
  @CsvSource({
    "value.subject.name.strategy,"
        + "io.confluent.kafka.serializers.subject.RecordNameStrategy,"
        + "TopicNameStrategy",
    "value.schema.id.serializer,"
        + "io.confluent.kafka.serializers.schema.id.HeaderSchemaIdSerializer,"
        + "PrefixSchemaIdSerializer",
    "use.schema.id,7,-1",
    "normalize.schemas,true,false"
  })
  void aSettingThatIsNotFollowedIsRefusedByName(String name, String asked, String followed) {
    String url = "http://localhost:8081";

    assertThatThrownBy(() -> settings(Map.of("schema.registry.url", url, name, asked)))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining(name + "=" + asked + ": Zonecast's own classes do not follow it")
        .hasMessageContaining("set it to " + followed);
    assertThat(settings(Map.of("schema.registry.url", url, name, followed))).isNotNull();
  }

  private static RegistrySettings settings(Map<String, ?> configs) {
    return RegistrySettings.from(configs).orElseThrow();
  }
}
