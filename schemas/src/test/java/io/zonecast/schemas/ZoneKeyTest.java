package io.zonecast.schemas;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.CharRange;
import net.jqwik.api.constraints.Chars;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ZoneKeyTest {

  @Test
  void isThePartsBetweenColons() {
    ZoneKey key = ZoneKey.of("usps", "005", "010");

    assertThat(key).hasToString("usps:005:010");
    assertThat(ZoneKey.parse("usps:005:010")).isEqualTo(key);
  }

  @ParameterizedTest
  @CsvSource({
    "USPS, 005, 010, 'carrier \"USPS\" must be in lower case; write it as \"usps\"'",
    "'', 005, 010, 'carrier \"\" is not 1 to 32 characters of A-Z a-z 0-9 . _ -'",
    "usps, '0 5', 010, 'origin \"0 5\" is not 1 to 32 characters of A-Z a-z 0-9 . _ -'",
    "usps, 005, '010\r\n', 'destination \"010\\x0d\\x0a\" is not 1 to 32 characters of A-Z a-z"
        + " 0-9 . _ -'",
    "usps, 005, 012345678901234567890123456789012, 'destination"
        + " \"012345678901234567890123456789012\" is not 1 to 32 characters of A-Z a-z 0-9 . _ -;"
        + " it has 33'"
  })
  void refusesAPartNamingItsValueAndTheRule(
      String carrier, String origin, String destination, String message) {
    assertThatThrownBy(() -> ZoneKey.of(carrier, origin, destination))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(message);
  }

  @ParameterizedTest
  @CsvSource({"usps, 1 part", "usps:005, 2 parts", "usps:005:010:, 4 parts"})
  void refusesAKeyOfAnotherNumberOfParts(String key, String parts) {
    assertThatThrownBy(() -> ZoneKey.parse(key))
        .hasMessage(
            "key \""
                + key
                + "\" has "
                + parts
                + " between colons; a key is carrier:origin:destination, as usps:005:010");
  }

  @ParameterizedTest
  @ValueSource(strings = {"usps:005:010", "a:B:C", "d.h_l-1:A.b:-"})
  void bytesOfAKeyAreValid(String key) {
    byte[] framed = ("::" + key + "::").getBytes(StandardCharsets.UTF_8);

    assertThat(ZoneKey.isValid(framed, 2, framed.length - 4)).isTrue();
  }

  @Property(tries = 2_000)
  void bytesAreValidExactlyIfTheyParse(
      @ForAll
          @Chars({':', ':', ' ', '\n', 'A', 'é'})
          @CharRange(from = 'a', to = 'c')
          @StringLength(max = 8)
          String key) {
    byte[] utf8 = key.getBytes(StandardCharsets.UTF_8);

    assertThat(ZoneKey.isValid(utf8, 0, utf8.length)).isEqualTo(parses(key));
  }

  @Test
  void theLongestKeyIsValidAndNoLongerOne() {
    String part = "x".repeat(32);
    byte[] longest = (part + ":" + part + ":" + part).getBytes(StandardCharsets.UTF_8);
    byte[] longer = (part + ":" + part + ":" + part + "x").getBytes(StandardCharsets.UTF_8);

    assertThat(ZoneKey.isValid(longest, 0, longest.length)).isTrue();
    assertThat(ZoneKey.isValid(longer, 0, longer.length)).isFalse();
  }

  private static boolean parses(String key) {
    try {
      ZoneKey.parse(key);
      return true;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }
}
