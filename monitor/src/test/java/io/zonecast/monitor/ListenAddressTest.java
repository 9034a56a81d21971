package io.zonecast.monitor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ListenAddressTest {

  @ParameterizedTest
  @ValueSource(strings = {"127.0.0.1:8080", "localhost:0", "[::1]:8080", "0.0.0.0:65535"})
  void whatIsReadIsWrittenAlike(String text) {
    assertThat(ListenAddress.parse(text)).hasToString(text);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "8080",
        ":8080",
        "host:",
        "host:x",
        "host:65536",
        "host:-1",
        "::1:8080",
        "[]:1"
      })
  void anythingElseIsRefusedAndTheRemedyNamed(String text) {
    assertThatThrownBy(() -> ListenAddress.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("\"" + text + "\" is not HOST:PORT; give one, as 127.0.0.1:8080");
  }

  @Test
  void anIpv6AddressLosesItsBrackets() {
    assertThat(ListenAddress.parse("[::1]:8080").host()).isEqualTo("::1");
  }
}
