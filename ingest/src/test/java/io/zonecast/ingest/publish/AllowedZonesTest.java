package io.zonecast.ingest.publish;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AllowedZonesTest {
  private final AllowedZones zones = AllowedZones.parse("usps=1-9, A ;ups.ground=002-008");

  @Test
  void rangesAreNumbersOfTheirLengthAndOtherZonesAreThemselves() {
    assertThat(zones.permit("usps", "1")).isTrue();
    assertThat(zones.permit("usps", "A")).isTrue();
    assertThat(zones.permit("usps", "05")).isFalse();
    assertThat(zones.permit("usps", "a")).isFalse();
    assertThat(zones.permit("ups.ground", "008")).isTrue();
    assertThat(zones.permit("ups.ground", "8")).isFalse();
    assertThat(zones.permit("ups.ground", "009")).isFalse();
  }

  @Test
  void carrierWithoutARuleMayHaveAnyZone() {
    assertThat(zones.permit("dhl", "044")).isTrue();
  }

  @Test
  void severalRulesForACarrierAreOne() {
    AllowedZones twice = AllowedZones.parse("usps=1-9;usps=A");

    assertThat(twice.permit("usps", "1")).isTrue();
    assertThat(twice.permit("usps", "A")).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "usps",
        "=1",
        "usps=",
        "usps=1,,2",
        "usps=9-1",
        "usps=1-10",
        "USPS=1",
        "us ps=1",
        "usps=1,",
        "usps=1;",
        "usps=1 2"
      })
  void rulesThatAreNoneAreNamed(String rules) {
    assertThatThrownBy(() -> AllowedZones.parse(rules))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("--zones \"")
        .hasMessageContaining("usps=1-9,A;ups.ground=002-008");
  }
}
